"""
Whatever is answered: no duty begins that the Act does not give, none ends that it does, and no death is called not
serious for the person's age or for where it happened.

What the Act gives is written here again, from its words: nothing of the tables or of the steps is used for it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any, get_args

import hypothesis.strategies as st
import pytest
from driver.tries import tries
from hypothesis import example, given

import config
from flows.demo.answers import answer, signer
from safeguarding.errors import TransitionRefused
from safeguarding.law.citation import Confidence
from safeguarding.lifecycle import Identity, attempt
from safeguarding.review.events import Actor
from safeguarding.review.fold import fold
from safeguarding.review.legal_tests import TABLES
from safeguarding.review.review import Review
from safeguarding.stages import STEPS

RULEBOOK = config.load()
START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
AWARE = START.date()

QUESTIONS = (
    "under_18",
    "abuse_or_neglect",
    "died",
    "seriously_harmed",
    "in_this_area",
    "in_another_english_area",
    "normally_resident_here",
    "looked_after",
    "care_leaver",
)
ANSWER = st.sampled_from(["yes", "no", "not known"])
ANSWERS = st.fixed_dictionaries(dict.fromkeys(QUESTIONS, ANSWER))
ASSESSED = st.fixed_dictionaries(
    {
        "under_18": ANSWER,
        "looked_after": ANSWER,
        "care_leaver": ANSWER,
        "incident": st.sampled_from(["death", "serious harm", "other"]),
    }
)
YES = dict.fromkeys(QUESTIONS, "no")
CHILD = {**YES, "under_18": "yes"}
NEGLECTED_HERE = {"abuse_or_neglect": "yes", "in_this_area": "yes"} | dict.fromkeys(
    ("in_another_english_area", "normally_resident_here"), "no"
)
NEGLECTED = {**CHILD, "abuse_or_neglect": "yes", "died": "yes"}
ASSESSED_DEATH = {"under_18": "yes", "looked_after": "no", "care_leaver": "no", "incident": "death"}

PLACES = ("in_this_area", "in_another_english_area", "normally_resident_here")
CONCERNS = [
    kind
    for kind in get_args(STEPS["open_referral"].form.model_fields["concern"].annotation)
    if "of an adult" not in kind  # refused on the children's track
]

World = dict[str, bool]
"""How things are, where everything is known."""


def panel_is_owed(it: World) -> bool:
    """Section 16C(1): a child abused or neglected, who dies or is harmed here, or abroad while living here."""
    child_hurt = it["under_18"] and it["abuse_or_neglect"] and (it["died"] or it["seriously_harmed"])
    return child_hurt and (it["in_this_area"] or it["normally_resident_here"])


def looked_after_notice_is_owed(it: World) -> bool:
    """Children Act 1989 Sch.2 para 20(1): a child who is being looked after dies. Nothing is asked of where or why."""
    return it["died"] and it["looked_after"] and it["under_18"]


def care_leaver_notice_is_owed(it: World) -> bool:
    """Guidance: a care leaver of 18 to 24 dies."""
    return it["died"] and it["care_leaver"] and not it["under_18"]


def may_be_called_not_serious(it: World) -> bool:
    """S.16B(9): serious is abuse or neglect, known or suspected, and a death or serious harm: no age, and no place."""
    return not (it["abuse_or_neglect"] and (it["died"] or it["seriously_harmed"]))


def possible(answers: dict[str, str]) -> list[World]:
    """
    Every way things may be that these answers leave open and that can be: nobody is a child and 18 to 24 at once, and
    it happened in one place.
    """
    ways = [(True, False) if answers[name] == "not known" else (answers[name] == "yes",) for name in QUESTIONS]
    worlds = [dict(zip(QUESTIONS, way, strict=True)) for way in product(*ways)]
    return [
        it
        for it in worlds
        if not (it["under_18"] and it["care_leaver"])
        and not (it["looked_after"] and not it["under_18"])
        and sum(it[place] for place in PLACES) <= 1
    ]


REFERRED = {"adult_referral": "NB-9", "adult_referral_elsewhere": "With the board of an invented place"}


class Told:
    """A child referral, assessed and decided as answered; with what it takes to close it on record."""

    def __init__(self, assessed: dict[str, str], answers: dict[str, str], concern: str) -> None:
        identity = Identity("CSPR-2026-001", "Child A")
        raw = answer("open_referral", None, AWARE, concern=concern)
        who = signer(STEPS["open_referral"].by)
        self.now = START
        self.review = fold([attempt(None, "open_referral", raw, who, START, RULEBOOK, None, identity)])
        if concern != "learning request":
            self.is_not_dismissed()
        if "death" in concern and assessed["incident"] != "death":
            with pytest.raises(TransitionRefused, match="assess it as a death"):
                self.take("assess_notification", **assessed)
            assessed = {**assessed, "incident": "death"}
        self.take("assess_notification", **assessed)
        limbs = {name: {"answer": given, "reason": "As recorded."} for name, given in answers.items()}
        # An assessment that said «no» is put right as of the day of awareness, and one that said «yes» as an error.
        since = {"looked_after_since": assessed["aware_on"]} if answers["looked_after"] == "yes" else {}
        since |= (
            {"known_since": assessed["aware_on"]} if "yes" in (answers["died"], answers["seriously_harmed"]) else {}
        )
        self.take(
            "decide_notification",
            **limbs,
            **since,
            other_authority="The authority of an invented place",
            other_lead="Its lead, by its desk",
            other_told_on=AWARE,
            record_is_wrong="Another person's papers.",
            **REFERRED,
        )

    def is_not_dismissed(self) -> None:
        """What was referred as a death, or with abuse or neglect, goes past no table by the door of «not serious»."""
        with pytest.raises(TransitionRefused, match="assess it"):
            self.take("close_not_serious")

    def take(self, step: str, *, by: Actor | None = None, **changes: Any) -> Review:
        """Take a step a day later. Raises TransitionRefused."""
        self.now += timedelta(days=1)
        raw = answer(step, self.review, self.now.date(), **changes)
        line = attempt(self.review, step, raw, by or signer(STEPS[step].by), self.now, RULEBOOK)
        self.review = fold([line], self.review)
        return self.review

    def clock(self, rule: str) -> str:
        """How the duty stands: `` while it runs, how it ended, or «none» where it never began."""
        rows = [duty.ended for duty in self.review.duties if duty.rule == rule]
        return rows[-1] if rows else "none"

    def runs_from_awareness(self, rule: str) -> bool:
        """Whether the duty runs, counted from the day of awareness."""
        return any(duty.anchored_on == AWARE + timedelta(days=1) for duty in self.review.live(rule))


def told(
    assessed: dict[str, str], answers: dict[str, str], concern: str = "death, abuse or neglect known or suspected"
) -> Told | None:
    """The case as answered; None where the answers contradict each other and were refused for it."""
    assessed = {**assessed, "aware_on": AWARE + timedelta(days=1)}
    try:
        return Told(assessed, answers, concern)
    except TransitionRefused as refused:
        assert all("contradict" in reason for reason in refused.unmet), refused.unmet
        return None


SOME = CONCERNS[0]


@given(ASSESSED, ANSWERS, st.sampled_from(CONCERNS))
@example(ASSESSED_DEATH, {**NEGLECTED, "in_this_area": "yes"}, SOME)
@example(
    {**ASSESSED_DEATH, "under_18": "no"},
    {**NEGLECTED, "under_18": "no", "care_leaver": "yes", "in_this_area": "yes"},
    SOME,
)
@example(
    {**ASSESSED_DEATH, "looked_after": "yes"},
    {**NEGLECTED, "looked_after": "yes", "in_another_english_area": "yes"},
    SOME,
)
@example(ASSESSED_DEATH, {**NEGLECTED, "looked_after": "not known", "in_this_area": "yes"}, SOME)
@example(ASSESSED_DEATH, {**NEGLECTED, "normally_resident_here": "yes"}, SOME)
@example(ASSESSED_DEATH, {**NEGLECTED, "in_another_english_area": "yes", "normally_resident_here": "yes"}, SOME)
@example(ASSESSED_DEATH, {**NEGLECTED, "in_another_english_area": "yes", "in_this_area": "not known"}, SOME)
@example(ASSESSED_DEATH, NEGLECTED, SOME)
@tries(200)
def test_no_answers_begin_end_or_belittle_what_the_act_says(
    assessed: dict[str, str], answers: dict[str, str], concern: str
) -> None:
    """
    Nine questions, three answers each, however it was referred and assessed before: C01, C03, C03b, C04, C05, what must
    be found out (C29), and how it closes.
    """
    case, worlds = told(assessed, answers, concern), possible(answers)
    if case is None:
        assert not worlds or not possible({**answers, **{name: assessed[name] for name in assessed if name in answers}})
        return
    assert worlds, "answers that cannot all be true were taken"
    for rules, owed in (
        (("C01",), panel_is_owed),
        (("C03", "C03b"), looked_after_notice_is_owed),
        (("C04",), care_leaver_notice_is_owed),
    ):
        ways = {owed(it) for it in worlds}
        for rule in rules:
            if ways == {True}:
                assert case.runs_from_awareness(rule), f"{rule} is owed, and stands at '{case.clock(rule)}'"
                assert case.review.open, "closed while a notice is owed"
            elif ways == {False} and case.review.happened("notification_decided"):
                assert case.clock(rule) in ("none", "cancelled"), f"{rule} is not owed, and runs"
            elif ways == {True, False} and not case.review.open:
                raise AssertionError(f"closed, though {rule} may be owed: what is not known was taken for «no»")
    notices = [(looked_after_notice_is_owed(it), care_leaver_notice_is_owed(it)) for it in worlds]
    if len(set(notices)) > 1:
        assert case.review.open, "closed, though it is not known whether notice of a death is owed"
        of_the_act, rules = any(act for act, _ in notices), ("C29", "C29b")
        found = {rule for rule in rules if case.clock(rule) == ""}
        assert found == {"C29" if of_the_act else "C29b"}, "which notice is found out about, if any"
    if len({it["under_18"] for it in worlds}) == 1:
        assert (case.clock("C21") == "settled") is not worlds[0]["under_18"], "who is tested for an adult review"
    if case.review.state == "not_serious_case":
        assert all(may_be_called_not_serious(it) for it in worlds), "called not serious, and may be"
        assert any(it["under_18"] for it in worlds), "an adult in law was dismissed as no serious case"
    _sent(case, worlds)


def _sent(case: Told, worlds: list[World]) -> None:
    """Then it is sent, if there is anything to send: the rapid review begins only where the Panel had to be told."""
    assert case.clock("C05") == "none"
    if not case.review.open:
        return
    try:
        case.take("send_notification", parents_told_on=case.now.date(), **REFERRED)
    except TransitionRefused as refused:
        assert any("waits for information" in reason for reason in refused.unmet), refused.unmet
        return
    assert (case.clock("C05") == "") == all(panel_is_owed(it) for it in worlds)
    if case.review.state == "not_serious_case":
        assert all(may_be_called_not_serious(it) for it in worlds)


@given(ANSWERS)
def test_what_is_known_is_decided(answers: dict[str, str]) -> None:
    """Where every question is answered, nothing is asked again: the case is decided one way or the other."""
    answers = {name: "no" if given == "not known" else given for name, given in answers.items()}
    case = told({**ASSESSED_DEATH, "under_18": "not known"}, answers)
    if case is not None:
        assert "ask_for_information" != case.review.facts["notification_decided"]["result"]


def test_every_row_names_its_provision_or_that_there_is_none() -> None:
    """A lawyer asks of each row: by what? Unread guidance is never given the weight of an Act."""
    for table in TABLES:
        for row in (*table.rows, table.otherwise):
            tag = Confidence(row.confidence)
            numbered = any(mark in row.provision for mark in ("s.16", "s.44", "para", "reg."))
            assert numbered or "no provision" in row.provision, f"{table.name} {row.number}"
            assert not (tag is Confidence.V and "no provision" in row.provision), f"{table.name} {row.number}"


def test_an_age_found_out_twice_leaves_the_day_of_awareness_alone() -> None:
    """Taken for a child, then for an adult, then for a child again: the five working days run from the first day."""
    case = told(ASSESSED_DEATH, {**NEGLECTED, "in_this_area": "yes"})
    assert case is not None
    limbs = {name: {"answer": given, "reason": "A paper came."} for name, given in NEGLECTED.items()}
    limbs["in_this_area"] = {"answer": "yes", "reason": "A paper came."}
    grown = {"under_18": "no", "care_leaver": "yes"}
    adult = limbs | {name: {"answer": given, "reason": "A paper came."} for name, given in grown.items()}
    case.take("decide_notification", **adult)
    assert ("cancelled", "") == (case.clock("C01"), case.clock("C04"))
    with pytest.raises(TransitionRefused, match="a care leaver of 18 to 24: if that was recorded in error, say why"):
        case.take("decide_notification", **limbs)
    case.take("decide_notification", **limbs, record_is_wrong="Another person's papers.")
    assert case.runs_from_awareness("C01")
    assert ("cancelled", "cancelled") == (case.clock("C04"), case.clock("C21"))


def test_a_decision_from_before_the_age_was_asked_is_taken_again() -> None:
    """An earlier version decided to notify the Panel of a care leaver: it is not sent on, but decided limb by limb."""
    case = told(ASSESSED_DEATH, {**NEGLECTED, "in_this_area": "yes"})
    assert case is not None
    decided = {**case.review.facts["notification_decided"], "care_leaver": {"answer": "yes"}}
    del decided["under_18"]
    case.review = case.review.model_copy(update={"facts": {**case.review.facts, "notification_decided": decided}})
    with pytest.raises(TransitionRefused, match="decide again, limb by limb"):
        case.take("send_notification")


@given(ANSWERS, st.data())
@example({**NEGLECTED, "in_this_area": "yes", "looked_after": "not known"}, None)
@tries(80)
def test_what_is_learnt_after_the_notification_is_owed_like_what_was_known(answers: dict[str, str], data: Any) -> None:
    """
    The Panel was notified, and of a death or of who looked after the child not all was known. Whatever then proves to
    be so, that notice runs and no other, from the day of knowing; until it is known the case does not close.
    """
    limbs = {**answers, **NEGLECTED_HERE, "under_18": "yes", "care_leaver": "no"}
    limbs |= {name: answers[name] for name in ("died", "looked_after")} | {"seriously_harmed": "yes"}
    unsure = {"under_18": "not known", "looked_after": "not known", "incident": "other"}
    case = told({**ASSESSED_DEATH, **unsure}, limbs, "serious harm, abuse or neglect known or suspected")
    assert case is not None
    case.take("send_notification")
    unknown = len({looked_after_notice_is_owed(it) for it in possible(limbs)}) > 1
    assert (case.clock("C29") == "") is unknown
    if unknown:
        with pytest.raises(TransitionRefused, match="Find out whether notice of a death is owed"):
            case.take("withdraw_notification")
    ways = [it for it in possible({**limbs, "died": "not known", "looked_after": "not known"}) if it["died"] or unknown]
    it = ways[0] if data is None else data.draw(st.sampled_from(ways))
    before = looked_after_notice_is_owed(possible(limbs)[0]) and not unknown
    now = {name: "yes" if it[name] else "no" for name in ("died", "looked_after")}
    day = case.now.date() + timedelta(days=1)
    owed = looked_after_notice_is_owed(it)
    if unknown and not owed:
        with pytest.raises(TransitionRefused, match="somebody who speaks for it must sign"):
            case.take("record_learnt_since", known_on=day, **now, care_leaver="no")
    authority = Actor(person="glenn_sample")
    error = {}
    if any(limbs[name] == "yes" and now[name] == "no" for name in now):
        with pytest.raises(TransitionRefused, match="recorded in error, say why the record is wrong"):
            case.take("record_learnt_since", by=authority, known_on=day, **now, care_leaver="no")
        error = {"record_is_wrong": "Another child's papers."}
    case.take("record_learnt_since", by=authority, known_on=day, **now, care_leaver="no", **error)
    days = [] if before or not owed else [day]
    for rule in () if before else ("C03", "C03b"):
        assert days == [duty.anchored_on for duty in case.review.live(rule)], rule
    assert not case.review.live("C29")
    assert not case.review.live("C04")


def test_an_accident_that_proves_suspicious_counts_from_the_suspicion() -> None:
    """
    First no abuse is suspected in a death here, and the child was looked after; two days later it is. Section 16C asks
    for abuse or neglect known or suspected, so its five working days run from the suspicion (DT-1, row 9): nobody was
    late for what nobody suspected. The notice of the death, which asks for no suspicion, runs from knowing of it.
    """
    first = {**CHILD, "died": "yes", "looked_after": "yes", "in_this_area": "yes"}
    case = told({**ASSESSED_DEATH, "looked_after": "yes"}, first)
    assert case is not None
    assert ("cancelled", "") == (case.clock("C01"), case.clock("C03"))

    limbs = {name: {"answer": given, "reason": "Now suspected."} for name, given in first.items()}
    found = limbs | {"abuse_or_neglect": {"answer": "yes", "reason": "A doctor says so."}}
    with pytest.raises(TransitionRefused, match="say since when it is known or suspected"):
        case.take("decide_notification", **found)
    with pytest.raises(TransitionRefused, match="before the authority became aware on Tue 3 Mar 2026"):
        case.take("decide_notification", **found, suspected_since=AWARE)
    case.take("decide_notification", **found, suspected_since=date(2026, 3, 6))
    (row,) = case.review.running("C01")
    assert (date(2026, 3, 6), date(2026, 3, 13)) == (row.anchored_on, row.due_on)
    assert case.runs_from_awareness("C03")


def test_a_suspicion_that_arises_while_the_clock_runs_moves_it_and_keeps_the_earlier_day() -> None:
    """Not known at first, suspected a week later: C01 runs from the suspicion; the row from awareness is superseded."""
    limbs = {**NEGLECTED, "in_this_area": "yes"}
    case = told(ASSESSED_DEATH, {**limbs, "abuse_or_neglect": "not known"})
    assert case is not None
    assert case.runs_from_awareness("C01")
    given = {name: {"answer": said, "reason": "As recorded."} for name, said in limbs.items()}
    case.now += timedelta(days=6)
    wrong = "The referral named a suspicion that nobody had."
    case.take("decide_notification", **given, suspected_since=date(2026, 3, 10), record_is_wrong=wrong)
    rows = [(duty.anchored_on, duty.ended) for duty in case.review.duties if duty.rule == "C01"]
    assert [(date(2026, 3, 3), "superseded"), (date(2026, 3, 10), "")] == rows

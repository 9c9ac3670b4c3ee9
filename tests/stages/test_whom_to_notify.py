"""
Whatever is answered: no duty begins that the Act does not give, none ends that it does, and no death is called not
serious for the person's age or for where it happened.

What the Act gives is written here again, from its words: nothing of the tables or of the steps is used for it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

import config
from flows.demo.answers import answer, signer
from safeguarding.errors import TransitionRefused
from safeguarding.law.citation import Confidence
from safeguarding.lifecycle import Identity, attempt
from safeguarding.review import criteria
from safeguarding.review.fold import fold
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
NEGLECTED = {**CHILD, "abuse_or_neglect": "yes", "died": "yes"}
ASSESSED_DEATH = {"under_18": "yes", "looked_after": "no", "care_leaver": "no", "incident": "death"}

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
    """Every way things may be that these answers leave open and that can be: nobody is a child and 18 to 24 at once."""
    ways = [(True, False) if answers[name] == "not known" else (answers[name] == "yes",) for name in QUESTIONS]
    worlds = [dict(zip(QUESTIONS, way, strict=True)) for way in product(*ways)]
    return [
        it
        for it in worlds
        if not (it["under_18"] and it["care_leaver"]) and not (it["looked_after"] and not it["under_18"])
    ]


REFERRED = {"adult_referral": "NB-9", "adult_referral_elsewhere": "With the board of an invented place"}


class Told:
    """A child referral, assessed and decided as answered; with what it takes to close it on record."""

    def __init__(self, assessed: dict[str, str], answers: dict[str, str]) -> None:
        identity = Identity("CSPR-2026-001", "Child A")
        raw = answer("open_referral", None, AWARE)
        who = signer(STEPS["open_referral"].by)
        self.now = START
        self.review = fold([attempt(None, "open_referral", raw, who, START, RULEBOOK, None, identity)])
        self.take("assess_notification", **assessed)
        limbs = {name: {"answer": given, "reason": "As recorded."} for name, given in answers.items()}
        self.take(
            "decide_notification",
            **limbs,
            other_authority="The authority of an invented place",
            other_lead="Its lead, by its desk",
            other_told_on=AWARE,
            **REFERRED,
        )

    def take(self, step: str, **changes: Any) -> Review:
        """Take a step a day later. Raises TransitionRefused."""
        self.now += timedelta(days=1)
        raw = answer(step, self.review, self.now.date(), **changes)
        line = attempt(self.review, step, raw, signer(STEPS[step].by), self.now, RULEBOOK)
        self.review = fold([line], self.review)
        return self.review

    def clock(self, rule: str) -> str:
        """How the duty stands: `` while it runs, how it ended, or «none» where it never began."""
        rows = [duty.ended for duty in self.review.duties if duty.rule == rule]
        return rows[-1] if rows else "none"

    def runs_from_awareness(self, rule: str) -> bool:
        """Whether the duty runs, counted from the day of awareness."""
        return any(duty.anchored_on == AWARE + timedelta(days=1) for duty in self.review.live(rule))


def told(assessed: dict[str, str], answers: dict[str, str]) -> Told | None:
    """The case as answered; None where the answers contradict each other and were refused for it."""
    assessed = {**assessed, "aware_on": AWARE + timedelta(days=1)}
    try:
        return Told(assessed, answers)
    except TransitionRefused as refused:
        assert all("contradict" in reason for reason in refused.unmet), refused.unmet
        return None


@given(ASSESSED, ANSWERS)
@example(ASSESSED_DEATH, {**NEGLECTED, "in_this_area": "yes"})
@example(
    {**ASSESSED_DEATH, "under_18": "no"}, {**NEGLECTED, "under_18": "no", "care_leaver": "yes", "in_this_area": "yes"}
)
@example(
    {**ASSESSED_DEATH, "looked_after": "yes"}, {**NEGLECTED, "looked_after": "yes", "in_another_english_area": "yes"}
)
@example(ASSESSED_DEATH, {**NEGLECTED, "looked_after": "not known", "in_this_area": "yes"})
@example(ASSESSED_DEATH, {**NEGLECTED, "normally_resident_here": "yes"})
@example(ASSESSED_DEATH, NEGLECTED)
@settings(max_examples=600)
def test_no_answers_begin_end_or_belittle_what_the_act_says(assessed: dict[str, str], answers: dict[str, str]) -> None:
    """Nine questions, three answers each, whatever was assessed before: C01, C03, C03b, C04, C05 and how it closes."""
    case, worlds = told(assessed, answers), possible(answers)
    if case is None:
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
    if case.review.happened("notification_decided") and len({it["under_18"] for it in worlds}) == 1:
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
    tables = (
        criteria.NOTIFICATION,
        criteria.NOTICE_OF_DEATH,
        criteria.ADULT_REVIEW,
        criteria.LOCAL_REVIEW,
        criteria.REVIEWER,
    )
    for table in tables:
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
    case.take("decide_notification", **limbs)
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


def test_day_of_awareness_is_the_anchor_of_what_a_second_look_finds() -> None:
    """
    First no abuse is suspected in a death here, and the child was looked after; a day later it is. The Panel's clock
    runs from the day the authority knew, and not from the second look.
    """
    first = {**CHILD, "died": "yes", "looked_after": "yes", "in_this_area": "yes"}
    case = told({**ASSESSED_DEATH, "looked_after": "yes"}, first)
    assert case is not None
    assert ("cancelled", "") == (case.clock("C01"), case.clock("C03"))

    limbs = {name: {"answer": given, "reason": "Now suspected."} for name, given in first.items()}
    case.take("decide_notification", **limbs | {"abuse_or_neglect": {"answer": "yes", "reason": "A doctor says so."}})
    assert case.runs_from_awareness("C01")
    assert date(2026, 3, 10) == case.review.running("C01")[0].due_on

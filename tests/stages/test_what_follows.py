"""What each row of a legal test says that follows, against what taking the steps does: the duties, and how it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import config
from flows.demo.answers import answer, signer
from safeguarding.law.citation import Level
from safeguarding.lifecycle import Identity, attempt
from safeguarding.review.criteria import Row, Table
from safeguarding.review.fold import fold
from safeguarding.review.legal_tests import (
    ADULT_REVIEW,
    LOCAL_REVIEW,
    NOTICE_OF_DEATH,
    NOTIFICATION,
    REVIEWER,
    TABLES,
)
from safeguarding.review.review import Review
from safeguarding.review.states import State, Track
from safeguarding.shown.decision_tables import duties_of, untimed_duties_of
from safeguarding.stages import STEPS

RULEBOOK = config.load()
START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

Walk = tuple[tuple[str, dict[str, Any]], ...]


def limbs(**answers: str) -> dict[str, Any]:
    """Limbs answered, each with a reason."""
    return {name: {"answer": given, "reason": "As recorded."} for name, given in answers.items()}


def walked(track: Track, *walk: tuple[str, dict[str, Any]]) -> Review:
    """A review after these steps, a day each, every one accepted."""
    now, review = START, None
    for step, changes in (("open_referral", {"track": track.value}), *walk):
        raw = answer(step, review, now.date(), **changes)
        identity = None if review else Identity(f"{track.prefix}-2026-001", "Somebody A")
        line = attempt(review, step, raw, signer(STEPS[step].by), now, RULEBOOK, None, identity)
        review = fold([line], review)
        now += timedelta(days=1)
    assert review is not None
    return review


NOBODY = dict.fromkeys(
    (
        "under_18",
        "abuse_or_neglect",
        "died",
        "seriously_harmed",
        "in_this_area",
        "in_another_english_area",
        "normally_resident_here",
        "looked_after",
        "care_leaver",
    ),
    "no",
)
CHILD = {**NOBODY, "under_18": "yes"}
LOOKED_AFTER = {**CHILD, "looked_after": "yes"}
HURT = {**CHILD, "abuse_or_neglect": "yes", "seriously_harmed": "yes"}
TOLD = {"other_authority": "A county", "other_lead": "Its lead", "other_told_on": START.date()}
ADULT = {"adult_referral": "SAR-2026-009", "adult_referral_elsewhere": "With the board of that area"}


def notified(answers: dict[str, str], *, sent: bool) -> Walk:
    """The steps by which it is decided whom to notify, and told."""
    given = {**limbs(**answers), **TOLD, **_adult("decide_notification")}
    incident = "death" if answers["died"] == "yes" else "serious harm"
    assessed = {name: answers[name] for name in ("under_18", "looked_after", "care_leaver")} | {"incident": incident}
    walk = (("assess_notification", assessed), ("decide_notification", given))
    telling = {"parents_told_on": START.date() + timedelta(days=1), **_adult("send_notification")}
    return (*walk, ("send_notification", telling)) if sent else walk


def _adult(step: str) -> dict[str, str]:
    """The adult referral, by those questions that the form of this step has."""
    return {name: given for name, given in ADULT.items() if name in STEPS[step].form.model_fields}


DECIDED: Walk = (
    ("assess_notification", {}),
    ("decide_notification", {}),
    ("send_notification", {}),
    ("open_rapid_review", {}),
    ("conclude_rapid_review", {}),
)
SCREENED: Walk = (("accept_referral", {}), ("complete_screening", {}))


def reviewed(outcome: str, since: str = "", **answers: str) -> Walk:
    """The partners decide on a review, with these answers, and what was found `since` the case was notified."""
    return (*DECIDED, ("decide_review", {**limbs(**answers), "outcome": outcome, "not_serious_after_all": since}))


def adult(outcome: str, **answers: str) -> Walk:
    """The partners answer section 44, with these answers."""
    method = "standard" if "review" in outcome else "not applicable"
    told = {"other_board": "The board there", "other_board_told_on": START.date()} if "another" in outcome else {}
    told |= {"child_referral_elsewhere": "With the partnership there"} if answers.get("adult") == "no" else {}
    return (*SCREENED, ("decide_adult_review", {**limbs(**answers), "outcome": outcome, "method": method, **told}))


NONE_MET = dict.fromkeys(("improvements", "recurrent_themes", "joint_working", "panel_view"), "no")

FOLLOWS: tuple[tuple[Table, str, State, Walk], ...] = (
    (NOTIFICATION, "1-2", State.NOTIFICATION_SENT, notified({**HURT, "in_this_area": "yes"}, sent=True)),
    (NOTIFICATION, "3", State.NOTIFICATION_SENT, notified({**HURT, "normally_resident_here": "yes"}, sent=True)),
    (NOTIFICATION, "4", State.OTHER_AREA, notified({**HURT, "in_another_english_area": "yes"}, sent=False)),
    (NOTIFICATION, "7-8", State.NOT_SERIOUS_CASE, notified({**CHILD, "in_this_area": "yes"}, sent=False)),
    (NOTIFICATION, "7-8", State.OTHER_AREA, notified(HURT, sent=False)),
    (
        NOTICE_OF_DEATH,
        "5",
        State.NOT_SERIOUS_CASE,
        notified({**CHILD, "died": "yes", "looked_after": "yes"}, sent=True),
    ),
    (NOTICE_OF_DEATH, "6", State.ADULT_IN_LAW, notified({**NOBODY, "died": "yes", "care_leaver": "yes"}, sent=True)),
    (NOTICE_OF_DEATH, "none", State.NOT_SERIOUS_CASE, notified({**CHILD, "died": "yes"}, sent=False)),
    (LOCAL_REVIEW, "4", State.COMMISSIONING, reviewed("local review", since="An accident.", serious_case="no")),
    (LOCAL_REVIEW, "4a", State.COMMISSIONING, reviewed("local review", importance_to_area="no")),
    (LOCAL_REVIEW, "1", State.COMMISSIONING, reviewed("local review")),
    (LOCAL_REVIEW, "2", State.COMMISSIONING, reviewed("local review", new_learning="no")),
    (LOCAL_REVIEW, "2a", State.COMMISSIONING, reviewed("local review", **NONE_MET)),
    (ADULT_REVIEW, "5a", State.NOT_MET, adult("not met", adult="no")),
    (ADULT_REVIEW, "5b", State.REFERRED_ON, adult("another board's: referred on", in_area="no")),
    (ADULT_REVIEW, "5", State.NOT_MET, adult("not met", needs="no")),
    (ADULT_REVIEW, "1", State.COMMISSIONING, adult("mandatory review")),
    (ADULT_REVIEW, "2", State.COMMISSIONING, adult("mandatory review", died="no", alive="yes")),
    (ADULT_REVIEW, "3-4", State.COMMISSIONING, adult("discretionary review", concern="no")),
    (REVIEWER, "suitable", State.IN_REVIEW, (*reviewed("local review"), ("commission_review", {}))),
)
"""A way to each row that a case can come by, and the state it is then in."""

NOT_COME_BY = {(REVIEWER.number, "conflict"), (REVIEWER.number, "quality")}
"""Rows of a reviewer who is refused: no step is taken, so nothing follows."""


def row_of(table: Table, number: str) -> Row:
    """A row by its number."""
    return next(row for row in (*table.rows, table.otherwise) if row.number == number)


@pytest.mark.parametrize(
    ("table", "number", "state", "walk"), FOLLOWS, ids=[f"{t.number} row {n}, {s.value}" for t, n, s, _ in FOLLOWS]
)
def test_what_a_row_says_begins_does_begin_and_nothing_else(
    table: Table, number: str, state: State, walk: Walk
) -> None:
    """The printed duties of a row are those that the steps begin where it is found; and the case ends as is said."""
    review = walked(table.track, *walk)
    before = {duty.rule for duty in walked(table.track, *_asked_before(table, walk)).duties}
    begun = {
        duty.rule
        for duty in review.duties
        if duty.rule not in before
        and not (duty.ended == "cancelled" and duty.why.startswith("no longer owed"))
        and RULEBOOK.rule(duty.rule).level is not Level.LOCAL
    }
    row = row_of(table, number)
    found = review.facts.get("notification_decided" if table in (NOTIFICATION, NOTICE_OF_DEATH) else "decided", {})
    if table is not REVIEWER:
        name = {NOTIFICATION.number: "panel", NOTICE_OF_DEATH.number: "notice"}.get(table.number)
        assert number == (found[name] if name else found)["row"]
    assert set(duties_of(row, table, RULEBOOK)) == begun
    assert state == review.state
    assert state in row.ends_as


def _asked_before(table: Table, walk: Walk) -> Walk:
    """The steps before the test is answered: what they begin is none of what follows from it."""
    return () if table in (NOTIFICATION, NOTICE_OF_DEATH) else walk[:-1]


def test_every_row_is_tried() -> None:
    """A row that is added is tried here, or is one of a reviewer who is refused."""
    tried = {(table.number, number) for table, number, _, _ in FOLLOWS} | NOT_COME_BY
    assert {(t.number, row.number) for t in TABLES for row in (*t.rows, t.otherwise)} == tried
    for number, row in NOT_COME_BY:
        table = next(t for t in TABLES if t.number == number)
        assert () == duties_of(row_of(table, row), table, RULEBOOK)


def test_a_row_of_section_44_names_every_duty_of_the_review_that_it_begins() -> None:
    """
    Beside the six months (A02) those without a clock: to arrange it, to co-operate, to learn meanwhile, and the
    advocate, whom section 68 gives to a living adult and to a review under section 44(4), and to nobody who has died.
    """
    shown = {
        row: untimed_duties_of(row_of(ADULT_REVIEW, row), ADULT_REVIEW, RULEBOOK) for row in ("1", "2", "3-4", "5b")
    }
    assert {
        "1": ("A01", "A03", "A05"),
        "2": ("A01", "A03", "A05", "A06"),
        "3-4": ("A03", "A05", "A06"),
        "5b": (),
    } == shown


def test_no_row_is_printed_without_what_follows() -> None:
    """Each names the states to which the case may come, and what is begun is a rule of the book."""
    assert [] == [row.number for table in TABLES for row in (*table.rows, table.otherwise) if not row.ends_as]

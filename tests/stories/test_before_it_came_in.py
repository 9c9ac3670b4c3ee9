"""What is recorded beside the stages was not done before the matter came in, but for what may truly be older."""

from __future__ import annotations

from datetime import date

import pytest

from safeguarding.errors import TransitionRefused
from safeguarding.review.conditions import DayFollows, DayHasCome
from safeguarding.stages import STEPS

PANEL = {"under": "section 16D: the national Panel asks us", "asked_of": ""}
LONG_AGO = date(1900, 1, 1)
MINE = {"under": "section 16H: a safeguarding partner asks", "asked_of": "The school."}
ACTION = {"action": "A01"}
BESIDE: dict[str, tuple[str, dict[str, object]]] = {
    "record_meeting": ("on", {}),
    "record_done": ("on", {"what": "progress of agencies checked"}),
    "record_deferral": ("sent_on", {"rule": "C12"}),
    "ask_agencies": ("asked_on", {"purpose": "report", "agencies": ["police"]}),
    "record_return": ("on", {"agency": "police", "purpose": "information", "outcome": "returned"}),
    "monitor_review": ("on", {}),
    "update_action": ("on", ACTION | {"status": "in progress", "grade": "none"}),
    "change_action": ("agreed_on", ACTION | {"priority": "low"}),
    "hand_over": ("on", {"successor": "billie_example"}),
}
"""Each step beside the stages by the question for its day, and with what it is taken."""


@pytest.fixture
def heard_of(partnership):
    """A looked-after child's death, known and referred on Friday 20 November 2026."""
    case = partnership.hears_of(date(2026, 11, 20), concern="death of a looked-after child or care leaver")
    return case.take("assess_notification", incident="death", looked_after="yes")


@pytest.mark.parametrize("step", sorted(BESIDE))
def test_nothing_beside_the_stages_was_done_before_the_matter_came_in(case, step: str) -> None:
    """A review under way, heard of on 20 November 2026: of 1900 or of the day before is refused, of that day taken."""
    case.on(date(2026, 12, 11)).take("conclude_rapid_review").take("decide_review").take("commission_review")
    case.take("add_action", agreed_on=case.today)
    question, answers = BESIDE[step]
    if step == "hand_over":
        answers = answers | {"leaver": case.review.actions[0].owner}
    for day in (LONG_AGO, date(2026, 11, 19)):
        with pytest.raises(TransitionRefused, match=r"(is before|comes after) (referral received on )?Fri 20 Nov 2026"):
            case.take(step, **{**answers, question: day})
    if step != "record_return":  # Its request is younger than the referral, and is what it answers.
        case.take(step, **{**answers, question: date(2026, 11, 20)})


def test_what_was_done_for_the_child_may_be_older_than_the_referral(heard_of) -> None:
    """Safe by the 18th, two days before anybody told the partnership; and a coroner may have written long before."""
    heard_of.take("record_done", what="immediate safety action taken", on=date(2026, 11, 18))
    heard_of.take("record_coroners_report", sent_on=date(2026, 11, 2), received_on=date(2026, 11, 5))
    heard_of.take("request_information", **PANEL | {"asked_on": date(2026, 11, 17)})
    assert [] == heard_of.records.verify(heard_of.reference)


def test_nobody_refused_a_request_before_it_was_made(heard_of) -> None:
    """Asked on 20 November; a refusal of the 19th is none."""
    heard_of.take("request_information", **MINE)
    refused = {"request": "H01", "outcome": "refused", "kept_to_its_purpose": "nothing was received"}
    with pytest.raises(TransitionRefused, match="H01 was made on Fri 20 Nov 2026, after Thu 19 Nov 2026"):
        heard_of.take("end_information_request", **refused, note="They apply.", on=date(2026, 11, 19))
    heard_of.take("end_information_request", **refused, note="They apply.")


def test_of_a_review_that_was_carried_in_a_day_before_is_taken(partnership) -> None:
    """Its referral is on no record of ours: a meeting of the year in which it began is its own."""
    case = partnership.carries_in(date(2026, 11, 20))
    case.take("record_meeting", on=date(2025, 3, 3))
    assert date(2025, 3, 3) == case.review.meetings[-1].on


MAY_BE_OLDER = {
    ("record_coroners_report", "sent_on"): "a coroner may write before anybody refers, and it may be the referral",
    ("record_coroners_report", "received_on"): "the same",
    ("request_information", "asked_on"): "the Panel may ask first, and a partner for its arrangements (s.16H, s.16E)",
    ("record_done", "on"): "some of it may; of the rest `COMES_AFTER` says what it follows",
    ("end_information_request", "on"): "the duty of the request says so, and of a refusal its own condition",
    ("record_coroners_extension", "extended_on"): "the duty of the report says so",
    ("answer_coroner", "on"): "the duty of the report says so",
    ("acknowledge_request", "on"): "the request's own day",
    ("reopen", "decided_on"): "the closing, by a condition of its own",
    ("move_to_edition", "decided_on"): "the day on which the edition took effect",
    ("suspend_deadline", "suspended_on"): "the day on which the clock began",
    ("keep_suspended", "looked_on"): "the day on which it stopped",
    ("resume_deadline", "resumed_on"): "the day on which it stopped",
    ("approve_wordings", "approved_on"): "the day on which each was written, by a condition of its own",
    ("withdraw_wordings", "withdrawn_on"): "the same",
}
"""Questions for a day that no condition of theirs holds to something earlier by its declaration, and why that is so."""


def test_every_day_beside_the_stages_has_a_bound_or_a_reason() -> None:
    """A step that is added beside the stages says what its day follows, or stands above with why it does not."""
    bare = set()
    for step in STEPS.values():
        if step.form.__module__.startswith("safeguarding.stages.beside"):
            bounded = {need.question for need in step.needs if isinstance(need, DayFollows)}
            come = {need.question for need in step.needs if isinstance(need, DayHasCome)}
            bare |= {(step.name, question) for question in come - bounded}
    assert set(MAY_BE_OLDER) == bare

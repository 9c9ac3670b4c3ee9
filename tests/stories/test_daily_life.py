"""The child's daily life, or what the adult wanted: a draft says where it has it before it goes to the partners."""

from __future__ import annotations

from datetime import date

import pytest

from safeguarding.errors import TransitionRefused
from safeguarding.review.states import State
from safeguarding.shown.history.told import history
from safeguarding.stages import STEPS

PAGES = "Chapter 2, pages 9 to 14."
ASKED = "the child's daily life, or what the adult wanted"


@pytest.fixture
def child(partnership):
    """A child review in drafting."""
    case = partnership.hears_of(date(2026, 2, 9)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").on(date(2026, 2, 27)).take("conclude_rapid_review")
    case.on(date(2026, 3, 2)).take("decide_review").later(10).take("commission_review")
    return case.later(10).take("begin_drafting").on(date(2026, 5, 4))


@pytest.fixture
def adult(partnership):
    """An adult review in drafting."""
    case = partnership.hears_of(
        date(2026, 3, 2),
        track="adults",
        agency="hospital_trust",
        concern="death of an adult, abuse or neglect suspected",
    )
    case.take("accept_referral").later(10).take("complete_screening").take("decide_adult_review").later(14)
    return case.take("commission_adult_review").later(60).take("begin_drafting").later(20)


def last_told(case, events) -> str:
    """What the history says of the last of these lines."""
    return history(case.review, events, case.records.rulebook)[-1].sentence


@pytest.mark.parametrize("track", ["child", "adult"])
def test_a_draft_that_does_not_say_where_is_refused(track: str, request: pytest.FixtureRequest) -> None:
    """Left empty, the draft stays with the panel and the words say what is missing; with its pages it goes on."""
    case = request.getfixturevalue(track)
    with pytest.raises(TransitionRefused, match=ASKED):
        case.take("submit_draft", daily_life="")
    assert State.DRAFTING == case.review.state

    case.take("submit_draft", daily_life=PAGES)
    assert {"child": State.SIGN_OFF, "adult": State.ACCEPTANCE}[track] == case.review.state
    line = case.records.events(case.reference, unseal=True)[-1]
    assert PAGES == line.sealed["daily_life"]
    assert "daily_life" not in line.facts


@pytest.mark.parametrize(("track", "whose"), [("child", "the child's daily life"), ("adult", "what the adult wanted")])
def test_the_history_says_that_it_was_said_and_not_where(
    track: str, whose: str, request: pytest.FixtureRequest
) -> None:
    """In the words of the track, whether the record is read with its sealed words or without them."""
    case = request.getfixturevalue(track).take("submit_draft", daily_life=PAGES)
    for unseal in (False, True):
        said = last_told(case, case.records.events(case.reference, unseal=unseal))
        assert f"where the report has {whose}: said, sealed" in said
        assert PAGES not in said


def test_the_line_of_a_draft_of_before_the_question_says_nothing_of_it(child) -> None:
    """A draft that went to the partners before it was asked is told as it was."""
    child.take("submit_draft")
    *before, line = child.records.events(child.reference, unseal=True)
    unasked = {name: words for name, words in line.sealed.items() if name != "daily_life"}
    said = last_told(child, [*before, line.model_copy(update={"sealed": unasked})])
    assert said.startswith("The final draft was ready")
    assert "daily life" not in said


def test_what_follows_the_draft_does_not_ask_for_it(child) -> None:
    """So a draft that is with the partners already goes on: the report is signed without a word of it."""
    assert "daily_life" not in STEPS["sign_report"].form.model_fields | STEPS["accept_findings"].form.model_fields
    child.take("submit_draft").take("sign_report")
    assert "report_accepted" in {mark.name for mark in child.review.marks}

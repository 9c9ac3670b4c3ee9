"""Actions from the referral on: what is learnt on the first day is acted on then, and followed up whatever the end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from safeguarding.errors import TransitionRefused
from safeguarding.shown.learning import learning_of


def test_what_is_learnt_at_the_referral_is_acted_on_before_the_review_ends(partnership) -> None:
    """A lesson of the first day has its action on the first day, done before anybody has decided on a review."""
    case = partnership.hears_of(date(2026, 11, 20)).take("record_lesson").take("record_recommendation", findings=[])
    case.take("add_action", recommendation="R01", due_on=date(2026, 12, 4))
    assert date(2026, 12, 4) == case.due("local.x.action_done", "A01")
    case.later(3).take("update_action", action="A01", status="in progress", grade="none")
    (made,) = learning_of(case.review, case.records.rulebook).recommendations
    assert "An action was agreed before the review ended: A01" == made.acted_on


def test_a_plan_is_taken_in_at_the_rapid_review(case) -> None:
    """The rapid review has its own action plan, before any decision."""
    assert ("A01", "A02") == tuple(action.id for action in case.take("add_action_plan").review.actions)


def test_a_case_that_was_never_taken_up_has_no_new_action(partnership) -> None:
    """The referral is withdrawn. Nothing more is agreed, and what had been agreed and is carried on is followed up."""
    case = partnership.hears_of(date(2026, 11, 20), track="adults", agency="hospital_trust").take("add_action")
    carried = [{"what": "everything_else", "becomes": "carried on after the closing"}]
    case.later(1).take("withdraw_referral", still_owed=carried)
    assert not case.review.open
    with pytest.raises(TransitionRefused, match="where 'Action added' cannot be taken"):
        case.take("add_action")
    with pytest.raises(TransitionRefused, match="where 'Action plan taken in' cannot be taken"):
        case.take("add_action_plan")
    case.take("change_action", action="A01", due_on=case.today + timedelta(days=95))
    case.take("update_action", action="A01", status="withdrawn", grade="none")
    assert () == case.review.running("local.x.action_done")

"""
Action follow-up: what was recommended is done, evidenced, verified by somebody else, and seen to work.

Begins when the plan is agreed. Ends when every action is verified, replaced or withdrawn with a reason.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from safeguarding.duties.lateness import demand, without_a_reason
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, Sealed, StillOwed, still_owed
from safeguarding.review.states import State
from safeguarding.review.step import BOTH, Attempt, Check, Outcome, Step


class Closure(Form):
    """The partners close the review. What was learnt, and whether anything changed, is said once more."""

    closed_on: date = Field(title="Closed on")
    impact: Literal["change seen", "no change seen", "too early to say"] = Field(
        title="Impact", description="«No change seen» is a valid result, and a reported one."
    )
    closing_note: Sealed = Field(title="What was learnt, and what changed")
    impact_check_on: date | None = Field(
        default=None, title="If too early to say: look at the impact again on", description="It is chased until then."
    )
    still_owed: tuple[StillOwed, ...] = still_owed()


def every_action_is_done(step: Attempt[Closure]) -> Check:
    """Every action is verified by somebody other than its owner, or replaced or withdrawn with a reason."""
    left = [action.id for action in step.review.actions if not action.done]
    return Check(not left, f"actions not yet verified: {', '.join(left)}")


def the_panel_has_what_it_is_owed(step: Attempt[Closure]) -> Check:
    """A child review closes only after the rapid review and decision were sent to the national Panel."""
    owed = step.review.running("C05")
    return Check(not owed, "the rapid review has not been sent to the national Panel")


def a_missed_day_15_has_its_reason(step: Attempt[Closure]) -> Check:
    """A review does not close on a rapid review that went late without a word."""
    late = without_a_reason(step.review, step.today)
    words = "; ".join(demand(duty, step.rulebook) for duty in late)
    return Check(not late, f"{words}, with 'Give the reason for a missed date'")


def too_early_to_say_has_a_day(step: Attempt[Closure]) -> Check:
    """What cannot be said yet is looked at on a day that is to come."""
    form = step.form
    if form.impact != "too early to say":
        return Check(True, "")
    if form.impact_check_on is None:
        return Check(False, "say on which day the impact is looked at again, since it is too early to say now")
    words = f"the impact is looked at again on a day to come: {form.impact_check_on} is not after today"
    return Check(form.impact_check_on > step.today, words)


def close(step: Attempt[Closure]) -> Outcome:
    """Closed. A published report stays public for its year all the same, and what is too early to say is looked at."""
    form = step.form
    marks = [Mark(name="closed", on=form.closed_on)]
    if form.impact == "too early to say" and form.impact_check_on is not None:
        marks.append(Mark(name="impact_check_agreed", on=form.closed_on, due=form.impact_check_on))
    return Outcome(to=State.CLOSED, marks=tuple(marks))


CLOSE_REVIEW = Step(
    name="close_review",
    title="Review closed",
    button="Close the review",
    tracks=BOTH,
    sources=frozenset({State.ACTION_FOLLOW_UP}),
    leads_to=frozenset({State.CLOSED}),
    by=frozenset({"delegated_partner", "lead_partner"}),
    form=Closure,
    needs=(
        every_action_is_done,
        the_panel_has_what_it_is_owed,
        a_missed_day_15_has_its_reason,
        too_early_to_say_has_a_day,
        day_is_not_in_the_future("closed_on"),
        day_is_not_before("closed_on", "action_plan_agreed"),
    ),
    does=close,
    kind="closed",
    days={
        "closed_on": ("closed", "impact_check_agreed"),
    },
    marks=frozenset({"closed", "impact_check_agreed"}),
    tells=("business_manager", "delegated_partner", "lead_partner", "agency_lead", "learning_group"),
    decision=True,
)

STEPS = (CLOSE_REVIEW,)

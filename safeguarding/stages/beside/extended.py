"""
More time for a date of the partnership's own: what the letter means that says who may extend one.

A short form, also on a closed review for what was carried on. No date of law or guidance is ever extended here.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from safeguarding.dates.working_days import say
from safeguarding.duties.extension import extended, latest_day, may_be_extended
from safeguarding.review.conditions import day_is_not_in_the_past
from safeguarding.review.forms import From, Sealed
from safeguarding.review.step import ANY_STATE, BOTH, Attempt, Check, Outcome, Step
from safeguarding.stages.beside.suspended import (
    HOLDERS,
    AboutOneDuty,
    clock_meant,
    it_is_plain_which_clock_is_meant,
)


class MoreTime(AboutOneDuty):
    """A local date gets more time, for a reason. It never goes past the date of the law that it serves."""

    duty: Annotated[str, From("own dates")] = Field(title="Which date", description="Whose day is our own.")
    until: date = Field(title="Until", description="The new day. How far it may go, a refusal says.")
    reason: Sealed = Field(title="Why it is extended")


def it_is_a_date_of_our_own(step: Attempt[MoreTime]) -> Check:
    """A day of law or guidance is never extended; the refusal says what to do instead."""
    why = may_be_extended(step.rulebook.rule(step.form.duty))
    return Check(not why, why)


def it_does_not_stand_still(step: Attempt[MoreTime]) -> Check:
    """What is suspended has no day to extend: it goes on first."""
    duty = clock_meant(step)
    return Check(duty is None or duty.suspended is None, "it is suspended: resume it first, then extend it")


def the_new_day_is_later_and_within_both_limits(step: Attempt[MoreTime]) -> Check:
    """Later than the day it has, and no further than the law it serves and the partnership's own limit allow."""
    duty, until = clock_meant(step), step.form.until
    if duty is None or duty.suspended is not None or may_be_extended(step.rulebook.rule(duty.rule)):
        return Check(True, "")  # Refused already, for that.
    if until <= duty.due_on:
        return Check(False, f"it is due on {say(duty.due_on)}: an extension gives a later day than that")
    latest = latest_day(duty, step.review, step.rulebook)
    return Check(until <= latest.on, f"it can be extended to {say(latest.on)} at the latest: {latest.words}")


def extend(step: Attempt[MoreTime]) -> Outcome:
    """The row with the new day takes the place of the old one, which stays with the reason."""
    duty = clock_meant(step)
    if duty is None:
        raise ValueError("an extension is checked before it is made")
    row = extended(duty, step.form.until, step.review, step.rulebook)
    return Outcome(clocks=(row,), facts={"was": duty.due_on.isoformat()})


EXTEND_DEADLINE = Step(
    name="extend_deadline",
    title="Local date extended",
    button="Extend a local date",
    tracks=BOTH,
    sources=ANY_STATE,
    by=HOLDERS,
    form=MoreTime,
    needs=(
        it_is_a_date_of_our_own,
        it_is_plain_which_clock_is_meant,
        it_does_not_stand_still,
        the_new_day_is_later_and_within_both_limits,
        day_is_not_in_the_past("until"),
    ),
    does=extend,
    kind="deadline_extended",
    tells=("business_manager",),
    on_card=False,
)

STEPS = (EXTEND_DEADLINE,)

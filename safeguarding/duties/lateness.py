"""
Which dates of the law were missed, and whether the record says why: before the event or after it.

A reason moves no date and hides none. It is told as a deferral where the date is still to be met, or given afterwards
(`give_reason`), also on a closed review.
"""

from __future__ import annotations

from datetime import date

from safeguarding.dates.working_days import say
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.review import Duty, Review

DEMANDED = ("C05",)
"""The dates whose passing demands its reason: day 15, by which the rapid review is with the national Panel."""


def only_planned(anchor: str) -> bool:
    """Whether what is counted back from is a day of publication that is no more than planned."""
    return anchor.startswith("publication_planned_")


def met_late(duty: Duty) -> bool:
    """
    Whether a duty was met after its day. What was too late for a planned day is late for nothing yet: that day moves.

    Once something is published its gates are counted from that very day.
    """
    after = duty.ended == "settled" and duty.ended_on is not None and duty.ended_on > duty.due_on
    return after and not duty.guard and not only_planned(duty.anchor)


def missed(review: Review, today: date, met_on: date | None = None) -> tuple[Duty, ...]:
    """
    The rows of a review's duties whose day passed: those met late, and those not met by now.

    `met_on` is the day on which what is still owed is met by the line that is being written; None: it is not.
    """
    return tuple(
        duty
        for duty in review.duties
        if met_late(duty)
        or (not duty.guard and not duty.ended and (met_on or today) > duty.due_on and duty.suspended is None)
    )


def without_a_reason(review: Review, today: date, met_on: date | None = None) -> tuple[Duty, ...]:
    """The missed dates that demand a reason and have none on record."""
    given = {deferral.rule for deferral in review.deferrals} | {reason.rule for reason in review.reasons}
    rows = missed(review, today, met_on)
    return tuple(duty for duty in rows if duty.rule in DEMANDED and duty.rule not in given)


def demand(duty: Duty, rulebook: Rulebook) -> str:
    """What is asked for a missed date, in words."""
    met = f"met on {say(duty.ended_on)}" if duty.ended_on else "not met by then"
    return f"{rulebook.rule(duty.rule).named} was due on {say(duty.due_on)} and {met}: say why"

"""
More time for a date of the partnership's own: until a day, for a reason, and no further than two limits allow.

It never goes past the date of the law that it serves, nor by more working days in all than the partnership's file says.
A date of law or guidance is never extended: it gets a deferral record, and stands.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from safeguarding.dates.counting import Direction, Kind, Unit
from safeguarding.dates.working_days import add_working_days, say
from safeguarding.duties.bounds import bound_of
from safeguarding.duties.superseding import again
from safeguarding.duties.suspension import SUSPENDED
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import DutyStarted, Extension
from safeguarding.review.review import Duty, Review


class FurthestDay(NamedTuple):
    """The last day to which a date may be extended, what sets it in words, and the rule of the law if it is one."""

    on: date
    words: str
    rule: str


def may_be_extended(rule: Rule) -> str:
    """Why a rule's date may never be extended, in words; empty if it may."""
    if rule.date_is_law:
        return (
            f"{rule.named} is on a day of {rule.number_level.words} and cannot be extended by anybody "
            "here. Use 'Record a deferral': the reasons, to whom they went, the day it is now expected. The date stands"
        )
    if rule.is_nobodys_to_extend:
        owed = "by the day that others named" if rule.counts.unit is Unit.AGREED_DATE else "at once"
        return (
            f"{rule.named} is owed {owed} by {rule.level.words} and is not extended by anybody here. If it "
            "was not done use 'Give the reason for a missed date'"
        )
    if rule.counts.unit is Unit.AGREED_DATE and rule.starts == "action_agreed":
        return f"{rule.title}: give it another day with 'Change an action'"
    backward = rule.counts.direction is Direction.BACKWARD or rule.counts.kind in (Kind.GATE, Kind.MINIMUM)
    if backward or rule.starts == SUSPENDED:
        return f"{rule.title} hangs on another day: plan that day again"
    return ""


def latest_day(duty: Duty, review: Review, rulebook: Rulebook) -> FurthestDay:
    """How far a local date may go: the earlier of what the law it serves and the partnership's file allow."""
    allowed = rulebook.partnership.longest_extension.value
    first = duty.extended.first_due if duty.extended else duty.due_on
    own = add_working_days(first, allowed, rulebook.calendar)
    bound = bound_of(rulebook.rule(duty.rule), review, rulebook)
    if bound is not None and bound.on < own:
        law = rulebook.rule(bound.rule)
        return FurthestDay(bound.on, f"{law.named}, which it serves, is due then", law.id)
    return FurthestDay(own, f"{allowed} working days after {say(first)}, the most that the partnership allows", "")


def extended(duty: Duty, to: date, review: Review, rulebook: Rulebook) -> DutyStarted:
    """The row with more time; what it stood still before is in the row that it replaces."""
    latest = latest_day(duty, review, rulebook)
    first = duty.extended.first_due if duty.extended else duty.due_on
    more = Extension(first_due=first, to=to, capped_by=latest.rule if to == latest.on else "")
    why = f"extended from {duty.due_on} to {to}"
    return again(duty, why, due_on=to, extended=more, stops=(), calendar=rulebook.calendar.digest)


def extended_words(extension: Extension) -> str:
    """That a date was extended, for an explanation."""
    held = f" No further: {extension.capped_by}, which it serves, is due then." if extension.capped_by else ""
    return f"It was due on {say(extension.first_due)} and was extended to {say(extension.to)}, for a reason.{held}"

"""
The day of an action is the day of its clock: whatever moves the one moves the other, so that both say the same.

A reopening, a closing that carries an action on to another day, an extension, a resumption: each moves the clock by a
row of its own. The line says so of the action too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import DutyChange, DutyStarted, Entry
from safeguarding.review.learning_entries import ActionAdded, ActionChanged, ActionDayMoved
from safeguarding.review.review import Review

VERIFIED = "action_verified"
"""The milestone for which the clock of an action's agreed day waits."""


def days_moved(
    review: Review, entries: Sequence[Entry], changes: Iterable[DutyChange], on: date, rulebook: Rulebook
) -> tuple[ActionDayMoved, ...]:
    """What a line that moves the clocks of actions says, on its own day, of each whose day is another one by that."""
    said = {one.action for one in entries if isinstance(one, ActionAdded | ActionChanged)}
    days = {
        row.subject: row.due_on
        for row in changes
        if isinstance(row, DutyStarted) and rulebook.rule(row.rule).settled_by == VERIFIED
    }
    moved = (one for one in review.actions if days.get(one.id, one.due_on) != one.due_on and one.id not in said)
    return tuple(ActionDayMoved(action=one.id, due_on=days[one.id], on=on) for one in moved)

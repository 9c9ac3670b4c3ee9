"""
The ladder: who hears of a duty, and when, before and after its day.

Rungs are data of the partnership. Reminders and local rungs fire on a working morning; a missed statutory date
does not wait for one.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from math import ceil
from typing import TYPE_CHECKING

from safeguarding.dates.counting import Kind, Unit
from safeguarding.dates.london import london_moment
from safeguarding.dates.working_days import (
    Calendar,
    add_working_days,
    next_working_day,
    on_or_before,
    working_days_between,
)
from safeguarding.law.rule import Rule

if TYPE_CHECKING:
    from safeguarding.law.partnership import Partnership
    from safeguarding.law.rulebook import Rulebook
    from safeguarding.notices.owed import Owed

from safeguarding.law.rung import Rung, When


def fires_at(rung: Rung, anchored_on: date, due_on: date, calendar: Calendar, morning: time) -> datetime | None:
    """
    The moment in London at which a rung fires; None if no clock fires it, or it would fall before the duty began.

    A reminder fires on a working morning and never after the morning of the day itself (or of the last working
    day before it). A miss of a statutory duty (`applies_to: statutory`) fires at the first minute of the next
    day, whatever day that is; any other miss on the next working morning. Raises HorizonPassed.
    """
    when = rung.when
    if when.refused:
        return None
    if when.missed:
        if rung.applies_to == "statutory":
            return london_moment(due_on + timedelta(days=1), time(0))
        return london_moment(next_working_day(due_on, calendar), morning)
    if when.working_days_late is not None:
        return london_moment(add_working_days(due_on, when.working_days_late, calendar), morning)
    day = _reminder_day(when, anchored_on, due_on, calendar)
    return None if day is None else london_moment(day, morning)


def _reminder_day(when: When, anchored_on: date, due_on: date, calendar: Calendar) -> date | None:
    last = on_or_before(due_on, calendar)
    if when.share is not None:
        # A backward duty is anchored on the planned day, after its due date: it has no allowance to share.
        allowance = working_days_between(anchored_on, due_on, calendar)
        if allowance < 1:
            return None
        return min(add_working_days(anchored_on, ceil(round(allowance * when.share, 6)), calendar), last)
    day = add_working_days(last, -(when.working_days_left or 0), calendar)
    return day if anchored_on < day or anchored_on > due_on else None


def rungs_for(
    rule: Rule, anchored_on: date, due_on: date, partnership: Partnership, calendar: Calendar
) -> list[tuple[Rung, datetime]]:
    """
    The rungs of a duty with the moment of each, soonest first.

    None for a minimum (nothing is late when it ends) or for a duty without a clock. Beyond the bank holidays every
    weekday counts for them. Raises HorizonPassed for a date before the list.
    """
    calendar = calendar.provisional
    if rule.track_only or rule.counts.kind is Kind.MINIMUM or rule.counts.unit is Unit.NONE:
        return []
    ladder = [rung for rung in partnership.ladder if rung.fits(rule)]
    if rule.counts.warn:
        ladder = [rung for rung in ladder if not rung.when.before] + _own_reminders(rule.counts.warn)
    opens = _opens(rule, anchored_on, due_on, calendar, partnership.working_morning)
    timed = [
        (rung, max(moment, opens) if opens and rung.when.before else moment)
        for rung in ladder
        if (moment := fires_at(rung, anchored_on, due_on, calendar, partnership.working_morning)) is not None
    ]
    return sorted(timed, key=lambda pair: pair[1])


def _opens(rule: Rule, anchored_on: date, due_on: date, calendar: Calendar, morning: time) -> datetime | None:
    """The morning on which a window opens: nobody is reminded before it of what is not to be begun yet."""
    if rule.counts.earliest is None:
        return None
    first = rule.opens_on(anchored_on, due_on, rule.edition_on(anchored_on), calendar)
    return None if first is None else london_moment(on_or_before(first, calendar), morning)


def _own_reminders(warn: tuple[int, ...]) -> list[Rung]:
    """The reminders of a rule that says itself how many working days before it reminds its owner."""
    return [Rung(id=f"reminder_{left}_left", when=When(working_days_left=left), to=("owner",)) for left in warn]


def rung_called(name: str, rule: Rule, partnership: Partnership) -> Rung | None:
    """The rung of this name as the rule and the partnership have it now; None if they no longer do."""
    rungs = (*partnership.ladder, *_own_reminders(rule.counts.warn))
    return next((rung for rung in rungs if rung.id == name), None)


class Ladders:
    """The rungs of any duty by one rulebook. Worked out once for all duties that share rule, first day and due date."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._known: dict[tuple[str, date, date], list[tuple[Rung, datetime]]] = {}

    def __call__(self, rule: str, counted_from: date, due_on: date) -> list[tuple[Rung, datetime]]:
        """The rungs with the moment of each, soonest first. Raises LawNotFound or HorizonPassed."""
        asked = (rule, counted_from, due_on)
        found = self._known.get(asked)
        if found is None:
            book = self._rulebook
            found = rungs_for(book.rule(rule), counted_from, due_on, book.partnership, book.calendar)
            if len(self._known) >= _MANY:
                self._known.clear()
            self._known[asked] = found
        return found

    def of(self, owed: Owed) -> list[tuple[Rung, datetime]]:
        """The rungs of a duty that is owed."""
        return self(owed.rule, owed.counted_from or owed.anchored_on, owed.due_on)


_MANY = 4096

"""
The ladder: who hears of a duty, and when, before and after its day.

Rungs are data of the partnership. Reminders and local rungs fire on a working morning; a missed statutory date
does not wait for one.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from math import ceil
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from safeguarding.clock import (
    LONDON,
    Calendar,
    Kind,
    Unit,
    add_working_days,
    next_working_day,
    on_or_before,
    working_days_between,
)
from safeguarding.events import Frozen
from safeguarding.rule import Rule

if TYPE_CHECKING:
    from safeguarding.notice import Owed
    from safeguarding.partnership import Partnership
    from safeguarding.rulebook import Rulebook


class When(Frozen):
    """At which moment a rung fires: exactly one of these."""

    share: float | None = Field(default=None, gt=0, lt=1)
    """So much of the allowance is used (working days, rounded up)."""
    working_days_left: int | None = Field(default=None, ge=0)
    missed: Literal[True] | None = None
    """The day has passed."""
    working_days_late: int | None = Field(default=None, ge=1)
    refused: Literal[True] | None = None
    """Repeated lateness or a refusal is recorded: fired by a person's entry and never by the clock."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1 or all(value is None for _, value in self):
            raise ValueError("give exactly one of share, working_days_left, missed, working_days_late, refused")
        return self

    @property
    def before(self) -> bool:
        """Whether the rung comes before the day, as a reminder."""
        return self.share is not None or self.working_days_left is not None

    @property
    def words(self) -> str:
        """The moment in words."""
        if self.share is not None:
            return f"{self.share:.0%} of the time is used"
        if self.working_days_left is not None:
            left = self.working_days_left
            return "on the day" if left == 0 else f"{left} working day{'' if left == 1 else 's'} before"
        if self.missed:
            return "the day has passed"
        if self.working_days_late is not None:
            return f"{self.working_days_late} working day{'' if self.working_days_late == 1 else 's'} late"
        return "repeated lateness or refusal is recorded"


class Rung(Frozen):
    """One rung: when, for which duties, to whom, and what may be decided there."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    when: When
    applies_to: Literal["all", "local", "statutory"] = "all"
    to: tuple[str, ...] = Field(min_length=1)
    """Roles, or «owner»: whoever owns the duty."""
    decides: str = ""

    @model_validator(mode="after")
    def _a_miss_says_for_whom(self) -> Self:
        if self.when.missed and self.applies_to == "all":
            raise ValueError("a rung on 'missed' says applies_to: local or statutory, for they fire at other hours")
        return self

    def fits(self, rule: Rule) -> bool:
        """Whether the rung is for this kind of duty."""
        return self.applies_to == "all" or (self.applies_to == "statutory") is rule.statutory


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
            return datetime.combine(due_on + timedelta(days=1), time(0), LONDON)
        return datetime.combine(next_working_day(due_on, calendar), morning, LONDON)
    if when.working_days_late is not None:
        return datetime.combine(add_working_days(due_on, when.working_days_late, calendar), morning, LONDON)
    day = _reminder_day(when, anchored_on, due_on, calendar)
    return None if day is None else datetime.combine(day, morning, LONDON)


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

    None for a minimum (nothing is late when it ends) or for a duty without a clock. A date beyond the bank-holiday
    list raises HorizonPassed.
    """
    if rule.track_only or rule.counts.kind is Kind.MINIMUM or rule.counts.unit is Unit.NONE:
        return []
    ladder = [rung for rung in partnership.ladder if rung.fits(rule)]
    if rule.counts.warn:
        ladder = [rung for rung in ladder if not rung.when.before] + _own_reminders(rule.counts.warn)
    timed = [
        (rung, moment)
        for rung in ladder
        if (moment := fires_at(rung, anchored_on, due_on, calendar, partnership.working_morning)) is not None
    ]
    return sorted(timed, key=lambda pair: pair[1])


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

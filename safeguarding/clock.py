"""
The statutory clock: on which day is it due, how long is left, and why.

Pure arithmetic on dates. It knows no rule and no law: it is given a count («fifteen working days, forward»), the
day to count from and the bank holidays, and it answers with a day or with the whole working. The conventions
(day zero is not counted, months clamp, nothing rolls forward) are those that `docs/decisions` records.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from safeguarding.errors import SafeguardingError
from safeguarding.events import Frozen
from safeguarding.working_days import (
    DAY,
    Calendar,
    add_working_days,
    next_working_day,
    on_or_before,
    previous_working_day,
    say,
    working_days_between,
)

__all__ = [
    "LONDON",
    "UNCOUNTED",
    "Calendar",
    "Counts",
    "Direction",
    "Kind",
    "Standing",
    "Step",
    "Unit",
    "Working",
    "add_months",
    "add_working_days",
    "due",
    "explain",
    "london_date",
    "next_working_day",
    "on_or_before",
    "previous_working_day",
    "say",
    "standing",
    "working_days_between",
]

LONDON = ZoneInfo("Europe/London")
"""The one place that names the time zone. Moments are stored in UTC; the law counts dates in London."""


def london_date(moment: datetime) -> date:
    """The date in London at a moment: 23:30 UTC on 30 June is 1 July. Refuses a moment without its zone."""
    if moment.tzinfo is None:
        words = f"{moment.isoformat()} does not say its time zone, so its date in London is not known."
        raise SafeguardingError(words, words)
    return moment.astimezone(LONDON).date()


class Unit(StrEnum):
    """What is counted."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"
    YEARS = "years"
    AGREED_DATE = "agreed_date"
    """People agree the day itself (an action's date); nothing is counted."""
    AS_SOON_AS_POSSIBLE = "as_soon_as_possible"
    """No number in the source. Treated as the same working day, which is a design default and says so."""
    NONE = "none"
    """A duty with no date at all: a standing duty, a check at a gate, or «timely»."""


class Direction(StrEnum):
    """From the anchor into the future, or back from a planned day."""

    FORWARD = "forward"
    BACKWARD = "backward"


class Kind(StrEnum):
    """What the date means."""

    MAXIMUM = "maximum"
    """On or before that day."""
    MINIMUM = "minimum"
    """Not before that day."""
    INTERVAL = "interval"
    """On or before that day, and then again."""
    GATE = "gate"
    """Until it is done, something else may not happen."""
    AIM = "aim"
    """On or before that day, as an aim: later is allowed for good reasons."""


UNCOUNTED = frozenset({Unit.AGREED_DATE, Unit.AS_SOON_AS_POSSIBLE, Unit.NONE})
"""Units that carry no number."""


class Counts(Frozen):
    """How a duty is counted: «fifteen working days forward, the day after the anchor is day one»."""

    unit: Unit
    length: int = Field(default=0, ge=0)
    direction: Direction = Direction.FORWARD
    kind: Kind = Kind.MAXIMUM
    day_one: Literal["next_day", "same_day"] = "next_day"
    strict_clear_days: bool = False
    """Backward counts only: the day of sending does not count either, which costs one more day."""
    warn: tuple[int, ...] = ()
    """Working days left at which the duty is worth a reminder, where it differs from the ladder's."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.unit in UNCOUNTED and self.length:
            raise ValueError(f"a duty counted as '{self.unit.value}' takes no length")
        if self.strict_clear_days and self.direction is not Direction.BACKWARD:
            raise ValueError("strict_clear_days belongs to a backward count only")
        if self.day_one == "same_day" and self.length == 0:
            raise ValueError("day_one: same_day needs a length of at least 1")
        return self

    @property
    def words(self) -> str:
        """The count in words: «within 15 working days», «at least 1 year after»."""
        if self.unit is Unit.NONE:
            return "no date is set"
        if self.unit is Unit.AGREED_DATE:
            return "by the day agreed"
        if self.unit is Unit.AS_SOON_AS_POSSIBLE or self.length == 0:
            return "as soon as possible: treated as the same working day"
        span = self.length_words
        if self.direction is Direction.BACKWARD:
            return f"no later than {span} before"
        return {
            Kind.MINIMUM: f"at least {span} after",
            Kind.INTERVAL: f"every {span}",
            Kind.AIM: f"within {span}, as an aim",
        }.get(self.kind, f"within {span}")

    @property
    def length_words(self) -> str:
        """The length with its unit: «15 working days», «1 year»."""
        words = self.unit.value.replace("_", " ")
        return f"{self.length} {words.removesuffix('s') if self.length == 1 else words}"


# --------------------------------------------------------------------------- the due date


def add_months(day: date, months: int, *, round_up: bool = False) -> date:
    """
    The same day of the month, so many months on (or back, if negative).

    Where that month is too short a maximum clamps to its last day and a minimum (`round_up`) goes to the
    first of the next month: each errs towards compliance. A month's end does not stick: 28 February and
    six months is 28 August.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    if day.day <= last:
        return date(year, month + 1, day.day)
    return date(year, month + 1, last) + DAY if round_up else date(year, month + 1, last)


def due(anchor: date, counts: Counts, calendar: Calendar) -> date:
    """
    The day on which it is due, counted from the anchor (for a backward count, the planned day).

    For an agreed date the anchor is that date. Met if done on or before that day in London (a minimum: not
    before it). Raises HorizonPassed where bank holidays beyond the list would matter, and SafeguardingError
    for a duty that has no date.
    """
    unit = counts.unit
    if unit is Unit.WORKING_DAYS:
        return _working_days_due(anchor, counts, calendar)
    if unit is Unit.AS_SOON_AS_POSSIBLE:
        return add_working_days(anchor, 0, calendar)
    if unit is Unit.NONE:
        words = "This duty has no date: nothing is counted for it."
        raise SafeguardingError(words, words)
    if unit is Unit.AGREED_DATE:
        return calendar.hold(anchor)
    sign = -1 if counts.direction is Direction.BACKWARD else 1
    inside = (counts.day_one == "same_day") - counts.strict_clear_days
    if unit is Unit.CALENDAR_DAYS:
        result = anchor + sign * timedelta(days=counts.length - inside)
    else:
        months = counts.length * (12 if unit is Unit.YEARS else 1)
        round_up = counts.kind is Kind.MINIMUM
        result = add_months(anchor, sign * months, round_up=round_up) - sign * timedelta(days=inside)
    return result if counts.kind is Kind.MINIMUM else calendar.hold(result)


def _working_days_due(anchor: date, counts: Counts, calendar: Calendar) -> date:
    length = counts.length
    if counts.direction is Direction.FORWARD:
        if counts.day_one == "same_day":
            anchor -= DAY
        return add_working_days(anchor, length, calendar)
    if length == 0 and not counts.strict_clear_days:
        return on_or_before(anchor, calendar)
    if counts.day_one == "same_day":
        anchor += DAY
    return add_working_days(anchor, -length - counts.strict_clear_days, calendar)


# --------------------------------------------------------------------------- standing


class Standing(NamedTuple):
    """How a duty stands today. Derived when asked, never stored."""

    state: Literal["on-time", "due-soon", "overdue", "suspended"]
    working_days: int
    """Working days left; negative when overdue."""
    words: str


def standing(due_on: date, today: date, calendar: Calendar, warn_at: int = 5, kind: Kind = Kind.MAXIMUM) -> Standing:
    """How a duty due on a day stands today: «4 working days left», «due today», «overdue by 3 working days»."""
    if kind is Kind.MINIMUM:
        words = f"may end from {say(due_on)}" if today < due_on else f"could end since {say(due_on)}"
        return Standing("on-time", working_days_between(today, min(due_on, calendar.last), calendar), words)
    if due_on > calendar.last >= today:
        left = working_days_between(today, calendar.last, calendar)
        return Standing("on-time", left, f"more than {_working_days(left)} left")
    left = working_days_between(today, due_on, calendar)
    if today > due_on:
        late = "past the aim" if kind is Kind.AIM else "overdue"
        words = f"{late} by {_working_days(-left)}" if left else f"{late} since {say(due_on)}"
        return Standing("overdue", left, words)
    if today == due_on:
        return Standing("due-soon", 0, "due today")
    if left == 0:
        # A month's end on a Sunday, seen on the Friday or the Saturday: nothing extends it.
        chance = "today is the last working day" if calendar.is_working_day(today) else "no working day is left"
        return Standing("due-soon", 0, f"due {say(due_on)}: {chance}")
    return Standing("due-soon" if left <= warn_at else "on-time", left, f"{_working_days(left)} left")


def _working_days(number: int) -> str:
    return f"{number} working day{'' if number == 1 else 's'}"


# --------------------------------------------------------------------------- the working


class Step(Frozen):
    """One day of a count: counted with its number, or not counted and why."""

    day: date
    counted: bool
    number: int = 0
    why: str = ""

    @property
    def words(self) -> str:
        """The step as a sentence."""
        if self.counted:
            return f"{say(self.day)} is {self.why or f'day {self.number}'}."
        return f"{say(self.day)} is not counted: {self.why}."


class Working(Frozen):
    """How a due date was reached, day by day."""

    anchor: date
    counts: Counts
    due_on: date
    target_on: date | None = None
    """The working day to aim for, where the due date is none: nothing extends a date that falls on a Sunday."""
    target_why: str = ""
    steps: tuple[Step, ...] = ()

    def sentences(self) -> list[str]:
        """The working in plain English: day zero, what was skipped and why, the day it came to."""
        lines = [step.words for step in self.steps if not step.counted and step.why not in ("Saturday", "Sunday")]
        if any(step.why in ("Saturday", "Sunday") for step in self.steps):
            lines.append("Saturdays and Sundays are not counted.")
        lines.append(self._result())
        if self.target_on is not None:
            lines.append(
                f"{say(self.due_on)} is not a working day ({self.target_why}). Nothing extends the date, "
                f"so aim for {say(self.target_on)}."
            )
        return lines

    def day_by_day(self) -> list[str]:
        """Every day counted and every day not counted, in the order of the count."""
        return [step.words for step in self.steps]

    def _result(self) -> str:
        counts, day = self.counts, say(self.due_on)
        backward = counts.direction is Direction.BACKWARD
        if counts.unit is Unit.AGREED_DATE:
            return f"The day agreed is {day}: nothing is counted."
        if counts.unit is Unit.AS_SOON_AS_POSSIBLE or counts.length == 0:
            return f"As soon as possible is treated as the same working day: {day}."
        last = self.steps[-1]
        if counts.unit in (Unit.MONTHS, Unit.YEARS):
            end = "the first day on which it may end" if counts.kind is Kind.MINIMUM else "the last day for it"
            reason = last.why.partition(": ")[2]
            span = f"{counts.length_words} {'back' if backward else 'on'} from {say(self.anchor)}"
            return f"{span} is {day}, {end}{reason and f' ({reason})'}."
        unit = "Working day" if counts.unit is Unit.WORKING_DAYS else "Day"
        strict = " (strict clear days: the day of sending does not count either)" if counts.strict_clear_days else ""
        back = " counted back" if backward else ""
        return f"{unit} {last.number}{back} is {day}: the last day for it{strict}."


def explain(anchor: date, counts: Counts, calendar: Calendar) -> Working:
    """The due date with every day counted and every day skipped. Raises as `due` does."""
    due_on = due(anchor, counts, calendar)
    target, why = None, ""
    if counts.kind is not Kind.MINIMUM and (reason := calendar.why_not(due_on)):
        target, why = previous_working_day(due_on, calendar), reason
    if counts.unit in (Unit.MONTHS, Unit.YEARS):
        steps = tuple(_months_steps(anchor, counts))
    elif counts.unit is Unit.AGREED_DATE:
        steps = ()
    else:
        steps = tuple(_days_steps(anchor, due_on, counts, calendar))
    return Working(anchor=anchor, counts=counts, due_on=due_on, target_on=target, target_why=why, steps=steps)


def _days_steps(anchor: date, due_on: date, counts: Counts, calendar: Calendar) -> Iterator[Step]:
    step = -DAY if counts.direction is Direction.BACKWARD else DAY
    day, number = anchor, 0
    if counts.length and counts.day_one == "next_day":
        yield Step(day=anchor, counted=False, why="it is day zero")
        day += step
    while day != due_on + step:
        reason = None if counts.unit is Unit.CALENDAR_DAYS else calendar.why_not(day)
        if reason is not None:
            yield Step(day=day, counted=False, why=reason)
        elif counts.length:
            number += 1
            yield Step(day=day, counted=True, number=number)
        day += step


def _months_steps(anchor: date, counts: Counts) -> Iterator[Step]:
    sign = -1 if counts.direction is Direction.BACKWARD else 1
    word, each = ("year", 12) if counts.unit is Unit.YEARS else ("month", 1)
    inside = (counts.day_one == "same_day") - counts.strict_clear_days
    for number in range(1, counts.length + 1):
        clamped = add_months(anchor, sign * number * each)
        why = f"{word} {number}"
        day = add_months(anchor, sign * number * each, round_up=counts.kind is Kind.MINIMUM)
        if clamped.day != anchor.day:
            instead = "the first of the next month" if counts.kind is Kind.MINIMUM else "the last day of the month"
            why += f": {clamped:%B %Y} has no day {anchor.day}, so {instead}"
        yield Step(day=day - sign * timedelta(days=inside), counted=True, number=number, why=why)

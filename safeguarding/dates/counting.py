"""
The statutory count: on which day is it due?

Pure arithmetic on dates. It knows no rule and no law: it is given a count («fifteen working days, forward»), the
day to count from and the bank holidays, and it answers with a day. The conventions (day zero is not counted, months
clamp, nothing rolls forward) are those that `docs/decisions` records.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Literal, Self

from pendulum.helpers import add_duration
from pydantic import Field, model_validator

from safeguarding.dates.working_days import (
    DAY,
    Calendar,
    add_working_days,
    on_or_before,
)
from safeguarding.errors import SafeguardingError
from safeguarding.values import FromFile

LONGEST = 2_000
"""Of a count, in its own unit: about eight years of working days, and more than any duty has."""


class Unit(StrEnum):
    """What is counted."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    WEEKS = "weeks"
    """So many weeks on is the same day of the week, whatever lies between."""
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


class Counts(FromFile):
    """How a duty is counted: «fifteen working days forward, the day after the anchor is day one»."""

    unit: Unit
    length: int = Field(default=0, ge=0, le=LONGEST)
    earliest: int | None = Field(default=None, ge=1, le=LONGEST)
    """Of a window («working days 2 to 10»): the first of its days, in the same unit. It is a plan and binds nobody."""
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
        if self.earliest is not None and not self._takes_a_window:
            raise ValueError("a window ('earliest') belongs to a count forward with a last day")
        if self.earliest is not None and self.earliest > self.length:
            raise ValueError(f"the window begins ({self.earliest}) after it ends ({self.length})")
        if self.day_one == "same_day" and self.length == 0:
            raise ValueError("day_one: same_day needs a length of at least 1")
        return self

    @property
    def _takes_a_window(self) -> bool:
        forward = self.direction is Direction.FORWARD and self.kind in (Kind.MAXIMUM, Kind.AIM)
        return forward and self.unit not in UNCOUNTED

    @property
    def words(self) -> str:
        """The count in words: «within 15 working days», «at least 1 year after», «on working days 2 to 10»."""
        if self.unit is Unit.NONE:
            return "no date is set"
        if self.unit is Unit.AGREED_DATE:
            return "by the day agreed"
        if self.unit is Unit.AS_SOON_AS_POSSIBLE or self.length == 0:
            return "as soon as possible: treated as the same working day"
        if self.earliest is not None:
            return self._window_words()
        span = self.length_words
        if self.direction is Direction.BACKWARD:
            return f"no later than {span} before"
        return {
            Kind.MINIMUM: f"at least {span} after",
            Kind.INTERVAL: f"every {span}",
            Kind.AIM: f"within {span}, as an aim",
        }.get(self.kind, f"within {span}")

    def _window_words(self) -> str:
        aim = ", as an aim" if self.kind is Kind.AIM else ""
        unit = self.unit.value.replace("_", " ")
        if self.unit not in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):
            whole = self.length_words
            return (
                f"between {self.earliest} and {whole} after{aim}" if self.earliest != self.length else f"{whole} after"
            )
        if self.earliest == self.length:
            return f"on {unit.removesuffix('s')} {self.length}{aim}"
        return f"on {unit} {self.earliest} to {self.length}{aim}"

    def opening(self) -> Counts | None:
        """The count to the first day of the window; None where there is none."""
        if self.earliest is None:
            return None
        return self.model_copy(update={"length": self.earliest, "earliest": None})

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
    moved = add_duration(day, months=months)
    if round_up and moved.day != day.day:
        return moved + DAY
    return moved


def due(anchor: date, counts: Counts, calendar: Calendar) -> date:
    """
    The day on which it is due, counted from the anchor (for a backward count, the planned day).

    For an agreed date the anchor is that date. Met if done on or before that day in London (a minimum: not
    before it). Raises HorizonPassed where working days beyond the list would be counted, and SafeguardingError
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
        return anchor
    sign = -1 if counts.direction is Direction.BACKWARD else 1
    inside = (counts.day_one == "same_day") - counts.strict_clear_days
    if unit is Unit.CALENDAR_DAYS:
        result = anchor + sign * timedelta(days=counts.length - inside)
    elif unit is Unit.WEEKS:
        result = anchor + sign * timedelta(weeks=counts.length, days=-inside)
    else:
        months = counts.length * (12 if unit is Unit.YEARS else 1)
        round_up = counts.kind is Kind.MINIMUM
        result = add_months(anchor, sign * months, round_up=round_up) - sign * timedelta(days=inside)
    return result


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

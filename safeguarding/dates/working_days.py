"""
Working days in England and Wales, counted by look-up from a dated list of bank holidays.

A date outside the list is refused: beyond it the count would silently miss holidays.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Self

from pydantic import model_validator

from safeguarding.errors import HorizonPassed
from safeguarding.values import Frozen, Name

DAY = timedelta(days=1)
LONGEST_LIST = 100
"""Years of bank holidays in one list."""
REMINDED_BEYOND = 20
"""Years after the list in which people are still reminded."""


_ISO_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKEND = {5: "Saturday", 6: "Sunday"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def say(day: date) -> str:
    """A date as people write it: «Fri 3 Apr 2026»."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def in_days_words(words: str) -> str:
    """A sentence with every day of it as people write it: «2026-04-03» is «Fri 3 Apr 2026». What is no day stays."""
    return _ISO_DAY.sub(_said, words)


def _said(found: re.Match[str]) -> str:
    try:
        return say(date.fromisoformat(found.group()))
    except ValueError:
        return found.group()


def say_window(first: date | None, last: date) -> str:
    """A window as people write it: «Tue 1 Dec to Fri 11 Dec 2026»; without a first day, or of one day, that day."""
    if first is None or first >= last:
        return say(last)
    words = say(first)
    return f"{words.removesuffix(f' {last.year}')} to {say(last)}"


class _WorkingDays:
    """Every working day of a calendar in order, and how many lie on or before each day: counting is a look-up."""

    __slots__ = ("days", "first", "upto")

    def __init__(self, first: date, last: date, holidays: dict[date, str]) -> None:
        self.first = first.toordinal()
        self.days: list[date] = []
        self.upto: list[int] = []
        for ordinal in range(self.first, last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if day.weekday() < 5 and day not in holidays:
                self.days.append(day)
            self.upto.append(len(self.days))


class Calendar(Frozen):
    """
    The bank holidays of England and Wales, as a snapshot with the day on which it was taken.

    A working day is Monday to Friday and not in the list (the convention of SI 2006/1738 reg. 2, a children's
    social care instrument: Working Together does not define it). A council's Christmas closure is no bank holiday.
    """

    name: str
    source: str
    taken_on: date
    first: date
    last: date
    holidays: dict[date, Name]

    @model_validator(mode="after")
    def _holds_its_own_days(self) -> Self:
        if self.first > self.last:
            raise ValueError("'first' is after 'last'")
        if self.last.year - self.first.year > LONGEST_LIST + REMINDED_BEYOND:
            raise ValueError(f"the list is longer than {LONGEST_LIST} years")
        outside = sorted(day.isoformat() for day in self.holidays if not self.first <= day <= self.last)
        if outside:
            raise ValueError(f"holidays outside first..last: {', '.join(outside)}")
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values, checked again: what was counted from the old holidays does not come along."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate({**given, **(update or {})})

    @cached_property
    def digest(self) -> str:
        """Twelve characters that change when any holiday or the horizon does."""
        days = [self.first.isoformat(), self.last.isoformat(), *sorted(day.isoformat() for day in self.holidays)]
        return hashlib.sha256(json.dumps(days).encode()).hexdigest()[:12]

    @cached_property
    def provisional(self) -> Calendar:
        """
        The same list going on for years in which every Monday to Friday counts: for reminders and the room in a plan.

        A reminder on a holiday that nobody knew of harms nobody; a date that is owed is never counted so.
        """
        return self.model_copy(update={"last": date(min(self.last.year + REMINDED_BEYOND, date.max.year), 12, 31)})

    @cached_property
    def _index(self) -> _WorkingDays:
        return _WorkingDays(self.first, self.last, self.holidays)

    def is_working_day(self, day: date) -> bool:
        """Whether the day counts. Raises HorizonPassed for a day outside the list."""
        return self.why_not(day) is None

    def why_not(self, day: date) -> str | None:
        """Why the day does not count («Saturday», «Good Friday»), or None if it does."""
        self.hold(day)
        if day in self.holidays:
            return self.holidays[day]
        return _WEEKEND.get(day.weekday())

    def hold(self, day: date) -> date:
        """The same day, if the list covers it. Raises HorizonPassed if it does not."""
        if not self.first <= day <= self.last:
            raise HorizonPassed(day, self.first, self.last, self.name)
        return day

    def up_to(self, day: date) -> int:
        """How many working days of the list lie on or before the day."""
        index = self._index
        position = day.toordinal() - index.first
        if 0 <= position < len(index.upto):
            return index.upto[position]
        raise HorizonPassed(day, self.first, self.last, self.name)

    def working_day(self, number: int) -> date:
        """The working day of this number, from 1. Raises HorizonPassed beyond either end."""
        days = self._index.days
        if 1 <= number <= len(days):
            return days[number - 1]
        beyond = self.first - DAY if number < 1 else self.last + DAY
        raise HorizonPassed(beyond, self.first, self.last, self.name)


def add_working_days(day: date, number: int, calendar: Calendar) -> date:
    """
    The working day `number` working days after the day (before it, if negative). The day itself is not counted.

    Nought is the same working day: the day itself, or the next working day if it is none.
    """
    if number > 0:
        return calendar.working_day(calendar.up_to(day) + number)
    if number < 0:
        return calendar.working_day(calendar.up_to(day - DAY if day > calendar.first else day) + number + 1)
    return day if calendar.is_working_day(day) else next_working_day(day, calendar)


def next_working_day(day: date, calendar: Calendar) -> date:
    """The first working day after the day."""
    return add_working_days(day, 1, calendar)


def previous_working_day(day: date, calendar: Calendar) -> date:
    """The last working day before the day."""
    return add_working_days(day, -1, calendar)


def on_or_before(day: date, calendar: Calendar) -> date:
    """The day itself if it is a working day, else the last working day before it."""
    return day if calendar.is_working_day(day) else previous_working_day(day, calendar)


def working_days_between(a: date, b: date, calendar: Calendar) -> int:
    """How many working days lie after `a` up to and including `b`; negative if `b` is before `a`."""
    return calendar.up_to(b) - calendar.up_to(a)

"""
The year of an account: an adult board's financial year, or the twelve months that a children's partnership chose.

The financial year begins on 1 April (Care Act 2014, Schedule 2, paragraph 4). Section 16G of the Children Act 2004 says
once in every twelve months and names no day: the same year unless another month is chosen.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from safeguarding.dates.counting import add_months
from safeguarding.review.states import Track

APRIL = 4
"""The month in which the financial year begins."""
MONTHS = range(1, 13)
EARLIEST, LATEST = 2015, 2099
"""The years that an account may begin in."""


class TwelveMonths(NamedTuple):
    """Twelve months: the first day and the last."""

    first: date
    last: date

    @classmethod
    def beginning(cls, year: int, month: int = APRIL) -> TwelveMonths:
        """The twelve months from the first day of a month of a year."""
        first = date(year, month, 1)
        return cls(first, add_months(first, 12) - timedelta(days=1))

    def holds(self, on: date | None) -> bool:
        """Whether a day lies in it."""
        return on is not None and self.first <= on <= self.last

    @property
    def words(self) -> str:
        """From when to when."""
        return " to ".join(f"{day.day} {day:%B} {day.year}" for day in self)

    @property
    def name(self) -> str:
        """It in short, as a file and a line of the record have it: such as `2026-04`."""
        return f"{self.first:%Y-%m}"


def faults_of(track: Track, year: int, month: int) -> list[str]:
    """What is wrong with a year that was asked for, in words; nothing where it is one."""
    found = []
    if not EARLIEST <= year <= LATEST:
        found.append(f"the year is from {EARLIEST} to {LATEST}, the one in which it begins")
    if month not in MONTHS:
        found.append("the month is from 1 to 12, the one in which the year begins")
    elif track is Track.ADULTS and month != APRIL:
        found.append("the year of an adult board is the financial year, from 1 April: leave the month out")
    return found


def beginning_before(on: date, month: int = APRIL) -> int:
    """The year in which the twelve months began that were the last to end by a day: those that are accounted for."""
    year = on.year if (on.month, on.day) >= (month, 1) else on.year - 1
    return year - 1

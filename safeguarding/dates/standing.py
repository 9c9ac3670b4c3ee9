"""
How a due date stands on a day: on time, due soon, or overdue by so many working days. Derived, never stored.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from safeguarding.dates.counting import Kind
from safeguarding.dates.working_days import (
    Calendar,
    say,
    working_days_between,
)

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

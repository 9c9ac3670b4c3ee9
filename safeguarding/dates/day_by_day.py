"""
The working of one count: every day counted with its number, every day skipped and why, in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from safeguarding.dates.counting import Counts, Direction, Kind, Unit, add_months, due
from safeguarding.dates.working_days import (
    DAY,
    Calendar,
    previous_working_day,
    say,
)
from safeguarding.values import Frozen

_LONG = (Unit.WEEKS, Unit.MONTHS, Unit.YEARS)
"""Units whose days between are not counted one by one."""

# --------------------------------------------------------------------------- the working


class CountedDay(Frozen):
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
    opens_on: date | None = None
    """Of a window its first day."""
    target_on: date | None = None
    """The working day to aim for, where the due date is none: nothing extends a date that falls on a Sunday."""
    target_why: str = ""
    steps: tuple[CountedDay, ...] = ()

    def sentences(self) -> list[str]:
        """The working in plain English: day zero, what was skipped and why, the day it came to."""
        lines = [step.words for step in self.steps if not step.counted and step.why not in ("Saturday", "Sunday")]
        if any(step.why in ("Saturday", "Sunday") for step in self.steps):
            lines.append("Saturdays and Sundays are not counted.")
        if self.opens_on is not None:
            lines.append(
                f"Its window opens on {say(self.opens_on)}: it may be done before, and is not asked for until then."
            )
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
        if counts.unit in _LONG:
            end = "the first day on which it may end" if counts.kind is Kind.MINIMUM else "the last day for it"
            reason = last.why.partition(": ")[2]
            span = f"{counts.length_words} {'back' if backward else 'on'} from {say(self.anchor)}"
            return f"{span} is {day}, {end}{reason and f' ({reason})'}."
        unit = "Working day" if counts.unit is Unit.WORKING_DAYS else "Day"
        strict = " (strict clear days: the day of sending does not count either)" if counts.strict_clear_days else ""
        back = " counted back" if backward else ""
        return f"{unit} {last.number}{back} is {day}: the last day for it{strict}."


def work_out(anchor: date, counts: Counts, calendar: Calendar) -> Working:
    """The due date with every day counted and every day skipped. Raises as `due` does."""
    due_on = due(anchor, counts, calendar)
    target, why = None, ""
    if counts.kind is not Kind.MINIMUM and (reason := calendar.provisional.why_not(due_on)):
        target, why = previous_working_day(due_on, calendar.provisional), reason
    if counts.unit is Unit.WEEKS:
        steps = tuple(_weeks_steps(anchor, counts, calendar))
    elif counts.unit in _LONG:
        steps = tuple(_months_steps(anchor, counts))
    elif counts.unit is Unit.AGREED_DATE:
        steps = ()
    else:
        steps = tuple(_days_steps(anchor, due_on, counts, calendar))
    opening = counts.opening()
    return Working(
        anchor=anchor,
        counts=counts,
        due_on=due_on,
        opens_on=due(anchor, opening, calendar) if opening else None,
        target_on=target,
        target_why=why,
        steps=steps,
    )


def _days_steps(anchor: date, due_on: date, counts: Counts, calendar: Calendar) -> Iterator[CountedDay]:
    step = -DAY if counts.direction is Direction.BACKWARD else DAY
    day, number = anchor, 0
    if counts.length and counts.day_one == "next_day":
        yield CountedDay(day=anchor, counted=False, why="it is day zero")
        day += step
    while day != due_on + step:
        reason = None if counts.unit is Unit.CALENDAR_DAYS else calendar.why_not(day)
        if reason is not None:
            yield CountedDay(day=day, counted=False, why=reason)
        elif counts.length:
            number += 1
            yield CountedDay(day=day, counted=True, number=number)
        day += step


def _weeks_steps(anchor: date, counts: Counts, calendar: Calendar) -> Iterator[CountedDay]:
    for number in range(1, counts.length + 1):
        day = due(anchor, counts.model_copy(update={"length": number}), calendar)
        yield CountedDay(day=day, counted=True, number=number, why=f"week {number}")


def _months_steps(anchor: date, counts: Counts) -> Iterator[CountedDay]:
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
        yield CountedDay(day=day - sign * timedelta(days=inside), counted=True, number=number, why=why)

"""
A plan as it is handed over: every step with its day or its window, and the room that is left before the statutory day.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from safeguarding.dates.counting import Kind
from safeguarding.dates.working_days import say_window
from safeguarding.law.own_document import OwnDocument
from safeguarding.values import Frozen


def working_days_words(number: int) -> str:
    """So many working days, in words."""
    return f"{number} working day{'' if number == 1 else 's'}"


class PlanLine(Frozen):
    """One step of a plan: from which day it is counted, by which day it is to be done, what room is left."""

    rule: str
    title: str
    subject: str = ""
    owner: str
    """The role that does it, in words."""
    statutory: bool
    kind: Kind
    anchored_on: date
    because: str
    """What the anchor is, in words; with the assumption where it has not happened yet."""
    recorded: bool
    """Whether the anchor has happened, so that the day is a real due date."""
    due_on: date
    opens_on: date | None = None
    """Of a window its first day."""
    plan_on: date
    """The working day to do it on: the due date, or the working day before one that is none."""
    number: int
    """Which working day of the plan that is."""
    first_number: int | None = None
    """Of a window the working day of the plan on which it opens."""
    bound: str = ""
    """The statutory rule it must not run past."""
    bound_title: str = ""
    """That rule in words."""
    slack: int | None = None
    """Working days between it and the statutory day it serves."""
    ended: Literal["", "settled", "cancelled"] = ""
    ended_on: date | None = None
    standing: str = ""
    state: Literal["planned", "done", "suspended", "on-time", "due-soon", "overdue"] = "planned"

    @property
    def days(self) -> str:
        """The day to do it on, or its window, in words."""
        return say_window(self.opens_on, self.plan_on)

    @property
    def number_words(self) -> str:
        """Which working day of the plan, or of a window which: «2-10»."""
        return str(self.number) if self.first_number in (None, self.number) else f"{self.first_number}-{self.number}"

    @property
    def slack_words(self) -> str:
        """The room left, in words."""
        if self.slack is None:
            return ""
        if self.slack == 0:
            return f"on the day of «{self.bound_title}»"
        days = working_days_words(abs(self.slack))
        return f"{days} before «{self.bound_title}»" if self.slack >= 0 else f"{days} AFTER «{self.bound_title}»"


class Plan(Frozen):
    """Every step with its day, in the order of the days."""

    title: str
    reference: str = ""
    begins_on: date
    begins: str
    ends_on: date
    today: date
    lines: tuple[PlanLine, ...]
    calendar: str
    documents: tuple[OwnDocument, ...] = ()
    """The partnership's own documents for the stages of the plan."""

"""
A named thing supposed to happen on a day: what a what-if question is made of.
"""

from __future__ import annotations

from datetime import date

from safeguarding.dates.working_days import say
from safeguarding.law.milestones import MILESTONES
from safeguarding.values import Frozen


class Supposed(Frozen):
    """A named thing supposed to happen, or to have happened, on a day; of one agency or action if it is one's own."""

    event: str
    on: date
    subject: str = ""
    said: str = ""
    """How it is spoken of, where the partnership's file says so."""

    @property
    def words(self) -> str:
        """The supposition in words."""
        whose = f" ({self.subject})" if self.subject else ""
        verb = "is" if "_planned" in self.event else "on"
        return f"{self.said or MILESTONES[self.event]}{whose} {verb} {say(self.on)}"

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

    @property
    def words(self) -> str:
        """The supposition in words."""
        whose = f" ({self.subject})" if self.subject else ""
        verb = "is" if self.event.startswith("publication_planned") else "on"
        return f"{MILESTONES[self.event]}{whose} {verb} {say(self.on)}"

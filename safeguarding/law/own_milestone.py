"""
A happening of the partnership's own procedure: what its own steps may begin with, wait for and end with.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from safeguarding.values import FromFile, Key, Name

MOST_MILESTONES = 100
"""Own milestones of one partnership."""
OWN_ID = r"^own\.[a-z][a-z0-9_]*$"
"""How the id of one is written."""
OWN = "own."
"""How the id of each begins, so that none is ever that of the program's own."""


class OwnMilestone(FromFile):
    """One happening: its id, which steps under `local` name, and how it is spoken of."""

    id: Key = Field(pattern=OWN_ID, max_length=40)
    words: Annotated[Name, StringConstraints(max_length=120)]
    """What happened, after «the day on which»: «the huddle was held»."""
    track: Literal["children", "adults", "both"] = "both"
    planned: bool = False
    """Whether it is a day that is planned, and may lie ahead: what is counted back begins with such a day."""

    def is_of(self, track: str) -> bool:
        """Whether reviews of this track know it."""
        return self.track in ("both", track)

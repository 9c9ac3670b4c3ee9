"""
What the card of one open stage shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flows.cards.dialog import StepOffered
from safeguarding.shown.card_story import CardLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """
    What the card of one open stage shows. References and pseudonyms only: Prefect keeps it in clear.

    `stage` is the name of the stage's flow; `entry` counts how often the review has entered the stage, so a
    reopened stage has a card of its own; `version` is the last version of the review that changed anything: a form
    that stands open outlives a refusal.
    """

    reference: str
    stage: str
    entry: int
    version: int
    name: str
    tags: tuple[str, ...]
    description: str
    choices: tuple[StepOffered, ...]
    stands: tuple[CardLine, ...] = ()
    """What is owed and waited for, as the log of the card's run says it below the story so far."""
    read_at: str = ""
    """The address of the review's own page; empty where readers of Prefect's page cannot reach it."""


@dataclass(frozen=True, slots=True)
class Faces:
    """The faces of open reviews, and those that cannot be drawn: reference and account, with nothing typed."""

    drawn: Sequence[Face]
    undrawn: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many reviews are open, drawn or not."""
        return len(self.drawn) + len(self.undrawn)

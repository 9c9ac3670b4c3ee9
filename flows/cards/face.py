"""
What the card of one open stage shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from flows.cards.dialog import StepOffered


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

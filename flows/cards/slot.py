"""
Which card a run is: one stage entry of one review. It stands in the run's labels, where Prefect has a place for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from prefect.client.schemas.objects import FlowRun

from flows.cards.face import Face

KIND, REFERENCE = "safeguarding.kind", "safeguarding.reference"
STAGE, ENTRY, GENERATION = "safeguarding.stage", "safeguarding.entry", "safeguarding.generation"
CARD = "card"
"""The kind, and the tag by which all cards are found."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Which card a run is: one stage entry of one review, and how often the card had to be made again."""

    reference: str
    stage: str
    entry: int
    generation: int = 1

    @property
    def key(self) -> str:
        """The idempotency key: Prefect itself then refuses a second card."""
        return f"card/{self.reference}/{self.stage}/{self.entry}/{self.generation}"

    @property
    def labels(self) -> dict[str, bool | int | float | str]:
        """The labels of the run."""
        return {
            KIND: CARD,
            REFERENCE: self.reference,
            STAGE: self.stage,
            ENTRY: self.entry,
            GENERATION: self.generation,
        }

    @classmethod
    def of(cls, run: FlowRun) -> Slot | None:
        """The slot of a run, or None if the run is not a card (somebody started the flow by hand)."""
        said = run.labels
        if said.get(KIND) != CARD:
            return None
        return cls(str(said[REFERENCE]), str(said[STAGE]), int(said[ENTRY]), int(said[GENERATION]))

    def holds(self, face: Face | None) -> bool:
        """Whether the stage that this card is for is still the open one."""
        return face is not None and (self.reference, self.stage, self.entry) == (face.reference, face.stage, face.entry)

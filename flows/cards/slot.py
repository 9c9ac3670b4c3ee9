"""
Which card a run is: one stage entry of one review.
"""

from __future__ import annotations

from dataclasses import dataclass

from prefect.client.schemas.objects import FlowRun

from flows.cards.face import Face


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
        return f"card:{self.reference}:{self.stage}:{self.entry}:{self.generation}"

    @classmethod
    def of(cls, run: FlowRun) -> Slot | None:
        """The slot of a run, or None if the run is not a card (somebody started the flow by hand)."""
        parts = (run.idempotency_key or "").split(":")
        if len(parts) != 5 or parts[0] != "card" or not (parts[3] + parts[4]).isdigit():
            return None
        return cls(parts[1], parts[2], int(parts[3]), int(parts[4]))

    def holds(self, face: Face | None) -> bool:
        """Whether the stage that this card is for is still the open one."""
        return face is not None and (self.reference, self.stage, self.entry) == (face.reference, face.stage, face.entry)

"""What was searched for canaries, how much of it there was, and what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from flows.privacy.canaries import Canary


@dataclass(frozen=True, slots=True)
class Trace:
    """A canary that somebody can read: whose, and where."""

    canary: Canary
    where: str

    @property
    def words(self) -> str:
        """For a person."""
        return f"{self.canary.named}: in {self.where}"


@dataclass(slots=True)
class Looked:
    """One place that was searched: how much of each thing, and the traces in it."""

    place: str
    counted: dict[str, int] = field(default_factory=dict)
    traces: list[Trace] = field(default_factory=list)
    could_not: list[str] = field(default_factory=list)
    """What lies there and could not be read, in words."""

    def count(self, what: str, number: int = 1) -> None:
        """So many more of this were searched."""
        self.counted[what] = self.counted.get(what, 0) + number

    def found(self, canaries: Iterable[Canary], where: str) -> None:
        """These stand there."""
        self.traces += [Trace(canary, where) for canary in canaries]

    @property
    def words(self) -> str:
        """For a person."""
        return f"{self.place}: {', '.join(f'{number:,} {what}' for what, number in self.counted.items())}"

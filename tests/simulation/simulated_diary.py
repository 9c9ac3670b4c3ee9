"""What an observer outside the system writes down during a simulation: when it was awake, and what really left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Posted:
    """One attempt to hand over a letter, as the post room saw it."""

    at: datetime
    channel: Literal["email", "teams"]
    place: str
    """The address of the email, or the name of the Teams workflow."""
    mark: int
    """The number of the notice."""
    subject: str
    outcome: Literal["taken", "try later", "refused"]


@dataclass(frozen=True, slots=True)
class Diary:
    """When the system was swept, when its senders ran, and every attempt at the post."""

    sweeps: tuple[datetime, ...]
    rounds: tuple[datetime, ...]
    posted: tuple[Posted, ...]

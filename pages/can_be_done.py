"""
What somebody can do at the pages now, as other pages lead to it: steps of a review, what may be opened, forms begun.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from pages.visits import Visit
from safeguarding.review.review import Review


class CanBeDone(NamedTuple):
    """One step that somebody may send now: its words, and where its form is."""

    step: str
    words: str
    says: str
    href: str
    way_out: bool = False


class WhatNow(NamedTuple):
    """What can be done with a review."""

    onward: tuple[CanBeDone, ...]
    """The stage's own steps, the way on first."""
    ways_out: tuple[CanBeDone, ...]
    beside: tuple[tuple[str, tuple[CanBeDone, ...]], ...]

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return bool(self.onward or self.ways_out or self.beside)


class BegunForm(NamedTuple):
    """A form that was begun and not sent."""

    words: str
    reference: str
    """Of its review; empty where it would open one."""
    href: str
    saved_at: datetime


class WhatIsBegun(NamedTuple):
    """What somebody may open, and the forms that they have begun."""

    new: tuple[CanBeDone, ...]
    forms: tuple[BegunForm, ...]


AsksWhatNow = Callable[[Visit, Review], WhatNow]
"""What tells what whoever asks may send of a review now."""
AsksWhatIsBegun = Callable[[Visit], WhatIsBegun]
"""What tells what whoever asks may open, and has begun."""

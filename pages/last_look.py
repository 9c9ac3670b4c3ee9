"""
The last look at all reviews, kept until one of them moves: most pages are asked for between two steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from safeguarding.law.partnership import Partnership
from safeguarding.notices.owed import Owed
from safeguarding.notices.wordings_waiting import WordingsWaiting
from tasks.record.every_review import EveryReview, look_at_all
from tasks.record.records import Records
from tasks.store.queries import ReviewRow


class LookAround(NamedTuple):
    """What somebody may see of everything."""

    reviews: Sequence[ReviewRow]
    owed: Sequence[Owed]
    wordings: Sequence[WordingsWaiting] = ()
    """Those that wait to be approved."""


@dataclass(frozen=True, slots=True)
class AllReviews:
    """All reviews, whom each concerns, and what is owed, at one moment of the record; and what each person sees."""

    every: EveryReview
    _seen_by: dict[str, tuple[Partnership, LookAround]] = field(default_factory=dict)

    def of(self, person: str, partnership: Partnership, see: Callable[[EveryReview], LookAround]) -> LookAround:
        """What one person sees of it, worked out once for each state of the partnership."""
        kept = self._seen_by.get(person)
        if kept is None or kept[0] is not partnership:
            kept = self._seen_by[person] = (partnership, see(self.every))
        return kept[1]


class LastLook:
    """Looks, and keeps what it saw."""

    def __init__(self) -> None:
        self._kept: AllReviews | None = None

    def at(self, records: Records) -> AllReviews:
        """The record as it stands."""
        kept = self._kept
        every = look_at_all(records, kept.every if kept else None)
        if kept is None or kept.every is not every:
            self._kept = kept = AllReviews(every)
        return kept

"""
The last look at all reviews, kept until one of them moves: most pages are asked for between two steps.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from safeguarding.law.partnership import Partnership
from safeguarding.notices.owed import Owed
from safeguarding.notices.wordings_waiting import WordingsWaiting
from safeguarding.review.concerned import Concerned
from tasks.record.records import Records
from tasks.record.shareable import waiting
from tasks.store import queries
from tasks.store.owed import load_owed
from tasks.store.queries import ReviewRow
from tasks.store.session import reading

AT_MOST = 60.0
"""Seconds for which a look is kept in any case: rows may be mended without a line in any review (`ledger rebuild`)."""


class LookAround(NamedTuple):
    """What somebody may see of everything."""

    reviews: Sequence[ReviewRow]
    owed: Sequence[Owed]
    wordings: Sequence[WordingsWaiting] = ()
    """Those that wait to be approved."""


@dataclass(frozen=True, slots=True)
class AllReviews:
    """All reviews, whom each concerns, and what is owed, at one moment of the record."""

    far: tuple[int, int]
    looked_at: float
    """By the clock that nobody sets."""
    whom: Mapping[str, Concerned]
    reviews: Sequence[ReviewRow]
    owed: Sequence[Owed]
    wordings: Sequence[WordingsWaiting]
    _seen_by: dict[str, tuple[Partnership, LookAround]] = field(default_factory=dict)

    def of(self, person: str, partnership: Partnership, see: Callable[[], LookAround]) -> LookAround:
        """What one person sees of it, worked out once for each state of the partnership."""
        kept = self._seen_by.get(person)
        if kept is None or kept[0] is not partnership:
            kept = self._seen_by[person] = (partnership, see())
        return kept[1]


class LastLook:
    """Looks, and keeps what it saw."""

    def __init__(self) -> None:
        self._kept: AllReviews | None = None
        self._waiting: dict[str, tuple[int, WordingsWaiting | None]] = {}
        """Of each review at which version it was looked at, and the wordings that waited then."""

    def at(self, records: Records) -> AllReviews:
        """The record as it stands."""
        kept, moment = self._kept, time.monotonic()
        with reading(records.engine) as connection:
            far = queries.how_far(connection)
            if kept is None or kept.far != far or moment - kept.looked_at > AT_MOST:
                whom, rows = queries.whom_they_concern(connection), queries.list_reviews(connection)
                self._kept = kept = AllReviews(
                    far,
                    moment,
                    whom,
                    rows,
                    load_owed(connection),
                    self._wordings(partial(waiting, connection, whom), whom, rows),
                )
        return kept

    def _wordings(
        self,
        waiting_of: Callable[[Collection[str] | None], Sequence[WordingsWaiting]],
        whom: Mapping[str, Concerned],
        rows: Sequence[ReviewRow],
    ) -> list[WordingsWaiting]:
        """Those that wait: read of the reviews alone that have moved since the look before."""
        versions = {row.reference: row.version for row in rows}
        moved = [name for name, version in versions.items() if self._waiting.get(name, (0, None))[0] != version]
        found = {one.whom.reference: one for one in waiting_of(moved if self._waiting else None)}
        self._waiting |= {name: (versions[name], found.get(name)) for name in moved}
        there = (self._waiting[name][1] for name in versions)
        return [one._replace(whom=whom[one.whom.reference]) for one in there if one is not None]

"""
Every review as it stands, whom each concerns, what is owed in it and which wordings wait: read again after a step are
the reviews that have moved, and not all.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from safeguarding.notices.owed import Owed
from safeguarding.notices.wordings_waiting import WordingsWaiting
from safeguarding.review.concerned import Concerned
from tasks.record.records import Records
from tasks.record.shareable import waiting
from tasks.store import queries
from tasks.store.among import if_few
from tasks.store.owed import load_owed, soonest
from tasks.store.queries import HowFar, ReviewRow
from tasks.store.session import reading


class EveryReview(NamedTuple):
    """All reviews at one moment of the record."""

    far: HowFar
    heads: Mapping[str, str]
    """Of each review the hash of its last line, in the order of opening."""
    whom: Mapping[str, Concerned]
    reviews: Sequence[ReviewRow]
    """In the order of opening."""
    owed: Sequence[Owed]
    """The soonest first."""
    wordings: Sequence[WordingsWaiting]
    """Those that wait to be approved, in the order of opening."""


def look_at_all(records: Records, before: EveryReview | None = None) -> EveryReview:
    """The record as it stands; the very look before it where nothing has moved since."""
    with reading(records.engine) as connection:
        far = queries.how_far(connection)
        return before if before is not None and before.far == far else _looked(connection, far, before)


def _looked(connection: Connection, far: HowFar, before: EveryReview | None) -> EveryReview:
    heads = queries.heads(connection)
    if before is None or before.far.made_again != far.made_again:
        before = EveryReview(far, {}, {}, (), (), ())
    some = if_few([name for name, head in heads.items() if before.heads.get(name) != head])
    if some is None or not before.heads:
        before, some = EveryReview(far, {}, {}, (), (), ()), None
    moved = frozenset(some or ())
    whom = {**before.whom, **queries.whom_they_concern(connection, some)}
    rows = {row.reference: row for row in (*before.reviews, *queries.list_reviews(connection, references=some))}
    owed = [one for one in before.owed if one.reference not in moved]
    for one in load_owed(connection, some):
        insort(owed, one, key=soonest)
    wait = {one.whom.reference: one for one in before.wordings if one.whom.reference not in moved}
    wait |= {one.whom.reference: one for one in waiting(connection, whom, some)}
    return EveryReview(
        far, heads, whom, [rows[name] for name in heads], owed, [wait[name] for name in heads if name in wait]
    )

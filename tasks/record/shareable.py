"""
The wordings that may leave the record: opened here and nowhere else for whatever is read outside the review.

Only a wording that somebody approved and nobody withdrew is opened, and nothing else that is sealed; where only some
are asked for, only those. A review whose key was destroyed has none any more.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, Row, select

from safeguarding.notices.wordings_waiting import WordingsWaiting
from safeguarding.registers.lines import StandingLine, as_they_stand
from safeguarding.review.concerned import Concerned
from safeguarding.review.events import CORRECTED, TAKEN_BACK, Event
from safeguarding.review.review import Review
from safeguarding.review.wordings import WORDING, in_force, to_approve, wordings_of
from tasks.record.records import Records
from tasks.store.among import FEW, among
from tasks.store.register_parts import OPEN, open_event
from tasks.store.sealing import Keyring, ReviewKey
from tasks.store.tables import ledger, review_keys

WRITTEN = "wording_written"
KINDS = (WRITTEN, "wordings_approved", "wordings_withdrawn", TAKEN_BACK, CORRECTED)
"""The kinds of line by which it is known which wordings may be shared."""

Shareable = Mapping[tuple[str, str], str]
"""The wordings by review and item: `L01`, `F01`, `R01`, `A01`, or `summary` for the review as a whole."""


def shareable(records: Records, references: Collection[str] | None = None) -> Shareable:
    """
    Every wording that may be shared, of these reviews or of all. Two queries, and one more for each 400 reviews.

    Raises SealBroken for one that does not open.
    """
    return records.with_keys(lambda connection, keys: _opened(connection, keys, references))


def shareable_of(records: Records, review: Review) -> Mapping[str, str]:
    """The wordings of one review that may be shared, by item. Nothing is asked where it has none."""
    if not in_force(review.wordings):
        return {}
    found = shareable(records, [review.reference])
    return {item: words for (_, item), words in found.items()}


def allowed_of(lines: Iterable[StandingLine]) -> dict[str, int]:
    """Of one review the wordings that may be shared, by the lines that stand: of each item the line that holds it."""
    theirs = wordings_of(line.held for line in lines if line.event.kind in KINDS)
    return {item: one.line for item, one in in_force(theirs).items()}


def open_those(connection: Connection, keys: Keyring, allowed: Mapping[str, Mapping[str, int]]) -> Shareable:
    """
    Wordings that may be shared: of these reviews, by item, those in the lines that `allowed_of` found at this moment.

    Raises SealBroken for one that does not open.
    """
    ours = {(name, line): item for name, wordings in allowed.items() for item, line in wordings.items()}
    found: dict[tuple[str, str], str] = {}
    opened: dict[str, ReviewKey] = {}
    for row in _sealed(connection, [name for name, wordings in allowed.items() if wordings]):
        item = ours.get((row.reference, row.sequence))
        if item is None or row.wrapped is None:  # Of a review that was erased nothing is left to share.
            continue
        if row.reference not in opened:
            opened[row.reference] = keys.unwrap(row.reference, row.wrapped)
        words = opened[row.reference].unseal(row.sequence, WORDING, json.loads(row.sealed)[WORDING])
        found[row.reference, item] = words
    return dict(sorted(found.items()))


def _opened(connection: Connection, keys: Keyring, references: Collection[str] | None) -> Shareable:
    standing = _standing(connection, references)
    return open_those(connection, keys, {name: allowed_of(lines) for name, lines in standing.items()})


def waiting(
    connection: Connection, whom: Mapping[str, Concerned], references: Collection[str] | None = None
) -> list[WordingsWaiting]:
    """
    The wordings that wait for an approval, of these reviews or of all, by who had a hand in each; none is opened. Of
    a review that was erased none waits any more. `whom` says of each review whom it concerns.
    """
    keyed = select(review_keys.c.reference).where(review_keys.c.wrapped.is_not(None))
    narrowed = [] if references is None else [ledger.c.reference.in_(references)]
    written = select(ledger.c.reference).where(ledger.c.kind == WRITTEN, ledger.c.reference.in_(keyed), *narrowed)
    there = connection.execute(written.distinct()).scalars().all()
    found = _standing(connection, there) if there else {}
    left = {name: to_approve(wordings_of(line.held for line in lines)) for name, lines in found.items()}
    return [WordingsWaiting(whom[name], {one.id: one.hands for one in some}) for name, some in left.items() if some]


def _standing(connection: Connection, references: Collection[str] | None) -> Mapping[str, list[StandingLine]]:
    """Of each review the lines that say which wordings may be shared, without those that were taken back."""
    narrowed = [] if references is None else [ledger.c.reference.in_(references)]
    query = select(*OPEN).where(ledger.c.kind.in_(KINDS), *narrowed).order_by(ledger.c.reference, ledger.c.sequence)
    lines: dict[str, list[Event]] = defaultdict(list)
    for row in connection.execute(query):
        lines[row.reference].append(open_event(row))
    return {name: as_they_stand(events) for name, events in lines.items()}


def _sealed(connection: Connection, references: Sequence[str]) -> Iterator[Row[str, int, str, str | None]]:
    """The lines in which wordings of these reviews are sealed, with the wrapped key of each."""
    query = (
        select(ledger.c.reference, ledger.c.sequence, ledger.c.sealed, review_keys.c.wrapped)
        .join(review_keys, review_keys.c.reference == ledger.c.reference)
        .where(ledger.c.kind == WRITTEN)
    )
    for first in range(0, len(references), FEW):  # A statement takes so many values and no more.
        yield from connection.execute(query.where(*among(ledger, references[first : first + FEW])))

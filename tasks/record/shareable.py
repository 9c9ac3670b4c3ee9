"""
The wordings that may leave the record: opened here and nowhere else for whatever is read outside the review.

Only a wording that somebody approved and nobody withdrew is opened, and nothing else that is sealed. A review whose
key was destroyed has none any more.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, Select, select

from safeguarding.notices.wordings_waiting import WordingsWaiting
from safeguarding.registers.lines import as_they_stand
from safeguarding.review.concerned import Concerned
from safeguarding.review.entries_put_right import LineHeld
from safeguarding.review.events import CORRECTED, TAKEN_BACK, Event
from safeguarding.review.review import Review
from safeguarding.review.wordings import WORDING, in_force, to_approve, wordings_of
from tasks.record.records import Records
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
    Every wording that may be shared, of these reviews or of all. However many reviews there are, two queries.

    Raises SealBroken for one that does not open.
    """
    return records.with_keys(lambda connection, keys: _opened(connection, keys, references))


def shareable_of(records: Records, review: Review) -> Mapping[str, str]:
    """The wordings of one review that may be shared, by item. Nothing is asked where it has none."""
    if not in_force(review.wordings):
        return {}
    found = shareable(records, [review.reference])
    return {item: words for (_, item), words in found.items()}


def _opened(connection: Connection, keys: Keyring, references: Collection[str] | None) -> Shareable:
    allowed = {name: in_force(wordings_of(lines)) for name, lines in _standing(connection, references).items()}
    allowed = {name: wordings for name, wordings in allowed.items() if wordings}
    ours = {(name, one.line): one.item for name, wordings in allowed.items() for one in wordings.values()}
    found: dict[tuple[str, str], str] = {}
    opened: dict[str, ReviewKey] = {}
    for row in connection.execute(_sealed(allowed)):
        item = ours.get((row.reference, row.sequence))
        if item is None or row.wrapped is None:  # Of a review that was erased nothing is left to share.
            continue
        if row.reference not in opened:
            opened[row.reference] = keys.unwrap(row.reference, row.wrapped)
        words = opened[row.reference].unseal(row.sequence, WORDING, json.loads(row.sealed)[WORDING])
        found[row.reference, item] = words
    return dict(sorted(found.items()))


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
    left = {name: to_approve(wordings_of(lines)) for name, lines in found.items()}
    return [WordingsWaiting(whom[name], {one.id: one.hands for one in some}) for name, some in left.items() if some]


def _standing(connection: Connection, references: Collection[str] | None) -> Mapping[str, list[LineHeld]]:
    """Of each review the lines that say which wordings may be shared, without those that were taken back."""
    narrowed = [] if references is None else [ledger.c.reference.in_(references)]
    query = select(*OPEN).where(ledger.c.kind.in_(KINDS), *narrowed).order_by(ledger.c.reference, ledger.c.sequence)
    lines: dict[str, list[Event]] = defaultdict(list)
    for row in connection.execute(query):
        lines[row.reference].append(open_event(row))
    return {name: [line.held for line in as_they_stand(events)] for name, events in lines.items()}


def _sealed(references: Collection[str]) -> Select[tuple[str, int, str, str | None]]:
    """The lines in which wordings of these reviews are sealed, with the wrapped key of each."""
    return (
        select(ledger.c.reference, ledger.c.sequence, ledger.c.sealed, review_keys.c.wrapped)
        .join(review_keys, review_keys.c.reference == ledger.c.reference)
        .where(ledger.c.kind == WRITTEN, ledger.c.reference.in_(references))
        .order_by(ledger.c.reference, ledger.c.sequence)
    )

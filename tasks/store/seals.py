"""
The seal over the record as a whole: how many reviews and lines there are, every head, every review's key, what it is.

A chain and its head prove one review, and put back together they prove an older day of it. So one row holds, sealed
with the master key, the sum of what the key makes of every head and every wrapped key, moved on in the transaction of
each line: the old head is taken from the sum and the new one added, which costs the same however large the record is.
Nothing is ever sealed as it is found, but once, when a record of an earlier program is first opened.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Row, String, func, literal_column, select, true, update

from safeguarding.errors import RecordChanged
from safeguarding.review.events import NO_REVIEWS, PARTNERSHIP, READINGS
from tasks.store.ledger import Head
from tasks.store.sealing import KEY_BYTES, Keyring
from tasks.store.statements import Adding, Writing
from tasks.store.tables import heads, ledger, record, review_keys, seals

MODULUS = 2**256
SIGNING = "what leaves the machine"
"""What the signing key is the key of, where it is wrapped."""
BROKEN = ""
"""The seal of a record whose seal did not hold: it is not made good by writing on."""

_OWN = tuple(str(column.name) for column in seals.columns if column.name != "id")
_MOVED = ("reviews", "lines", "writes", "total", "latest", "seal")


class _Moving(Writing):
    """The UPDATE of the one row, if it is still as it was read."""

    def __init__(self) -> None:
        names = (*_MOVED, "key_fingerprint")
        super().__init__([*(seals.c[name] for name in names), Column("before", String(44))])

    def statement(self, database: str, rows: int = 1) -> Any:
        """The UPDATE, by the seal that was there before and the key that it was made with."""
        given = self._given(rows)
        same = (
            seals.c.id == literal_column("1"),
            seals.c.key_fingerprint == given["key_fingerprint"],
            seals.c.seal == given["before"],
        )
        return update(seals).where(*same).ordered_values(*((name, given[name]) for name in _MOVED))


_MOVE = _Moving()
_FIRST = Adding(seals, lambda adding: adding.on_conflict_do_nothing())
_ROW = select(seals, record.c.id.label("record"), record.c.simulation, record.c.created_at).join_from(
    seals, record, true()
)
_STANDS = _ROW.with_for_update(of=seals)


class KeyTurned(Exception):
    """The record has another master key than this program holds: it was changed while the program ran."""


class Seal(NamedTuple):
    """The record in one row, as it was sealed last."""

    record: str
    simulation: bool
    created_at: datetime
    reviews: int
    lines: int
    writes: int
    total: int
    latest: datetime
    since: datetime
    signing: str
    key_fingerprint: str
    seal: str = BROKEN

    @classmethod
    def of(cls, row: Row[Any]) -> Seal:
        """The row as it lies in the record."""
        names = [name for name in cls._fields if name != "total"]
        return cls(**{name: getattr(row, name) for name in names}, total=int(row.total, 16) if row.total else 0)

    def sealed(self, keys: Keyring) -> Seal:
        """The same under the master key."""
        return self._replace(seal=keys.seal_record(self._words(self.simulation)))

    def holds(self, keys: Keyring, simulation: bool | None = None) -> bool:
        """Whether it is as a holder of the key sealed it; or would be if the record were (not) a simulation."""
        words = self._words(self.simulation if simulation is None else simulation)
        return hmac.compare_digest(keys.seal_record(words), self.seal)

    def _words(self, simulation: bool) -> str:
        numbers = f"{self.reviews}|{self.lines}|{self.writes}|{self.total:064x}"
        moments = "|".join([_utc(self.created_at), _utc(self.latest), _utc(self.since)])
        return f"{self.record}|{simulation}|{numbers}|{moments}|{self.signing}|{self.key_fingerprint}"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


@dataclass(frozen=True, slots=True)
class Moved:
    """What one line changed of what is sealed: its review's head, and its key where it was made or destroyed."""

    before: Head
    after: Head
    at: datetime
    made: str | None = None
    """The wrapped key of a review that was opened."""
    destroyed: str | None = None
    """The wrapped key that was destroyed."""


# --------------------------------------------------------------------------- kept with every line


def stands(connection: Connection) -> Seal | None:
    """The seal as it lies in the record; None where there is none."""
    row = connection.execute(_ROW).first()
    return None if row is None else Seal.of(row)


class SentOn(NamedTuple):
    """A seal that was sent to the database, and the cursor that knows whether it took the place of the one before."""

    after: Seal
    cursor: Any


def send(connection: Connection, keys: Keyring, moved: Moved, known: Seal | None) -> SentOn | None:
    """
    Send the seal moved on by one line: the last thing that a transaction writes, for on PostgreSQL others wait for it.

    `known` is the seal after the last line that this program wrote: where nobody has moved it since, it need not be
    read. None where none is known that holds. `move` says whether it was so.
    """
    if known is None or known.seal == BROKEN:
        return None
    after = _after(known, keys, moved)
    return SentOn(after, _MOVE.sent(connection, [{**_as_row(after), "before": known.seal}]))


def move(connection: Connection, keys: Keyring, moved: Moved, sent: SentOn | None = None) -> Seal | None:
    """
    The seal moved on by one line: the one that was sent, or where somebody else has moved it meanwhile, from theirs.

    A seal that did not hold stays broken. Raises KeyTurned where the master key was changed.
    """
    if sent is not None and sent.cursor.rowcount:
        return sent.after
    row = connection.execute(_STANDS).first()
    if row is None:
        return None  # It was taken away by other means: proving the record says so.
    before = Seal.of(row)
    if before.key_fingerprint != keys.fingerprint:
        raise KeyTurned
    after = _after(before, keys, moved)
    after = after if before.holds(keys) else after._replace(seal=BROKEN)
    _MOVE.run(connection, [{**_as_row(after), "before": before.seal}])
    return after


def _after(before: Seal, keys: Keyring, moved: Moved) -> Seal:
    of_readings = moved.after.reference == READINGS
    counted = before._replace(
        reviews=before.reviews + (not moved.before.sequence and moved.after.reference not in NO_REVIEWS),
        lines=before.lines + (0 if of_readings else moved.after.sequence - moved.before.sequence),
        writes=before.writes + 1,
        total=(before.total + _difference(keys, moved)) % MODULUS,
        latest=max(before.latest, moved.at),
    )
    return counted.sealed(keys)


def _difference(keys: Keyring, moved: Moved) -> int:
    reference = moved.after.reference
    found = _of_head(keys, reference, moved.after.sequence, moved.after.hash)
    if moved.before.sequence:
        found -= _of_head(keys, reference, moved.before.sequence, moved.before.hash)
    if moved.made is not None:
        found += _of_key(keys, reference, moved.made)
    if moved.destroyed is not None:
        found += _of_key(keys, reference, None) - _of_key(keys, reference, moved.destroyed)
    return found


def _of_head(keys: Keyring, reference: str, sequence: int, line_hash: str) -> int:
    return keys.part(f"head|{reference}|{sequence}|{line_hash}")


def _of_key(keys: Keyring, reference: str, wrapped: str | None) -> int:
    return keys.part(f"key|{reference}|{wrapped or 'destroyed'}")


def _as_row(seal: Seal) -> dict[str, Any]:
    named = {name: getattr(seal, name) for name in _OWN}
    return {**named, "id": 1, "total": f"{seal.total:064x}"}


# --------------------------------------------------------------------------- sealed as it is found, once


def first(connection: Connection, keys: Keyring, now: datetime) -> None:
    """
    Seal a record that has no seal yet, as it is found: what was taken away before now cannot be seen from it.

    Where another program was quicker, its seal stays.
    """
    row = connection.execute(select(record)).one()
    reviews, lines, total = _found(connection, keys)
    latest = connection.execute(select(func.max(ledger.c.at))).scalar() or row.created_at
    signing = keys.wrap(SIGNING, os.urandom(KEY_BYTES))
    found = Seal(
        row.id, row.simulation, row.created_at, reviews, lines, 1, total, latest, now, signing, keys.fingerprint
    )
    _FIRST.run(connection, [_as_row(found.sealed(keys))])


def again(connection: Connection, old: Keyring, new: Keyring) -> None:
    """Move a seal that holds to another master key, once everything that it seals has been moved."""
    before = stands(connection)
    if before is None:
        return
    signing = new.wrap(SIGNING, old.unwrapped(SIGNING, before.signing))
    total = _found(connection, new)[2]
    after = before._replace(
        writes=before.writes + 1, total=total, signing=signing, key_fingerprint=new.fingerprint
    ).sealed(new)
    connection.execute(update(seals).values(_as_row(after)))


def _found(connection: Connection, keys: Keyring) -> tuple[int, int, int]:
    """How many reviews and lines there are by the heads, and the sum over heads and keys. Readings are no lines."""
    reviews = lines = total = 0
    for row in connection.execute(select(heads)):
        if row.reference != READINGS:
            reviews, lines = reviews + (row.reference not in NO_REVIEWS), lines + row.sequence
        total += _of_head(keys, row.reference, row.sequence, row.hash)
    for row in connection.execute(select(review_keys.c.reference, review_keys.c.wrapped)):
        total += _of_key(keys, row.reference, row.wrapped)
    return reviews, lines, total % MODULUS


# --------------------------------------------------------------------------- proving


def faults(connection: Connection, keys: Keyring) -> Sequence[RecordChanged]:
    """Everything by which the record as a whole is not as it was sealed, in words."""
    return list(_faults(connection, keys))


def _faults(connection: Connection, keys: Keyring) -> Iterator[RecordChanged]:
    seal = stands(connection)
    if seal is None:
        yield RecordChanged("", "its seal was taken away, so it cannot be told whether reviews or lines were too")
        return
    if not seal.holds(keys):
        yield RecordChanged("", _why_not(seal, keys))
    reviews, lines, total = _found(connection, keys)
    of_reviews = func.nullif(ledger.c.reference, PARTNERSHIP)
    counted = connection.execute(select(func.count(of_reviews.distinct()), func.count(ledger.c.reference))).one()
    held = (counted[0], counted[1])
    if (seal.reviews, seal.lines) != held or held != (reviews, lines):
        words = "was sealed with {} and {} and holds {} and {}: {}"
        why = "a review or the end of one was taken away, put in, or put back to an earlier day"
        said = (_count(number, what) for pair in ((seal.reviews, seal.lines), held) for number, what in _named(pair))
        yield RecordChanged("", words.format(*said, why))
    elif seal.total != total:
        yield RecordChanged("", "the head or the key of a review was exchanged since it was sealed")


def _why_not(seal: Seal, keys: Keyring) -> str:
    if seal.seal != BROKEN and seal.holds(keys, simulation=not seal.simulation):
        kind = "a simulation" if seal.simulation else "a real record"
        return f"it was marked as {kind} by other means: it was made as the other"
    return "its seal was changed by somebody without the key"


def _named(pair: tuple[int, int]) -> Iterator[tuple[int, str]]:
    yield from zip(pair, ("review", "line"), strict=True)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"

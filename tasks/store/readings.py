"""
Who read which sealed words: one chain over all reviews, each row holding the hash of the one before it.

A row names the lines of the ledger and the texts in them, and never the texts. The database refuses to change or remove
one; the last hash is kept as the head of the chain under the master key, and is in the seal over the whole record and
in the heads that leave the machine, as the heads of the ledger are. So what is changed all the same is found.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, func, select, text

from safeguarding.dates.london import london_moment
from safeguarding.errors import RecordChanged
from safeguarding.review.events import READINGS
from safeguarding.review.states import Track
from tasks.store.ledger import NOTHING, Head, canonical
from tasks.store.sealing import Keyring
from tasks.store.statements import Adding, Changing
from tasks.store.tables import heads, readings, reviews

ONE_AT_A_TIME = 0x5B00
"""The lock of the chain of readings on PostgreSQL."""

Text = tuple[int, str]
"""A sealed text: the line of the ledger, and its name there."""

_APPEND, _FIRST_HEAD = Adding(readings), Adding(heads)
_MOVE_HEAD = Changing(heads, ("sequence", "hash", "seal"), ["reference"])
_HASHED = tuple(column.name for column in readings.columns if column.name != "hash")


class WordsRead(NamedTuple):
    """
    Somebody reads sealed words of one review, or takes registers out, of one review or of every one: then no text is
    named, and no reference for every one. `what` is in words that nobody typed.
    """

    person: str
    name: str
    proof: str
    reference: str
    what: str
    texts: Sequence[Text]


class NotedReading(NamedTuple):
    """A reading as it is on record."""

    number: int
    at: datetime
    reading: WordsRead


class ReadingsWanted(NamedTuple):
    """
    Which readings are looked for: of a review, by a person, on a day in London, or every one; of some tracks' reviews.
    """

    reference: str = ""
    person: str = ""
    day: date | None = None
    tracks: frozenset[Track] = frozenset(Track)
    opened: bool = False
    """Only those by which a sealed word was opened: a bundle is made with none."""

    def where(self) -> list[ColumnElement[bool]]:
        """As conditions of a query."""
        found: list[ColumnElement[bool]] = []
        if self.reference:
            found.append(readings.c.reference == self.reference)
        if self.person:
            found.append(readings.c.person == self.person)
        if self.opened:
            found.append(readings.c.texts != "[]")
        if self.tracks != frozenset(Track):
            there = select(reviews.c.reference).where(reviews.c.track.in_([track.value for track in self.tracks]))
            found.append(readings.c.reference.in_(there) | (readings.c.reference == ""))
        if self.day is not None:
            begins, ends = (london_moment(self.day + timedelta(days=more), time.min) for more in (0, 1))
            found += [readings.c.at >= begins, readings.c.at < ends]
        return found


def append(connection: Connection, reading: WordsRead, at: datetime, keys: Keyring) -> tuple[Head, Head]:
    """Note a reading; the head of the chain before it and after. Others that read meanwhile wait for the end of it."""
    if connection.dialect.name == "postgresql":  # The first reading has no row that could be held.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ONE_AT_A_TIME})
    stands = connection.execute(select(heads.c.sequence, heads.c.hash).where(heads.c.reference == READINGS)).first()
    before = Head(READINGS, *stands) if stands else Head(READINGS)
    row: dict[str, Any] = {
        **reading._asdict(),
        "texts": canonical([list(one) for one in reading.texts]),
        "number": before.sequence + 1,
        "at": at,
        "previous_hash": before.hash,
    }
    row["hash"] = _hash_of(row)
    _APPEND.run(connection, [row])
    after = Head(READINGS, before.sequence + 1, row["hash"])
    seal = keys.seal_head(READINGS, after.sequence, after.hash)
    values = {"reference": READINGS, "sequence": after.sequence, "hash": after.hash, "seal": seal}
    (_MOVE_HEAD if before.sequence else _FIRST_HEAD).run(connection, [values])
    return before, after


def _hash_of(row: Mapping[str, Any]) -> str:
    content = {name: row[name] for name in _HASHED}
    content["at"] = row["at"].astimezone(UTC).isoformat()
    return hashlib.sha256(canonical(content).encode()).hexdigest()


# --------------------------------------------------------------------------- read again


def noted(connection: Connection, asked: ReadingsWanted, limit: int, skip: int = 0) -> list[NotedReading]:
    """The readings that are looked for, the newest first."""
    query = select(readings).where(*asked.where()).order_by(readings.c.number.desc()).limit(limit).offset(skip)
    return [_noted(row) for row in connection.execute(query)]


def _noted(row: Row[Any]) -> NotedReading:
    texts = [(int(line), str(name)) for line, name in json.loads(row.texts)]
    return NotedReading(row.number, row.at, WordsRead(row.person, row.name, row.proof, row.reference, row.what, texts))


def count(connection: Connection, asked: ReadingsWanted) -> int:
    """How many there are of those that are looked for."""
    return connection.execute(select(func.count()).select_from(readings).where(*asked.where())).scalar_one()


def readers(connection: Connection) -> list[tuple[str, str]]:
    """Everybody who ever read something: their id, and what they were called last."""
    last = select(func.max(readings.c.number)).group_by(readings.c.person)
    query = select(readings.c.person, readings.c.name).where(readings.c.number.in_(last)).order_by(readings.c.name)
    return [(row.person, row.name) for row in connection.execute(query)]


# --------------------------------------------------------------------------- proving


def faults(connection: Connection, keys: Keyring) -> Iterator[RecordChanged]:
    """Every reading that was changed, removed or put in, by whatever means, in words."""
    end = connection.execute(select(heads).where(heads.c.reference == READINGS)).first()
    previous, number = NOTHING, 0
    for row in connection.execute(select(readings).order_by(readings.c.number), execution_options={"yield_per": 500}):
        gone = range(number + 1, row.number)
        yield from (_fault(one, "it was removed") for one in gone)
        if _hash_of(row._asdict()) != row.hash:
            yield _fault(row.number, "it does not say what it said when it was noted")
        elif row.previous_hash != previous and not gone:
            yield _fault(row.number, "it does not follow the one before it as that now is")
        previous, number = row.hash, row.number
    if end is None:
        if number:
            yield _fault(number, "the record does not know of it: the head of the readings is gone")
        return
    if not hmac.compare_digest(keys.seal_head(READINGS, end.sequence, end.hash), end.seal):
        yield _fault(end.sequence, "the readings were given another end by somebody without the key")
    yield from (_fault(gone, "it was removed from the end") for gone in range(number + 1, end.sequence + 1))
    if number > end.sequence:
        yield _fault(number, f"it was put in: the readings end with number {end.sequence}")
    elif number == end.sequence and previous != end.hash:
        yield _fault(number, "it is not the one that the readings ended with")


def against(connection: Connection, sequence: int, last_hash: str, day: str) -> Iterator[RecordChanged]:
    """Whether the readings have gone on from how they ended on a day, by what left the machine then."""
    found = connection.execute(select(readings.c.hash).where(readings.c.number == sequence)).scalar()
    if found is None:
        yield RecordChanged("", f"it had {sequence} readings of sealed words on {day}, and some of them are gone")
    elif found != last_hash:
        yield _fault(sequence, f"it is not the one that they ended with on {day}")


def _fault(number: int, why: str) -> RecordChanged:
    return RecordChanged("", f"number {number} of the readings of sealed words is broken: {why}")

"""
Who is who in the record: what the record itself is, and the references and pseudonyms it gives out.

A reference is given out inside the transaction that opens the review, from a counter that only that
transaction may move, so a refused opening gives it back and there is never a gap or a double.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, bindparam, func, insert, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from safeguarding.as_typed import looks
from safeguarding.dates.london import london_date
from safeguarding.law.pseudonyms import Pseudonyms
from safeguarding.lifecycle import Identity
from safeguarding.review.states import Track
from tasks.store import seals
from tasks.store.ledger import reference_of
from tasks.store.sealing import Keyring, MasterKeyWrong
from tasks.store.statements import Asking
from tasks.store.tables import counters, record, reviews

LETTERS = 26
LETTERED = Pseudonyms()


@dataclass(frozen=True, slots=True)
class RecordIdentity:
    """What this record is. Only a simulation takes another time than the clock on the wall."""

    id: str
    simulation: bool
    created_at: datetime


def is_established(connection: Connection) -> bool:
    """Whether the record has been given its identity and its master key."""
    return connection.execute(select(record.c.id)).first() is not None


def fingerprint(connection: Connection) -> str:
    """What the record knows its master key by."""
    return str(connection.execute(select(record.c.key_fingerprint)).scalar_one())


def known(connection: Connection, keys: Keyring) -> RecordIdentity:
    """
    The record's identity. Raises MasterKeyWrong if it was made with another master key.

    A record is no simulation for having been marked as one by other means: its seal says what it was made as.
    """
    row = connection.execute(select(record)).one()
    if row.key_fingerprint != keys.fingerprint:
        raise MasterKeyWrong
    seal = seals.stands(connection) if row.simulation else None
    marked = seal is not None and not seal.holds(keys) and seal.holds(keys, simulation=False)
    return RecordIdentity(row.id, row.simulation and not marked, row.created_at)


def establish(connection: Connection, keys: Keyring, now: datetime, simulation: bool = False) -> RecordIdentity:
    """The record's identity, made now if it has none yet. Raises MasterKeyWrong as `known` does."""
    if not is_established(connection):
        made = {"id": str(uuid4()), "simulation": simulation, "created_at": now, "key_fingerprint": keys.fingerprint}
        connection.execute(insert(record), made)
    return known(connection, keys)


def allocate(
    connection: Connection, track: Track, now: datetime, pseudonyms: Pseudonyms = LETTERED, chosen: str = ""
) -> Identity:
    """
    The next reference of the track in the London year, and its pseudonym: the one chosen, or the next to be given out.

    The track's counter goes on whichever it is, so that it says how many were given out.
    """
    series = f"{track.prefix}-{london_date(now).year}"
    reference = reference_of(series, _next(connection, series))
    number = _next(connection, track.subject)
    listed = pseudonyms.of_track(track.value)
    if chosen and pseudonyms.how == "chosen":
        return Identity(reference, chosen)
    taken = {looks(name) for name in connection.execute(select(reviews.c.pseudonym)).scalars()} if listed else set()
    found = next((name for name in listed if looks(name) not in taken), None)
    while found is None or _is_there(connection, found):
        found = f"{track.subject} {letters(number)}"
        number += 1
    return Identity(reference, found)


def taken_by(connection: Connection, pseudonym: str) -> str | None:
    """
    The review that is spoken of so already, as a reader would say: whatever its capitals and the width of its letters.

    Not asked of the database, which does not know the capitals of letters with accents everywhere.
    """
    alike = looks(pseudonym)
    rows = connection.execute(select(reviews.c.reference, reviews.c.pseudonym))
    return next((row.reference for row in rows if looks(row.pseudonym) == alike), None)


def _is_there(connection: Connection, lettered: str) -> bool:
    """Whether a pseudonym of our own making, in plain letters, is there already; quick however many there are."""
    return _TAKEN.first(connection, {"pseudonym": lettered.lower()}) is not None


_TAKEN = Asking(select(reviews.c.reference).where(func.lower(reviews.c.pseudonym) == bindparam("pseudonym")))


def _next(connection: Connection, name: str) -> int:
    counted = _COUNT[connection.dialect.name].first(connection, {"name": name, "last": 1})
    return int(counted[0]) if counted else 1


_COUNT = {
    database: Asking(
        insert(counters)
        .on_conflict_do_update(index_elements=["name"], set_={"last": counters.c.last + literal_column("1")})
        .returning(counters.c.last)
    )
    for database, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def letters(number: int) -> str:
    """1 as A, 26 as Z, 27 as AA: as columns of a spreadsheet are named."""
    name = ""
    while number > 0:
        number, letter = divmod(number - 1, LETTERS)
        name = chr(ord("A") + letter) + name
    return name

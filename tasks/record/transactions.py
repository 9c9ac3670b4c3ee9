"""
The transactions of the record: one for each line, sealed as its last act, and done again where the master key changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, bindparam, literal_column, select, text
from sqlalchemy.dialects import postgresql, sqlite

from safeguarding.review.events import PARTNERSHIP, Event
from tasks.store import identity, ledger, projections, readings, seals
from tasks.store.beside import Beside
from tasks.store.key_files import fitting_key
from tasks.store.ledger import NOTHING, Head
from tasks.store.readings import WordsRead
from tasks.store.sealing import Keyring, MasterKeyWrong
from tasks.store.seals import KeyTurned, Moved, Seal
from tasks.store.session import reading, writing
from tasks.store.statements import Adding, Asking, together
from tasks.store.tables import heads, reviews, submissions

T = TypeVar("T")

ONE_AT_A_TIME = 0x5AFF
"""The lock of the partnership's own chain on PostgreSQL."""


class SubmittedBefore(Exception):
    """This submission is in the ledger already: its transaction is given up, and answered from there."""

    def __init__(self, reference: str, sequence: int) -> None:
        self.reference = reference
        self.sequence = sequence
        super().__init__(reference, sequence)


_SUBMIT = Adding(submissions, lambda adding: adding.on_conflict_do_nothing())
_SUBMITTED = select(submissions.c.reference, submissions.c.sequence).where(submissions.c.token == bindparam("token"))
_NEXT_LINE = select(
    bindparam("token", type_=submissions.c.token.type), reviews.c.reference, reviews.c.version + literal_column("1")
)
_SUBMIT_NEXT = {
    database: Asking(
        insert(submissions)
        .from_select(
            ["token", "reference", "sequence"], _NEXT_LINE.where(reviews.c.reference == bindparam("reference"))
        )
        .on_conflict_do_nothing()
    )
    for database, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
"""A submission for the line that comes after those that a review has; what was held before it stays as it is read."""


def submit(connection: Connection, token: str | None, head: Head) -> None:
    """Claim a submission for the line that comes after `head`. Raises SubmittedBefore if it has had its line."""
    if token is not None:
        row = {"token": token, "reference": head.reference, "sequence": head.sequence + 1}
        if not _SUBMIT.run(connection, [row]):
            raise SubmittedBefore(*connection.execute(_SUBMITTED, {"token": token}).one())


def hold(connection: Connection, reference: str, token: str | None) -> tuple[Any, ...] | None:
    """
    Hold a review until the transaction ends, and claim a submission for its next line: asked together.

    The last line of its chain and its wrapped key; None where there is no such review. Raises SubmittedBefore.
    """
    if token is None:
        return projections.LOCKED.first(connection, {"reference": reference})
    claim = {"token": token, "reference": reference}
    with together(connection):
        held = projections.LOCKED.sent(connection, claim)
        claimed = _SUBMIT_NEXT[connection.dialect.name].sent(connection, claim)
    stands: tuple[Any, ...] | None = held.fetchone()
    if stands is not None and not claimed.rowcount:
        raise SubmittedBefore(*connection.execute(_SUBMITTED, {"token": token}).one())
    return stands


class Line:
    """One transaction that writes a line, and what that line changes of the seal."""

    __slots__ = ("connection", "destroyed", "made", "seal")

    def __init__(self, connection: Connection, known: Seal | None) -> None:
        self.connection = connection
        self.made: str | None = None
        self.destroyed: str | None = None
        self.seal = known
        """The seal as this program knows it, before the line and after."""

    def sealing(self, keys: Keyring, before: Head, after: Head, at: datetime) -> Callable[[], None]:
        """
        Send the seal moved on: the last thing that is written. What is returned is called once that was done, together
        with what it was sent with, and has it moved if somebody else had moved it. Raises KeyTurned then.
        """
        moved = Moved(before, after, at, self.made, self.destroyed)
        sent = seals.send(self.connection, keys, moved, self.seal)

        def finish() -> None:
            self.seal = seals.move(self.connection, keys, moved, sent)

        return finish

    def sealed(self, keys: Keyring, before: Head, after: Head, at: datetime) -> None:
        """Move the seal on: the last thing before the transaction ends. Raises KeyTurned."""
        self.sealing(keys, before, after, at)()


class Transactions:
    """A record's database, its master key, and the note beside it."""

    def __init__(self, engine: Engine, keys: Keyring, beside: Beside | None, secret: Callable[[], str | None]) -> None:
        self.engine = engine
        self._keys = keys
        self._beside = beside
        self._secret = secret
        self._seal: Seal | None = None

    def _write(self, work: Callable[[Line], T]) -> T:
        """One transaction that writes a line, and what is noted beside the record once it is committed."""

        def written() -> T:
            with writing(self.engine) as connection:
                line = Line(connection, self._seal)
                done = work(line)
            if line.seal is not self._seal and self._beside is not None:
                self._beside.note(line.seal)
            self._seal = line.seal
            return done

        return self._with_its_key(written)

    def alter(self, work: Callable[[Connection, Keyring], T]) -> T:
        """One transaction that writes no line and needs the master key; what it comes to is noted beside the record."""
        with writing(self.engine) as connection:
            done = work(connection, self._keys)
            seal = seals.stands(connection)
        if self._beside is not None:
            self._beside.note(seal)
        return done

    def add_of_partnership(self, make: Callable[[Sequence[Event]], Event | None]) -> Event | None:
        """
        Add a line to the partnership's own chain, made from those before it; None where none is to be added.
        """

        def added(line: Line) -> Event | None:
            if line.connection.dialect.name == "postgresql":
                # The first line has no row that could be held.
                line.connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ONE_AT_A_TIME})
            before = ledger.read(line.connection, PARTNERSHIP)
            event = make(before)
            if event is None:
                return None
            event = ledger.plain(event)
            hashed = select(heads.c.hash).where(heads.c.reference == PARTNERSHIP)
            head = Head(PARTNERSHIP, len(before), line.connection.execute(hashed).scalar() or NOTHING)
            end = ledger.append(line.connection, head, event, None, self._keys)
            line.sealed(self._keys, head, end, event.at)
            return event

        return self._write(added)

    def note_reading(self, reading: WordsRead, at: datetime) -> None:
        """Note that somebody reads sealed words: committed before this returns, and so before they are given any."""

        def added(line: Line) -> None:
            before, after = readings.append(line.connection, reading, at, self._keys)
            line.sealed(self._keys, before, after, at)

        self._write(added)

    def _read(self, ask: Callable[[Connection], T]) -> T:
        def found() -> T:
            with reading(self.engine) as connection:
                return ask(connection)

        return self._with_its_key(found)

    def _with_its_key(self, work: Callable[[], T]) -> T:
        """Do this; once more with the key that is there now, where the master key was changed meanwhile."""
        try:
            return work()
        except (KeyTurned, MasterKeyWrong):
            if self._beside is None:
                raise MasterKeyWrong from None
            with reading(self.engine) as connection:
                fingerprint = identity.fingerprint(connection)
            if fingerprint == self._keys.fingerprint:
                raise
            self._keys = fitting_key(self._beside.home, self._secret(), fingerprint)
            return work()

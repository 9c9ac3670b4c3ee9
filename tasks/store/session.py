"""
Connections to the record: SQLite beside the program, or PostgreSQL by its address, with the same promises.

A write holds the record (SQLite) or the review's row (PostgreSQL) from its first statement, so what it read
is still true when it commits. A read sees one moment throughout.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from weakref import ReferenceType, WeakKeyDictionary, ref

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from tasks.store.whereabouts import read_address

Synchronous = Literal["NORMAL", "FULL"]

BUSY_SECONDS = 30
"""How long a write waits for another process's write before it gives up (SQLite only)."""

_WRITES = "writes"
"""What a connection is told for the one transaction that it begins next."""


class _Writer:
    """
    The one connection by which this process writes to a file of SQLite, kept from one write to the next.

    SQLite lets one write in at a time, and makes the others sleep and try again. Threads of one process stand in a
    queue instead, and are woken the moment the record is free; so one connection is enough, and taking one from the
    pool and giving it back costs a twentieth of a step.
    """

    def __init__(self, keeps: bool, patience: float) -> None:
        self._queue = threading.Lock()
        self._keeps, self._patience = keeps, patience
        self._kept: Connection | None = None

    @contextmanager
    def connection(self, engine: Engine) -> Iterator[Connection]:
        """
        The connection, for whoever's turn it is; another one after an error of the database or an interruption.

        Whoever stands in the queue waits no longer than for a record that another program holds: each that waited for
        it in turn would otherwise wait as long again.
        """
        with self._turn():
            if not self._keeps:
                with engine.connect() as connection:
                    yield connection
                return
            if self._kept is None:
                self._kept = engine.connect()
                self._kept.detach()  # So that to close it closes it, whatever has become of the pool.
            try:
                yield self._kept
            except BaseException as error:
                # What a refusal left was rolled back. An interruption may have come in before that could be.
                if isinstance(error, sqlite3.Error | SQLAlchemyError) or not isinstance(error, Exception):
                    self._let_go()
                raise

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._queue.acquire(timeout=self._patience):
            # What SQLite would say of one that another program holds.
            raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
        try:
            yield
        finally:
            self._queue.release()

    def dispose(self) -> None:
        """Close it, as the engine closes its own."""
        with self._queue:
            self._let_go()

    def _let_go(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None


_writers: WeakKeyDictionary[Dialect, ReferenceType[_Writer]] = WeakKeyDictionary()
"""The writer of each engine of SQLite, by its dialect, which is its own. What listens to the engine holds it."""


def connect(url: str, synchronous: Synchronous = "NORMAL", patience: float = BUSY_SECONDS) -> Engine:
    """
    The record's database. `sqlite:///FILE` or `postgresql://...`. Raises AddressUnfit for any other.

    `synchronous` is SQLite's: NORMAL survives a crash of the program and may lose the last moments when the
    machine loses power; FULL survives both. `patience` is how many seconds a record that another program holds is
    waited for, or a server that does not answer.
    """
    address = read_address(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, synchronous, patience)
    waits = {"connect_timeout": max(2, int(patience))}  # libpq takes one second for two
    return create_engine(address, pool_pre_ping=True, pool_size=8, max_overflow=24, connect_args=waits)


def _sqlite(address: URL, synchronous: Synchronous, patience: float) -> Engine:
    in_memory = address.database in (None, "", ":memory:")
    settings: dict[str, Any] = {"connect_args": {"timeout": patience, "check_same_thread": False}}
    if in_memory:
        settings["poolclass"] = StaticPool
    else:
        Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
        settings |= {"pool_size": 8, "max_overflow": 24}
    engine = create_engine(address, **settings)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # The driver would begin too late, and never IMMEDIATE.
        cursor = connection.cursor()
        _write_ahead(cursor, patience)
        for setting in (
            f"synchronous = {synchronous}",
            f"busy_timeout = {int(patience * 1000)}",
            "foreign_keys = ON",
            "secure_delete = FAST",  # A destroyed key is overwritten, not only unlinked.
            "wal_autocheckpoint = 4000",  # A step writes some dozens of pages, most of them again and again.
            "cache_size = -16000",  # 16 MB, for each connection
            "recursive_triggers = ON",  # INSERT OR REPLACE on the ledger meets the delete trigger.
        ):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        driver.execute("BEGIN IMMEDIATE" if connection.info.pop(_WRITES, False) else "BEGIN")

    writer = _Writer(keeps=not in_memory, patience=patience)

    @event.listens_for(engine, "engine_disposed")
    def disposed(_: Engine) -> None:
        writer.dispose()

    _writers[engine.dialect] = ref(writer)
    return engine


def _write_ahead(cursor: Any, patience: float) -> None:
    """Put a new file into WAL mode. SQLite does not wait for others in this one thing, so we do."""
    until = time.monotonic() + patience
    while cursor.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes. Commits at the end, or leaves nothing at all."""
    kept = _writers.get(engine.dialect)
    writer = kept() if kept is not None else None
    with engine.connect() if writer is None else writer.connection(engine) as connection:
        connection.info[_WRITES] = True  # Not an option of the connection: that costs more than the transaction itself.
        with connection.begin():
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads, and sees one moment throughout."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.begin() as connection:
        yield connection

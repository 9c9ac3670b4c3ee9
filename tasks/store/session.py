"""
Connections to the record: SQLite beside the program, or PostgreSQL by its address, with the same promises.

A write holds the record (SQLite) or the review's row (PostgreSQL) from its first statement, so what it read
is still true when it commits. A read sees one moment throughout.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Literal
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import Pool, StaticPool

from tasks.store.whereabouts import read_address

Synchronous = Literal["NORMAL", "FULL"]

BUSY_SECONDS = 30
"""How long a write waits for another process's write before it gives up (SQLite only)."""

_queues: WeakKeyDictionary[Pool, threading.Lock] = WeakKeyDictionary()
# SQLite lets one write in at a time, and makes the others sleep and try again. Threads of one process stand
# in this queue instead, and are woken the moment the record is free.


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
        writes = connection.get_execution_options().get("writes", False)
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")

    _queues[engine.pool] = threading.Lock()
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
    with _queues.get(engine.pool) or nullcontext(), engine.connect() as connection:
        connection.execution_options(writes=True)
        with connection.begin():
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads, and sees one moment throughout."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.begin() as connection:
        yield connection

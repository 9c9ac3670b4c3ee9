"""
Prefect's SQLite: what is erased is overwritten, and a transaction that writes waits its turn instead of failing.

Two settings, given by SQLAlchemy's own events to the connections of Prefect's file, and proved before the server
serves. Privacy hangs on the first: an answer that was erased must not linger in free pages. Durability hangs on the
second: Prefect begins DEFERRED and reads before it writes; under WAL a writer in between fails it at once with
«database is locked», which no busy timeout covers (one Resume in fourteen). IMMEDIATE waits.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.pool import NullPool

from safeguarding.errors import SafeguardingError

log = logging.getLogger("safeguarding.server")

CHECKPOINT_EVERY = 20.0
"""Seconds. How long an erased answer may linger in SQLite's write-ahead log."""
REWRITE_EVERY = 900.0
"""
Seconds between two times at which the file is written anew. Where rows move from page to page, SQLite leaves the
beginning of one in bytes that no row uses, and overwrites nothing there when the row is erased, whatever is set.
"""
REWRITE_SHARE = 0.005
"""Of the time at most, where the file is so large that writing it anew takes long: whoever writes waits meanwhile."""


class NotInForce(SafeguardingError):
    """What privacy or durability hangs on does not hold with this version of Prefect or of its libraries."""

    code = "not-in-force"

    def __init__(self, lacking: tuple[str, ...]) -> None:
        super().__init__(f"Prefect's server is not started, for it would not be safe: {'; '.join(lacking)}.", lacking)


class SafeSqlite:
    """The two settings for the SQLite file at this address; for any other database there is nothing to set."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        inside = address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:")
        self.file = Path(str(address.database)).resolve() if inside else None
        self.overwriting, self.waiting = 0, 0
        """Connections that overwrite, and transactions that wait, so far."""

    def install(self) -> None:
        """From now on, for every connection to the file in this process."""
        if self.file is None:
            return
        event.listen(Engine, "connect", self._connected)
        event.listen(Engine, "before_cursor_execute", self._about_to_run, retval=True)

    def remove(self) -> None:
        """No longer."""
        if self.file is not None and event.contains(Engine, "connect", self._connected):
            event.remove(Engine, "connect", self._connected)
            event.remove(Engine, "before_cursor_execute", self._about_to_run)

    def prove(self) -> None:
        """
        Refuse where a setting does not hold: on a connection made as Prefect makes its own, and on Prefect's own.

        Called once Prefect has opened its database. Raises NotInForce.
        """
        if self.file is None:
            return
        mine = (self.overwriting, self.waiting)
        lacking = [
            *([] if mine[0] else ["Prefect's connections do not overwrite what is erased (PRAGMA secure_delete)"]),
            *([] if mine[1] else ["Prefect's transactions do not wait their turn (BEGIN IMMEDIATE)"]),
            *self._tried(),
        ]
        if lacking:
            raise NotInForce(tuple(lacking))

    def keep_folding(self) -> Callable[[], None]:
        """
        Keep folding the write-ahead log away, which until then holds pages with what was erased, and now and then write
        the file anew. Stops it.
        """
        stop = threading.Event()

        def keep(file: Path) -> None:
            rewrite_at = 0.0
            while not stop.wait(CHECKPOINT_EVERY):
                try:
                    _fold(file)
                    if time.monotonic() >= rewrite_at:
                        rewrite_at = time.monotonic() + max(REWRITE_EVERY, rewrite(file) / REWRITE_SHARE)
                except sqlite3.Error as busy:
                    log.debug("checkpoint put off: %s", busy)

        if self.file is not None:
            threading.Thread(target=keep, args=(self.file,), name="checkpoints", daemon=True).start()
        return stop.set

    # ----------------------------------------------------------------------- what SQLAlchemy calls

    def _connected(self, connection: Any, _: Any) -> None:
        if "sqlite" not in type(connection).__module__:  # Another database of this process.
            return
        cursor = connection.cursor()
        cursor.execute("PRAGMA database_list")
        if any(row[2] and Path(row[2]).resolve() == self.file for row in cursor.fetchall()):
            cursor.execute("PRAGMA secure_delete = ON")
            self.overwriting += cursor.fetchone()[0]
        cursor.close()

    def _about_to_run(self, connection: Any, _: Any, statement: str, parameters: Any, *rest: Any) -> tuple[str, Any]:
        if statement.startswith("BEGIN DEFERRED") and self._is_mine(connection):
            self.waiting += 1
            return "BEGIN IMMEDIATE", parameters
        return statement, parameters

    def _is_mine(self, connection: Any) -> bool:
        return Path(str(connection.engine.url.database)).resolve() == self.file

    def _tried(self) -> list[str]:
        """What does not hold on a connection of our own to the file, opened through SQLAlchemy too."""
        engine = create_engine(f"sqlite:///{self.file}", poolclass=NullPool, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as first, engine.connect() as second:
                overwrites = first.exec_driver_sql("PRAGMA secure_delete").scalar()
                second.exec_driver_sql("PRAGMA busy_timeout = 0")
                first.exec_driver_sql("PRAGMA busy_timeout = 20000")
                first.exec_driver_sql("BEGIN DEFERRED")
                try:
                    second.exec_driver_sql("BEGIN IMMEDIATE")
                    waits = False
                    second.exec_driver_sql("ROLLBACK")
                except Exception:  # noqa: BLE001  it was to be turned away: the first one holds the file
                    waits = True
                first.exec_driver_sql("ROLLBACK")
        finally:
            engine.dispose()
        return [
            *([] if overwrites == 1 else ["what is erased is not overwritten (PRAGMA secure_delete)"]),
            *([] if waits else ["a transaction that writes does not wait its turn (BEGIN IMMEDIATE)"]),
        ]


def _opened(file: Path) -> AbstractContextManager[sqlite3.Connection]:
    """The file, for a moment; whoever else writes goes first. Never made where there is none."""
    return closing(sqlite3.connect(f"file:{file}?mode=rw", uri=True, timeout=1.0, isolation_level=None))


def _fold(file: Path) -> None:
    with _opened(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def rewrite(file: Path) -> float:
    """Write the file anew, each page from what stands in it; how many seconds that took. Raises sqlite3.Error."""
    began = time.monotonic()
    with _opened(file) as connection:
        connection.execute("PRAGMA temp_store = MEMORY")  # No copy of the file in another folder.
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return time.monotonic() - began

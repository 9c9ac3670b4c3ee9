"""
Backups: one dated file that restores into either kind of database, proved after it was written.

A file holds the record as a SQLite database (by SQLite's own online copy, or row by row from PostgreSQL), the heads of
its chains signed, what has left this machine, the list of all this with sizes and digests, and, only where it is asked
for, the master key.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, text

from safeguarding.errors import Damage
from safeguarding.law.rulebook import Rulebook
from tasks.record import contents, heads, proving
from tasks.record.contents import DEPARTURES, HEADS, RECORD, BackupUnfit
from tasks.record.installation import Installation
from tasks.store import heartbeat
from tasks.store.migrations import migrate
from tasks.store.sealing import KEY_FILE, Keyring
from tasks.store.session import connect, reading, writing
from tasks.store.tables import metadata

ENDING = ".backup.zip"
AT_A_TIME = 500
"""Rows copied together."""


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that was written and read again."""

    file: Path
    heads: Path | None
    line: str
    """What it holds, in a line."""
    found: Sequence[Damage]
    """What proving the copy found: what is wrong with it is wrong with the record."""


def back_up(installation: Installation, folder: Path, now: datetime, *, with_key: bool = False) -> Written:
    """
    Write a backup into a folder while the system runs, and prove the copy. Raises BackupUnfit.

    Under its dated name it is whole: it is written under another one, and read again, before it is named.
    """
    home, records = installation.settings.home, installation.records
    folder.mkdir(parents=True, exist_ok=True)
    name = f"safeguarding-{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"
    target = folder / f"{name}{ENDING}"
    if target.exists():
        raise BackupUnfit(str(target), "there is a backup of this second already")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as aside:
        copied = Path(aside) / RECORD
        copy_out(records.engine, copied)
        with opened(copied) as engine:
            said, found = records.with_keys(lambda _, keys: _proved(engine, keys, installation.rulebook, now))
        if said is not None:
            heads.write(Path(aside) / HEADS, said)
        if (home / DEPARTURES).exists():
            # Whole lines only: one that is being written, or that a bad disk changed, would make the backup unfit.
            lines = contents.departures(home / DEPARTURES)
            (Path(aside) / DEPARTURES).write_bytes(b"".join(line + b"\n" for line in lines))
        if with_key:
            if not (home / KEY_FILE).exists():
                raise BackupUnfit(str(target), "the master key is no file of the home folder, so keep it yourself")
            shutil.copy(home / KEY_FILE, Path(aside) / KEY_FILE)
        whole = Path(aside) / target.name
        _pack(whole, [Path(aside) / one for one in (RECORD, HEADS, DEPARTURES, KEY_FILE)])
        whole.replace(target)
    beside = heads.write(folder / f"{name}.heads.json", said) if said is not None else None
    with writing(records.engine) as connection:
        heartbeat.beat(connection, heartbeat.BACKUP, now)
    return Written(target, beside, heads.in_a_line(said) if said else "", found)


def _proved(engine: Engine, keys: Keyring, rulebook: Rulebook, now: datetime) -> tuple[Any, Sequence[Damage]]:
    with reading(engine) as connection:
        return heads.taken(connection, keys, now), proving.prove(connection, keys, rulebook)


def _pack(whole: Path, files: Sequence[Path]) -> None:
    with (
        os.fdopen(os.open(whole, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as lines,
        contents.Marked(lines) as packed,
    ):
        there = [file for file in files if file.exists()]
        for file in there:
            packed.write(file, file.name)
        packed.writestr(contents.LIST, contents.listed(there))
        packed.close()
        lines.flush()
        os.fsync(lines.fileno())
    with zipfile.ZipFile(whole) as packed:
        broken = packed.testzip()
    if broken is not None:
        raise BackupUnfit(str(whole), f"{broken} in it did not come out as it went in: is the disk sound?")


@contextmanager
def opened(file: Path) -> Iterator[Engine]:
    """A copy of a record in a file, for as long as it is read."""
    engine = connect(f"sqlite:///{file}")
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def unpacked(file: Path, folder: Path) -> Iterator[tuple[Path, Sequence[str]]]:
    """
    What a backup holds, in a folder that is removed again, and what is to be known of it.

    Raises BackupUnfit for what is no backup, or is damaged.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as aside:
        known = contents.unpack(file, Path(aside))
        if not contents.log_is_sound(Path(aside) / DEPARTURES):
            raise BackupUnfit(str(file), f"it is damaged: {DEPARTURES} in it holds something else than what has left")
        yield Path(aside), known


# --------------------------------------------------------------------------- copying


def copy_out(engine: Engine, file: Path) -> None:
    """One moment of a record, whichever database holds it, as a SQLite database."""
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(file)) as target, engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        return
    with opened(file) as target_engine:
        migrate(target_engine)
        with reading(engine) as source, writing(target_engine) as connection:
            copy_rows(source, connection)
        with target_engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def copy_rows(source: Connection, target: Connection) -> None:
    """Every row of every table, each chain in its order: the guards of the new database hold while it is filled."""
    for table in metadata.sorted_tables:
        rows: list[dict[str, Any]] = []
        query = select(table).order_by(*table.primary_key.columns)
        for row in source.execute(query, execution_options={"yield_per": AT_A_TIME}):
            rows.append(dict(row._mapping))
            if len(rows) == AT_A_TIME:
                target.execute(insert(table), rows)
                rows = []
        if rows:
            target.execute(insert(table), rows)
    if target.dialect.name == "postgresql":
        target.execute(
            text("SELECT setval(pg_get_serial_sequence('notices', 'id'), (SELECT max(id) + 1 FROM notices), false)")
        )

"""
Prefect's database is disposable: one that is damaged is set aside when the system starts, and made anew.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

BESIDE = ("", "-wal", "-shm")
"""What SQLite keeps beside a database belongs to it."""


def set_aside(file: Path, moment: datetime) -> Path | None:
    """Give a damaged database another name, with the moment in it; that name, or None where nothing is damaged."""
    if not file.exists() or not _damaged(file):
        return None
    aside = file.with_name(f"{file.name}.damaged-{moment:%Y-%m-%d-%H%M%S}")
    for end in BESIDE:
        part = file.with_name(file.name + end)
        if part.exists():
            part.rename(aside.with_name(aside.name + end))
    return aside


def words(aside: Path) -> str:
    """What is said of it."""
    return (
        f"Prefect's database was damaged. It lies aside as {aside} and may be deleted; a new one is made, and the "
        "record brings every card and schedule back. An answer that somebody sent as it broke is to be given again."
    )


def _damaged(file: Path) -> bool:
    """Whether it is no database, or one whose pages do not hold together. One that is held by another is in use."""
    try:
        connection = sqlite3.connect(f"file:{file}?mode=rw", uri=True, timeout=5.0)
        try:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
        finally:
            connection.close()
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        return True

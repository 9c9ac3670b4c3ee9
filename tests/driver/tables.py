"""
A record's tables, made once a run by the real migration and copied for each test: making them anew takes longer
than most of what is then tried on them. That they are made, the tests of the migrations try on databases of their own.
"""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile

from sqlalchemy import Engine

from driver.shared import made_once
from tasks.store.migrations import migrate
from tasks.store.session import connect

NEW_OF_ACTIONS = (
    *("recommendation", "lesson", "themes", "role", "priority", "blocked_by", "blocked", "evidence", "added_by"),
    *("submitted_by", "first_due_on", "postponed", "impact", "impact_on", "what_now"),
)
"""The columns that the ninth step of the migrations brought to the table of actions."""


def _migrated(file: Path) -> None:
    engine = connect(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()


def laid(file: Path) -> str:
    """Put a SQLite database with the record's tables there, and nothing in them; its address."""
    copyfile(made_once("record.db", _migrated), file)
    file.chmod(0o600)
    return f"sqlite:///{file}"


def engine_on(file: Path) -> Engine:
    """The same, opened."""
    return connect(laid(file))

"""
The guards of the record: what the database itself refuses, whoever asks, and whether each is still there.

They are no proof, since whoever owns the database can take one away and put it back. But one that is gone is a sign
that something was, or is to be, done that no command of this program does.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

from safeguarding.errors import RecordChanged

GUARDS: dict[str, frozenset[str]] = {
    "sqlite": frozenset(
        {
            "ledger_no_update",
            "ledger_no_delete",
            "ledger_follows",
            "heads_no_delete",
            "heads_forward",
            "review_keys_no_delete",
            "review_keys_destroyed",
            "record_no_update",
            "record_no_delete",
            "seals_no_delete",
            "seals_forward",
            "readings_no_update",
            "readings_no_delete",
            "readings_follow",
        }
    ),
    "postgresql": frozenset(
        {
            "ledger_append_only",
            "ledger_follows",
            "ledger_no_truncate",
            "heads_no_delete",
            "heads_forward",
            "heads_no_truncate",
            "review_keys_no_delete",
            "review_keys_destroyed",
            "review_keys_no_truncate",
            "record_kept",
            "record_no_truncate",
            "seals_no_delete",
            "seals_forward",
            "seals_no_truncate",
            "readings_append_only",
            "readings_follow",
            "readings_no_truncate",
        }
    ),
}
"""The triggers that the steps of the record make, by the kind of its database."""

_THERE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    # One that is switched off is as good as none: only those that always act, or act for whoever writes.
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') "
    "AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)",
}


def there(connection: Connection) -> set[str]:
    """The triggers that the database has, and that act."""
    return set(connection.execute(text(_THERE[connection.dialect.name])).scalars())


def gone(connection: Connection) -> Iterator[RecordChanged]:
    """Every guard that was taken away or switched off, in one sentence."""
    missing = sorted(GUARDS[connection.dialect.name] - there(connection))
    if missing:
        many = "guards were" if len(missing) > 1 else "guard was"
        words = f"{len(missing)} {many} taken away by other means ({', '.join(missing)})"
        yield RecordChanged("", f"{words}: what the database refused it no longer does. A backup made before has them")

"""
A new master key: every review's key is wrapped again, every head and the whole are sealed again, in one transaction.

Not one word of the ledger changes. The old key opens the backups made before, so it is kept aside until somebody says
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select, text, update

from safeguarding.errors import SafeguardingError
from tasks.record import authenticators, proving
from tasks.record.installation import Installation
from tasks.store import drafts, guards, seals
from tasks.store.key_files import NEW_FILE, put_in_place
from tasks.store.sealing import Keyring
from tasks.store.tables import heads, record, review_keys

GUARDED = ("heads", "record", "review_keys")
"""The tables whose guards refuse what only this does: lifted in the transaction, and there again at its end."""


class KeyNotTurned(SafeguardingError):
    """The master key was not changed: the record does not prove itself, or there is nowhere to put the new one."""

    code = "key-not-turned"


def turn(installation: Installation, now: datetime, to: Path | None = None) -> Path | None:
    """
    Change the master key, and say where the old one was kept aside; None where it is no file of the home folder.

    `to` is the file for the new key where the key is given as a secret: whoever put the old one there puts it there
    too. Raises KeyNotTurned. Killed at any moment, one of the keys that are kept opens the record.
    """
    home, records = installation.settings.home, installation.records
    file = to or home / NEW_FILE
    if to is None:
        file.unlink(missing_ok=True)  # Left by a change that never reached the record.
    try:
        new = Keyring.write_new(file)
    except FileExistsError:
        words = f"{file} is there already: name a new file for the new key."
        raise KeyNotTurned(words, words) from None

    def turned(connection: Connection, old: Keyring) -> None:
        unguarded = list(guards.gone(connection))
        with _guards_lifted(connection):
            found = unguarded or proving.prove(connection, old, installation.rulebook, guarded=False)
            if found:
                words = f"The record does not prove itself, so it is not sealed again. The first: {found[0]}"
                raise KeyNotTurned(words, words)
            _wrap_again(connection, old, new)
            seals.again(connection, old, new)

    try:
        records.identity()  # Takes the key of now, should it have been changed since this program began.
        records.alter(turned)
    except KeyNotTurned:
        file.unlink()
        raise
    return put_in_place(home, now) if to is None else None


def _wrap_again(connection: Connection, old: Keyring, new: Keyring) -> None:
    for row in connection.execute(select(review_keys).where(review_keys.c.wrapped.is_not(None))).all():
        wrapped = new.wrap(row.reference, old.unwrapped(row.reference, row.wrapped))
        mine = review_keys.c.reference == row.reference
        connection.execute(update(review_keys).where(mine).values(wrapped=wrapped))
    for row in connection.execute(select(heads)).all():
        seal = new.seal_head(row.reference, row.sequence, row.hash)
        connection.execute(update(heads).where(heads.c.reference == row.reference).values(seal=seal))
    authenticators.wrap_again(connection, old, new)
    drafts.wrap_again(connection, old, new)
    connection.execute(update(record).values(key_fingerprint=new.fingerprint))


@contextmanager
def _guards_lifted(connection: Connection) -> Iterator[None]:
    if connection.dialect.name == "postgresql":
        # Whoever writes a line holds the row of its key first, so this waits for them, and they wait for this.
        connection.execute(text("LOCK TABLE review_keys IN EXCLUSIVE MODE"))
        for table in GUARDED:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        for table in GUARDED:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        return
    tables = ", ".join(f"'{table}'" for table in GUARDED)
    query = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({tables})"  # noqa: S608
    guards = connection.execute(text(query)).all()
    for guard in guards:
        connection.execute(text(f"DROP TRIGGER {guard.name}"))
    yield
    for guard in guards:
        connection.exec_driver_sql(guard.sql)

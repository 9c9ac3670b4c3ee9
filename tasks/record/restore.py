"""
Restoring a backup: into an empty home and an empty database only, proved before it is put in place.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from safeguarding.errors import Damage, SafeguardingError
from safeguarding.law.rulebook import Rulebook
from tasks.record import heads, proving
from tasks.record.backup import copy_rows, opened, unpacked
from tasks.record.contents import DEPARTURES, HEADS, RECORD, BackupUnfit, departures
from tasks.store import identity, seals
from tasks.store.beside import FILE, Beside
from tasks.store.key_files import fitting_key
from tasks.store.migrations import known, migrate, unsealed_yet, version
from tasks.store.sealing import KEY_FILE, Keyring
from tasks.store.seals import Seal
from tasks.store.session import connect, reading, writing
from tasks.store.whereabouts import address_of, file_of


class NotEmpty(SafeguardingError):
    """A backup was to be restored over a record that is there."""

    code = "not-empty"

    def __init__(self, where: str) -> None:
        super().__init__(
            f"There is a record in {where}, and a backup is restored into an empty place only. Nothing was changed. "
            "Stop the system, move what is there to another folder or database, and do this again.",
            where,
        )


class NotProved(SafeguardingError):
    """A backup does not prove itself, so it was not put in place."""

    code = "not-proved"

    def __init__(self, found: Sequence[str]) -> None:
        lines = "\n".join(f"  - {one}" for one in found)
        super().__init__(
            f"The backup does not prove itself, and was not restored:\n{lines}\nTry an older one; or restore it all "
            "the same with --anyway, and keep this list.",
            found,
        )


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place."""

    line: str
    lost: int
    """Lines of the ledger that were sealed here after the backup was made: to be recorded again."""
    found: Sequence[Damage]
    warned: Sequence[str] = ()
    """What is to be known of a backup that has no list of its contents."""


def restore(
    file: Path, settings: Settings, rulebook: Rulebook, secret: str | None, now: datetime, *, anyway: bool = False
) -> Restored:
    """
    Put a backup in place. The master key is the one in the home folder, the secret, or the one that the backup holds.

    Raises NotEmpty, BackupUnfit, MasterKeyMissing, MasterKeyWrong, RecordNewer; NotProved unless it is to be restored
    all the same. Killed at any moment it leaves nothing, or the whole.
    """
    home, url = settings.home, settings.record_url
    home.mkdir(parents=True, exist_ok=True)
    _only_empty(url)
    beside = Beside(home)
    before = beside.read()
    with unpacked(file, home) as (aside, warned):
        with _whole(file), opened(aside / RECORD) as engine:
            stands = known(version(engine))
            early = unsealed_yet(stands)
            migrate(engine)
            if stands is None or not _established(engine):
                raise BackupUnfit(str(file), "its record is empty")
            keys = _key(engine, home, aside, secret)
            if early:
                _seal(engine, keys, now)
            found = _proved(engine, keys, aside, rulebook)
            if found and not anyway:
                raise NotProved([str(one) for one in found])
            seal, line = _seal(engine, keys, now)
        if not secret and not (home / KEY_FILE).exists():
            _put(aside / KEY_FILE, home / KEY_FILE)
        _departures(aside / DEPARTURES, home / DEPARTURES)
        (home / FILE).unlink(missing_ok=True)
        _put_record(aside / RECORD, url)
    beside.note(seal)
    same = before is not None and seal is not None and before.record == seal.record
    lost = before.lines - seal.lines if same and before and seal else 0
    return Restored(line, max(lost, 0), found, warned)


@contextmanager
def _whole(file: Path) -> Iterator[None]:
    """Raises BackupUnfit where the record in a backup is no database, or not one of this program."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, ValueError, OverflowError):
        words = "the record in it is damaged: it is no database, or not as this program writes it. Try an older backup"
        raise BackupUnfit(str(file), words) from None


def _established(engine: Engine) -> bool:
    with reading(engine) as connection:
        return identity.is_established(connection)


def _only_empty(url: str) -> None:
    file = file_of(url)
    if file is not None:
        if file.exists() and file.stat().st_size:
            raise NotEmpty(str(file.parent))
        return
    engine = connect(url)
    try:
        if version(engine) is not None:
            with reading(engine) as connection:
                if identity.is_established(connection):
                    raise NotEmpty(address_of(url))
    finally:
        engine.dispose()


def _key(engine: Engine, home: Path, aside: Path, secret: str | None) -> Keyring:
    with reading(engine) as connection:
        fingerprint = identity.fingerprint(connection)
    where = home if secret or (home / KEY_FILE).exists() or not (aside / KEY_FILE).exists() else aside
    return fitting_key(where, secret, fingerprint)


def _proved(engine: Engine, keys: Keyring, aside: Path, rulebook: Rulebook) -> Sequence[Damage]:
    """Everything by which the copy is not as it was sealed; a seal that is gone is one of these."""
    with reading(engine) as connection:
        found = list(proving.prove(connection, keys, rulebook))
        if (aside / HEADS).exists():
            found += heads.against(connection, keys, heads.read(aside / HEADS))
    return found


def _seal(engine: Engine, keys: Keyring, now: datetime) -> tuple[Seal | None, str]:
    """The seal of the copy and its heads in a line. Made as it is found where there is none: it says since when."""
    with writing(engine) as connection:
        if seals.stands(connection) is None:
            seals.first(connection, keys, now)
        seal, said = seals.stands(connection), heads.taken(connection, keys, now)
    return seal, heads.in_a_line(said) if said else ""


def _put(file: Path, target: Path) -> None:
    file.chmod(0o600)
    os.link(file, target)


def _departures(held: Path, here: Path) -> None:
    """What had left by the backup is noted beside what is noted here: whoever heard is not told again."""
    if not held.exists():
        return
    noted = set(departures(here))
    missing = [line for line in departures(held) if line not in noted]
    with here.open("ab") as lines:
        lines.writelines(line + b"\n" for line in missing)


def _put_record(held: Path, url: str) -> None:
    target = file_of(url)
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)  # An emptied file, and the logs of one that is gone.
        for log in target.parent.glob(f"{target.name}-*"):
            log.unlink()
        held.chmod(0o600)
        shutil.move(held, target)
        return
    engine = connect(url)
    try:
        migrate(engine)
        with opened(held) as source_engine, reading(source_engine) as source, writing(engine) as connection:
            copy_rows(source, connection)
    finally:
        engine.dispose()

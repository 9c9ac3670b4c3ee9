"""
Opening the record: whether it is there, whether it is the one that was here last, and with which key it opens.
"""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy import Connection, Engine

from tasks.record import heads
from tasks.store import identity, seals
from tasks.store.beside import Beside, RecordGone, RecordOlder, RecordUnsealed
from tasks.store.key_files import finish, fitting_key
from tasks.store.migrations import known, migrate, version
from tasks.store.sealing import Keyring
from tasks.store.session import reading, writing
from tasks.store.whereabouts import NoRecord, address_of, file_of, in_memory

OTHERS_TAKE = 3.0
"""Seconds in which another program that makes the record at this moment has done so."""


def look_for(url: str, beside: Beside, make: bool) -> None:
    """
    Whether a record in a file is there. Raises RecordGone where it was and is not; NoRecord where it may not be made.

    The key of a new record is made after its file, so a key without a file is no record that is being made just now.
    """
    was_here, file = beside.was_here, file_of(url)
    if file is None or (file.exists() and file.stat().st_size):
        return
    if was_here:
        raise RecordGone(str(beside.home), str(file))
    if not make and not file.exists():
        raise NoRecord(url)


def establish(
    engine: Engine, url: str, beside: Beside, secret: str | None, now: datetime, *, make: bool, simulation: bool
) -> Keyring:
    """The key of the record, which is migrated, made and sealed where it must be, and compared with what was here."""
    was_here = beside.was_here and not in_memory(url)
    stands = known(version(engine))
    if stands is None and was_here:
        raise RecordGone(str(beside.home), str(file_of(url) or address_of(url)))
    if stands is None and not make:
        raise NoRecord(url)
    migrate(engine, lambda connection: _seal_as_found(connection, beside, secret, now))
    established = _is_established(engine)
    if not established and was_here and not _made_by_another(engine):
        raise RecordGone(str(beside.home), str(file_of(url) or address_of(url)))
    if not established and not make:
        raise NoRecord(url)
    if established:
        keys = _fitting(engine, beside, secret, now)
    else:
        keys = Keyring.of(secret) if secret else Keyring.make(beside.home)
        with writing(engine) as connection:
            identity.establish(connection, keys, now, simulation)
            seals.first(connection, keys, now)
    _compare(engine, url, beside)
    return keys


def _seal_as_found(connection: Connection, beside: Beside, secret: str | None, now: datetime) -> None:
    """Seal a record of an earlier program that had no seals, once. Raises RecordOlder, MasterKeyMissing, ..Wrong."""
    beside.compare(None, beside.read())
    if kept := heads.latest(beside.home):
        raise RecordOlder(str(beside.home), f"it has no seal, and {kept} was signed by one that was sealed")
    if identity.is_established(connection):
        keys = fitting_key(beside.home, secret, identity.fingerprint(connection))
        seals.first(connection, keys, now)


def _fitting(engine: Engine, beside: Beside, secret: str | None, now: datetime) -> Keyring:
    with reading(engine) as connection:
        fingerprint = identity.fingerprint(connection)
    keys = fitting_key(beside.home, secret, fingerprint)
    if not secret:
        finish(beside.home, fingerprint, now)
    return keys


def _compare(engine: Engine, url: str, beside: Beside) -> None:
    """Raises RecordOlder, and RecordUnsealed for a record whose seal is gone; notes how far this one has come."""
    noted = beside.read()
    with reading(engine) as connection:
        seal = seals.stands(connection)
    beside.compare(seal, noted)
    if seal is None:
        raise RecordUnsealed(str(file_of(url) or address_of(url)))
    beside.note(seal)


def _is_established(engine: Engine) -> bool:
    with reading(engine) as connection:
        return identity.is_established(connection)


def _made_by_another(engine: Engine) -> bool:
    """Whether another program was making the record at this moment, and has done so."""
    until = time.monotonic() + OTHERS_TAKE
    while not (made := _is_established(engine)) and time.monotonic() < until:
        time.sleep(0.05)
    return made

"""
Authenticators (RFC 6238): a secret that lies in somebody's device and, sealed, in the record, and a code each half
minute.

A code is good once, in its own half minute or in one beside it. After ten wrong ones within an hour none is taken for
an hour, but for a browser by which its owner was signed in before: so a stranger shuts nobody out of their own.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
from sqlalchemy import Connection, Row, delete, insert, select, update

from tasks.record.records import Records
from tasks.store.sealing import Keyring
from tasks.store.session import reading, writing
from tasks.store.tables import authenticators, sessions

SET_UP_WITHIN = timedelta(minutes=10)
"""How long a secret waits for the first code of the device that took it in, as a mailed code does."""
SECONDS = 30
"""How long one code is shown."""
BESIDE = 1
"""How many steps of time a device's clock may be off, to either side."""
WRONG_ONES, WITHIN, LOCKED_FOR = 10, timedelta(hours=1), timedelta(hours=1)
"""After how many wrong codes within how long none is taken, and for how long."""


@dataclass(frozen=True, slots=True)
class Authenticator:
    """What the record knows of somebody's: since when it is asked for, until when it is locked. Never its secret."""

    since: datetime | None
    """None while no code of it was typed yet."""
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one code: whose it is; until when theirs is locked, though it was right; who is locked now."""

    person: str | None = None
    locked_until: datetime | None = None
    locked_now: tuple[str, ...] = ()


# --------------------------------------------------------------------------- signing in


def asked_of(connection: Connection) -> frozenset[str]:
    """Everybody who is asked for the code of an authenticator, and for no mailed one."""
    confirmed = select(authenticators.c.person).where(authenticators.c.confirmed_at.is_not(None))
    return frozenset(connection.execute(confirmed).scalars())


def try_code(
    connection: Connection, keys: Keyring, people: Collection[str], typed: str, now: datetime, *, known: bool
) -> Tried:
    """
    Try a code on the authenticators of these people, and note what came of it, in the transaction that is open.

    `known` is a browser by which one of them was signed in before: what others tried elsewhere does not lock it.
    """
    theirs = (authenticators.c.person.in_(people), authenticators.c.confirmed_at.is_not(None))
    rows = connection.execute(select(authenticators).where(*theirs).with_for_update()).all()
    found = [(row, step) for row in rows if (step := _step(keys, row, typed, now)) is not None]
    if len(found) != 1:  # Two whose codes are the same by chance: nobody can tell which of them it is.
        return Tried() if known else Tried(locked_now=_noted_wrong(connection, rows, now))
    row, step = found[0]
    if not _used(connection, row.person, step):
        return Tried()
    if not known and row.locked_until is not None and now < row.locked_until:
        return Tried(locked_until=row.locked_until)
    _set(connection, row.person, {"wrong": 0, "wrong_since": None, "locked_until": None})
    return Tried(person=row.person)


def _step(keys: Keyring, row: Row[Any], typed: str, now: datetime) -> int | None:
    """The step of time of which this is the code, if it is one that was not taken yet."""
    totp = pyotp.TOTP(_secret(keys, row))
    middle = int(now.timestamp()) // SECONDS
    fitting = [
        step
        for step in range(middle - BESIDE, middle + BESIDE + 1)
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode()) and step > row.last_step
    ]
    return min(fitting, default=None)


def _used(connection: Connection, person: str, step: int) -> bool:
    """Use a step of time up; whether nobody has before."""
    unused = (authenticators.c.person == person, authenticators.c.last_step < step)
    return connection.execute(update(authenticators).where(*unused).values(last_step=step)).rowcount == 1


def _noted_wrong(connection: Connection, rows: Collection[Row[Any]], now: datetime) -> tuple[str, ...]:
    """Count a wrong code against each; who is locked by it."""
    locked = []
    for row in rows:
        if row.locked_until is not None and now < row.locked_until:
            continue
        begun = row.wrong_since is not None and now < row.wrong_since + WITHIN
        wrong, since = (row.wrong + 1, row.wrong_since) if begun else (1, now)
        values: dict[str, Any] = {"wrong": wrong, "wrong_since": since}
        if wrong >= WRONG_ONES:
            locked.append(row.person)
            values = {"wrong": 0, "wrong_since": None, "locked_until": now + LOCKED_FOR}
        _set(connection, row.person, values)
    return tuple(locked)


def keys_of(records: Records) -> Keyring:
    """The master key as it is now, also where it was changed since this program began."""
    records.identity()
    return records.with_keys(lambda _, keys: keys)


# --------------------------------------------------------------------------- setting one up, and taking it away


def of(records: Records, person: str) -> Authenticator | None:
    """What is known of somebody's; None where they have none."""
    row = _row(records, person)
    return None if row is None else Authenticator(row.confirmed_at, row.locked_until)


def begin(records: Records, person: str, now: datetime) -> None:
    """Make a secret for somebody, which counts once a code of it was typed. One that counts already stays."""
    secret = pyotp.random_base32()
    sealed = keys_of(records).wrap(_name(person), secret.encode())
    mine = authenticators.c.person == person
    row = {
        "person": person,
        "secret": sealed,
        "made_at": _plain(now),
        "confirmed_at": None,
        "last_step": 0,
        "wrong": 0,
        "wrong_since": None,
        "locked_until": None,
    }
    with writing(records.engine) as connection:
        connection.execute(delete(authenticators).where(mine, authenticators.c.confirmed_at.is_(None)))
        if connection.execute(select(authenticators.c.person).where(mine)).first() is None:
            connection.execute(insert(authenticators), row)


def secret_to_take_in(records: Records, person: str, now: datetime) -> str | None:
    """The secret for somebody's device, as long as it waits to be taken in; shown to them alone."""
    row = _row(records, person)
    if row is None or not _waits(row, _plain(now)):
        return None
    return _secret(keys_of(records), row)


def confirm(records: Records, person: str, typed: str, now: datetime, *, keep: str) -> bool:
    """
    A first code was typed, within ten minutes of the secret: from now on it is asked for, and the other sessions of
    this person end. Whether it was right. `keep` is the session, as the record has it, in which it was typed.
    """
    now, mine = _plain(now), authenticators.c.person == person
    keys = keys_of(records)
    with writing(records.engine) as connection:
        row = connection.execute(select(authenticators).where(mine).with_for_update()).first()
        if row is None or not _waits(row, now):
            return False
        step = _step(keys, row, _digits(typed), now)
        if step is None or not _used(connection, person, step):
            return False
        _set(connection, person, {"confirmed_at": now})
        connection.execute(delete(sessions).where(sessions.c.person == person, sessions.c.token != keep))
    return True


def give_up(records: Records, person: str, typed: str, now: datetime) -> Tried:
    """Somebody takes their own away by a code of it: a mailed code is asked for again."""
    now, keys = _plain(now), keys_of(records)
    with writing(records.engine) as connection:
        tried = try_code(connection, keys, (person,), _digits(typed), now, known=False)
        if tried.person is not None:
            connection.execute(delete(authenticators).where(authenticators.c.person == person))
    return tried


def take_away(records: Records, person: str) -> None:
    """Take somebody's away, with every session of theirs: the device may be signed in."""
    with writing(records.engine) as connection:
        connection.execute(delete(authenticators).where(authenticators.c.person == person))
        connection.execute(delete(sessions).where(sessions.c.person == person))


def everybody(records: Records) -> frozenset[str]:
    """Everybody who is asked for the code of an authenticator."""
    with reading(records.engine) as connection:
        return asked_of(connection)


def wrap_again(connection: Connection, old: Keyring, new: Keyring) -> None:
    """Seal every secret with a new master key."""
    for row in connection.execute(select(authenticators)).all():
        sealed = new.wrap(_name(row.person), old.unwrapped(_name(row.person), row.secret))
        _set(connection, row.person, {"secret": sealed})


def _waits(row: Row[Any], now: datetime) -> bool:
    """Whether a secret waits for its first code: it counts not yet, and was made a moment ago."""
    return row.confirmed_at is None and now <= row.made_at + SET_UP_WITHIN


def _row(records: Records, person: str) -> Row[Any] | None:
    with reading(records.engine) as connection:
        return connection.execute(select(authenticators).where(authenticators.c.person == person)).first()


def _set(connection: Connection, person: str, values: Mapping[str, Any]) -> None:
    connection.execute(update(authenticators).where(authenticators.c.person == person).values(**values))


def _secret(keys: Keyring, row: Row[Any]) -> str:
    return keys.unwrapped(_name(row.person), row.secret).decode()


def _name(person: str) -> str:
    return f"authenticator of {person}"


def _digits(typed: str) -> str:
    return "".join(typed.split())


def _plain(moment: datetime) -> datetime:
    return datetime.fromisoformat(moment.astimezone(UTC).isoformat())

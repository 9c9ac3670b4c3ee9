"""
Whether time still acts on the record: when the sweep last ran, what is undelivered, what is stuck.

For a watcher outside: it reads the record alone, and says the same when Prefect is down.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, func, literal_column, select
from sqlalchemy.exc import SQLAlchemyError

from safeguarding.dates.london import say_span
from tasks.store import heartbeat
from tasks.store.session import connect, reading
from tasks.store.tables import notices
from tasks.store.whereabouts import file_of

STALE_AFTER = timedelta(minutes=45)
"""Three sweeps: one may be missed by a restart and one by a slow machine."""

_FAILED: ColumnElement[str] = literal_column("'failed'")
_CLAIMED: ColumnElement[str] = literal_column("'claimed'")
_PENDING: ColumnElement[str] = literal_column("'pending'")


@dataclass(frozen=True, slots=True)
class Health:
    """What a watcher is told. Healthy if there is nothing in `faults`."""

    at: datetime
    swept_at: datetime | None = None
    undelivered: int = 0
    """Messages that were given up, and that nobody has said to send again or to leave."""
    stuck: int = 0
    """Messages that a sender claimed and did not finish before its claim ran out."""
    waiting: int = 0
    """Messages that should have left by now."""
    oldest_waiting_since: datetime | None = None
    faults: tuple[str, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether nobody need look."""
        return not self.faults

    def as_data(self) -> dict[str, Any]:
        """The same as data, moments as ISO 8601 in UTC."""
        return {
            "healthy": self.healthy,
            "faults": list(self.faults),
            "at": self.at.isoformat(),
            "swept_at": self.swept_at.isoformat() if self.swept_at else None,
            "undelivered": self.undelivered,
            "stuck": self.stuck,
            "waiting": self.waiting,
            "oldest_waiting_since": self.oldest_waiting_since.isoformat() if self.oldest_waiting_since else None,
        }


def health(engine: Engine, now: datetime) -> Health:
    """How the record stands now. One reading transaction, four queries of indexed rows."""
    with reading(engine) as connection:
        swept = heartbeat.last(connection, heartbeat.SWEEP)
        undelivered = _count(connection, notices.c.status == _FAILED)
        stuck = _count(connection, notices.c.status == _CLAIMED, notices.c.claimed_until < now)
        overdue = (notices.c.status == _PENDING, notices.c.next_attempt_at <= now)
        query = select(func.count(), func.min(notices.c.next_attempt_at)).where(*overdue)
        waiting, oldest = connection.execute(query).one()
    found = Health(now, swept[0] if swept else None, undelivered, stuck, waiting, oldest)
    return Health(now, found.swept_at, undelivered, stuck, waiting, oldest, tuple(_faults(found)))


def looked_at(url: str, now: datetime) -> Health:
    """
    How the record at this address stands, for a watcher that has neither its keys nor the right to change it.

    What cannot be read is a finding: nothing is raised, and no record is made.
    """
    file = file_of(url)
    if file is not None and not file.exists():
        return unreadable(now, f"there is no record in {file.parent}")
    engine = connect(url)
    try:
        return health(engine, now)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        return unreadable(now, f"the record cannot be read: {type(error).__name__}")
    finally:
        engine.dispose()


def unreadable(now: datetime, why: str) -> Health:
    """The health of a record that cannot be read."""
    return Health(now, faults=(why,))


def _count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(notices).where(*conditions)).scalar_one())


def _faults(found: Health) -> Iterable[str]:
    if found.swept_at is None:
        yield "the sweep has never run"
    elif found.at - found.swept_at > STALE_AFTER:
        yield f"the sweep last ran {say_span(found.at - found.swept_at)} ago"
    if found.undelivered:
        yield f"{found.undelivered} messages could not be delivered"
    if found.stuck:
        yield f"{found.stuck} messages are held by a sender that did not finish"
    gap = found.at - (found.oldest_waiting_since or found.at)
    if gap > STALE_AFTER:
        yield f"{found.waiting} messages should have left, the oldest {say_span(gap)} ago"

"""
Whether time still acts on the record: when the sweep last ran, what is undelivered, what is stuck.

For a watcher outside: it reads the record alone, and says the same when Prefect is down.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, func, inspect, literal_column, select
from sqlalchemy.exc import SQLAlchemyError

from safeguarding.dates.london import say_span
from tasks.post import delivery_report, outage
from tasks.store import heartbeat, seals
from tasks.store.beside import Beside, Noted, RecordOlder
from tasks.store.seals import Seal
from tasks.store.session import connect, reading
from tasks.store.tables import notices, reviews
from tasks.store.whereabouts import file_of, unavailable

STALE_AFTER = timedelta(minutes=45)
"""Three sweeps: one may be missed by a restart and one by a slow machine."""

CLOCK_MAY_DIFFER = timedelta(minutes=5)
"""How far two machines' clocks may be apart before what lies ahead is a finding."""
PROOF_AFTER = timedelta(days=2)
"""The proof of the night comes once a day: one may be missed by a machine that was off that night."""
BACKUP_AFTER = timedelta(days=8)
"""A weekly backup that was missed by a day."""
HELD_AT_MOST = timedelta(days=6)
"""How long a letter may be held back: from the evening before Christmas or Easter to the next working morning."""
LEAST_FREE = 500_000_000
"""Bytes: a record writes some tens of kB a review; Prefect's logs and a backup take more."""
PROOF, HOLDS = "proof", "holds"
"""The pulse of the last proof, and its note where nothing was found."""

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
    latest_line: datetime | None = None
    """The latest moment of any line of the ledger."""
    proved_at: datetime | None = None
    """When the record was last proved."""
    proof: str = ""
    """What came of it: `holds`, or how much was found."""
    backed_up_at: datetime | None = None
    """When `safeguarding backup` last wrote one; None if it never did, or another program makes them."""
    free_bytes: int | None = None
    """What the disk of the home folder has left."""
    faults: tuple[str, ...] = ()
    stages: dict[str, int] = field(default_factory=dict)
    """How many reviews are open in each stage."""
    held: int = 0
    """Messages that may not leave for longer than any weekend and its holidays."""
    deployments: int | None = None
    """How many deployments were put into Prefect, if any were."""

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
            "held": self.held,
            "open_stages": self.stages,
            "oldest_waiting_since": self.oldest_waiting_since.isoformat() if self.oldest_waiting_since else None,
            "proved_at": self.proved_at.isoformat() if self.proved_at else None,
            "proof": self.proof,
            "backed_up_at": self.backed_up_at.isoformat() if self.backed_up_at else None,
            "free_bytes": self.free_bytes,
        }


def health(engine: Engine, now: datetime, home: Path | None = None) -> Health:
    """How the record stands now. One reading transaction, a few queries of indexed rows."""
    noted = Beside(home).read() if home is not None else None
    with reading(engine) as connection:
        swept = heartbeat.last(connection, heartbeat.SWEEP)
        proved = heartbeat.last(connection, PROOF) or (None, "")
        backup = heartbeat.last(connection, heartbeat.BACKUP)
        postman = heartbeat.last(connection, heartbeat.POSTMAN)
        pages = heartbeat.last(connection, heartbeat.PAGES)
        troubles = heartbeat.troubles(connection)
        registered = heartbeat.last(connection, heartbeat.REGISTERED)
        by_stage = select(reviews.c.stage, func.count()).where(reviews.c.open).group_by(reviews.c.stage)
        stages = {row[0]: int(row[1]) for row in connection.execute(by_stage)}
        undelivered = _count(connection, notices.c.status == _FAILED)
        stuck = _count(connection, notices.c.status == _CLAIMED, notices.c.claimed_until < now)
        overdue = (notices.c.status == _PENDING, notices.c.next_attempt_at <= now)
        query = select(func.count(), func.min(notices.c.next_attempt_at)).where(*overdue)
        held = _count(connection, notices.c.status == _PENDING, notices.c.next_attempt_at > now + HELD_AT_MOST)
        waiting, oldest = connection.execute(query).one()
        # A record of an earlier program has no seal until it is opened with its key.
        has_seals = inspect(connection).has_table("seals")
        sealed = seals.stands(connection) if has_seals else None
    found = Health(
        now,
        swept[0] if swept else None,
        undelivered,
        stuck,
        waiting,
        oldest,
        sealed.latest if sealed else None,
        proved[0],
        proved[1],
        backup[0] if backup else None,
        shutil.disk_usage(home).free if home is not None and home.is_dir() else None,
        held=held,
    )
    same = () if home is None or not (has_seals or noted) else _another(home, sealed, noted)
    faults = (
        *same,
        *_faults(found),
        *_unproved(found, sealed),
        *_parts(postman, pages, troubles, now),
        *_channels(engine),
    )
    return replace(found, faults=faults, stages=stages, deployments=int(registered[1]) if registered else None)


def looked_at(url: str, now: datetime, home: Path | None = None) -> Health:
    """
    How the record at this address stands, for a watcher that has neither its keys nor the right to change it.

    What cannot be read is a finding: nothing is raised, and no record is made.
    """
    file = file_of(url)
    if file is not None and not (file.exists() and file.stat().st_size):
        gone = home is not None and Beside(home).was_here
        return unreadable(now, f"{'the record is gone from' if gone else 'there is no record in'} {file.parent}")
    engine = connect(url)
    try:
        return health(engine, now, home)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        known = unavailable(error, url)
        return unreadable(now, str(known).rstrip(".") if known else f"the record cannot be read: {_kind(error)}")
    finally:
        engine.dispose()


def _kind(error: Exception) -> str:
    """What an error comes to that no database says in words for an operator."""
    if isinstance(error, OSError):
        return error.strerror or "the machine does not do it"
    return "a table of it is missing, or not as this program knows it: `safeguarding upgrade` says more"


def unreadable(now: datetime, why: str) -> Health:
    """The health of a record that cannot be read."""
    return Health(now, faults=(why,))


def _count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(notices).where(*conditions)).scalar_one())


def _another(home: Path, sealed: Seal | None, noted: Noted | None) -> Iterable[str]:
    """Whether this is the record that was here last: every command refuses it where it is not."""
    try:
        Beside(home).compare(sealed, noted)
    except RecordOlder as older:
        yield f"this record is not the one that was here last: {older.why}. Every command refuses it"
    else:
        if sealed is None:
            yield "the record has no seal: it was taken away by other means, and every command refuses it"


def _unproved(found: Health, sealed: Seal | None) -> Iterable[str]:
    """Whether the proof of the night has run as it should: of a record that is new, from the day that it was sealed."""
    since = found.proved_at or (sealed.since if sealed else None)
    if since is not None and found.at - since > PROOF_AFTER:
        last = f"was last proved {say_span(found.at - since)} ago" if found.proved_at else "has never been proved"
        yield f"the record {last}, and it should be every night: `safeguarding ledger verify` does it now"


def _parts(
    postman: tuple[datetime, str] | None, pages: tuple[datetime, str] | None, troubles: dict[str, str], now: datetime
) -> Iterable[str]:
    """What parts of the running system said that they could not do; a postman, or pages, that say nothing more."""
    if pages is not None and now - pages[0] > STALE_AFTER:
        yield f"the people's pages have not said for {say_span(now - pages[0])} that they are there"
    if postman is not None and now - postman[0] > STALE_AFTER:
        yield f"the postman last finished a round {say_span(now - postman[0])} ago"
    for part, note in troubles.items():
        yield f"{part} could not do everything: {note}"


def _channels(engine: Engine) -> Iterable[str]:
    """What waits for a setting that is wrong, and the channels over which nothing gets out."""
    wanting = outage.wanting(engine)
    return dict.fromkeys([*wanting, *(down.words for down in delivery_report.blocked(engine))])


def _faults(found: Health) -> Iterable[str]:
    if found.swept_at is None:
        yield "the sweep has never run"
    elif found.swept_at - found.at > CLOCK_MAY_DIFFER:
        yield (
            f"the last sweep lies {say_span(found.swept_at - found.at)} ahead: the clock of this machine went back, or "
            "went wrong before. Set it right; what was recorded ahead of its time stays"
        )
    elif found.at - found.swept_at > STALE_AFTER:
        yield f"the sweep last ran {say_span(found.at - found.swept_at)} ago"
    if found.undelivered:
        yield f"{found.undelivered} messages could not be delivered"
    if found.stuck:
        yield f"{found.stuck} messages are held by a sender that did not finish"
    if found.held:
        yield f"{found.held} messages are held back for more than {HELD_AT_MOST.days} days"
    if found.latest_line is not None and found.latest_line - found.at > CLOCK_MAY_DIFFER:
        yield f"a line of the ledger is dated {say_span(found.latest_line - found.at)} from now: look at the clock"
    if found.proof not in ("", HOLDS):
        yield f"the record does not prove itself ({found.proof}): `safeguarding ledger verify` names it"
    if found.backed_up_at is not None and found.at - found.backed_up_at > BACKUP_AFTER:
        yield f"the last backup was made {say_span(found.at - found.backed_up_at)} ago"
    if found.free_bytes is not None and found.free_bytes < LEAST_FREE:
        yield f"the disk has {found.free_bytes // 1_000_000} MB left"
    gap = found.at - (found.oldest_waiting_since or found.at)
    if gap > STALE_AFTER:
        yield f"{found.waiting} messages should have left, the oldest {say_span(gap)} ago"

"""
Writing the digests of a morning: once a day, in one transaction with the row that says so.

Called by every sweep. On a free day, before the working morning and in quiet hours it does nothing; a day that was
slept through has no digest, and a week whose Monday was has its summary on the first morning that is not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, literal_column, select, update

from safeguarding.dates.london import london_date
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.digest import Look, OpenReview, digests, may_leave
from safeguarding.notices.notice import Occasion
from tasks.post.no_longer import STALE
from tasks.record.shareable import waiting
from tasks.store import heartbeat, outbox, queries
from tasks.store.owed import load_owed
from tasks.store.session import reading, writing
from tasks.store.tables import notices


def write_digests(engine: Engine, rulebook: Rulebook, now: datetime, proof: Callable[[], str] = lambda: "") -> int:
    """
    Write the digests that are owed this morning, and say how many. Safe to call at any time and from several places.

    `proof` gives the record in a line, and is asked only where a digest is written.
    A digest of an earlier day that has not left is withdrawn. Raises HorizonPassed beyond the bank holidays.
    """
    if not may_leave(now, rulebook):
        return 0
    today = london_date(now)
    monday = today - timedelta(days=today.weekday())
    owed = {Occasion.DIGEST: today.isoformat(), Occasion.WEEKLY_SUMMARY: monday.isoformat()}
    with reading(engine) as connection:
        if all((heartbeat.last(connection, name.value) or ("", ""))[1] == day for name, day in owed.items()):
            return 0
    line = proof()
    with writing(engine) as connection:
        due = [name for name, day in owed.items() if heartbeat.once(connection, name.value, now, day)]
        if not due:
            return 0
        look = _look(connection)._replace(proof=line)
        drafts = [draft for name in due for draft in digests(look, name, rulebook, now)]
        for name in due:
            _withdraw(connection, name)
        outbox.write(connection, drafts, now)
        return len(drafts)


def _look(connection: Connection) -> Look:
    rows = queries.list_reviews(connection, open_only=True)
    given_up = select(func.count()).where(notices.c.status == literal_column("'failed'"))
    return Look(
        owed=load_owed(connection),
        reviews=[OpenReview(row.reference, row.track, row.stage, row.state) for row in rows],
        wordings=waiting(connection, queries.whom_they_concern(connection)),
        undelivered=connection.execute(given_up).scalar_one(),
    )


def _withdraw(connection: Connection, occasion: Occasion) -> None:
    old = (notices.c.status == literal_column("'pending'"), notices.c.occasion == occasion.value)
    connection.execute(update(notices).where(*old).values(status="withdrawn", reason=STALE))

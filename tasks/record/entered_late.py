"""
The letters about reviews that were entered late: one for each that is open, written the night after the day of entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, literal, select

from safeguarding.dates.london import london_date
from safeguarding.errors import HorizonPassed
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices import entry_notice
from safeguarding.notices.owed import Owed
from safeguarding.review.states import Stage, State, Track
from tasks.store import outbox
from tasks.store.owed import RUNS, running_duties, with_agencies
from tasks.store.tables import deadlines, notice_facts, reviews

NOBODY = "nobody of the unit can be reached"

_WAIT = (
    select(reviews)
    .join(
        notice_facts, notice_facts.c.key == literal(entry_notice.key_of("")).concat(reviews.c.reference), isouter=True
    )
    .where(reviews.c.entered_on.is_not(None), reviews.c.open, notice_facts.c.key.is_(None))
    .order_by(reviews.c.reference)
)


def is_there_any(connection: Connection, now: datetime) -> bool:
    """Whether any review was entered late, on a day before today."""
    before = select(reviews.c.reference).where(reviews.c.entered_on < london_date(now)).limit(1)
    return connection.execute(before).first() is not None


def write_letters(connection: Connection, rulebook: Rulebook, now: datetime) -> tuple[int, tuple[str, ...]]:
    """Write those that are owed; how many, and what could not be written, with the reason. Safe to call at any time."""
    waiting = connection.execute(_WAIT.where(reviews.c.entered_on < london_date(now))).all()
    if not waiting:
        return 0, ()
    which = and_(RUNS, deadlines.c.reference.in_([row.reference for row in waiting]))
    owed: dict[str, list[Owed]] = defaultdict(list)
    for one in with_agencies(connection, connection.execute(running_duties().where(which)).all(), which):
        owed[one.reference].append(one)
    written, faults = 0, []
    for row in waiting:
        try:
            written += _write(connection, row, owed[row.reference], rulebook, now)
        except HorizonPassed as fault:
            faults.append(f"{row.reference}: {fault}")
    return written, tuple(faults)


def _write(connection: Connection, row: Row[Any], owed: Sequence[Owed], rulebook: Rulebook, now: datetime) -> int:
    track, state, stage = Track(row.track), State(row.state), Stage(row.stage)
    drafts = entry_notice.letter(row.reference, row.pseudonym, track, state, stage, owed, rulebook, now)
    outbox.write(connection, drafts, now)
    if not drafts:
        outbox.note_nobody(connection, row.reference, entry_notice.key_of(row.reference), NOBODY, now)
    return len(drafts)

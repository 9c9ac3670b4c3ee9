"""
The letters about reviews that were entered late: one for each that is open, written the night after the day of entry;
one for all that were taken over from one file.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, literal, select

from safeguarding.dates.london import london_date
from safeguarding.errors import HorizonPassed
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices import entry_notice, import_notice
from safeguarding.notices.import_notice import TakenIn
from safeguarding.notices.owed import Owed
from safeguarding.review.review import TAKEN_OVER
from safeguarding.review.states import Stage, State, Track
from safeguarding.stages import STEPS
from tasks.store import outbox
from tasks.store.owed import RUNS, running_duties, with_agencies
from tasks.store.tables import deadlines, ledger, notice_facts, reviews

NOBODY = "nobody of the unit can be reached"
IN_ONE_LETTER = "one letter about all that was taken over says it"
OPENS = tuple(step.kind for step in STEPS.values() if not step.sources and step.kind)
"""The kinds of line by which a review is opened."""

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
    origins = origins_of(connection, [row.reference for row in waiting])
    together: dict[Origin | str, list[Row[Any]]] = defaultdict(list)
    for row in waiting:
        together[origins.get(row.reference, row.reference)].append(row)
    written, faults = 0, list[str]()
    for origin, rows in together.items():
        if isinstance(origin, Origin) and len(rows) > 1:
            written += _write_one(
                connection, origin.on, [_taken_in(row, owed[row.reference]) for row in rows], rulebook, now, faults
            )
            continue
        (row,) = rows
        try:
            written += _write(connection, row, owed[row.reference], rulebook, now)
        except HorizonPassed as fault:
            faults.append(f"{row.reference}: {fault}")
    return written, tuple(faults)


class Origin(NamedTuple):
    """From which file reviews were taken over, and on which day. The file's name stands in no letter."""

    file: str
    on: date


def origins_of(connection: Connection, references: Collection[str]) -> dict[str, Origin]:
    """Of these reviews those that were taken over from a file, as the line that opened them says."""
    opened = select(ledger.c.reference, ledger.c.body).where(
        ledger.c.reference.in_(references), ledger.c.sequence == 1, ledger.c.kind.in_(OPENS)
    )
    found = {row.reference: json.loads(row.body).get("facts", {}).get(TAKEN_OVER) for row in connection.execute(opened)}
    return {
        reference: Origin(str(origin["from"]), date.fromisoformat(origin["on"]))
        for reference, origin in found.items()
        if origin
    }


def in_one_letter(connection: Connection, references: ColumnElement[bool]) -> dict[str, datetime]:
    """The keys of what one letter about several reviews says in place of a letter of its own, and since when."""
    noted = select(notice_facts.c.key, notice_facts.c.created_at, notice_facts.c.context).where(references)
    rows = connection.execute(noted).all()
    return {row.key: row.created_at for row in rows if row.context.get(outbox.NOBODY) == IN_ONE_LETTER}


def _taken_in(row: Row[Any], owed: Sequence[Owed]) -> TakenIn:
    return TakenIn(row.reference, Track(row.track), State(row.state), Stage(row.stage), owed)


def _write_one(
    connection: Connection,
    on: date,
    reviews: Sequence[TakenIn],
    rulebook: Rulebook,
    now: datetime,
    faults: list[str],
) -> int:
    """One letter about all of these; of one that cannot be said now a later sweep writes."""
    said = []
    for one in reviews:
        try:
            said.append(import_notice.review_said(one, rulebook, now))
        except HorizonPassed as fault:
            faults.append(f"{one.reference}: {fault}")
    try:
        letters = import_notice.unit_letters(on, said, rulebook, now)
    except HorizonPassed as fault:
        faults.append(f"what was taken over on {on}: {fault}")
        return 0
    outbox.write_together(connection, letters, now)
    for line in said:
        why = IN_ONE_LETTER if line.to is not None else NOBODY
        outbox.note_nobody(connection, line.reference, entry_notice.key_of(line.reference), why, now)
    return len(letters)


def _write(connection: Connection, row: Row[Any], owed: Sequence[Owed], rulebook: Rulebook, now: datetime) -> int:
    track, state, stage = Track(row.track), State(row.state), Stage(row.stage)
    drafts = entry_notice.letter(row.reference, row.pseudonym, track, state, stage, owed, rulebook, now)
    outbox.write(connection, drafts, now)
    if not drafts:
        outbox.note_nobody(connection, row.reference, entry_notice.key_of(row.reference), NOBODY, now)
    return len(drafts)

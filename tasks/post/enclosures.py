"""
What goes with a letter: the dates that its step set or moved, as a calendar file to put into a diary.

Only a letter about a step has one, and only if the step set a date. An agency's people get their own agency's dates;
everybody else gets all that the step set.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, Row, select

from safeguarding.errors import LawNotFound
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.fold import fold
from safeguarding.shown import calendar_file, diary
from tasks.post.sending import Enclosure
from tasks.store import ledger
from tasks.store.session import reading
from tasks.store.tables import deadlines, record


def dates_of(engine: Engine, row: Row[Any], rulebook: Rulebook) -> Enclosure | None:
    """The calendar file of a notice, or None if its step set no date for this person."""
    parts = row.key.split(":")
    if len(parts) != 2 or parts[0] != row.reference or not parts[1].isdigit():
        return None  # A rung of a ladder, or a letter that could not be delivered.
    line = int(parts[1])
    here = select(deadlines.c.rule).where(deadlines.c.reference == row.reference, deadlines.c.started_at == line)
    with reading(engine) as connection:
        if connection.execute(here.limit(1)).first() is None:
            return None
        events = ledger.read(connection, row.reference)
        identity = connection.execute(select(record.c.id)).scalar()
    if not events:
        return None
    review = fold(events)
    set_here = {duty.key for duty in review.duties if duty.started_at == line}
    try:
        found = [entry for entry in diary.entries(review, rulebook) if _key(entry) in set_here]
    except LawNotFound:
        return None  # The rulebook has lost a rule: the letter goes without, and the board says why.
    if _belongs_to_an_agency(row.person, rulebook):
        found = list(diary.of_person(tuple(found), row.person))
    if not found:
        return None
    name = f"{row.reference} {rulebook.partnership.name}"
    return Enclosure(f"{row.reference}.ics", calendar_file.TYPE, calendar_file.write(found, str(identity), name))


def _key(entry: diary.DiaryEntry) -> tuple[str, str, int]:
    return (entry.rule, entry.subject, entry.occurrence)


def _belongs_to_an_agency(person: str, rulebook: Rulebook) -> bool:
    return any(known.id == person and known.agency for known in rulebook.partnership.people)

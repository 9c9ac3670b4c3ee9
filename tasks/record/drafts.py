"""
The drafts of the pages' forms, each in a transaction of its own: kept at every send, taken up, let go.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from safeguarding.review.events import REFUSED
from tasks.record.records import Records
from tasks.store import drafts, kept_answers
from tasks.store.drafts import Draft
from tasks.store.session import reading, writing
from tasks.store.tables import ledger, submissions

LONGEST_TOKEN = 100
Whose = tuple[str, str, str]
"""Person, reference, step."""


def keep(records: Records, whose: Whose, words: str, now: datetime) -> bool:
    """Keep what was typed; whether it could be, which it cannot once the review's text is erased."""
    records.identity()  # Takes the key of now, should it have been changed since this program began.
    try:
        records.alter(lambda connection, keys: drafts.keep(connection, keys, whose, words, now))
    except drafts.NotKept:
        return False
    return True


def read(records: Records, whose: Whose, now: datetime) -> Draft | None:
    """What is kept of one form."""
    return records.with_keys(lambda connection, keys: drafts.read(connection, keys, whose, now))


def of_person(records: Records, person: str, now: datetime) -> Sequence[tuple[str, str, datetime]]:
    """Which drafts somebody has, the latest first: reference, step, when it was saved."""
    with reading(records.engine) as connection:
        return drafts.of_person(connection, person, now)


def forget(records: Records, whose: Whose) -> None:
    """Let go of one draft."""
    with writing(records.engine) as connection:
        drafts.forget(connection, whose)


def forget_refused(records: Records, reference: str, lines: Collection[int]) -> None:
    """Let go of what was typed on forms whose refusals stand on these lines."""
    with writing(records.engine) as connection:
        kept_answers.forget_lines(connection, reference, lines)


def sent_before(records: Records, token: str) -> tuple[str, int] | None:
    """Where a submission was recorded: the review and its line; None where it was not, or was refused."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    of_it = select(submissions.c.reference, submissions.c.sequence).where(submissions.c.token == token)
    mine = ledger.c.kind != REFUSED
    with reading(records.engine) as connection:
        row = connection.execute(of_it).first()
        if row is None:
            return None
        line = (ledger.c.reference == row.reference, ledger.c.sequence == row.sequence, mine)
        there = connection.execute(select(ledger.c.sequence).where(*line)).first()
    return (row.reference, row.sequence) if there is not None else None

"""
What was sent of reviews, read from the outbox: to whom, about what, over which channel, and what became of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Engine

from safeguarding.shown.letters_sent import LetterSent
from tasks.store.outbox import FULL
from tasks.store.session import reading
from tasks.store.tables import notice_facts, notices


def letters_of(engine: Engine, reference: str) -> list[LetterSent]:
    """What was sent of one review, in the order in which it was written."""
    with reading(engine) as connection:
        return sent_of(connection, [notice_facts.c.reference == reference])


def sent_of(connection: Connection, of: Sequence[ColumnElement[bool]] = ()) -> list[LetterSent]:
    """Every message, or those that the conditions narrow it to, in the order in which they were written."""
    return [
        LetterSent(
            number=one.id,
            reference=one.reference,
            written_at=one.created_at,
            occasion=one.occasion,
            about=one.context,
            person=one.person,
            channel=one.channel,
            status=one.status,
            attempts=one.attempts,
            delivered_at=one.delivered_at,
            reason=one.reason or "",
        )
        for one in connection.execute(FULL.where(*of).order_by(notices.c.id))
    ]

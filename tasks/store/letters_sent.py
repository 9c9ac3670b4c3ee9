"""
What was sent of reviews, read from the outbox: to whom, about what, over which channel, and what became of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Engine, select

from safeguarding.shown.letters_sent import LetterSent
from tasks.store.outbox import SAID
from tasks.store.session import reading
from tasks.store.tables import notice_facts, notices


def letters_of(engine: Engine, reference: str) -> list[LetterSent]:
    """What was sent of one review, in the order in which it was written."""
    with reading(engine) as connection:
        return sent_of(connection, [notice_facts.c.reference == reference])


def sent_of(connection: Connection, of: Sequence[ColumnElement[bool]] = ()) -> list[LetterSent]:
    """
    Every message, or those that the conditions narrow the facts of notices to, in the order in which they were written.

    What is said to several is read once, and each of their letters holds the same.
    """
    said = {(one.key, one.variant): one for one in connection.execute(select(notice_facts).where(*of))}
    query = select(notices).join_from(notices, notice_facts, SAID).where(*of).order_by(notices.c.id)
    return [
        LetterSent(
            number=one.id,
            reference=said[one.key, one.variant].reference,
            written_at=said[one.key, one.variant].created_at,
            occasion=one.occasion,
            about=said[one.key, one.variant].context,
            person=one.person,
            channel=one.channel,
            status=one.status,
            attempts=one.attempts,
            delivered_at=one.delivered_at,
            reason=one.reason or "",
        )
        for one in connection.execute(query)
    ]

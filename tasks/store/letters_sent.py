"""
What was sent of reviews, read from the outbox: to whom, about what, over which channel, and what became of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, select

from safeguarding.notices.import_notice import lines_about
from safeguarding.shown.letters_sent import LetterSent
from tasks.store.outbox import FULL, SAID, SAID_IN
from tasks.store.session import reading
from tasks.store.tables import notice_facts, notices

FEW = 500
"""So many facts are those of a review or two."""


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
    if of and len(said) <= FEW:  # By their keys, and not by a look through all facts for a second time.
        query = select(notices).where(notices.c.key.in_({key for key, _ in said}))
    else:
        query = select(notices).join_from(notices, notice_facts, SAID).where(*of)
    rows = connection.execute(query.order_by(notices.c.id))
    found = [_sent(one, said[one.key, one.variant]) for one in rows if (one.key, one.variant) in said]
    return sorted([*found, *_with_others(connection, said.values())], key=lambda one: one.number)


def _with_others(connection: Connection, said: Iterable[Row[Any]]) -> Iterator[LetterSent]:
    """The letters that speak of several reviews, once for each of these: what they say of it."""
    about: dict[str, list[str]] = defaultdict(list)
    for one in said:
        if key := one.context.get(SAID_IN):
            about[key].append(one.reference)
    if not about:
        return
    for letter in connection.execute(FULL.where(notices.c.key.in_(about)).order_by(notices.c.id)):
        for reference in about[letter.key]:
            facts = {"owed": lines_about(reference, letter.context)}
            yield _sent(letter, letter)._replace(reference=reference, about=facts)


def _sent(one: Row[Any], facts: Row[Any]) -> LetterSent:
    return LetterSent(
        number=one.id,
        reference=facts.reference,
        written_at=facts.created_at,
        occasion=one.occasion,
        about=facts.context,
        person=one.person,
        channel=one.channel,
        status=one.status,
        attempts=one.attempts,
        delivered_at=one.delivered_at,
        reason=one.reason or "",
    )

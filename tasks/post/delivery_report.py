"""
What became of the messages: the delivery report, and the channels over which nothing gets out.

A letter that waits for its next attempt is no fault. A channel over which several wait, and none has left since the
first of them was written, is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    and_,
    func,
    literal_column,
    or_,
    select,
    update,
)

from tasks.store import outbox
from tasks.store.session import reading, writing
from tasks.store.tables import notice_facts, notices

SHOWN = 200
"""Lines of the report: whoever has more than that has one cause and not two hundred."""

TRIED = 3
"""Attempts (21 minutes) after which even one letter, if nothing else has left since, means a channel that is down."""

_FAILED: ColumnElement[str] = literal_column("'failed'")
_PENDING: ColumnElement[str] = literal_column("'pending'")


@dataclass(frozen=True, slots=True)
class Message:
    """A message that did not arrive: given up, or to be tried again."""

    id: int
    reference: str
    occasion: str
    person: str
    """An id of the partnership's file, or of a role's shared mailbox."""
    channel: str
    given_up: bool
    attempts: int
    why: str

    def cells(self) -> dict[str, str | int]:
        """The line as the report shows it, column by column."""
        return {
            "Outcome": "NOT DELIVERED" if self.given_up else "trying again",
            "Review": self.reference,
            "Message": self.occasion.replace("_", " "),
            "For": self.person,
            "By": "Microsoft Teams" if self.channel == "teams" else self.channel,
            "Why": self.why,
            "Attempts": self.attempts,
            "Number": self.id,
        }


@dataclass(frozen=True, slots=True)
class Blocked:
    """A channel over which nothing gets out."""

    channel: str
    waiting: int
    why: str
    latest: int = 0
    """The number of the latest message that waits."""

    @property
    def words(self) -> str:
        """What stands in the state of the sweep."""
        return waiting_words(self.channel, self.waiting, self.why)


def waiting_words(channel: str, waiting: int, why: str) -> str:
    """`email: 3 messages wait: the server refused the connection`."""
    name = "Microsoft Teams" if channel == "teams" else channel
    return f"{name}: {waiting} {'message waits' if waiting == 1 else 'messages wait'}: {why}"


def report(engine: Engine) -> list[Message]:
    """The messages that did not arrive, those given up first, the latest first; at most two hundred."""
    tried = (notices.c.status == _PENDING) & (notices.c.attempts > 0) & notices.c.reason.is_not(None)
    found: list[Message] = []
    with reading(engine) as connection:
        for condition in (notices.c.status == _FAILED, tried):
            query = outbox.FULL.where(condition).order_by(notices.c.id.desc()).limit(SHOWN)
            found += [_message(row) for row in connection.execute(query)]
    return found[:SHOWN]


def _message(row: Row[Any]) -> Message:
    given_up = row.status == "failed"
    return Message(
        row.id, row.reference, row.occasion, row.person, row.channel, given_up, row.attempts, row.reason or ""
    )


def blocked(engine: Engine) -> list[Blocked]:
    """The channels that are down, as the messages that wait tell it."""
    tried = (notices.c.status == _PENDING) & (notices.c.attempts > 0) & notices.c.reason.is_not(None)
    query = (
        select(
            notices.c.channel,
            func.count().label("waiting"),
            func.count(notices.c.person.distinct()).label("people"),
            func.max(notices.c.attempts).label("attempts"),
            func.min(notice_facts.c.created_at).label("since"),
            func.max(notices.c.id).label("latest"),
        )
        .join_from(notices, notice_facts, outbox.SAID)
        .where(tried)
        .group_by(notices.c.channel)
    )
    with reading(engine) as connection:
        rows: Sequence[Row[Any]] = connection.execute(query).all()
        return [
            Blocked(row.channel, row.waiting, _why(connection, row.latest), row.latest)
            for row in rows
            if (row.people > 1 or row.attempts >= TRIED) and not _left_since(connection, row.channel, row.since)
        ]


def _why(connection: Connection, notice: int) -> str:
    return str(connection.execute(select(notices.c.reason).where(notices.c.id == notice)).scalar_one())


def _left_since(connection: Connection, channel: str, moment: Any) -> bool:
    left = select(notices.c.id).where(notices.c.channel == channel, notices.c.delivered_at >= moment).limit(1)
    return connection.execute(left).first() is not None


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A notice that was given up: what the board and the delivery report show."""

    id: int
    reference: str
    occasion: str
    person: str
    channel: str
    reason: str
    attempts: int


def undelivered(engine: Engine) -> list[Undelivered]:
    """The notices that were given up, latest first."""
    query = outbox.FULL.where(notices.c.status == _FAILED).order_by(notices.c.id.desc())
    with reading(engine) as connection:
        return [
            Undelivered(r.id, r.reference, r.occasion, r.person, r.channel, r.reason or "", r.attempts)
            for r in connection.execute(query)
        ]


def send_again(engine: Engine, ids: Iterable[int], now: datetime) -> int:
    """Put notices back that were given up or wait for their next attempt, once it is mended. Says how many."""
    again = {"status": "pending", "attempts": 0, "next_attempt_at": now, "reason": None}
    failed = or_(notices.c.status == _FAILED, and_(notices.c.status == _PENDING, notices.c.attempts > 0))
    with writing(engine) as connection:
        return connection.execute(update(notices).where(notices.c.id.in_(list(ids)), failed).values(again)).rowcount


def withdraw_before(engine: Engine, moment: datetime, why: str) -> int:
    """Withdraw what was owed before a moment and has not left, as when a history is brought in. Says how many."""
    said = select(notice_facts.c.key).where(notice_facts.c.created_at < moment)
    old = (notices.c.status == _PENDING, notices.c.key.in_(said))
    with writing(engine) as connection:
        return connection.execute(update(notices).where(*old).values(status="withdrawn", reason=why)).rowcount


def settle(engine: Engine, ids: Iterable[int], why: str) -> int:
    """Take given-up messages off the report, as when somebody was told in person. Says how many."""
    mine = (notices.c.id.in_(list(ids)), notices.c.status == _FAILED)
    with writing(engine) as connection:
        return connection.execute(update(notices).where(*mine).values(status="withdrawn", reason=why)).rowcount

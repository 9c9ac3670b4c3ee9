"""
Which letters of a batch nobody needs any more by the time they would leave, each with the reason.

A reminder of work that was done, a digest of an earlier day, a request that was answered meanwhile, a decision that was
taken, a stage that was left; and the earlier of two letters that say one thing to one person within a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from safeguarding.law.partnership import Partnership
from safeguarding.notices.digest import is_over
from safeguarding.notices.notice import Occasion
from safeguarding.review.states import Stage, State, Track
from safeguarding.review.words import subject_words
from tasks.store import outbox
from tasks.store.tables import DUTY_KEY, deadlines, notice_facts, notices, reviews

OF_A_RUNG = (Occasion.REMINDER.value, Occasion.DUE_MISSED.value)
_OF_A_DAY = (Occasion.DIGEST.value, Occasion.WEEKLY_SUMMARY.value)
_OF_A_DATE = (
    Occasion.DUE_SUPERSEDED.value,
    Occasion.DEADLINE_SUSPENDED.value,
    Occasion.AGENCY_ASKED.value,
    Occasion.ACTION_OWNED.value,
)
_OF_SEVERAL = {"also_moved", "also_owned"}
"""The facts of a letter that speaks of one date and counts others: it leaves, whatever became of the first."""
_OF_A_POINT = (Occasion.DECISION_OWED.value, Occasion.STAGE_OPENED.value)

STALE = "a later digest says how it stands"
DONE = "the work was done before this left"
SETTLED = "what it is about was settled before it left"
MOVED_ON = "the review had moved on before it left"
SAID_LATER = "a later letter of the same minute says it"
SAYS_MORE = "a later notice of the same duty says more"

ONE_MINUTE = timedelta(minutes=1)


def stopped(connection: Connection, rows: Sequence[Row[Any]], partnership: Partnership, today: date) -> dict[int, str]:
    """The letters of a batch that are withdrawn instead of sent, by their number, with the reason."""
    found = {row.id: STALE for row in rows if row.occasion in _OF_A_DAY and is_over(row.occasion, _day(row), today)}
    found |= _of_rungs(connection, [row for row in rows if row.occasion in OF_A_RUNG])
    found |= _of_dates(connection, [row for row in rows if row.occasion in _OF_A_DATE], partnership)
    found |= _of_points(connection, [row for row in rows if row.occasion in _OF_A_POINT])
    return found | _said_twice(connection, [row for row in rows if row.id not in found])


def _day(row: Row[Any]) -> str:
    return str(row.context["day"])


def _of_rungs(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, str]:
    """Reminders of what has ended, and all but the latest of one duty to one person."""
    if not rows:
        return {}
    mine = deadlines.c.reference.in_({row.reference for row in rows})
    query = select(*(deadlines.c[name] for name in DUTY_KEY)).where(deadlines.c.ended == "", mine)
    running = {":".join(str(part) for part in row) for row in connection.execute(query)}
    found: dict[int, str] = {}
    latest: dict[tuple[str, str, str], int] = {}
    for row in sorted(rows, key=lambda row: row.id):
        duty = row.key.rpartition(":")[0]
        if duty not in running:
            found[row.id] = DONE
            continue
        earlier = latest.get((duty, row.person, row.channel))
        if earlier is not None:
            found[earlier] = SAYS_MORE
        latest[duty, row.person, row.channel] = row.id
    return found


def _of_dates(connection: Connection, rows: Sequence[Row[Any]], partnership: Partnership) -> dict[int, str]:
    """
    Letters about one date whose duty has been met or has fallen away since.

    The line of the ledger that owed the letter wrote the date; whose it is the letter says in words. Where several
    moved together and the letter names one, the others may run on, and it leaves.
    """
    mine = [row for row in rows if row.context.get("owed") and not _OF_SEVERAL & row.context.keys()]
    lines = {row.id: row.key.rpartition(":")[2] for row in mine}
    mine = [row for row in mine if lines[row.id].isdecimal()]
    if not mine:
        return {}
    columns = (*(deadlines.c[name] for name in DUTY_KEY), deadlines.c.ended)
    query = select(*columns).where(deadlines.c.reference.in_({row.reference for row in mine}))
    dates = connection.execute(query).all()
    runs = {tuple(one)[:4] for one in dates if one.ended in ("", "suspended")}
    found = {}
    for row in mine:
        wrote = [
            tuple(one)[:4]
            for one in dates
            if (one.reference, one.started_at) == (row.reference, int(lines[row.id]))
            and row.context.get("rule", one.rule) == one.rule
            and _is_of(one.subject, row.context.get("owed", ""), partnership)
        ]
        if wrote and not runs.intersection(wrote):
            found[row.id] = SETTLED
    return found


def _is_of(subject: str, owed: str, partnership: Partnership) -> bool:
    """Whether what is owed, in words, is that of this agency or action."""
    return not subject or any(f": {words}" in owed for words in (subject, subject_words(subject, partnership)))


def _of_points(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, str]:
    """A decision that was owed where the review then stood, and a stage that opened: only while it stands there."""
    if not rows:
        return {}
    query = select(reviews.c.reference, reviews.c.state, reviews.c.stage, reviews.c.track, reviews.c.open).where(
        reviews.c.reference.in_({row.reference for row in rows})
    )
    stands = {row.reference: row for row in connection.execute(query)}
    found = {}
    for row in rows:
        now = stands.get(row.reference)
        if now is None:
            continue
        stage = Stage(now.stage).named(Track(now.track))
        same_state = State(now.state).words == row.context.get("now_at", State(now.state).words)
        there = same_state if row.occasion == Occasion.DECISION_OWED.value else stage == row.context.get("stage")
        if not (now.open and there):
            found[row.id] = MOVED_ON
    return found


def _said_twice(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, str]:
    """
    All but one of the letters that speak of one date, or of one point of the review, to one person within a minute.

    That a date has passed outweighs that it moved, and being asked outweighs a reminder; of equals the later one stays.
    What moved to another day than the earlier letter said is told.
    """
    mine = [row for row in rows if row.occasion in _WEIGHT and not _OF_SEVERAL & row.context.keys()]
    if not mine:
        return {}
    since = min(row.created_at for row in mine) - ONE_MINUTE
    beside = outbox.FULL.where(
        notice_facts.c.reference.in_({row.reference for row in mine}),
        notice_facts.c.created_at >= since,
        notices.c.status.in_(("pending", "claimed", "delivered")),
        notices.c.occasion.in_(list(_WEIGHT)),
    )
    told: dict[tuple[Any, ...], list[Row[Any]]] = {}
    for other in connection.execute(beside):
        told.setdefault(_thing(other), []).append(other)
    return {
        row.id: SAID_LATER
        for row in mine
        for other in told.get(_thing(row), ())
        if abs(row.created_at - other.created_at) <= ONE_MINUTE and _outweighs(other, row)
    }


def _outweighs(other: Row[Any], row: Row[Any]) -> bool:
    """Whether the other letter says all that this one does: it came later, or it says more of the same day."""
    more = _WEIGHT[other.occasion] - _WEIGHT[row.occasion]
    same_day = other.context.get("due_on") == row.context.get("due_on")
    return (other.id > row.id and more >= 0) or (same_day and more > 0)


_WEIGHT = {
    Occasion.REMINDER.value: 0,
    Occasion.STAGE_OPENED.value: 0,
    Occasion.DECISION_OWED.value: 0,
    Occasion.DUE_SUPERSEDED.value: 1,
    Occasion.DEADLINE_SUSPENDED.value: 1,
    Occasion.AGENCY_ASKED.value: 2,
    Occasion.ACTION_OWNED.value: 2,
    Occasion.DUE_MISSED.value: 3,
}
"""The letters that may say one thing twice, by how much each says."""


def _thing(row: Row[Any]) -> tuple[Any, ...]:
    """What a letter is about, and for whom: one date of a review, or the point at which it stands."""
    to = (row.person, row.channel, row.reference)
    if row.occasion in _OF_A_POINT:
        return (*to, row.occasion, row.context.get("stage"), row.context.get("now_at"))
    return (*to, row.context.get("rule"), row.context.get("owed"))

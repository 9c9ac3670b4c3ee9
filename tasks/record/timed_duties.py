"""
The duties of the law that come next, those that were missed, and how one ended: what timed runs are made from.

A duty of statute, regulation or guidance is a timed run in Prefect; the record alone says when it fires, and ends with
it. Local dates stay on the deadline board.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, and_, literal_column, or_, select

from safeguarding.dates.counting import Kind
from safeguarding.dates.working_days import Calendar, say, working_days_between
from safeguarding.errors import LawNotFound
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.words import subject_words
from tasks.store.owed import RUNS
from tasks.store.session import reading
from tasks.store.tables import DUTY_KEY, deadlines

KEPT = 200
"""Duties that come next, and duties that were missed, at most so many of each: 20,000 open ones cost no more."""

_COLUMNS = [*(deadlines.c[name] for name in DUTY_KEY), deadlines.c.due_on, deadlines.c.next_rung_at]


@dataclass(frozen=True, slots=True)
class TimedDuty:
    """A running duty of the law: its row, its day, the moment at which somebody is next told."""

    key: str
    """The row that it is, for good: reference, rule, subject, occurrence and the line it began with."""
    reference: str
    rule: str
    title: str
    """What is owed, and by which agency where it is one of several."""
    due_on: date
    next_at: datetime | None
    """None where nobody is left to be told."""

    def missed_on(self, today: date) -> bool:
        """Whether its day has passed, in London."""
        return self.due_on < today


@dataclass(frozen=True, slots=True)
class DutyOver:
    """How a duty ended, as it stood then: `settled`, `cancelled` or `superseded`, on which day, and why."""

    duty: TimedDuty
    how: str
    ended_on: date | None
    why: str

    def punctual(self, calendar: Calendar) -> str:
        """How early or late it was met, in working days: nothing where it was not met."""
        if self.how != "settled" or self.ended_on is None:
            return ""
        days = working_days_between(self.ended_on, min(self.duty.due_on, calendar.last), calendar)
        count = f"{abs(days)} working day{'' if abs(days) == 1 else 's'}"
        if self.ended_on > self.duty.due_on:
            return f"{count} late" if days else "late"
        return f"{count} early" if days else "on its day"

    def words(self, calendar: Calendar) -> str:
        """The end in a sentence: met and how early or late, no longer owed, or counted anew."""
        if self.how != "settled" or self.ended_on is None:
            return f"{'Counted anew' if self.how == 'superseded' else 'No longer owed'}: {self.why}."
        return f"Met on {say(self.ended_on)}, {self.punctual(calendar)} (due {say(self.duty.due_on)})."


def coming(engine: Engine, rulebook: Rulebook, limit: int = KEPT) -> list[TimedDuty]:
    """The duties of the law of which somebody is told next, soonest first."""
    query = (
        select(*_COLUMNS)
        .where(RUNS, deadlines.c.next_rung_at.is_not(None), deadlines.c.rule.in_(_of_the_law(rulebook)))
        .order_by(deadlines.c.next_rung_at, *(deadlines.c[name] for name in DUTY_KEY))
        .limit(limit)
    )
    return _read(engine, query, rulebook)


def missed(engine: Engine, rulebook: Rulebook, today: date, limit: int = KEPT) -> list[TimedDuty]:
    """The duties of the law that run past their day, the latest first."""
    query = (
        select(*_COLUMNS)
        .where(RUNS, deadlines.c.due_on < today, deadlines.c.rule.in_(_of_the_law(rulebook)))
        .order_by(deadlines.c.due_on.desc(), *(deadlines.c[name] for name in DUTY_KEY))
        .limit(limit)
    )
    return _read(engine, query, rulebook)


def one(engine: Engine, rulebook: Rulebook, key: str) -> TimedDuty | DutyOver | None:
    """A duty as it stands: running, or how it ended; None where the record does not know it."""
    try:
        mine = which(key)
    except ValueError:
        return None
    running = _read(engine, select(*_COLUMNS).where(RUNS, mine), rulebook)
    return running[0] if running else ended(engine, rulebook, [key]).get(key)


def ended(engine: Engine, rulebook: Rulebook, keys: Collection[str]) -> dict[str, DutyOver]:
    """How those of these duties ended that no longer run."""
    wanted = [which(key) for key in keys]
    if not wanted:
        return {}
    columns = [*_COLUMNS, *(deadlines.c[name] for name in ("ended", "ended_on", "why"))]
    query = select(*columns).where(deadlines.c.ended != literal_column("''"), or_(*wanted))
    with reading(engine) as connection:
        found = connection.execute(query).all()
    return {_key(row): DutyOver(_duty(row, rulebook), row.ended, row.ended_on, row.why) for row in found}


def _of_the_law(rulebook: Rulebook) -> Sequence[str]:
    """Those whose very date is law's or guidance's; of a minimum no day can be missed."""
    law = (rule for rule in rulebook.rules if rule.date_is_law)
    return [rule.id for rule in law if rule.counts.kind is not Kind.MINIMUM]


def _read(engine: Engine, query: Any, rulebook: Rulebook) -> list[TimedDuty]:
    with reading(engine) as connection:
        rows: Iterable[Row[Any]] = connection.execute(query).all()
    return [_duty(row, rulebook) for row in rows]


def _duty(row: Row[Any], rulebook: Rulebook) -> TimedDuty:
    return TimedDuty(_key(row), row.reference, row.rule, _title(row, rulebook), row.due_on, row.next_rung_at)


def _title(row: Any, rulebook: Rulebook) -> str:
    try:
        title = rulebook.rule(row.rule).title
    except LawNotFound:
        title = row.rule
    return f"{title}: {subject_words(row.subject, rulebook.partnership)}" if row.subject else title


def _key(row: Any) -> str:
    return ":".join(str(getattr(row, name)) for name in DUTY_KEY)


def which(key: str) -> ColumnElement[bool]:
    """The row of a duty by its key, for a query of `deadlines`. Raises ValueError for what is no key."""
    reference, rule, rest = key.split(":", 2)
    subject, occurrence, started_at = rest.rsplit(":", 2)
    given = (reference, rule, subject, int(occurrence), int(started_at))
    return and_(*(deadlines.c[name] == value for name, value in zip(DUTY_KEY, given, strict=True)))

"""A driver that reads like a case: the example partnership on a record of its own, at times that the story tells."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from driver.tables import laid

from flows.demo.answers import answer, signer
from safeguarding.dates.london import LONDON
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.explain_date import explain_duty
from safeguarding.questions.explanation import Explained
from safeguarding.review.events import Actor
from safeguarding.review.review import Duty, Review
from safeguarding.stages import STEPS
from tasks.record import sweep
from tasks.record.records import Records, open_record
from tasks.store import outbox
from tasks.store.tables import notice_facts, notices


class Case:
    """One review as its story tells it."""

    def __init__(self, records: Records, reference: str, at: datetime) -> None:
        self.records, self.reference, self.at = records, reference, at

    def on(self, day: date, hour: int = 10, minute: int = 0) -> Case:
        """Time goes on to this day."""
        self.at = datetime.combine(day, time(hour, minute), LONDON)
        return self

    def later(self, days: int) -> Case:
        """Time goes on by so many calendar days."""
        self.at += timedelta(days=days)
        return self

    @property
    def today(self) -> date:
        """The day of the story."""
        return self.at.astimezone(LONDON).date()

    @property
    def review(self) -> Review:
        """The review as the record has it."""
        return self.records.read(self.reference)

    def take(self, step: str, *, by: str | None = None, made_on: int | None = None, **changes: Any) -> Case:
        """Take a step with the example's answers and these changes; refused if it is refused."""
        raw = answer(step, self.review, self.today, **changes)
        actor = Actor(person=by) if by else signer(STEPS[step].by)
        self.records.attempt(self.reference, step, raw, actor, self.at, made_on)
        return self

    def duty(self, rule: str, subject: str = "") -> Duty:
        """The latest row of a duty."""
        return [d for d in self.review.duties if (d.rule, d.subject) == (rule, subject)][-1]

    def due(self, rule: str, subject: str = "") -> date:
        """When it is due."""
        return self.duty(rule, subject).due_on

    def told(self, occasion: str) -> set[str]:
        """The people who have a notice of this occasion in the outbox."""
        query = outbox.FULL.where(notice_facts.c.reference == self.reference, notices.c.occasion == occasion)
        with self.records.engine.connect() as connection:
            return {row.person for row in connection.execute(query)}

    def explained(self, duty: str, subject: str | None = None) -> tuple[Explained, ...]:
        """A date as the record explains it today."""
        records = self.records
        lines = records.events(self.reference)
        return explain_duty(self.review, lines, duty, records.rulebook, self.today, subject)

    def misses(self, rule: str) -> list[Any]:
        """The notices that the day of a duty has passed, in the order of writing."""
        query = outbox.FULL.where(notice_facts.c.reference == self.reference, notices.c.occasion == "due_missed")
        with self.records.engine.connect() as connection:
            rows = connection.execute(query.order_by(notices.c.id)).all()
        return [row for row in rows if row.context["rule"] == rule]

    def with_holiday(self, *days: date) -> Records:
        """The same record under a list of bank holidays with these days more."""
        book = self.records.rulebook
        holidays = book.calendar.holidays | dict.fromkeys(days, "Extra bank holiday")
        changed = book.model_copy(update={"calendar": book.calendar.model_copy(update={"holidays": holidays})})
        return Records(self.records.engine, changed, self.records._keys)

    def sweep(self) -> None:
        """Time acts."""
        sweep.sweep(self.records.engine, self.records.rulebook, self.at)


class Partnership:
    """The example partnership and its record."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def hears_of(self, on: date, hour: int = 10, minute: int = 0, **changes: Any) -> Case:
        """A referral is received."""
        at = datetime.combine(on, time(hour, minute), LONDON)
        raw = answer("open_referral", None, on, **changes)
        step = self.records.open(raw, signer(STEPS["open_referral"].by), at)
        return Case(self.records, step.review.reference, at)

    def carries_in(self, on: date, **changes: Any) -> Case:
        """A review that began before the record is carried in, with the example's answers and these changes."""
        at = datetime.combine(on, time(10), LONDON)
        raw = answer("carry_in", None, on, **changes)
        step = self.records.open(raw, signer(STEPS["carry_in"].by), at, by="carry_in")
        return Case(self.records, step.review.reference, at)


@pytest.fixture
def records(tmp_path: Path, rulebook: Rulebook) -> Records:
    """A record of its own, marked as a simulation: its stories are told at other times than now."""
    now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    url = laid(tmp_path / "record.sqlite3")
    records = open_record(url, tmp_path, rulebook, now, simulation=True)
    yield records
    records.engine.dispose()


@pytest.fixture
def partnership(records: Records) -> Partnership:
    """The example partnership, with nothing on its record."""
    return Partnership(records)


@pytest.fixture
def case(partnership: Partnership) -> Case:
    """A child review whose notification went on Friday 27 November 2026, agencies asked on the Monday."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    return case.on(date(2026, 11, 27)).take("send_notification").on(date(2026, 11, 30)).take("open_rapid_review")

"""
What a system is measured with again and again: dates that are due again, and an outbox that is full again.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from driver.scaled import Scaled
from sqlalchemy import delete, func, insert, select, text, update

from benchmarks import sweep
from benchmarks.at_once import together
from benchmarks.paired import Took
from benchmarks.resumes import ADULT
from config.settings import Settings
from flows.demo.answers import answer, signer
from safeguarding.dates.london import now
from safeguarding.stages import STEPS
from tasks.record.installation import Installation, open_installation
from tasks.store.session import connect, reading, writing
from tasks.store.tables import deadlines, notice_facts, notices, rungs

OVERDUE = timedelta(days=40)
"""How long ago the reviews were referred whose dates a sweep finds due."""


class Overdue:
    """Reviews whose dates are long due, again before each sweep: what a sweep does to them is undone."""

    def __init__(self, installation: Installation, count: int) -> None:
        self._engine = installation.records.engine
        then = now() - OVERDUE
        given = answer("open_referral", None, then.date(), **ADULT)
        opened = [
            installation.records.open(given, signer(STEPS["open_referral"].by), then + timedelta(seconds=number))
            for number in range(count)
        ]
        names = [step.review.reference for step in opened]
        self._ours, self._fired = deadlines.c.reference.in_(names), rungs.c.reference.in_(names)
        self._keys = select(notice_facts.c.key).where(notice_facts.c.reference.in_(names))
        with reading(self._engine) as connection:
            self._rows = [dict(row._mapping) for row in connection.execute(select(deadlines).where(self._ours))]

    def again(self) -> None:
        """As they were before the first sweep. What waits for a Teams workflow that is nowhere waits no more."""
        with writing(self._engine) as connection:
            connection.execute(delete(notices).where(notices.c.channel != "email", notices.c.status == "pending"))
            keys = list(connection.execute(self._keys).scalars())
            for table in (notices, notice_facts):
                connection.execute(delete(table).where(table.c.key.in_(keys)))
            connection.execute(delete(rungs).where(self._fired))
            connection.execute(delete(deadlines).where(self._ours))
            connection.execute(insert(deadlines), self._rows)

    def fired(self) -> int:
        """How many rungs of them a sweep has claimed."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.count()).select_from(rungs).where(self._fired)).scalar_one()


class Outbox:
    """A record beside that has nothing but running dates and the letters of those that are due."""

    def __init__(self, parts: Scaled, home: Path, count: int) -> None:
        self._settings = Settings(home=home, partnership=None, database_url=made(parts, "letters"))
        self._environment = parts.environment() | self._settings.as_environment()
        self._count = count
        installation = open_installation(now(), self._settings, simulation=True)
        self._engine, rulebook = installation.records.engine, installation.rulebook
        sweep.fill(self._engine, rulebook, count * sweep.A_REVIEW, count)
        sweep.sweep(self._engine, rulebook, sweep.NOW)
        with writing(self._engine) as connection:
            mail = select(notices.c.id).where(notices.c.channel == "email").order_by(notices.c.id).limit(count)
            kept = list(connection.execute(mail).scalars())
            connection.execute(delete(notices).where(notices.c.id.not_in(kept)))

    def emptied(self, many: int) -> Took:
        """What it takes so many postmen to deliver all of it."""
        (self._settings.home / "departures.log").unlink(missing_ok=True)  # Nothing of it has left before.
        with writing(self._engine) as connection:
            connection.execute(update(notices).values(status="pending", attempts=0, next_attempt_at=now()))
        took = together([["--postman"]] * many, self._environment)
        with reading(self._engine) as connection:
            ended = list(connection.execute(select(notices.c.status)).scalars())
        if ended != ["delivered"] * self._count:
            raise SystemExit(f"of {self._count} letters {ended.count('delivered')} were delivered: {set(ended)}")
        return took


def made(parts: Scaled, name: str) -> str:
    """The address of one more database of this PostgreSQL."""
    engine = connect(parts.database("postgres")).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return parts.database(name)

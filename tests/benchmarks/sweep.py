"""
One sweep over twenty thousand running dates of which a thousand are due, beside a floor that does the least.

The dates are those of the real rules and climb the real ladder. A sweep claims each rung that is due, sets the next
one and writes the notices, in one transaction. The floor is the database's driver alone, on a copy of the same
record: it finds the same due rows and moves each on by one write. It commits each row by itself, as whatever takes
one case after the other does; and once more all of them together, which is the least that a database can do, and
tells nobody anything. Printed for SQLite and PostgreSQL: the ratio of each to ours, from turns in one run; ours in
seconds, with the statements sent to the database (which do not grow with what is open or due) and the memory; and
what it takes to read from the record which timed runs Prefect should have after it (`flows/timed_runs`).
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, event, text
from sqlalchemy.engine import make_url

import config
from benchmarks import paired
from benchmarks.paired import Way
from benchmarks.transitions import databases
from safeguarding.dates.london import london_date
from safeguarding.dates.working_days import add_working_days
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.ladder import Ladders
from safeguarding.review.events import Actor, DutyStarted, Event
from safeguarding.review.fold import fold
from tasks.record import timed_duties
from tasks.record.sweep import Swept, sweep
from tasks.store import projections
from tasks.store.migrations import migrate
from tasks.store.session import Synchronous, connect, reading, writing
from tasks.store.tables import DUTY_KEY, as_text

NOW = datetime(2026, 6, 16, 9, 5, tzinfo=UTC)
"""A Tuesday morning, so that what is owed may leave."""

A_REVIEW = 10
"""Running dates in one review."""

SIZES = ((2_000, 100, 7), (20_000, 1_000, 7), (200_000, 10_000, 3))
"""Running dates, how many of them are due, and in how many rounds they are swept."""


@dataclass
class Counted:
    """The statements sent to a database; many rows for one statement are one."""

    texts: list[str] = field(default_factory=list)

    def listen(self, engine: Engine) -> None:
        """Count whatever is sent from now on."""
        engine.dispose()

        @event.listens_for(engine, "connect")
        def count(driver: Any, _: Any) -> None:
            if engine.dialect.name == "sqlite":
                driver.set_trace_callback(self.add)
            else:
                seen = self

                class Cursor(psycopg.Cursor[Any]):
                    """Notes each statement on its way out."""

                    def execute(self, query: Any, *given: Any, **how: Any) -> Any:
                        """Send it."""
                        seen.add(str(query))
                        return super().execute(query, *given, **how)

                driver.cursor_factory = Cursor

    def add(self, statement: str) -> None:
        """One was sent. SQLite tells of every row, with its values."""
        head = statement[:40]
        if not head.startswith(("BEGIN", "COMMIT", "ROLLBACK", "--", "SELECT pg_")) and [head] != self.texts[-1:]:
            self.texts.append(head)


def rules(rulebook: Rulebook) -> list[Rule]:
    """Ten rules of the children's track of which nothing is due the day after they begin."""
    ladders, yesterday = Ladders(rulebook), NOW.date() - timedelta(days=1)
    found = []
    for rule in rulebook.rules:
        if rule.track in ("children", "both") and not rule.track_only and rule.counts.length:
            ladder = ladders(rule.id, yesterday, rule.due_on(yesterday, rulebook.calendar))
            if ladder and ladder[0][1] > NOW + timedelta(days=2):
                found.append(rule)
    return found[:A_REVIEW]


def begun(rule: Rule, rulebook: Rulebook, due: bool) -> date:
    """The day on which a date must have begun for its first rung to be due now, and no other; or for none to be."""
    ladders, day = Ladders(rulebook), NOW.date() - timedelta(days=1)
    while due and ladders(rule.id, day, rule.due_on(day, rulebook.calendar))[0][1] > NOW:
        day = add_working_days(day, -1, rulebook.calendar)
    return day


def fill(engine: Engine, rulebook: Rulebook, running: int, due: int) -> None:
    """Write reviews with their dates, as the steps that start them would."""
    chosen, ladders = rules(rulebook), Ladders(rulebook)
    days = {(rule.id, late): begun(rule, rulebook, late) for rule in chosen for late in (False, True)}
    for number in range(running // A_REVIEW):
        late = {chosen[number % A_REVIEW].id} if number < due else set()
        duties = tuple(_started(rule, days[rule.id, rule.id in late], rulebook) for rule in chosen)
        facts = {"reference": f"CSPR-2026-{number + 1:04d}", "track": "children", "pseudonym": f"Child {number + 1}"}
        line = Event(
            sequence=1,
            at=NOW - timedelta(days=90),
            actor=Actor(person="nobody"),
            kind="referral_received",
            title="Referral received",
            to="rapid_review",
            duties=duties,
            facts=facts,
            edition=rulebook.digest,
        )
        with writing(engine) as connection:
            projections.write(connection, None, fold((line,)), "", ladders, {})


def _started(rule: Rule, day: date, rulebook: Rulebook) -> DutyStarted:
    return DutyStarted(
        rule=rule.id,
        anchor=rule.anchor or "",
        anchored_on=day,
        due_on=rule.due_on(day, rulebook.calendar),
        edition=rule.edition_on(day).name,
        calendar=rulebook.calendar.digest,
    )


# --------------------------------------------------------------------------- a record for each turn


class Copies:
    """Copies of one record, as it was filled: each turn sweeps one of its own."""

    def __init__(self, url: str, synchronous: Synchronous) -> None:
        self._url, self._synchronous, self._made = make_url(url), synchronous, 0
        self.is_sqlite = self._url.get_backend_name() == "sqlite"

    def another(self) -> str:
        """The address of one more."""
        self._made += 1
        base = str(self._url.database)
        if self.is_sqlite:
            for old in Path(base).parent.glob(f"{Path(base).stem}-copy*"):
                old.unlink()
            name = base.replace(".db", f"-copy{self._made}.db")
            shutil.copyfile(base, name)
        else:
            name = f"{base}_copy{self._made}"
            _in_server(self._url, f"DROP DATABASE IF EXISTS {base}_copy{self._made - 1} WITH (FORCE)")
            _in_server(self._url, f"CREATE DATABASE {name} TEMPLATE {base}")
        return self._url.set(database=name).render_as_string(hide_password=False)

    def engine(self) -> Engine:
        """One more, opened as ours."""
        engine = connect(self.another(), self._synchronous)
        with reading(engine) as connection:
            connection.execute(text("SELECT 1"))
        return engine

    def driver(self) -> Any:
        """One more, opened by its driver alone, with the durability that ours has."""
        if not self.is_sqlite:
            return psycopg.connect(self.another(), autocommit=True)
        connection = sqlite3.connect(make_url(self.another()).database or "", isolation_level=None)
        for setting in ("journal_mode = WAL", f"synchronous = {self._synchronous}", "wal_autocheckpoint = 4000"):
            connection.execute(f"PRAGMA {setting}")
        return connection


def _in_server(url: Any, statement: str) -> None:
    engine = connect(url.set(database="postgres").render_as_string(hide_password=False))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    engine.dispose()


# --------------------------------------------------------------------------- ours, and the floor


def ours(copies: Copies, rulebook: Rulebook, due: int) -> Way:
    """One sweep."""

    def ready() -> Callable[[], object]:
        engine = copies.engine()

        def work() -> None:
            swept = sweep(engine, rulebook, NOW)
            if swept.rungs != due:
                raise SystemExit(f"{swept.rungs} rungs claimed, and not {due}")
            engine.dispose()

        return work

    return Way("ours", ready)


def floor(copies: Copies, due: int, each: bool) -> Way:
    """The same due rows, each moved on by a write of its own; committed each by itself, or all together."""
    mark = "?" if copies.is_sqlite else "%s"
    mine = " AND ".join(f"{name} = {mark}" for name in DUTY_KEY)
    find = f"SELECT {', '.join(DUTY_KEY)} FROM deadlines WHERE ended = '' AND next_rung_at <= {mark}"
    move = f"UPDATE deadlines SET next_rung_at = {mark} WHERE {mine}"
    begin = "BEGIN IMMEDIATE" if copies.is_sqlite else "BEGIN"
    now, later = ((as_text(one) if copies.is_sqlite else one) for one in (NOW, NOW + timedelta(days=14)))

    def ready() -> Callable[[], object]:
        connection = copies.driver()
        cursor = connection.cursor()

        def work() -> None:
            rows = cursor.execute(find, (now,)).fetchall()
            if len(rows) != due:
                raise SystemExit(f"{len(rows)} rows found, and not {due}")
            for group in ([row] for row in rows) if each else [rows]:
                cursor.execute(begin)
                for row in group:
                    cursor.execute(move, (later, *row))
                cursor.execute("COMMIT")
            connection.close()

        return work

    return Way(ROW_BY_ROW if each else ALL_TOGETHER, ready)


ROW_BY_ROW, ALL_TOGETHER = "floor, each row committed", "floor, all rows in one"


def filled(url: str, synchronous: Synchronous, rulebook: Rulebook, running: int, due: int) -> None:
    """A record of so many running dates there, whole in its file."""
    engine = connect(url, synchronous)
    migrate(engine)
    fill(engine, rulebook, running, due)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()  # The last to go puts everything into the file that is copied.


def measure(name: str, url: str, synchronous: Synchronous, rulebook: Rulebook, size: tuple[int, int, int]) -> None:
    """Print one size on one database: ours and the floor in turns."""
    running, due, rounds = size
    filled(url, synchronous, rulebook, running, due)
    copies = Copies(url, synchronous)
    ways = [ours(copies, rulebook, due), floor(copies, due, True), floor(copies, due, False)]
    rounds_ = paired.alternate(ways, rounds)
    took = paired.middle(rounds_["ours"])
    print(
        f"{name}, {running:,} running, {due:,} due: {took.seconds:.3f} s, {took.cpu:.3f} s of CPU; {seen(copies, due)}"
    )
    for other in (ROW_BY_ROW, ALL_TOGETHER):
        print(paired.compared(rounds_, "ours", other).line(), flush=True)


def seen(copies: Copies, due: int) -> str:
    """What one sweep sends to the database and takes of memory, that it is done once, and what it costs to read on."""
    rulebook, engine, counted = config.load(), copies.engine(), Counted()
    counted.listen(engine)
    with reading(engine) as connection:
        connection.execute(text("SELECT 1"))
    counted.texts.clear()
    before = _memory()
    swept = sweep(engine, rulebook, NOW)
    statements, taken, again = len(counted.texts), _memory() - before, sweep(engine, rulebook, NOW)
    if (swept.rungs, again) != (due, Swept()):
        raise SystemExit(f"{swept.rungs} rungs claimed and not {due}, or some of them twice: {again}")
    timed_duties.coming(engine, rulebook)  # to load what is loaded once
    runs = paired.timed(lambda: _wanted(engine, rulebook))
    engine.dispose()
    return (
        f"{statements} statements, {swept.notices:,} notices, {taken:.0f} MB more; "
        f"which timed runs there should be: {1000 * runs.seconds:.1f} ms"
    )


def _wanted(engine: Engine, rulebook: Rulebook) -> None:
    timed_duties.coming(engine, rulebook)
    timed_duties.missed(engine, rulebook, london_date(NOW))


def _another(url: str, number: int) -> str:
    """The address of a database with nothing in it, beside this one."""
    if url.startswith("sqlite"):
        return url.replace(".db", f"-{number}.db")
    _in_server(make_url(url), f"CREATE DATABASE of_{number}")
    return make_url(url).set(database=f"of_{number}").render_as_string(hide_password=False)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=max(size[0] for size in SIZES), help="running dates at most")
    asked = parser.parse_args()
    rulebook = config.load()
    print(f"One sweep, and a floor. {paired.machine()}")
    print(paired.HEADING)
    with databases() as found:
        for name, url, synchronous in found:
            for size in SIZES:
                if size[0] <= asked.largest:
                    measure(name, _another(url, size[0]), synchronous, rulebook, size)


if __name__ == "__main__":
    main()

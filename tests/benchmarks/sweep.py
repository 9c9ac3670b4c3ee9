"""
One sweep over twenty thousand running dates of which a thousand are due, and the letters that follow.

The dates are those of the real rules and climb the real ladder. A sweep claims each rung that is due, sets the next
one and writes the notices, in one transaction. Printed for SQLite and PostgreSQL: seconds (wall and CPU), the
statements sent to the database (which do not grow with what is open or due), the memory it took; then how many
letters a second reach a mail server on this machine.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import tempfile
import time
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, delete, event, select, text
from sqlalchemy.engine import make_url

import config
from benchmarks.transitions import databases
from flows.demo.post_catcher import Catcher
from safeguarding.dates.working_days import add_working_days
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.ladder import Ladders
from safeguarding.review.events import Actor, DutyStarted, Event
from safeguarding.review.fold import fold
from tasks.post.deliver import deliver_pending
from tasks.record.sweep import Swept, sweep
from tasks.store import projections
from tasks.store.migrations import migrate
from tasks.store.session import Synchronous, connect, reading, writing
from tasks.store.tables import notices

NOW = datetime(2026, 6, 16, 9, 5, tzinfo=UTC)
"""A Tuesday morning, so that what is owed may leave."""

A_REVIEW = 10
"""Running dates in one review."""

LETTERS = 200
SIZES = ((2_000, 100), (20_000, 1_000))
"""Running dates, and how many of them are due."""


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


def measure(name: str, url: str, synchronous: Synchronous, rulebook: Rulebook, running: int, due: int) -> str:
    """One sweep on one database, made new."""
    engine = connect(url, synchronous)
    migrate(engine)
    fill(engine, rulebook, running, due)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    counted = Counted()
    counted.listen(engine)
    with reading(engine) as connection:
        connection.execute(text("SELECT 1"))
    counted.texts.clear()
    # What making the record left behind is collected now, and not by chance in the middle of one of the sweeps.
    gc.collect()
    before, cpu, began = _memory(), time.process_time(), time.perf_counter()
    swept = sweep(engine, rulebook, NOW)
    seconds, cpu, taken = time.perf_counter() - began, time.process_time() - cpu, _memory() - before
    statements = len(counted.texts)
    again = sweep(engine, rulebook, NOW)
    if (swept.rungs, again) != (due, Swept()):
        raise SystemExit(f"{swept.rungs} rungs claimed and not {due}, or some of them twice: {again}")
    engine.dispose()
    return (
        f"{name:<18} {running:>9,} {due:>6,} {seconds:>9.3f} s {cpu:>9.3f} s {statements:>11} "
        f"{swept.notices:>9,} {taken:>8.1f} MB"
    )


def _another(url: str, number: int) -> str:
    """The address of a database with nothing in it, beside this one."""
    if url.startswith("sqlite"):
        return url.replace(".db", f"-{number}.db")
    engine = connect(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE of_{number}"))
    engine.dispose()
    return make_url(url).set(database=f"of_{number}").render_as_string(hide_password=False)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def letters(rulebook: Rulebook, folder: Path) -> str:
    """How many letters a second the sender hands to a mail server that takes everything."""
    engine = connect(f"sqlite:///{folder / 'letters.db'}")
    migrate(engine)
    fill(engine, rulebook, LETTERS * A_REVIEW, LETTERS)
    sweep(engine, rulebook, NOW)
    with writing(engine) as connection:
        email = select(notices.c.id).where(notices.c.channel == "email").order_by(notices.c.id)
        kept = list(islice(connection.execute(email).scalars(), LETTERS))
        connection.execute(delete(notices).where(notices.c.id.not_in(kept)))
    with Catcher(folder / "caught") as catcher:
        postbox = _Postbox(catcher.mail_url)
        deliver_pending(engine, rulebook, postbox, NOW - timedelta(days=1), "to load what is loaded once")
        recorded: list[float] = []
        event.listen(engine, "commit", lambda _: recorded.append(time.time()))
        began, cpu = time.perf_counter(), time.process_time()
        done = deliver_pending(engine, rulebook, postbox, NOW, "benchmark")
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        windows = sorted(_windows(catcher, recorded))
        if (done.delivered, catcher.caught.mail) != (len(kept), len(kept)):
            raise SystemExit(f"{done} of {len(kept)} letters, and {catcher.caught.mail} arrived")
    engine.dispose()
    return (
        f"{len(kept)} letters in {seconds:.2f} s: {len(kept) / seconds:.0f} a second; "
        f"{1000 * cpu / len(kept):.1f} ms of CPU each, the mail server's own included\n"
        "The window in which a sender that is killed has sent a letter and not recorded it: "
        f"{1000 * windows[len(windows) // 2]:.1f} ms (median), {1000 * windows[-1]:.1f} ms (longest of {len(windows)})"
    )


def _windows(catcher: Catcher, recorded: list[float]) -> Iterator[float]:
    """Seconds from the moment the mail server held each letter whole to the commit that says so."""
    for path in catcher.letters():
        taken = path.stat().st_mtime
        yield recorded[bisect_left(recorded, taken)] - taken


@dataclass(frozen=True)
class _Postbox:
    mail_url: str | None
    sender: str = "reviews@exampleshire.example"
    sender_name: str = "Exampleshire Safeguarding Partnership"
    at_once: bool = False

    def secret(self, _: str) -> str | None:
        """No Teams workflow: letters only."""
        return None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    rulebook = config.load()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"One sweep. Load average of the machine as it began: {load}")
    print(
        f"{'':<18} {'running':>9} {'due':>6} {'wall':>11} {'CPU':>11} {'statements':>11} {'notices':>9} {'memory':>11}"
    )
    with databases() as found:
        for name, url, synchronous in found:
            for running, due in SIZES:
                print(measure(name, _another(url, running), synchronous, rulebook, running, due), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print(letters(rulebook, Path(folder)))


if __name__ == "__main__":
    main()

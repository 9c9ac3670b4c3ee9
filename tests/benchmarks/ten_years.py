"""
The record of a large partnership after ten years: how long its pages, registers and proof take, and its size.

600 reviews with 20 actions each, 200,000 notices, 100,000 readings of sealed words. Three reviews are made by their
real steps, one after the other. The others are copies of these, and honest ones: every line is sealed with a key of
its own review, hashed, chained and put under the seal of the record as any line is, so that all of it verifies; their
notices are copied as rows, and the rest of the notices are digests, delivered. What is not there: rungs that fired long
ago, and the answers of refused forms.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from driver.visitor import PORT, Visitor
from sqlalchemy import Connection, func, insert, literal, select, text

from benchmarks import paired
from benchmarks.paired import Took
from config.settings import Settings
from flows.demo.answers import answer, signer
from flows.demo.stories import STORIES, take
from pages.application import application
from pages.registers import AT_THE_PAGES
from pages.running import Running
from safeguarding.dates.london import london_date, london_moment
from safeguarding.dates.working_days import add_working_days
from safeguarding.notices.ladder import Ladders
from safeguarding.review.events import Event
from safeguarding.review.fold import fold
from safeguarding.review.states import Track
from safeguarding.stages import STEPS
from tasks.record.installation import Installation, open_installation
from tasks.record.records import Records
from tasks.record.registers import read_registers
from tasks.record.sweep import sweep
from tasks.store import identity, ledger, projections, readings
from tasks.store.ledger import Head
from tasks.store.readings import WordsRead
from tasks.store.session import reading, writing
from tasks.store.tables import notice_facts, notices, review_keys, reviews

AT = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
REVIEWS, ACTIONS, NOTICES, READINGS = 600, 20, 200_000, 100_000
"""Of one review so many actions; of the whole record so many notices and readings."""
TIMES = 9


# --------------------------------------------------------------------------- the record


def made(home: Path, count: int) -> Installation:
    """A record with so many reviews, and of all else as much as belongs to them."""
    settings = Settings().model_copy(update={"home": home, "database_url": None, "partnership": None})
    installation = open_installation(AT, settings, simulation=True)
    records = installation.records
    longest = sorted(STORIES, key=len, reverse=True)[:3]
    originals = [_lived(records, story) for story in longest]
    read = {one: list(records.events(one, unseal=True)) for one in originals}
    for number in range(count - len(originals)):
        of = originals[number % len(originals)]
        _copied(records, of, read[of])
    part = count / REVIEWS
    _digests(records, max(0, int(NOTICES * part) - _notices(records)))
    _readings(records, int(READINGS * part), [event for event in read[originals[0]] if event.sealed])
    with records.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return installation


def _lived(records: Records, story: Sequence[Any]) -> str:
    """A review by its real steps, and then as many actions as it is to have."""
    reference, calendar, today = "", records.rulebook.calendar, london_date(AT)
    for told in story:
        day = add_working_days(today, -told.days_ago, calendar)
        reference = take(records, reference or None, told, london_moment(day, told.at or AT.time()))
    for number in range(max(0, ACTIONS - len(records.read(reference).actions))):
        raw = answer("add_action", records.read(reference), today)
        moment = AT + timedelta(seconds=number)
        records.attempt(reference, "add_action", raw, signer(STEPS["add_action"].by), moment)
    return reference


def _copied(records: Records, of: str, lines: Sequence[Event]) -> None:
    """Another review with the same history, line by line as any is written; its notices as rows."""
    keys, ladders = records._keys, Ladders(records.rulebook)
    track = Track.CHILDREN if of.startswith("CSPR") else Track.ADULTS

    def written(line: Any) -> None:
        own = identity.allocate(line.connection, track, AT)
        key, line.made = keys.new_key(own.reference)
        kept = {"reference": own.reference, "wrapped": line.made, "destroyed_at": None}
        line.connection.execute(insert(review_keys), [kept])
        head, events = Head(own.reference), []
        for event in lines:
            named = {"reference": own.reference, "pseudonym": own.pseudonym} if event.sequence == 1 else {}
            events.append(event.model_copy(update={"facts": {**event.facts, **named}}))
            before, head = head, ledger.append(line.connection, head, events[-1], key, keys)
            line.sealed(keys, before, head, max(event.at, line.seal.latest))
            line.made = None
        projections.remake(line.connection, fold(events), head.hash, ladders, {})
        _letters_copied(line.connection, of, own.reference)

    records._write(written)


def _letters_copied(connection: Connection, of: str, named: str) -> None:
    for table, without, put in (
        (notices, {"key", "id"}, {}),
        (notice_facts, {"key", "reference"}, {"reference": named}),
    ):
        rest = [column for column in table.columns if column.name not in without]
        key = func.replace(table.c.key, of, named).label("key")
        rows = select(key, *(literal(value) for value in put.values()), *rest).where(table.c.key.startswith(f"{of}:"))
        names = ["key", *put, *(column.name for column in rest)]
        connection.execute(table.insert().from_select(names, rows, include_defaults=False))


def _notices(records: Records) -> int:
    with reading(records.engine) as connection:
        return int(connection.execute(select(func.count()).select_from(notices)).scalar_one())


def _digests(records: Records, count: int) -> None:
    """So many digests of past mornings, delivered: twenty readers a morning, each with facts of their own."""
    facts, rows = [], []
    lines = "\n".join(f"CSPR-2024-{one:03d} · Rapid review to the national Panel · due Fri 18 Dec" for one in range(8))
    for number in range(count):
        morning = AT - timedelta(days=1 + number // 20 % 3600, seconds=number // 72_000)
        key, context = f"digest:{morning.date()}:{number // 72_000}", {"reference": "All reviews", "needs_me": lines}
        variant = number % 20
        facts.append(
            {"key": key, "variant": variant, "reference": "All reviews", "created_at": morning, "not_before": morning}
            | {"context": {**context, "day": str(morning.date())}}
        )
        rows.append(
            {"key": key, "variant": variant, "occasion": "digest", "person": f"reader_{variant}", "channel": "email"}
            | {"status": "delivered", "attempts": 1, "next_attempt_at": morning, "delivered_at": morning}
        )
    with writing(records.engine) as connection:
        for start in range(0, count, 5_000):
            connection.execute(insert(notice_facts), facts[start : start + 5_000])
            connection.execute(insert(notices), rows[start : start + 5_000])


def _readings(records: Records, count: int, lines: Sequence[Event]) -> None:
    """So many readings, over every review in turn."""
    with reading(records.engine) as connection:
        names = list(connection.execute(select(reviews.c.reference)).scalars())

    def noted(line: Any) -> None:
        for number in range(count):
            event, name = lines[number % len(lines)], names[number % len(names)]
            texts = [(event.sequence, one) for one in event.sealed]
            read = WordsRead("alex_example", "Alex Example", "signed in", name, event.title.lower(), texts)
            before, after = readings.append(line.connection, read, AT, records._keys)
            line.sealed(records._keys, before, after, AT)

    records._write(noted)


# --------------------------------------------------------------------------- what it takes


@dataclass(frozen=True, slots=True)
class Figure:
    """What one thing takes on one record."""

    name: str
    took: Took
    aim: float
    """Seconds."""

    def line(self) -> str:
        """On one line."""
        over = "   OVER THE AIM" if self.took.seconds >= self.aim else ""
        return f"{self.name:<38} {self.took.seconds:>9.3f} s {self.took.cpu:>9.3f} s of CPU{over}"


def _middle(ask: Callable[[], object], times: int) -> Took:
    ask()
    return paired.middle([paired.timed(ask) for _ in range(times)])


def figures(installation: Installation, times: int) -> list[Figure]:
    """Pages and registers, as a browser asks; the proof, the rebuilding, and a sweep."""
    records = installation.records
    visitor = Visitor(application(Running(installation, by_name=True, clock=lambda: AT), PORT))
    visitor.get("/sign-in")
    visitor.post("/sign-in/by-name", person="alex_example")
    with reading(records.engine) as connection:
        one = connection.execute(select(reviews.c.reference).where(reviews.c.open).limit(1)).scalar_one()

    def page(path: str) -> Callable[[], None]:
        def ask() -> None:
            if visitor.get(path).status_code != 200:
                raise SystemExit(f"{path} answered {visitor.page.status_code}")

        return ask

    found = [
        Figure(f"page: {name}", _middle(page(path), times), 0.1)
        for name, path in (
            ("what needs me", "/"),
            ("all reviews", "/reviews"),
            ("a review", f"/reviews/{one}"),
            ("a search", "/reviews?find=police"),
            ("who read what", f"/reviews/{one}/readings"),
        )
        if visitor.get(path).status_code == 200
    ]
    found += [
        Figure(f"register: {name}", _middle(lambda n=name: read_registers(records, AT.date(), [n]), 3), 1.0)
        for name in AT_THE_PAGES
    ]
    found.append(Figure("verify", paired.timed(lambda: _none(records.verify())), 60.0))
    found.append(Figure("rebuild", paired.timed(records.rebuild), 60.0))
    found.append(Figure("sweep", paired.timed(lambda: sweep(records.engine, records.rulebook, AT)), 1.0))
    return found


def _none(damage: Sequence[object]) -> None:
    if damage:
        raise SystemExit(f"the record does not verify: {damage[0]}")


# --------------------------------------------------------------------------- its size


def size(file: Path) -> dict[str, int]:
    """Bytes of each table and index, where SQLite can say so; of the whole file otherwise."""
    with closing(sqlite3.connect(file)) as connection:
        try:
            return dict(connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC"))
        except sqlite3.OperationalError:  # This SQLite was built without it.
            return {"whole": file.stat().st_size}


def main() -> None:
    """Make it, and print what it takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=REVIEWS)
    parser.add_argument("--times", type=int, default=TIMES)
    asked = parser.parse_args()
    print(f"Ten years. {paired.machine()}")
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        installation = made(Path(folder) / "home", asked.reviews)
        seconds, count = time.perf_counter() - began, _notices(installation.records)
        print(f"{asked.reviews} reviews, {count:,} notices, made in {seconds:.0f} s", flush=True)
        for one in figures(installation, asked.times):
            print(one.line(), flush=True)
        installation.close()
        parts = size(next((Path(folder) / "home").glob("*.sqlite3")))
        whole = sum(parts.values())
        print(f"size: {whole / 1e6:.1f} MB, {whole / 1000 / asked.reviews:.1f} kB a review with all that belongs to it")
        for name, bytes_ in list(parts.items())[:12]:
            print(f"  {name:<32} {bytes_ / 1000 / asked.reviews:>8.1f} kB a review")


if __name__ == "__main__":
    main()

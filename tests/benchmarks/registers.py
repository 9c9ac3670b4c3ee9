"""
Every register over two thousand reviews, beside a floor: the same rows of the same tables by bare SQL.

The reviews are the demo's longest, copied row by row under other references: as long as reviews are, and as mixed.
Printed of each register are its rows, the median seconds to read and make it, how often the floor that is, and the CPU
time; then its page, and the export of all of them. The aim is under 2 s for each that is a page.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from driver.visitor import PORT, Visitor
from sqlalchemy import Connection, Engine, Table, func, literal, select, text

from benchmarks.review_page import Took, taken
from config.settings import Settings
from flows.demo.demo import tell_all
from pages.application import application
from pages.registers import AT_THE_PAGES
from pages.running import Running
from safeguarding.registers.registers import REGISTERS, Register
from tasks.export.folder import write_folder
from tasks.export.tables import RegisterMade
from tasks.record.installation import Installation, open_installation
from tasks.record.records import Records
from tasks.record.registers import read_registers
from tasks.store.session import reading, writing
from tasks.store.tables import actions, deadlines, ledger, notice_facts, notices, register, requests, reviews

AT = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
REVIEWS = 2_000
LONGEST = 5
"""So many of the demo's reviews are copied, the longest."""
TIMES = 5
AIM = 2.0
"""Seconds."""


@contextmanager
def copied(count: int) -> Iterator[Installation]:
    """A record of its own: the demo's reviews, and so many copies of its longest."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings().model_copy(update={"home": Path(folder), "database_url": None, "partnership": None})
        with open_installation(AT, settings, simulation=True) as installation:
            tell_all(installation, AT)
            copy(installation.records.engine, count)
            yield installation


def asked_for(description: str | None, times: int) -> argparse.Namespace:
    """How many reviews and how many times, as it was typed."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--reviews", type=int, default=REVIEWS)
    parser.add_argument("--times", type=int, default=times)
    return parser.parse_args()


def copy(engine: Engine, count: int) -> None:
    """So many reviews more, each a copy of one of the demo's longest under a reference of its own."""
    with writing(engine) as connection:
        lines = select(ledger.c.reference, func.count().label("lines")).where(
            ledger.c.reference.in_(select(reviews.c.reference))
        )
        ordered = lines.group_by(ledger.c.reference).order_by(text("lines DESC")).limit(LONGEST)
        originals = [row.reference for row in connection.execute(ordered)]
        for number in range(count):
            of = originals[number % len(originals)]
            named = f"{of.partition('-')[0]}-2027-{number:05d}"
            for table in (ledger, reviews, deadlines, requests, actions, register):
                _copied(connection, table, of, named)
            _letters_copied(connection, of, named)


def _copied(connection: Connection, table: Table, of: str, named: str) -> None:
    others = [column for column in table.columns if column.name != "reference"]
    rows = select(literal(named), *others).where(table.c.reference == of)
    connection.execute(table.insert().from_select(["reference", *(column.name for column in others)], rows))


def _letters_copied(connection: Connection, of: str, named: str) -> None:
    """The letters of a review, each under a key and a number of its own."""
    for table, own in ((notices, "id"), (notice_facts, "reference")):
        others = [column for column in table.columns if column.name not in ("key", own)]
        key = func.replace(table.c.key, of, named).label("key")
        mine = {"id": None, "reference": literal(named)}[own]
        rows = select(key, *([] if mine is None else [mine.label(own)]), *others).where(table.c.key.startswith(of))
        names = ["key", *([] if mine is None else [own]), *(column.name for column in others)]
        connection.execute(table.insert().from_select(names, rows, include_defaults=False))


def floor(engine: Engine, of: Register) -> None:
    """The same rows of the same tables, as the driver gives them."""
    kinds = ", ".join(f"'{kind}'" for kind in sorted(of.kinds()))
    asked = ["SELECT reference, track, pseudonym, state, stage, open, opened_at, stage_since, entered_on FROM reviews"]
    if "clocks" in of.needs:
        columns = "reference, rule, subject, occurrence, anchor, anchored_on, due_on, ended, ended_on"
        asked.append(f"SELECT {columns} FROM deadlines WHERE ended <> 'superseded'")
    if "requests" in of.needs:
        columns = "reference, agency, purpose, asked_on, acknowledged_on, outcome, answered_on"
        asked.append(f"SELECT {columns} FROM requests")
        asked.append("SELECT reference, subject, rule, occurrence, due_on FROM deadlines WHERE subject <> ''")
    if "actions" in of.needs:
        asked.append("SELECT * FROM actions ORDER BY reference, action")
    if "letters" in of.needs:
        of_facts = "reference, created_at, not_before, context"
        joined = "notice_facts f ON n.key = f.key AND n.variant = f.variant"
        asked.append(f"SELECT n.*, {of_facts} FROM notices n JOIN {joined} ORDER BY n.id")
    if "lines" in of.needs:
        asked.append(f"SELECT * FROM ledger WHERE kind IN ({kinds}) ORDER BY reference, sequence")
    with reading(engine) as connection:
        for one in asked:
            connection.exec_driver_sql(one).all()


def line(name: str, rows: int, took: list[Took], least: list[Took] | None) -> str:
    """A line of the table."""
    middle = statistics.median(one.seconds for one in took)
    cpu = statistics.median(one.cpu for one in took)
    beside = f"{middle / statistics.median(one.seconds for one in least):6.1f} times the floor" if least else ""
    over = "   OVER THE AIM" if middle >= AIM and name in AT_THE_PAGES else ""
    return f"{name:<14} {rows:7} rows {middle:7.2f} s {cpu:7.2f} s CPU {beside}{over}"


def measure(records: Records, times: int) -> None:
    """Print the table."""
    engine, today = records.engine, AT.date()

    def made(name: str) -> Callable[[], None]:
        return lambda: found.__setitem__(name, len(read_registers(records, today, [name])[name]))

    found: dict[str, int] = {}
    for name, one in REGISTERS.items():
        least = taken(lambda of=one: floor(engine, of), times)
        took = taken(made(name), times)
        print(line(name, found[name], took, least), flush=True)


def pages(installation: Installation, times: int) -> None:
    """Print how long the page of each register takes: the first time, and while the record has not moved."""
    visitor = Visitor(application(Running(installation, by_name=True, clock=lambda: AT), PORT))
    visitor.get("/sign-in")
    visitor.post("/sign-in/by-name", person="alex_example")
    visitor.get("/registers")
    for name in AT_THE_PAGES:
        began = time.perf_counter()
        status = visitor.get(f"/registers/{name}").status_code
        first = time.perf_counter() - began
        again = statistics.median(
            one.seconds for one in taken(lambda name=name: visitor.get(f"/registers/{name}"), times)
        )
        over = "" if first < AIM else "   OVER THE AIM"
        print(f"page {name:<14} {first:7.2f} s first, {again:6.2f} s again, answered {status}{over}", flush=True)


def export(records: Records, folder: Path) -> str:
    """How long the export of all of it takes, once."""
    began = time.perf_counter()
    read = read_registers(records, AT.date())
    between = time.perf_counter()
    rows = sum(len(one) for one in read.values())
    write_folder(folder, [RegisterMade(REGISTERS[name], one) for name, one in read.items()], {})
    shutil.rmtree(folder)
    return (
        f"export of all: {rows} rows read in {between - began:.1f} s, written in {time.perf_counter() - between:.1f} s"
    )


def main() -> None:
    """Make the reviews, and print the table."""
    asked = asked_for(__doc__, TIMES)
    with copied(asked.reviews) as installation, tempfile.TemporaryDirectory() as folder:
        with reading(installation.records.engine) as connection:
            lines = connection.execute(select(func.count()).select_from(ledger)).scalar_one()
        print(f"{asked.reviews} reviews, {lines} lines in the ledger")
        measure(installation.records, asked.times)
        pages(installation, asked.times)
        print(export(installation.records, Path(folder) / "out"))
    print(f"aim: under {AIM:.0f} s each; load average {' '.join(f'{one:.1f}' for one in os.getloadavg())}")


if __name__ == "__main__":
    main()

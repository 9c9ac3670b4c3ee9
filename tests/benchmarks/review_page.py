"""
The page of a review with 400 lines of history, beside that of one that was just referred: what grows, and by how much.

Both are asked for as a browser asks, through everything that the pages do; printed are the median and the slowest of
many, the ratio to the floor, and the CPU time of one, which is the steadier figure on a machine that others use. The
aim is under 0.3 s for the long one.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from driver.visitor import PORT, Visitor

from config.settings import Settings
from flows.demo.answers import answer, signer
from flows.demo.stories import MONITORING_LATE, take
from pages.application import application
from pages.running import Running
from safeguarding.dates.london import london_date, london_moment
from safeguarding.dates.working_days import add_working_days
from safeguarding.stages import STEPS
from tasks.record.installation import Installation, open_installation

AT = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
LINES = 400
TIMES = 30
AIM = 0.3
"""Seconds."""


def long_review(installation: Installation, lines: int) -> str:
    """A child's review at its panel with so many lines: meetings, notes of them, and actions."""
    records, calendar, reference = installation.records, installation.rulebook.calendar, ""
    for told in MONITORING_LATE:
        day = add_working_days(london_date(AT), -told.days_ago, calendar)
        reference = take(records, reference or None, told, london_moment(day, told.at or AT.time()))
    review = records.read(reference)
    for number in range(lines - review.version):
        step = ("record_meeting", "add_action", "record_meeting", "monitor_review")[number % 4]
        raw = answer(step, records.read(reference), london_date(AT))
        records.attempt(reference, step, raw, signer(STEPS[step].by), AT + timedelta(seconds=number))
    return reference


class Took(NamedTuple):
    """How long one asking took, and how much of it was work of this process."""

    seconds: float
    cpu: float


def taken(ask: Callable[[], None], times: int, before: Callable[[], None] = lambda: None) -> list[Took]:
    """What each of so many askings took, the first apart, which warms up; `before` each is done what is not counted."""
    found = []
    for number in range(times + 1):
        before()
        began, worked = time.perf_counter(), time.process_time()
        ask()
        if number:
            found.append(Took(time.perf_counter() - began, time.process_time() - worked))
    return found


def measured(folder: Path, lines: int, times: int) -> list[tuple[str, list[Took]]]:
    """The pages with what each took, the floor first."""
    settings = Settings().model_copy(update={"home": folder, "database_url": None, "partnership": None})
    with open_installation(AT, settings, simulation=True) as installation:
        records = installation.records
        opening = answer("open_referral", None, london_date(AT))
        short = records.open(opening, signer(STEPS["open_referral"].by), AT).review.reference
        long = long_review(installation, lines)
        visitor = Visitor(application(Running(installation, by_name=True, clock=lambda: AT), PORT))
        visitor.get("/sign-in")
        visitor.post("/sign-in/by-name", person="alex_example")

        def page(path: str) -> Callable[[], None]:
            return lambda: _must(visitor.get(path).status_code)

        def opened() -> None:
            _must(visitor.post(f"/reviews/{long}/words", words="referral").status_code)

        return [
            ("the floor: a review of one line", taken(page(f"/reviews/{short}"), times)),
            (f"a review of {records.read(long).version} lines", taken(page(f"/reviews/{long}"), times)),
            ("the same, with the referral opened", taken(opened, times, page(f"/reviews/{long}"))),
            ("what needs me", taken(page("/"), times)),
        ]


def _must(status: int) -> None:
    if status != 200:
        raise SystemExit(f"a page answered {status}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--times", type=int, default=TIMES)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measured(Path(folder), asked.lines, asked.times)
    floor = statistics.median(one.seconds for one in found[0][1])
    for name, took in found:
        middle, longest = statistics.median(one.seconds for one in took), max(one.seconds for one in took)
        ratio = f"{middle / floor:5.1f} times the floor"
        cpu = f"{1000 * statistics.median(one.cpu for one in took):7.1f} ms CPU"
        print(f"{name:<38} {1000 * middle:7.1f} ms median {1000 * longest:7.1f} ms slowest {cpu}   {ratio}")
    print(f"aim: under {1000 * AIM:.0f} ms; load average {' '.join(f'{one:.1f}' for one in os.getloadavg())}")


if __name__ == "__main__":
    main()

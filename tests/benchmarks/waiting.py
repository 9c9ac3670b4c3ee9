"""
What people wait for at their pages with two thousand reviews on record: every page, and an act's confirmation.

The reviews are the demo's longest, copied (`benchmarks.registers`), beside the demo's own. Printed of each page: the
first time, median and slowest of many, and the CPU time of one, which is the steadier figure on a machine that others
use. Asked in this process, through everything that the pages do. The aims: a median under 100 ms, and under 0.5 s from
Send to the page that says what was recorded, the whole form being filled in again each time; and under 2 s from a step
to its card in Prefect, on the real system.
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

from driver.filling import Filler
from driver.page import Json, Manager, NotAnswered, System
from driver.visitor import PORT, Visitor

from benchmarks.registers import AT, asked_for, copied
from benchmarks.resumes import ADULT
from benchmarks.review_page import Took, taken
from flows.demo.answers import answer, signer
from pages.application import application
from pages.registers import AT_THE_PAGES
from pages.running import Running
from safeguarding.dates.london import london_date
from safeguarding.stages import STEPS
from tasks.record.installation import Installation

TIMES, ACTS, AFTER_ACTS = 20, 10, 5
PAGE_AIM, ACT_AIM, PREFECT_AIM = 0.1, 0.5, 2.0
"""Seconds."""
MANAGER = "alex_example"


def pages_of(reference: str, rule: str) -> list[str]:
    """Every page that a business manager opens, of this review and one of its dates where it is of one."""
    review = f"/reviews/{reference}"
    of_it = ("", "/plan.svg", "/letters", "/position", "/anonymity", "/bundle", f"/dates/{rule}", "/do/record_meeting")
    return [
        *("/", "/reviews", "/registers", *(f"/registers/{name}" for name in AT_THE_PAGES)),
        *("/yearly", "/sharing", "/readings", "/your-sign-in", *(f"{review}{one}" for one in of_it)),
    ]


def said(name: str, first: float, took: list[Took], aim: float) -> str:
    """A line of the table."""
    middle, longest = statistics.median(one.seconds for one in took), max(one.seconds for one in took)
    cpu = statistics.median(one.cpu for one in took)
    over = "" if middle < aim else "   OVER THE AIM"
    times = f"{1000 * first:8.0f} ms first {1000 * middle:7.1f} ms median {1000 * longest:7.1f} ms slowest"
    return f"{name:<44} {times} {1000 * cpu:7.1f} ms CPU{over}"


def measured(name: str, ask: Callable[[], None], times: int, aim: float) -> None:
    """Print what something takes, the first time and then."""
    began = time.perf_counter()
    ask()
    first = time.perf_counter() - began
    print(said(name, first, taken(ask, times), aim), flush=True)


def pages(visitor: Visitor, reference: str, times: int) -> None:
    """Print what each page takes, and a search."""
    rule = re.search(rf'href="/reviews/{reference}/dates/([\w-]+)', visitor.get(f"/reviews/{reference}").text)

    def ask(path: str) -> None:
        if visitor.get(path).status_code not in (200, 404):
            raise SystemExit(f"{path} answered {visitor.page.status_code}")

    for path in pages_of(reference, rule[1] if rule else ""):
        measured(path, lambda path=path: ask(path), times, PAGE_AIM)
    visitor.get("/reviews")
    for words in ("child c", "police", "wrenathorpe"):
        measured(f"a search: {words}", lambda words=words: visitor.post("/reviews", q=words) and None, times, PAGE_AIM)


def acts(installation: Installation, visitor: Visitor, reference: str, count: int) -> None:
    """Print what it takes from Send to the confirmation of a meeting that is recorded."""
    took = []
    for _ in range(count + 1):
        form = Filler(visitor)
        form.open(f"/reviews/{reference}/do/record_meeting")
        raw = answer("record_meeting", installation.records.read(reference), london_date(AT))
        form.whole(raw)
        began, worked = time.perf_counter(), time.process_time()
        form.send()
        took.append(Took(time.perf_counter() - began, time.process_time() - worked))
        if "/recorded/" not in visitor.path:
            raise SystemExit(f"not recorded: {visitor.words[:300]}")
    print(said("Send, to «this was recorded»", took[0].seconds, took[1:], ACT_AIM), flush=True)


def after_acts(installation: Installation, visitor: Visitor, reference: str) -> None:
    """Print what each page over all reviews takes where one of them has moved since it was looked at last."""
    steps = count(1)

    def moved() -> None:
        at = AT + timedelta(hours=1, seconds=next(steps))
        raw = answer("record_meeting", installation.records.read(reference), london_date(at))
        installation.records.attempt(reference, "record_meeting", raw, signer(STEPS["record_meeting"].by), at)

    for path in ("/", "/reviews", *(f"/registers/{name}" for name in AT_THE_PAGES), "/sharing"):
        visitor.get(path)
        took = taken(lambda path=path: visitor.get(path) and None, AFTER_ACTS, moved)
        print(said(f"{path}, after a step", took[0].seconds, took, PAGE_AIM), flush=True)


def until_prefect_shows_it(folder: Path, count: int) -> None:
    """
    Print how long after a step was recorded by another door Prefect's own interface shows the card of what comes next.

    The real system beside, on the demo's own reviews. The page's own login asks, as a manager's browser does.
    """
    took = []
    with System(folder / "home") as system:
        system.start()
        with Manager(system, looks_every=0.02) as manager:
            for _ in range(count + 1):
                reference = manager.opened_elsewhere(**ADULT)
                first = waits(manager, reference)
                manager.taken_elsewhere(reference, "accept_referral")
                began = time.perf_counter()
                manager.next_card(reference, first)
                took.append(Took(time.perf_counter() - began, 0.0))
    middle, longest = statistics.median(one.seconds for one in took[1:]), max(one.seconds for one in took[1:])
    over = "" if middle < PREFECT_AIM else "   OVER THE AIM"
    print(f"{'a step, to its card in Prefect':<44} {middle:6.2f} s median {longest:6.2f} s slowest{over}", flush=True)


def waits(manager: Manager, reference: str) -> Json:
    """The card of a review that was just opened, once it waits."""
    while True:
        try:
            return manager.card(reference)
        except NotAnswered:
            time.sleep(0.1)


def main() -> None:
    """Make the reviews, and print the table."""
    asked = asked_for(__doc__, TIMES)
    with copied(asked.reviews) as installation:
        there = [row.reference for row in installation.records.list(open_only=True) if row.stage == "panel"]
        running = Running(installation, by_name=True, clock=lambda: AT)
        running.read_open_words()
        visitor = Visitor(application(running, PORT))
        visitor.get("/sign-in")
        visitor.post("/sign-in/by-name", person=MANAGER)
        print(f"{asked.reviews} reviews, on {platform.node()} with {os.cpu_count()} cores")
        pages(visitor, there[0], asked.times)
        acts(installation, visitor, there[0], ACTS)
        after_acts(installation, visitor, there[0])
    with tempfile.TemporaryDirectory() as folder:
        until_prefect_shows_it(Path(folder), ACTS)
    print(f"load average {' '.join(f'{one:.1f}' for one in os.getloadavg())}")


if __name__ == "__main__":
    main()

"""
What bends as a record grows: the same work on a record of one size, of ten times and of a hundred times as much.

A hundred times is the record of a large partnership after ten years (`ten_years`), and a sweep of 200,000 running
dates. Each part is measured in a process of its own; one that fails or takes too long is named at the end, and the
others are measured all the same. Printed are the seconds of CPU, since what else a machine does moves them least, and
megabytes; a start also by the clock, which is what people wait for. The table in `docs/performance.md` and the drawing
`docs/growth.svg` are written anew (`--docs FOLDER`: in another folder). A line that climbs as steeply as the dotted
one takes as much more as there is more; a flat one takes no more. What several processes of the system in parts come
to is `in_parts`.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from driver.speed import patience

import config
from benchmarks import curves, letters, paired, start, sweep, ten_years
from benchmarks.curves import CPU, MEGABYTES, SHARE, WALL, Curve
from benchmarks.transitions import walk
from flows.server import login

TIMES = (1, 10, 100)
OF_REVIEWS = {1: 6, 10: 60, 100: 600}
OF_DATES = {1: (2_000, 100), 10: (20_000, 1_000), 100: (200_000, 10_000)}
OF_LETTERS = {1: 10, 10: 100, 100: 1_000}
WALKED, STEPS = 20, 7
"""Reviews that are walked through so many steps on each record."""
LIMITS = {1: 180.0, 10: 240.0, 100: 900.0}
"""Seconds, on a machine that does nothing else, after which a part of so many times as much is ended and named."""
RESTS, RESTS_AT_MOST, AT_REST = 15.0, 150.0, 25.0
"""Seconds between two looks whether a started system rests, and at most; the per cent of one core that are rest."""
READY_WITHIN = 600.0
"""Seconds, for a first start that makes a card for each of six hundred open reviews."""
DOCS, TESTS = Path(__file__).parents[2] / "docs", Path(__file__).parents[1]
PAGE, DRAWING, MARK = "performance.md", "growth.svg", "growth"

Found = Iterator[tuple[str, float]]
"""The names of curves with what was measured of each, as soon as it is known."""

STEP, SENT, DUE = "a step of a review", "one letter, of 10 and more due", "a sweep: 2,000 dates, and more"
FIRST, FIRST_CLOCK = "the first start on a record", "the same, until Ready"
AGAIN, AGAIN_CLOCK = "a restart", "a restart, until Ready"
MEMORY, IDLE, DISK = "memory of the whole at rest", "CPU of the whole at rest", "the record on disk"
OF_TEN_YEARS = {"verify": "prove all of it", "rebuild": "make all tables again", "sweep": "a sweep of those reviews"}
CURVES: Mapping[str, tuple[str, str]] = {
    STEP: (CPU, "one review, and the one seal over all"),
    DUE: (CPU, "a twentieth is due in each: with what is due"),
    SENT: (CPU, "the letter alone"),
    "page: what needs me": (CPU, "every open review, and what is due"),
    "page: a review": (CPU, "one review, by its index"),
    "page: all reviews": (CPU, "a page of them, and the count of all"),
    "register: actions": (CPU, "every action"),
    "register: timeliness": (CPU, "every date"),
    "prove all of it": (CPU, "every line, notice's claim and reading"),
    "make all tables again": (CPU, "every line"),
    "a sweep of those reviews": (CPU, "what is due of these reviews' dates"),
    FIRST: (CPU, "a card is made for every open review; here all are open"),
    FIRST_CLOCK: (WALL, "the same"),
    AGAIN: (CPU, "every open review is read and its card looked at"),
    AGAIN_CLOCK: (WALL, "the same"),
    MEMORY: (MEGABYTES, "the three processes; what they have read of open reviews"),
    IDLE: (SHARE, "each part looks what is due every few seconds, whatever is there"),
    DISK: (MEGABYTES, "every line, notice and reading"),
}
"""Each curve with its unit and why it bends, in the order of the table."""


# --------------------------------------------------------------------------- the parts


def of_letters(times: int, folder: Path) -> Found:
    """One letter, where so many are due with it."""
    rulebook, count = config.load(), OF_LETTERS[times]
    with letters.mail_server(folder) as server:
        engine = letters.outbox_with(rulebook, folder, count)
        ready = letters.ours(engine, rulebook, server, count).ready
        ready()()
        yield SENT, paired.timed(ready()).cpu / count
        engine.dispose()


def of_a_sweep(times: int, folder: Path) -> Found:
    """One sweep, of running dates of which one in twenty is due."""
    rulebook, (running, due) = config.load(), OF_DATES[times]
    url = f"sqlite:///{folder / 'sweep.db'}"
    sweep.filled(url, "NORMAL", rulebook, running, due)
    ready = sweep.ours(sweep.Copies(url, "NORMAL"), rulebook, due).ready
    yield DUE, paired.middle([paired.timed(ready()) for _ in range(3)]).cpu


def of_a_record(times: int, folder: Path) -> Found:
    """Its size, pages, registers, the proof and the rebuilding; and steps, last, since they add to it."""
    installation = ten_years.made(folder / "home", OF_REVIEWS[times])
    yield DISK, sum(ten_years.size(next((folder / "home").glob("*.sqlite3"))).values()) / 1e6
    for one in ten_years.figures(installation, 5):
        if (name := OF_TEN_YEARS.get(one.name, one.name)) in CURVES:
            yield name, one.took.cpu
    walk(installation.records, 2, "warm")
    yield STEP, paired.timed(lambda: walk(installation.records, WALKED, "timed")).cpu / (WALKED * STEPS)
    installation.close()


class Large(start.Up):
    """`safeguarding up` on a record whose first start may take long."""

    ready_within = READY_WITHIN


def of_starts(times: int, folder: Path) -> Found:
    """The real system on a record that is there: its first start, another, and its memory once it rests."""
    home = folder / "home"
    ten_years.made(home, OF_REVIEWS[times]).close()
    login.keep(home, login.invented())
    with Large(home) as system:
        for worked, waited in ((FIRST, FIRST_CLOCK), (AGAIN, AGAIN_CLOCK)):
            system.stop()
            began = time.monotonic()
            system.start()
            yield waited, time.monotonic() - began
            assert system.process is not None
            running = start.processes(system.process)
            yield worked, sum(map(start.cpu, running))
        yield IDLE, rested(running)
        yield MEMORY, sum(map(start.memory, running))


def rested(running: Sequence[int]) -> float:
    """The per cent of one core that they take once they rest; the first sweep after a start is done before that."""
    until, share = time.monotonic() + RESTS_AT_MOST, 100.0
    while share > AT_REST and time.monotonic() < until:
        before = sum(map(start.cpu, running))
        time.sleep(RESTS)
        share = 100 * (sum(map(start.cpu, running)) - before) / RESTS
    return share


PARTS: Mapping[str, Callable[[int, Path], Found]] = {
    "letters": of_letters,
    "sweep": of_a_sweep,
    "record": of_a_record,
    "starts": of_starts,
}


# --------------------------------------------------------------------------- one after the other


def be(part: str, times: int) -> None:
    """Be the process of one part: print each figure when it is known. SIGTERM ends it with all that it began."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("it took too long"))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for name, value in PARTS[part](times, Path(folder)):
            print(f"{name}\t{value}", flush=True)


def measured(part: str, times: int, limit: float) -> tuple[dict[str, float], str]:
    """The figures of one part, and what it failed of; those that were known before are kept."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.growth", "--part", part, "--times", str(times)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TESTS)
    fault = ""
    try:
        said, _ = process.communicate(timeout=limit)
        fault = f"ended with {process.returncode}" if process.returncode else ""
    except subprocess.TimeoutExpired:
        fault = f"took more than {limit:,.0f} s"
        process.terminate()
        said, _ = process.communicate()
    lines = (line.partition("\t") for line in said.splitlines())
    return {name: float(value) for name, _, value in lines if name in CURVES and value}, fault


def all_of(parts: Sequence[str], sizes: Sequence[int], limits: Mapping[int, float]) -> tuple[list[Curve], list[str]]:
    """Measure every part at every size; the curves, and what failed."""
    found: dict[str, dict[int, float]] = {name: {} for name in CURVES}
    faults = []
    for part in parts:
        for times in sizes:
            began = time.monotonic()
            figures, fault = measured(part, times, limits[times])
            for name, value in figures.items():
                found[name][times] = value
            what = f"{part}, {times} times"
            print(f"  {what:<20} {time.monotonic() - began:>6.0f} s   {fault or 'measured'}", flush=True)
            if fault:
                faults.append(f"{what} {fault}")
    return [Curve(name, unit, why, found[name]) for name, (unit, why) in CURVES.items()], faults


def written(docs: Path, found: Sequence[Curve], sizes: Sequence[int], faults: Sequence[str], machine: str) -> None:
    """The table into its page, and the drawing beside it."""
    curves.put_in(docs / PAGE, MARK, curves.told(curves.table(found, sizes), machine, faults))
    curves.draw(found, sizes, docs / DRAWING)


def main() -> int:
    """Measure, print the table, and write it and the drawing; how many parts failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path, default=DOCS, help="the folder with performance.md and growth.svg")
    parser.add_argument("--only", nargs="+", choices=tuple(PARTS), default=tuple(PARTS), help="some of the parts")
    parser.add_argument("--largest", type=int, choices=TIMES, default=TIMES[-1], help="times as much, at most")
    parser.add_argument("--limit", type=float, help="seconds after which any part is ended and named")
    parser.add_argument("--part", choices=tuple(PARTS), help=argparse.SUPPRESS)
    parser.add_argument("--times", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part:
        be(asked.part, asked.times)
        return 0
    machine, sizes = paired.machine(), [times for times in TIMES if times <= asked.largest]
    print(f"Growth. {machine}", flush=True)
    limits = {times: asked.limit or patience(LIMITS[times]) for times in sizes}
    found, faults = all_of(asked.only, sizes, limits)
    print(curves.table(found, sizes))
    print(f"load average as it ended {os.getloadavg()[0]:.1f}")
    print("\n".join(f"FAILED: {one}" for one in faults))
    written(asked.docs, found, sizes, faults, machine)
    return len(faults)


if __name__ == "__main__":
    sys.exit(main())

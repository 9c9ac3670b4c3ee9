"""
Two or more ways of doing the same work, set beside each other in one run: ratios, each with its spread.

A figure of one machine says little of another, and on a machine that others use little of the next minute. So the
ways take turns, in rounds: each round does all of them once, every other round in the opposite order, and the ratio
of two ways is worked out within each round, where both met the same load. Printed are the median of these ratios and
their range. A ratio is how many times as much of the work one way does in the same time as the other: above 1 it is
the quicker. It is said for the time on the wall, which holds what waits for a disk or a server, and for the CPU of
this process, which another program's load moves less.

    with_ours = Way("ours", lambda: make_ready(ours))
    with_floor = Way("floor", lambda: make_ready(floor))
    rounds = alternate([with_ours, with_floor], 7)
    print(machine())
    print(compared(rounds, "ours", "floor").line())

`make_ready` does what is not counted, and returns the work, which is.
"""

from __future__ import annotations

import gc
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Took(NamedTuple):
    """What the work took, in seconds: on the wall, and of the CPU in this process with all of its threads."""

    seconds: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Way:
    """One way of doing the work: `ready` prepares it anew for each round, uncounted, and returns what is counted."""

    name: str
    ready: Callable[[], Callable[[], object]]


Rounds = Mapping[str, Sequence[Took]]
"""What each way took in every round, the first round first."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """One number of two ways, worked out within each round."""

    each: tuple[float, ...]

    @property
    def median(self) -> float:
        """The one in the middle."""
        return statistics.median(self.each)

    def __str__(self) -> str:
        return f"{self.median:.2f} ({min(self.each):.2f} to {max(self.each):.2f})"


@dataclass(frozen=True, slots=True)
class Compared:
    """How many times as much one way does as another, by each of the two clocks."""

    of: str
    beside: str
    wall: Ratio
    cpu: Ratio

    def line(self) -> str:
        """The comparison on one line: the median of the rounds, and their range."""
        said = f"{self.of} : {self.beside}"
        return f"{said:<52} {self.wall!s:>22} {self.cpu!s:>22}"


HEADING = f"{'times as much in the same time':<52} {'on the wall':>22} {'by CPU':>22}"
"""What stands over lines of `Compared`."""


def alternate(ways: Sequence[Way], rounds: int, warm: int = 1) -> Rounds:
    """
    Do every way once in each round, every other round in the opposite order; what each took. `warm` rounds go before.

    What an earlier way left behind is collected before the next begins, so that nobody pays for another.
    """
    found: dict[str, list[Took]] = {way.name: [] for way in ways}
    for number in range(-warm, rounds):
        for way in ways if number % 2 else reversed(ways):
            took = timed(way.ready())
            if number >= 0:
                found[way.name].append(took)
    return found


def timed(work: Callable[[], object]) -> Took:
    """What the work takes once."""
    gc.collect()
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - began, time.process_time() - cpu)


def compared(rounds: Rounds, of: str, beside: str) -> Compared:
    """One way beside another, round by round."""
    pairs = list(zip(rounds[of], rounds[beside], strict=True))
    wall = Ratio(tuple(other.seconds / mine.seconds for mine, other in pairs))
    return Compared(of, beside, wall, Ratio(tuple(other.cpu / mine.cpu for mine, other in pairs)))


def middle(took: Sequence[Took]) -> Took:
    """The median of the rounds by each clock."""
    return Took(statistics.median(one.seconds for one in took), statistics.median(one.cpu for one in took))


def machine() -> str:
    """What an absolute figure is said of: processor and cores, Python, SQLite, and the load as it began."""
    cpus = Path("/proc/cpuinfo")
    names = [line for line in cpus.read_text().splitlines() if line.startswith("model name")] if cpus.exists() else []
    model = names[0].partition(":")[2].strip() if names else platform.processor() or platform.machine()
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{model}, {os.cpu_count()} cores; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{platform.system()} {platform.release()}; load average as it began {load}"
    )

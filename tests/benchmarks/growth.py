"""
What bends as a record grows: the same work on a record of one size, of ten times and of a hundred times as much.

A hundred times is the record of a large partnership after ten years (`ten_years`), and a sweep of 200,000 running
dates. Printed, and with `--draw FILE` drawn, are the seconds of CPU, since what else a machine does moves them least.
A line that climbs as steeply as the dotted one takes as much more as there is more; a flat one takes no more.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import config
from benchmarks import letters, paired, sweep, ten_years
from benchmarks.transitions import FIRST, databases, walk
from tasks.record.records import open_record

TIMES = (1, 10, 100)
OF_REVIEWS = {1: 6, 10: 60, 100: 600}
OF_DATES = {1: (2_000, 100), 10: (20_000, 1_000), 100: (200_000, 10_000)}
OF_LETTERS = {1: 20, 10: 200, 100: 2_000}
WORKERS = (1, 2, 4)
STEPS = 7
"""Of each review in the walk of `transitions`."""
PAGES = ("page: what needs me", "page: a review", "page: all reviews", "register: actions", "register: timeliness")
WHOLE = ("verify", "rebuild", "sweep")


@dataclass(frozen=True, slots=True)
class Curve:
    """One kind of work: seconds of CPU by how many times as much there is."""

    name: str
    seconds: Mapping[int, float]

    def line(self) -> str:
        """On one line, with how many times as long each takes as the one before."""
        said = [f"{self.seconds[times]:>10.4f} s" for times in TIMES]
        least, most = self.seconds[TIMES[0]], self.seconds[TIMES[-1]]
        return f"{self.name:<34} {' '.join(said)}   {most / least:>7.1f} times for 100 times as much"


def of_a_record() -> list[Curve]:
    """Pages, registers, the proof and the rebuilding."""
    found: dict[str, dict[int, float]] = {}
    for times in TIMES:
        with tempfile.TemporaryDirectory() as folder:
            installation = ten_years.made(Path(folder) / "home", OF_REVIEWS[times])
            for one in ten_years.figures(installation, 5):
                found.setdefault(one.name, {})[times] = one.took.cpu
            installation.close()
    return [Curve(name, found[name]) for name in (*PAGES, *WHOLE) if len(found.get(name, ())) == len(TIMES)]


def of_a_sweep() -> Curve:
    """One sweep, of running dates of which one in twenty is due."""
    rulebook, seconds = config.load(), {}
    for times, (running, due) in OF_DATES.items():
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'sweep.db'}"
            sweep.filled(url, "NORMAL", rulebook, running, due)
            ready = sweep.ours(sweep.Copies(url, "NORMAL"), rulebook, due).ready
            seconds[times] = paired.middle([paired.timed(ready()) for _ in range(3)]).cpu
    return Curve("a sweep: 2,000 dates, and more", seconds)


def of_letters() -> Curve:
    """One letter, where so many are due with it."""
    rulebook, seconds = config.load(), {}
    for times, count in OF_LETTERS.items():
        with tempfile.TemporaryDirectory() as folder, letters.mail_server(Path(folder)) as server:
            engine = letters.outbox_with(rulebook, Path(folder), count)
            ready = letters.ours(engine, rulebook, server, count).ready
            ready()()
            seconds[times] = paired.timed(ready()).cpu / count
            engine.dispose()
    return Curve("one letter, of 20 and more due", seconds)


# --------------------------------------------------------------------------- several at once on one record


def work(url: str, home: Path, name: str, reviews: int) -> None:
    """Be one of several who take steps on one record; says when it may begin, and begins when it is told to."""
    records = open_record(url, home, config.load(), FIRST, simulation=True)
    walk(records, 1, f"warm {name}")
    print("ready", flush=True)
    sys.stdin.readline()
    walk(records, reviews, name)
    records.engine.dispose()


def at_once(reviews: int) -> Sequence[tuple[int, float]]:
    """Steps a second on one PostgreSQL by one, two and four processes."""
    found = []
    with databases() as known, tempfile.TemporaryDirectory() as folder:
        url = next(url for name, url, _ in known if name == "PostgreSQL")
        open_record(url, Path(folder), config.load(), FIRST, simulation=True).engine.dispose()
        for workers in WORKERS:
            begin = [sys.executable, "-W", "ignore", "-m", "benchmarks.growth", "--work", url, folder]
            each = [
                subprocess.Popen(
                    [*begin, f"{workers} {number}", str(reviews)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
                for number in range(workers)
            ]
            for one in each:
                assert one.stdout is not None
                one.stdout.readline()
            began = time.perf_counter()
            for one in each:
                assert one.stdin is not None
                one.stdin.write("\n")
                one.stdin.flush()
            if any(one.wait() for one in each):
                raise SystemExit("one of several at once did not end well")
            found.append((workers, workers * reviews * STEPS / (time.perf_counter() - began)))
    return found


# --------------------------------------------------------------------------- drawn


def draw(curves: Sequence[Curve], several: Sequence[tuple[int, float]], file: Path) -> None:
    """The curves as a picture: what grows with the record, and what several at once come to."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.fonttype"], matplotlib.rcParams["svg.hashsalt"] = "none", "growth"
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 1))
    for number, curve in enumerate(curves):
        marks = "osv^<>DPXd"
        left.plot(TIMES, [curve.seconds[times] for times in TIMES], marker=marks[number % 10], label=curve.name)
    left.plot(
        TIMES, [0.002 * times for times in TIMES], linestyle=":", color="grey", label="as much more as there is more"
    )
    left.set(xscale="log", yscale="log", xlabel="times as much on record", ylabel="seconds of CPU")
    left.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize="small", frameon=False)
    right.plot(*zip(*several, strict=True), marker="o")
    right.set(xlabel="processes at once", ylabel="steps a second, PostgreSQL", ylim=(0, None), xticks=WORKERS)
    figure.savefig(file, metadata={"Date": None})


def main() -> None:
    """Print the table, and draw it where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draw", type=Path, help="the SVG file of the curves")
    parser.add_argument("--reviews", type=int, default=40, help="of each process at once")
    parser.add_argument("--work", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        url, home, name, reviews = asked.work
        work(url, Path(home), name, int(reviews))
        return
    print(f"Growth. {paired.machine()}")
    several = at_once(asked.reviews)
    for workers, steps in several:
        print(f"{workers} processes at once on one PostgreSQL: {steps:,.0f} steps a second", flush=True)
    curves = [of_letters(), of_a_sweep(), *of_a_record()]
    print(f"{'':<34} {'1 times':>12} {'10 times':>12} {'100 times':>12}")
    for curve in curves:
        print(curve.line())
    print(json.dumps({one.name: dict(one.seconds) for one in curves}))
    print(f"load average as it ended {os.getloadavg()[0]:.1f}")
    if asked.draw is not None:
        draw(curves, several, asked.draw)


if __name__ == "__main__":
    main()

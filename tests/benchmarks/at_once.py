"""
Several who do the same work at one moment: processes of a benchmark that begin together, or threads that ask.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

import config
from benchmarks import paired
from benchmarks.paired import Took
from benchmarks.transitions import FIRST, walk
from config.settings import Settings
from flows.server.postman import Postman
from safeguarding.dates.london import now
from tasks.record.installation import open_installation
from tasks.record.records import open_record
from tasks.store.session import reading
from tasks.store.tables import notices

TESTS = Path(__file__).parents[1]


def in_threads(work: Callable[[int], None], count: int, by: int) -> Took:
    """Do the work so many times, by so many threads; the seconds until all of it was done."""
    with ThreadPoolExecutor(by) as pool:
        return Took(paired.timed(lambda: list(pool.map(work, range(count)))).seconds, 0.0)


def together(each: Sequence[Sequence[str]], environment: Mapping[str, str] | None) -> Took:
    """Processes of `in_parts` that begin at one moment; the seconds until the last one is done, and the CPU of all."""
    begin = [sys.executable, "-W", "ignore", "-m", "benchmarks.in_parts"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    running = [subprocess.Popen([*begin, *one], text=True, env=environment, cwd=TESTS, **pipes) for one in each]
    for one in running:
        _says(one, "ready")
    began = time.perf_counter()
    for one in running:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    cpu = sum(float(_says(one, "done")) for one in running)
    seconds = time.perf_counter() - began
    codes = [one.wait() for one in running]
    if any(codes):
        raise SystemExit(f"of several at once not each ended well: {codes}")
    return Took(seconds, cpu)


def _says(one: subprocess.Popen[str], word: str) -> str:
    """Wait until it says this; what it says with it."""
    assert one.stdout is not None
    for line in one.stdout:
        first, _, rest = line.strip().partition(" ")
        if first == word:
            return rest
    raise SystemExit(f"one of several at once never said «{word}»")


@contextmanager
def when_told() -> Iterator[None]:
    """Say that the process is ready, begin when it is told to, and say when it is done and what CPU that took."""
    print("ready", flush=True)
    sys.stdin.readline()
    before = time.process_time()
    yield
    print(f"done {time.process_time() - before}", flush=True)


def walked(url: str, home: Path, name: str, reviews: int) -> None:
    """Be one of several who take steps on one record."""
    records = open_record(url, home, config.load(), FIRST, simulation=True)
    walk(records, 1, f"warm {name}")
    with when_told():
        walk(records, reviews, name)
    records.engine.dispose()


def postman() -> None:
    """Be a postman until nothing is left to deliver."""
    left = select(notices.c.id).where(notices.c.status.in_(("pending", "claimed"))).limit(1)
    with open_installation(now(), Settings(), make=False, take_up=False) as installation:
        ours = Postman(installation)
        with when_told():
            ours.start()
            there = True
            while there:
                time.sleep(0.01)
                with reading(installation.records.engine) as connection:
                    there = connection.execute(left).first() is not None
        ours.stop()

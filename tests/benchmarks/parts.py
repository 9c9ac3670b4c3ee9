"""
What each part of a step costs: the time of a step divided among its parts, so that a reader sees what it buys.

The parts are functions of the product, each given a clock while this looks; what a part calls that is a part itself
counts there and not twice. Two clocks are read at each border, the wall's and the CPU's of this thread, which adds a
few hundredths to the whole: shares are meant, and the whole is measured elsewhere without them.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Engine

from benchmarks.paired import Took
from safeguarding import lifecycle
from safeguarding.notices import step_notices
from safeguarding.review import answers
from tasks.record import claim_rungs, records, told_before
from tasks.record.records import Records
from tasks.store import ledger, outbox, projections, seals
from tasks.store.beside import Beside
from tasks.store.sealing import Keyring, ReviewKey
from tasks.store.statements import Writing

REST = "the rest: handing on, and this clock"


class Part(NamedTuple):
    """A function of the product, where it is found, and under which words its time is counted."""

    words: str
    of: Any
    name: str


JUDGED = "answers read and judged"
ALLOWED = "conditions, and what the step does"
DATES = "due dates that end and start"
NAMED = "whom the line names, as they were"
FOLDED = "the review after the line"
LETTERS = "notices: who is told what"
CHAINED = "the line as JSON, hashed and chained"
SEALED = "free text sealed; head and record sealed"
TABLES = "rows for the tables that are queried"
OUTBOX = "notices as rows"
BEGUN = "transaction begun, connection"
COMMITTED = "commit"
NOTED = "note beside the record"

PARTS = (
    Part(JUDGED, answers, "judged"),
    Part(ALLOWED, lifecycle, "attempt"),
    *(Part(DATES, lifecycle, name) for name in ("clocks", "before_their_day", "cut_off", "held_to_the_law")),
    *(Part(DATES, lifecycle, name) for name in ("looks_no_longer_owed", "_too_far")),
    Part(NAMED, records, "as_they_were"),
    Part(FOLDED, records, "fold"),
    Part(LETTERS, step_notices, "notices_for"),
    Part(LETTERS, claim_rungs, "made_overdue"),
    Part(LETTERS, told_before, "told_before"),
    *(Part(CHAINED, ledger, name) for name in ("plain", "append")),
    *(Part(SEALED, Keyring, name) for name in ("new_key", "unwrap", "seal_head")),
    Part(SEALED, ReviewKey, "seal"),
    *(Part(SEALED, seals, name) for name in ("send", "move")),
    Part(TABLES, projections, "write"),
    Part(OUTBOX, outbox, "write"),
    Part(BEGUN, Records, "_write"),
    Part(NOTED, Beside, "note"),
)


class Clocks:
    """The time of each part so far, by its words."""

    def __init__(self) -> None:
        self.took: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        self._within: list[str] = [REST]
        self._wall, self._cpu = time.perf_counter(), time.thread_time()

    def _border(self) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        took = self.took[self._within[-1]]
        took[0] += wall - self._wall
        took[1] += cpu - self._cpu
        self._wall, self._cpu = wall, cpu

    def given_to(self, function: Callable[..., Any], words: Callable[..., str]) -> Callable[..., Any]:
        """The same function, whose time is counted under the words that are made of what it is given first."""

        def counted(*given: Any, **named: Any) -> Any:
            self._border()
            self._within.append(words(*given[:1]))
            try:
                return function(*given, **named)
            finally:
                self._border()
                self._within.pop()

        return counted


@contextmanager
def clocks(engine: Engine) -> Iterator[Clocks]:
    """Clocks at every part, until this ends; statements by the table that they write."""
    found = Clocks()
    dialect: Any = engine.dialect
    every = [
        *((part.of, part.name, lambda *_, words=part.words: words) for part in PARTS),
        (Writing, "sent", _table_written),
        (dialect, "do_commit", lambda *_: COMMITTED),
    ]
    before = [(of, name, getattr(of, name)) for of, name, _ in every]
    try:
        for of, name, words in every:
            setattr(of, name, found.given_to(getattr(of, name), words))
        yield found
    finally:
        for of, name, function in reversed(before):
            if of is dialect:
                delattr(of, name)  # It is the class's own again.
            else:
                setattr(of, name, function)


def _table_written(writing: Any) -> str:
    table = getattr(writing, "table", None)
    table = getattr(writing, "_table", seals.seals) if table is None else table
    return f"statements: {table.name}"


def lines(found: Clocks, steps: int) -> Iterator[str]:
    """The table: of each part the microseconds in a step, and its share, what costs most first."""
    took = {words: Took(*times) for words, times in found.took.items()}
    whole = Took(*(sum(one[clock] for one in took.values()) for clock in (0, 1)))
    yield f"{'where the time of a step goes':<46} {'wall':>9} {'CPU':>9} {'of the CPU':>11}"
    for words, one in sorted(took.items(), key=lambda item: -item[1].cpu):
        yield _line(words, one, whole, steps)
    yield _line("together", whole, whole, steps)


def _line(words: str, one: Took, whole: Took, steps: int) -> str:
    each = Took(1_000_000 * one.seconds / steps, 1_000_000 * one.cpu / steps)
    return f"{words:<46} {each.seconds:>6,.0f} µs {each.cpu:>6,.0f} µs {100 * one.cpu / whole.cpu:>9.1f} %"

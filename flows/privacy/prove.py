"""
The proof on the running system: a leak on purpose is found, canaries go through every door, and are searched for
everywhere. What was planted is taken away, however it ends.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from flows.privacy import cards, checks, commands, leaks, people_pages, requests, short_forms, tables
from flows.privacy.canaries import Canaries, Known
from flows.privacy.leaks import ON_PURPOSE, Leak
from flows.privacy.looked import Trace
from flows.privacy.planting import Planting
from flows.privacy.running_system import RunningSystem
from flows.privacy.search import RECORD, Places, Searched
from flows.privacy.taken_away import TakenAway, sealed, take_away
from flows.server.sqlite import rewrite
from tasks.record.installation import Installation
from tasks.store.whereabouts import file_of

EVENTS_AFTER = 6.0
"""Seconds after which Prefect has written the events of what has happened."""
GONE_WITHIN = 120.0
"""Seconds within which what was erased is overwritten too: SQLite folds its log away, unless it is read."""
OVERWRITTEN_WITHIN = 40.0
"""Seconds after which the bytes that SQLite's log held are overwritten; what is there still is in no row's bytes."""
AGAIN_AFTER = 3.0
NEITHER = (
    "answers that are accepted, and cards that are answered: this is a real record, in which references have no gaps "
    "and lines stay for good. Beside the demo (`safeguarding privacy prove --demo`) they are proved too"
)

Waiting = Callable[[str], AbstractContextManager[None]]


@dataclass(slots=True)
class Proof:
    """What was planted, searched, found and taken away."""

    canaries: Canaries
    whole: bool
    seen: list[tuple[Leak, str]] = field(default_factory=list)
    """The leaks on purpose that were found, and where."""
    blind: list[Leak] = field(default_factory=list)
    """Those that were not."""
    sealed: int = 0
    """Canaries that stand in the record where they belong: in the sealed text of the reviews that were opened."""
    searched: Searched | None = None
    in_unused_bytes: list[Trace] = field(default_factory=list)
    """What stood in bytes of Prefect's file that no row uses, until the file was written anew."""
    seconds: float = 0.0
    """From the end of the sweep to the search that is told of."""
    left_out: list[str] = field(default_factory=list)
    taken: TakenAway = field(default_factory=TakenAway)

    @property
    def traces(self) -> list[Trace]:
        """Every canary that somebody can read, and where."""
        return [] if self.searched is None else self.searched.traces

    @property
    def holds(self) -> bool:
        """Whether the search sees, saw everything, found nothing, and nothing stays of what was planted."""
        done = self.searched is not None and not self.searched.could_not
        return done and not (self.blind or self.traces or self.taken.left or self.nothing_taken)

    @property
    def nothing_taken(self) -> bool:
        """Whether answers were to be accepted, and not one of them stands in the record."""
        return self.whole and self.searched is not None and not self.sealed


def prove(installation: Installation, waiting: Waiting) -> Proof:
    """
    Prove it beside the running system of this record; `waiting` shows a person what is being done.

    Raises NothingRuns, or TooSlow where the system does not come to an end with what was planted.
    """
    records, settings = installation.records, installation.settings
    whole = records.identity().simulation and installation.rulebook.partnership.example
    system, places = RunningSystem.of(settings), Places.of(settings)
    proof = Proof(Canaries(), whole, left_out=[] if whole else [NEITHER])
    before = frozenset(row.reference for row in records.list())
    try:
        with waiting("Planting a leak on purpose, and looking for it"):
            _look_for_leaks(proof, system, places)
            _look_into_the_record(proof, places, min(before, default=None))
        if not proof.blind:
            with tempfile.TemporaryDirectory(prefix="safeguarding-privacy-") as folder:
                planting = Planting(installation, system, proof.canaries, Path(folder), whole, proof.left_out)
                with waiting("Planting canaries through every door: a minute or two"):
                    plant(planting)
            with waiting("Waiting for a sweep, and searching"):
                finish(system)
                proof.sealed = len(sealed(installation, proof.canaries, before))
                _search(proof, places)
    finally:
        with waiting("Taking away what was planted"):
            proof.taken = take_away(system, installation, proof.canaries, before)
        system.close()
    return proof


def _look_for_leaks(proof: Proof, system: RunningSystem, places: Places) -> None:
    with leaks.planted(proof.canaries, system, places.settings, places.prefect) as planted:
        searched = places.searched(proof.canaries)
    for leak in planted:
        found = [one for one in searched.traces if one.canary.word == leak.word and one.where.startswith(leak.within)]
        if found:
            proof.seen.append((leak, found[0].where))
        else:
            proof.blind.append(leak)


def _look_into_the_record(proof: Proof, places: Places, reference: str | None) -> None:
    """Nothing can be planted in the record and taken away again: the search must find what stands there anyway."""
    if reference is None:
        proof.left_out.append("whether the search sees into the record: no review was opened yet")
        return
    leak = Leak(reference, "a reference that stands there anyway", RECORD)
    known = Known(reference, ON_PURPOSE, leak.kind)
    found = tables.search_database(places.settings.record_url, RECORD, known, {}).traces
    if found:
        proof.seen.append((leak, found[0].where))
    else:
        proof.blind.append(leak)


def plant(planting: Planting) -> None:
    """Through every door, and wait until every run is over that was begun by it. Raises TooSlow."""
    with ThreadPoolExecutor(1) as beside:
        typed = beside.submit(commands.plant, planting)
        try:
            _plant_by_prefect(planting)
            typed.result()
        except BaseException:
            planting.stopped.set()
            raise
    planting.system.wait()


def _plant_by_prefect(planting: Planting) -> None:
    for door in (short_forms, checks, requests, people_pages, cards):
        door.plant(planting)
    if planting.whole:
        reference = short_forms.opened(planting)
        short_forms.plant_on(planting, reference)
        planting.system.wait()
        people_pages.plant_on(planting, reference)
        cards.plant_on(planting, reference)  # Which ends by closing it.
        commands.plant_and_open(planting)


def finish(system: RunningSystem) -> None:
    """Let a sweep go by over all of it. Raises TooSlow."""
    system.sweep()
    system.wait(put_off_too=True)
    time.sleep(EVENTS_AFTER)


def _search(proof: Proof, places: Places) -> None:
    """Search until nothing is found, or what was erased should long be overwritten."""
    began = time.monotonic()
    while True:
        proof.searched = places.searched(proof.canaries)
        proof.seconds = EVENTS_AFTER + time.monotonic() - began
        if not proof.traces or proof.seconds > GONE_WITHIN:
            return
        if proof.seconds > OVERWRITTEN_WITHIN and not proof.in_unused_bytes:
            proof.in_unused_bytes = _written_anew(proof.traces, places)
        time.sleep(AGAIN_AFTER)


def _written_anew(traces: list[Trace], places: Places) -> list[Trace]:
    """
    Where nothing is found but in bytes of Prefect's SQLite file: write it anew, as the system does every quarter of an
    hour; what stood there.
    """
    file = file_of(places.database)
    if file is None or any(not trace.where.startswith(_of(file)) for trace in traces):
        return []
    try:
        rewrite(file)
    except sqlite3.Error:  # Somebody writes just now: it is tried again.
        return []
    return traces


def _of(file: Path) -> tuple[str, str]:
    return str(file), str(file.resolve())

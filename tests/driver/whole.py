"""What must hold of a running system whatever befell it: the record, the cards, the timed runs, what `health` says."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from driver.page import UNFINISHED, Manager, System, surroundings
from driver.speed import patience
from flows.server import prefect_health
from safeguarding.dates.london import now
from safeguarding.review.fold import fold
from safeguarding.review.review import Review
from tasks.record import timed_duties
from tasks.record.health import looked_at


def health_of(system: System) -> tuple[int, dict[str, Any]]:
    """What `safeguarding health` says, run beside the system as a watcher would."""
    command = [str(Path(sys.executable).with_name("safeguarding")), "health", "--json"]
    here = {"SAFEGUARDING_HOME": str(system.home)}
    done = subprocess.run(command, env=surroundings() | here, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def found_by_health(system: System) -> list[str]:
    """What it finds, asked in this process: for whoever waits, and starts no program for each look."""
    found = looked_at(system.settings.record_url, now(), system.home)
    return [*found.faults, *prefect_health.asked(system.settings, found.stages, found.deployments).faults]


@contextmanager
def without_its_ledger(system: System, like: str, reference: str) -> Iterator[None]:
    """A damaged table: for a while it names a review that has no ledger, and stands as another does."""
    engine = system.installation.records.engine
    with engine.begin() as connection:
        row = connection.execute(text("SELECT * FROM reviews WHERE reference = :r"), {"r": like}).mappings().one()
        names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO reviews ({names}) VALUES ({values})"), {**row, "reference": reference})
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM reviews WHERE reference = :r"), {"r": reference})


def faults(system: System, manager: Manager, within: float = 0.0) -> list[str]:
    """Everything that is not as it must be, once what still runs has had its time."""
    until = time.monotonic() + patience(within)
    while True:
        over = time.monotonic() > until
        try:
            # While it is waited for, one fault says enough, and looking for all of them takes the server's time.
            looked = chain(of_the_cards(system, manager), of_the_duties(system, manager))
            found = [*(looked if over else islice(looked, 1))]
        except httpx.HTTPError as away:
            found = [repr(away)]
        if over or not found:
            return [*found, *of_the_record(system), *of_the_health(system, until)]
        time.sleep(0.25)


def of_the_health(system: System, until: float) -> list[str]:
    """What `health` finds though nothing is wrong any more: it must come to say so, and its command too."""
    while found_by_health(system) and time.monotonic() < until:
        time.sleep(0.5)
    return [f"health: {fault}" for fault in health_of(system)[1]["faults"]]


def of_the_record(system: System) -> list[str]:
    """A broken chain, or a review that is not what its ledger says."""
    records = system.installation.records
    found = [str(broken) for broken in records.verify()]
    for row in records.list():
        replayed: Review = fold(records.events(row.reference))
        if replayed != records.read(row.reference):
            found.append(f"{row.reference} is not what its ledger says")
    return found


def of_the_cards(system: System, manager: Manager) -> Iterator[str]:
    """An open stage without its one waiting card, a card of nothing, a form that nobody works on."""
    records = system.installation.records
    runs = manager.runs("card")
    yield from (f"{run['name']}: {run['state']['name']}" for run in manager.runs("form", states=UNFINISHED))
    for row in records.list(open_only=True):
        review = records.read(row.reference)
        mine = [run for run in runs if row.reference in run["tags"]]
        slots = [run["idempotency_key"].rsplit("/", 1)[0] for run in mine]
        if slots != [f"card/{row.reference}/{review.stage.value}/{review.entry}"]:
            yield f"{row.reference}: at {review.stage.value} {review.entry}, cards {slots}"
        elif mine[0]["state"]["type"] != "PAUSED":
            yield f"{row.reference}: {mine[0]['state']['name']}"
        elif f"__v{review.changed}__" not in str(manager.asked(mine[0])):
            yield f"{row.reference}: its card shows an old form"
        runs = [run for run in runs if run not in mine]
    yield from (f"{run['name']} is the card of nothing" for run in runs)


def of_the_duties(system: System, manager: Manager) -> Iterator[str]:
    """A duty of the law that comes next or was missed without its one run, or a run of nothing."""
    installation = system.installation
    engine, rulebook = installation.records.engine, installation.rulebook
    wanted = {
        "duty": [duty.key for duty in timed_duties.coming(engine, rulebook)],
        "missed": [duty.key for duty in timed_duties.missed(engine, rulebook, manager.today)],
    }
    for tag, states in (("duty", UNFINISHED), ("missed", ["FAILED"])):
        shown = [run["labels"]["safeguarding.duty"] for run in manager.runs(tag, states=states)]
        yield from (f"{key}: no run as {tag}" for key in wanted[tag] if key not in shown)
        yield from (f"{key}: {shown.count(key)} runs as {tag}" for key in shown if shown.count(key) != 1)
        yield from (f"{key}: the run of nothing, as {tag}" for key in shown if key not in wanted[tag])

"""Killed in the middle: a step is wholly done or not begun, whenever the process is shot."""

import random
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.transitions import FIRST
from safeguarding import telling
from safeguarding.review import Review, fold
from safeguarding.rulebook import Rulebook
from tasks.records import Records, open_record
from tasks.store.session import reading
from tasks.store.tables import counters, deadlines, notices, reviews, rungs, submissions

KILLS = 8
HOUSE = Path(__file__).parents[2]
WORK = """
import sys
from pathlib import Path
import config
from benchmarks.transitions import FIRST, walk
from tasks.records import open_record

records = open_record(sys.argv[1], Path(sys.argv[2]), config.load(), FIRST)
print("ready", flush=True)
walk(records, 10_000, sys.argv[3])
"""


def test_a_killed_process_leaves_no_half_step(url: str, home: Path, rulebook: Rulebook) -> None:
    """Shot eight times at random moments while it opens reviews and takes steps, as fast as it can."""
    seed = random.randrange(10**6)
    moments = random.Random(seed)
    for kill in range(KILLS):
        work_until_killed(url, home, f"life {kill}", moments.uniform(0.05, 0.6))
        records = open_record(url, home, rulebook, FIRST)
        try:
            assert [] == list(records.verify()), f"seed {seed}, kill {kill}"
            assert [] == half_done(records), f"seed {seed}, kill {kill}"
        finally:
            records.engine.dispose()
    assert records.list(), "no process lived long enough to open a review"
    records.engine.dispose()


def work_until_killed(url: str, home: Path, life: str, seconds: float) -> None:
    """Start a process that works, let it work for so long, and kill it."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, url, str(home), life], cwd=HOUSE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
    finally:
        process.kill()
        process.communicate()


def half_done(records: Records) -> list[str]:
    """Everything that does not follow from the ledger, or that the ledger owes and is not there."""
    faults = []
    with reading(records.engine) as connection:
        names = list(connection.execute(select(reviews.c.reference)).scalars())
        given = dict(connection.execute(select(counters.c.name, counters.c.last)).all())
        keys = set(connection.execute(select(notices.c.key)).scalars())
        submitted = connection.execute(select(func.count()).select_from(submissions)).scalar_one()
        dates = connection.execute(select(func.count()).select_from(deadlines)).scalar_one()
        ladders = connection.execute(select(func.count()).select_from(rungs)).scalar_one()
    owed_dates = owed_rungs = lines = 0
    for name in names:
        events = records.events(name)
        review: Review | None = None
        for event in events:
            after = fold((event,), review)
            owed = {draft.key for draft in telling.notices_for(event, review, after, records.rulebook)}
            faults += [f"{name}: line {event.sequence} owes {key}" for key in owed - keys]
            review = after
        if review != records.read(name):
            faults.append(f"{name}: the snapshot is not what the ledger says")
        owed_dates += len(review.duties) if review else 0
        owed_rungs += sum(len(records._ladder(duty)) for duty in review.duties) if review else 0
        lines += len(events)
    expected = {"reviews": len(names), "lines": lines, "dates": owed_dates, "rungs": owed_rungs}
    found = {"reviews": given.get("Child", 0), "lines": submitted, "dates": dates, "rungs": ladders}
    return faults if expected == found else [*faults, f"{expected} and not {found}"]

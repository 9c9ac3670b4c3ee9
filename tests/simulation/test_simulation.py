"""
Half a year, lived through: nobody owed a rung is missed, told twice or told at night; and the judge can tell.

The full two years are `make simulate`. Here the worlds are small, and the evidence of one of them is
tampered with to see that the oracle, which shares no code with what sends, finds each kind of fault.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from safeguarding.dates.london import LONDON
from simulation.__main__ import main
from simulation.judge import judge
from simulation.law_by_day import VERSION
from simulation.report import Report, simulate
from simulation.simulated_diary import Diary, Posted
from simulation.world import PARTNERSHIP, RECORD, CannotSimulate, Plan

pytestmark = pytest.mark.long

HALF_A_YEAR, REVIEWS = 0.5, 40


@dataclass(frozen=True)
class Lived:
    """A finished simulation and the folder that it has left."""

    report: Report
    home: Path


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """One simulated half year, of which the tests tamper with copies."""
    home = tmp_path_factory.mktemp("lived")
    return Lived(simulate(1, HALF_A_YEAR, REVIEWS, home), home)


@dataclass
class Evidence:
    """A copy of what a simulation left: to be tampered with, and judged again."""

    home: Path
    diary: Diary

    def faults(self) -> list[str]:
        """What the judge finds wrong with it."""
        return judge(self.home / RECORD, self.home / PARTNERSHIP, self.diary).faults

    def one(self, query: str, *values: object) -> tuple[int, str, str]:
        """The id, the key and the moment of writing of the first notice that answers a query."""
        connection = sqlite3.connect(self.home / RECORD)
        tables = "notices JOIN notice_facts USING (key, variant)"
        found = connection.execute(f"SELECT id, key, created_at FROM {tables} WHERE {query}", values).fetchone()
        connection.close()
        assert found is not None, f"no notice where {query}: the world is too small"
        return found

    def change(self, statement: str, *values: object) -> None:
        """Change the outbox behind everybody's back."""
        connection = sqlite3.connect(self.home / RECORD)
        with connection:
            connection.execute(statement, values)
        connection.close()

    def repost(self, number: int, change: Callable[[Posted], list[Posted]]) -> None:
        """Let the letters of a notice have left otherwise."""
        posted = [new for old in self.diary.posted for new in (change(old) if old.mark == number else [old])]
        self.diary = replace(self.diary, posted=tuple(posted))


@pytest.fixture
def evidence(lived: Lived, tmp_path: Path) -> Iterator[Evidence]:
    """A copy of the evidence of one world, to spoil."""
    home = tmp_path / "evidence"
    shutil.copytree(lived.home, home)
    yield Evidence(home, lived.report.diary)


def test_a_letter_to_an_address_that_is_not_in_force_is_found(evidence: Evidence) -> None:
    """The lead of housing has another address since the second file: a letter to the earlier one is named."""
    second = sorted(evidence.home.glob(f"{VERSION}*.yaml"))[1].stem.removeprefix(VERSION)
    number, _, _ = evidence.one(f"person = 'lane_lead' AND status = 'delivered' AND created_at > '{second}'")
    assert [] == evidence.faults()
    evidence.repost(number, lambda posted: [replace(posted, place="lane@housing.example")])
    assert any("lane@housing.example, which is not in force" in fault for fault in evidence.faults())


def test_whoever_left_is_owed_nothing_and_their_post_is_covered(lived: Lived) -> None:
    """After general practice went into the board its lead has no letter, and what it owes is heard by the board's."""
    third = sorted(lived.home.glob(f"{VERSION}*.yaml"))[2].stem.removeprefix(VERSION)
    late = [one for one in lived.report.diary.posted if str(one.at.date()) > third]
    assert not [one for one in late if one.place in ("greta@practices.example", "gray@practices.example")]
    records = lived.report.world.records
    try:
        assert any("general_practice" in str(review.requests) for review in records.open_reviews())
    finally:
        records.engine.dispose()


A_REMINDER = "occasion = 'reminder' AND status = 'delivered' AND attempts = 1 AND channel = 'email'"


def test_nobody_owed_a_rung_is_missed_or_told_twice(lived: Lived) -> None:
    """
    Forty reviews of both tracks, outages up to a week, the clocks going forward, Easter, people away in a chain, who
    leave, take turns and come back, agencies that merge, mail failing a tenth of the time, two sweeps, the timed runs
    of the duties and two senders at once: everything that was owed left once, in time, and to an address in force.
    """
    counts = lived.report.counts

    assert [] == lived.report.verdict.faults
    assert REVIEWS == counts["reviews"]
    assert 4 == counts["files taken up"]
    assert counts["rungs"] > 300
    assert counts["missed sets"] > 10
    assert counts["statutory at once"] > 10
    assert counts["failures told to the unit"] > 5
    assert counts["steps beside a sweep"] > 5
    assert counts["timed runs"] > counts["timed runs that told"] > 20
    assert 0.07 < counts["attempts that failed"] / counts["attempts"] < 0.4
    assert counts["digests"] > 200
    assert counts["weekly summaries"] > 40
    assert counts["mornings with nothing to say"] > 20
    assert 1 == counts["clock changes"]
    assert 4 == counts["bank holidays"]
    assert max(end - start for start, end in lived.report.world.plan.outages) >= timedelta(days=7)


@pytest.mark.parametrize("seed", [2, 3])
def test_nor_in_another_world(seed: int, tmp_path: Path) -> None:
    """The same with other dice, for a quarter of a year: other people away, other outages, other paths."""
    report = simulate(seed, HALF_A_YEAR / 2, REVIEWS // 2, tmp_path)
    assert [] == report.verdict.faults
    assert report.counts["rungs"] > 50


def test_the_evidence_is_sound_until_somebody_touches_it(evidence: Evidence) -> None:
    """The copy is judged as the original was."""
    assert [] == evidence.faults()


def test_a_dropped_notice_is_found(evidence: Evidence) -> None:
    """A reminder that was never written: somebody owed it was not told."""
    number, key, _ = evidence.one(A_REMINDER)
    evidence.change("DELETE FROM notices WHERE id = ?", number)
    evidence.repost(number, lambda _: [])
    faults = evidence.faults()
    assert 1 == len(faults)
    assert key.rpartition(":")[0] in faults[0] and "nobody was told" in faults[0]


def test_a_letter_that_never_left_is_found(evidence: Evidence) -> None:
    """The row says delivered, and no letter reached anybody."""
    number, _, _ = evidence.one(A_REMINDER)
    evidence.repost(number, lambda _: [])
    assert any("it is delivered, and was taken 0 times" in fault for fault in evidence.faults())


def test_a_letter_sent_twice_is_found(evidence: Evidence) -> None:
    """One notice, two letters."""
    number, _, _ = evidence.one(A_REMINDER)
    evidence.repost(number, lambda posted: [posted, posted])
    assert any("was taken 2 times" in fault for fault in evidence.faults())


def test_a_rung_told_twice_is_found(evidence: Evidence) -> None:
    """A second notice of the same rung to the same person, written by a later sweep."""
    number, key, written = evidence.one(A_REMINDER)
    later = (datetime.fromisoformat(written) + timedelta(minutes=7)).isoformat()
    again = key.rpartition(":")[0] + ":day_before_again"
    facts, columns = "reference, not_before, context", "occasion, person, channel, status, attempts"
    evidence.change(
        f"INSERT INTO notice_facts (key, variant, created_at, {facts}) "
        f"SELECT ?, 0, ?, {facts} FROM notice_facts WHERE key = ? AND variant = 0",
        *(again, later, key),
    )
    evidence.change(
        f"INSERT INTO notices (key, variant, id, {columns}) SELECT ?, 0, 9999999, {columns} FROM notices WHERE id = ?",
        *(again, number),
    )
    assert any("nobody was owed it then" in fault for fault in evidence.faults())


def test_a_notice_for_somebody_else_is_found(evidence: Evidence) -> None:
    """The right rung to the wrong person: one was not told, the other was owed nothing."""
    number, _, _ = evidence.one(f"{A_REMINDER} AND person NOT IN ('micah_director', 'role:business_unit')")
    evidence.change("UPDATE notices SET person = 'micah_director' WHERE id = ?", number)
    faults = evidence.faults()
    assert any("nobody was told" in fault for fault in faults)
    assert any("nobody was owed it then" in fault for fault in faults)


def test_a_reminder_at_three_in_the_morning_is_found(evidence: Evidence) -> None:
    """It was owed and it left once, and woke somebody."""
    number, _, written = evidence.one(A_REMINDER)
    night = datetime.fromisoformat(f"{written}+00:00").astimezone(LONDON) + timedelta(days=1)
    night = night.replace(hour=3, minute=0)
    evidence.repost(number, lambda posted: [replace(posted, at=night)])
    assert any("forbidden hour" in fault and " 0" in fault for fault in evidence.faults())


def test_a_reminder_on_easter_monday_is_found(evidence: Evidence) -> None:
    """A bank holiday in the spring is a forbidden day, whatever the hour."""
    number, _, _ = evidence.one(f"{A_REMINDER} AND created_at < '2025-04-20'")
    monday = datetime(2025, 4, 21, 11, 0, tzinfo=LONDON)
    evidence.repost(number, lambda posted: [replace(posted, at=monday)])
    assert any("forbidden hour, Mon 2025-04-21" in fault for fault in evidence.faults())


def test_a_late_letter_is_found(evidence: Evidence) -> None:
    """It left in a permitted hour, a week after the first sender that could have taken it."""
    number, _, written = evidence.one(A_REMINDER)
    later = datetime.fromisoformat(f"{written}+00:00") + timedelta(days=7)
    evidence.repost(number, lambda posted: [replace(posted, at=later)])
    assert any("it was first tried at" in fault for fault in evidence.faults())


def test_a_failure_that_nobody_was_told_of_is_found(evidence: Evidence) -> None:
    """A letter was refused for good, and the message to the unit about it is gone."""
    number, _, _ = evidence.one("status = 'failed' AND occasion <> 'delivery_failed'")
    escalation, _, _ = evidence.one("key = ?", f"undelivered:{number}")
    evidence.change("DELETE FROM notices WHERE key = ?", f"undelivered:{number}")
    evidence.repost(escalation, lambda _: [])
    assert any("it failed, and the unit was not told" in fault for fault in evidence.faults())


def test_a_notice_given_up_too_soon_is_found(evidence: Evidence) -> None:
    """The server asked once to be tried later, and nobody tried again."""
    number, _, _ = evidence.one(A_REMINDER)
    evidence.repost(number, lambda posted: [replace(posted, outcome="try later")])
    evidence.change("UPDATE notices SET status = 'failed', reason = 'later' WHERE id = ?", number)
    assert any("it was given up after 1 attempts" in fault for fault in evidence.faults())


def test_a_notice_withdrawn_while_it_was_owed_is_found(evidence: Evidence) -> None:
    """Somebody withdrew a reminder of work that was not done."""
    number, _, _ = evidence.one(A_REMINDER)
    evidence.change("UPDATE notices SET status = 'withdrawn' WHERE id = ?", number)
    evidence.repost(number, lambda _: [])
    assert any("withdrawn" in fault for fault in evidence.faults())


A_DIGEST = "occasion = 'digest' AND status = 'delivered' AND attempts = 1 AND person = 'alex_example'"


def test_a_morning_without_its_digest_is_found(evidence: Evidence) -> None:
    """The manager had nothing that morning although something was overdue."""
    number, key, _ = evidence.one(A_DIGEST)
    evidence.change("DELETE FROM notices WHERE id = ?", number)
    evidence.repost(number, lambda _: [])
    faults = evidence.faults()
    assert 1 == len(faults)
    assert key in faults[0] and "no digest was written" in faults[0]


def test_a_digest_with_nothing_in_it_is_found(evidence: Evidence) -> None:
    """A director who wants none has the manager's, and she has none."""
    number, _, _ = evidence.one(A_DIGEST)
    evidence.change("UPDATE notices SET person = 'micah_director' WHERE id = ?", number)
    faults = evidence.faults()
    assert any("no digest was owed" in fault for fault in faults)
    assert any("no digest was written" in fault for fault in faults)


def test_a_second_digest_of_the_afternoon_is_found(evidence: Evidence) -> None:
    """The sweep at one o'clock believed that it was morning still."""
    number, key, written = evidence.one(A_DIGEST)
    later = (datetime.fromisoformat(written) + timedelta(hours=4)).isoformat()
    evidence.change("UPDATE notice_facts SET created_at = ? WHERE key = ?", later, key)
    evidence.repost(number, lambda posted: [replace(posted, at=posted.at + timedelta(hours=4))])
    faults = evidence.faults()
    assert any("no digest was owed" in fault for fault in faults)
    assert any("no digest was written" in fault for fault in faults)


def test_a_digest_in_the_night_and_one_of_yesterday_are_found(evidence: Evidence) -> None:
    """It was held back and left at ten in the evening; or on the next morning, when another said how things stand."""
    number, _, written = evidence.one(f"{A_DIGEST} AND created_at < '2025-04-01'")
    day = datetime.fromisoformat(f"{written}+00:00").astimezone(LONDON)
    evidence.repost(number, lambda posted: [replace(posted, at=day.replace(hour=22))])
    assert any("forbidden hour" in fault and f"notice {number} " in fault for fault in evidence.faults())
    evidence.repost(number, lambda posted: [replace(posted, at=day + timedelta(days=1))])
    assert any("its day was over" in fault and f"notice {number} " in fault for fault in evidence.faults())


def test_what_does_not_fit_is_refused() -> None:
    """Beyond the list of bank holidays nothing is guessed, and a week's outage does not fit into ten days."""
    for years, reviews in ((3, 10), (0.02, 10), (1, 0)):
        with pytest.raises(CannotSimulate):
            Plan.drawn(1, years, reviews)


def test_the_command_prints_its_counts(capsys: pytest.CaptureFixture[str]) -> None:
    """Three reviews in three weeks, by the command; the exit code says whether anything was wrong."""
    code = main(["--years", "0.06", "--reviews", "3", "--seed", "5", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (0, []) == (code, told["faults"])
    assert (3, "2025-01-06") == (told["counts"]["reviews"], told["from"])
    assert told["counts"]["attempts"] == told["counts"]["delivered"] + told["counts"]["attempts that failed"]

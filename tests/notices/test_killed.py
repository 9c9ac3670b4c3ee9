"""
Shot at two hundred random moments while they sweep and send: nobody owed is missed, and nobody hears twice.

But for one window that cannot be closed: a sender that dies when the server has taken its letter and the row does
not say so yet. What is in that window is one letter for each sender that is shot, and never more; how wide it is
(milliseconds) is printed by `make bench`. The processes, the mail server and the Teams endpoint are real; a hundred
more are shot on PostgreSQL.
"""

from __future__ import annotations

import email
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.engine import make_url

from flows.demo.post_catcher import Catcher
from safeguarding.dates.london import LONDON
from safeguarding.dates.working_days import add_working_days
from tasks.record.sweep import sweep
from tasks.store.migrations import migrate
from tasks.store.session import connect, reading
from tasks.store.tables import notices

pytestmark = pytest.mark.long

NURSERY = Path(__file__).parent / "killed_worker.py"
HOUSE = Path(__file__).parents[2]

FIRST = date(2026, 12, 1)
DAYS = {"sqlite": 10, "postgresql": 5}
ROUNDS, AT_ONCE = 10, 2
"""Working days, each with ten rounds a quarter of an hour apart, of two workers who sweep and send at once."""

LONGEST_LIFE = 0.4
"""Seconds. Half of the lives are ten times shorter, so that sweeps are hit as often as letters."""


@dataclass
class Nursery:
    """The process that makes workers, and what became of those it made."""

    process: subprocess.Popen[str]
    dice: random.Random
    shot: int = 0

    def line(self) -> str:
        """What it or a worker says next."""
        assert self.process.stdout is not None
        said = self.process.stdout.readline().strip()
        assert said, "the nursery died"
        return said

    def order(self, moment: datetime, number: int | str) -> None:
        """Let so many workers be born at this moment of the simulated time."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{moment.isoformat()} {number}\n")
        self.process.stdin.flush()

    def shoot(self, moment: datetime) -> None:
        """Two workers; each is shot after a time of its own."""
        self.order(moment, AT_ONCE)
        born = [int(self.line().removeprefix("works ")) for _ in range(AT_ONCE)]
        began = time.monotonic()
        lives = [self.dice.random() * LONGEST_LIFE / self.dice.choice((1, 10)) for _ in born]
        for life, worker in sorted(zip(lives, born, strict=True)):
            time.sleep(max(0.0, began + life - time.monotonic()))
            os.kill(worker, signal.SIGKILL)
            self.shot += 1
        for worker in born:
            gone(worker)


def gone(worker: int) -> None:
    """Wait until the system has taken the process away."""
    until = time.monotonic() + 10
    while Path(f"/proc/{worker}").exists():
        assert time.monotonic() < until, "a process that was shot is still there"
        time.sleep(0.001)


@dataclass
class Seen:
    """What an observer has counted, round by round."""

    engine: Engine
    catcher: Catcher
    arrived: int = 0
    recorded: int = 0
    unrecorded: list[int] = field(default_factory=list)
    """How many messages each round handed over without recording it."""
    holding: int = 0
    """How many of those who were shot held letters that they had claimed."""

    def look(self) -> None:
        """Count what has arrived since the last look, and what of it the record knows of."""
        time.sleep(0.02)  # The mail server may hold the last line of somebody who was shot as he sent it.
        arrived = sum(self.catcher.caught)
        with reading(self.engine) as connection:
            said = select(func.count()).select_from(notices).where(notices.c.status == "delivered")
            recorded = connection.execute(said).scalar_one()
            held = select(func.count(notices.c.claimed_by.distinct())).where(notices.c.status == "claimed")
            holding = connection.execute(held).scalar_one()
        self.unrecorded.append((arrived - self.arrived) - (recorded - self.recorded))
        self.arrived, self.recorded = arrived, recorded
        self.holding += holding


@pytest.fixture
def nursery(url: str, rulebook: Any, catcher: Catcher, box: Any, tmp_path: Path) -> Iterator[Nursery]:
    """A nursery on this record, with the dice of a seed of its own."""
    needs = tmp_path / "needs.json"
    needs.write_text(
        json.dumps([rulebook.model_dump(mode="json", by_alias=True, exclude_unset=True), catcher.mail_url, box.secrets])
    )
    process = subprocess.Popen(
        [sys.executable, str(NURSERY), url, str(needs)],
        cwd=HOUSE,
        env=os.environ | {"PYTHONPATH": str(HOUSE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # so that what it made ends with it
    )
    made = Nursery(process, random.Random())
    try:
        assert "ready" == made.line()
        yield made
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def days(url: str, rulebook: Any) -> list[date]:
    """The working days of the test on this kind of database."""
    return [add_working_days(FIRST, number, rulebook.calendar) for number in range(DAYS[make_url(url).drivername])]


def open_reviews(casework: Any, duties: Any, rulebook: Any) -> None:
    """Reviews whose ladders between them have rungs on every day: reminders, days that are missed, days late."""
    for number in range(1, 37):
        due = add_working_days(FIRST, number % 12 - 3, rulebook.calendar)
        started = duties["rapid_review"]().model_copy(update={"due_on": due, "anchored_on": date(2026, 11, 2)})
        summary = duties["summary"]("hospital").model_copy(update={"due_on": due, "anchored_on": date(2026, 11, 2)})
        casework.opens(f"CSPR-2026-{number:03d}", started, summary, asks=("hospital",), pseudonym=f"Child {number}")


def test_whoever_is_shot_while_sweeping_or_sending_leaves_nobody_untold(
    url: str, casework_on_both: Any, rulebook: Any, duties: Any, nursery: Nursery, catcher: Catcher, tmp_path: Path
) -> None:
    """
    Day after day: ten times a day two workers start at once, and both are shot. At the end of a day one lives.

    Then the record holds the notices that a record holds on which nobody was shot, each of them has arrived, and only
    those have arrived twice that a worker had handed over and not recorded when it was shot: one each at the most.
    """
    seed = random.randrange(10**6)
    nursery.dice.seed(seed)
    print(f"seed {seed}")
    casework = casework_on_both
    open_reviews(casework, duties, rulebook)
    these, seen = days(url, rulebook), Seen(casework.engine, catcher)
    seen.look()
    for day in these:
        morning = datetime(day.year, day.month, day.day, 9, 5, tzinfo=LONDON)
        for number in range(ROUNDS):
            nursery.shoot(morning + number * timedelta(minutes=15))
            seen.look()
        nursery.order(morning + ROUNDS * timedelta(minutes=15), "END")
        assert [True, True] == [nursery.line().startswith("works"), "done" == nursery.line()]
        seen.look()

    letters, cards = marks(catcher), Counter(path.read_text() for path in catcher.cards())
    twice = (letters - Counter(set(letters))).total() + (cards - Counter(set(cards))).total()
    named = (
        f"seed {seed}: {nursery.shot} shot, {seen.holding} of them with letters in hand; {seen.recorded} messages "
        f"delivered, {twice} of them twice: handed over, and not recorded when their sender was shot"
    )
    print(named)
    assert len(these) * ROUNDS * AT_ONCE == nursery.shot, named
    assert wanted(these, type(casework), rulebook, duties, tmp_path) == {
        (row.key, row.person, row.channel) for row in casework.sent()
    }, named
    assert {"delivered"} == {row.status for row in casework.sent()}, named
    assert {str(row.id) for row in casework.sent() if row.channel == "email"} == set(letters), named
    assert sum(row.channel == "teams" for row in casework.sent()) == len(cards), named
    assert [] == [one for one in seen.unrecorded if not 0 <= one <= AT_ONCE], f"{named}; {seen.unrecorded}"
    assert sum(seen.unrecorded) == twice, named


def marks(catcher: Catcher) -> Counter[str]:
    """The numbers of the notices whose letters have arrived, with how often."""
    return Counter(
        str(email.message_from_bytes(path.read_bytes())["X-Safeguarding-Notice"]) for path in catcher.letters()
    )


def wanted(these: Sequence[date], kind: Any, rulebook: Any, duties: Any, folder: Path) -> set[tuple[str, str, str]]:
    """What is owed to whom: the notices of the same reviews on a record whose sweeps nobody disturbs."""
    engine = connect(f"sqlite:///{folder / 'undisturbed.db'}")
    migrate(engine)
    casework = kind(engine, rulebook)
    open_reviews(casework, duties, rulebook)
    for day in these:
        sweep(engine, rulebook, datetime(day.year, day.month, day.day, 9, 5, tzinfo=LONDON))
    found = {(row.key, row.person, row.channel) for row in casework.sent()}
    engine.dispose()
    return found

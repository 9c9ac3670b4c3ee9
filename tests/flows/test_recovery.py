"""Killed at any moment, or with Prefect's database gone: the record is whole and every open stage has its card."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from driver.page import UNFINISHED, Manager, NotAnswered, System
from driver.speed import patience
from sqlalchemy import select

from flows.demo.answers import ANSWERS
from flows.demo.post_catcher import Catcher
from safeguarding.review.fold import fold
from safeguarding.review.review import Review
from tasks.record import timed_duties
from tasks.store.tables import notices

pytestmark = pytest.mark.prefect

PAIRS = 10
"""Twenty kills: the second of each pair falls into the recovery from the first."""
OPEN = 8
"""Reviews kept open, so that there is always something to press."""
KNOWN_FOR = 30
"""Days since the referral, at most: many a duty is told or missed as it begins, by its run and by the sweep."""
HANDS = 3
"""People who press at once."""
RECOVERED_WITHIN = 90.0
"""Seconds until what was resumed before a kill has run its course."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system that nobody else uses: it will be shot."""
    with System(tmp_path_factory.mktemp("shot") / "home") as running:
        yield running.start()


# --------------------------------------------------------------------------- Prefect's database is lost


def test_prefects_database_may_be_deleted(own: System) -> None:
    """Everything of Prefect's is deleted: after the next start every card is there, and nobody hears anything twice."""
    with Manager(own) as manager:
        reference = manager.referred()
        manager.answer(reference, "assess_notification")
        manager.sweep()
        before, caught = everything_told(own), messages(own)
        cards = {run["idempotency_key"].rsplit("/", 1)[0] for run in manager.runs("card")}
        assert caught

        assert 0 == own.stop()
        for file in own.prefect.glob("prefect.db*"):
            file.unlink()
        own.start()
        manager.sweep()

        assert cards == {run["idempotency_key"].rsplit("/", 1)[0] for run in manager.runs("card", states=["PAUSED"])}
        assert [] == faults(own, manager)
        assert before == everything_told(own)
        assert caught == messages(own)


def everything_told(system: System) -> list[Any]:
    """Every notice with its outcome, once none waits to be sent. What a killed sender held stays held for a while."""
    columns = (notices.c.id, notices.c.key, notices.c.person, notices.c.channel, notices.c.status, notices.c.attempts)
    until = time.monotonic() + RECOVERED_WITHIN
    while time.monotonic() < until:
        with system.installation.records.engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(select(*columns).order_by(notices.c.id))]
            owed = (notices.c.status == "pending") & (notices.c.next_attempt_at <= datetime.now(UTC))
            if not connection.execute(select(notices.c.id).where(owed)).all():
                return rows
        time.sleep(0.2)
    raise NotAnswered("the post is never done")


def messages(system: System) -> int:
    """How many letters and Teams messages were caught, over all the lives of the system."""
    caught = Catcher(system.home / "caught").caught
    return caught.mail + caught.teams


# --------------------------------------------------------------------------- shot


def test_twenty_kills_leave_no_half_step_and_no_card_stuck(own: System) -> None:
    """
    Three people answer cards and forms without a pause while the server, the runner or both are shot, and shot again
    while they come back. Every step is then wholly done or not begun, every open stage has one card, waiting, and every
    duty of the law its run; the sweep of each start and those runs told everybody once.
    """
    seed = random.randrange(10**6)
    moments = random.Random(seed)
    pressed = 0
    with Manager(own) as manager:
        for pair in range(PAIRS):
            for _ in range(OPEN - len(own.installation.records.list(open_only=True))):
                manager.opened_elsewhere(received_on=manager.today - timedelta(days=moments.randrange(KNOWN_FOR)))
            with pressing(manager, moments.random()) as answered:
                time.sleep(moments.uniform(0.5, 2.0))
                how = shoot(own, moments)
                time.sleep(moments.uniform(0.0, 4.0))
                how += " then " + shoot(own, moments)
            own.revive()
            pressed += sum(answered)
            assert [] == faults(own, manager, RECOVERED_WITHIN), f"seed {seed}, pair {pair}: {how}"

    assert pressed > 2 * PAIRS, f"seed {seed}: too little was pressed to say anything"
    # Sent and not yet recorded as sent: the one moment that cannot be closed. One message for each life, at most.
    sent = sum(row[4] == "delivered" for row in everything_told(own))
    assert sent <= messages(own) <= sent + 2 * PAIRS, f"seed {seed}"


def shoot(system: System, moments: random.Random) -> str:
    """SIGKILL to a part of the system, or to all of it, if it lives; which."""
    part = moments.choice(("server", "doors", "both"))
    if part != "doors":
        system.kill_server()
    if part != "server":
        system.kill_doors()
        system.begin()
    return part


@contextmanager
def pressing(manager: Manager, seed: float) -> Iterator[list[int]]:
    """Three people who press whatever they see; how often each was heard."""
    stop = threading.Event()
    heard = [0] * HANDS

    def press(number: int) -> None:
        dice = random.Random(seed + number)
        while not stop.is_set():
            # The server is down, or the card went while its form was being filled in: look again.
            with suppress(httpx.HTTPError, NotAnswered, KeyError, StopIteration, TypeError, IndexError):
                heard[number] += press_something(manager, dice)
            time.sleep(dice.uniform(0.05, 0.5))

    hands = [threading.Thread(target=press, args=(number,)) for number in range(HANDS)]
    for hand in hands:
        hand.start()
    try:
        yield heard
    finally:
        stop.set()
        for hand in hands:
            hand.join()


def press_something(manager: Manager, dice: random.Random) -> bool:
    """Answer a card with any of its steps, or fill in a short form, without waiting; whether it was heard."""
    if dice.random() < 0.15:
        reference = dice.choice(manager.system.installation.records.list(open_only=True)).reference
        step = dice.choice(["open_referral", "record_meeting", "add_action"])
        deployment = manager.deployment(step)
        form = manager.short_form(deployment, step, None if step == "open_referral" else reference)
        return manager.ask(deployment, {"parameters": form}).is_success
    run = dice.choice(manager.runs("card", states=["PAUSED"]))
    review = manager.read(run["idempotency_key"].split("/")[1])
    step = dice.choice([name for name in manager.asked(run)["definitions"] if name in ANSWERS])
    response = manager.resume(run, manager.form(run, step, review, manager.today))
    assert response.status_code < 500 or "restart" in response.text, response.text
    return response.is_success and response.json()["status"] == "ACCEPT"


# --------------------------------------------------------------------------- what must hold


def faults(system: System, manager: Manager, within: float = 0.0) -> list[str]:
    """Everything that is not as it must be, once what still runs has had its time."""
    until = time.monotonic() + patience(within)
    while True:
        try:
            found = [*of_the_cards(system, manager), *of_the_duties(system, manager)]
        except httpx.HTTPError as away:
            found = [repr(away)]
        if not found or time.monotonic() > until:
            return [*found, *of_the_record(system)]
        time.sleep(0.25)


def of_the_record(system: System) -> list[str]:
    """A broken chain, or a review that is not what its ledger says."""
    records = system.installation.records
    found = [str(broken) for broken in records.verify()]
    for row in records.list():
        replayed: Review = fold(records.events(row.reference))
        if replayed != records.read(row.reference):
            found.append(f"{row.reference} is not what its ledger says")
    return found


def of_the_cards(system: System, manager: Manager) -> list[str]:
    """An open stage without its one waiting card, a card of nothing, a form that nobody works on."""
    records = system.installation.records
    runs = manager.runs("card")
    found = [f"{run['name']}: {run['state']['name']}" for run in manager.runs("form", states=UNFINISHED)]
    for row in records.list(open_only=True):
        review = records.read(row.reference)
        mine = [run for run in runs if row.reference in run["tags"]]
        slots = [run["idempotency_key"].rsplit("/", 1)[0] for run in mine]
        if slots != [f"card/{row.reference}/{review.stage.value}/{review.entry}"]:
            found.append(f"{row.reference}: at {review.stage.value} {review.entry}, cards {slots}")
        elif mine[0]["state"]["type"] != "PAUSED":
            found.append(f"{row.reference}: {mine[0]['state']['name']}")
        elif f"__v{review.changed}__" not in str(manager.asked(mine[0])):
            found.append(f"{row.reference}: its card shows an old form")
        runs = [run for run in runs if run not in mine]
    return [*found, *(f"{run['name']} is the card of nothing" for run in runs)]


def of_the_duties(system: System, manager: Manager) -> list[str]:
    """A duty of the law that comes next or was missed without its one run, or a run of nothing."""
    installation = system.installation
    engine, rulebook = installation.records.engine, installation.rulebook
    wanted = {
        "duty": [duty.key for duty in timed_duties.coming(engine, rulebook)],
        "missed": [duty.key for duty in timed_duties.missed(engine, rulebook, manager.today)],
    }
    found = []
    for tag, states in (("duty", UNFINISHED), ("missed", ["FAILED"])):
        shown = [run["labels"]["safeguarding.duty"] for run in manager.runs(tag, states=states)]
        found += [f"{key}: no run as {tag}" for key in wanted[tag] if key not in shown]
        found += [f"{key}: {shown.count(key)} runs as {tag}" for key in shown if shown.count(key) != 1]
        found += [f"{key}: the run of nothing, as {tag}" for key in shown if key not in wanted[tag]]
    return found

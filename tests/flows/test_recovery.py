"""Killed at any moment, or with Prefect's database gone: the record is whole and every open stage has its card."""

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from driver.page import Manager, NotAnswered, System
from driver.whole import faults
from sqlalchemy import select

from flows.demo.answers import ANSWERS
from flows.demo.post_catcher import Catcher
from tasks.store.tables import notices

pytestmark = pytest.mark.prefect

KILLS = int(os.environ.get("KILLS", "6"))
"""The second of each pair falls into the recovery from the first; `make kills KILLS=100` shoots more often."""
PAIRS = KILLS // 2
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


def test_kills_leave_no_half_step_and_no_card_stuck(own: System) -> None:
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

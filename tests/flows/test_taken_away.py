"""What somebody deletes, cancels or puts off in Prefect's own page is back within seconds, and no answer is lost."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from driver.page import Json, Manager, NotAnswered
from driver.speed import patience
from driver.whole import without_its_ledger

from tasks.record.health import health

pytestmark = pytest.mark.prefect

WITHIN = 40.0
"""Seconds: it takes about five; the machine may be busy."""


def soon(met: Callable[[], Any]) -> Any:
    """What this gives, once it gives something."""
    until = time.monotonic() + patience(WITHIN)
    while time.monotonic() < until:
        try:
            if found := met():
                return found
        except (NotAnswered, httpx.HTTPStatusError, StopIteration):
            pass  # not there yet
        time.sleep(0.1)
    raise AssertionError(f"not within {WITHIN:.0f} s")


def inputs(manager: Manager, run: Json) -> list[Json]:
    """What lies under a run in Prefect."""
    found = manager.service.post(f"/flow_runs/{run['id']}/input/filter", json={"prefix": "suspended-"})
    return [one for one in found.json() if one["key"].endswith("-response")] if found.is_success else []


def waiting(manager: Manager, reference: str) -> Json:
    """The card of a review that was opened at the command line, once it is there."""
    card: Json = soon(lambda: manager.card(reference))
    return card


@contextmanager
def nobody_works(manager: Manager) -> Iterator[None]:
    """The work pool is paused, as the page can do: what is asked waits."""
    manager.service.patch("/work_pools/reviews", json={"is_paused": True}).raise_for_status()
    try:
        yield
    finally:
        manager.service.patch("/work_pools/reviews", json={"is_paused": False}).raise_for_status()


def pressed(manager: Manager, card: Json, reference: str, step: str) -> Json:
    """An answer that Prefect accepted."""
    sent = manager.form(card, step, manager.read(reference), manager.today)
    said: Json = manager.resume(card, sent).json()
    assert "ACCEPT" == said["status"]
    return said


def test_a_deleted_deployment_is_back_and_its_cards_can_be_answered(manager: Manager) -> None:
    """One press of Delete on the cards of a stage: registered again, and its cards hang on the new one."""
    reference = manager.opened_elsewhere()
    card = waiting(manager, reference)
    gone = card["deployment_id"]
    manager.service.delete(f"/deployments/{gone}").raise_for_status()

    again = soon(lambda: (now := manager.card(reference))["deployment_id"] != gone and now)

    assert 200 == manager.api.get(f"/deployments/{again['deployment_id']}").status_code
    manager.answer(reference, "assess_notification")
    assert 2 == manager.read(reference).version


def test_an_answer_given_while_its_deployment_is_gone_is_in_the_record(manager: Manager) -> None:
    """
    The manager presses Submit in the very moment: Prefect accepts an answer that nobody can run. The record has it,
    and Prefect nothing of it.
    """
    reference = manager.opened_elsewhere()
    card = waiting(manager, reference)
    with nobody_works(manager):
        manager.service.delete(f"/deployments/{card['deployment_id']}").raise_for_status()
        pressed(manager, card, reference, "assess_notification")
        soon(lambda: manager.read(reference).version == 2)
        soon(lambda: not inputs(manager, card))
    soon(lambda: manager.card(reference)["id"] != card["id"])


def test_an_answer_on_a_card_that_is_then_cancelled_is_in_the_record(manager: Manager) -> None:
    """Submit, and Cancel before a worker has taken it: what was accepted is recorded, and the card is there again."""
    reference = manager.opened_elsewhere()
    card = waiting(manager, reference)
    with nobody_works(manager):
        pressed(manager, card, reference, "assess_notification")
        cancelled = {"state": {"type": "CANCELLED"}, "force": True}
        manager.service.post(f"/flow_runs/{card['id']}/set_state", json=cancelled).raise_for_status()
        soon(lambda: manager.read(reference).version == 2)
        soon(lambda: not inputs(manager, card))
    soon(lambda: manager.card(reference)["id"] != card["id"])


def test_a_card_that_is_deleted_with_an_answer_under_way_is_back(manager: Manager) -> None:
    """Submit, and Delete at once: whether it was taken or not, one card waits for the stage that is open."""
    reference = manager.opened_elsewhere()
    card = waiting(manager, reference)
    pressed(manager, card, reference, "assess_notification")
    manager.service.delete(f"/flow_runs/{card['id']}").raise_for_status()

    again = soon(lambda: (now := manager.card(reference))["id"] != card["id"] and now)

    version = manager.read(reference).version
    assert version in (1, 2)
    assert f"__v{version}__" in str(manager.asked(again))


def test_a_cancelled_card_is_back_without_a_sweep(manager: Manager) -> None:
    """Somebody presses Cancel: today's sweeps are a quarter of an hour apart, the card takes seconds."""
    reference = manager.opened_elsewhere()
    card = waiting(manager, reference)
    began = time.monotonic()
    cancelling = {"state": {"type": "CANCELLING"}, "force": False}
    manager.service.post(f"/flow_runs/{card['id']}/set_state", json=cancelling).raise_for_status()

    soon(lambda: manager.card(reference)["id"] != card["id"])

    print(f"back after {time.monotonic() - began:.1f} s")


def test_the_deleted_sweep_is_back_with_its_hours(manager: Manager) -> None:
    """The sweep's own deployment is deleted: it is there again within seconds, on its schedule, and sweeps."""
    gone = manager.deployment("sweep")
    manager.service.delete(f"/deployments/{gone['id']}").raise_for_status()

    again = soon(lambda: (found := manager.deployment("sweep"))["id"] != gone["id"] and found)

    assert ["*/15 * * * *"] == [one["schedule"]["cron"] for one in again["schedules"] if one["active"]]
    assert "COMPLETED" == manager.sweep()["state"]["type"]


def test_a_form_that_is_put_off_is_refused_in_words_and_erased(manager: Manager) -> None:
    """«Start: Later»: Prefect would keep in clear until then what was typed."""
    deployment = manager.deployment("open_referral")
    form = manager.short_form(deployment, "open_referral", None)
    later = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    state = {"type": "SCHEDULED", "state_details": {"scheduled_time": later}}
    before = len(manager.system.installation.records.list())
    run = manager.ask(deployment, {"parameters": form, "state": state}).raise_for_status().json()

    ended = soon(lambda: (now := manager.finished(run)) and now)

    assert ("Refused", {}) == (ended["state"]["name"], ended["parameters"])
    assert "choose Now" in ended["state"]["message"]
    assert before == len(manager.system.installation.records.list())


def test_one_review_that_cannot_be_drawn_stops_no_other(manager: Manager) -> None:
    """
    A damaged table names a review that has no ledger: every other card is kept, the sweep does all else and ends with
    its name, and so does `health` until it is mended.
    """
    broken, sound = "CSPR-2026-999", manager.opened_elsewhere()
    waiting(manager, sound)
    engine = manager.system.installation.records.engine
    with without_its_ledger(manager.system, sound, broken):
        manager.taken_elsewhere(sound, "assess_notification")
        soon(lambda: "__v2__" in str(manager.asked(manager.card(sound))))
        swept = manager.sweep()
        assert ("Not all kept", True) == (swept["state"]["name"], broken in swept["state"]["message"])
        assert any(f"the sweep could not do everything: {broken}" in one for one in health(engine, manager.now).faults)
    assert "Not all kept" != manager.sweep()["state"]["name"]
    assert not any(broken in one for one in health(engine, manager.now).faults)

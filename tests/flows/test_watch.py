"""The sweep as Prefect runs it: it brings cards and board up to date, alone, and fails where it can be seen."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from threading import Thread
from typing import Any

import pytest
from driver.page import FINISHED, Manager
from sqlalchemy import text

pytestmark = pytest.mark.prefect


def board(manager: Manager) -> list[dict[str, Any]]:
    """The rows of the deadline board."""
    artifact = manager.api.get("/artifacts/deadline-board/latest").raise_for_status().json()
    rows: list[dict[str, Any]] = json.loads(artifact["data"])
    return rows


def test_a_review_opened_at_the_command_line_gets_its_card_and_its_rows(manager: Manager) -> None:
    """The record changed behind Prefect's back: at the latest the next sweep makes the card and the board's rows."""
    reference = manager.opened_elsewhere()

    assert "COMPLETED" == manager.sweep()["state"]["type"]

    review = manager.read(reference)
    assert f"{reference} · {review.stage_title}" in manager.card(reference)["name"]
    assert {"card", "children", "referral", reference} < set(manager.card(reference)["tags"])
    assert any(row["Review"].startswith(f"[{reference}](http") for row in board(manager))


def test_a_card_that_was_meddled_with_is_put_right(manager: Manager) -> None:
    """Somebody renames a card by hand and takes its tags: the sweep gives it back its own."""
    reference = manager.opened_elsewhere()
    manager.sweep()
    card = manager.card(reference)
    changed = {"name": "mine", "tags": ["card", reference]}
    manager.service.patch(f"/flow_runs/{card['id']}", json=changed).raise_for_status()

    manager.sweep()

    again = manager.card(reference)
    assert (card["id"], card["name"], sorted(card["tags"])) == (again["id"], again["name"], sorted(again["tags"]))


def test_a_cancelled_card_comes_back(manager: Manager) -> None:
    """Somebody presses Cancel: the review is still open, so the sweep makes another card for it."""
    reference = manager.opened_elsewhere()
    manager.sweep()
    first = manager.card(reference)
    cancelling = {"state": {"type": "CANCELLING"}, "force": False}
    manager.service.post(f"/flow_runs/{first['id']}/set_state", json=cancelling).raise_for_status()

    manager.sweep()

    assert first["id"] != manager.card(reference)["id"]


def test_a_step_taken_at_the_command_line_moves_the_card(manager: Manager) -> None:
    """A review that left its stage by another door leaves no card behind, and one waits for the next stage."""
    reference = manager.opened_elsewhere()
    manager.sweep()
    first = manager.card(reference)
    manager.taken_elsewhere(reference, "assess_notification", "decide_notification", "send_notification")

    manager.sweep()

    assert f"card/{reference}/rapid_review/1/1" == manager.card(reference)["idempotency_key"]
    assert "COMPLETED" == manager.api.get(f"/flow_runs/{first['id']}").json()["state"]["type"]


def test_of_several_sweeps_asked_for_at_once_no_two_overlap(manager: Manager) -> None:
    """Asked for while another runs, a sweep is cancelled by Prefect, for the other does its work."""
    deployment = manager.deployment("sweep")
    asked = [manager.submit(deployment, {})]
    first = Thread(target=manager.finished, args=(asked[0],))
    first.start()
    while first.is_alive():
        asked.append(manager.submit(deployment, {}))
        time.sleep(0.3)
    runs = [manager.finished(run) for run in asked]
    runs.append(manager.sweep())

    assert {"COMPLETED", "CANCELLED"} >= {run["state"]["type"] for run in runs}
    spans = sorted((run["start_time"], run["end_time"]) for run in runs if run["state"]["type"] == "COMPLETED")
    assert len(spans) > 1
    assert [] == [pair for pair in pairwise(spans) if pair[0][1] > pair[1][0]]


def test_a_sweep_whose_record_is_gone_fails_where_it_can_be_seen(manager: Manager) -> None:
    """
    The record refuses to be read for a while (another program holds it): the sweep ends failed, with a code and no
    text of the error, and the next one is well. Whoever follows the record meanwhile says so, and goes on.
    """

    def complaints() -> int:
        return manager.system.log.read_text().count("The record cannot be followed (OperationalError")

    before = complaints()
    # It looks once a second: what was opened just before the record went is seen only once it has gone.
    for _ in range(5):
        manager.opened_elsewhere()
        with away(manager, "deadlines"):
            failed = manager.sweep()
            time.sleep(2)
        if complaints() > before:
            break

    assert complaints() > before
    assert "FAILED" == failed["state"]["type"]
    assert "the sweep: OperationalError" in failed["state"]["message"]
    assert "deadlines" not in json.dumps(failed)
    assert "COMPLETED" == manager.sweep()["state"]["type"]


@contextmanager
def away(manager: Manager, table: str) -> Iterator[None]:
    """A table of the record that cannot be read for a while."""
    engine = manager.system.installation.records.engine
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_away"))
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {table}_away RENAME TO {table}"))


def test_a_sweep_ran_at_start_up_and_more_are_planned(manager: Manager) -> None:
    """Nobody has to ask for it: one ran when the system started, and Prefect's scheduler plans the next quarters."""
    deployment = manager.deployment("sweep")
    wanted = {"deployments": {"id": {"any_": [deployment["id"]]}}}
    until = time.monotonic() + 60
    planned: list[dict[str, Any]] = []
    ended: list[dict[str, Any]] = []
    while not (planned and ended) and time.monotonic() < until:
        runs = manager.api.post("/flow_runs/filter", json=wanted).raise_for_status().json()
        planned = [run for run in runs if run["state"]["type"] == "SCHEDULED" and run["auto_scheduled"]]
        ended = [run for run in runs if run["state"]["type"] in FINISHED and run["start_time"]]
        time.sleep(0.2)

    assert planned
    assert {0, 15, 30, 45} >= {int(run["expected_start_time"][14:16]) for run in planned}
    assert ended
    assert all(re.fullmatch(r"Sweep · \w{3} \d{1,2} \w{3} \d\d:\d\d", run["name"]) for run in ended)

"""What another door records shows on the cards and the board within seconds, without waiting for the sweep."""

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from driver.page import Manager, NotAnswered
from driver.speed import patience

pytestmark = pytest.mark.prefect

WITHIN = 15.0
"""Seconds: it takes about one; the machine may be busy."""


def soon(met: Callable[[], Any]) -> Any:
    """What this gives, once it gives something."""
    until = time.monotonic() + patience(WITHIN)
    while time.monotonic() < until:
        try:
            if found := met():
                return found
        except (NotAnswered, httpx.HTTPStatusError):
            pass  # not there yet, or its form not written yet
        time.sleep(0.1)
    raise AssertionError(f"not within {WITHIN:.0f} s")


def on_the_board(manager: Manager, reference: str) -> list[str]:
    """What the deadline board says is owed of a review."""
    artifact = manager.api.get("/artifacts/deadline-board/latest").raise_for_status().json()
    rows = [row for row in json.loads(artifact["data"]) if row["Review"].startswith(f"[{reference}](http")]
    assert all(row["Review"].endswith(f"/reviews/{reference})") for row in rows), "each row leads to the review's page"
    return [row["What is owed"] for row in rows]


def log_of(manager: Manager, run: dict[str, Any]) -> list[tuple[int, str]]:
    """What the page of a run shows below its name: level and words of each line, the oldest first."""
    wanted = {"logs": {"flow_run_id": {"any_": [run["id"]]}}, "sort": "TIMESTAMP_ASC", "limit": 200}
    lines = manager.api.post("/logs/filter", json=wanted).raise_for_status().json()
    return [(line["level"], line["message"]) for line in lines]


def form_of(manager: Manager, reference: str, version: int) -> bool:
    """Whether the card of a review shows the form of this version."""
    return f"__v{version}__" in str(manager.asked(manager.card(reference)))


def test_a_review_opened_and_moved_at_the_command_line_is_followed(manager: Manager) -> None:
    """
    Opened: a card and its rows. Moved on: the next stage's card, and the old one over. Closed: no card, no row.

    Each card's own page tells the story so far, what is owed and where to read it; once over, how its stage ended.
    """
    reference = manager.opened_elsewhere()
    soon(lambda: form_of(manager, reference, 1))
    first = manager.card(reference)
    assert soon(lambda: on_the_board(manager, reference))

    manager.taken_elsewhere(reference, "assess_notification")
    soon(lambda: form_of(manager, reference, 2))
    assert first["id"] == manager.card(reference)["id"]
    page = f"/reviews/{reference}"
    owed = "Owed: Notify the national Panel (C01, "
    told = soon(lambda: (lines := log_of(manager, first)) and any(owed in words for _, words in lines) and lines)
    assert told[0][1].endswith(page)
    assert told[1][1].startswith("1. Schools and early years referred on ")
    assert len(told) == len(set(told)), "nothing is said twice"

    manager.taken_elsewhere(reference, "decide_notification", "send_notification")
    following = soon(lambda: (card := manager.card(reference))["id"] != first["id"] and card)
    assert f"card/{reference}/rapid_review/1/1" == following["idempotency_key"]
    over = soon(
        lambda: (run := manager.api.get(f"/flow_runs/{first['id']}").json())["state"]["type"] == "COMPLETED" and run
    )
    assert f"{reference} · Referral · over: Notification sent" == over["name"]
    assert {"card", "children", "over", "referral", reference} == {*over["tags"]}, "nothing is owed on it any more"
    told = [words for _, words in log_of(manager, over)]
    assert "Next: Rapid review." in told
    assert told[-1].endswith(page)

    other = manager.opened_elsewhere(concern="learning request")
    card = soon(lambda: manager.card(other))
    manager.taken_elsewhere(other, "close_not_serious")
    soon(lambda: not manager.runs("card", other))
    assert "COMPLETED" == manager.api.get(f"/flow_runs/{card['id']}").json()["state"]["type"]
    assert [] == on_the_board(manager, other)

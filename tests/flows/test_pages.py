"""Pages beside the cards: drawn by the sweep, linked from the card, rewritten only when they show something else."""

from typing import Any

import pytest
from driver.page import Manager

pytestmark = pytest.mark.prefect


def page(manager: Manager, reference: str) -> dict[str, Any]:
    """The page of a review's plan."""
    wanted = {"artifacts": {"key": {"any_": [f"plan-{reference.lower()}"]}}}
    (found,) = manager.api.post("/artifacts/latest/filter", json=wanted).raise_for_status().json()
    return dict(found)


def test_a_review_has_its_plan_from_the_first_sweep_on_and_its_card_leads_there(manager: Manager) -> None:
    """Opened behind Prefect's back: the sweep draws the plan first, so the card links straight to it."""
    reference = manager.opened_elsewhere()
    manager.sweep()

    shown = page(manager, reference)
    assert shown["data"].startswith(f"### {reference} · Referral")
    (line,) = [line for line in manager.words(manager.card(reference)).splitlines() if "Deadline board" in line]
    assert f"[Plan, as a picture](/artifacts/artifact/{shown['latest_id']})" in line


def test_a_plan_is_rewritten_only_when_it_shows_something_else(manager: Manager) -> None:
    """Two sweeps and nothing happened: the same page, untouched. A step is taken: the same page shows it."""
    reference = manager.opened_elsewhere()
    manager.sweep()
    first = page(manager, reference)
    manager.sweep()
    assert first == page(manager, reference)

    manager.taken_elsewhere(reference, "assess_notification")
    manager.sweep()
    now = page(manager, reference)
    assert first["latest_id"] == now["latest_id"]
    assert ("Notify the national Panel" in first["data"], "Notify the national Panel" in now["data"]) == (False, True)

"""How dates were worked out, and what they would be, as pages in Prefect."""

import re
from typing import Any

import pytest
from driver.page import Manager

pytestmark = pytest.mark.prefect


def page(manager: Manager, key: str) -> dict[str, Any]:
    """A page by its key."""
    wanted = {"artifacts": {"key": {"any_": [key]}}}
    (found,) = manager.api.post("/artifacts/latest/filter", json=wanted).raise_for_status().json()
    return dict(found)


def test_a_review_has_its_working_and_its_card_leads_there(manager: Manager) -> None:
    """The first sweep writes the page; a step is taken, and the same page says what that started and why."""
    reference = manager.opened_elsewhere()
    manager.sweep()
    first = page(manager, f"working-{reference.lower()}")
    assert first["data"].startswith(f"# {reference} · how each date was worked out")
    assert f"(/artifacts/artifact/{first['latest_id']})" in manager.words(manager.card(reference))

    manager.taken_elsewhere(reference, "assess_notification")
    manager.sweep()

    again = page(manager, f"working-{reference.lower()}")
    assert first["latest_id"] == again["latest_id"]
    assert "Recorded by the partnership business manager (named on the form" in again["data"]
    people = manager.system.installation.rulebook.partnership.people
    assert [] == [person.name for person in people if person.name in again["data"]]


def test_a_question_is_answered_on_a_page_and_writes_nothing(manager: Manager) -> None:
    """What if we notify in two weeks: the run says the first clash, the page has every date side by side."""
    reference = manager.opened_elsewhere()
    manager.taken_elsewhere(reference, "assess_notification", "decide_notification")
    version = manager.read(reference).version
    deployment = asked(manager)
    choice = next(
        label
        for label in deployment["parameter_openapi_schema"]["definitions"]["what_if"]["properties"]["event_1"]["enum"]
        if label.endswith("(notification_sent)")
    )
    on = manager.today.replace(year=manager.today.year + 1).isoformat()

    run = manager.finished(
        manager.submit(deployment, {"form": {"reference": reference, "event_1": choice, "on_1": on}})
    )

    assert "COMPLETED" == run["state"]["type"]
    assert re.fullmatch(rf"{reference} · what if: \d+ dates would move\. .+", run["name"])
    wanted = {"logs": {"flow_run_id": {"any_": [run["id"]]}}, "sort": "TIMESTAMP_ASC"}
    told = [line["message"] for line in manager.api.post("/logs/filter", json=wanted).raise_for_status().json()]
    assert 2 == len(told) and "dates would move." in told[0]
    assert re.search(r"^Every date side by side: http://\S+/artifacts/artifact/[0-9a-f-]{36}$", told[1])
    assert "Notify the national Panel (C01)" in run["state"]["message"]
    shown = page(manager, f"what-if-{reference.lower()}")["data"]
    assert "Nothing is written." in shown and "| **Rapid review to the national Panel (C05)** | not owed |" in shown
    assert version == manager.read(reference).version


def test_a_question_put_wrongly_is_said(manager: Manager) -> None:
    """A review that does not exist, a form that is none: the run fails with words and repeats nothing typed."""
    deployment = asked(manager)
    on = manager.today.isoformat()
    for form, said in (
        ({"reference": "CSPR-1999-001", "event_1": "x (notification_sent)", "on_1": on}, "No review has the reference"),
        ({"reference": "Violet Canary", "event_1": "x (notification_sent)", "on_1": on}, "Answer these: reference."),
    ):
        # The page checks the form first, but that check can be switched off.
        sent = {"parameters": {"form": form}, "enforce_parameter_schema": False}
        run = manager.finished(manager.ask(deployment, sent).raise_for_status().json())
        assert "FAILED" == run["state"]["type"]
        assert said in run["state"]["message"] and "Violet" not in run["state"]["message"]


def asked(manager: Manager) -> dict[str, Any]:
    """The deployment of the question."""
    found = manager.api.post("/deployments/filter", json={"limit": 200}).raise_for_status().json()
    return next(one for one in found if one["entrypoint"] == "flows.what_if.what_if")

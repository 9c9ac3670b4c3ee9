"""A form is tried against the record before the page sends it: a refusal costs nobody what was typed."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from driver.page import Json, Manager

pytestmark = pytest.mark.prefect


def reasons(said: Json) -> str:
    """What the page would show under a question."""
    return " ".join(str(error) for found in said["errors"] for error in found["errors"])


def test_a_card_says_no_while_its_dialog_is_open(manager: Manager) -> None:
    """
    Two dates lie in the future. The page hears both reasons and shows them; the form it has stays good, though the
    refusal is now a line of the record, and the card says «refused last time» to whoever opens it next.
    """
    reference = manager.opened_elsewhere()
    manager.sweep()
    run = manager.card(reference)
    drawn, review = manager.asked(run), manager.read(reference)
    late = manager.today + timedelta(days=3)
    step = "close_not_serious"
    wrong = manager.form(run, step, review, manager.today, decided_on=late, acknowledged_on=late)

    said = manager.tried(drawn, wrong)

    assert said["valid"] is False
    assert "Refused, and nothing was changed" in reasons(said)
    assert 2 == reasons(said).count("•")
    assert [review.version + 1, review.changed] == [(now := manager.read(reference)).version, now.changed]

    until = time.monotonic() + 15
    while "Refused last time" not in manager.words(manager.card(reference)) and time.monotonic() < until:
        time.sleep(0.1)
    assert "Refused last time" in manager.words(manager.card(reference))
    assert run["id"] == manager.card(reference)["id"]

    good = manager.form(run, step, review, manager.today)
    assert {"errors": [], "valid": True} == manager.tried(drawn, good)
    assert "ACCEPT" == manager.resume(run, good).json()["status"]
    assert manager.outcome(run).over


def test_a_form_that_is_not_whole_is_not_tried(manager: Manager) -> None:
    """What the page itself finds missing is shown under its question, and is no attempt at a step."""
    reference = manager.opened_elsewhere()
    manager.sweep()
    run = manager.card(reference)
    review = manager.read(reference)
    sent = manager.form(run, "close_not_serious", review, manager.today)
    sent["step"].pop(f"close_not_serious__v{review.changed}__reason")

    said = manager.tried(manager.asked(run), sent)

    assert said["valid"] is False
    assert "Refused" not in str(said)
    assert review.version == manager.read(reference).version


def test_a_short_form_says_no_before_it_is_run(manager: Manager) -> None:
    """A review that the record does not hold, and a return that nobody asked for: shown in the form, no run made."""
    deployment = manager.deployment("record_return")
    drawn = deployment["parameter_openapi_schema"]
    form = manager.short_form(deployment, "record_return", manager.opened_elsewhere())

    unasked = manager.tried(drawn, form)
    form["form"]["reference"] = "CSPR-2019-404"
    unheld = manager.tried(drawn, form)

    assert "form" == unasked["errors"][0]["property"]
    assert "Refused, and nothing was changed" in reasons(unasked)
    assert "No review has the reference CSPR-2019-404" in reasons(unheld)


def test_a_referral_is_tried_before_there_is_a_review(manager: Manager) -> None:
    """A referral received next week is refused in the form; no reference is taken."""
    deployment = manager.deployment("open_referral")
    before = len(manager.system.installation.records.list())
    form = manager.short_form(deployment, "open_referral", None, received_on=manager.today + timedelta(days=7))

    said = manager.tried(deployment["parameter_openapi_schema"], form)

    assert "Refused, and nothing was changed" in reasons(said)
    assert before == len(manager.system.installation.records.list())


def test_a_record_that_cannot_be_asked_stands_in_nobodys_way(
    manager: Manager, broken: Callable[[], AbstractContextManager[None]]
) -> None:
    """The refusal could not be recorded: the page is let through, and the step itself says what is wrong."""
    reference = manager.opened_elsewhere()
    manager.sweep()
    run = manager.card(reference)
    late = manager.today + timedelta(days=3)
    wrong = manager.form(run, "close_not_serious", manager.read(reference), manager.today, decided_on=late)

    with broken():
        assert {"errors": [], "valid": True} == manager.tried(manager.asked(run), wrong)

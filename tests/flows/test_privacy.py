"""
Nothing of what a manager types stays in Prefect, in a log or in a message, whatever becomes of the answer.

The tests run in this order: the last looks at the bytes on disk for what any of them left.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from driver.canary import CANARY, SOUGHT, planted
from driver.page import Json, Manager, System

from flows.privacy.files import search_files, under
from flows.privacy.tables import search_database

pytestmark = pytest.mark.prefect

Breaking = Callable[[], AbstractContextManager[None]]

BROKEN = f"{CANARY} \ud83d"
"""With half of a cut emoji, which no database can keep."""
GONE_WITHIN = 30.0
"""Seconds until what was erased is overwritten, in the database and in its write-ahead log."""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system of its own: all that Prefect keeps is read after each answer, and here that is little."""
    with System(tmp_path_factory.mktemp("privacy") / "home") as running:
        yield running.start()


def at_decision(manager: Manager) -> str:
    """A child review that waits for the decision."""
    reference = manager.opened_elsewhere()
    manager.taken_elsewhere(
        reference,
        "assess_notification",
        "decide_notification",
        "send_notification",
        "open_rapid_review",
        "conclude_rapid_review",
    )
    manager.sweep()
    return reference


def card_answer(manager: Manager, reference: str, **changes: Any) -> tuple[Json, Json]:
    """The card of a review at decision, and an answer with the canary in all its free text."""
    run = manager.card(reference)
    drawn = manager.asked(run)
    sent = manager.form(run, "decide_review", manager.read(reference), manager.today, **changes)
    return run, {"step": planted(sent["step"], drawn["definitions"]["decide_review"], drawn["definitions"])}


def test_an_accepted_answer_of_a_card_is_nowhere(manager: Manager) -> None:
    """
    Rationale, the reason of each limb, the reasons of each partner: all sealed in the record and gone here. Nor does
    the task run that took the step have a word of it, or the timed run of the duty that it started.
    """
    reference = at_decision(manager)
    run, sent = card_answer(manager, reference)
    assert str(sent).count(CANARY) > 10

    assert "ACCEPT" == manager.resume(run, sent).json()["status"]
    seen = manager.outcome(run)
    assert seen.over, seen.words

    assert "commissioning" == manager.read(reference).stage.value
    assert CANARY in str(manager.system.installation.records.events(reference, unseal=True))
    assert [f"{reference}: decide_review"] == task_runs(manager, run)
    manager.sweep()
    assert [f"{reference} · "] == [run["name"][: len(reference) + 3] for run in manager.runs("duty", "C12", reference)]
    assert [] == shown(manager.system)


def test_a_refused_answer_of_a_card_is_nowhere(manager: Manager) -> None:
    """The decision lies in the future: the card says so and repeats nothing."""
    reference = at_decision(manager)
    run, sent = card_answer(manager, reference, decided_on=manager.today.replace(year=manager.today.year + 1))

    assert "ACCEPT" == manager.resume(run, sent).json()["status"]

    assert "Refused last time" in manager.outcome(run).words
    assert [] == shown(manager.system)


def test_an_answer_that_is_only_tried_is_nowhere(manager: Manager) -> None:
    """The same, found out while the dialog is still open: the page hears the reason, and nothing was sent to stay."""
    reference = at_decision(manager)
    run, sent = card_answer(manager, reference, decided_on=manager.today.replace(year=manager.today.year + 1))

    said = manager.tried(manager.asked(run), sent)

    assert "Refused, and nothing was changed" in str(said)
    assert CANARY not in str(said)
    assert [] == shown(manager.system)


def test_an_answer_that_breaks_the_record_is_nowhere(manager: Manager, broken: Breaking) -> None:
    """
    The error of the database prints what it could not write: Prefect hears only that nothing was recorded. The same
    card waits again, as often as it takes, and the answer is good once the record takes lines again.
    """
    reference = at_decision(manager)
    run, sent = card_answer(manager, reference)

    with broken():
        for _ in range(2):
            assert "ACCEPT" == manager.resume(manager.card(reference), sent).json()["status"]
            seen = manager.outcome(run)
            run = seen.run
            assert "could not be recorded" in seen.words
            assert not seen.over

    assert "ACCEPT" == manager.resume(run, sent).json()["status"]
    assert manager.outcome(run).over
    assert [] == shown(manager.system)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda step, _: {"step": CANARY}, id="words in the place of a step"),
        pytest.param(lambda step, _: {"nickname": CANARY}, id="an unknown field"),
        pytest.param(lambda step, _: {"step": {"nickname": CANARY}}, id="a field of no step"),
        pytest.param(lambda step, v: {"step": {f"decide_review__v{v - 1}__rationale": CANARY}}, id="an old form"),
        pytest.param(
            lambda step, v: {"step": {**step, f"decide_review__v{v}__outcome": CANARY}}, id="not one of the choices"
        ),
        pytest.param(lambda step, v: {"step": {**step, f"decide_review__v{v}__decided_on": CANARY}}, id="not a day"),
        pytest.param(
            lambda step, v: {"step": {**step, f"decide_review__v{v}__positions": CANARY}}, id="not three positions"
        ),
        pytest.param(lambda step, _: [CANARY], id="not a form at all"),
    ],
)
def test_a_wrong_answer_is_nowhere(manager: Manager, at_the_door: str, spoil: Callable[[Json, int], Any]) -> None:
    """Whether Prefect's own check refuses it or ours does: no state, no log line and no table repeats it."""
    run, sent = card_answer(manager, at_the_door)
    version = manager.read(at_the_door).changed

    response = manager.resume(run, spoil(sent["step"], version))

    assert response.status_code < 500, response.text
    if response.status_code < 300 and response.json()["status"] == "ACCEPT":
        assert not manager.outcome(run).over
    assert "decision" == manager.read(at_the_door).stage.value
    assert manager.card(at_the_door)
    assert [] == shown(manager.system)


@pytest.fixture(scope="module")
def at_the_door(manager: Manager) -> str:
    """One review for all wrong answers: none of them moves it."""
    return at_decision(manager)


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        pytest.param(lambda form: form, {"Completed"}, id="accepted"),
        pytest.param(lambda form: {**form, "received_on": "2099-01-05"}, {"Refused"}, id="refused"),
        pytest.param(lambda form: {**form, "summary": BROKEN}, {"Refused"}, id="with a broken character"),
        pytest.param(lambda form: {**form, "track": CANARY}, {"Refused"}, id="not one of the choices"),
        pytest.param(lambda form: {**form, "received_on": CANARY}, {"Refused"}, id="not a day"),
        pytest.param(lambda form: {**form, "nickname": CANARY}, {"Refused"}, id="an unknown field"),
        pytest.param(lambda form: CANARY, {"Refused"}, id="words in the place of a form"),
        pytest.param(lambda form: [CANARY], {"Refused"}, id="a list in the place of a form"),
    ],
)
def test_a_short_form_is_nowhere(manager: Manager, spoil: Callable[[Json], Any], expected: set[str]) -> None:
    """Its answers are the parameters of a run, which Prefect would keep; the check on the page can be switched off."""
    deployment = manager.deployment("open_referral")
    drawn = deployment["parameter_openapi_schema"]
    sent = manager.short_form(deployment, "open_referral", None)["form"]
    parameters = {"form": spoil(planted(sent, drawn["properties"]["form"], drawn["definitions"]))}

    response = manager.ask(deployment, {"parameters": parameters, "enforce_parameter_schema": False})

    assert response.status_code < 500, response.text
    if response.is_success:
        run = manager.finished(response.json())
        assert run["state"]["name"] in expected
        assert {} == run["parameters"]
    assert [] == shown(manager.system)


def test_a_short_form_that_breaks_the_record_is_nowhere(manager: Manager, broken: Breaking) -> None:
    """The error prints the line that could not be written: the run says a code and a place in our code."""
    deployment = manager.deployment("open_referral")
    drawn = deployment["parameter_openapi_schema"]
    sent = manager.short_form(deployment, "open_referral", None)
    sent = {"form": planted(sent["form"], drawn["properties"]["form"], drawn["definitions"])}

    with broken():
        run = manager.finished(manager.submit(deployment, sent))

    assert "Not recorded" == run["state"]["name"]
    assert [] == shown(manager.system)


def test_parameters_that_no_form_has_are_nowhere(manager: Manager) -> None:
    """A script sends something else than the form: the run fails, and what was sent is erased."""
    parameters = {"nickname": CANARY, "form": {"reference": CANARY}}
    response = manager.ask(
        manager.deployment("record_return"), {"parameters": parameters, "enforce_parameter_schema": False}
    )

    assert response.status_code < 500, response.text
    if response.is_success:
        assert "Refused" == manager.finished(response.json())["state"]["name"]
    assert [] == shown(manager.system)


def test_after_all_of_these_no_file_of_prefect_holds_a_trace(manager: Manager) -> None:
    """Erased rows are overwritten, and the write-ahead log that still held them is folded away within seconds."""
    until = time.monotonic() + GONE_WITHIN
    while (found := in_files(manager.system)) and time.monotonic() < until:
        time.sleep(0.5)

    assert [] == found


def task_runs(manager: Manager, run: Json) -> list[str]:
    """The names of the task runs that Prefect shows under a run."""
    asked = manager.api.post("/task_runs/filter", json={"flow_runs": {"id": {"any_": [run["id"]]}}})
    return [one["name"] for one in asked.raise_for_status().json()]


# --------------------------------------------------------------------------- where to look


def shown(system: System) -> list[str]:
    """Every place where somebody could read a canary now: a row of Prefect's database, a log, a letter, a message."""
    rows = search_database(f"sqlite:///{system.prefect / 'prefect.db'}", "Prefect's database", SOUGHT, {})
    readable = [system.log, *system.prefect.glob("*.log"), *under([system.home / "caught"])]
    return [one.where for one in (*rows.traces, *search_files(readable, "logs and messages", SOUGHT, None).traces)]


def in_files(system: System) -> list[str]:
    """Whatever Prefect keeps on disk with a canary in its bytes: the database, its write-ahead log, the logs."""
    return [one.where for one in search_files(under([system.prefect]), "Prefect's files", SOUGHT, None).traces]

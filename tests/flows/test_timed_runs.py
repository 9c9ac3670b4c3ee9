"""The timed runs of the duties of the law, on the running system: coming, told, met, missed, moved, made again."""

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from driver.page import FINISHED, Json, Manager
from sqlalchemy import func, select

from flows.demo.answers import answer, signer
from safeguarding.dates.working_days import add_working_days
from safeguarding.stages import STEPS
from tasks.record import timed_duties
from tasks.store.tables import notices

pytestmark = pytest.mark.prefect

CANARY = "Aurelia-Canary"
LABELS = ("safeguarding.reference", "safeguarding.duty", "safeguarding.at", "safeguarding.due")
WITHIN = 30.0
"""Seconds: the record is looked at each second while nothing runs."""
EVERY = [*FINISHED, "SCHEDULED", "PENDING", "RUNNING"]


def soon(found: Callable[[], Any]) -> Any:
    """What is found, once it is there."""
    until = time.monotonic() + WITHIN
    while not (there := found()) and time.monotonic() < until:
        time.sleep(0.2)
    return there


def runs(manager: Manager, *tags: str, states: list[str] = EVERY) -> list[Json]:
    """The timed runs with these tags."""
    return manager.runs("duty", *tags, states=states)


def named(manager: Manager, state: str, *tags: str) -> list[Json]:
    """Those in a state of this name."""
    return [run for run in runs(manager, *tags) if run["state"]["name"] == state]


def taken(manager: Manager, reference: str, step: str, day: Any = None, **changes: Any) -> None:
    """A step taken at the command line, as of today or of an earlier day."""
    records = manager.system.installation.records
    raw = answer(step, records.read(reference), day or manager.today, **changes)
    records.attempt(reference, step, raw, signer(STEPS[step].by), manager.now)


def written(manager: Manager, reference: str, rule: str) -> int:
    """How many notices of a duty's ladder were ever written."""
    rungs = notices.c.occasion.in_(["reminder", "due_missed"])
    with manager.system.installation.records.engine.connect() as connection:
        mine = select(func.count()).where(rungs, notices.c.key.like(f"{reference}:{rule}:%"))
        return int(connection.execute(mine).scalar_one())


def test_the_duties_of_the_law_stand_in_the_list_at_their_next_moment(manager: Manager) -> None:
    """Each by its name and day, once, at the moment at which the record tells somebody next; no local date is there."""
    manager.sweep()
    installation = manager.system.installation
    wanted = timed_duties.coming(installation.records.engine, installation.rulebook)

    shown = {run["labels"]["safeguarding.duty"]: run for run in runs(manager, states=["SCHEDULED"])}

    assert len(wanted) > 5
    assert {duty.key for duty in wanted} == set(shown)
    for duty in wanted:
        run = shown[duty.key]
        assert (
            f"{duty.reference} · {duty.title} · due {duty.due_on:%a} {duty.due_on.day} {duty.due_on:%b}" in run["name"]
        )
        assert duty.next_at == datetime.fromisoformat(run["expected_start_time"])
        assert {"duty", duty.reference, duty.rule} < set(run["tags"])
    assert not [run for run in shown.values() if "local." in run["name"]]


def test_a_duty_that_is_done_reads_met(manager: Manager) -> None:
    """A referral decided today and notified today: within seconds its run says so, and the next duty stands there."""
    reference = manager.opened_elsewhere()
    manager.taken_elsewhere(reference, "assess_notification")
    assert soon(lambda: named(manager, "Scheduled", reference, "C01"))

    manager.taken_elsewhere(reference, "decide_notification", "send_notification")

    (met,) = soon(lambda: named(manager, "Met", reference, "C01"))
    assert "COMPLETED" == met["state"]["type"]
    assert met["state"]["message"].startswith("Met on ")
    assert "early" in met["state"]["message"]
    assert re.search(r" · due \w{3} \d+ \w{3}.* · \d+ working days? early$", met["name"])
    assert soon(lambda: named(manager, "Scheduled", reference, "C05"))


def test_a_missed_duty_stays_failed_until_it_is_done_late(manager: Manager) -> None:
    """Known for a month and not notified: Missed, once, with how late; done after all, it reads Met and how late."""
    past = manager.today - timedelta(days=30)
    reference = manager.opened_elsewhere(received_on=past)
    taken(manager, reference, "assess_notification", past)

    (missed,) = soon(lambda: named(manager, "Missed", reference, "C01"))
    assert "FAILED" == missed["state"]["type"]
    assert missed["state"]["message"].startswith("Overdue by ")
    assert "missed" in missed["tags"]
    assert re.search(r" · overdue by \d+ working days$", missed["name"])
    manager.sweep()
    assert [missed["id"]] == [run["id"] for run in named(manager, "Missed", reference, "C01")]

    manager.taken_elsewhere(reference, "decide_notification", "send_notification")
    (met,) = soon(lambda: named(manager, "Met", reference, "C01"))
    assert missed["id"] == met["id"]
    assert re.search(r" · due \w{3} \d+ \w{3}.* · \d+ working days late$", met["name"])


def test_a_missed_run_that_somebody_runs_again_is_missed_still(manager: Manager) -> None:
    """
    Retried in Prefect, put into «Completed» by hand, cancelled: the duty was not met by that. It stands there as missed
    again, and done late it reads Met, without the tags of a duty that runs.
    """
    past = manager.today - timedelta(days=30)
    reference = manager.opened_elsewhere(received_on=past)
    taken(manager, reference, "assess_notification", past)
    for state in ({"type": "SCHEDULED", "name": "AwaitingRetry"}, {"type": "COMPLETED"}, {"type": "CANCELLED"}):
        (missed,) = soon(lambda: named(manager, "Missed", reference, "C01"))
        asked = {"state": state, "force": True}
        manager.service.post(f"/flow_runs/{missed['id']}/set_state", json=asked).raise_for_status()
        manager.sweep()
        assert soon(lambda: named(manager, "Missed", reference, "C01")), state
        assert not named(manager, "Told", "missed", reference, "C01")

    manager.taken_elsewhere(reference, "decide_notification", "send_notification")

    (met,) = soon(lambda: named(manager, "Met", reference, "C01"))
    assert {"duty", reference, "C01"} == set(met["tags"])


def test_a_run_that_begins_before_its_moment_leaves_another_at_it(manager: Manager) -> None:
    """Begun early by hand: nobody is owed a word, and the duty stands in the list at its moment all the same."""
    reference = manager.opened_elsewhere()
    manager.taken_elsewhere(reference, "assess_notification")
    (before,) = soon(lambda: named(manager, "Scheduled", reference, "C01"))

    early = {"state": {"type": "SCHEDULED"}, "force": True}
    manager.service.post(f"/flow_runs/{before['id']}/set_state", json=early).raise_for_status()

    assert soon(lambda: named(manager, "Told", reference, "C01"))
    (after,) = soon(lambda: named(manager, "Scheduled", reference, "C01"))
    assert before["id"] != after["id"]
    assert before["expected_start_time"] == after["expected_start_time"]
    manager.sweep()
    assert [after["id"]] == [run["id"] for run in named(manager, "Scheduled", reference, "C01")]


def test_a_run_that_no_duty_is_for_keeps_nothing_of_what_was_typed(manager: Manager) -> None:
    """Begun from outside with a name in the place of a duty, or with labels made up: neither is kept nor told."""
    found = manager.service.get("/deployments/name/Timed duty/Timed duties").raise_for_status().json()
    made = []
    for given in (
        {"parameters": {"duty": f"{CANARY} fell"}, "enforce_parameter_schema": False},
        {"labels": {"safeguarding.kind": "duty", **dict.fromkeys(LABELS, CANARY)}},
        {"tags": [CANARY]},
    ):
        url = f"/deployments/{found['id']}/create_flow_run"
        made.append(manager.service.post(url, json=given).raise_for_status().json()["id"])

    def ended() -> bool:
        states = [manager.service.get(f"/flow_runs/{one}").json()["state"]["type"] for one in made]
        return all(state in FINISHED for state in states)

    assert soon(ended)
    for one in made:
        run = manager.service.get(f"/flow_runs/{one}").json()
        assert CANARY not in str({name: run.get(name) for name in ("name", "tags", "state")})
    manager.sweep()

    for one in made:
        assert 404 == manager.service.get(f"/flow_runs/{one}").status_code
        asked = {"flow_runs": {"id": {"any_": [one]}}}
        assert CANARY not in str(manager.service.post("/task_runs/filter", json=asked).json())


def test_a_date_that_is_corrected_moves_its_run(manager: Manager) -> None:
    """Notified two working days later than recorded: one run, of the new row, at the new day; the old one is gone."""
    calendar = manager.system.installation.rulebook.calendar
    really = add_working_days(manager.today + timedelta(days=1), -1, calendar)
    day = add_working_days(really, -2, calendar)
    reference = manager.opened_elsewhere(received_on=day)
    for step in ("assess_notification", "decide_notification", "send_notification"):
        taken(manager, reference, step, day)
    (first,) = soon(lambda: named(manager, "Scheduled", reference, "C05"))

    taken(manager, reference, "correct_date", what="notification_sent", correct_on=really)

    def moved() -> list[Json]:
        found = named(manager, "Scheduled", reference, "C05")
        # The new one stands for a moment beside the old: nobody is ever without one.
        return found if [run["id"] for run in found] != [first["id"]] and len(found) == 1 else []

    (second,) = soon(moved)
    assert first["name"] != second["name"]
    assert 1 == len(runs(manager, reference, "C05", states=["SCHEDULED"]))


def test_when_its_moment_is_there_the_run_tells_once(manager: Manager) -> None:
    """
    Notified a fortnight ago and recorded today: the reminder at half-time is owed now. The duty's own run tells it and
    the next run stands at the next moment; a sweep that follows tells nobody again.
    """
    day = manager.today - timedelta(days=14)
    reference = manager.opened_elsewhere(received_on=day)
    for step in ("assess_notification", "decide_notification", "send_notification"):
        taken(manager, reference, step, day)

    assert soon(lambda: named(manager, "Told", reference, "C05"))
    assert soon(lambda: named(manager, "Scheduled", reference, "C05"))
    assert (before := written(manager, reference, "C05"))
    manager.sweep()
    assert before == written(manager, reference, "C05")
    assert 1 == len(runs(manager, reference, "C05", states=["SCHEDULED"]))


def test_runs_that_are_deleted_come_back_and_nobody_hears_again(manager: Manager) -> None:
    """Somebody deletes all of them in Prefect's page: the next sweep puts each back where it stood."""
    manager.sweep()
    before = sorted((run["name"], run["state"]["name"]) for run in runs(manager, states=["SCHEDULED", "FAILED"]))
    records = manager.system.installation.records
    with records.engine.connect() as connection:
        told = connection.execute(select(func.count()).select_from(notices)).scalar_one()
    for run in runs(manager, states=["SCHEDULED", "FAILED"]):
        manager.service.delete(f"/flow_runs/{run['id']}").raise_for_status()

    manager.sweep()

    assert before == sorted(
        (run["name"], run["state"]["name"]) for run in runs(manager, states=["SCHEDULED", "FAILED"])
    )
    with records.engine.connect() as connection:
        assert told == connection.execute(select(func.count()).select_from(notices)).scalar_one()


def test_a_sweep_shows_its_parts_as_task_runs(manager: Manager) -> None:
    """What was found, the digests, delivery by channel, pages, cards and duties; all under a name that says when."""
    swept = manager.sweep()
    wanted = {"flow_runs": {"id": {"any_": [swept["id"]]}}, "limit": 200}
    names = {run["name"] for run in manager.api.post("/task_runs/filter", json=wanted).raise_for_status().json()}
    assert {
        "find what is due",
        "write the digests",
        "deliver by email",
        "deliver by teams",
        "show the pages",
        "keep the cards",
        "keep the timed duties",
    } <= names
    assert swept["name"].startswith("Sweep · ")

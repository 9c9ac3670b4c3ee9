"""
The system in parts: two replicas of Prefect's server and its services on PostgreSQL and Redis, our record on the same
PostgreSQL, two stock workers. By settings alone: nothing of ours knows that it runs so.

The tests run in this order, on one review; the last looks for what any of them left.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from driver.canary import CANARY, SOUGHT, planted
from driver.page import Json, Manager, Seen
from driver.scaled import POOL, Scaled, missing
from sqlalchemy import text

from flows.privacy.tables import search_database
from flows.server.permitted import LOCKED
from flows.server.registration import STAGES

pytestmark = [pytest.mark.prefect, pytest.mark.scale]

HOUSE = Path(__file__).resolve().parents[2]
ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}


@pytest.fixture(scope="module")
def scaled() -> Iterator[Scaled]:
    """The parts, running; no door is registered and no worker there yet."""
    if lacking := missing():
        pytest.skip(f"this machine lacks {lacking} (Debian's packages postgresql and redis-server)")
    # Not in pytest's own folder, which is closed to the user that the databases run as.
    with (
        tempfile.TemporaryDirectory(prefix="scaled-", ignore_cleanup_errors=True) as folder,
        Scaled(Path(folder)) as parts,
    ):
        yield parts.start()


@pytest.fixture(scope="module")
def manager(scaled: Scaled) -> Iterator[Manager]:
    """A manager with the page of the second replica open."""
    with Manager(scaled) as hands:
        yield hands


def doors(manager: Manager) -> list[tuple[str, str, str]]:
    """Every deployment: its id, the pool it is on, its entrypoint."""
    found = manager.api.post("/deployments/filter", json={"limit": 200}).raise_for_status().json()
    return sorted((one["id"], one["work_pool_name"], one["entrypoint"]) for one in found)


def test_nobody_is_let_in_without_the_login(scaled: Scaled, manager: Manager) -> None:
    """Each replica asks for it, and so does the command line, in words; whether a replica lives, anybody may ask."""
    for replica in (0, 1):
        assert 401 == httpx.post(f"{scaled.api(replica)}/api/flow_runs/filter", json={}).status_code
        assert 200 == httpx.get(f"{scaled.api(replica)}/api/health").status_code
    assert 200 == manager.api.post("/flow_runs/filter", json={}).status_code

    refused = scaled.command("register", "--pool", POOL, PREFECT_API_AUTH_STRING="somebody:else")

    assert (1, True) == (refused.returncode, "set PREFECT_API_AUTH_STRING" in refused.stderr), refused.stderr


def test_a_pool_of_another_kind_is_refused(scaled: Scaled, manager: Manager) -> None:
    """Process workers would never serve it: every card would wait for ever."""
    manager.service.post(
        "/work_pools/", json={"name": "boxes", "type": "docker", "base_job_template": LOCKED}
    ).raise_for_status()

    refused = scaled.command("register", "--pool", "boxes")

    assert (1, True) == (refused.returncode, "is of type 'docker'" in refused.stderr), refused.stderr
    assert [] == doors(manager)


def test_every_door_is_put_on_a_pool_and_again_changes_nothing(scaled: Scaled, manager: Manager) -> None:
    """
    A review is on the record already. Registering makes the pool, the doors and the card; doing so again leaves each
    as it was, and takes away a form that is offered no more. Entrypoints are module paths.
    """
    reference = manager.opened_elsewhere()

    first = json.loads(scaled.command("register", "--pool", POOL, "--json").stdout)
    before = doors(manager), manager.card(reference)["id"]
    scaled.work("one", "two")
    flow = manager.service.post("/flows/", json={"name": "A form of last year"}).raise_for_status().json()["id"]
    old = {"name": "A form of last year", "flow_id": flow, "tags": ["form"], "work_pool_name": POOL}
    old["entrypoint"] = "flows.beside_the_stages.add_action"
    manager.service.post("/deployments/", json=old).raise_for_status()
    again = json.loads(scaled.command("register", "--pool", POOL, "--json").stdout)

    assert {"pool": POOL, "pool_made": True, "doors": len(before[0]), "cards": 1, "touched": 1} == first
    assert {**first, "pool_made": False, "touched": 0} == again
    assert before == (doors(manager), manager.card(reference)["id"])
    assert {POOL} == {pool for _, pool, _ in before[0]}
    assert {f"{flow.fn.__module__}.{flow.fn.__name__}" for flow in STAGES} < {entry for _, _, entry in before[0]}


def forms(manager: Manager) -> dict[str, Any]:
    """What each deployment asks."""
    found = manager.api.post("/deployments/filter", json={"limit": 200}).raise_for_status().json()
    return {one["id"]: one["parameter_openapi_schema"] for one in found}


def test_prefects_own_command_deploys_what_the_shipped_file_says(scaled: Scaled, manager: Manager) -> None:
    """`prefect deploy --all`, as the operator's page has it: taken by the server; registering gives the forms back."""
    before = doors(manager), forms(manager)
    command = [str(Path(sys.executable).with_name("prefect")), "--no-prompt", "deploy", "--all"]
    command += ["--prefect-file", "deployments/prefect.yaml"]

    done = subprocess.run(command, env=scaled.environment(), cwd=HOUSE, capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stdout[-2000:] + done.stderr[-2000:]
    assert before[0] == doors(manager)
    assert 0 == scaled.command("register", "--pool", POOL).returncode
    assert before == (doors(manager), forms(manager))


def answered(manager: Manager, reference: str, step: str, day: date | None = None) -> Seen:
    """Answer the card of a review with the canary in all its free text; what came of it."""
    run = manager.card(reference)
    drawn = manager.asked(run)["definitions"]
    sent = manager.form(run, step, manager.read(reference), day or manager.today)
    sent = {"step": planted(sent["step"], drawn[step], drawn)}
    assert CANARY in str(sent)
    assert "ACCEPT" == manager.resume(run, sent).json()["status"]
    return manager.outcome(run)


def form(manager: Manager, **changes: Any) -> tuple[Json, Json]:
    """The form of a referral, and an answer with the canary in all its free text."""
    deployment = manager.deployment("open_referral")
    drawn = deployment["parameter_openapi_schema"]
    sent = manager.short_form(deployment, "open_referral", None, **changes)
    return deployment, {"form": planted(sent["form"], drawn["properties"]["form"], drawn["definitions"])}


def test_a_review_goes_through_two_stages_and_outlives_a_replica(scaled: Scaled, manager: Manager) -> None:
    """
    Opened by its form, accepted by its card. The first replica dies. The next card is answered with a day that lies
    ahead: the form says why before it is sent; sent all the same, the same card waits again and says why; answered
    well, it brings the next. Each stage has one card.
    """
    opened = manager.finished(manager.submit(*form(manager, **ADULT)))
    reference = opened["name"].split(" · ")[0]
    assert ("Completed", {}) == (opened["state"]["name"], opened["parameters"])
    referral = manager.card(reference)

    assert answered(manager, reference, "accept_referral").over
    screening = manager.next_card(reference, referral)
    scaled.kill("replica-0")
    late = manager.form(screening, "complete_screening", manager.read(reference), manager.today + timedelta(days=400))
    assert "Refused, and nothing was changed" in str(manager.tried(manager.asked(screening), late))
    refused = answered(manager, reference, "complete_screening", manager.today + timedelta(days=400))

    assert (False, True) == (refused.over, "Refused last time" in refused.words)
    assert screening["id"] == manager.card(reference)["id"]
    assert answered(manager, reference, "complete_screening").over
    assert f"{reference} · Decision" in manager.next_card(reference, screening)["name"]
    assert "decision" == manager.read(reference).stage.value


@contextmanager
def broken(scaled: Scaled) -> Iterator[None]:
    """A record that takes no line for a while: the error of the database prints the line."""
    refuse = "BEGIN RAISE EXCEPTION 'no lines today'; END"
    with scaled.installation.records.engine.begin() as connection:
        connection.execute(text(f"CREATE FUNCTION refuse() RETURNS trigger AS $$ {refuse} $$ LANGUAGE plpgsql"))
        connection.execute(text("CREATE TRIGGER no_lines BEFORE INSERT ON ledger EXECUTE FUNCTION refuse()"))
    try:
        yield
    finally:
        with scaled.installation.records.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER no_lines ON ledger"))
            connection.execute(text("DROP FUNCTION refuse"))


def test_a_form_that_fails_in_a_worker_says_nothing_of_itself(scaled: Scaled, manager: Manager) -> None:
    """
    The record breaks: the run says a code and a place. A script sends what no form has: the run never begins, its
    worker prints no text of it, and the next sweep erases what was sent.
    """
    strange = {"parameters": {CANARY: CANARY}, "enforce_parameter_schema": False}
    with broken(scaled):
        asked = [manager.submit(*form(manager)), manager.ask(manager.deployment("record_return"), strange).json()]
        failed, crashed = (manager.finished(run) for run in asked)

    assert ("Not recorded", {}) == (failed["state"]["name"], failed["parameters"])
    assert "RaiseException at" in failed["state"]["message"]
    assert "Crashed" == crashed["state"]["name"]


def test_a_sweep_asked_for_twice_runs_once(manager: Manager) -> None:
    """
    Two workers, one sweep at a time: the other is turned away. The services ask for one every quarter of an hour.
    """
    sweep = manager.deployment("sweep")
    planned = [run for run in manager.runs(states=["SCHEDULED"]) if run["deployment_id"] == sweep["id"]]
    assert 2 <= len(planned) <= 4
    manager.service.post(f"/deployments/{sweep['id']}/pause_deployment").raise_for_status()
    for run in manager.runs(states=["PENDING", "RUNNING"]):
        manager.finished(run)  # One that the quarter of an hour had asked for already.

    asked = [manager.submit(sweep, {}) for _ in range(2)]
    ended = sorted(manager.finished(run)["state"]["name"] for run in asked)

    # It could not send: this test gave the partnership no post. On a free day the letters of steps wait for a morning.
    assert ended in (["Cancelled", "Cannot send"], ["Cancelled", "Completed"])
    assert ["PAUSED", "PAUSED"] == [run["state"]["type"] for run in manager.runs("card")]


def test_after_all_of_these_nothing_that_was_typed_is_anywhere(scaled: Scaled, manager: Manager) -> None:
    """Not in a table of Prefect, nor in Redis, nor in what workers, servers and databases printed."""
    assert CANARY in str([scaled.installation.records.events(row.reference, unseal=True) for row in opened(scaled)])

    assert [] == in_tables(scaled)
    assert [] == [path.name for path in scaled.logs() if CANARY in path.read_text(errors="replace")]
    assert CANARY.encode() not in scaled.kept_in_redis()
    assert {"one.log", "two.log", "services.log", "replica-1.log"} < {path.name for path in scaled.logs()}


def opened(scaled: Scaled) -> list[Any]:
    """The reviews on the record."""
    return list(scaled.installation.records.list())


def in_tables(scaled: Scaled) -> list[str]:
    """Tables and columns of Prefect's database with a canary."""
    looked = search_database(scaled.database("prefect"), "Prefect's database", SOUGHT, {})
    assert looked.counted["tables"] > 20 and looked.counted["rows"] > 100
    return [one.where for one in looked.traces]

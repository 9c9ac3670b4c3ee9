"""
Attacks on the running system by somebody who has the page's login, or none: each fails to do harm, and is told so.

What they would need afterwards is looked for in Prefect's own database, not only in the answer.
"""

from __future__ import annotations

import json
import random
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from driver.page import Json, Manager, System
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from flows.server.gate import FROM_ELSEWHERE, NO_FORM, NOT_HERE, NOT_LISTED
from flows.server.permitted import LOCKED

pytestmark = pytest.mark.prefect

NOWHERE = "http://127.0.0.1:9/"
COMMAND = {"command": "touch /nowhere/harm", "env": {"PYTHONPATH": "/nowhere/harm"}}
PULL = [{"prefect.deployments.steps.run_shell_script": {"script": "touch /nowhere/harm"}}]


def rows(system: System, query: str) -> list[Any]:
    """What Prefect's own database answers."""
    connection = sqlite3.connect(f"file:{system.prefect / 'prefect.db'}?mode=ro", uri=True, timeout=20)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def is_refused(answer: httpx.Response, *words: str) -> None:
    """It is, with 403 and in words."""
    assert 403 == answer.status_code, answer.text
    said = answer.json()["detail"]
    assert all(one in said for one in words), said


# --------------------------------------------------------------------------- somewhere to send to (A2)


def test_no_automation_can_be_made(manager: Manager, system: System) -> None:
    """It would post the parameters of every form to an address, before the form erases them."""
    action = {"type": "call-webhook", "block_document_id": "0" * 32, "payload": "{{ flow_run.parameters }}"}
    trigger = {"type": "event", "expect": ["prefect.flow-run.*"], "posture": "Reactive", "threshold": 1, "within": 0}
    sent = {"name": "harm", "trigger": trigger, "actions": [action]}
    for who in (manager.api, manager.service):
        is_refused(who.post("/automations/", json=sent), "Nothing was changed")
    assert [(0,)] == rows(system, "SELECT count(*) FROM automation")


def test_no_block_and_no_variable_can_be_made(manager: Manager, system: System) -> None:
    """Neither a webhook to send by nor words that a template would take up."""
    kept = "SELECT (SELECT count(*) FROM block_document), (SELECT count(*) FROM variable)"
    before = rows(system, kept)
    for who in (manager.api, manager.service):
        for path, sent in (
            ("/block_documents/", {"name": "harm", "data": {"url": NOWHERE}, "block_schema_id": "0" * 32}),
            ("/block_types/", {"name": "Harm", "slug": "harm"}),
            ("/block_schemas/", {"fields": {}, "block_type_id": "0" * 32}),
            ("/variables/", {"name": "harm", "value": "harm"}),
        ):
            is_refused(who.post(path, json=sent))
    assert before == rows(system, kept)


# --------------------------------------------------------------------------- something to run (A3)


def test_no_job_variable_comes_with_a_run(manager: Manager, system: System) -> None:
    """Neither of a person nor of our own processes; no run is made."""
    deployment = manager.deployment("record_return")
    before = rows(system, "SELECT count(*) FROM flow_run WHERE deployment_id IS NOT NULL AND job_variables != '{}'")
    for as_service in (False, True):
        sent = {"parameters": {}, "job_variables": COMMAND}
        is_refused(manager.ask(deployment, sent, as_service=as_service), "job_variables is given")
    is_refused(manager.service.patch(f"/flow_runs/{'0' * 32}", json={"job_variables": COMMAND}))
    assert before == rows(
        system, "SELECT count(*) FROM flow_run WHERE deployment_id IS NOT NULL AND job_variables != '{}'"
    )


def test_no_deployment_says_how_it_is_run(manager: Manager, system: System) -> None:
    """Pull steps, a command, another function: everything wrong is named at once, also to our own processes."""
    found = manager.deployment("record_return")
    new = {"name": "harm", "flow_id": found["flow_id"], "entrypoint": "os.system", "pull_steps": PULL, "path": "/tmp"}
    is_refused(manager.api.post("/deployments/", json=new), NOT_LISTED)
    is_refused(manager.api.patch(f"/deployments/{found['id']}", json={"pull_steps": PULL}), NOT_LISTED)
    is_refused(manager.api.delete(f"/deployments/{found['id']}"), NOT_LISTED)

    wrong = ("pull_steps is given", "path is given", "entrypoint is no flow of this program")
    is_refused(manager.service.post("/deployments/", json=new), *wrong)
    is_refused(manager.service.patch(f"/deployments/{found['id']}", json={"job_variables": COMMAND}), "job_variables")
    assert [] == rows(system, "SELECT name FROM deployment WHERE name = 'harm' OR pull_steps LIKE '%shell%'")


def test_a_work_pool_has_nothing_to_set(manager: Manager) -> None:
    """Nobody can give it a command; what it has is what the program put there."""
    template = {"job_configuration": {"command": "{{ command }}"}, "variables": {"properties": {"command": {}}}}
    is_refused(manager.api.patch("/work_pools/reviews", json={"base_job_template": template}), NOT_LISTED)
    is_refused(manager.api.delete("/work_pools/reviews"), NOT_LISTED)
    is_refused(manager.service.patch("/work_pools/reviews", json={"base_job_template": template}), "something to set")
    sent = {"name": "harm", "type": "process", "base_job_template": template}
    is_refused(manager.service.post("/work_pools/", json=sent), "something to set")
    assert LOCKED == manager.api.get("/work_pools/reviews").json()["base_job_template"]


@contextmanager
def changed_behind_our_back(system: System, deployment: Json, column: str, value: Any) -> Iterator[None]:
    """A deployment as somebody with rights on Prefect's database would leave it."""

    def put(given: Any) -> None:
        connection = sqlite3.connect(system.prefect / "prefect.db", timeout=30)
        with connection:
            words = f"UPDATE deployment SET {column} = ? WHERE id = ?"
            assert 1 == connection.execute(words, (given, deployment["id"])).rowcount
        connection.close()

    ((before,),) = rows(system, f"SELECT {column} FROM deployment WHERE id = '{deployment['id']}'")
    put(value)
    try:
        yield
    finally:
        put(before)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("pull_steps", json.dumps(PULL)),
        ("entrypoint", "os.system"),
        ("path", "/nowhere/harm"),
    ],
)
def test_the_worker_runs_nothing_that_is_not_as_registered(
    manager: Manager, system: System, column: str, value: str
) -> None:
    """Whoever changed it in Prefect's database instead: the run is refused, and what was sent with it erased."""
    deployment = manager.deployment("record_meeting")
    with changed_behind_our_back(system, deployment, column, value):
        sent = {"parameters": {"form": {"reference": "x"}}, "enforce_parameter_schema": False}
        run = manager.finished(manager.ask(deployment, sent).raise_for_status().json())
    assert ("Refused", {}) == (run["state"]["name"], run["parameters"])
    assert "not how the program registered it" in run["state"]["message"]


def test_a_deployment_with_job_variables_of_somebody_runs_nothing(manager: Manager, system: System) -> None:
    """Changed in Prefect's database too: the pool has nothing to set, so Prefect itself makes no run of it."""
    deployment = manager.deployment("record_meeting")
    with changed_behind_our_back(system, deployment, "infra_overrides", json.dumps(COMMAND)):
        sent = {"parameters": {"form": {"reference": "x"}}, "enforce_parameter_schema": False}
        said = manager.ask(deployment, sent)
    assert 400 <= said.status_code < 500, said.text


# --------------------------------------------------------------------------- the state of a run


def test_a_person_sets_no_state_and_takes_no_card_away(manager: Manager, system: System) -> None:
    """Neither completes nor cancels nor deletes a card, nor asks for one by hand: it waits as before."""
    card = manager.runs("card")[0]
    for state in ("COMPLETED", "CANCELLED", "CANCELLING", "SCHEDULED"):
        path = f"/flow_runs/{card['id']}/set_state"
        is_refused(manager.api.post(path, json={"state": {"type": state}, "force": True}), NOT_LISTED)
    bulk = {"flow_runs": {"id": {"any_": [card["id"]]}}}
    is_refused(manager.api.post("/flow_runs/bulk_delete", json=bulk), NOT_LISTED)
    is_refused(manager.api.post("/flow_runs/bulk_set_state", json={**bulk, "state": {"type": "CANCELLED"}}), NOT_LISTED)
    is_refused(manager.api.delete(f"/flow_runs/{card['id']}"), NOT_LISTED)
    is_refused(manager.api.patch(f"/flow_runs/{card['id']}", json={"name": "harm"}), NOT_LISTED)
    is_refused(manager.api.post("/flow_runs/", json={"flow_id": card["flow_id"], "name": "harm"}), NOT_LISTED)
    by_hand = manager.api.post(f"/deployments/{card['deployment_id']}/create_flow_run", json={"parameters": {}})
    is_refused(by_hand, NO_FORM)

    again = manager.api.get(f"/flow_runs/{card['id']}").json()
    assert (card["name"], "PAUSED") == (again["name"], again["state"]["type"])
    assert [] == rows(system, "SELECT name FROM flow_run WHERE name = 'harm'")


# --------------------------------------------------------------------------- whence (A1)


def test_another_name_for_this_machine_is_not_answered(system: System) -> None:
    """A name that somebody else lets point here, as its own page would be asked for."""
    for path in ("/", "/api/health", "/api/flow_runs/filter", "/runs"):
        answer = httpx.get(f"{system.url}{path}", headers={"host": f"evil.example:{system.port}"}, auth=system.login)
        is_refused(answer, NOT_HERE)


def test_a_page_of_another_origin_answers_no_card(manager: Manager, system: System) -> None:
    """With the login in its hands too: neither as JSON nor as a plain form, which a browser sends without asking."""
    card = manager.runs("card")[0]
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        headers = {"origin": "http://127.0.0.1:1", "content-type": kind}
        answer = manager.api.post(f"/flow_runs/{card['id']}/resume", content="{}", headers=headers)
        is_refused(answer, FROM_ELSEWHERE)
    asked = {"origin": "http://127.0.0.1:1", "access-control-request-method": "POST"}
    before = httpx.options(f"{system.url}/api/flow_runs/{card['id']}/resume", headers=asked)
    assert (403, False) == (before.status_code, "access-control-allow-origin" in before.headers)
    assert "PAUSED" == manager.api.get(f"/flow_runs/{card['id']}").json()["state"]["type"]


@pytest.mark.parametrize("path", ["events/out", "events/in", "logs/out"])
def test_a_socket_of_another_origin_is_not_opened(system: System, path: str) -> None:
    """It would hear what happens, and tell what never happened; our own processes are let in by their word."""
    where = f"ws://127.0.0.1:{system.port}/api/{path}"
    for origin in ("http://evil.example", system.url):
        with pytest.raises(InvalidStatus) as refused:
            connect(where, origin=origin, subprotocols=["prefect"])
        assert 403 == refused.value.response.status_code
    for words, taken in ((":".join(system.login), False), (":".join(system.service), True)):
        with connect(where, subprotocols=["prefect"]) as socket:
            socket.send(json.dumps({"type": "auth", "token": words}))
            assert taken is heard(socket)


def heard(socket: Any) -> bool:
    """Whether a socket says that the word was right; it closes where it was not."""
    try:
        return bool(json.loads(socket.recv(timeout=20)) == {"type": "auth_success"})
    except ConnectionClosed:
        return False


def test_guessed_logins_have_to_wait(system: System, manager: Manager) -> None:
    """Twelve of them: the last are not looked at, and say for how long. Who is in stays in."""
    said = [
        httpx.get(f"{system.url}/api/version", auth=("unit", f"a guess with number {number}")) for number in range(12)
    ]
    assert {401} == {one.status_code for one in said}
    assert "Too many wrong logins" in said[-1].json()["detail"]
    assert 1 <= int(said[-1].headers["retry-after"])
    assert 200 == manager.api.get("/version").status_code


# --------------------------------------------------------------------------- what lies on the disk (B8)


def test_no_file_of_a_running_system_is_open_to_others(system: System) -> None:
    """The record, its write-ahead log, Prefect's database, logs, caught letters, keys: every file and folder."""
    kept = [system.home, *system.home.rglob("*")]
    loose = [str(path) for path in kept if not path.is_symlink() and stat_of(path) & 0o077]
    assert [] == loose
    names = {path.name for path in kept}
    assert {"record.sqlite3", "record.sqlite3-wal", "prefect.db", "server.log", "login", "mail"} <= names


def stat_of(path: Path) -> int:
    """The mode of a file; that of one which is gone meanwhile lets nobody in."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return 0


def test_the_login_of_the_page_opens_nothing_else(system: System) -> None:
    """What is kept of it is no login, and is not what our own processes say."""
    words = ":".join(system.login)
    holding = [path.name for path in system.home.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]
    assert ["demo-login"] == holding
    assert words not in (system.home / "service.login").read_text()


# --------------------------------------------------------------------------- every route there is

CHANGES = {
    ("POST", "/api/flow_runs/{id}/resume"),
    ("POST", "/api/deployments/{id}/create_flow_run"),
}
"""All that a person's login may change."""
LOOKS = ("filter", "count", "paginate", "history", "lateness", "validate", "concurrency_status", "next-runs", "counts")
LOOKS_BY = ("count-by", "count-task-runs", "count-deployments")


def routes() -> list[tuple[str, str]]:
    """Every route of Prefect's API with every method, those that it does not have too."""
    from prefect.server.api.server import create_api_app

    paths = sorted(create_api_app().openapi()["paths"])
    return [(method, f"/api{path}") for path in paths for method in ("GET", "POST", "PUT", "PATCH", "DELETE")]


def looks_only(method: str, path: str) -> bool:
    """Whether a route only looks, by its method or by its last word."""
    parts = path.rstrip("/").split("/")
    return method == "GET" or (method == "POST" and (parts[-1] in LOOKS or any(part in LOOKS_BY for part in parts)))


def test_every_route_there_is_is_refused_or_looks_or_is_one_of_two(system: System) -> None:
    """
    Each with the login and with something in it that is not right: no answer is a fault of the server, and whatever is
    not refused with 403 only looks, but for Resume and Quick run.
    """
    chance, through, faults = random.Random(7), [], []
    bodies: list[Any] = [{}, [], {"limit": -1}, {"state": {"type": "COMPLETED"}}, {"name": "x" * 300}, "text", None]
    with httpx.Client(base_url=system.url, auth=system.login, timeout=30) as client:
        for method, path in routes():
            filled = path.replace("{id}", "00000000-0000-0000-0000-000000000001")
            while "{" in filled:
                start, _, rest = filled.partition("{")
                filled = f"{start}harm{rest.partition('}')[2]}"
            said = client.request(method, filled, json={} if (method, path) in CHANGES else chance.choice(bodies))
            if said.status_code >= 500:
                faults.append((method, path, said.status_code))
            if said.status_code != 403:
                through.append((method, path))
    assert [] == faults
    assert CHANGES == {one for one in through if not looks_only(*one)}
    assert len(through) > 60

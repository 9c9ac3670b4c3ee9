"""What stands in Prefect is what `deployments/prefect.yaml` says; tests/doors holds that the command prints it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from driver.page import Json, Manager, System, surroundings

PRINTED = Path(__file__).resolve().parents[2] / "deployments" / "prefect.yaml"


pytestmark = pytest.mark.prefect


def test_what_is_registered_is_what_the_file_says(manager: Manager) -> None:
    """Every deployment of the running system, by name: its flow, tags, pool, words, schedule and how many at once."""
    found = manager.api.post("/deployments/filter", json={"limit": 200}).raise_for_status().json()
    stated = yaml.safe_load(PRINTED.read_text())["deployments"]
    assert sorted(map(str, map(as_stated, found))) == sorted(map(str, (dict(sorted(one.items())) for one in stated)))


def test_registering_again_leaves_what_is_just_so(manager: Manager, system: System) -> None:
    """
    Somebody has changed the words of one and stopped the schedule of the sweep: both are put right, and nothing else
    is touched. Each that is registered takes Prefect two calls, of which a start has no use.
    """
    there = _deployments(manager)
    spoken, swept = there["beside_the_stages.add_action"], there["watch.watch"]
    stopped = [{"schedule": swept["schedules"][0]["schedule"], "active": False}]
    for one, change in ((spoken, {"description": "Otherwise."}), (swept, {"schedules": stopped})):
        manager.service.patch(f"/deployments/{one['id']}", json=change).raise_for_status()
    before = {one["id"]: one["updated"] for one in _deployments(manager).values()}
    command = [str(Path(sys.executable).with_name("safeguarding")), "register"]
    done = subprocess.run(command, env=surroundings() | system.environment, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    after = _deployments(manager)
    assert {spoken["id"], swept["id"]} == {one["id"] for one in after.values() if one["updated"] != before[one["id"]]}
    assert spoken["description"] == after["beside_the_stages.add_action"]["description"]
    assert [True] == [one["active"] for one in after["watch.watch"]["schedules"]]


def _deployments(manager: Manager) -> dict[str, Json]:
    """Every deployment by its flow."""
    found = manager.api.post("/deployments/filter", json={"limit": 200}).raise_for_status().json()
    return {one["entrypoint"].removeprefix("flows."): one for one in found}


def as_stated(found: Json) -> dict[str, Any]:
    """A deployment as Prefect returns it, in the words of a prefect.yaml."""
    assert not found["job_variables"]
    schedules = [(one["schedule"], one["active"]) for one in found["schedules"]]
    limit, options = found["global_concurrency_limit"], found["concurrency_options"]
    said: dict[str, Any] = {
        "name": found["name"],
        "description": found["description"],
        "entrypoint": found["entrypoint"],
        "tags": found["tags"],
        "work_pool": {"name": found["work_pool_name"]},
        "schedules": [
            {"cron": when["cron"], "timezone": when["timezone"], "active": active} for when, active in schedules
        ],
        "concurrency_limit": limit and {"limit": limit["limit"], "collision_strategy": options["collision_strategy"]},
    }
    kept = {name: value for name, value in said.items() if value or name == "tags"}
    return dict(sorted({**kept, "pull": found["pull_steps"] or []}.items()))

"""What stands in Prefect is what `deployments/prefect.yaml` says; tests/doors holds that the command prints it."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from driver.page import Json, Manager

PRINTED = Path(__file__).resolve().parents[2] / "deployments" / "prefect.yaml"


pytestmark = pytest.mark.prefect


def test_what_is_registered_is_what_the_file_says(manager: Manager) -> None:
    """Every deployment of the running system, by name: its flow, tags, pool, words, schedule and how many at once."""
    found = manager.api.post("/deployments/filter", json={"limit": 200}).raise_for_status().json()
    stated = yaml.safe_load(PRINTED.read_text())["deployments"]
    assert sorted(map(str, map(as_stated, found))) == sorted(map(str, (dict(sorted(one.items())) for one in stated)))


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

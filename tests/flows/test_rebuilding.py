"""`safeguarding cards rebuild`: what was lost in Prefect comes back from the record."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from driver.page import Manager, System, surroundings

pytestmark = pytest.mark.prefect


def rebuilt(system: System) -> dict[str, int]:
    """What the command says, run beside the system as its operator would."""
    command = [str(Path(sys.executable).with_name("safeguarding")), "cards", "rebuild", "--json"]
    here = {"SAFEGUARDING_HOME": str(system.home), "SAFEGUARDING_PREFECT_PORT": str(system.port)}
    done = subprocess.run(command, env=surroundings() | here, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def test_a_card_that_was_deleted_comes_back(system: System, manager: Manager) -> None:
    """Somebody deletes the run: the record still has the open stage, and the others' cards stay as they are."""
    reference = manager.opened_elsewhere()
    manager.sweep()
    others = {run["id"] for run in manager.runs("card")} - {manager.card(reference)["id"]}
    manager.service.delete(f"/flow_runs/{manager.card(reference)['id']}").raise_for_status()

    said = rebuilt(system)

    assert {"cards": len(others) + 1} == said
    assert {run["id"] for run in manager.runs("card")} == others | {manager.card(reference)["id"]}

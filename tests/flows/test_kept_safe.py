"""Beside the running system: a backup is made and the master key changed; what a manager answers is taken."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from driver.page import Manager, System, surroundings

pytestmark = pytest.mark.prefect


def said(system: System, *words: str) -> Any:
    """What a command says, run beside the system as its operator would."""
    command = [str(Path(sys.executable).with_name("safeguarding")), *words, "--json"]
    here = {"SAFEGUARDING_HOME": str(system.home), "SAFEGUARDING_PREFECT_PORT": str(system.port)}
    done = subprocess.run(command, env=surroundings() | here, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_key_is_changed_and_a_backup_made_while_people_work(
    system: System, manager: Manager, tmp_path: Path
) -> None:
    """A card is answered before, between and after; the heads that left before still lead to the record of now."""
    reference = manager.referred(concern="learning request")
    first = said(system, "backup", str(tmp_path))
    said(system, "key", "rotate", "--yes")
    manager.answer(reference, "close_not_serious")
    manager.referred()
    second = said(system, "backup", str(tmp_path / "second"))

    assert [0, 0] == [first["found"], second["found"]]
    assert not manager.read(reference).open
    for made in (first, second):
        assert {"broken": []} == said(system, "ledger", "verify", "--against", made["heads"])

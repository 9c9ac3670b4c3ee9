"""What lies in `deployments/`: its units start commands that exist, its settings are settings, and those are tried."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from driver.scaled import Scaled

from config.settings import Settings
from flows.cli.main import app
from flows.server import prefect_settings

DEPLOYMENTS = Path(__file__).resolve().parent.parent / "deployments"
UNITS = sorted((DEPLOYMENTS / "systemd").iterdir())
PROGRAMS = "/opt/safeguarding/.venv/bin/"
NAME = re.compile(r"^#?([A-Z][A-Z_]+)=", re.MULTILINE)


def names(file: str) -> set[str]:
    """Every setting that a file names, whether it is set or only shown."""
    return set(NAME.findall((DEPLOYMENTS / file).read_text()))


def test_each_unit_starts_a_command_that_there_is() -> None:
    """Ours are taken by the command line as they stand; the workers' is Prefect's own."""
    started = [
        (unit.name, line.removeprefix(f"ExecStart={PROGRAMS}").replace("%i", "4200").split())
        for unit in UNITS
        for line in unit.read_text().splitlines()
        if line.startswith("ExecStart=")
    ]
    ours = {name: command(words[1:]) for name, words in started if words[0] == "safeguarding"}

    assert {
        "safeguarding.service": "up",
        "safeguarding-server@.service": "server",
        "safeguarding-services.service": "server",
        "safeguarding-register.service": "register",
    } == ours
    assert ["safeguarding-worker@.service"] == [name for name, words in started if words[:2] == ["prefect", "worker"]]


def command(words: list[str]) -> str:
    """The command that these words ask for, every option of which it takes."""
    app.parse_args(words, exit_on_error=False, print_error=False)
    return app.parse_commands(words)[0][0]


def test_a_unit_that_opens_the_record_shows_how_to_hand_it_the_key() -> None:
    """And one that sends, the mail server: in the units as they are, the lines are only shown."""
    shown = {
        unit.name: sorted(re.findall(r"^#LoadCredential=(\w+):/etc/safeguarding/secrets/\1$", unit.read_text(), re.M))
        for unit in UNITS
    }
    assert {
        "safeguarding.service": ["mail_url", "master_key"],
        "safeguarding-worker@.service": ["mail_url", "master_key"],
        "safeguarding-server@.service": ["master_key"],
        "safeguarding-register.service": ["master_key"],
    } == {name: secrets for name, secrets in shown.items() if secrets}


@pytest.mark.parametrize("line", ["#LoadCredential=", "LoadCredential="], ids=["as they are", "with credentials"])
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path, line: str) -> None:
    """As systemd itself reads them, with the programs of this machine."""
    judge = shutil.which("systemd-analyze")
    if judge is None:
        pytest.skip("this machine has no systemd-analyze")
    here = f"{Path(sys.executable).parent}/"
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace(PROGRAMS, here).replace("#LoadCredential=", line))

    judged = subprocess.run(
        [judge, "verify", *map(str, sorted(tmp_path.iterdir()))], capture_output=True, text=True, check=False
    )

    assert (0, "", "") == (judged.returncode, judged.stdout, judged.stderr)


def test_the_settings_of_the_parts_are_those_that_are_tried(tmp_path: Path) -> None:
    """`scaled.env` names what the test of the parts sets, and nothing else; the folders are the units' own."""
    before = surroundings_of_the_test()
    tried = set(Scaled(tmp_path).environment()) - before - {"SAFEGUARDING_HOME", "PREFECT_HOME"}

    assert tried == names("scaled.env")


def surroundings_of_the_test() -> set[str]:
    """What is set in this environment by others."""
    return {name for name in os.environ if not name.startswith(("PREFECT_", "SAFEGUARDING_"))} - {"DO_NOT_TRACK"}


def test_the_settings_of_an_installation_are_settings() -> None:
    """A name that nobody reads would be set in vain."""
    known = {f"SAFEGUARDING_{name.upper()}" for name in Settings.model_fields} | {"PREFECT_SERVER_API_AUTH_STRING"}
    shown = {name for name in names("safeguarding.env") if not name.startswith("SAFEGUARDING_SECRET_")}

    assert set() == shown - known


def test_a_server_listens_on_this_machine_and_its_own_runner_knows_its_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a setting makes it listen to others; the login is said once."""
    for name in (*prefect_settings.settings(tmp_path, 4200), "PREFECT_API_AUTH_STRING"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "unit:a long login")

    prefect_settings.prepare(tmp_path, 4200)

    assert "127.0.0.1" == os.environ["PREFECT_SERVER_API_HOST"]
    assert "unit:a long login" == os.environ["PREFECT_API_AUTH_STRING"]

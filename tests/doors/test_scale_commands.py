"""Running the parts apart, where something is missing: every command says what, and what to do."""

import subprocess
import sys
from pathlib import Path

from driver.page import free_port, surroundings
from driver.terminal import Terminal

from flows.server import login

PREFECT_YAML = Path(__file__).resolve().parents[2] / "deployments" / "prefect.yaml"


def said(home: Path, *words: str, **settings: str) -> tuple[int, str]:
    """Run a command in a process of its own, where Prefect reads these settings; its exit code and complaint."""
    command = [str(Path(sys.executable).with_name("safeguarding")), *words]
    environment = surroundings() | {"SAFEGUARDING_HOME": str(home), **settings}
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_without_a_server_nothing_is_registered(tmp_path: Path) -> None:
    """It says where it looked, without the password that may stand in an address, and how to start one."""
    there = f"127.0.0.1:{free_port()}"
    said(tmp_path, "simulation")

    for words in (("register", "--pool", "reviews"), ("cards", "rebuild")):
        code, complaint = said(tmp_path, *words, PREFECT_API_URL=f"http://unit:secret@{there}/api")

        assert 1 == code
        assert complaint.startswith(f"No Prefect server answers at http://{there}/api. Start one"), complaint


def test_a_part_that_shares_nothing_names_everything_it_lacks(tmp_path: Path) -> None:
    """One of several servers with the settings of a single one: nobody would hear what it does."""
    login.keep(tmp_path, login.invented())
    code, complaint = said(tmp_path, "server", "--no-services", "--port", str(free_port()))

    assert 1 == code
    for name in (
        "PREFECT_SERVER_DATABASE_CONNECTION_URL",
        "PREFECT_MESSAGING_BROKER",
        "PREFECT_MESSAGING_CACHE",
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE",
        "PREFECT_SERVER_DOCKET_URL",
    ):
        assert name in complaint


def test_a_package_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The settings ask for Redis by a package, and the package was not added."""
    code, complaint = said(tmp_path, "server", "--services-only", PREFECT_MESSAGING_BROKER="prefect_absent.messaging")

    assert (1, True) == (code, "prefect-absent is not installed (`make scale`)" in complaint), complaint


def test_the_file_of_the_deployments_is_what_the_command_prints(terminal: Terminal, tmp_path: Path) -> None:
    """`deployments/prefect.yaml`, to the letter; printing asks no server and makes no record."""
    assert (0, PREFECT_YAML.read_text(), "") == terminal("register", "--print")
    assert [] == list(tmp_path.iterdir())

"""What lies in `deployments/`: its units start commands that exist, its settings are settings, and those are tried.

The container starts what the units start, as nobody in particular, and shows its page to this machine alone.
"""

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from driver.scaled import Scaled

from config.settings import OWN_FOLDER, Settings
from flows.cli.main import app
from flows.server import prefect_settings
from flows.server.server_process import REFUSED

ROOT = Path(__file__).resolve().parent.parent
DEPLOYMENTS = ROOT / "deployments"
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
        "safeguarding-backup.service": "backup",
        "safeguarding-server@.service": "server",
        "safeguarding-services.service": "server",
        "safeguarding-register.service": "register",
    } == ours
    assert ["safeguarding-worker@.service"] == [name for name, words in started if words[:2] == ["prefect", "worker"]]
    assert ["safeguarding-pages.service"] == [name for name, words in started if words == ["python", "-m", "pages"]]


def command(words: list[str]) -> str:
    """The command that these words ask for, every option of which it takes."""
    app.parse_args(words, exit_on_error=False, print_error=False)
    return app.parse_commands(words)[0][0]


def started_by(unit: str) -> list[str]:
    """The command of a unit, word by word, without the folder of our programs."""
    (line,) = re.findall(rf"^ExecStart={PROGRAMS}(.*)$", (DEPLOYMENTS / "systemd" / unit).read_text(), re.M)
    return str(line).split()


def credentials(unit: str) -> set[str]:
    """The secrets that a unit shows how to hand over."""
    return set(re.findall(r"^#LoadCredential=(\w+):", (DEPLOYMENTS / "systemd" / unit).read_text(), re.M))


def test_a_unit_that_opens_the_record_shows_how_to_hand_it_the_key() -> None:
    """And one that sends, the mail server: in the units as they are, the lines are only shown."""
    shown = {
        unit.name: sorted(re.findall(r"^#LoadCredential=(\w+):/etc/safeguarding/secrets/\1$", unit.read_text(), re.M))
        for unit in UNITS
    }
    assert {
        "safeguarding.service": ["mail_url", "master_key"],
        "safeguarding-backup.service": ["master_key"],
        "safeguarding-worker@.service": ["mail_url", "master_key"],
        "safeguarding-server@.service": ["master_key"],
        "safeguarding-register.service": ["master_key"],
        "safeguarding-pages.service": ["mail_url", "master_key"],
    } == {name: secrets for name, secrets in shown.items() if secrets}


@pytest.mark.parametrize("unit", [unit for unit in UNITS if "Restart=" in unit.read_text()], ids=lambda unit: unit.name)
def test_what_refuses_to_start_is_not_started_again(unit: Path) -> None:
    """The exit code of a refusal ends it: five seconds later it would be refused again, for ever."""
    assert f"RestartPreventExitStatus={REFUSED}" in unit.read_text().splitlines()


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
    known = {f"SAFEGUARDING_{name.upper()}" for name in Settings.model_fields}
    known |= {OWN_FOLDER, "PREFECT_SERVER_API_AUTH_STRING"}
    shown = {name for name in names("safeguarding.env") if not name.startswith("SAFEGUARDING_SECRET_")}

    assert set() == shown - known


def test_a_server_listens_on_this_machine_and_its_own_runner_knows_its_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a setting makes it listen to others; what its own processes say is made once, and in nobody's settings."""
    said = ("PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING")
    for name in (*prefect_settings.settings(tmp_path, 4200), *said):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)

    prefect_settings.prepare(tmp_path / "prefect", 4200, tmp_path)

    assert "127.0.0.1" == os.environ["PREFECT_SERVER_API_HOST"]
    kept = tmp_path / "service.login"
    assert [kept.read_text().strip()] * 2 == [os.environ[name] for name in said]
    assert 0o600 == kept.stat().st_mode & 0o777


# --------------------------------------------------------------------------- the container


def instructions() -> list[tuple[str, str]]:
    """The lines of the Containerfile, each with its first word apart; a line that goes on is one."""
    text = re.sub(r"^#.*\n", "", (DEPLOYMENTS / "Containerfile").read_text(), flags=re.M).replace("\\\n", " ")
    lines = (line.split(maxsplit=1) for line in text.splitlines() if line.strip())
    return [(word, " ".join(rest.split())) for word, rest in lines]


def stages() -> list[list[tuple[str, str]]]:
    """The same by stage; the last is what is kept."""
    found: list[list[tuple[str, str]]] = []
    for word, rest in instructions():
        if word == "FROM":
            found.append([])
        if found:
            found[-1].append((word, rest))
    return found


def copied() -> list[str]:
    """What the Containerfile takes from the project's folder."""
    lines = [rest.split() for word, rest in instructions() if word in ("COPY", "ADD")]
    return [source for words in lines if not words[0].startswith("--from=") for source in words[:-1]]


def test_what_the_container_is_made_of_is_there_and_nothing_else_is_sent() -> None:
    """Each thing copied exists, and `.containerignore` lets through just these."""
    allowed = {line[1:] for line in (ROOT / ".containerignore").read_text().splitlines() if line.startswith("!")}

    assert [] == [source for source in copied() if not (ROOT / source).exists()]
    assert {source.rstrip("/") for source in copied()} == allowed


def test_the_container_runs_as_nobody_in_particular_and_without_what_installs() -> None:
    """The last word on who runs it is no root; dependencies come by their hashes, and pip stays behind."""
    kept = stages()[-1]
    users = [rest for word, rest in kept if word == "USER"]
    installs = [rest for word, rest in instructions() if word == "RUN" and "pip install" in rest]
    uid = re.search(r"--uid (\d+)", " ".join(rest for word, rest in kept if word == "RUN"))

    assert uid is not None and [f"{uid[1]}:{uid[1]}"] == users and int(uid[1]) > 0
    assert len(stages()) > 1 and not any("pip install" in rest for _, rest in kept)
    assert all(
        "--require-hashes" in one or "--no-index" in one
        for line in installs
        for one in line.split("&&")
        if "pip install" in one
    )
    assert ["/var/lib/safeguarding"] == [rest for word, rest in kept if word == "VOLUME"]
    assert any(word == "HEALTHCHECK" and '"safeguarding", "health"' in rest for word, rest in kept)


def images() -> list[str]:
    """Every image that anything here begins with, by its default."""
    bases = [rest.split("=", 1)[1] for word, rest in instructions() if word == "ARG"]
    return bases + [re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", service["image"]) for service in compose()["services"].values()]


def test_every_image_has_a_version_and_none_a_host() -> None:
    """What is built or pulled tomorrow is what was meant; where from is the operator's own affair."""
    assert [] == [image for image in images() if not re.fullmatch(r"[a-z-]+:[a-z0-9.]+", image) or ":latest" in image]
    version = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.M)
    assert version is not None and f"safeguarding:{version[1]}" in images()


def test_nothing_of_the_container_names_a_host() -> None:
    """Mirrors and registries are read from the machine that builds."""
    names = ("Containerfile", "base.sh", "with-settings.sh", "compose.yaml")
    found = {
        name: re.findall(r"\w+://[\w.-]+|\b[\w-]+\.(?:org|io|com|net)\b", (DEPLOYMENTS / name).read_text())
        for name in names
    }
    inside = {one for one in found["compose.yaml"] if one.startswith("http://127.0.0.1")}

    assert {name: [] for name in names} == {
        name: [x for x in hosts if x not in inside] for name, hosts in found.items()
    }


@pytest.mark.parametrize("name", ["base.sh", "with-settings.sh"])
def test_a_script_is_one_that_a_plain_shell_reads(name: str) -> None:
    """And one that may be started."""
    script = DEPLOYMENTS / name
    assert os.access(script, os.X_OK)
    assert 0 == subprocess.run(["sh", "-n", str(script)], check=False).returncode


def test_settings_in_files_reach_the_program_as_they_stand(tmp_path: Path) -> None:
    """No shell reads what stands in them; what is no setting is no setting; what it writes is for its owner alone."""
    words = "unit:words with $HOME, `id` & a \\ #;"
    (tmp_path / "safeguarding.env").write_text(f"# NOT_SET=1\n#NOR_THIS=1\n\nPREFECT_SERVER_API_AUTH_STRING={words}")
    (tmp_path / "master_key").write_text("NOT_A_SETTING=1\n")

    said = subprocess.run(
        [DEPLOYMENTS / "with-settings.sh", "sh", "-c", "env; umask"],
        env={"PATH": os.environ["PATH"], "SAFEGUARDING_SECRETS_FOLDER": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    assert f"PREFECT_SERVER_API_AUTH_STRING={words}" in said and said[-1] in ("0077", "077")
    assert not [line for line in said if "NOT_" in line or "NOR_" in line]


# --------------------------------------------------------------------------- compose.yaml

UNIT_OF = {
    "reviews": "safeguarding.service",
    "server-4200": "safeguarding-server@.service",
    "server-4201": "safeguarding-server@.service",
    "services": "safeguarding-services.service",
    "register": "safeguarding-register.service",
    "pages": "safeguarding-pages.service",
    "worker-1": "safeguarding-worker@.service",
    "worker-2": "safeguarding-worker@.service",
}
"""Each of our containers and the unit that does the same on a machine."""


def compose() -> dict[str, Any]:
    """What compose.yaml says, its shared parts put in."""
    said: dict[str, Any] = yaml.safe_load((DEPLOYMENTS / "compose.yaml").read_text())
    return said


def ours() -> dict[str, dict[str, Any]]:
    """The containers that run our image."""
    return {name: one for name, one in compose()["services"].items() if "safeguarding:" in one["image"]}


def test_containers_start_what_the_units_start() -> None:
    """The same program with the same words; of the units' `%i` and `%H` the container has its own."""
    assert set(UNIT_OF) == set(ours())
    for name, service in ours().items():
        unit = [re.sub("%[iH]", "*", word) for word in started_by(UNIT_OF[name])]
        assert len(unit) == len(service["command"]), name
        assert all(fnmatch(word, meant) for word, meant in zip(service["command"], unit, strict=True)), name
        assert service.get("profiles") == (None if name == "reviews" else ["parts"])


def test_containers_are_handed_the_secrets_that_the_units_are() -> None:
    """Each what it needs, as a file; each file has its place, beside compose.yaml and outside of the repository."""
    said = compose()
    for name, service in ours().items():
        handed = {secret for secret in service["secrets"] if not secret.endswith(".env")}
        assert credentials(UNIT_OF[name]) == handed, name
        assert ("scaled.env" in service["secrets"]) == (name != "reviews")
    asked = {secret for service in said["services"].values() for secret in service.get("secrets", ())}
    assert asked == set(said["secrets"])
    assert {f"./secrets/{name}" for name in asked} == {one["file"] for one in said["secrets"].values()}
    assert "/deployments/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


def test_what_is_published_is_published_to_this_machine() -> None:
    """Everything else is between the containers, and the databases reach nobody outside."""
    said = compose()
    ports = [port for service in said["services"].values() for port in service.get("ports", ())]

    assert ports and all(port.startswith("127.0.0.1:") for port in ports)
    assert not [name for name, service in said["services"].items() if "network_mode" in service]
    for name in ("reviews", "proxy"):
        assert ["4200", "4300"] == [port.rpartition(":")[2] for port in said["services"][name]["ports"]]
    assert said["networks"]["inner"]["internal"]
    assert {"postgresql", "redis"} == {n for n, one in said["services"].items() if one.get("networks") == ["inner"]}


def test_every_variable_of_a_container_is_one_that_is_read() -> None:
    """A setting of ours or one of those that are tried; none of them is secret, and every file mounted is there."""
    known = {f"SAFEGUARDING_{name.upper()}" for name in Settings.model_fields}
    known |= {OWN_FOLDER, "PREFECT_HOME", *prefect_settings.settings(Path(), 4200)}
    set_here = {name for service in ours().values() for name in service["environment"]}
    volumes = [volume for one in compose()["services"].values() for volume in one.get("volumes", ())]
    files = [volume.split(":")[0] for volume in volumes if volume.startswith("./")]

    assert set() == set_here - known
    assert not {name for name in set_here if "AUTH" in name or "URL" in name or "SECRET" in name}
    assert [] == [file for file in files if not (DEPLOYMENTS / file).is_file()]


def test_a_container_can_write_nothing_but_the_record() -> None:
    """Its own files are read only, it holds no right of root, and `--profile parts up proxy` starts every part."""
    for service in ours().values():
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
        assert ["record:/var/lib/safeguarding"] == [
            volume for volume in service["volumes"] if not volume.endswith(":ro")
        ]
    services = compose()["services"]
    reached, waiting = set(), ["proxy"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting += [other for other in services[name].get("depends_on", ()) if other not in reached]
    assert {name for name, one in services.items() if "profiles" in one} == reached

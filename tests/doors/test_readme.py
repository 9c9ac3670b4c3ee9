"""What README and docs/commands.md show of a command is what it prints, on the invented partnership and its day."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from cyclopts import App

from config.settings import Settings
from flows.cli.main import app, main
from flows.demo import demo
from safeguarding.dates.london import LONDON, now
from tasks.record.installation import open_installation

HOUSE = Path(__file__).resolve().parents[2]
README = HOUSE / "README.md"
SHOWN = (README, HOUSE / "docs" / "commands.md")
THE_DAY = datetime(2026, 11, 23, 10, 30, tzinfo=LONDON)
"""The Monday of which they speak."""

DEPENDS_ON_THE_DAY = ("explain CSPR-", "explain SAR-", "what-if")
NEEDS_THE_SERVER = ("cards rebuild", "privacy prove")
"""Tried beside the running demo, in tests/flows/test_rebuilding.py and test_privacy_prove.py."""
AFTER = {"actions in": "actions out actions.xlsx --as alex_example --demo"}
"""Which commands are of use only after which, that stands before them on the page."""
ENDS_WITH_ONE = ("rules adopt 2026", "health", "late-letter")
"""An edition that is held back; a record that is not swept while nothing runs."""


def typed() -> list[tuple[str, str]]:
    """Every command of both, with what it is shown to print, or nothing."""
    text = "\n".join(file.read_text() for file in SHOWN)
    blocks = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    asked = (part for block in blocks for part in re.split(r"^\$ safeguarding ", block, flags=re.MULTILINE)[1:])
    found = (part.partition("\n") for part in asked)
    return [(re.sub(r"\s+#.*", "", command).strip(), said) for command, _, said in found]


def shown() -> list[tuple[str, str]]:
    """Every command that shows what it prints, with that."""
    return [(command, said) for command, said in typed() if said.strip()]


def alone() -> list[str]:
    """Every command that needs no server."""
    return [command for command, _ in typed() if not command.startswith(NEEDS_THE_SERVER)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder beside which the demo has its record, as it is made on that Monday."""
    folder = tmp_path_factory.mktemp("readme") / "safeguarding"
    with pytest.MonkeyPatch.context() as patch:
        settle(patch, folder)
        with open_installation(now(), Settings().of_demo(), simulation=True) as installation:
            demo.tell_all(installation, THE_DAY)
    return folder


def settle(patch: pytest.MonkeyPatch, home: Path) -> None:
    """Nothing of the machine's own settings."""
    patch.setenv("SAFEGUARDING_HOME", str(home))
    for name in ("DATABASE_URL", "CONFIG", "PARTNERSHIP"):
        patch.delenv(f"SAFEGUARDING_{name}", raising=False)


def test_the_commands_of_the_clock_are_shown() -> None:
    """Explained, supposed, planned, compared, moved to an edition, put into a diary."""
    commands = {" ".join(command.split()[:2]) for command, _ in shown()}
    asked = {"due C05", "explain C05", "explain CSPR-2026-007", "what-if CSPR-2026-001", "rules diff", "rules adopt"}
    assert asked | {"plan --rule", "calendar --person"} <= commands


@pytest.mark.parametrize(("command", "said"), shown(), ids=[command for command, _ in shown()])
def test_what_is_shown_is_what_is_printed(
    command: str, said: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Word for word and in order, however the lines are broken; only where three dots stand is something left out."""
    settle(monkeypatch, home)
    at = ["--at", THE_DAY.isoformat()] if command.startswith(DEPENDS_ON_THE_DAY) else []
    main([*shlex.split(command), *at])
    printed = " ".join(capsys.readouterr().out.split())

    first, *rest = (" ".join(part.split()) for part in said.split("..."))

    assert first == printed[: len(first)]
    place = len(first)
    for part in rest:
        found = printed.find(part, place)
        assert found >= 0, f"'{part}' is not printed after what stands before it"
        place = found + len(part)
    assert (rest and not rest[-1]) or place == len(printed), "something is left out without three dots"


@pytest.mark.parametrize("command", alone())
def test_every_command_works_as_it_is_typed(
    command: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once the demo was made, in the project's folder, with nothing else prepared; an option confirms erasing."""
    mine = tmp_path / "safeguarding"
    shutil.copytree(home.with_name("safeguarding-demo"), tmp_path / "safeguarding-demo")
    settle(monkeypatch, mine)
    (tmp_path / "docs").symlink_to(HOUSE / "docs")
    monkeypatch.chdir(tmp_path)

    for before in (words for begins, words in AFTER.items() if command.startswith(begins)):
        main(shlex.split(before))
    code = main([*shlex.split(command), *(["--yes"] if command.startswith("erase") else [])])

    said = capsys.readouterr()
    assert int(command.startswith(ENDS_WITH_ONE)) == code, said.out + said.err
    assert said.out.strip() or said.err.strip()
    assert not mine.exists(), "a record of one's own was made by asking the demo's"


# --------------------------------------------------------------------------- the help


def commands(under: App = app, name: str = "safeguarding") -> Iterator[tuple[str, App]]:
    """Every command by its whole name."""
    for word, found in under.resolved_commands().items():
        if not word.startswith("-"):
            inner = list(commands(found, f"{name} {word}"))
            yield from inner or [(f"{name} {word}", found)]


def test_every_command_shows_an_example_that_the_documents_show_too() -> None:
    """What stands in the help of a command is typed somewhere in the README or in docs/, and tried there."""
    documents = " ".join(" ".join(path.read_text().split()) for path in (README, *(HOUSE / "docs").glob("*.md")))
    examples = {name: re.findall(r"^ *((?:\w+=\S+ )?safeguarding .*)$", found.help, re.M) for name, found in commands()}

    assert [] == [name for name, found in examples.items() if not found]
    assert [] == [line for found in examples.values() for line in found if " ".join(line.split()) not in documents]
    assert [] == [line for name, found in examples.items() for line in found if name not in line]

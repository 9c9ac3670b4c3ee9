"""What the README shows of a command is what the command prints, on the invented partnership and its day."""

from __future__ import annotations

import re
import shlex
from datetime import datetime
from pathlib import Path

import pytest

from flows.cli.main import main
from flows.demo import demo
from safeguarding.dates.london import LONDON, now
from tasks.record.installation import open_installation

README = Path(__file__).resolve().parents[2] / "README.md"
THE_DAY = datetime(2026, 11, 23, 10, 30, tzinfo=LONDON)
"""The Monday of which the README speaks."""

DEPENDS_ON_THE_DAY = ("explain CSPR-", "explain SAR-", "what-if")


def shown() -> list[tuple[str, str]]:
    """Every command of the README that shows what it prints, with that."""
    blocks = re.findall(r"^```\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)
    asked = (part for block in blocks for part in re.split(r"^\$ safeguarding ", block, flags=re.MULTILINE)[1:])
    found = (part.partition("\n") for part in asked)
    return [(command.partition("  #")[0].strip(), said) for command, _, said in found if said.strip()]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of the demo as it is made on that Monday."""
    folder = tmp_path_factory.mktemp("readme")
    with pytest.MonkeyPatch.context() as patch:
        settle(patch, folder)
        installation = open_installation(now(), simulation=True)
        demo.tell_all(installation, THE_DAY)
        installation.records.engine.dispose()
    return folder


def settle(patch: pytest.MonkeyPatch, home: Path) -> None:
    """Nothing of the machine's own settings."""
    patch.setenv("SAFEGUARDING_HOME", str(home))
    for name in ("DATABASE_URL", "PARTNERSHIP"):
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

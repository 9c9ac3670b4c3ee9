"""The folders of partnerships with timetables of their own, at the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from driver.terminal import Terminal

FOLDERS = Path(__file__).parent.parent / "partnerships"


@pytest.mark.parametrize("folder", sorted(path.name for path in FOLDERS.iterdir() if path.is_dir()))
def test_each_folder_loads_clean(folder: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """`safeguarding check` finds no fault in it."""
    monkeypatch.setenv("SAFEGUARDING_CONFIG", str(FOLDERS / folder))
    code, out, _ = terminal("check")
    assert (0, True) == (code, "no fault." in out)


def test_the_command_prints_the_windows(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a reader of the flowchart meets it."""
    monkeypatch.setenv("SAFEGUARDING_CONFIG", str(FOLDERS / "moorshire"))
    out = terminal("plan", "--rule", "C05", "--from", "2026-11-27")[1]
    assert "2-10  Tue 1 Dec to Fri 11 Dec 2026  Individual agency summaries: each agency" in out

"""An ordinary run tries the same things each time, whatever ran in its process before."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from driver.tries import MANY, tries
from hypothesis import given
from hypothesis import strategies as st

ODD = [104_729 + 7 * number for number in range(200)]
"""Numbers that stand in no other module."""


def tried() -> list[tuple[int, str]]:
    """What is tried for a number and a text."""
    seen: list[tuple[int, str]] = []

    @tries(300)
    @given(st.integers(), st.text(max_size=20))
    def look(number: int, words: str) -> None:
        seen.append((number, words))

    look()
    return seen


@pytest.mark.skipif(bool(MANY), reason="chance is asked for (FUZZ)")
def test_the_same_is_tried_also_once_another_module_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of ours with two hundred numbers of its own changes nothing of it."""
    before = tried()
    (tmp_path / "odd_numbers.py").write_text(f"ODD = {ODD}\n", "utf-8")
    spec = importlib.util.spec_from_file_location("odd_numbers", tmp_path / "odd_numbers.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, "odd_numbers", module)

    assert 300 == len(before)
    assert before == tried()
    assert not {number for number, _ in before} & set(ODD)

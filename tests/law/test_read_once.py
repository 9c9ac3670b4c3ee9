"""A partnership's files are checked once for what they say: said again they are the same rulebook, at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from driver.partnership import example_as_one

import config
from config.bank_holidays import own_file
from safeguarding.errors import RulebookInvalid
from safeguarding.law.rulebook import Rulebook


def written(file: Path, name: str) -> Path:
    """The example in one file, as the partnership of this name."""
    file.write_text(yaml.safe_dump({**example_as_one(), "name": name}, sort_keys=False), "utf-8")
    return file


def test_what_says_the_same_is_checked_once(tmp_path: Path) -> None:
    """By whatever name, and as it is kept with the record."""
    first = config.load(written(tmp_path / "one.yaml", "Oneshire"))

    assert first is config.load(written(tmp_path / "another.yaml", "Oneshire"))
    assert first is config.load_kept(config.files_of(tmp_path / "one.yaml"), "the file in force")
    assert config.load() is config.load()


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    """There and back; also for a fault in it, which is named each time."""
    file = written(tmp_path / "ours.yaml", "Oneshire")
    first = config.load(file)

    assert "Twoshire" == config.load(written(file, "Twoshire")).partnership.name
    for _ in range(2):
        file.write_text("name: [", "utf-8")
        with pytest.raises(RulebookInvalid):
            config.load(file)
    assert first == config.load(written(file, "Oneshire"))


def test_a_list_of_bank_holidays_beside_it_is_part_of_what_it_says(tmp_path: Path) -> None:
    """Another list makes another rulebook of the same file."""
    file = written(tmp_path / "ours.yaml", "Oneshire")
    before = config.load(file)
    own = own_file(file)
    own.parent.mkdir()
    own.write_text(before.calendar.model_copy(update={"name": "A list of our own"}).model_dump_json(), "utf-8")

    assert "A list of our own" == config.load(file).calendar.name
    own.write_text(json.dumps({"name": "no list"}), "utf-8")
    with pytest.raises(RulebookInvalid):
        config.load(file)
    own.unlink()
    assert before == config.load(file)


def test_what_is_saved_while_it_is_read_is_not_taken_for_what_stood_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody saves the file after a glance at it and before it is checked."""
    file, checked = written(tmp_path / "ours.yaml", "Oneshire between"), config._checked

    def saved_meanwhile(*given: Any) -> Rulebook:
        written(file, "Twoshire between")
        return checked(*given)

    with monkeypatch.context() as patched:
        patched.setattr(config, "_checked", saved_meanwhile)
        assert "Twoshire between" == config.load(file).partnership.name

    assert "Oneshire between" == config.load(written(file, "Oneshire between")).partnership.name
    assert "Twoshire between" == config.load(written(file, "Twoshire between")).partnership.name

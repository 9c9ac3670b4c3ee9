"""The public register at the command line: for the unit, into a folder of its own, and noted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from driver.terminal import Terminal

from safeguarding.dates.london import now
from tasks.public_site.folder import WRITTEN
from tasks.record.installation import open_installation


@pytest.fixture
def record(terminal: Terminal) -> Terminal:
    """A record on which nothing was published."""
    with open_installation(now()):
        return terminal


PUBLISH = ("register", "publish")


def test_the_unit_publishes_it_and_that_is_noted(record: Terminal, tmp_path: Path) -> None:
    """An empty record gives a register that says so; who published it is among the readings; again is the same."""
    folder = tmp_path / "site"
    code, said, complained = record(*PUBLISH, str(folder), "--as", "alex_example")
    assert (0, True) == (code, "0 publications are public." in said), complained
    index = (folder / "index.html").read_text()
    assert "There are currently no Safeguarding Adult Reviews published in the past 12 months." in index
    assert "There are currently no Child Safeguarding Practice Reviews published in the past 12 months." in index
    code, said, complained = record(*PUBLISH, str(folder), "--as", "alex_example", "--json")
    assert 0 == code and sorted(json.loads(said)["files"]) == sorted(
        path.name for path in folder.iterdir() if path.name != WRITTEN
    )
    code, said, _ = record("readings")
    assert 0 == code and 2 == said.count("the public register, with approved wordings and no other sealed word")


def test_nobody_else_publishes_it_nor_over_what_lies_there(record: Terminal, tmp_path: Path) -> None:
    """A partner is refused in words, and so is a folder in which something lies; nothing is written or noted."""
    code, _, complained = record(*PUBLISH, str(tmp_path / "site"), "--as", "glenn_sample")
    assert 1 == code and "The public register is not published" in complained
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    code, _, complained = record(*PUBLISH, str(tmp_path / "mine"), "--as", "alex_example")
    assert 1 == code and "letter.txt" in complained and "Nothing was written" in complained
    assert ["letter.txt"] == [path.name for path in (tmp_path / "mine").iterdir()]
    assert not (tmp_path / "site").exists() and "public register" not in record("readings")[1]


def test_the_doors_of_prefect_are_printed_as_before(terminal: Terminal) -> None:
    """`safeguarding register --print` is another thing, and works beside it."""
    code, said, _ = terminal("register", "--print")
    assert 0 == code and "entrypoint: flows." in said

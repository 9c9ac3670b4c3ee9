"""A rule's text that says something else, and what is then wrong: for the tests of what `check` reads in a citation."""

from pathlib import Path

import pytest

import config
from safeguarding.errors import RulebookInvalid


def planted(folder: Path, file: str, old: str, new: str) -> dict[str, str]:
    """What is wrong once a rule's text says something else, by «file: key»."""
    path = folder / "rules" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(RulebookInvalid) as caught:
        config.load(folder=folder)
    return {f"{Path(fault.file).name}: {fault.key}": fault.problem for fault in caught.value.faults}

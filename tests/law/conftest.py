"""The shipped rulebook, and a copy of its files that a test may break."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

import config
from safeguarding.law.rulebook import Rulebook


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The statutory rules with the invented example partnership."""
    return config.load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the configuration's files."""
    for part in ("rules", "calendars", "partnership"):
        shutil.copytree(Path(str(files("config").joinpath(part))), tmp_path / part)
    return tmp_path

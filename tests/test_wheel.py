"""The wheel holds every file of the four rooms, the licence and nothing else; `make wheel` installs and uses it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from driver.wheel import ROOT, WheelUnfit, build, checked, metadata, misplaced


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the project as it is."""
    return build(tmp_path_factory.mktemp("built"))


def test_the_wheel_holds_every_file_of_the_rooms(wheel: Path) -> None:
    """Rules, templates, migrations and styles too: nothing is left on the developer's machine."""
    with zipfile.ZipFile(wheel) as opened:
        assert [] == misplaced(opened.namelist(), ROOT)
    assert wheel == checked(wheel)


def test_a_file_that_is_missing_or_too_much_is_named(wheel: Path, tmp_path: Path) -> None:
    """Each of them, and the licence."""
    spoilt = tmp_path / "spoilt.whl"
    with zipfile.ZipFile(wheel) as whole, zipfile.ZipFile(spoilt, "w") as made:
        for name in whole.namelist():
            if name != "config/templates/reminder.md.j2" and "/licenses/" not in name:
                made.writestr(name, whole.read(name))
        made.writestr("tests/test_wheel.py", "")
    with pytest.raises(WheelUnfit) as unfit:
        checked(spoilt)
    assert "holds tests/test_wheel.py; lacks LICENSE; lacks config/templates/reminder.md.j2" in str(unfit.value)


def test_the_wheel_says_its_licence_and_must_reach_no_index(wheel: Path) -> None:
    """Apache 2.0; and private all the same, since its rooms have plain names."""
    said = metadata(wheel)
    assert "Apache-2.0" == said["License-Expression"]
    assert "Private :: Do Not Upload" == said["Classifier"]
    assert "Apache License" in (ROOT / "LICENSE").read_text()

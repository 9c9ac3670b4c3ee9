"""Every rule of the house can fail: faults are planted in a copy of it, one after the other, and each is found."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from house.order import each_room_is_this_projects_own
from house.planted import PLANTED, Fault
from house.reading import ROOT, House
from house.rooms import ROOMS
from house.test_house import RULES

pytestmark = pytest.mark.long

COPIED = (*ROOMS, "tests", "docs", "deployments")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.xz", "secrets")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house."""
    copy = tmp_path_factory.mktemp("house") / "copy"
    for folder in COPIED:
        shutil.copytree(ROOT / folder, copy / folder, ignore=LEFT_OUT)
    for file in [ROOT / "pyproject.toml", *ROOT.glob("*.md")]:
        shutil.copy(file, copy)
    return copy


@contextmanager
def planted(copy: Path, fault: Fault) -> Iterator[House]:
    """The copy with a fault in it, which is taken out again."""
    file = copy / fault.where
    before = file.read_text() if file.is_file() else ""
    made = [one for one in [file, *file.parents] if not one.exists()]
    file.parent.mkdir(parents=True, exist_ok=True)
    assert fault.instead_of in before, "what it takes the place of is not there"
    replaced = before.replace(fault.instead_of, fault.planted, 1)
    file.write_text(replaced if fault.instead_of else f"{before}\n{fault.planted}")
    try:
        yield House(copy)
    finally:
        file.write_text(before)
        for one in made:
            one.unlink() if one == file else one.rmdir()


def test_the_copy_keeps_every_rule(copied: Path) -> None:
    """Without a fault none is found; only that its rooms are not those which this program imports."""
    house = House(copied)
    assert {} == {
        rule.__name__: rule(house) for rule in RULES if rule != each_room_is_this_projects_own and rule(house)
    }
    assert len(ROOMS) == len(each_room_is_this_projects_own(house))


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.what)
def test_a_planted_fault_is_found(copied: Path, fault: Fault) -> None:
    """The rule that it breaks says where it is, and what."""
    with planted(copied, fault) as house:
        found = fault.rule(house)
    assert any(fault.says in line for line in found), found


def test_every_rule_has_a_fault_that_it_finds() -> None:
    """A rule that nothing was planted for may find nothing at all."""
    assert {*RULES} == {fault.rule for fault in PLANTED} | {each_room_is_this_projects_own}

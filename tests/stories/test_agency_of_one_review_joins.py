"""An agency of one review becomes one of the partnership's own while it is waited for there."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from driver.own_shape import FOLDERS, OwnShape

import config
from safeguarding.dates.london import LONDON
from safeguarding.errors import TransitionRefused
from safeguarding.notices.recipients import people_of
from safeguarding.review.events import Actor
from safeguarding.staff.of_one_review import name_agency
from tasks.record.partnership_file import InForce, put_in_force
from tasks.record.records import open_record

BOARD = "powys_health_board"
GWYN = {"id": "gwyn", "name": "Gwyn Example", "email": "gwyn@powys.example", "roles": ["agency_lead"]}


class Joining:
    """A child review that asked the hospital and a health board of Wales, named for it alone."""

    def __init__(self, home: Path) -> None:
        self.folder, begun = home / "partnership", datetime(2026, 1, 5, 9, 0, tzinfo=LONDON)
        shutil.copytree(FOLDERS / "two_councils", self.folder)
        url = f"sqlite:///{home / 'record.sqlite3'}"
        self.records = open_record(url, home, config.load(self.folder), begun, simulation=True)
        self.records.use(put_in_force(self.records, self.folder, begun).rulebook)
        self.shape = OwnShape(self.records, "children").until("open_rapid_review")
        self.named()
        self.shape.take("open_rapid_review", agencies=["hospital", BOARD])

    def named(self, contact: str = "Gwen Example") -> None:
        """The board is named, or another contact of it."""
        raw = {"review": self.shape.reference, "name": "Powys Health Board", "contact": contact}
        raw["email"] = f"{contact.partition(' ')[0].lower()}@powys.example"
        at, manager = self.shape.at, Actor(person="manager")
        self.records.add_of_partnership(
            lambda before: name_agency(raw, manager, at, self.records.rulebook, len(before) + 1)
        )
        self.look()

    def look(self) -> InForce:
        """What holds once the files are looked at."""
        found = put_in_force(self.records, self.folder, self.shape.at)
        self.records.use(found.rulebook)
        return found

    def file_with(self, agency: dict[str, Any] | None = None, person: dict[str, Any] | None = None) -> InForce:
        """The files with this agency and this person more."""
        for name, more in (("agencies", agency), ("people", person)):
            if more is not None:
                file = self.folder / f"{name}.yaml"
                held = yaml.safe_load(file.read_text("utf-8"))
                file.write_text(yaml.safe_dump({name: [*held[name], more]}, allow_unicode=True), "utf-8")
        return self.look()

    def asked(self) -> list[str]:
        """Who hears for the board."""
        book = self.records.rulebook.on(self.shape.at.date())
        return [one.id for one in people_of("agency_lead", [BOARD], book)]


@pytest.fixture
def joining(tmp_path: Path) -> Joining:
    """The review, with the board waited for."""
    made = Joining(tmp_path)
    yield made
    made.records.engine.dispose()


@pytest.mark.parametrize("under", [BOARD, "powys"], ids=["the id that it had", "another id, and formerly"])
def test_its_own_lead_hears_from_then_on_and_its_answer_is_taken(joining: Joining, under: str) -> None:
    """Letters go to whoever leads it by the file; the return goes under either id, and the review goes on."""
    assert [f"{BOARD}_contact"] == joining.asked()
    agency = {"id": under, "name": "Powys Health Board", "lead": "gwyn"}
    formerly = {} if under == BOARD else {"formerly": [BOARD]}
    assert () == joining.file_with({**agency, **formerly}, GWYN).refused
    assert ["gwyn"] == joining.asked()
    joining.shape.take("record_return", agency=under, purpose="information")
    assert BOARD not in joining.shape.review.waiting_on("information")
    assert "Gwen Example" == joining.records.rulebook.partnership.person(f"{BOARD}_contact").name


def test_without_a_word_of_it_the_refusal_says_what_to_write(joining: Joining) -> None:
    """The file has an agency of that name under another id: another contact cannot be named, and it is said why."""
    joining.file_with({"id": "powys", "name": "Powys Health Board", "lead": "gwyn"}, GWYN)
    with pytest.raises(TransitionRefused, match=rf"write 'formerly: \[{BOARD}\]' at it"):
        joining.named("Huw Example")


def test_nobody_is_given_the_id_of_whoever_is_asked_there(joining: Joining) -> None:
    """A person of that id in the file would have had the board's letters: the file is refused, the old one holds."""
    found = joining.file_with(person={**GWYN, "id": f"{BOARD}_contact", "roles": ["learning_group"]})
    assert [f"people[{BOARD}_contact].id"] == [fault.key for fault in found.refused]
    assert "was Gwen Example and would be Gwyn Example" in found.refused[0].problem
    assert "gwen@powys.example" == joining.records.rulebook.partnership.person(f"{BOARD}_contact").email

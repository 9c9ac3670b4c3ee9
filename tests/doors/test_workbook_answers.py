"""What a workbook says is read as its writer sees it: names of any script, formulas, deputies in a circle."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from driver.terminal import Terminal
from openpyxl import Workbook, load_workbook

import config
from config.new_partnership.workbook import empty_workbook

Change = Callable[[Workbook], None]
ANSWERS = {"Name of the partnership": "Moor Safeguarding Partnership", "Council or councils": "West, East"}
PEOPLE: tuple[tuple[str | None, ...], ...] = (
    ("Ali Example", "ali@moor.example", "business_manager", None, None, None),
    ("Bo Sample", "bo@west.example", "delegated_partner", "{one}", None, None),
    ("Cy Sample", "cy@east.example", "delegated_partner", "{two}", None, None),
    ("Dot Sample", "dot@police.example", "delegated_partner", "police", None, None),
    ("Em Sample", "em@icb.example", "delegated_partner", "ICB", None, None),
)


def filled(file: Path, one: str = "West", two: str = "East", change: Change = lambda _: None, **said: Any) -> Path:
    """A workbook of two councils, one person for each partner; `said` answers besides, and `change` does one thing."""
    book = load_workbook(BytesIO(empty_workbook()))
    given = {
        **ANSWERS,
        "Council or councils": f"{one}, {two}",
        **{key.replace("_", " "): it for key, it in said.items()},
    }
    for row in book["Partnership"].iter_rows(min_row=2):
        row[1].value = given.get(row[0].value)
    book["People"].delete_rows(2, book["People"].max_row)
    for person in PEOPLE:
        book["People"].append([cell and cell.format(one=one, two=two) for cell in person])
    book["Agencies"].append(("Hospital", "Flo Example", "flo@hospital.example", None, None))
    change(book)
    book.save(file)
    return file


@pytest.fixture
def made(terminal: Terminal) -> Callable[..., tuple[int, str, Path]]:
    """Makes the folder of a workbook: the exit code, what is said, and the folder."""

    def make(**given: Any) -> tuple[int, str, Path]:
        folder = terminal.home / "moor"
        code, out, err = terminal(
            "partnership", "new", str(folder), "--from", str(filled(terminal.home / "moor.xlsx", **given))
        )
        return code, out + err, folder

    return make


@pytest.mark.parametrize(
    ("one", "two"),
    [("Cyngor Môn", "Cyngor Mén"), ("Αθήνα", "Πάτρα"), ("King\u2019s Vale", "Queen's Vale")],
    ids=["an accent apart", "another script", "Word's apostrophe"],
)
def test_everybody_speaks_for_the_council_that_was_written(made: Any, one: str, two: str) -> None:
    """Nobody of one council becomes a speaker of the other, whose name differs by an accent or is of another script."""

    def as_typed(book: Workbook) -> None:
        for cell in book["People"]["D"]:
            cell.value = cell.value and cell.value.replace("\u2019", "'")

    code, said, folder = made(one=one, two=two, change=as_typed)
    assert 0 == code, said
    known = config.load(folder).partnership
    here = known.arrangement("children")
    spoken = {here.name(str(person.partner)): person.name for person in known.holders("delegated_partner")}
    assert ("Bo Sample", "Cy Sample") == (spoken[one], spoken[two])


def test_a_formula_is_named_by_its_cell(made: Any) -> None:
    """Of a formula the file keeps what it showed last, or nothing: each is named, and nothing is written."""

    def formulas(book: Workbook) -> None:
        book["Partnership"]["B2"] = '="Moor"&" Partnership"'
        book["People"]["B3"] = '=A3&"@west.example"'
        book["Roles"]["C3"] = "=1+1"

    code, said, folder = made(change=formulas)
    assert 1 == code and not folder.exists()
    for cell in ("Partnership B2", "People B3"):
        assert f"{cell}: holds a formula" in said, said
    assert "Roles C3" not in said


def test_words_that_begin_like_a_formula_are_words(made: Any) -> None:
    """An agency called «=Trust», typed as words."""

    def words(book: Workbook) -> None:
        cell = book["Agencies"]["A2"]
        cell.value, cell.data_type = "=Trust", "s"

    code, said, folder = made(change=words)
    assert 0 == code, said
    assert "=Trust" == config.load(folder).partnership.agencies[0].name


def test_how_many_agree_is_all_until_it_is_said(made: Any) -> None:
    """Two councils and a further vote are five: left empty, all five agree, and not three of them."""
    code, said, folder = made(**{"Further_partners,_beside_the_three": "Education (vote)"})
    assert (0, True) == (code, "how many of the partners must agree; all that have a vote until" in said), said
    here = config.load(folder).partnership.arrangement("children")
    assert (5, 5) == (len(here.voting), here.agree)


def test_more_to_agree_than_vote_on_one_track_is_named_before_anything_is_written(made: Any) -> None:
    """Education votes about children only: five of five there, and about adults there are four."""
    code, said, folder = made(
        **{
            "Further_partners,_beside_the_three": "Education (vote, children)",
            "How_many_of_the_three_partners_must_agree": 5,
        }
    )
    assert (1, True) == (code, "is 5, and 4 partners have a vote about adults" in said), said
    assert not folder.exists()


def test_deputies_in_a_circle_and_quiet_hours_that_are_none_are_said(made: Any) -> None:
    """Two who stand in for each other are no fault: while both are away the business manager hears, and it is said."""

    def circle(book: Workbook) -> None:
        book["People"]["E3"], book["People"]["E4"] = "Cy Sample", "Bo Sample"

    code, said, _ = made(change=circle, Quiet_hours_begin="08:00", Quiet_hours_end="08:00")
    assert 0 == code, said
    assert "To know: deputies in a circle: Bo Sample, Cy Sample" in said
    assert "the quiet hours begin and end at 08:00: there are none" in said

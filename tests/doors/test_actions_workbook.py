"""Open actions go out as a workbook and come back: all updates, or everything wrong by sheet, row and column."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from driver.taught import child_review, share, take
from driver.terminal import Terminal
from openpyxl import load_workbook

from flows.artifacts.actions import BY_AGENCY, BY_DUE, BY_THEME, drawn
from safeguarding.dates.london import london_date, now
from tasks.record.installation import open_installation

SECRET = "Ottoline is asked after."
WORDING = "=Every school asks after an absent child."


@pytest.fixture
def out(terminal: Terminal) -> tuple[Path, str, list[str]]:
    """A workbook with two open actions of a review, of which one has an approved wording."""
    with open_installation(now()) as made:
        reference, _ = child_review(made.records, now() - timedelta(days=200))
        before = len(made.records.read(reference).actions)
        for _ in range(2):
            take(made.records, reference, "add_action", now(), what=SECRET, measure=SECRET)
        numbers = [one.id for one in made.records.read(reference).actions[before:]]
        share(made.records, reference, now(), **{numbers[0]: WORDING})
    file = terminal.home / "actions.xlsx"
    code, said, err = terminal("actions", "out", str(file), "--as", "alex_example")
    assert 0 == code, err
    assert "--check` shows what would be recorded" in said
    return file, reference, numbers


def lines(file: Path) -> dict[tuple[str, str], int]:
    """The row of each action."""
    page = load_workbook(file)["Actions"]
    return {(row[0].value, row[1].value): row[0].row for row in page.iter_rows(min_row=2)}


def fill(file: Path, **rows: dict[str, Any]) -> None:
    """Fill cells in: of each row (r2, r3), by the heads of the columns."""
    book = load_workbook(file)
    page = book["Actions"]
    heads = {cell.value: cell.column for cell in page[1]}
    for row, cells in rows.items():
        for head, value in cells.items():
            page.cell(int(row[1:]), heads[head]).value = value
    book.save(file)


def test_whoever_takes_it_out_has_their_own_reviews_and_is_noted(out, terminal: Terminal) -> None:
    """Nobody of the file is refused; a lead sees the reviews of their agency; each taking is in «Who read what»."""
    file, *_ = out
    other = file.with_name("other.xlsx")
    assert "nobody of the partnership's file" in terminal("actions", "out", str(other), "--as", "nobody")[2]
    assert not other.exists()
    code, said, err = terminal("actions", "out", str(other), "--as", "marlow_lead")
    assert (0, "") == (code, err) and said.startswith("0 open actions are in")
    noted = terminal("readings")[1]
    assert "Alex Example" in noted and "Marlow Example" in noted and "the open actions, taken out" in noted


def test_what_is_taken_out_holds_no_sealed_word(out) -> None:
    """Each open action with its wording, where one was approved: as text, though it begins like a formula."""
    file, _, (first, second) = out
    page = load_workbook(file)["Actions"]
    heads = [cell.value for cell in page[1]]
    rows = {row[1].value: dict(zip(heads, row, strict=True)) for row in page.iter_rows(min_row=2)}
    assert (WORDING, "s") == (rows[first]["Wording"].value, rows[first]["Wording"].data_type)
    assert (None, "agreed") == (rows[second]["Wording"].value, rows[second]["Status"].value)
    assert "Ottoline" not in str([[cell.value for cell in row] for row in page.iter_rows()])


def test_many_updates_are_checked_and_come_in(terminal: Terminal, out) -> None:
    """One in progress, the other on another day: looked at first, then recorded by one line each."""
    file, reference, (first, second) = out
    rows, today = lines(file), london_date(now())
    with open_installation(now()) as made:
        due = made.records.read(reference).actions[-1].due_on
    fill(
        file,
        **{
            f"r{rows[reference, first]}": {"New status": "in progress", "On": today, "Note": SECRET},
            f"r{rows[reference, second]}": {"New due": due + timedelta(days=3), "Reason": SECRET},
        },
    )
    code, said, err = terminal("actions", "in", str(file), "--as", "alex_example", "--check")
    assert 0 == code, err
    assert "2 steps would be recorded" in said and "Ottoline" not in said
    with open_installation(now()) as made:
        assert ["agreed", "agreed"] == [one.status for one in made.records.read(reference).actions[-2:]]
    code, said, err = terminal("actions", "in", str(file), "--as", "alex_example")
    assert (0, True) == (code, "2 steps recorded" in said), err
    with open_installation(now()) as made:
        one, other = made.records.read(reference).actions[-2:]
        assert ("in progress", due + timedelta(days=3)) == (one.status, other.due_on)
        sealed = [line.sealed for line in made.records.events(reference, unseal=True)[-2:]]
        assert [{"note": SECRET}, {"reason": SECRET}] == sealed
        assert [] == made.records.verify(reference)


def test_nothing_comes_in_where_anything_is_wrong(terminal: Terminal, out) -> None:
    """A status that is none, a day of words, verified without evidence by who added it, a strange action: all named."""
    file, reference, (first, second) = out
    rows = lines(file)
    one, two = rows[reference, first], rows[reference, second]
    fill(
        file,
        **{
            f"r{one}": {"New status": "finished", "On": "yesterday"},
            f"r{two}": {"New status": "verified", "On": london_date(now()), "Due": "2031-01-01"},
        },
    )
    fill(file, r90={"Review": reference, "Action": "A77", "New status": "in progress"})
    code, _, err = terminal("actions", "in", str(file), "--as", "alex_example")
    assert code
    for words in (
        f"Actions, row {one}, New status:",
        f"Actions, row {one}, On:",
        f"Actions, row {two}, Due: is not what the record has: put what is new under «New due»",
        "Actions, row 90, Action: this review has no such action",
    ):
        assert words in err, words
    assert "finished" not in err and "yesterday" not in err
    fill(file, **{f"r{one}": {"New status": None, "On": None}, f"r{two}": {"Due": None}, "r90": {"Action": first}})
    code, _, err = terminal("actions", "in", str(file), "--as", "alex_example")
    assert code
    assert f"row {two}: 'verified' needs a reference of the evidence, or where it is kept" in err
    assert f"row {two}: {second} is verified by somebody else" in err
    assert f"row 90, Action: row {one} is about it too" in err
    with open_installation(now()) as made:
        assert "agreed" == made.records.read(reference).actions[-1].status


def test_a_cell_that_cannot_be_read_hides_nothing_else_of_its_row(terminal: Terminal, out) -> None:
    """A formula as the note, evidence that is none, a new day that has passed and a strange action: each is named."""
    file, reference, (first, second) = out
    rows, today = lines(file), london_date(now())
    one, two = rows[reference, first], rows[reference, second]
    fill(
        file,
        **{
            f"r{one}": {"New status": "verified", "On": today + timedelta(days=9), "Note": "=A1", "Reason": "=A1"},
            f"r{two}": {
                "New status": "finished",
                "On": today + timedelta(days=9),
                "New due": "soon",
                "Due": "2031-01-01",
            },
            "r90": {"Review": reference, "Action": "A77", "New status": "finished", "Note": "=A1"},
        },
    )
    code, _, err = terminal("actions", "in", str(file), "--as", "alex_example")
    assert code
    for words in (
        f"row {one}, Note: holds a formula",
        f"row {one}, Reason: holds a formula",
        f"row {one}: 'verified' needs a reference of the evidence, or where it is kept",
        f"row {one}: 'verified' needs better evidence than 'none'",
        f"row {one}: {first} is verified by somebody else",
        f"row {one}, On: «On»: ",
        f"row {two}, New status: ",
        f"row {two}, New due: ",
        f"row {two}, On: «On»: ",
        f"row {two}, Reason: Why it changes: is needed",
        f"row {two}, Due: is not what the record has",
        "row 90, Action: this review has no such action",
        "row 90, New status: ",
        "row 90, Note: holds a formula",
    ):
        assert words in err, (words, err)
    assert "says what the evidence shows" not in err, "the note is there, though it cannot be read"
    with open_installation(now()) as made:
        assert ["agreed", "agreed"] == [one.status for one in made.records.read(reference).actions[-2:]]


def test_files_that_are_none(terminal: Terminal, out) -> None:
    """A file is never written over, nor one of another kind read; a stranger records nothing."""
    file, *_ = out
    assert "is there already" in terminal("actions", "out", str(file), "--as", "alex_example")[2]
    assert (
        "does not end with .xlsx" in terminal("actions", "out", str(terminal.home / "a.csv"), "--as", "alex_example")[2]
    )
    other = terminal.home / "other.xlsx"
    other.write_text("no workbook")
    assert "is no workbook" in terminal("actions", "in", str(other), "--as", "alex_example")[2]
    assert "nobody of the partnership's file" in terminal("actions", "in", str(file), "--as", "nobody_known")[2]
    assert "Nothing new is filled in" in terminal("actions", "in", str(file), "--as", "alex_example")[1]


def test_the_tables_for_prefect_hold_references_and_numbers(out) -> None:
    """By day, by agency and by theme: the open actions of the record, and no word of what one says, approved or not."""
    _, reference, (first, second) = out
    with open_installation(now()) as made:
        tables = {one.key: one for one in drawn(made, london_date(now()))}
    assert {BY_DUE, BY_AGENCY, BY_THEME} == tables.keys()
    by_due = json.loads(tables[BY_DUE].data)
    assert {first, second} <= {row["Action"] for row in by_due if reference in row["Review"]}
    assert [len(by_due)] == [sum(row["Open"] for row in json.loads(tables[BY_AGENCY].data))]
    said = " ".join(f"{one.data} {one.words}" for one in tables.values())
    assert "Ottoline" not in said and "absent child" not in said

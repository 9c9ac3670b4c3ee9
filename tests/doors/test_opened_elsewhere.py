"""What leaves and what comes in, opened by what people have: LibreOffice, and pandas as docs/export.md says."""

from __future__ import annotations

import json
import warnings
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import pandas as pd
import pytest
from driver.moving import OF_2018, SHEETS, ago, today
from driver.office import AS_A_PERSON_CHOOSES, NOTHING, Office, Sheets, Shown
from driver.terminal import Terminal
from openpyxl import load_workbook

from safeguarding.registers.columns import Cell, Column
from safeguarding.registers.registers import REGISTERS
from tasks.export.folder import write_folder
from tasks.export.plain_cells import as_text
from tasks.export.tables import RegisterMade

COUNTED = ("number", "year", "line", "working days", "calendar days")
WORDS = (
    "Jugendämter Größe, Łódź; «7»",
    "=1+1",
    "+1+1",
    "@SUM(A1)",
    "-1",
    "NA",
    "007",
    "TRUE",
    "2026-11-30",
    "1e5",
    "#N/A",
)
"""Texts that a program may take for something else: umlauts, formulas, nothing, numbers, a truth, a day, a fault."""


def cell_of(column: Column, words: str) -> Cell:
    """What may stand in a column, by what it is counted in."""
    if column.unit == "day":
        return date(2026, 11, 30)
    if column.unit == "yes or no":
        return True
    return -3 if column.unit in COUNTED else words


def rows_of(columns: tuple[Column, ...]) -> list[tuple[Cell, ...]]:
    """A row for each of the texts, and one in which nothing stands but its first word."""
    rows: list[tuple[Cell, ...]] = [tuple(cell_of(column, words) for column in columns) for words in WORDS]
    return [*rows, ("last", *(None for _ in columns[1:]))]


MADE = [RegisterMade(one, rows_of(one.columns) if one.name != "breaches" else ()) for one in REGISTERS.values()]
"""Every register, with rows of every kind; of breaches there are none."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of these."""
    place = tmp_path_factory.mktemp("export") / "registers"
    write_folder(place, MADE, {"partnership": "Exampleshire"})
    return place


# --------------------------------------------------------------------------- pandas


def of_the_document() -> Any:
    """The function that docs/export.md gives to whoever uses pandas."""
    said = (Path(__file__).resolve().parents[2] / "docs" / "export.md").read_text()
    known: dict[str, Any] = {}
    exec(dedent(said.partition("```python\n")[2].partition("```")[0]), known)
    return known["register"]


KINDS = {"day": "datetime64[s]", "yes or no": "boolean"} | dict.fromkeys(COUNTED, "Int64")


@pytest.mark.parametrize("made", MADE, ids=lambda made: made.register.name)
def test_pandas_has_each_column_in_its_type_as_the_document_reads_it(made: RegisterMade, folder: Path) -> None:
    """Days, numbers, truths and texts, also of a register in which nothing stands; no text becomes another thing."""
    frame = of_the_document()(folder, made.register.name)
    assert {column.name: KINDS.get(column.unit, "string") for column in made.register.columns} == {
        name: str(kind) for name, kind in frame.dtypes.items()
    }
    assert len(made.rows) == len(frame)
    for row, read in zip(made.rows, frame.itertuples(index=False), strict=True):
        kept = [None if pd.isna(one) else one.date() if isinstance(one, pd.Timestamp) else one for one in read]
        assert [as_text(one) if isinstance(one, str) else one for one in row] == kept


@pytest.mark.parametrize("made", MADE, ids=lambda made: made.register.name)
def test_pandas_has_the_same_from_the_workbook_and_from_json(made: RegisterMade, folder: Path) -> None:
    """The same types; a text that begins like a formula needs no apostrophe there."""
    units = {column.name: KINDS.get(column.unit, "string") for column in made.register.columns}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's, of how it reads a time.
        sheet = pd.read_excel(
            folder / "registers.xlsx", sheet_name=made.register.name, keep_default_na=False, na_values=[""]
        )
    said = json.loads((folder / "registers.json").read_text())["registers"][made.register.name]
    listed = pd.DataFrame(said["rows"], columns=[column["name"] for column in said["columns"]])
    if made.rows:
        assert {name for name, unit in units.items() if unit == "datetime64[s]"} == {
            name for name, kind in sheet.dtypes.items() if str(kind).startswith("datetime64")
        }, "a day is a day before anybody says so"
    wanted = [[one if one != "" else None for one in row] for row in made.rows]
    for frame in (sheet, listed):
        typed = frame.astype(units)
        kept = [
            [None if pd.isna(one) else one.date() if isinstance(one, pd.Timestamp) else one for one in read]
            for read in typed.itertuples(index=False)
        ]
        assert wanted == kept


# --------------------------------------------------------------------------- LibreOffice


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """LibreOffice."""
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def opened(office: Office, folder: Path) -> dict[str, Sheets]:
    """Every file of the export as LibreOffice opens it."""
    tables = office.opens(*sorted(folder.glob("*.csv")), how=AS_A_PERSON_CHOOSES)
    return tables | office.opens(folder / "registers.xlsx")


def shown(column: Column, cell: Cell, *, marked: bool) -> Shown:
    """How LibreOffice has a cell: a text stays one, in CSV behind its apostrophe; a truth of a workbook is TRUE()."""
    if cell is None:
        return NOTHING
    if isinstance(cell, str):
        return Shown("string", as_text(cell) if marked else cell)
    if isinstance(cell, bool):
        return Shown("boolean", str(cell).lower(), "" if marked else f"of:={str(cell).upper()}()")
    return Shown("date", cell.isoformat()) if isinstance(cell, date) else Shown("float", str(cell))


def sheet_of(made: RegisterMade, *, marked: bool) -> list[list[Shown]]:
    """A register as LibreOffice has it."""
    rows = [[Shown("string", name) for name in made.heads]]
    for row in made.rows:
        cells = [shown(column, cell, marked=marked) for column, cell in zip(made.register.columns, row, strict=True)]
        while cells[-1] == NOTHING:
            cells.pop()
        rows.append(cells)
    return rows


@pytest.mark.office
@pytest.mark.parametrize("made", MADE, ids=lambda made: made.register.name)
def test_libreoffice_has_each_cell_of_the_workbook_in_its_type(made: RegisterMade, opened: dict[str, Sheets]) -> None:
    """Days, numbers and truths; `=1+1`, `007` and `2026-11-30` typed as a text stay texts, and nothing is computed."""
    assert sheet_of(made, marked=False) == opened["registers"][made.register.name]


@pytest.mark.office
@pytest.mark.parametrize("made", MADE, ids=lambda made: made.register.name)
def test_libreoffice_has_the_same_from_csv(made: RegisterMade, opened: dict[str, Sheets]) -> None:
    """With what docs/export.md has one choose; umlauts are right."""
    (sheet,) = opened[made.register.name].values()
    assert sheet_of(made, marked=True) == sheet


@pytest.mark.office
def test_what_columns_mean_is_read_there_too(opened: dict[str, Sheets]) -> None:
    """A line for each column of each register, in the file and on the sheet."""
    (listed,) = opened["columns"].values()
    many = sum(len(made.heads) for made in MADE)
    assert many + 1 == len(listed) == len(opened["registers"]["columns"])


TYPED = (
    ("Reviews", "A2", "SCR 2019/1"),
    ("Reviews", "B2", "children"),
    ("Reviews", "C2", "2019-02-01"),
    ("Reviews", "D2", OF_2018),
    ("Reviews", "E2", "action follow-up"),
    ("Reviews", "F2", "Größe: Ärzte, «Łódź»."),
    ("Dates", "A2", "SCR 2019/1"),
    ("Dates", "B2", "published"),
    ("Dates", "C2", "2020-03-02"),
    ("Actions", "A2", "SCR 2019/1"),
    ("Actions", "B2", "Exampleshire Police"),
    ("Actions", "C2", "Casey Example"),
    ("Actions", "D2", "Audit the contacts."),
    ("Actions", "E2", ago(-30).isoformat()),
)


@pytest.mark.office
def test_the_template_is_filled_in_libreoffice_and_taken_in(office: Office, terminal: Terminal) -> None:
    """Its lists to choose from are kept, a day that is typed there is a day, and what was typed comes in."""
    empty, filled = terminal.home / "empty.xlsx", terminal.home / "moving-in.xlsx"
    assert 0 == terminal("import", "--template", str(empty))[0]
    office.types(empty, filled, TYPED)
    book = load_workbook(filled)
    for sheet in SHEETS:
        ours = {one.formula1 for one in load_workbook(empty)[sheet].data_validations.dataValidation}
        theirs = {
            f"'Choices'{one.formula1.replace('Choices', '')}" for one in book[sheet].data_validations.dataValidation
        }
        assert ours == theirs, sheet
    assert ("d", "d", "d") == (
        book["Reviews"]["C2"].data_type,
        book["Dates"]["C2"].data_type,
        book["Actions"]["E2"].data_type,
    )
    code, out, err = terminal("import", str(filled), "--as", "alex_example", "--accept")
    assert (0, "") == (code, err)
    assert "1 review came in (1 open, 0 closed), 1 actions, 0 requests." in out
    (row,) = terminal.data("list")
    owed = terminal("show", row["reference"], "--unseal")[1]
    assert "Größe: Ärzte, «Łódź»." in owed
    (action,) = terminal.data("actions", "list", row["reference"])
    assert (today() - ago(30)).days == 30 and ago(-30).isoformat() == str(action["due_on"])[:10]

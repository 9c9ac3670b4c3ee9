"""
The workbook of a new partnership: written empty for a business manager to fill, and read when it is filled.

A workbook is a zip of XML that somebody sent: it is no larger than one of its kind can be, also when it is opened.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font

from config.bounded_files import bytes_of
from config.encodings import Unreadable
from config.new_partnership.answers import Given, TableRow
from config.new_partnership.questions import (
    AGENCIES,
    AGENCY_ROLES,
    OTHER_ROLES,
    PART_OF,
    PARTNER_NAMES,
    PARTNER_ROLES,
    PEOPLE,
    QUESTIONS,
)
from config.reading import shown
from safeguarding.errors import Fault
from safeguarding.law.roles import ONE_TRACK, ROLES

ASKED, PEOPLE_SHEET, AGENCIES_SHEET, ROLES_SHEET = "Partnership", "People", "Agencies", "Roles"
READ = frozenset(title.lower() for title in (ASKED, PEOPLE_SHEET, AGENCIES_SHEET))
"""The sheets of which something is read."""
HEADS = ("Question", "Answer", "What to write")
LARGEST_OPENED = 20_000_000
"""Bytes of all parts of a workbook together; an empty one has twenty thousand."""
MOST_ROWS = 500
"""Rows of a table; the largest partnership has some fifty people."""
MOST_COLUMNS = 40


# --------------------------------------------------------------------------- writing


def empty_workbook() -> bytes:
    """A workbook to fill in: the questions, a row for each role that somebody has to hold, and the roles explained."""
    book = Workbook()
    book.remove(book.active)
    asked = [(one.words, None, f"{one.help}{' Needed.' if one.needed else ''}") for one in QUESTIONS]
    _table(book.create_sheet(ASKED), HEADS, asked, (46, 44, 80))
    rows: list[tuple[str | None, ...]] = [
        (None, None, role, PARTNER_NAMES[partner], None, None) for role in PARTNER_ROLES for partner in PARTNER_NAMES
    ]
    rows = [(None, None, "business_manager", None, None, None), *rows]
    rows += [(None, None, role, None, None, None) for role in OTHER_ROLES if role != "business_manager"]
    _table(book.create_sheet(PEOPLE_SHEET), PEOPLE, rows, (28, 36, 30, 24, 28, 60))
    _table(book.create_sheet(AGENCIES_SHEET), (*AGENCIES, PART_OF), [], (40, 28, 36, 28, 36, 24))
    explained = [(role, words, _where(role)) for role, words in ROLES.items()]
    _table(book.create_sheet(ROLES_SHEET), ("Role", "What it is", "Where it is written"), explained, (28, 54, 60))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _where(role: str) -> str:
    if role in AGENCY_ROLES:
        return "with the agency, in the sheet Agencies"
    if role in PARTNER_ROLES:
        return "in the sheet People, with the partner whom they speak for"
    only = f"; only where reviews of {ONE_TRACK[role]} are run" if role in ONE_TRACK else ""
    return f"in the sheet People{only}"


def _table(sheet: Any, heads: tuple[str, ...], rows: list[Any], widths: tuple[int, ...]) -> None:
    sheet.append(heads)
    for row in rows:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in zip(sheet.iter_cols(max_row=len(rows) + 1), widths, strict=False):
        sheet.column_dimensions[column[0].column_letter].width = width
        for cell in column:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


# --------------------------------------------------------------------------- reading


def read_workbook(file: Path, faults: list[Fault]) -> Given | None:
    """What a filled workbook says, or None with everything about it added that cannot be read."""
    name = str(file)
    try:
        sheets = _sheets(bytes_of(file))
    except Unreadable as wrong:
        faults += [Fault(name, where, why) for where, why in wrong.each]
        return None
    found: list[Fault] = []
    asked = _rows(sheets, ASKED, HEADS[:2], name, found)
    people = _rows(sheets, PEOPLE_SHEET, PEOPLE, name, found)
    agencies = _rows(sheets, AGENCIES_SHEET, AGENCIES, name, found, may_be=(PART_OF,))
    keys = {" ".join(question.words.lower().split()): question.key for question in QUESTIONS}
    answers, places = {}, {}
    for row in asked:
        key = keys.get(" ".join(row.words[HEADS[0]].lower().split()))
        if key is None:
            why = f"is none of the questions, which are: {'; '.join(question.words for question in QUESTIONS)}"
            found.append(Fault(name, f"{row.place}, {HEADS[0]}", why))
        elif key in answers:
            found.append(Fault(name, f"{row.place}, {HEADS[0]}", "is asked and answered twice"))
        else:
            answers[key], places[key] = row.words[HEADS[1]], f"{row.place}, {HEADS[1]}"
    if found:
        faults += found
        return None
    # A row of the empty workbook whose post nobody holds yet says no more than its role.
    named = tuple(row for row in people if any(row.words[column] for column in PEOPLE if column not in PEOPLE[2:4]))
    return Given(name, answers, places, named, tuple(agencies))


def _sheets(held: bytes) -> dict[str, list[tuple[str, ...]]]:
    """The sheets of a workbook by name, each as rows of words. Raises Unreadable."""
    no_workbook = "is no workbook that can be read: save it as an Excel workbook (.xlsx), without a password"
    try:
        with zipfile.ZipFile(io.BytesIO(held)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST_OPENED:
                raise Unreadable("(file)", f"holds more than {LARGEST_OPENED:,} bytes when it is opened")
    except zipfile.BadZipFile:
        raise Unreadable("(file)", no_workbook) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of what another program put in besides, such as a list to choose from.
            # With its formulas: of what a formula shows a workbook keeps what it showed last, or nothing.
            book = load_workbook(io.BytesIO(held), read_only=True, keep_links=False)
            formulas: list[Unreadable] = []
            found = {sheet.title: list(_words(sheet, formulas)) for sheet in book.worksheets}
            book.close()
            if formulas:
                raise Unreadable.all_of(formulas)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001  the library raises whatever it stumbles over in a file that is none
        raise Unreadable("(file)", no_workbook) from None
    return found


def _words(sheet: Any, formulas: list[Unreadable]) -> Iterator[tuple[str, ...]]:
    """Each row of a sheet as words; its formulas are added. Raises Unreadable for more rows than a partnership has."""
    is_read = sheet.title.strip().lower() in READ
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS)):
        cells = tuple(islice(row, MOST_COLUMNS))
        words = tuple(_word(cell.value) for cell in cells)
        if number > MOST_ROWS and any(words):
            raise Unreadable(sheet.title, f"holds more than {MOST_ROWS} rows")
        if number > 100 * MOST_ROWS:
            return  # Empty rows to the end of a sheet are no rows.
        formulas += [_a_formula(sheet, cell) for cell in cells if is_read and getattr(cell, "data_type", "") == "f"]
        yield words


def _a_formula(sheet: Any, cell: Any) -> Unreadable:
    why = "holds a formula, and what it shows is not kept in the file: type the words, or paste them as values"
    return Unreadable(f"{sheet.title} {cell.coordinate}", why)


def _word(value: Any) -> str:
    """A cell as the words that somebody sees in it."""
    match value:
        case None:
            return ""
        case datetime() | date():
            return value.isoformat()[:10]
        case time():
            return value.strftime("%H:%M")
        case float() if value.is_integer():
            return str(int(value))
    return str(value).strip()


def _rows(
    sheets: dict[str, list[tuple[str, ...]]],
    sheet: str,
    columns: tuple[str, ...],
    name: str,
    faults: list[Fault],
    *,
    may_be: tuple[str, ...] = (),
) -> list[TableRow]:
    """The rows of a sheet that say something, by the columns it must have and may have; another one is a fault."""
    by_title = {title.strip().lower(): rows for title, rows in sheets.items()}
    if sheet.lower() not in by_title:
        faults.append(Fault(name, sheet, "this sheet is missing: it may be renamed"))
        return []
    heads, *rows = by_title[sheet.lower()] or [()]
    titles = {" ".join(head.lower().split()): number for number, head in enumerate(heads) if head}
    known = {column: titles.get(column.lower()) for column in (*columns, *may_be)}
    missing = [column for column in columns if known[column] is None]
    if missing:
        faults.append(Fault(name, f"{sheet} row 1", f"these columns are missing: {', '.join(missing)}"))
        return []
    strange = [head for head in heads if head and " ".join(head.lower().split()) not in {c.lower() for c in known}]
    if strange and sheet != ASKED:
        faults.append(
            Fault(
                name,
                f"{sheet} row 1",
                f"has columns besides, which would be left out: {', '.join(map(shown, strange))}",
            )
        )
    return [
        TableRow(f"{sheet} row {number}", {column: row[at] if at is not None else "" for column, at in known.items()})
        for number, row in enumerate(rows, 2)
        if any(row)
    ]

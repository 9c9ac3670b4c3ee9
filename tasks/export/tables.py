"""
Registers as CSV, as a workbook and as JSON: the same columns under the same names, and beside them what each means.

CSV is UTF-8 with a mark at its beginning, by which Excel knows it; each text stands in quotation marks, so that no
other separator divides it. A day is written as 2026-11-30, yes and no as TRUE and FALSE.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from safeguarding.registers.columns import Cell, Described
from safeguarding.registers.registers import FORMAT_VERSION
from safeguarding.registers.words import WORDS
from tasks.export.plain_cells import as_text, one_cell, would_be_computed

FORMAT = "safeguarding-registers"
COLUMNS = "columns"
"""The table that says what each column means."""
EXPLAINED = ("register", "column", "unit", "meaning")
BYTE_ORDER_MARK = "\ufeff"
YES_OR_NO = '"TRUE";"TRUE";"FALSE"'
"""How a workbook shows yes and no, as LibreOffice itself writes it."""
WIDEST, NARROWEST = 48, 10
"""Signs that a column of the workbook is wide."""


class RegisterMade(NamedTuple):
    """A register, or the table of the sealed words, with its rows."""

    register: Described
    rows: Sequence[Sequence[Cell]]

    @property
    def heads(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(column.name for column in self.register.columns)


def explained(made: Iterable[RegisterMade]) -> list[tuple[str, ...]]:
    """What every column of these registers means, a line each."""
    return [
        (one.register.name, column.name, column.unit, column.meaning) for one in made for column in one.register.columns
    ]


# --------------------------------------------------------------------------- CSV


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV."""
    lines = [",".join(_field(cell) for cell in row) for row in (heads, *rows)]
    return (BYTE_ORDER_MARK + "".join(f"{line}\r\n" for line in lines)).encode()


def _field(cell: Cell) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return str(cell)
    return '"' + as_text(cell).replace('"', '""') + '"'


# --------------------------------------------------------------------------- a workbook


def workbook_of(made: Sequence[RegisterMade]) -> bytes:
    """Registers as an Excel workbook: a sheet each by its name, and one that says what every column means."""
    book = Workbook(write_only=True)
    for one in made:
        _sheet(book, one.register.name, one.heads, one.rows)
    _sheet(book, COLUMNS, EXPLAINED, explained(made))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _sheet(book: Any, title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, name in enumerate(heads, start=1):
        letter = get_column_letter(number)
        longest = max((len(str(row[number - 1])) for row in rows[:200]), default=0)
        sheet.column_dimensions[letter].width = max(NARROWEST, min(WIDEST, max(longest, len(name)) + 2))
    sheet.append([_head(sheet, name) for name in heads])
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])


def _head(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, content: Cell) -> Any:
    """A cell. Yes and no are shown in words: LibreOffice takes them for the numbers 1 and 0 unless it is told."""
    if isinstance(content, str):
        return _text(sheet, content)
    if not isinstance(content, bool):
        return content
    cell = WriteOnlyCell(sheet, content)
    cell.number_format = YES_OR_NO
    return cell


def _text(sheet: Any, words: str) -> Any:
    """A text as a cell: the library takes `=1+1` for a formula and `#N/A` for a fault unless it is told."""
    words = one_cell(words)
    if not words:
        return None
    if words[0] != "#" and not would_be_computed(words):
        return words
    cell = WriteOnlyCell(sheet, words)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


# --------------------------------------------------------------------------- JSON


def json_of(made: Sequence[RegisterMade], about: Mapping[str, str]) -> bytes:
    """Registers as JSON, with the version of the format and what every column means; `about` says of what and when."""
    content = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        **about,
        "sealed_words": any(one.register == WORDS for one in made),
        "registers": {
            one.register.name: {
                "title": one.register.title,
                "about": one.register.about,
                "columns": [column._asdict() for column in one.register.columns],
                "rows": [dict(zip(one.heads, row, strict=True)) for row in one.rows],
            }
            for one in made
        },
    }
    return json.dumps(content, default=_iso, ensure_ascii=False).encode("utf-8", "replace")


def _iso(value: Any) -> str:
    return str(value.isoformat())

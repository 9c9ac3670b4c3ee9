"""
Registers as an Excel workbook: a sheet each, and one that says what every column means.

Apart from the other forms, since the library that writes workbooks is large: whoever serves for months imports this
when a workbook is asked for.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from safeguarding.registers.columns import Cell
from tasks.export.plain_cells import one_cell, would_be_computed
from tasks.export.tables import COLUMNS, EXPLAINED, RegisterMade, explained

YES_OR_NO = '"TRUE";"TRUE";"FALSE"'
"""How a workbook shows yes and no, as LibreOffice itself writes it."""
WIDEST, NARROWEST = 48, 10
"""Signs that a column of the workbook is wide."""


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

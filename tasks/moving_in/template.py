"""
The workbook that a partnership fills to move in, with its own agencies and people to choose from.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from safeguarding.law.rulebook import Rulebook
from safeguarding.moving_in.rows import offers
from safeguarding.moving_in.sheets import CHOICES, EXPLAINED, SHEETS, Heading, Sheet

WIDE, NARROW = 60, 24
"""Signs that a column of free words, and any other, is wide."""
A_DAY = "yyyy-mm-dd"


def template(rulebook: Rulebook) -> bytes:
    """An empty workbook: the sheets to fill, one that explains every column, one with the choices."""
    book = Workbook()
    book.remove(book.active)
    offered = offers(rulebook)
    places = {name: number for number, name in enumerate(offered, start=1)}
    for sheet in SHEETS:
        _to_fill(book, sheet, offered, places)
    _explained(book, offered)
    listed = book.create_sheet(CHOICES)
    listed.append(list(offered))
    for name, known in offered.items():
        for row, word in enumerate(known, start=2):
            _words(listed, row, places[name], word)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _to_fill(book: Any, sheet: Sheet, offered: Mapping[str, Mapping[str, str]], places: Mapping[str, int]) -> None:
    page = book.create_sheet(sheet.title)
    page.freeze_panes = "A2"
    page.append([column.name for column in sheet.columns])
    for number, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(number)
        free = not (column.choice or column.a_day) and column.answers in ("summary", "what")
        page.column_dimensions[letter].width = WIDE if free else NARROW
        page.cell(1, number).font = Font(bold=True)
        below = f"{letter}2:{letter}{sheet.most_rows + 1}"
        if column.choice and offered[column.choice]:
            where = get_column_letter(places[column.choice])
            chosen = f"'{CHOICES}'!${where}$2:${where}${len(offered[column.choice]) + 1}"
            page.add_data_validation(_checked(column, chosen, below))
        if column.a_day:
            page.column_dimensions[letter].number_format = A_DAY


def _checked(column: Heading, chosen: str, below: str) -> DataValidation:
    """A list to choose from in the cells of a column."""
    return DataValidation(
        type="list",
        formula1=chosen,
        allow_blank=not column.needed,
        sqref=below,
        showErrorMessage=True,
        errorTitle=column.name,
        error="Choose one of the list.",
    )


def _explained(book: Any, offered: Mapping[str, Mapping[str, str]]) -> None:
    page = book.create_sheet(EXPLAINED)
    page.append(["Sheet", "Column", "Needed", "What to write", "Choices"])
    for sheet in SHEETS:
        for column in sheet.columns:
            words = "; ".join(offered[column.choice]) if column.choice else ""
            needed = column.needed_of or ("yes" if column.needed else "no")
            page.append([sheet.title, column.name, needed, column.meaning, None])
            _words(page, page.max_row, 5, words)
    for letter, width in zip("ABCDE", (12, 18, 10, WIDE, WIDE), strict=True):
        page.column_dimensions[letter].width = width
    for cell in page[1]:
        cell.font = Font(bold=True)
    for row in page.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "A2"


def _words(page: Any, row: int, column: int, words: str) -> None:
    """Words of the partnership's file in a cell: never a formula, whatever they begin with."""
    if words:
        cell = page.cell(row, column)
        cell.value = words
        cell.data_type = "s"
        cell.quotePrefix = words[0] in "=+-@"

"""
The workbook of open actions, as it is taken out: a row each, with columns to fill and choices to choose from.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from safeguarding.moving_in.action_rows import ACTION_SHEET, choices_of
from safeguarding.moving_in.sheets import EXPLAINED
from safeguarding.registers.actions import ActionRow

WIDE, NARROW = 50, 18
A_DAY = "yyyy-mm-dd"


class ActionOut(NamedTuple):
    """An open action as it is taken out: its row of the register, and its wording that may be shared."""

    row: ActionRow
    wording: str


def actions_workbook(actions: Sequence[ActionOut]) -> bytes:
    """The workbook: the sheet of actions, and one that explains its columns."""
    book = Workbook()
    book.remove(book.active)
    page = book.create_sheet(ACTION_SHEET.title)
    page.freeze_panes = "C2"
    page.append([column.name for column in ACTION_SHEET.columns])
    for number, column in enumerate(ACTION_SHEET.columns, start=1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = WIDE if column.name in ("Wording", "Note", "Reason") else NARROW
        page.cell(1, number).font = Font(bold=True)
        if column.choice:
            page.add_data_validation(_chosen(column.choice, f"{letter}2:{letter}{max(2, len(actions) + 1)}"))
    for one in actions:
        page.append(_cells(one))
    for line in page.iter_rows(min_row=2, max_row=len(actions) + 1):
        for cell in line:
            _dressed(cell)
    told = book.create_sheet(EXPLAINED)
    told.append(["Column", "What to write"])
    for column in ACTION_SHEET.columns:
        told.append([column.name, column.meaning])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _cells(one: ActionOut) -> list[Any]:
    row = one.row
    said: Mapping[str, Any] = {
        "Review": row.reference,
        "Action": row.action,
        "Agency": row.agency,
        "Owner": row.owner,
        "Due": row.due_on,
        "Status": row.status,
        "Priority": row.priority,
        "Wording": _plain(one.wording),
    }
    return [said.get(column.name) or None for column in ACTION_SHEET.columns]


def _plain(words: str) -> str:
    """Words in one line, of signs that a workbook may hold."""
    return "".join(sign for sign in " ".join(words.split()) if sign.isprintable())


def _dressed(cell: Any) -> None:
    """Words stay words, whatever they begin with; a day looks like one."""
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if isinstance(cell.value, date):
        cell.number_format = A_DAY
    elif isinstance(cell.value, str):
        cell.data_type = "s"


def _chosen(name: str, where: str) -> DataValidation:
    """A list to choose from; its words are few and hold no comma."""
    listed = ",".join(choices_of(name))
    return DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, sqref=where, showErrorMessage=True)

"""
Registers as CSV and as JSON: the same columns under the same names, and beside them what each means. Beside it the
same as a workbook (`workbook`).

CSV is UTF-8 with a mark at its beginning, by which Excel knows it; each text stands in quotation marks, so that no
other separator divides it. A day is written as 2026-11-30, yes and no as TRUE and FALSE.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from safeguarding.registers.columns import Cell, Described
from safeguarding.registers.registers import FORMAT_VERSION
from safeguarding.registers.words import WORDS
from tasks.export.plain_cells import as_text

FORMAT = "safeguarding-registers"
COLUMNS = "columns"
"""The table that says what each column means."""
EXPLAINED = ("register", "column", "unit", "meaning")
BYTE_ORDER_MARK = "\ufeff"


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

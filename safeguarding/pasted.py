"""
A table that was pasted, as lines of cells: nothing of it is left out, or the line is named that cannot be read.

A spreadsheet writes a cell in quotation marks where it holds a line end or the sign between cells, and a mark inside
as two. Whatever else has a quotation mark was typed by somebody, and stays as it was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

_SIGNS = "\t;|,"
_MARK = '"'


class TableLine(NamedTuple):
    """A line that holds something: the number of the line on which it begins, and its cells, each in one line."""

    number: int
    cells: list[str]


def lines_of(pasted: str, is_a_day: Callable[[str], bool]) -> list[TableLine]:
    """
    The lines that hold something. `is_a_day` knows the cell by which a line of the table is told from a line of words.

    Raises ValueError, in words that repeat nothing: a quotation mark opens a cell and is not closed in it.
    """
    first = next((line for line in pasted.splitlines() if line.strip()), "")
    sign = next((one for one in _SIGNS if one in first), "\t")
    found, cells, at, number, begins = [], [], 0, 1, 1
    while at < len(pasted):
        cell, end = _cell(pasted, at, sign)
        raw = pasted[at:end]
        if cell is None or _swallows(raw, sign, is_a_day):
            raise ValueError(
                f"line {number}: a quotation mark opens and is not closed in its cell: close it, or take it away"
            )
        cells.append(" ".join(cell.split()))
        number += raw.count("\n")
        if pasted[end : end + 1] != sign:
            found.append(TableLine(begins, cells))
            cells, number = [], number + 1
            begins = number
        elif end + 1 == len(pasted):
            found.append(TableLine(begins, [*cells, ""]))
        at = end + 1
    return [line for line in found if any(line.cells)]


def _cell(pasted: str, at: int, sign: str) -> tuple[str | None, int]:
    """The cell that begins here, and where it ends; None for one whose quotation mark is not closed."""
    if pasted.startswith(_MARK, at):
        close = _closing(pasted, at + 1)
        if close < 0:
            return None, len(pasted)
        if pasted[close + 1 : close + 2] in ("", "\n", sign):
            return pasted[at + 1 : close].replace(_MARK * 2, _MARK), close + 1
        if "\n" in pasted[at:close]:
            return None, close + 1
    ends = [end for one in ("\n", sign) if (end := pasted.find(one, at)) >= 0]
    end = min(ends, default=len(pasted))
    return pasted[at:end], end


def _closing(pasted: str, at: int) -> int:
    """The next quotation mark that stands alone, or -1."""
    while (mark := pasted.find(_MARK, at)) >= 0 and pasted.startswith(_MARK, mark + 1):
        at = mark + 2
    return mark


def _swallows(raw: str, sign: str, is_a_day: Callable[[str], bool]) -> bool:
    """
    Whether a cell in quotation marks holds what is another line of the table: it has the sign between cells, and a day.

    No cell of a sheet or a document has a line end and a tab in it.
    """
    _, *others = raw.split("\n")
    cells = [line.split(sign) for line in others if sign in line]
    return bool(cells) and (sign == "\t" or any(is_a_day(one.strip(f" {_MARK}")) for line in cells for one in line))

"""
The filled workbook as rows. It is a zip of XML that somebody sent: no larger than one of its kind can be, also opened.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from safeguarding.errors import SafeguardingError
from safeguarding.moving_in.sheets import NOTHING, SHEETS, FilledCell, FilledRow, RowFault, Sheet

LARGEST = 10_000_000
"""Bytes of the file. Two hundred reviews with 1,500 actions have some hundred thousand."""
LARGEST_OPENED = 100_000_000
"""Bytes of all parts of a workbook together."""
MOST_PARTS = 300
"""Parts of the zip; one of ours has some fifteen."""
MOST_COLUMNS = 40
LAST_ROW = 50_000
"""How far a sheet is read; what stands below is named, and not left out."""
FORMULA = "holds a formula, and what it shows is not kept in the file: type the words, or paste them as values"
NO_WORKBOOK = "is no workbook that can be read: save it as an Excel workbook (.xlsx), without a password"


class WorkbookRefused(SafeguardingError):
    """The workbook cannot be read at all."""

    code = "workbook-refused"


def read_workbook(file: Path, sheets: Sequence[Sheet] = SHEETS) -> tuple[list[FilledRow], list[RowFault]]:
    """
    The rows that say something, and what is wrong with the sheets. Raises WorkbookRefused for a file that is no
    workbook, or is larger than one of this kind can be.
    """
    held = _bytes_of(file)
    _look_at_its_parts(held, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of what another program put in besides.
            # With its formulas: of what a formula shows a workbook keeps what it showed last, or nothing.
            book = load_workbook(io.BytesIO(held), read_only=True, keep_links=False)
            pages = {page.title.strip().casefold(): page for page in book.worksheets}
            rows: list[FilledRow] = []
            faults: list[RowFault] = []
            for sheet in sheets:
                page = pages.get(sheet.title.casefold())
                if page is None:
                    faults.append(RowFault(sheet.title, 0, "", "this sheet is missing: it may be renamed"))
                else:
                    _read(sheet, page, rows, faults)
            book.close()
    except Exception:  # noqa: BLE001  the library raises whatever it stumbles over in a file that is none
        raise _refused(file, NO_WORKBOOK) from None
    return rows, faults


def _refused(file: Path, why: str) -> WorkbookRefused:
    return WorkbookRefused(f"{file.name}: the file {why}.")


def _bytes_of(file: Path) -> bytes:
    try:
        if not file.is_file():  # A pipe or a device would be read for ever.
            raise _refused(file, f"cannot be read: it {'is no file' if file.exists() else 'is not there'}")
        with file.open("rb") as opened:
            held = opened.read(LARGEST + 1)
    except OSError as error:
        raise _refused(file, f"cannot be read: {error.strerror}") from None
    except ValueError:  # A null in its name.
        raise WorkbookRefused("The file cannot be read: no file can have this name.") from None
    if len(held) > LARGEST:
        raise _refused(file, f"is larger than {LARGEST:,} bytes")
    return held


def _look_at_its_parts(held: bytes, file: Path) -> None:
    """
    Refuse what grows when it is opened: too many or too large parts, a zip inside, a document type in the XML.

    Raises WorkbookRefused.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(held)) as parts:
            known = parts.infolist()
            if len(known) > MOST_PARTS:
                raise _refused(file, f"has more than {MOST_PARTS} parts, and no workbook of this kind has")
            if sum(part.file_size for part in known) > LARGEST_OPENED:
                raise _refused(file, f"holds more than {LARGEST_OPENED:,} bytes when it is opened")
            for part in known:
                content = parts.read(part)
                if content[:4] == b"PK\x03\x04":
                    raise _refused(file, "holds a zip file inside, which no workbook of this kind does")
                if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                    raise _refused(file, "declares a document type of its own, which no workbook does")
    except WorkbookRefused:
        raise
    except Exception:  # noqa: BLE001  a zip that is none, is broken, or has a password: the library raises many kinds
        raise _refused(file, NO_WORKBOOK) from None


# --------------------------------------------------------------------------- sheets


def _read(sheet: Sheet, page: Any, rows: list[FilledRow], faults: list[RowFault]) -> None:
    """Add the rows of a sheet that say something, and what is wrong with its heads or its size."""
    lines = _lines(page)
    heads = [" ".join(cell.words.casefold().split()) for cell in next(lines, ())]
    places = {column.name: heads.index(column.name.casefold()) for column in sheet.columns if _has(heads, column.name)}
    missing = [column.name for column in sheet.columns if column.name not in places]
    if missing:
        faults.append(RowFault(sheet.title, 1, "", f"these columns are missing: {', '.join(missing)}"))
    known = {column.name.casefold() for column in sheet.columns}
    if strange := [number for number, head in enumerate(heads, start=1) if head and head not in known]:
        named = ", ".join(str(number) for number in strange)
        why = f"has columns besides, which would be left out (number {named}): delete them, or mend their heads"
        faults.append(RowFault(sheet.title, 1, "", why))
    twice = [name for name in places if heads.count(name.casefold()) > 1]
    if twice:
        faults.append(RowFault(sheet.title, 1, "", f"these columns stand there twice: {', '.join(twice)}"))
    if missing or twice:
        return
    found = 0
    for number, cells in enumerate(lines, start=2):
        if number > LAST_ROW:
            faults.append(RowFault(sheet.title, number, "", "is past the last row that is read: delete the rows below"))
            return
        if not any(cell.words or cell.wrong for cell in cells):
            continue
        found += 1
        if found > sheet.most_rows:
            faults.append(RowFault(sheet.title, number, "", f"is past the {sheet.most_rows:,} rows that are read"))
            return
        said = {name: cells[at] if at < len(cells) else NOTHING for name, at in places.items()}
        rows.append(FilledRow(sheet.title, number, said))


def _has(heads: Sequence[str], name: str) -> bool:
    return name.casefold() in heads


def _lines(page: Any) -> Iterator[tuple[FilledCell, ...]]:
    for row in islice(page.iter_rows(max_col=MOST_COLUMNS), LAST_ROW + 1):
        yield tuple(_cell(cell) for cell in islice(row, MOST_COLUMNS))


def _cell(cell: Any) -> FilledCell:
    """A cell as somebody sees it."""
    value, kind = cell.value, getattr(cell, "data_type", "")
    if value is None:
        return NOTHING
    if kind == "f":
        return FilledCell("", wrong=FORMULA)
    if kind == "e":
        return FilledCell("", wrong="shows the fault of a spreadsheet: type what is meant")
    match value:
        case datetime():
            return FilledCell(value.date().isoformat(), day=value.date())
        case date():
            return FilledCell(value.isoformat(), day=value)
        case time():
            return FilledCell(value.strftime("%H:%M"))
        case bool():
            return FilledCell("yes" if value else "no")
        case float() if value.is_integer():
            return FilledCell(str(int(value)))
    return FilledCell(str(value).strip())

"""LibreOffice, with a profile of its own and no window: it opens files, and somebody types into one and saves it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest

SECONDS = 120
"""How long it may need for all files at once; alone it needs two."""
AS_A_PERSON_CHOOSES = "CSV:44,34,76,1,,1033,true,true"
"""What docs/export.md has one choose for a CSV file: comma, UTF-8, quoted field as text, detect special numbers."""
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_HELD = {"float": "value", "date": "date-value", "boolean": "boolean-value"}


class Shown(NamedTuple):
    """A cell as LibreOffice has it: its type, its value, and its formula where it has one."""

    kind: str
    value: str
    formula: str = ""


NOTHING = Shown("", "")
Sheets = Mapping[str, Sequence[Sequence[Shown]]]


class Office:
    """LibreOffice on this machine. Without it the test is skipped."""

    def __init__(self, folder: Path) -> None:
        found = shutil.which("soffice")
        if found is None:
            pytest.skip("LibreOffice is not installed")
        self.program, self.folder = found, folder

    def opens(self, *files: Path, how: str = "") -> dict[str, Sheets]:
        """Open all of these in one go: each by its name without the ending, with its sheets as they stand there."""
        out = self.folder / "opened"
        asked = [f"--infilter={how}"] if how else []
        self._run(*asked, "--convert-to", "fods", "--outdir", str(out), *map(str, files))
        return {file.stem: _sheets(out / f"{file.stem}.fods") for file in files}

    def types(self, empty: Path, filled: Path, typed: Sequence[tuple[str, str, str]]) -> None:
        """Open a workbook, type words into cells (sheet, cell, words) as a person does, and save it as .xlsx."""
        basic = self.folder / "profile" / "user" / "basic" / "Standard"
        if not basic.is_dir():
            self._run("--terminate_after_init")
        (basic / "script.xlb").write_text(_LIBRARY)
        cells = "\n".join(f"  typed book, {', '.join(map(_as_basic, one))}" for one in typed)
        (basic / "Person.xba").write_text(_MODULE.format(cells=escape(cells)), "utf-8")
        self._run(f'macro:///Standard.Person.Fill("{empty}","{filled}")')
        assert filled.is_file(), "LibreOffice saved nothing"

    def _run(self, *words: str) -> None:
        profile = (self.folder / "profile").as_uri()
        command = [self.program, f"-env:UserInstallation={profile}", "--headless", "--norestore", *words]
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)


def _as_basic(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _sheets(file: Path) -> Sheets:
    root = ElementTree.parse(file).getroot()
    return {table.get(f"{_TABLE}name", ""): _rows(table) for table in root.iter(f"{_TABLE}table")}


def _rows(table: ElementTree.Element) -> list[list[Shown]]:
    """The rows up to the last that has something in it; none of ours is repeated that has."""
    rows = [list(_cells(row)) for row in table.iter(f"{_TABLE}table-row")]
    while rows and not any(cell.kind for cell in rows[-1]):
        rows.pop()
    return rows


def _cells(row: ElementTree.Element) -> Iterator[Shown]:
    cells = [cell for cell in row if cell.tag == f"{_TABLE}table-cell"]
    while cells and cells[-1].get(f"{_OFFICE}value-type") is None:
        cells.pop()
    for cell in cells:
        kind = cell.get(f"{_OFFICE}value-type", "")
        words = "\n".join("".join(part.itertext()) for part in cell.iter(f"{_TEXT}p"))
        value = cell.get(f"{_OFFICE}{_HELD[kind]}", "") if kind in _HELD else words
        for _ in range(int(cell.get(f"{_TABLE}number-columns-repeated", "1"))):
            yield Shown(kind, value, cell.get(f"{_TABLE}formula", ""))


_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Person"/></library:library>
"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Person" script:language="StarBasic">
Sub Fill(empty As String, filled As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL(ConvertToURL(empty), "_blank", 0, hidden())
{cells}
  Dim kind(0) As New com.sun.star.beans.PropertyValue
  kind(0).Name = "FilterName"
  kind(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL(ConvertToURL(filled), kind())
  book.close(True)
End Sub
Sub typed(book, sheet As String, cell As String, words As String)
  book.Sheets.getByName(sheet).getCellRangeByName(cell).FormulaLocal = words
End Sub
</script:module>
"""

"""
The text of a Word file that somebody sent: of each row of a table its cells, and each paragraph outside of tables as a
row of one cell. Read in memory and within bounds, by the names of elements; no macro runs, no link is followed, nothing
is written.

Headers, footers, footnotes and comments are other parts of the file and are not read. A picture, a sign of one font
only (Word's ticked box) or a box of an older form is no word: that it stands there is said in its place.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from safeguarding.errors import SafeguardingError
from safeguarding.shown.referral_filled import NOT_READ

LARGEST: Final = 5_000_000
"""Bytes of a file that is read; a form without pictures has some twenty thousand."""
LARGEST_INSIDE: Final = 20_000_000
"""Bytes of its text, unpacked."""
MAIN: Final = "word/document.xml"
PACKED_AS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How Word packs."""
GAPS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
"""Elements that stand for a sign."""
UNREAD = {
    "sym": "a sign",
    "checkBox": "a box to tick",
    "ddList": "a list to choose from",
    "altChunk": "a file inside it",
    "drawing": "a picture",
    "pict": "a picture",
    "object": "an object",
}
"""Elements that no words stand for, and what is said in their place."""
TWICE = frozenset({"Fallback", "moveFrom"})
"""What repeats, for older programs or as it stood before, what the file says elsewhere."""
WORDS_BULLET = "\uf0b7"
"""Word's bullet: the one sign of a font that is known (`as_typed`)."""


class WordUnreadable(SafeguardingError):
    """A file is no Word file that can be read, or larger than a form is."""

    code = "word-unreadable"

    def __init__(self, why: str) -> None:
        super().__init__(f"The file cannot be read: {why}.", why)


TOO_LARGE = "it is larger than a form is. Take pictures out of it"
NO_WORD = "it is no Word file (.docx), or is damaged or closed with a password. Open it in Word and save it again"


def rows_in(held: bytes) -> list[list[str]]:
    """Every row of every table and every paragraph outside of them, in their order. Raises WordUnreadable."""
    if len(held) > LARGEST:
        raise WordUnreadable(TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(held)) as opened:
            if opened.getinfo(MAIN).compress_type not in PACKED_AS:
                raise WordUnreadable(NO_WORD)
            with opened.open(MAIN) as part:
                text = part.read(LARGEST_INSIDE + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, RuntimeError, NotImplementedError):
        raise WordUnreadable(NO_WORD) from None
    if len(text) > LARGEST_INSIDE:
        raise WordUnreadable(TOO_LARGE)
    reader = _Rows()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.begins, reader.ends
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.words, _no_declaration
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, LookupError, ValueError):
        # What the library says may repeat what stands in the file: it ends here.
        raise WordUnreadable(NO_WORD) from None
    return reader.rows()


def _no_declaration(*_: object) -> None:
    """No Word writes one, and one could grow without end."""
    raise WordUnreadable(NO_WORD)


class _Rows:
    """What the parser calls: the cells of the outermost tables, where a table inside a cell is words of that cell."""

    def __init__(self) -> None:
        # A cell as its pieces: put together one by one, all of it would be copied for each.
        self._rows: list[list[list[str]]] = []
        self._tables, self._twice, self._reads, self._beside = 0, 0, False, False

    def rows(self) -> list[list[str]]:
        """The cells of each row, once everything was read."""
        return [["".join(cell) for cell in row] for row in self._rows]

    def begins(self, name: str, _: Mapping[str, str]) -> None:
        """An element begins."""
        plain = name.rpartition(" ")[2]
        self._twice += plain in TWICE
        self._tables += plain == "tbl"
        if self._tables == 1 and plain == "tr":
            self._rows.append([])
        elif self._tables == 1 and plain == "tc" and self._rows:
            self._rows[-1].append([])
        self._reads = plain == "t"
        if plain in GAPS:
            self._add(GAPS[plain])
        elif plain in UNREAD:
            self._add(NOT_READ.format(UNREAD[plain]))

    def ends(self, name: str) -> None:
        """An element ends."""
        plain = name.rpartition(" ")[2]
        self._twice -= plain in TWICE
        self._tables -= plain == "tbl"
        self._reads = False
        if plain == "p" and self._tables:
            self._add("\n")
        if (plain == "p" and not self._tables) or plain == "tbl":
            self._beside = False

    def words(self, said: str) -> None:
        """Words of an element."""
        if self._reads:
            self._add("".join(map(_readable, said)))

    def _add(self, said: str) -> None:
        if self._twice:
            return
        if not self._tables:
            if not self._beside:
                self._rows.append([[]])
                self._beside = True
            self._rows[-1][-1].append(said)
        elif self._rows and self._rows[-1]:
            self._rows[-1][-1].append(said)


def _readable(sign: str) -> str:
    """A sign, or that it cannot be read: one of a font's own is a box, an arrow or a letter, as that font has it."""
    return sign if unicodedata.category(sign) != "Co" or sign == WORDS_BULLET else NOT_READ.format("a sign")

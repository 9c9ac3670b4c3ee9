"""
A draft as it is looked over: its passages in their order, each with where it stands, and what of it could not be read.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from typing import Literal, NamedTuple

PagesBy = Literal["drawn", "set by hand", "form feeds", "none"]
"""By what pages of a draft are told: as Word last drew them, by breaks set by hand, by form feeds; or not at all."""
HOW_PAGES: dict[PagesBy, str] = {
    "drawn": "Pages are those that Word drew when the file was last saved; a footnote or remark has none.",
    "set by hand": (
        "The file does not say where its pages end, apart from the breaks that somebody set by hand: a page here may "
        "be several on paper. Saved once more in Word, it says them."
    ),
    "form feeds": "Pages are told by the form feeds of the file, and each place by its line.",
    "none": "The file does not say where its pages end, so each place is told by its number in the file.",
}
_SAME_LENGTH = {
    **dict.fromkeys(
        map(ord, "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"), " "
    ),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u02bc\u0060\u00b4"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb"), '"'),
}
_UNSEEN = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF])
"""Signs that nobody sees, and that would stand between the letters of a name."""
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}


def cleaned(text: str) -> str:
    """The same words without signs that nobody sees and with one space between them; ligatures as letters."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_UNSEEN).translate(_LIGATURES))
    return _SPACES.sub(" ", text)


def typed_plainly(text: str) -> str:
    """The same text, sign for sign, with plain spaces, dashes and quotation marks."""
    return text if text.isascii() and "\t" not in text else text.translate(_SAME_LENGTH)


_SPACES = re.compile(r"[^\S\n\f]{2,}")


class StandsAt(NamedTuple):
    """From a sign of a passage on: on which page, 0 where none is told, and the number of its paragraph or line."""

    at: int
    page: int
    number: int


class Passage(NamedTuple):
    """A paragraph, or what is like one: its words, and where they stand."""

    text: str
    places: tuple[StandsAt, ...] = (StandsAt(0, 0, 0),)
    part: str = ""
    """In which part of the file beside its text: a header, a remark, words that were deleted. Empty for the text."""
    names_somebody: bool = False
    """Whether all of it is the name of somebody or of a body, as the file itself says."""
    fragment: bool = False
    """Whether it is no whole sentence, so that a capital at its beginning says something."""

    def place(self, at: int) -> StandsAt:
        """Where a sign of it stands."""
        return self.places[max(0, bisect_right([one.at for one in self.places], at) - 1)]


class DraftRead(NamedTuple):
    """A draft as it was read."""

    passages: tuple[Passage, ...]
    pages_by: PagesBy = "none"
    unit: Literal["paragraph", "line"] = "paragraph"
    unread: tuple[str, ...] = ()
    """What of it was not looked over, in words: pictures, files inside the file."""


def draft_of_text(text: str) -> DraftRead:
    """A plain text as a draft: a passage for each stretch between empty lines, its places by line and form feed."""
    passages: list[Passage] = []
    said: list[str] = []
    places: list[StandsAt] = []
    page, length = 1, 0
    paged = "\f" in text
    lines = cleaned(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    for number, line in enumerate(lines, 1):
        for turn, piece in enumerate(line.split("\f")):
            page += 1 if turn else 0
            if turn or not piece.strip():
                passages += _passage(said, places)
                said, places, length = [], [], 0
            if piece.strip():
                places.append(StandsAt(length, page if paged else 0, number))
                said.append(piece)
                length += len(piece) + 1
    passages += _passage(said, places)
    return DraftRead(tuple(passages), "form feeds" if paged else "none", "line")


def _passage(said: Iterable[str], places: Iterable[StandsAt]) -> list[Passage]:
    words = " ".join(said)
    return [Passage(words, tuple(places))] if words else []

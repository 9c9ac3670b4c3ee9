"""
A part of a Word file read sign by sign: its paragraphs, and apart from them what was deleted, is hidden, is said of it.

The reader goes by the names of elements, whichever edition of the standard they are of, opens nothing from elsewhere,
and stops at a declaration of entities: no Word writes one, and one could grow without end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from xml.parsers import expat

from safeguarding.anonymity.draft import PagesBy, Passage, StandsAt, cleaned

DELETED, HIDDEN, FIELD, PICTURE, WHO = (
    "words that were deleted and are still in the file",
    "hidden text",
    "field codes",
    "words behind a picture, which a screen reader reads",
    "who changed or remarked on it",
)
"""The parts of a file beside its text, as a list of what was found calls them."""
ASIDE = {"footnote": "footnotes", "endnote": "endnotes", "comment": "remarks", "txbxContent": "text boxes"}
"""Elements that hold paragraphs of their own, and what they are."""
CHART = "a chart or drawing"
WORDS_IN, DELETED_IN, FIELD_IN = "t", "delText", "instrText"
GAPS = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-", "tc": " "}
"""Elements that stand for a sign."""
OFF = frozenset({"0", "false", "off", "none"})
IN_CHARTS = "v"
"""The element that holds a word or a number of a chart."""
MOST_ELEMENTS = 3_000_000
"""Elements of a part. A report of 500 pages has about half a million."""


class PartUnreadable(Exception):
    """A part of a file is not what Word writes. It says nothing of what stands in it."""


class PartTooLarge(Exception):
    """A part of a file holds more than any draft."""


class _Paragraph:
    """A paragraph that is being read: what stands in it, by what it is, and where a page began in it."""

    def __init__(self, page: int, part: str) -> None:
        self.began_on, self.part = page, part
        self.said: dict[str, list[str]] = defaultdict(list)
        self.turns: list[tuple[int, int]] = []
        self.length = 0

    def add(self, words: str, what: str) -> None:
        """Words of it: the text where `what` is empty."""
        self.said[what].append(words)
        if not what:
            self.length += len(words)


class PartRead(NamedTuple):
    """What was read of a part."""

    passages: list[Passage]
    who: list[str]
    """Who is named as having changed it or remarked on it."""


def pages_told(held: bytes) -> PagesBy:
    """By what the pages of a file's text are told. Where Word drew them, a break set by hand is drawn too."""
    if b"lastRenderedPageBreak" in held:
        return "drawn"
    by_hand = b'type="page"' in held or b"pageBreakBefore" in held
    return "set by hand" if by_hand else "none"


def read_part(held: bytes, part: str = "", pages_by: PagesBy = "none") -> PartRead:
    """The paragraphs of a part of a file, in their order. Raises PartUnreadable."""
    reader = _PartReader(part, pages_by)
    _parse(held, reader.begins, reader.ends, reader.words)
    return PartRead(reader.passages, list(dict.fromkeys(reader.who)))


def _parse(held: bytes, begins: Any, ends: Any, words: Any) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begins, ends, words
    parser.StartDoctypeDeclHandler = _no_declaration
    try:
        parser.Parse(held, True)
    except (expat.ExpatError, LookupError, ValueError):
        # What the library says may repeat a name of the file: it ends here.
        raise PartUnreadable from None


def _no_declaration(*_: object) -> None:
    raise PartUnreadable


def named(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition(" ")[2]


class _PartReader:
    """What the parser calls."""

    def __init__(self, part: str, pages_by: PagesBy) -> None:
        self._part, self._pages_by = part, pages_by
        self._page = 1 if pages_by != "none" and not part else 0
        self._open: list[_Paragraph] = []
        self._asides: list[str] = []
        self._deleted, self._skipped = 0, 0
        self._hidden, self._in_properties = False, False
        self._reads = ""
        self._words_in = (WORDS_IN, DELETED_IN, FIELD_IN, *([IN_CHARTS] if part == CHART else []))
        self._number, self._elements = 0, 0
        self.passages: list[Passage] = []
        self.who: list[str] = []

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        what = named(name)
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise PartTooLarge
        if what == "Fallback":  # The same words a second time, for an older Word.
            self._skipped += 1
        if self._skipped:
            return
        given = {named(key): value for key, value in attributes.items()}
        if author := given.get("author"):
            self.who += [author, *([given["initials"]] if given.get("initials") else [])]
        self._of_structure(what, given)
        self._of_words(what, given)

    def _of_structure(self, what: str, given: Mapping[str, str]) -> None:
        if what in ASIDE:
            self._asides.append(ASIDE[what])
        elif what == "p":
            self._open.append(_Paragraph(self._page, self._asides[-1] if self._asides else self._part))
        elif what in ("del", "moveFrom"):
            self._deleted += 1
        elif what == "r":
            self._hidden = False
        elif what == "rPr":
            self._in_properties = True
        elif what == "vanish" and self._in_properties:
            self._hidden = given.get("val", "true").lower() not in OFF
        elif what in ("docPr", "cNvPr") and (words := given.get("descr") or given.get("title")):
            self._aside(words, PICTURE)

    def _of_words(self, what: str, given: Mapping[str, str]) -> None:
        if what in self._words_in:
            self._reads = what
        elif what == "fldSimple" and given.get("instr"):
            self._aside(given["instr"], FIELD)
        elif (what == "lastRenderedPageBreak" and self._pages_by == "drawn") or (
            self._pages_by == "set by hand"
            and (
                (what == "br" and given.get("type") == "page")
                or (what == "pageBreakBefore" and given.get("val", "true").lower() not in OFF)
            )
        ):
            self._turn()
        if what in GAPS and self._open:
            self._open[-1].add(GAPS[what], "")

    def ends(self, name: str) -> None:
        """An element ends."""
        what = named(name)
        if what == "Fallback":
            self._skipped -= 1
        if self._skipped or what == "Fallback":
            return
        if what in self._words_in:
            self._reads = ""
        elif what in ("del", "moveFrom"):
            self._deleted -= 1
        elif what == "rPr":
            self._in_properties = False
        elif what == "p" and self._open:
            self._paragraph(self._open.pop())
        elif what in ASIDE and self._asides:
            self._asides.pop()

    def words(self, said: str) -> None:
        """Words between elements: those of a text, and no others."""
        if not self._reads or self._skipped:
            return
        what = ""
        if self._deleted or self._reads == DELETED_IN:
            what = DELETED
        elif self._reads == FIELD_IN:
            what = FIELD
        elif self._hidden:
            what = HIDDEN
        if self._open:
            self._open[-1].add(said, what)
        else:  # Words of a chart or a drawing outside any paragraph.
            self._aside(said, what)

    def _turn(self) -> None:
        """A page begins. In a text box or a remark that is none of the text's."""
        if self._page and not self._asides:
            self._page += 1
            if self._open:
                self._open[-1].turns.append((self._open[-1].length, self._page))

    def _aside(self, words: str, what: str) -> None:
        self.passages.append(Passage(cleaned(words), (StandsAt(0, self._page, 0),), what or self._part, fragment=True))

    def _paragraph(self, read: _Paragraph) -> None:
        text = "".join(read.said.pop("", ()))
        if text.strip():
            own = not read.part
            self._number += own
            number = self._number if own else 0
            turns = [StandsAt(at, page, number) for at, page in read.turns]
            self.passages.append(_passage(text, [StandsAt(0, read.began_on, number), *turns], read.part))
        for what, said in read.said.items():
            if "".join(said).strip():
                passage = _passage("".join(said), [StandsAt(0, read.began_on, 0)], what)
                self.passages.append(passage._replace(fragment=True))


def _passage(text: str, places: Sequence[StandsAt], part: str) -> Passage:
    """A passage of cleaned words: its places are moved by as many unseen signs as fell out before them."""
    moved = [place._replace(at=len(cleaned(text[: place.at]))) for place in places]
    return Passage(cleaned(text), tuple(moved), part)


# --------------------------------------------------------------------------- parts without paragraphs


def values_of(held: bytes, attributes: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The words of each element of a part that holds no paragraphs, by its name; or of some attributes, by theirs."""
    found: list[tuple[str, str]] = []
    inside: list[list[str]] = []

    def begins(name: str, given: Mapping[str, str]) -> None:
        inside.append([])
        for key, value in given.items():
            if named(key) in attributes and value.strip():
                found.append((named(name), value))

    def words(said: str) -> None:
        if inside:
            inside[-1].append(said)

    def ends(name: str) -> None:
        said = "".join(inside.pop())
        if said.strip() and not attributes:
            found.append((named(name), said))

    _parse(held, begins, ends, words)
    return found


def links_of(held: bytes) -> list[str]:
    """Where the links of a part lead that lead out of the file."""
    found: list[str] = []

    def begins(_: str, given: Mapping[str, str]) -> None:
        if given.get("TargetMode", "").lower() == "external" and given.get("Target"):
            found.append(given["Target"])

    _parse(held, begins, None, None)
    return list(dict.fromkeys(found))

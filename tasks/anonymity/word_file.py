"""
A Word file (.docx) as a draft: its text, and all that is in the file beside it, where what should not leave often is.

It is read in memory, part by part and each within bounds: a file that would grow when it is unpacked is refused before
it does. What is typed as it is read is nothing: no macro runs, no link is followed, nothing is written.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from safeguarding.anonymity.draft import DraftRead, Passage, StandsAt, cleaned
from tasks.anonymity.faults import DraftUnreadable
from tasks.anonymity.word_parts import (
    CHART,
    WHO,
    PartTooLarge,
    PartUnreadable,
    links_of,
    pages_told,
    read_part,
    values_of,
)

MOST_FILES = 5_000
"""Files inside a Word file. A report with two hundred pictures has some three hundred."""
LARGEST_PART, LARGEST_WHOLE = 40_000_000, 120_000_000
"""Bytes of one part, and of all that are read, once unpacked. A report of 500 pages has about 8 million."""
PACKED_AS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How Word packs."""
MAIN = re.compile(r"word/document\d*\.xml")
PARAGRAPHS = (
    (re.compile(r"word/header\d*\.xml"), "header"),
    (re.compile(r"word/footer\d*\.xml"), "footer"),
    (re.compile(r"word/footnotes\d*\.xml"), "footnotes"),
    (re.compile(r"word/endnotes\d*\.xml"), "endnotes"),
    (re.compile(r"word/comments\d*\.xml"), "remarks"),
    (re.compile(r"word/glossary/document\d*\.xml"), "building blocks"),
    (re.compile(r"word/(?:diagrams|charts|drawings)/[^/]+\.xml"), CHART),
)
"""The parts that hold paragraphs, and what each is called."""
VALUES = (
    (re.compile(r"docProps/core\.xml"), "properties of the file", ()),
    (re.compile(r"docProps/app\.xml"), "properties of the file", ()),
    (re.compile(r"docProps/custom\.xml"), "properties of the file", ()),
    (re.compile(r"customXml/item\d*\.xml"), "data beside the text", ()),
    (re.compile(r"word/settings\.xml"), "variables of the file", ("val",)),
    (re.compile(r"word/people\.xml"), WHO, ("author",)),
)
"""The parts that hold values, and what each is called; of some only attributes say anything."""
VARIABLE = "docVar"
LINKS = re.compile(r"(?:word/_rels/|_rels/|word/[^/]+/_rels/)[^/]*\.rels")
WHERE_LINKS_LEAD = "where its links lead"
SAY_WHO = frozenset({"creator", "lastModifiedBy", "Company", "Manager"})
"""Properties that name somebody or a body."""
_COUNTED = """
Template TotalTime Pages Words Characters Application DocSecurity Lines Paragraphs ScaleCrop LinksUpToDate
CharactersWithSpaces SharedDoc HyperlinksChanged AppVersion revision created modified lastPrinted lpstr i4
bool
"""
SAY_NOTHING = frozenset(_COUNTED.split())
"""Properties that Word counts itself. The days on which a file was made are not those of the review."""
UNREAD = (
    (re.compile(r"word/media/"), "picture", "look at each, and whether a face, a place or a name is in it"),
    (re.compile(r"word/embeddings/"), "file inside the file", "open it in Word and look it over by itself"),
    (re.compile(r"word/vbaProject"), "macro", "save the draft as .docx without it"),
)
"""What is in a file and was not looked over."""


def draft_of_word(held: bytes) -> DraftRead:
    """The draft that a Word file holds. Raises DraftUnreadable, which says nothing of what stands in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(held)) as opened:
            return _draft(_Parts(opened))
    except PartUnreadable:
        raise DraftUnreadable("damaged") from None
    except PartTooLarge:
        raise DraftUnreadable("too large inside") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, OverflowError):
        raise DraftUnreadable("damaged") from None
    except (RuntimeError, NotImplementedError):  # Closed with a password as a zip, or packed as no Word packs.
        raise DraftUnreadable("closed") from None


class _Parts:
    """The parts of a file, read within bounds."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._opened, self._read = opened, 0
        self.names = opened.namelist()
        if len(self.names) > MOST_FILES:
            raise DraftUnreadable("too large inside")

    def like(self, form: re.Pattern[str]) -> list[str]:
        """The names of the parts like this, each once."""
        return sorted({name for name in self.names if form.fullmatch(name)})

    def held(self, name: str) -> bytes:
        """What a part holds. Raises DraftUnreadable where it is larger than one can be, however it was declared."""
        if self._opened.getinfo(name).compress_type not in PACKED_AS:
            raise PartUnreadable
        with self._opened.open(name) as part:
            held = part.read(LARGEST_PART + 1)
        self._read += len(held)
        if len(held) > LARGEST_PART or self._read > LARGEST_WHOLE:
            raise DraftUnreadable("too large inside")
        return held


def _draft(parts: _Parts) -> DraftRead:
    mains = parts.like(MAIN)
    if not mains:
        raise DraftUnreadable("no Word file")
    passages: list[Passage] = []
    who: list[str] = []
    held = parts.held(mains[0])
    pages_by = pages_told(held)
    for part, content in [
        ("", held),
        *((what, parts.held(name)) for form, what in PARAGRAPHS for name in parts.like(form)),
    ]:
        read = read_part(content, part, pages_by)
        passages += read.passages
        who += read.who
    passages += _beside(parts)
    passages += [_aside(name, WHO, names_somebody=True) for name in dict.fromkeys(who)]
    body_first = sorted(passages, key=lambda one: bool(one.part))
    return DraftRead(tuple(body_first), pages_by, "paragraph", tuple(_unread(parts)))


def _beside(parts: _Parts) -> Iterator[Passage]:
    """What is said of a file, and where its links lead."""
    for form, what, attributes in VALUES:
        for name in parts.like(form):
            for said_of, value in values_of(parts.held(name), attributes):
                if said_of in SAY_WHO or what == WHO:
                    yield _aside(value, what, names_somebody=True)
                elif attributes and said_of != VARIABLE:
                    continue
                elif said_of not in SAY_NOTHING:
                    yield _aside(value, what)
    for name in parts.like(LINKS):
        for target in links_of(parts.held(name)):
            yield _aside(target, WHERE_LINKS_LEAD)


def _aside(words: str, part: str, *, names_somebody: bool = False) -> Passage:
    return Passage(cleaned(words), (StandsAt(0, 0, 0),), part, names_somebody, fragment=True)


def _unread(parts: _Parts) -> Iterator[str]:
    for form, what, do in UNREAD:
        if count := sum(1 for name in parts.names if form.match(name) and not name.endswith("/")):
            many = f"{count} {what}{'' if count == 1 else 's'}"
            yield f"Not looked over: {many} in the file: {do}."

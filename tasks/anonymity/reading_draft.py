"""
A draft read from its bytes: a Word file or a plain text. It stays in memory; nothing of it is written anywhere.
"""

from __future__ import annotations

from pathlib import Path

from config.encodings import Unreadable, letters
from safeguarding.anonymity.draft import DraftRead, draft_of_text
from safeguarding.anonymity.identifiers import LONGEST_NAME, MOST_NAMES
from safeguarding.errors import SafeguardingError
from tasks.anonymity.faults import LARGEST, MOST_LETTERS, DraftUnreadable, WhyUnreadable
from tasks.anonymity.word_file import draft_of_word

LARGEST_LIST = MOST_NAMES * LONGEST_NAME
"""Bytes of a list of names."""
ZIPPED = b"PK\x03\x04"
BEGINS: tuple[tuple[bytes, WhyUnreadable], ...] = (
    (b"\xd0\xcf\x11\xe0", "old Word"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "other"),
    (b"PK\x05\x06", "no Word file"),
)
"""How files begin that are no draft as it is looked over."""


class NamesUnfit(SafeguardingError):
    """A list of names cannot be used. It names lines by their number and never by their words."""

    code = "names-unfit"

    def __init__(self, unmet: tuple[str, ...]) -> None:
        self.unmet = unmet
        super().__init__(f"The list of names cannot be used: {'; '.join(unmet)}.", unmet)


def draft_of(held: bytes) -> DraftRead:
    """The draft that these bytes hold. Raises DraftUnreadable."""
    if len(held) > LARGEST:
        raise DraftUnreadable("too large")
    if not held.strip(b"\0 \t\r\n"):
        raise DraftUnreadable("empty")
    for begins, why in BEGINS:
        if held.startswith(begins):
            raise DraftUnreadable(why)
    draft = draft_of_word(held) if held.startswith(ZIPPED) else draft_of_text(_text(held))
    if sum(len(passage.text) for passage in draft.passages) > MOST_LETTERS:
        raise DraftUnreadable("too many words")
    return draft


def _text(held: bytes) -> str:
    try:
        text = letters(held)
    except Unreadable:
        raise DraftUnreadable("other" if b"\0" in held else "not UTF-8") from None
    if "\0" in text:
        raise DraftUnreadable("other")
    return text


def names_of(held: bytes) -> tuple[str, ...]:
    """The names of a list, one a line. Raises NamesUnfit."""
    if len(held) > LARGEST_LIST:
        raise NamesUnfit((f"it has more than {MOST_NAMES} lines of at most {LONGEST_NAME} letters",))
    try:
        lines = letters(held).splitlines()
    except Unreadable as wrong:
        raise NamesUnfit(tuple(f"{where}: {why}" for where, why in wrong.each)) from None
    found = [line.strip() for line in lines if line.strip()]
    wrong_ones = [
        f"line {number} has more than {LONGEST_NAME} letters: one name a line"
        for number, line in enumerate(lines, 1)
        if len(line.strip()) > LONGEST_NAME
    ]
    if len(found) > MOST_NAMES:
        wrong_ones.append(f"it has more than {MOST_NAMES} names")
    if wrong_ones:
        raise NamesUnfit(tuple(wrong_ones))
    return tuple(found)


def bytes_at(file: Path, most: int = LARGEST) -> bytes:
    """What a file holds, one byte more than `most` where there is more. Raises DraftUnreadable where there is none."""
    try:
        if not file.is_file():  # A pipe or a device would be read for ever.
            raise DraftUnreadable("not there")
        with file.open("rb") as opened:
            return opened.read(most + 1)
    except (OSError, ValueError):
        raise DraftUnreadable("not there") from None

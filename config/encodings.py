"""
The bytes of a file as letters: UTF-8, or UTF-16 where its mark says so; anything else is named with its line and key.

Excel, Notepad and older editors write Windows-1252. What its bytes would mean as another encoding is not guessed: an
accent that became another sign would be kept for good.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator


class Unreadable(ValueError):
    """A file, or what it holds, cannot be read: where in it, and why, for each thing wrong. Never what stands there."""

    def __init__(self, where: str, why: str, *more: Unreadable) -> None:
        self.each: tuple[tuple[str, str], ...] = ((where, why), *(pair for other in more for pair in other.each))
        super().__init__("; ".join(f"{where}: {why}" for where, why in self.each))

    @classmethod
    def all_of(cls, found: list[Unreadable]) -> Unreadable:
        """Several as one, in their order, each said once."""
        pairs = list(dict.fromkeys(pair for one in found for pair in one.each))
        rest = f"{len(pairs) - MOST_NAMED} more such lines" if len(pairs) > MOST_NAMED else ""
        named = [cls(*pair) for pair in pairs[:MOST_NAMED]]
        return cls(*pairs[0], *named[1:], *([cls("(file)", rest)] if rest else []))


MOST_NAMED = 10
"""How many lines of one file are named at once."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_AS_TEXT = "open it there and save it as plain text in UTF-8 (Notepad: Save as, Encoding UTF-8)"
_OTHER_FILES = {
    b"PK\x03\x04": "is a Word, Excel or zip file and no text",
    b"\xd0\xcf\x11\xe0": "is a file of an older Word or Excel and no text",
    b"{\\rtf": "is a file in Rich Text Format and no plain text",
    b"%PDF": "is a PDF and no text",
}
"""How files begin that are given for a text."""
_KEY = re.compile(rb"""(?:^|[{,])[ \t]*(?:-[ \t]+)?[{"']{0,2}([a-z][a-z0-9_]{0,59})["']?[ \t]*:(?=\s)""", re.M)


def letters(held: bytes) -> str:
    """The text, without the mark that some editors put before it. Raises Unreadable, each line that is wrong named."""
    for begins, what in _OTHER_FILES.items():
        if held.startswith(begins):
            raise Unreadable("line 1", f"{what}: {_AS_TEXT}")
    if held.startswith(_UTF16) and not held.startswith(_UTF32):
        return _utf16(held)
    if held.startswith(_UTF32):
        raise Unreadable("line 1", "is UTF-32: save it as UTF-8")
    if b"\0" in held[:4]:
        raise Unreadable("line 1", "is UTF-16 without a mark that says so, or no text: save it as UTF-8")
    try:
        return held.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable.all_of(list(_other_letters(held))) from None


def _utf16(held: bytes) -> str:
    try:
        return held.decode("utf-16")
    except UnicodeDecodeError as error:
        line = held[: error.start].decode("utf-16", "replace").count("\n") + 1
        raise Unreadable(f"line {line}", "is UTF-16 that is broken: save the file as UTF-8") from None


def _other_letters(held: bytes) -> Iterator[Unreadable]:
    """Each line that is not UTF-8, with the key that it stands under."""
    under = ""
    for number, line in enumerate(held.split(b"\n"), 1):
        try:
            line.decode()
            good = len(line)
        except UnicodeDecodeError as error:
            good = error.start
        keys = _KEY.findall(line[:good])
        under = keys[-1].decode() if keys else under
        if good < len(line):
            at = f" (at '{under}')" if under else ""
            yield Unreadable(
                f"line {number}",
                f"is not UTF-8: it looks like Windows-1252, as Excel and older editors write{at}: save the file as "
                "UTF-8 (Notepad: Save as, Encoding UTF-8), and look whether its accents and quotation marks are right",
            )
        under = (_KEY.findall(line) or [under.encode()])[-1].decode()

"""
What people type, as it is kept: what looks the same becomes the same letters, or the place is named where it cannot.

The one place at the door for words, days and numbers, whether they come from a form, a file or a command. Word, Excel
and mail programs bring no-break spaces, soft hyphens, signs of no width and marks of direction along, and Macs write
an accent as a letter of its own. Nothing behind the door judges words again. Words are never repeated in a complaint.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterator
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple, get_args, get_origin

# --------------------------------------------------------------------------- words

_PLAIN_LINE = re.compile(r"[!-~]+(?: [!-~]+)*|")
_PLAIN_TEXT = re.compile(r"[\n\t -~]*")
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
"""Ends of a line: Windows' and older Macs', Word's break inside a paragraph, and those of other machines."""
_BLANK = frozenset("\u2800")
"""Signs that are drawn as nothing although they are not called spaces."""
_SELECTORS = range(0xFE00, 0xFE10)
_IGNORED = frozenset(
    (
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
        *(*range(0x180B, 0x1810), *_SELECTORS, *range(0xE0100, 0xE01F0)),
    )
)
"""What Unicode tells programs to ignore when they draw, beside its signs of format (Default_Ignorable_Code_Point)."""
_DRAWN = frozenset([*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD])
"""Signs of format that are drawn all the same, before the number they belong to."""
_JOINERS = frozenset("\u200c\u200d")
_BULLET = "\uf0b7"
"""Word's bullet, a sign of the font Symbol that no other program knows."""
_KINDS = {"Cc": "a control character", "Cs": "half of a character", "Co": "a sign of one font only"}
SPREADSHEET_FAULTS = frozenset(
    {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)
"""What a cell shows whose formula has nothing to show."""
LOST = "\ufffd"
"""What a program writes for a letter that it could not read."""


def one_line(text: str) -> str:
    """
    Words in one line, as a name, a title or a reference is kept and any message may carry it.

    Composed letters (NFC); every kind of space and break is one space; what cannot be seen is left out. Raises
    ValueError, in words that follow the name of a question and repeat nothing, for signs that cannot be kept.
    """
    if text in SPREADSHEET_FAULTS:
        raise ValueError(f"is no words but the fault of a spreadsheet ({text}): type what is meant")
    if _PLAIN_LINE.fullmatch(text):
        return text
    _refuse(text, one=True)
    kept = (" " if _is_space(sign) else sign for sign in text if not _is_unseen(sign))
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def several_lines(text: str) -> str:
    """
    Free text as it is kept: composed letters, plain spaces, one kind of line end, nothing that cannot be seen.

    The joiners that some scripts and pictures need between two of their signs stay. Raises ValueError as `one_line`.
    """
    if _PLAIN_TEXT.fullmatch(text):
        return text.strip()
    text = _BREAKS.sub("\n", text.replace(_BULLET, "\u2022"))
    _refuse(text, one=False)
    while (seen := "".join(_without_unseen(text))) != text:  # What joined a sign that went joins nothing any more.
        text = seen
    kept = (" " if _is_space(sign) and sign not in "\n\t" else sign for sign in text)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _is_space(sign: str) -> bool:
    return sign.isspace() or sign in _BLANK


def _is_unseen(sign: str) -> bool:
    return ord(sign) in _IGNORED or (unicodedata.category(sign) == "Cf" and ord(sign) not in _DRAWN)


def _without_unseen(text: str) -> Iterator[str]:
    for at, sign in enumerate(text):
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        joins = sign in _JOINERS and _may_be_joined(before) and _may_be_joined(after)
        if joins or (ord(sign) in _SELECTORS and _may_be_joined(before)) or not _is_unseen(sign):
            yield sign


def _may_be_joined(sign: str) -> bool:
    """Whether this is a sign of a script, or a picture, that may be joined to another: no letter of ours is."""
    drawn = sign != "" and (unicodedata.category(sign)[0] in "LMS" or ord(sign) in _SELECTORS)
    return drawn and not sign.isascii() and not unicodedata.name(sign, "").startswith("LATIN")


def _refuse(text: str, *, one: bool) -> None:
    """Raises ValueError where there are signs that cannot be kept: which kind the first is, where, and how many."""
    found = [(at, why) for at, sign in enumerate(text) if (why := _unkept(sign, one=one)) is not None]
    if not found:
        return
    at, why = found[0]
    line, letter = text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
    where = f"at letter {letter}" if "\n" not in text.strip() else f"in its line {line}, at letter {letter}"
    more = "" if len(found) == 1 else f", and {len(found) - 1} more such sign{'' if len(found) == 2 else 's'} after it"
    raise ValueError(f"holds {why} {where}{more}: type it again there")


def _unkept(sign: str, *, one: bool) -> str | None:
    """Why a sign cannot be kept, or None. `one`: in a line that a message carries."""
    if (sign.isascii() and sign.isprintable()) or sign in "\n\t\r" or (sign == _BULLET and not one):
        return None
    kind = unicodedata.category(sign)
    if sign == LOST:
        return "the sign for a letter that was lost"
    if kind == "Cc" and not (one and _BREAKS.fullmatch(sign)):
        return f"{_KINDS[kind]}, which cannot be seen,"
    if kind in ("Cs", "Co"):
        return _KINDS[kind]
    if kind == "Cn" and (one or ord(sign) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(sign) <= 0xFDEF):
        return "a sign that stands for no letter"
    return "a sign that messages cannot carry" if one and ord(sign) in _DRAWN else None


# --------------------------------------------------------------------------- answers of another kind

_A_DAY = re.compile(r"\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*")
A_DAY = "give a date, such as 2026-12-18 (year, month, day)"
EARLIEST = date(1900, 1, 1)
SINCE_1900 = f"no day before {EARLIEST.year} can be meant: give the year with four figures, such as 2026"
A_NUMBER = "give a whole number, such as 3"
_DASHES = str.maketrans({**dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"), "\u2018": "'", "\u2019": "'"})
_YES_OR_NO = {"true": "yes", "y": "yes", "false": "no", "n": "no"}
"""How Excel and other programs write what a form calls yes and no."""


class Kinds(NamedTuple):
    """What may be typed in the place of an answer or a value."""

    offered: tuple[str, ...]
    """The words between which one is chosen."""
    a_day: bool
    a_number: bool
    """A number, and neither yes nor no."""
    words: bool


def leaves(annotation: Any) -> Iterator[Any]:
    """The annotation and everything inside it: the parts of tuples, unions and Annotated."""
    yield annotation
    if get_origin(annotation) is Literal:
        return
    for arg in get_args(annotation):
        yield from leaves(arg)


def kinds_of(annotation: Any) -> Kinds:
    """What kinds of value an annotation takes."""
    return _kinds(annotation)


@cache
def _kinds(annotation: Hashable) -> Kinds:
    every = list(leaves(annotation))
    offered = [word for leaf in every if get_origin(leaf) is Literal for word in get_args(leaf)]
    return Kinds(
        offered=tuple(word for word in offered if isinstance(word, str)),
        a_day=date in every,
        a_number=(int in every or float in every) and bool not in every and not (set(offered) & {True, False}),
        words=str in every,
    )


def as_meant(given: Any, kinds: Kinds) -> Any:
    """
    A value that is no words as it is meant: a day only as it is written and never as a number, a number never as yes.

    Raises ValueError, in words, for one that something else would be made of without a word.
    """
    for one in given if isinstance(given, list | tuple) else ():
        as_meant(one, kinds)
    if isinstance(given, list | tuple):
        return given
    if kinds.a_day and given is not None and not (isinstance(given, date) or _A_DAY.fullmatch(str(given))):
        raise ValueError(A_DAY)
    if kinds.a_number and isinstance(given, bool):
        raise ValueError(A_NUMBER)
    return given


def is_ancient(given: Any, kinds: Kinds) -> bool:
    """Whether a day that is written as one lies before everything that is recorded: a year that lost its century."""
    if isinstance(given, list | tuple):
        return any(is_ancient(one, kinds) for one in given)
    # A day begins with the four figures of its year, as it is written and as it is printed.
    return kinds.a_day and given is not None and str(given).strip()[:4] < str(EARLIEST.year)


def as_offered(given: Any, offered: tuple[str, ...]) -> Any:
    """The one of the words on offer that was meant, whatever its capitals, dashes and spaces; else what was given."""
    if isinstance(given, list | tuple):
        return [as_offered(one, offered) for one in given]
    if isinstance(given, bool) and {"yes", "no"} <= set(offered):
        return "yes" if given else "no"
    if not isinstance(given, str) or given in offered:
        return given
    try:
        typed = _plainly(one_line(given))
    except ValueError:
        return given
    same = {_plainly(word): word for word in offered}
    return same.get(typed) or (same.get(_YES_OR_NO.get(typed, "")) if {"yes", "no"} <= same.keys() else None) or given


def _plainly(words: str) -> str:
    return words.translate(_DASHES).casefold()


def looks(name: str) -> str:
    """The same for two names that a reader cannot tell apart by capitals, dashes or the width of their letters."""
    return unicodedata.normalize("NFKC", _plainly(name))


_CURLY = re.compile(r"(?<=\w)[\u2018\u2019\u02bc](?=\w)")
_LIKE_OURS = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
"""Scripts that have letters which look like Latin ones and are others."""


def with_straight_apostrophes(text: str) -> str:
    """The same with Word's curly apostrophe inside a word as the straight one of the keyboard."""
    return _CURLY.sub("'", text)


def mixes_letters(word: str) -> str | None:
    """
    The script of which letters stand in a word of Latin ones, in words, where it has letters that look like Latin ones.

    A reader cannot tell such a word from another; nobody writes one but by a slip, or to be taken for somebody else.
    """
    scripts = {unicodedata.name(sign, "").partition(" ")[0] for sign in word if sign.isalpha()}
    strange = sorted(scripts & _LIKE_OURS)
    return strange[0].capitalize() if "LATIN" in scripts and strange else None


def plain_id(name: str, otherwise: str) -> str:
    """An id made of a name: small letters without accents, figures and _; a word of ours where it has none of them."""
    plain = (
        unicodedata.normalize("NFKD", name.replace("'", "").replace("\u2019", "")).encode("ascii", "ignore").decode()
    )
    words = "_".join(re.findall(r"[a-z0-9]+", plain.lower()))
    if not words:
        return otherwise
    return words if words[0].isalpha() and words not in _READ_OTHERWISE else f"{otherwise}_{words}"


_READ_OTHERWISE = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Words that a file would have as a value, and not as an id."""

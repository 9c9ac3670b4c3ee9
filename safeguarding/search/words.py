"""
Words that are looked for, and whether a text has them: whatever its capitals, accents, dashes and signs.

Several words are looked for all together, a phrase in quotation marks as it stands. A word of one or two letters or
figures is looked for whole, a longer one also begins a longer word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

LONGEST = 100
"""Letters of what is looked for."""
WHOLE = 2
"""Letters up to which a word is looked for as it stands."""
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})
"""Letters that Unicode does not take apart into a plain one and its accent, as people type them."""
_DROPPED = re.compile("['\u2018\u2019\u201b\u02bc\u0060\u00b4\u00ad\u200b-\u200d\u2060\ufeff]")
"""Apostrophes, and signs that nobody sees."""
_DASHES = re.compile(
    "[-\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\ufe58"
    "\ufe63\uff0d]"
)
_SIGNS = re.compile(r"[\W_]+")
_IN_QUOTES = re.compile('"([^"]*)"|\u201c([^\u201d]*)\u201d|\u00ab([^\u00bb]*)\u00bb')


class FoldedText(NamedTuple):
    """A text as it is looked through: words between spaces, with each dash as a space and with none at all."""

    apart: str
    joined: str


class SearchTerm(NamedTuple):
    """One word or phrase that is looked for."""

    apart: str
    joined: str
    whole: bool
    """Whether it is to stand as it is; else longer words may begin with it."""


def folded(text: str) -> FoldedText:
    """A text as it is looked through."""
    plain = _DROPPED.sub("", _letters(text))
    apart = f" {_SIGNS.sub(' ', plain).strip()} "
    if not _DASHES.search(plain):
        return FoldedText(apart, apart)
    return FoldedText(apart, f" {_SIGNS.sub(' ', _DASHES.sub('', plain)).strip()} ")


def _letters(text: str) -> str:
    """Small letters without accents."""
    if text.isascii():
        return text.casefold()
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).casefold()
    return "".join(one for one in small if not unicodedata.combining(one)).translate(PLAIN)


def terms_of(typed: str) -> tuple[SearchTerm, ...]:
    """What is looked for, each word and each phrase once; nothing where only signs were typed."""
    found: list[SearchTerm | None] = []
    rest = 0
    for quoted in _IN_QUOTES.finditer(typed):
        found += map(_term, typed[rest : quoted.start()].split())
        found.append(_term(next(part for part in quoted.groups() if part is not None), phrase=True))
        rest = quoted.end()
    found += map(_term, typed[rest:].split())
    return tuple(dict.fromkeys(one for one in found if one is not None))


def phrase_of(typed: str) -> tuple[SearchTerm, ...]:
    """All that was typed as one phrase."""
    found = _term(typed, phrase=True)
    return (found,) if found else ()


def _term(typed: str, *, phrase: bool = False) -> SearchTerm | None:
    text = folded(typed)
    apart, joined = text.apart.strip(), text.joined.strip()
    return SearchTerm(apart, joined, phrase or len(joined) <= WHOLE) if joined else None


def holds(text: FoldedText, term: SearchTerm) -> bool:
    """Whether a text has a word or phrase."""
    end = " " if term.whole else ""
    if f" {term.apart}{end}" in text.apart:
        return True
    return (term.joined != term.apart or text.joined != text.apart) and f" {term.joined}{end}" in text.joined


def held(texts: Iterable[FoldedText], terms: Iterable[SearchTerm]) -> set[SearchTerm]:
    """Those of what is looked for that at least one of some texts has."""
    there = [*texts]
    return {term for term in terms if any(holds(text, term) for text in there)}


def plainly(words: str) -> str:
    """Letters and figures alone: as a reference, a pseudonym or a name is compared whole."""
    return "".join(sign for sign in _letters(words) if sign.isalnum())

"""
The words of a text one by one: as they are compared, whether each has a capital, and whether it needs one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_BEGINS = re.compile(
    r"""(?:^|[.!?:;|\u2022\u2026]|(?:^|\s)[0-9]+(?:\.[0-9]+)*\.?)[\s"'(\[-]*$|["(\[][\s"'(\[-]*$|(?:^|\s)'$"""
)
"""What stands before the first word of a sentence, a quotation or a remark in brackets."""
LOOKED_BACK = 12
"""Signs before a word by which it is told whether a sentence begins with it."""


class Word(NamedTuple):
    """A word of a text, from which sign to which."""

    plain: str
    """Written small, without accents and without the 's of a possessive: how it is compared."""
    start: int
    end: int
    capital: bool
    """Whether it is written with a capital first."""
    shouted: bool
    """Whether all of it is in capitals, as a short form is."""
    begins: bool
    """Whether a sentence begins with it, so that it has a capital whatever it is."""


def plain_word(word: str) -> str:
    """A word as it is compared."""
    small = word.casefold()
    if not small.isascii():
        apart = unicodedata.normalize("NFKD", small)
        small = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return small.removesuffix("'s").replace("'", "")


def words_of(text: str) -> Iterator[Word]:
    """Every word of a text typed plainly, in order."""
    for found in _WORD.finditer(text):
        said, start = found.group(), found.start()
        end = found.end() - (2 if said[-2:].lower() == "'s" else 0)
        capital = said[0].isupper()
        before = ("x" if start > LOOKED_BACK else "") + text[max(0, start - LOOKED_BACK) : start]
        begins = capital and _BEGINS.search(before) is not None
        yield Word(plain_word(said), start, end, capital, capital and len(said) > 1 and said[:-1].isupper(), begins)


def capitals_of(text: str) -> list[Word]:
    """The words that are written with a capital and are no short form in capitals."""
    return [word for word in words_of(text) if word.capital and not word.shouted]


def small_words_of(texts: Iterable[str]) -> frozenset[str]:
    """Every word that is written small somewhere."""
    return frozenset(word.plain for text in texts for word in words_of(text) if not word.capital)

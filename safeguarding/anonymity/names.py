"""
Names in a draft: those that the record or whoever asks knows, and words with a capital that look like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from safeguarding.anonymity.details import DetailKind, Spot, Strength
from safeguarding.anonymity.given_names import GIVEN_NAMES
from safeguarding.anonymity.identifiers import IN_SEALED_WORDS, Identifiers
from safeguarding.anonymity.vocabulary import GENERIC
from safeguarding.anonymity.words_read import Word, small_words_of, words_of

TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Rev|Reverend|Sir|Dame|PC|DC|DS|DI|DCI|Sgt|Sergeant|Judge"
    r"|Nurse|Auntie|Aunt|Uncle|Nan|Sister|Father)"
    r"\.?\s+(?!Justice|Trust|Panel)[A-Z][a-z][\w'-]{0,40}(?:\s+[A-Z][a-z][\w'-]{0,40})?"
)
INITIAL = re.compile(
    r"\b(?:Dr|Prof|Professor|Rev|PC|DC|DS|DI|DCI|Sgt|Sergeant|Judge|Nurse)\.?\s+[A-Z](?:\.(?![A-Z])|(?![\w.'-]))"
)
"""A title of somebody's work and one letter. «Mr A» is how a report speaks of a person, and is left alone."""
CALLED = re.compile(
    r"\b(?i:called|named|known as|nicknamed|alias|a\.?k\.?a\.?)\s+'?\"?[A-Z][\w'-]{1,40}(?:\s+[A-Z][\w'-]{1,40}){0,2}"
)
BEFORE_A_PLACE = frozenset({"in", "at", "near", "from", "around", "outside", "towards", "to", "via", "off"})
_DONE = """
told said lived died attended went moved disclosed presented reported became described asked felt returned loved liked
enjoyed wanted refused himself herself
"""
WHAT_PEOPLE_DO = frozenset(_DONE.split())
"""What stands after somebody's name and seldom after anything else with which a sentence begins."""
_NOUN = re.compile(r"(?:s|tion|ing|ly|ment|ness|ity|ance|ence|ism|ed|er|or|ist|ian|al|ure|age)$")
A_NAME = "Looks like a name: a word with a capital that is none of those that every report has."
A_PLACE = "Looks like the name of a place."
WITH_A_TITLE = "A name behind a title: who wrote it knew of whom."
A_HEADING = 0.6
"""From which share of words with a capital on a passage is a heading, whose capitals say nothing."""


class NamesSought(NamedTuple):
    """What is known before a passage is read."""

    identifiers: Identifiers
    suspects: frozenset[str]
    """Words that look like names somewhere in the draft."""
    small: frozenset[str]
    """Words that are written small somewhere in the draft."""
    begins: Mapping[str, int]
    """With which words the known names begin, and how many words the longest of them has."""


def sought_in(texts: Sequence[str], identifiers: Identifiers) -> NamesSought:
    """What is to be looked for in the passages of a draft: among it the words of it that look like names."""
    small = small_words_of(texts)
    found: set[str] = set()
    for text in texts:
        words = list(words_of(text))
        if not _is_heading(text, words):
            found |= {word.plain for word in words if not word.begins and _suspect(word, small)}
            found |= {word.plain for word, after in pairwise(words) if _acts(word, after) and _suspect(word, small)}
        found |= {word.plain for word in words if word.capital and word.plain in GIVEN_NAMES}
    begins: dict[str, int] = {}
    for phrase in identifiers.phrases:
        begins[phrase[0]] = max(len(phrase), begins.get(phrase[0], 0))
    return NamesSought(identifiers, frozenset(found), small, begins)


def _is_heading(text: str, words: Sequence[Word]) -> bool:
    ends = text.rstrip("\"') ")[-1:] in (".", "!", "?")
    return not ends and len(words) > 1 and sum(word.capital for word in words) >= A_HEADING * len(words)


def _acts(word: Word, after: Word) -> bool:
    """Whether a word with which a sentence begins does what people do, and looks like no common noun."""
    return word.begins and after.plain in WHAT_PEOPLE_DO and not _NOUN.search(word.plain)


def _suspect(word: Word, small: frozenset[str]) -> bool:
    if not word.capital or word.shouted or len(word.plain) <= 1 or word.plain[0].isdecimal():
        return False
    plain = word.plain
    return plain not in small and plain not in GENERIC and plain.removesuffix("s") not in GENERIC


def names_in(text: str, sought: NamesSought, *, fragment: bool = False) -> Iterator[Spot]:
    """Every name of a text typed plainly, and every word that looks like one; in a fragment its first word too."""
    words = list(words_of(text))
    yield from _known(words, sought)
    for form, why in ((TITLED, WITH_A_TITLE), (CALLED, "A name by which somebody is called.")):
        for found in form.finditer(text):
            if any(word.plain not in GENERIC and word.capital for word in words_of(found.group())):
                yield Spot(*found.span(), DetailKind.NAME, why)
    for found in INITIAL.finditer(text):
        yield Spot(*found.span(), DetailKind.NAME, "A title and a letter: it may be that of the name.", Strength.MAY_BE)
    besides = frozenset(word.plain for word in words if _suspect(word, sought.small)) if fragment else frozenset()
    yield from _looks_like_names(text, words, sought.suspects | besides if besides else sought.suspects)


def _known(words: Sequence[Word], sought: NamesSought) -> Iterator[Spot]:
    known = sought.identifiers
    for place, word in enumerate(words):
        if longest := sought.begins.get(word.plain):
            for length in range(min(longest, len(words) - place), 0, -1):
                phrase = tuple(one.plain for one in words[place : place + length])
                if as_what := known.phrases.get(phrase):
                    yield Spot(word.start, words[place + length - 1].end, *as_what, Strength.KNOWN)
                    break
        if word.capital and word.plain in known.capitals:
            yield Spot(word.start, word.end, *known.capitals[word.plain], Strength.KNOWN)
        if word.capital and word.plain in known.sealed_names:
            yield Spot(word.start, word.end, DetailKind.NAME, IN_SEALED_WORDS, Strength.KNOWN)


def _looks_like_names(text: str, words: Sequence[Word], suspects: frozenset[str]) -> Iterator[Spot]:
    """Words that look like names, those beside each other as one."""
    place = 0
    while place < len(words):
        if not (words[place].capital and words[place].plain in suspects):
            place += 1
            continue
        last = place
        while last + 1 < len(words) and _goes_on(text, words[last], words[last + 1], suspects):
            last += 1
        before = words[place - 1].plain if place else ""
        kind, why = (DetailKind.PLACE, A_PLACE) if before in BEFORE_A_PLACE else (DetailKind.NAME, A_NAME)
        yield Spot(words[place].start, words[last].end, kind, why, Strength.MAY_BE)
        place = last + 1


def _goes_on(text: str, one: Word, other: Word, suspects: frozenset[str]) -> bool:
    return other.capital and other.plain in suspects and text[one.end : other.start] in (" ", "-")

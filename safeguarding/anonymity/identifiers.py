"""
What the record knows of a review by which somebody could be known: days, names, agencies, words of its sealed texts.

It is made in memory for one look at one draft. What comes of sealed words is asked only whether a word of the draft is
among it: nothing here is ever shown, written down or kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from safeguarding.anonymity.details import DetailKind
from safeguarding.anonymity.draft import cleaned, typed_plainly
from safeguarding.anonymity.vocabulary import GENERIC
from safeguarding.anonymity.words_read import Word, capitals_of, small_words_of, words_of
from safeguarding.law.milestones import MILESTONES
from safeguarding.law.partnership import Partnership
from safeguarding.review.events import Event
from safeguarding.review.review import Review
from safeguarding.review.words import agency_name
from safeguarding.shown.sealed_words import title_of


class KnownAs(NamedTuple):
    """As what a name or word is known, and why it matters."""

    kind: DetailKind
    why: str


Phrase = tuple[str, ...]
"""Words that stand one after the other, each as `Word.plain` has it."""
SHORTEST_PART = 3
"""Letters from which on a part of somebody's name is looked for by itself."""
MOST_NAMES, LONGEST_NAME = 2_000, 120
"""Lines of a list of names that is given beside a draft, and letters of one."""
AN_AREA = "A word of the partnership's own name: it says which area it is."
OF_AN_AREA = frozenset({"of", "and", "the", "for", "in", "on", "upon", "with"})


@dataclass(frozen=True, slots=True)
class Identifiers:
    """By what somebody of one review could be known. Its text says nothing of what it holds."""

    days: Mapping[date, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """Days that the record holds openly, and what happened on each, in words that nobody typed."""
    phrases: Mapping[Phrase, KnownAs] = field(default_factory=dict, repr=False)
    """Names of people, agencies and the area, and as what."""
    capitals: Mapping[str, KnownAs] = field(default_factory=dict, repr=False)
    """Single words that count where they are written with a capital, and as what."""
    sealed_names: frozenset[str] = field(default_factory=frozenset, repr=False)
    """Words that look like names in the sealed words of the review."""
    sealed_words: frozenset[Phrase] = field(default_factory=frozenset, repr=False)
    """What the rules of the aid find in the sealed words, word by word."""
    sealed_days: frozenset[str] = field(default_factory=frozenset, repr=False)
    """Days that stand in the sealed words, as `Spot.same` says them."""


NOBODY = Identifiers()
"""Of no review: only what stands in a draft by itself is found."""
IN_SEALED_WORDS = "It stands in the sealed words of this review too."
NOT_PUBLIC = "The reference of a review of which nothing is public."
ON_ITS_RECORD = "Somebody on this review's record: who they are leads to who was involved."
IN_YOUR_LIST = "It stands in the list of names that you gave."


def open_identifiers(
    review: Review,
    events: Sequence[Event],
    partnership: Partnership,
    names: Iterable[str] = (),
    references: Iterable[str] = (),
) -> Identifiers:
    """
    What the record holds openly of a review and its partnership, with names that whoever asks gives besides, and the
    references of reviews of which nothing is public.
    """
    phrases: dict[Phrase, KnownAs] = {}
    capitals: dict[str, KnownAs] = {}
    for person in partnership.whole.people:
        for name in (person.name, *person.formerly):
            why = "Somebody of the partnership's file: who they are leads to the area and to who was involved."
            _whole_name(name, why, phrases, capitals, parts=False)
    for key, name in review.names.items():  # Somebody who left the file is known by the lines that name them.
        if partnership.agency_named(key) is None:
            _whole_name(name, ON_ITS_RECORD, phrases, capitals, parts=False)
    theirs = {one.agency for one in review.requests} | {one.agency for one in review.actions}
    for agency in (*(one.id for one in partnership.whole.agencies), *sorted(theirs)):
        why = (
            "An agency of this review."
            if agency in theirs
            else "An agency of the partnership: it says which area it is."
        )
        _own_name(agency_name(agency, partnership), why, phrases)
    for partner in partnership.partners:
        _own_name(partner.name, "A partner: it says which area it is.", phrases)
    for word in _area_words(partnership):
        capitals[word] = KnownAs(DetailKind.AGENCY, AN_AREA)
    for reference in references:
        phrases[_plain(reference)] = KnownAs(DetailKind.NUMBER, NOT_PUBLIC)
    for line in names:
        _whole_name(line, IN_YOUR_LIST, phrases, capitals, parts=True)
    return Identifiers(days=days_of(review, events), phrases=phrases, capitals=capitals)


def days_of(review: Review, events: Sequence[Event]) -> dict[date, tuple[str, ...]]:
    """The days that a review's record holds openly: of its marks, and those that were answered on its forms."""
    found: dict[date, list[str]] = {}
    for mark in review.marks:
        found.setdefault(mark.on, []).append(MILESTONES.get(mark.name, mark.name.replace("_", " ")))
    for event in events:
        for name, day in _days_in(event.facts):
            found.setdefault(day, []).append(title_of(event.kind, name) if name else event.kind.replace("_", " "))
    return {day: tuple(dict.fromkeys(said)) for day, said in found.items()}


def _days_in(facts: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, date]]:
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from _days_in(value, f"{under}{name}.")
        elif isinstance(value, date):
            yield f"{under}{name}", value
        elif isinstance(value, str) and len(value) == len("2025-03-03"):
            try:
                yield f"{under}{name}", date.fromisoformat(value)
            except ValueError:
                continue


def _whole_name(
    name: str, why: str, phrases: dict[Phrase, KnownAs], capitals: dict[str, KnownAs], *, parts: bool
) -> None:
    """A name as a whole, its last word by itself; with `parts`, each of its words."""
    whole = _plain(name[:LONGEST_NAME])
    if len(whole) > 1:
        phrases.setdefault(whole, KnownAs(DetailKind.NAME, why))
    for word in whole if parts else whole[-1:]:
        if len(whole) == 1 or (len(word) >= SHORTEST_PART and word not in GENERIC):
            capitals.setdefault(word, KnownAs(DetailKind.NAME, why))


def _plain(name: str) -> Phrase:
    return tuple(word.plain for word in words_of(typed_plainly(cleaned(name))))


def _own_name(name: str, why: str, phrases: dict[Phrase, KnownAs]) -> None:
    """The name of a body, unless it is made of words that every area has."""
    whole = _plain(name)
    if any(word not in GENERIC and word.rstrip("s") not in GENERIC for word in whole):
        phrases[whole] = KnownAs(DetailKind.AGENCY, why)


def _area_words(partnership: Partnership) -> list[str]:
    words = words_of(typed_plainly(cleaned(partnership.name)))
    return [word.plain for word in words if word.capital and word.plain not in GENERIC | OF_AN_AREA]


def names_in_sealed(texts: Sequence[str]) -> frozenset[str]:
    """
    Words of sealed texts that look like names: written with a capital where none is needed, or never written small.

    A careful guess, that rather takes a word for a name: it only matters where the draft has the word too.
    """
    passages = [typed_plainly(cleaned(text)) for text in texts]
    small = small_words_of(passages)
    found: set[str] = set()
    for text in passages:
        found |= {word.plain for word in capitals_of(text) if _like_a_name(word, small)}
    return frozenset(found)


def _like_a_name(word: Word, small: frozenset[str]) -> bool:
    if word.plain in GENERIC or word.plain.removesuffix("s") in GENERIC or len(word.plain) == 1:
        return False
    return not word.begins or word.plain not in small

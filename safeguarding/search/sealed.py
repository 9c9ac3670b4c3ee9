"""
Looking through sealed words: which texts of a review there are, and in which of them what is looked for was found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from safeguarding.duties.retention import ERASED
from safeguarding.review.events import Event
from safeguarding.search.finding import ByWords, Why
from safeguarding.search.known import SearchedReview
from safeguarding.search.words import folded, held
from safeguarding.shown.sealed_words import SealedText, sealed_texts


class SealedHere(NamedTuple):
    """The sealed texts of a review, as somebody sees its lines; or how many there were, where they are erased."""

    texts: Sequence[SealedText]
    erased: int = 0


def sealed_here(events: Sequence[Event]) -> SealedHere:
    """Every sealed text of these lines."""
    texts = [text for event in events for text in sealed_texts(event)]
    return SealedHere([], len(texts)) if any(event.kind == ERASED for event in events) else SealedHere(texts)


def why_by_sealed(
    review: SearchedReview, texts: Sequence[SealedText], words: Mapping[tuple[int, str], str], by_words: ByWords
) -> list[Why]:
    """
    By which sealed texts a review is found: all that is looked for stands in their line, of which the open words count
    too, and at least a part of it in the text. Where it was found is said, and no word of it.
    """
    rest = by_words.beside_the_name(review.head)
    opened = {line.line: line.folded for line in review.lines}
    by_line: dict[int, list[SealedText]] = defaultdict(list)
    for text in texts:
        if (text.line, text.name) in words:
            by_line[text.line].append(text)
    why = []
    for line, there in by_line.items():
        found = {text: held([folded(words[text.line, text.name])], rest) for text in there}
        all_held = {term for one in found.values() for term in one}
        all_held |= held([opened[line]], rest) if line in opened else set()
        if rest and len(all_held) == len(rest):
            whole = [text for text, one in found.items() if len(one) == len(rest)]
            why += [Why(f"sealed words: {text.title}", line) for text in whole or (one for one in found if found[one])]
    return why

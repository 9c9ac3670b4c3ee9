"""
The wordings that wait for an approval, opened for whoever is to approve them: nobody approves what they have not read.

That they are read is noted before they are opened. Each is looked over by the anonymisation aid, which says what of it
may point at somebody and decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from safeguarding.anonymity.details import DraftDetail
from safeguarding.anonymity.looking_over import looked_over
from safeguarding.review.learnt import SUMMARY, Wording
from safeguarding.review.review import Review
from safeguarding.review.whole_record import reads_whole
from safeguarding.review.wordings import WORDING, to_approve
from tasks.anonymity.looking import Besides, NotToLookOver, WhoLooksOver, identifiers_for, not_public
from tasks.record.reading import read_words
from tasks.record.records import Records
from tasks.store.readings import WordsRead

WHAT = "the wordings that wait to be approved,"
WHAT_COMPARED = "every sealed word, to look over the wordings that wait to be approved,"
"""What is noted as read, in words that stand before «of» and the review."""


NOT_EVERYTHING = (
    "The anonymisation aid does not find everything, and it decides nothing: a wording may point at somebody though "
    "nothing is listed here, and what is listed may have good reasons to stand. You read it and decide."
)
NOTHING_FOUND = "The aid found nothing."


class WordingRead(NamedTuple):
    """A wording as whoever approves it reads it, and what of it may point at somebody."""

    wording: Wording
    words: str
    found: tuple[DraftDetail, ...]

    @property
    def called(self) -> str:
        """Which it is, and of what."""
        of = "the review as a whole" if self.wording.item == SUMMARY else self.wording.item
        return f"{self.wording.id}, of {of}"

    @property
    def pointing(self) -> list[tuple[str, str]]:
        """What of it may point at somebody, each once: its words, and why in a sentence."""
        why = {one: f"{one.kind.value}; {one.strength.words}. {one.why}" for one in self.found}
        return list(dict.fromkeys((f"{self.wording.id}: {one.words}", said) for one, said in why.items()))


class WordingsRead(NamedTuple):
    """The wordings that were read, and what is said of sealed words with which they could not be compared."""

    read: tuple[WordingRead, ...]
    of_sealed: str = ""

    @property
    def said(self) -> list[str]:
        """What is said of what the aid found, before its list."""
        nothing = [] if any(one.found for one in self.read) else [NOTHING_FOUND]
        return [*nothing, NOT_EVERYTHING, *([self.of_sealed] if self.of_sealed else [])]


def read_waiting(
    records: Records, review: Review, who: WhoLooksOver, now: datetime, numbers: Collection[str] | None = None
) -> WordingsRead:
    """
    The wordings of a review that wait to be approved, or those of these numbers, with their words.

    Raises NotToLookOver before anything is noted for whoever may not read all of the review; SealBroken for a wording
    that does not open.
    """
    if not reads_whole(who.person, review, who.partnership):
        raise NotToLookOver(review.reference)
    waiting = [one for one in to_approve(review.wordings) if numbers is None or one.id in numbers]
    if not waiting:
        return WordingsRead(())
    noted = WordsRead(*who.named, review.reference, WHAT, [(one.line, WORDING) for one in waiting])
    words = _words(records, noted, now)
    besides = Besides(
        references=not_public(records, words.values()), not_compared=frozenset({WORDING}), what=WHAT_COMPARED
    )
    known, of_sealed = identifiers_for(records, review.reference, who, besides, now)
    read = [
        WordingRead(one, words[one.line], looked_over(words[one.line], known)) for one in waiting if one.line in words
    ]
    return WordingsRead(tuple(read), of_sealed)


def _words(records: Records, noted: WordsRead, now: datetime) -> Mapping[int, str]:
    return {line: words for (line, _), words in read_words(records, noted, now).items()}

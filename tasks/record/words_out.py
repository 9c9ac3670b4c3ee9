"""
Sealed words that leave the record as a table: whose they are to take, noted with every text before one is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from safeguarding.duties.retention import ERASED as TEXT_ERASED
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.registers.words import ERASED_WORDS, WordsRow, words_rows
from safeguarding.review.events import Event
from safeguarding.review.review import Review
from safeguarding.review.whole_record import reads_whole
from tasks.record.reading import NAMED_AT_THE_MACHINE
from tasks.record.records import Records
from tasks.store.readings import Text, WordsRead
from tasks.store.sealing import ERASED as NO_KEY


class WordsAsked(NamedTuple):
    """Who takes sealed words out of the record, and why, in words that nobody typed."""

    person: Person
    made_for: str


class MayTakeOut(NamedTuple):
    """The reviews of which somebody may take the words, and how many there are of which they may not."""

    reviews: Sequence[Review]
    others: int


class _Sealed(NamedTuple):
    review: Review
    events: Sequence[Event]
    texts: Sequence[Text]
    erased: bool


def may_take_out(records: Records, references: Sequence[str], person: Person, partnership: Partnership) -> MayTakeOut:
    """Of which of these reviews somebody may read every sealed word. Raises NoSuchReview."""
    all_of_them = [records.read(reference) for reference in references]
    theirs = [review for review in all_of_them if reads_whole(person, review, partnership)]
    return MayTakeOut(theirs, len(all_of_them) - len(theirs))


def words_of(
    records: Records, reviews: Sequence[Review], asked: WordsAsked, partnership: Partnership, now: datetime
) -> list[WordsRow]:
    """
    Note that somebody takes every sealed text of these reviews, then open them: a row each, by review and line.

    Of a review whose key was destroyed nothing is opened or noted, and each row says so. Raises SealBroken for a text
    that does not open: that all were asked for is on record all the same.
    """
    found = [_sealed(review, records.events(review.reference)) for review in reviews]
    what = f"the sealed words, exported ({asked.made_for}),"
    for one in found:
        if one.texts and not one.erased:
            person = asked.person
            reading = WordsRead(person.id, person.name, NAMED_AT_THE_MACHINE, one.review.reference, what, one.texts)
            records.note_reading(reading, now.astimezone(UTC))
    return [row for one in found for row in words_rows(one.review, one.events, _opened(records, one), partnership)]


def _sealed(review: Review, events: Sequence[Event]) -> _Sealed:
    texts = [(event.sequence, name) for event in events for name in event.sealed]
    return _Sealed(review, events, texts, any(event.kind == TEXT_ERASED for event in events))


def _opened(records: Records, one: _Sealed) -> Mapping[Text, str]:
    """The texts that were noted, and no other that was written meanwhile."""
    if one.erased or not one.texts:
        return dict.fromkeys(one.texts, ERASED_WORDS)
    lines = {line for line, _ in one.texts}
    held = {line.sequence: line.sealed for line in records.events(one.review.reference, unseal=True, lines=lines)}
    words = {(line, name): held[line][name] for line, name in one.texts}
    gone_meanwhile = all(text == NO_KEY for text in words.values())
    return dict.fromkeys(one.texts, ERASED_WORDS) if gone_meanwhile else words

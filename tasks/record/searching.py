"""
The record as it is searched: what it holds openly, kept as it was read last; and sealed words, which are looked through
in memory alone, for somebody who may read them all, and only once that is noted.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from safeguarding.errors import SafeguardingError
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.concerned import Concerned
from safeguarding.review.events import Event
from safeguarding.review.whole_record import reads_whole
from safeguarding.search.finding import ByWords, Fits, FoundReview, Why, bounded, fitting, newest_first
from safeguarding.search.known import ReviewHead, SearchedReview, known_of
from safeguarding.search.sealed import SealedHere, sealed_here, why_by_sealed
from safeguarding.search.wanted import SearchWanted
from safeguarding.search.words import plainly
from safeguarding.shown.as_seen import as_seen
from tasks.record.reading import read_words
from tasks.record.records import Records
from tasks.store.queries import ReviewRow
from tasks.store.readings import Text, WordsRead
from tasks.store.register_parts import OPEN, open_event
from tasks.store.sealing import ERASED, SealBroken
from tasks.store.session import reading
from tasks.store.tables import ledger

TOGETHER = 400
"""Reviews whose lines are read by one query."""
MOST_REVIEWS, MOST_TEXTS = 100, 5_000
"""Of how many reviews the sealed words are looked through at once, and how many texts."""
WHAT = "every sealed word, looked through by a search,"
"""What is noted as read, in words that stand before «of» and the review: never what was looked for."""


class TooMuchSealed(SafeguardingError):
    """The sealed words of too many reviews would be looked through at once: none is opened."""

    code = "too-much-sealed"

    def __init__(self, reviews: int, texts: int) -> None:
        many = f"{texts} texts of {reviews} reviews" if texts else f"{reviews} reviews"
        super().__init__(
            f"No sealed word was looked through: {many} are too many at once. At most {MOST_TEXTS} texts of "
            f"{MOST_REVIEWS} reviews are. Narrow it to an agency, a person, a stage or days, or type the reference "
            "of a review before the words.",
            reviews,
            texts,
        )


class OpenWords:
    """What the record holds openly of each review, read again only where one has moved. Safe among threads."""

    def __init__(self) -> None:
        self._kept: dict[str, SearchedReview] = {}
        self._rulebook: Rulebook | None = None
        self._one_reads = threading.Lock()

    def of(self, records: Records, rows: Sequence[ReviewRow], rulebook: Rulebook) -> list[SearchedReview]:
        """These reviews as they are searched. `rulebook` is the whole one, by which lines are told."""
        with self._one_reads:
            if self._rulebook is None or not _say_the_same(self._rulebook, rulebook):
                self._kept = {}
            self._rulebook = rulebook
            moved = [row for row in rows if not self._stands(row)]
            for first in range(0, len(moved), TOGETHER):
                some = moved[first : first + TOGETHER]
                lines = _lines(records, [row.reference for row in some])
                for row in some:
                    self._kept[row.reference] = known_of(_head(row), lines[row.reference], rulebook)
            return [self._kept[row.reference] for row in rows]

    def _stands(self, row: ReviewRow) -> bool:
        kept = self._kept.get(row.reference)
        return kept is not None and kept.head == _head(row)


def _say_the_same(one: Rulebook, other: Rulebook) -> bool:
    """Whether lines are told alike by two rulebooks: that somebody is away, or has another mailbox, changes no word."""
    return one is other or (one.rules == other.rules and _names(one.partnership) == _names(other.partnership))


def _names(partnership: Partnership) -> tuple[object, ...]:
    """Everything of a partnership that the sentences of a line name."""
    whole = partnership.whole
    agencies = [(one.id, one.name, one.formerly, one.into) for one in whole.agencies]
    people = [(one.id, one.name) for one in whole.people]
    return agencies, people, whole.partners, whole.milestones, whole.retention, whole.themes, whole.questions


def _head(row: ReviewRow) -> ReviewHead:
    return ReviewHead(
        reference=row.reference,
        track=row.track,
        pseudonym=row.pseudonym,
        state=row.state,
        stage=row.stage,
        open=row.open,
        opened_at=row.opened_at,
        stage_since=row.stage_since,
        version=row.version,
    )


def _lines(records: Records, references: Sequence[str]) -> Mapping[str, list[Event]]:
    found: dict[str, list[Event]] = defaultdict(list)
    query = select(*OPEN).where(ledger.c.reference.in_(references)).order_by(ledger.c.reference, ledger.c.sequence)
    with reading(records.engine) as connection:
        for row in connection.execute(query):
            found[row.reference].append(open_event(row))
    return found


# --------------------------------------------------------------------------- sealed words


class Looker(NamedTuple):
    """Who looks through sealed words, and how it is known that it is they."""

    person: Person
    proof: str
    partnership: Partnership
    whom: Mapping[str, Concerned]
    """Whom each review concerns, by its reference."""

    def reads(self, reference: str) -> bool:
        """Whether they may read all of a review."""
        return reads_whole(self.person, self.whom[reference], self.partnership)

    @property
    def reads_any(self) -> bool:
        """Whether there is a review of which they may read all."""
        return any(map(self.reads, self.whom))


class LookedThrough(NamedTuple):
    """What came of looking through sealed words."""

    found: Sequence[FoundReview]
    """The newest first; those too that are found by what the record holds openly."""
    reviews: int
    """Of how many reviews sealed words were looked through."""
    texts: int
    erased: int
    """Texts that are erased, and passed over."""
    not_theirs: int
    """Reviews whose sealed words are not all theirs to read: they were looked through openly alone."""
    broken: Sequence[str]
    """Reviews of which a text does not open: none of their sealed words was looked through."""


def look_through(
    records: Records, looker: Looker, reviews: Sequence[SearchedReview], wanted: SearchWanted, now: datetime
) -> LookedThrough:
    """
    Find reviews by their sealed words too. `reviews` are those that whoever looks may see, as they see them.

    Before a text of a review is opened it is noted that its texts are read. Nothing that is opened is kept. Raises
    TooMuchSealed before anything is noted or opened.
    """
    fits = fitting(reviews, wanted, looker.partnership)
    by_words = ByWords.of(wanted.words, (one.review.head for one in fits))
    asked = [one.review for one in _named(fits, wanted) or fits if by_words.beside_the_name(one.review.head)]
    theirs = [one for one in asked if looker.reads(one.head.reference)]
    if len(theirs) > MOST_REVIEWS:
        raise TooMuchSealed(len(theirs), 0)
    there = {one.head.reference: _sealed(records, looker, one) for one in theirs}
    texts = sum(len(one.texts) for one in there.values())
    if texts > MOST_TEXTS:
        raise TooMuchSealed(len(theirs), texts)
    found, through = [], _Through(records, looker, by_words, now)
    for one in fits:
        head = one.review.head
        if why := [*by_words.why(one.review), *through.why(one.review, there.get(head.reference))]:
            found.append(FoundReview(head, (*why, *one.why), by_words.names(head)))
    erased = sum(one.erased for one in there.values()) + through.erased
    not_theirs = len(asked) - len(theirs)
    return LookedThrough(newest_first(found), through.reviews, through.texts, erased, not_theirs, through.broken)


def _named(fits: Sequence[Fits], wanted: SearchWanted) -> list[Fits]:
    """The reviews whose references stand among the words: only they are then looked through."""
    typed = {plainly(word) for word in wanted.words.split()}
    return [one for one in fits if plainly(one.review.head.reference) in typed]


def _sealed(records: Records, looker: Looker, review: SearchedReview) -> SealedHere:
    head = review.head
    events = records.events(head.reference)
    return sealed_here(as_seen(looker.person, head.state, head.track, events, looker.partnership))


class _Through:
    """One pass through sealed words: how many were looked through."""

    def __init__(self, records: Records, looker: Looker, by_words: ByWords, now: datetime) -> None:
        self._records, self._looker, self._by_words, self._now = records, looker, by_words, now
        self.reviews, self.texts, self.erased = 0, 0, 0
        self.broken: list[str] = []

    def why(self, review: SearchedReview, sealed: SealedHere | None) -> list[Why]:
        """By which of a review's sealed texts it is found; none where it has none, or they are not theirs to read."""
        if sealed is None or not sealed.texts:
            return []
        reference, person = review.head.reference, self._looker.person
        texts: list[Text] = [(text.line, text.name) for text in sealed.texts]
        noted = WordsRead(person.id, person.name, self._looker.proof, reference, WHAT, texts)
        try:
            opened = read_words(self._records, noted, self._now)
        except SealBroken:
            self.broken.append(reference)
            return []
        words = {place: said for place, said in opened.items() if said != ERASED}
        self.reviews += 1
        self.texts += len(words)
        self.erased += len(opened) - len(words)
        return bounded(why_by_sealed(review, sealed.texts, words, self._by_words), "text")

"""
A draft looked over for somebody who may read the whole record of a review: noted first, then its sealed words are
opened in memory to know what would point at somebody. Nothing of the draft or of the words is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from safeguarding.anonymity.draft import DraftRead, cleaned, typed_plainly
from safeguarding.anonymity.identifiers import Identifiers, open_identifiers
from safeguarding.anonymity.looking_over import LookedOver, look_over, with_sealed
from safeguarding.duties.retention import ERASED as TEXT_ERASED
from safeguarding.errors import SafeguardingError
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.review.public_until import is_public
from safeguarding.review.whole_record import reads_whole
from safeguarding.shown.as_seen import as_seen
from tasks.record.reading import read_words
from tasks.record.records import Records
from tasks.store.readings import Text, WordsRead
from tasks.store.sealing import ERASED, SealBroken

WHAT = "every sealed word, to look a draft over before it is published,"
"""What is noted as read, in words that stand before «of» and the review: never what the draft holds."""
A_REFERENCE = re.compile(r"\b[A-Z]{2,8}-[0-9]{4}-[0-9]{1,6}\b", re.I)
NOT_OPENED = (
    "A sealed word of this review does not open, so the draft was looked over without its sealed words: run "
    "`safeguarding ledger verify`."
)
ERASED_ONES = "The sealed words of this review are erased: the draft was looked over without them."


class NotToLookOver(SafeguardingError):
    """Somebody would look a draft over who may not read the whole record of the review."""

    code = "not-to-look-over"

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"No draft was looked over against {reference}: it opens every sealed word, so it is for whoever may "
            "read the whole record of it. That is the business manager and unit, the partners and their deputies, "
            "the chair, and whoever was appointed to the review, by their id in the partnership's file.",
            reference,
        )


class WhoLooksOver(NamedTuple):
    """Who looks a draft over, how it is known that it is they, and the partnership of the day."""

    person: Person
    proof: str
    partnership: Partnership

    @property
    def named(self) -> tuple[str, str, str]:
        """Who they are, as a reading is noted."""
        return self.person.id, self.person.name, self.proof


class Besides(NamedTuple):
    """What is looked for beside the record of the review, and what of that is not opened for it."""

    names: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    """Of reviews of which nothing is public."""
    not_compared: frozenset[str] = frozenset()
    """The names of sealed texts that are looked over themselves: what stands in them is no proof against them."""
    what: str = WHAT
    """What is noted as read."""


class OverLooked(NamedTuple):
    """What came of it: what was found, and what is said of the sealed words where they could not all be opened."""

    found: LookedOver
    of_sealed: str


def look_draft_over(
    records: Records, reference: str, who: WhoLooksOver, draft: DraftRead, names: Iterable[str], now: datetime
) -> OverLooked:
    """
    Look a draft over against a review. That its sealed texts are read is noted before one is opened.

    Raises NoSuchReview, and NotToLookOver before anything is noted.
    """
    besides = Besides(tuple(names), not_public(records, [passage.text for passage in draft.passages]))
    known, of_sealed = identifiers_for(records, reference, who, besides, now)
    return OverLooked(look_over(draft, known), of_sealed)


def not_public(records: Records, texts: Iterable[str]) -> tuple[str, ...]:
    """The references that stand in texts and are of reviews of this record of which nothing is public."""
    written = {found.upper() for text in texts for found in A_REFERENCE.findall(typed_plainly(cleaned(text)))}
    there = [row.reference for row in records.list() if row.reference in written] if written else []
    return tuple(reference for reference in there if not is_public(records.read(reference)))


def identifiers_for(
    records: Records, reference: str, who: WhoLooksOver, besides: Besides, now: datetime
) -> tuple[Identifiers, str]:
    """By what somebody of a review could be known, for somebody who may read all of it; and what did not open."""
    review = records.read(reference)
    if not reads_whole(who.person, review, who.partnership):
        raise NotToLookOver(review.reference)
    events = records.events(review.reference)
    seen = as_seen(who.person, review.state, review.track, events, who.partnership)
    known = open_identifiers(review, seen, who.partnership, besides.names, besides.references)
    texts: list[Text] = [
        (event.sequence, name) for event in seen for name in event.sealed if name not in besides.not_compared
    ]
    erased = any(event.kind == TEXT_ERASED for event in events)
    noted = WordsRead(*who.named, review.reference, besides.what, [] if erased else texts)
    if erased or not texts:
        records.note_reading(noted, now.astimezone(UTC))
        return known, ERASED_ONES if erased else ""
    try:
        opened = read_words(records, noted, now)
    except SealBroken:
        return known, NOT_OPENED
    words = [said for said in opened.values() if said != ERASED]
    return with_sealed(known, words), ERASED_ONES if len(words) < len(opened) else ""

"""
A draft looked over for somebody who may read the whole record of a review: noted first, then its sealed words are
opened in memory to know what would point at somebody. Nothing of the draft or of the words is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from safeguarding.anonymity.draft import DraftRead
from safeguarding.anonymity.identifiers import Identifiers, open_identifiers
from safeguarding.anonymity.looking_over import LookedOver, look_over, with_sealed
from safeguarding.duties.retention import ERASED as TEXT_ERASED
from safeguarding.errors import SafeguardingError
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.review.whole_record import reads_whole
from safeguarding.shown.as_seen import as_seen
from tasks.record.reading import read_words
from tasks.record.records import Records
from tasks.store.readings import Text, WordsRead
from tasks.store.sealing import ERASED, SealBroken

WHAT = "every sealed word, to look a draft over before it is published,"
"""What is noted as read, in words that stand before «of» and the review: never what the draft holds."""
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
    known, of_sealed = identifiers_for(records, reference, who, names, now)
    return OverLooked(look_over(draft, known), of_sealed)


def identifiers_for(
    records: Records, reference: str, who: WhoLooksOver, names: Iterable[str], now: datetime
) -> tuple[Identifiers, str]:
    """By what somebody of a review could be known, for somebody who may read all of it; and what did not open."""
    review = records.read(reference)
    if not reads_whole(who.person, review, who.partnership):
        raise NotToLookOver(review.reference)
    events = records.events(review.reference)
    seen = as_seen(who.person, review.state, review.track, events, who.partnership)
    known = open_identifiers(review, seen, who.partnership, names)
    texts: list[Text] = [(event.sequence, name) for event in seen for name in event.sealed]
    erased = any(event.kind == TEXT_ERASED for event in events)
    noted = WordsRead(who.person.id, who.person.name, who.proof, review.reference, WHAT, [] if erased else texts)
    if erased or not texts:
        records.note_reading(noted, now.astimezone(UTC))
        return known, ERASED_ONES if erased else ""
    try:
        opened = read_words(records, noted, now)
    except SealBroken:
        return known, NOT_OPENED
    words = [said for said in opened.values() if said != ERASED]
    return with_sealed(known, words), ERASED_ONES if len(words) < len(opened) else ""

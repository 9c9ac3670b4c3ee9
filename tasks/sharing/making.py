"""
A digest, a briefing, a leaflet: read from the record by its approved wordings alone, and made as Word and as HTML.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from safeguarding.errors import NoSuchReview
from safeguarding.law.partnership import Partnership
from safeguarding.law.rulebook import Rulebook
from safeguarding.registers.known import RecordKnown
from safeguarding.review.learnt import SUMMARY
from safeguarding.review.states import Track
from safeguarding.sharing.briefing import Briefing, NothingToShare, briefing_of
from safeguarding.sharing.digest import DigestAsked, LearningDigest, digest_of, may_be_in
from safeguarding.sharing.items import READ, ReviewTaught, taught, was_erased
from safeguarding.shown.bundle.index import INVENTED
from safeguarding.shown.bundle.paper import words
from tasks.record.by_review import KeptByReview
from tasks.record.records import Records
from tasks.record.shareable import allowed_of, open_those, shareable
from tasks.store.register_parts import read_known
from tasks.store.sealing import Keyring
from tasks.store.session import reading

WORD, HTML = "docx", "html"
KINDS: Mapping[str, str] = {
    WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    HTML: "text/html; charset=utf-8",
}
"""What each is made as, and how a browser is told of it."""
DIGEST_TAKEN, BRIEFING_TAKEN = "approved wordings, as a digest,", "approved wordings, as a briefing,"
"""What is noted as taken out, in words that stand before «of» and the review."""
SIMULATION = "from a simulation"
BEGINS = "<main>"
"""Where what is read of a page begins."""


class TaughtKnown(NamedTuple):
    """What one review taught, without its words, and where the wordings stand that may be shared. All of it is open."""

    taught: ReviewTaught
    allowed: Mapping[str, int]
    """Of each item the line of its wording."""


class KeptTaught(KeptByReview[TaughtKnown]):
    """What each review taught, kept until it moves: without any word, which is opened anew each time it is shared."""

    def __init__(self) -> None:
        super().__init__(READ, _taught_known)


def _taught_known(known: RecordKnown, today: date) -> Mapping[str, TaughtKnown]:
    allowed = {name: allowed_of(lines) for name, lines in known.lines.items()}
    return {one.reference: TaughtKnown(one, allowed.get(one.reference, {})) for one in taught(known, today)}


def make_digest(
    records: Records,
    rulebook: Rulebook,
    asked: DigestAsked,
    tracks: Collection[Track],
    today: date,
    kept: KeptTaught | None = None,
) -> LearningDigest:
    """
    The digest of a period, of the reviews of these tracks. Which items belong to it is known by open facts; only their
    wordings are opened, and the summaries of the public reviews that it has something of.
    """

    def read(connection: Connection, keys: Keyring) -> list[ReviewTaught]:
        known = (kept or KeptTaught()).all(connection, rulebook, today)
        there = may_be_in((one.taught for one in known.values() if one.taught.track in tracks), asked)
        return _with_words(connection, keys, there, known)

    return digest_of(records.with_keys(read), asked, rulebook.partnership)


def _with_words(
    connection: Connection, keys: Keyring, reviews: Sequence[ReviewTaught], known: Mapping[str, TaughtKnown]
) -> list[ReviewTaught]:
    wanted: dict[str, dict[str, int]] = {}
    for review in reviews:
        allowed = known[review.reference].allowed
        theirs = {one.number: allowed[one.number] for one in review.items if one.number in allowed}
        if theirs and review.public is not None and SUMMARY in allowed:
            theirs[SUMMARY] = allowed[SUMMARY]
        wanted[review.reference] = theirs
    words: dict[str, dict[str, str]] = defaultdict(dict)
    for (reference, item), said in open_those(connection, keys, wanted).items():
        words[reference][item] = said
    return [one.with_words(words[one.reference]) for one in reviews]


def make_briefing(records: Records, rulebook: Rulebook, reference: str, today: date) -> Briefing:
    """
    The briefing of a review. Raises NoSuchReview, and NothingToShare where no wording of it is approved or its words
    were erased.
    """
    with reading(records.engine) as connection:
        known = read_known(connection, rulebook, READ, [reference])
    if reference not in known.reviews:
        raise NoSuchReview(reference)
    found = taught(known, today)
    if not found:
        raise NothingToShare(reference, erased=was_erased(known, reference))
    words = {item: said for (_, item), said in shareable(records, [reference]).items()}
    return briefing_of(found[0].with_words(words), rulebook.partnership)


def files_of(
    name: str, page: str, partnership: Partnership, now: datetime, *, points: int = 11, simulation: bool = False
) -> dict[str, bytes]:
    """A page as a Word file and as HTML, each by its name; of a simulation each says so."""
    # What writes Word files is large, and few ask for one.
    from tasks.word.document import word_file

    foot = f"{partnership.name} · {SIMULATION}" if simulation else partnership.name
    made = word_file(page, partnership.name, foot, now, points)
    said = page.replace(BEGINS, BEGINS + words(INVENTED), 1) if simulation else page
    return {f"{name}.{WORD}": made, f"{name}.{HTML}": said.encode()}

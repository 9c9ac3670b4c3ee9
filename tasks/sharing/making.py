"""
A digest, a briefing, a leaflet: read from the record by its approved wordings alone, and made as Word and as HTML.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from safeguarding.errors import NoSuchReview
from safeguarding.law.partnership import Partnership
from safeguarding.law.rulebook import Rulebook
from safeguarding.registers.known import RecordKnown
from safeguarding.review.states import Track
from safeguarding.sharing.briefing import Briefing, NothingToShare, briefing_of
from safeguarding.sharing.digest import DigestAsked, LearningDigest, digest_of
from safeguarding.sharing.items import READ, ReviewTaught, taught, was_erased
from safeguarding.shown.bundle.index import INVENTED
from safeguarding.shown.bundle.paper import words
from tasks.record.records import Records
from tasks.record.shareable import shareable
from tasks.store.register_parts import read_known
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


def read_taught(records: Records, rulebook: Rulebook, today: date, reference: str | None = None) -> list[ReviewTaught]:
    """What every review taught, or one, with its approved wordings, as it stands on a day (London)."""
    return _taught(records, _known(records, rulebook, reference), today, reference)


def _known(records: Records, rulebook: Rulebook, reference: str | None) -> RecordKnown:
    with reading(records.engine) as connection:
        return read_known(connection, rulebook, READ, reference)


def _taught(records: Records, known: RecordKnown, today: date, reference: str | None) -> list[ReviewTaught]:
    return taught(known, shareable(records, None if reference is None else [reference]), today)


def make_digest(
    records: Records, rulebook: Rulebook, asked: DigestAsked, tracks: Collection[Track], today: date
) -> LearningDigest:
    """The digest of a period, of the reviews of these tracks."""
    reviews = [one for one in read_taught(records, rulebook, today) if one.track in tracks]
    return digest_of(reviews, asked, rulebook.partnership)


def make_briefing(records: Records, rulebook: Rulebook, reference: str, today: date) -> Briefing:
    """
    The briefing of a review. Raises NoSuchReview, and NothingToShare where no wording of it is approved or its words
    were erased.
    """
    if not any(row.reference == reference for row in records.list()):
        raise NoSuchReview(reference)
    known = _known(records, rulebook, reference)
    found = _taught(records, known, today, reference)
    if not found:
        raise NothingToShare(reference, erased=was_erased(known, reference))
    return briefing_of(found[0], rulebook.partnership)


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

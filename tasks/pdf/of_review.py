"""
What can be had of a review as a PDF: its page, the record of a decision, how each date was worked out.

They are the pages of a bundle, set. Sealed words stay sealed, so nothing is noted, as when the page is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from safeguarding.dates.london import london_date
from safeguarding.errors import SafeguardingError
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Event
from safeguarding.review.review import Review
from safeguarding.shown.bundle.decision_record import decision_page
from safeguarding.shown.bundle.sealed_list import sealed_digests
from safeguarding.shown.bundle.whole_review import review_page
from safeguarding.shown.bundle.workings import workings_page
from safeguarding.shown.decisions import decisions_of
from tasks.pdf.setting import OnPaper, pdf
from tasks.record.records import Records
from tasks.store import ledger


class NoSuchDecision(SafeguardingError):
    """A decision was asked for by a line that is none."""

    code = "no-such-decision"

    def __init__(self, reference: str, line: int, there: Sequence[int]) -> None:
        known = ", ".join(map(str, there))
        which = f"Decisions stand on: {known}." if there else "No decision was recorded yet."
        super().__init__(f"Line {line} of {reference} is no decision. {which}", reference, line, there)


class SeenReview(NamedTuple):
    """A review as whoever asks may see it, with the law and the partnership of the day."""

    review: Review
    events: Sequence[Event]
    rulebook: Rulebook
    simulation: bool


def page_pdf(seen: SeenReview, now: datetime) -> bytes:
    """The page of the review. Raises PdfNotMade."""
    return _pdf(seen, review_page(seen.review, seen.events, seen.rulebook, london_date(now)), now)


def dates_pdf(seen: SeenReview, now: datetime) -> bytes:
    """How each date was worked out. Raises PdfNotMade."""
    return _pdf(seen, workings_page(seen.review, seen.events, seen.rulebook, london_date(now)), now)


def decision_pdf(seen: SeenReview, records: Records, line: int, now: datetime) -> bytes:
    """The record of the decision on a line, with the digests of what is sealed. Raises NoSuchDecision, PdfNotMade."""
    partnership = seen.rulebook.partnership
    found = {one.line: one for one in decisions_of(seen.events, seen.review, partnership)}
    if line not in found:
        raise NoSuchDecision(seen.review.reference, line, sorted(found))
    event = next(event for event in seen.events if event.sequence == line)
    sealed = sealed_digests(event, _ciphers(records, seen.review.reference, line))
    return _pdf(seen, decision_page(seen.review, found[line], event, partnership, sealed), now)


def _ciphers(records: Records, reference: str, line: int) -> Mapping[str, str]:
    (row, *_) = records.with_keys(lambda connection, _: ledger.after(connection, reference, line - 1))
    kept: Mapping[str, str] = json.loads(row.sealed) if row.sealed else {}
    return kept


def _pdf(seen: SeenReview, page: str, now: datetime) -> bytes:
    what = OnPaper([page], seen.rulebook.partnership.name, seen.review.reference, seen.simulation)
    return pdf(what, now)

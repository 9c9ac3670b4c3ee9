"""
A review as a PDF: its page, the record of a decision, how each date was worked out. For whoever may read the page.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from pages.running import Running
from pages.seen import Seen
from pages.visits import Visit, Visits
from tasks.pdf import of_review
from tasks.pdf.of_review import NoSuchDecision

LONGEST_LINE = 6
"""Figures of the number of a line that is looked for."""


class AsPdf:
    """Where the PDFs of a review are. Sealed words stay sealed in them, so none is noted as a reading."""

    def __init__(self, running: Running, visits: Visits, seen: Seen) -> None:
        self._running, self._visits, self._seen = running, visits, seen

    def routes(self) -> APIRouter:
        """Where they are."""
        router = APIRouter()
        router.add_api_route("/reviews/{reference}/review.pdf", self.page, methods=["GET"])
        router.add_api_route("/reviews/{reference}/dates.pdf", self.dates, methods=["GET"])
        router.add_api_route("/reviews/{reference}/decisions/{line}.pdf", self.decision, methods=["GET"])
        return router

    def page(self, request: Request, reference: str) -> Response:
        """The page of the review."""
        _, seen = self._seen_by(request, reference)
        return self._given(of_review.page_pdf(seen, self._running.clock()), seen, "review")

    def dates(self, request: Request, reference: str) -> Response:
        """How each of its dates was worked out."""
        _, seen = self._seen_by(request, reference)
        return self._given(of_review.dates_pdf(seen, self._running.clock()), seen, "dates")

    def decision(self, request: Request, reference: str, line: str) -> Response:
        """The record of one decision, by its line."""
        visit, seen = self._seen_by(request, reference)
        number = int(line) if line.isascii() and line.isdecimal() and len(line) <= LONGEST_LINE else 0
        try:
            made = of_review.decision_pdf(seen, self._running.records, number, self._running.clock())
        except NoSuchDecision:
            raise self._seen.none(visit) from None
        return self._given(made, seen, f"decision-line-{number}")

    def _seen_by(self, request: Request, reference: str) -> tuple[Visit, of_review.SeenReview]:
        """Whoever asks, and the review as they may see it. Raises Stopped."""
        visit, _ = self._visits.signed_in(request)
        review, events = self._seen.review(visit, reference)
        simulation = self._running.records.identity().simulation
        return visit, of_review.SeenReview(review, events, self._running.rulebook(), simulation)

    def _given(self, made: bytes, seen: of_review.SeenReview, what: str) -> Response:
        name = f"{seen.review.reference}-{what}-{self._running.today().isoformat()}.pdf"
        head = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(made, media_type="application/pdf", headers=head)

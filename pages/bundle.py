"""
The bundle of a review for an inspection, a coroner or a court: asked for by a press, noted, and given as one zip.
"""

from __future__ import annotations

from typing import get_args

from fastapi import APIRouter, Request, Response

from pages.running import Running
from pages.seen import Seen
from pages.visits import Posted, Stopped, Visit, Visits
from safeguarding.law.person import Person
from safeguarding.review.review import Review
from safeguarding.review.whole_record import reads_whole
from tasks.bundle.making import AskedForBundle, MadeFor, make

REASONS: tuple[MadeFor, ...] = get_args(MadeFor)
"""Why one is made: a choice, since it is kept where nothing typed is."""
NOT_YOURS = (
    "A bundle is for whoever may read the whole record of this review: the business unit, the partners and their "
    "deputies, the chair, and whoever was appointed to it. Ask one of them. Nothing was made."
)
NO_REASON = "Choose why the bundle is made. Nothing was made."


class BundleRoom:
    """Where the bundle of a review is asked for."""

    def __init__(self, running: Running, visits: Visits, seen: Seen) -> None:
        self._running, self._visits, self._seen = running, visits, seen

    def routes(self) -> APIRouter:
        """Where it is."""
        router = APIRouter()
        router.add_api_route("/reviews/{reference}/bundle", self.asked, methods=["GET"])
        router.add_api_route("/reviews/{reference}/bundle", self.given, methods=["POST"])
        return router

    def asked(self, request: Request, reference: str) -> Response:
        """What it holds, and the choice of why it is made."""
        visit, _, review = self._for_them(request, reference)
        return self._page(visit, review)

    def given(self, request: Request, reference: str, form: Posted) -> Response:
        """The zip: that it is made is noted first."""
        visit, person, review = self._for_them(request, reference)
        self._visits.sent(visit, form)
        made_for = next((one for one in REASONS if one == form.get("reason")), None)
        if made_for is None or visit.signed_in is None:
            return self._page(visit, review, NO_REASON, 422)
        asked = AskedForBundle(person, visit.signed_in.proof, made_for)
        made = make(self._running.installation, review.reference, asked, self._running.clock())
        name = f"{review.reference}-bundle-{self._running.today().isoformat()}.zip"
        head = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(made.content, media_type="application/zip", headers=head)

    def _page(self, visit: Visit, review: Review, wrong: str = "", status: int = 200) -> Response:
        return self._visits.page(visit, "bundle", status, at="review", review=review, reasons=REASONS, wrong=wrong)

    def _for_them(self, request: Request, reference: str) -> tuple[Visit, Person, Review]:
        """Whoever asks, who may read the whole record of the review. Raises Stopped."""
        visit, person = self._visits.signed_in(request)
        review, _ = self._seen.review(visit, reference)
        if not reads_whole(person, review, visit.partnership):
            page = self._visits.page(visit, "stopped", 403, title="This page is not yours", words=NOT_YOURS)
            raise Stopped(page)
        return visit, person, review

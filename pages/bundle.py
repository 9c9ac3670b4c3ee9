"""
The bundle of a review for an inspection, a coroner or a court: asked for by a press, noted, and given as one zip.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from fastapi import APIRouter, Request, Response

from pages.running import Running
from pages.seen import Seen
from pages.visits import Posted, Visit, Visits
from safeguarding.review.review import Review
from tasks.bundle.making import AskedForBundle, MadeFor, make
from tasks.bundle.password import Password, differs, unfit

REASONS: tuple[MadeFor, ...] = get_args(MadeFor)
"""Why one is made: a choice, since it is kept where nothing typed is."""
NOT_YOURS = (
    "A bundle is for whoever may read the whole record of this review: the business unit, the partners and their "
    "deputies, the chair, and whoever was appointed to it. Ask one of them. Nothing was made."
)
NO_REASON = "Choose why the bundle is made. Nothing was made."
TYPE_AGAIN = "Type the password again, twice: nothing of it was kept."
REASON, PASSWORD, AGAIN = "reason", "password", "again"
"""The questions of the form. What was typed as a password is in no page that is given back."""


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
        visit, _, review = self._seen.whole(request, reference, NOT_YOURS)
        return self._page(visit, review)

    def given(self, request: Request, reference: str, form: Posted) -> Response:
        """The zip: that it is made is noted first."""
        visit, person, review = self._seen.whole(request, reference, NOT_YOURS)
        self._visits.sent(visit, form)
        made_for = next((one for one in REASONS if one == form.get(REASON)), None)
        wrong = _wrong_with(form, made_for)
        if wrong or made_for is None or visit.signed_in is None:
            return self._page(visit, review, wrong, made_for, 422)
        asked = AskedForBundle(person, visit.signed_in.proof, made_for)
        password = Password(form[PASSWORD]) if form.get(PASSWORD) else None
        made = make(self._running.installation, review.reference, asked, self._running.clock(), password)
        name = f"{review.reference}-bundle-{self._running.today().isoformat()}.zip"
        head = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(made.content, media_type="application/zip", headers=head)

    def _page(
        self,
        visit: Visit,
        review: Review,
        errors: Mapping[str, str] | None = None,
        chosen: MadeFor | None = None,
        status: int = 200,
    ) -> Response:
        said = {"review": review, "reasons": REASONS, "errors": errors or {}, "chosen": chosen}
        return self._visits.page(visit, "bundle", status, at="review", **said)


def _wrong_with(form: Mapping[str, str], made_for: MadeFor | None) -> dict[str, str]:
    """Everything that is wrong with what was sent, at each question: a password only where one was typed."""
    given, again = form.get(PASSWORD, ""), form.get(AGAIN, "")
    found = {} if made_for else {REASON: NO_REASON}
    if (given or again) and (wrong := unfit(given)):
        found[PASSWORD] = " ".join(wrong)
    if wrong := differs(given, again):
        found[AGAIN] = " ".join(wrong)
    if found and given and PASSWORD not in found:
        found[PASSWORD] = TYPE_AGAIN
    return found

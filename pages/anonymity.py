"""
A draft looked over before it is published: a file is sent, read in memory, and what may point at somebody is listed.
"""

from __future__ import annotations

import threading
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from pages.running import Running
from pages.seen import Seen
from pages.uploads import Uploaded, uploaded
from pages.visits import Visit, Visits
from safeguarding.anonymity.said import (
    KEPT_NOWHERE,
    MOST_SHOWN,
    SUMMARY_HEADS,
    grouped,
    head_of,
    lines_of,
    most_of,
    summary_of,
)
from safeguarding.law.person import Person
from safeguarding.review.review import Review
from tasks.anonymity.faults import LARGEST, DraftUnreadable
from tasks.anonymity.looking import OverLooked, WhoLooksOver, look_draft_over
from tasks.anonymity.reading_draft import LARGEST_LIST, NamesUnfit, draft_of, names_of

NOT_YOURS = (
    "A draft is looked over by whoever may read the whole record of this review, since every sealed word of it is "
    "opened in memory: the business unit, the partners and their deputies, the chair, and whoever was appointed to it. "
    "Ask one of them. Nothing was opened."
)
NO_FILE = "Choose the draft: a Word file (.docx) or a plain text. Nothing was looked over."
DRAFT, NAMES = "draft", "names"
"""The questions of the form."""
AT_ONCE = 2
"""Drafts that are read at the same time: each may take some hundred million bytes of memory for a moment."""


class AnonymityRoom:
    """Where a draft is looked over."""

    def __init__(self, running: Running, visits: Visits, seen: Seen) -> None:
        self._running, self._visits, self._seen = running, visits, seen
        self._room = threading.BoundedSemaphore(AT_ONCE)

    def routes(self) -> APIRouter:
        """Where it is."""
        router = APIRouter()
        router.add_api_route("/reviews/{reference}/anonymity", self.asked, methods=["GET"])
        router.add_api_route("/reviews/{reference}/anonymity", self.sent, methods=["POST"])
        return router

    def asked(self, request: Request, reference: str) -> Response:
        """What the aid is and is not, and the form."""
        visit, _, review = self._seen.whole(request, reference, NOT_YOURS)
        return self._page(visit, review)

    async def sent(self, request: Request, reference: str) -> Response:
        """The list of what was found in the draft that was sent. Who asks is known before the draft is read."""
        visit, person, review = await run_in_threadpool(self._seen.whole, request, reference, NOT_YOURS)
        form = await uploaded(request, LARGEST + LARGEST_LIST)
        return await run_in_threadpool(self._looked, visit, person, review, form)

    def _looked(self, visit: Visit, person: Person, review: Review, form: Uploaded) -> Response:
        if form.too_large:
            return self._page(visit, review, {DRAFT: str(DraftUnreadable("too large"))}, status=422)
        self._visits.sent(visit, form.fields)
        held, typed = form.files.get(DRAFT, b""), form.fields.get(NAMES, "")
        errors: dict[str, str] = {}
        with self._room:
            try:
                names = names_of(typed.encode())
            except NamesUnfit as wrong:
                names, errors[NAMES] = (), str(wrong)
            try:
                draft = draft_of(held) if held else None
            except DraftUnreadable as wrong:
                draft, errors[DRAFT] = None, str(wrong)
            if not held:
                errors[DRAFT] = NO_FILE
            if errors or draft is None or visit.signed_in is None:
                in_order = {name: errors[name] for name in (DRAFT, NAMES) if name in errors}
                return self._page(visit, review, in_order, names=typed, status=422)
            who = WhoLooksOver(person, visit.signed_in.proof, visit.partnership)
            moment = self._running.clock()
            looked = look_draft_over(self._running.records, review.reference, who, draft, names, moment)
        return self._page(visit, review, names=typed, found=_shown(looked))

    def _page(
        self,
        visit: Visit,
        review: Review,
        errors: dict[str, str] | None = None,
        *,
        names: str = "",
        found: dict[str, Any] | None = None,
        status: int = 200,
    ) -> Response:
        said = {"review": review, "errors": errors or {}, "names": names, "found": found}
        return self._visits.page(visit, "anonymity", status, at="review", **said)


def _shown(looked: OverLooked) -> dict[str, Any]:
    """What the page shows of what was found."""
    lines, more = most_of(lines_of(looked.found), MOST_SHOWN)
    return {
        "said": [*head_of(looked.found), *([looked.of_sealed] if looked.of_sealed else []), KEPT_NOWHERE],
        "more": more,
        "heads": SUMMARY_HEADS,
        "summary": summary_of(looked.found),
        "groups": list(grouped(lines)),
    }

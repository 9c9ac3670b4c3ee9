"""
Every review there ever was, those that are closed too, and the search for one by its reference or pseudonym.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from pages import sought
from pages.running import Running
from pages.seen import Seen, line_of
from pages.visits import REVIEWS, Posted, Visits
from tasks.store.queries import ReviewRow

LONGEST = 100
"""Letters of what is looked for."""


class Reviews:
    """The list of reviews."""

    def __init__(self, running: Running, visits: Visits, seen: Seen) -> None:
        self._running, self._visits, self._seen = running, visits, seen

    def routes(self) -> APIRouter:
        """Where it is."""
        router = APIRouter()
        router.add_api_route(REVIEWS, self.listed, methods=["GET"])
        router.add_api_route(REVIEWS, self.search, methods=["POST"])
        return router

    def search(self, request: Request, form: Posted) -> Response:
        """Something is looked for: the address of what is found does not have it in words."""
        visit, _ = self._visits.signed_in(request)
        self._visits.sent(visit, form)
        asked = " ".join(form.get("q", "")[:LONGEST].split())
        there = f"?found={sought.sealed(self._visits.session_of(request), {'q': asked})}" if asked else ""
        return RedirectResponse(f"{REVIEWS}{there}", status_code=303)

    def listed(self, request: Request, found: str = "") -> Response:
        """The reviews that whoever asks may see: all, or those that fit what is looked for; open ones first."""
        visit, _ = self._visits.signed_in(request)
        typed = sought.opened(self._visits.session_of(request), found) if found else {}
        asked = (typed or {}).get("q", "")
        fitting = found_by(asked, self._seen.reviews(visit))
        newest_first = sorted(fitting, key=lambda row: (row.opened_at, row.reference), reverse=True)
        today = self._running.today()
        lines = [line_of(row, today) for row in newest_first]
        return self._visits.page(
            visit,
            "reviews",
            at="reviews",
            q=asked,
            no_more=sought.NO_MORE if typed is None else "",
            open_ones=[line for line in lines if line.open],
            closed_ones=[line for line in lines if not line.open],
        )


def found_by(asked: str, rows: Sequence[ReviewRow]) -> list[ReviewRow]:
    """
    The reviews whose reference or pseudonym has this in it, whatever its capitals, spaces and dashes.

    A pseudonym that is typed whole is that one alone: «Child A» is not «Child AB». Without a letter or digit it is the
    name of none.
    """
    wanted = _plainly(asked)
    if asked and not wanted:
        return []
    whole = [row for row in rows if wanted in (_plainly(row.pseudonym), _plainly(row.reference))]
    return whole or [row for row in rows if any(wanted in _plainly(one) for one in (row.reference, row.pseudonym))]


def _plainly(words: str) -> str:
    return "".join(sign for sign in words.casefold() if sign.isalnum())

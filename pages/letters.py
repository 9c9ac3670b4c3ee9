"""
What was sent of a review, to whom, and whether it arrived: the latest first.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from pages.running import Running
from pages.seen import Seen
from pages.visits import Stopped, Visits
from safeguarding.dates.london import say_moment
from safeguarding.review.whole_record import reads_whole
from safeguarding.shown.letters_sent import ARRIVED, CHANNELS, about_words, became, to_words
from tasks.store.letters_sent import letters_of

NOT_YOURS = (
    "What was sent of a review is for whoever may read the whole record of it: the business unit, the partners and "
    "their deputies, the chair, and whoever was appointed to it."
)


class Letters:
    """The page of the letters of a review."""

    def __init__(self, running: Running, visits: Visits, seen: Seen) -> None:
        self._running, self._visits, self._seen = running, visits, seen

    def routes(self) -> APIRouter:
        """Where it is."""
        router = APIRouter()
        router.add_api_route("/reviews/{reference}/letters", self.listed, methods=["GET"])
        return router

    def listed(self, request: Request, reference: str) -> Response:
        """The page."""
        visit, person = self._visits.signed_in(request)
        review, _ = self._seen.review(visit, reference)
        if not reads_whole(person, review, visit.partnership):
            raise Stopped(self._visits.page(visit, "stopped", 403, title="This page is not yours", words=NOT_YOURS))
        letters = [
            (
                say_moment(one.written_at),
                about_words(one.about) or one.occasion.replace("_", " "),
                to_words(one.person, visit.partnership),
                CHANNELS.get(one.channel, one.channel),
                became(one),
                one.outcome.replace(" ", "-"),
            )
            for one in reversed(letters_of(self._running.records.engine, review.reference))
        ]
        return self._visits.page(visit, "letters", at="review", review=review, letters=letters, arrived=ARRIVED)

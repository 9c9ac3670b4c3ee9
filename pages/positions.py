"""
The page of a proposed decision: what is proposed, who has signed which position, who is waited for, what comes next.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from pages.can_be_done import AsksWhatNow
from pages.running import Running
from pages.seen import Seen, sees_positions
from pages.visits import Visit, Visits
from pages.words import words_there
from safeguarding.errors import HorizonPassed
from safeguarding.proposed import why_it_does_not_stand
from safeguarding.review.events import Event
from safeguarding.review.proof import demanded
from safeguarding.review.proposals import open_answers
from safeguarding.review.review import Review
from safeguarding.shown.positions import how_far, may_answer, waits_for
from safeguarding.stages import STEPS

NOTHING = "No decision is proposed here that waits for positions. What was decided stands on the review's page."


class PositionPage:
    """The page of the positions on a proposed decision."""

    def __init__(self, running: Running, visits: Visits, seen: Seen, what_now: AsksWhatNow) -> None:
        self._running, self._visits, self._seen, self._what_now = running, visits, seen, what_now

    def routes(self) -> APIRouter:
        """Where it is."""
        router = APIRouter()
        router.add_api_route("/reviews/{reference}/position", self.look, methods=["GET"])
        return router

    def look(self, request: Request, reference: str) -> Response:
        """The page."""
        visit, person = self._visits.signed_in(request)
        review, events = self._seen.review(visit, reference)
        proposal = review.proposal
        if proposal is None:
            return self._visits.page(visit, "stopped", 404, title="Nothing to sign", words=NOTHING)
        partnership = self._running.rulebook().for_track(review.track.value).partnership
        line = next(event for event in events if event.sequence == proposal.line)
        can = {one.step: one.href for _, steps in self._what_now(visit, review).beside for one in steps}
        asked = demanded(proposal.step, partnership)
        return self._visits.page(
            visit,
            "position",
            at="review",
            review=review,
            words=words_there(visit, person, review, events),
            outcome=str(line.facts.get("outcome", "")),
            answers=open_answers(line.facts, STEPS[proposal.step].form),
            rows=how_far(proposal, partnership),
            mine=waits_for(person, review, partnership),
            may=may_answer(person, review, partnership),
            sign=can.get("sign_position", ""),
            close=can.get("close_positions", ""),
            since=[line.title for line in review.since(proposal.line) if line.kind != "position_signed"],
            demanded=asked.by if asked else "",
            unmet=why_not(visit, review, events, self._running),
            sees=sees_positions(visit, review, events),
        )


def why_not(visit: Visit, review: Review, events: Sequence[Event], running: Running) -> tuple[str, ...]:
    """Why a proposed decision does not stand though all have answered, for those who see the positions."""
    if visit.signed_in is None or not sees_positions(visit, review, events):
        return ()
    try:
        return why_it_does_not_stand(review, events, visit.actor, running.clock(), running.rulebook())
    except HorizonPassed as beyond:
        return (str(beyond),)

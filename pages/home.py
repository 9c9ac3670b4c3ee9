"""
The first page, «What needs me»: what somebody owes and what waits for others, by how soon; for whoever sees every
review how much is due in each week and on whom it waits; and the open reviews.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from fastapi import APIRouter, Request, Response

from pages.can_be_done import AsksWhatIsBegun
from pages.may_see import is_of_the_unit, sees_every_review
from pages.positions import why_not
from pages.running import Running
from pages.seen import Seen, line_of
from pages.visits import HOME, Visit, Visits
from safeguarding.law.person import Person
from safeguarding.notices.digest import OpenReview
from safeguarding.review.review import Review
from safeguarding.review.states import State
from safeguarding.shown.load import load_of
from safeguarding.shown.needs_me import needs_of
from safeguarding.shown.positions import waits_for
from safeguarding.stages.beside.taken_back import PROPOSED
from tasks.store import queries
from tasks.store.session import reading


class Stuck(NamedTuple):
    """A proposed decision that all have signed and that does not stand: in which review, and why."""

    reference: str
    why: tuple[str, ...]


class Home:
    """The first page."""

    def __init__(self, running: Running, visits: Visits, seen: Seen, begun: AsksWhatIsBegun) -> None:
        self._running, self._visits, self._seen, self._begun = running, visits, seen, begun

    def routes(self) -> APIRouter:
        """Where it is."""
        router = APIRouter()
        router.add_api_route(HOME, self.home, methods=["GET"])
        return router

    def home(self, request: Request, kept: str = "") -> Response:
        """What needs whoever asks."""
        visit, person = self._visits.signed_in(request)
        look, rulebook, today = self._seen.everything(visit), self._running.rulebook(), self._running.today()
        open_rows = [row for row in look.reviews if row.open]
        open_reviews = [OpenReview(row.reference, row.track, row.stage, row.state) for row in open_rows]
        every = sees_every_review(person, visit.partnership)
        names = {row.reference: row.pseudonym for row in open_rows}
        needs = needs_of(person, look.owed, open_reviews, rulebook, today)
        proposals = self._proposed(open_reviews)
        proposed = {one.reference for one in proposals}
        return self._visits.page(
            visit,
            "home",
            at="home",
            today=today,
            needs=needs._replace(decisions=tuple(one for one in needs.decisions if one.reference not in proposed)),
            positions=self._positions(person, proposals),
            stuck=self._stuck(visit, proposals),
            names=names,
            reviews=[line_of(row, today) for row in open_rows],
            begun=self._begun(visit),
            kept=kept,
            every=every,
            load=load_of(look.owed, rulebook, today) if every else None,
        )

    def _positions(self, person: Person, proposals: Sequence[Review]) -> list[str]:
        """The reviews in which a decision is proposed that waits for a position of theirs, by reference."""
        rulebook = self._running.rulebook()
        return [
            review.reference
            for review in proposals
            if waits_for(person, review, rulebook.for_track(review.track.value).partnership)
        ]

    def _stuck(self, visit: Visit, proposals: Sequence[Review]) -> list[Stuck]:
        """For the unit, the proposed decisions that all have signed and that do not stand, each with why."""
        if visit.person is None or not is_of_the_unit(visit.person, visit.partnership):
            return []
        stuck = [one for one in proposals if one.proposal is not None and not one.proposal.waiting]
        found = ((one.reference, self._running.records.events(one.reference), one) for one in stuck)
        return [Stuck(ref, why_not(visit, review, events, self._running)) for ref, events, review in found]

    def _proposed(self, reviews: Sequence[OpenReview]) -> list[Review]:
        """The reviews with a decision that is proposed: only one in which ever one was is read whole."""
        deciding = [one.reference for one in reviews if one.state is State.DECISION]
        records = self._running.records
        if not deciding:
            return []
        with reading(records.engine) as connection:
            ever = queries.with_a_line_of(connection, PROPOSED, deciding)
        return [one for one in records.open_reviews(ever) if one.proposal is not None] if ever else []

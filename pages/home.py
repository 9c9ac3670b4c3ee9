"""
The first page, «What needs me»: what somebody owes and what waits for others, by how soon; for whoever sees every
review how much is due in each week and on whom it waits; and the open reviews.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from fastapi import APIRouter, Request, Response

from pages.can_be_done import AsksWhatIsBegun
from pages.last_look import LookAround
from pages.may_see import is_of_the_unit, sees_every_review
from pages.positions import why_not
from pages.running import Running
from pages.seen import ReviewLine, Seen, line_of
from pages.visits import HOME, Visit, Visits
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.digest import OpenReview
from safeguarding.notices.wordings_waiting import ToApprove, wait_for
from safeguarding.review.review import Review
from safeguarding.review.states import State
from safeguarding.review.who_sees import unit_of
from safeguarding.shown.load import Load, load_of
from safeguarding.shown.needs_me import Needs, needs_of
from safeguarding.shown.positions import waits_for
from safeguarding.stages.beside.taken_back import PROPOSED
from safeguarding.yearly.reported import is_reminded
from tasks.record.yearly_reports import reports_now, sentence_of
from tasks.store import queries
from tasks.store.session import reading


class Stuck(NamedTuple):
    """A proposed decision that all have signed and that does not stand: in which review, and why."""

    reference: str
    why: tuple[str, ...]


class Shows(NamedTuple):
    """What the page shows one person of the record, and from what it was worked out."""

    look: LookAround
    rulebook: Rulebook
    today: date
    open_reviews: Sequence[OpenReview]
    needs: Needs
    names: Mapping[str, str]
    lines: Sequence[ReviewLine]
    wordings: Sequence[ToApprove]
    """The wordings that wait for their approval."""
    load: Load | None
    """How much is due in each week and on whom it waits; None for whoever does not see every review."""


class Home:
    """The first page."""

    def __init__(self, running: Running, visits: Visits, seen: Seen, begun: AsksWhatIsBegun) -> None:
        self._running, self._visits, self._seen, self._begun = running, visits, seen, begun
        self._shown: dict[str, Shows] = {}

    def routes(self) -> APIRouter:
        """Where it is."""
        router = APIRouter()
        router.add_api_route(HOME, self.home, methods=["GET"])
        return router

    def home(self, request: Request, kept: str = "") -> Response:
        """What needs whoever asks."""
        visit, person = self._visits.signed_in(request)
        shows = self._shows(visit, person)
        proposals = self._proposed(shows.open_reviews)
        proposed = {one.reference for one in proposals}
        mine = tuple(one for one in shows.needs.decisions if one.reference not in proposed)
        return self._visits.page(
            visit,
            "home",
            at="home",
            today=shows.today,
            needs=shows.needs._replace(decisions=mine),
            positions=self._positions(person, proposals),
            stuck=self._stuck(visit, proposals),
            names=shows.names,
            reviews=shows.lines,
            begun=self._begun(visit),
            kept=kept,
            every=shows.load is not None,
            load=shows.load,
            wordings=shows.wordings,
            reports=self._reports(visit, person),
        )

    def _reports(self, visit: Visit, person: Person) -> list[str]:
        """For the unit, what is owed of the yearly reports once it is time to be reminded of it, in sentences."""
        theirs = unit_of(person, visit.partnership)
        if not theirs:
            return []
        rulebook, today = self._running.rulebook(), self._running.today()
        owed = reports_now(self._running.records, rulebook, today).owed
        return [sentence_of(one, rulebook, today) for one in owed if one.track in theirs and is_reminded(one, today)]

    def _shows(self, visit: Visit, person: Person) -> Shows:
        """What the page shows of the record, worked out again where the record, its rulebook or the day has moved."""
        look, rulebook, today = self._seen.everything(visit), self._running.rulebook(), self._running.today()
        before = self._shown.get(person.id)
        if before and before.look is look and before.rulebook is rulebook and before.today == today:
            return before
        rows = [row for row in look.reviews if row.open]
        open_reviews = [OpenReview(row.reference, row.track, row.stage, row.state) for row in rows]
        self._shown[person.id] = shows = Shows(
            look,
            rulebook,
            today,
            open_reviews,
            needs_of(person, look.owed, open_reviews, rulebook, today),
            {row.reference: row.pseudonym for row in look.reviews},
            [line_of(row, today) for row in rows],
            wait_for(person, look.wordings, rulebook.partnership),
            load_of(look.owed, rulebook, today) if sees_every_review(person, visit.partnership) else None,
        )
        return shows

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

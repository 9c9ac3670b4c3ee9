"""
What somebody may see of the record, read for one page: the reviews, what is owed in them, one review whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from fastapi import Request

from pages.last_look import LastLook, LookAround
from pages.running import Running
from pages.visits import Stopped, Visit, Visits
from safeguarding.dates.working_days import say
from safeguarding.errors import NoSuchReview
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.review.concerned import Concerned
from safeguarding.review.events import Event
from safeguarding.review.review import Review
from safeguarding.review.states import Stage
from safeguarding.review.who_sees import may_see, may_see_positions
from safeguarding.review.whole_record import reads_whole
from safeguarding.shown.as_seen import as_seen, asked_for_positions
from tasks.record.every_review import EveryReview
from tasks.store.queries import ReviewRow

NO_SUCH = (
    "There is no review with this reference that you may see. Look whether it is typed as it is written, such as "
    "CSPR-2026-003, or search for it."
)

NO_WORDS = (
    "These words are not there, or are not yours to read, and nothing was noted as read. Go back to the review and "
    "load it again."
)


class ReviewLine(NamedTuple):
    """A review on a line of a list."""

    reference: str
    pseudonym: str
    stage: str
    bar: tuple[str, ...]
    """For each of the seven stages whether it is past, now or to come."""
    due: str
    open: bool
    late: bool = False


class Seen:
    """Reads what somebody may see."""

    def __init__(self, running: Running, visits: Visits) -> None:
        self._running, self._visits = running, visits
        self._last = LastLook()

    def everything(self, visit: Visit) -> LookAround:
        """
        Every review that somebody may see, and what is owed in those that are open. The same object to the same person
        as long as neither the record nor the partnership has moved.
        """
        look, person = self._last.at(self._running.records), visit.person
        if person is None:
            return LookAround([], [])
        return look.of(person.id, visit.partnership, partial(_theirs, person, visit.partnership))

    def reviews(self, visit: Visit) -> Sequence[ReviewRow]:
        """Every review that somebody may see."""
        return self.everything(visit).reviews

    def whom(self, visit: Visit) -> Mapping[str, Concerned]:
        """Whom each review concerns that somebody may see, by its reference."""
        whom = self._last.at(self._running.records).every.whom
        return {row.reference: whom[row.reference] for row in self.reviews(visit) if row.reference in whom}

    def review(self, visit: Visit, reference: str) -> tuple[Review, Sequence[Event]]:
        """
        One review and the lines of its ledger, sealed words left sealed. Raises Stopped: there is none such, or it is
        not theirs to see, and no answer tells which.
        """
        records = self._running.records
        try:
            review = records.read(reference.upper())
            events = records.events(review.reference)
        except NoSuchReview:
            review, events = None, ()
        if review is None or visit.person is None or not may_see(visit.person, Concerned.by(review), visit.partnership):
            raise self.none(visit)
        return review, as_seen(visit.person, review.state, review.track, events, visit.partnership)

    def whole(self, request: Request, reference: str, not_yours: str) -> tuple[Visit, Person, Review]:
        """
        Whoever asks, who may read the whole record of a review. Raises Stopped; `not_yours` is what is said to somebody
        who sees the review and may not.
        """
        visit, person = self._visits.signed_in(request)
        review, _ = self.review(visit, reference)
        if not reads_whole(person, review, visit.partnership):
            page = self._visits.page(visit, "stopped", 403, title="This page is not yours", words=not_yours)
            raise Stopped(page)
        return visit, person, review

    def no_such_words(self, visit: Visit) -> Stopped:
        """What is raised for words that are not there, were erased, or are not theirs to read: nothing was opened."""
        return Stopped(self._visits.page(visit, "stopped", 404, title="Nothing was opened", words=NO_WORDS))

    def none(self, visit: Visit) -> Stopped:
        """What is raised for what is not there, or is not theirs to see."""
        return Stopped(self._visits.page(visit, "stopped", 404, title="No such review", words=NO_SUCH))


def _theirs(person: Person, partnership: Partnership, look: EveryReview) -> LookAround:
    rows = [row for row in look.reviews if may_see(person, look.whom[row.reference], partnership)]
    there = {row.reference for row in rows}
    waiting = [one for one in look.wordings if one.whom.reference in there]
    return LookAround(rows, [one for one in look.owed if one.reference in there], waiting)


def sees_positions(visit: Visit, review: Review, events: Sequence[Event]) -> bool:
    """Whether somebody sees how the partners have signed on what is not decided yet."""
    asked = asked_for_positions(events)
    return visit.person is not None and may_see_positions(visit.person, asked, review.track, visit.partnership)


def line_of(row: ReviewRow, today: date) -> ReviewLine:
    """A review as a line of a list has it on a day."""
    order = list(Stage)
    number = order.index(row.stage)
    if not row.open:
        return ReviewLine(row.reference, row.pseudonym, f"Closed: {row.state.ended_how}", (), "", False)
    bar = tuple("past" if place < number else "now" if place == number else "to-come" for place in range(len(order)))
    due = f"{'Overdue since' if row.next_due < today else 'Next'} {say(row.next_due)}" if row.next_due else ""
    stage = f"Stage {number + 1} of {len(order)}: {row.stage_title}"
    late = row.next_due is not None and row.next_due < today
    return ReviewLine(row.reference, row.pseudonym, stage, bar, due or "Nothing is owed", True, late)

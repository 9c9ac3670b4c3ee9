"""
What was sent to agencies of what was learnt, in a list: to whom, when, read or discussed by whom, who is still owed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from safeguarding.dates.standing import Standing, standing
from safeguarding.dates.working_days import say
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.review import Review
from safeguarding.review.shared_learning import LEARNING_READ, answer_key
from safeguarding.review.words import agency_name


class AgencyTold(NamedTuple):
    """One agency that something was sent to."""

    name: str
    outcome: str
    """What it said; empty before."""
    on: date | None
    people: int | None
    due_on: date
    standing: Standing | None
    """How its day stands, while its word is owed."""


class SharingShown(NamedTuple):
    """Something that was sent."""

    number: str
    what: str
    how: str
    sent_on: date
    agencies: tuple[AgencyTold, ...]

    @property
    def owed(self) -> int:
        """How many agencies have said nothing yet."""
        return sum(one.standing is not None for one in self.agencies)


def shared_with(review: Review, rulebook: Rulebook, today: date) -> list[SharingShown]:
    """Everything that was sent, the latest first; its days as they were put right or extended."""
    return [
        SharingShown(
            number=one.id,
            what=f"{one.what[:1].upper()}{one.what[1:]}",
            how=one.how,
            sent_on=review.happened("learning_shared", answer_key(one.id, one.agencies[0])) or one.on,
            agencies=tuple(_told(one.id, agency, review, rulebook, today) for agency in one.agencies),
        )
        for one in reversed(review.shared)
    ]


def _told(number: str, agency: str, review: Review, rulebook: Rulebook, today: date) -> AgencyTold:
    key, sharing = answer_key(number, agency), next(one for one in review.shared if one.id == number)
    answer = sharing.answer_of(agency)
    owed = next((duty for duty in review.live(LEARNING_READ, key)), None)
    due_on = owed.due_on if owed is not None else sharing.answer_by
    marks = ("learning_reply_dropped",) if answer and answer.outcome.startswith("no reply") else ("learning_read",)
    on = next((day for mark in marks if answer and (day := review.happened(mark, key))), None)
    return AgencyTold(
        name=agency_name(agency, rulebook.partnership),
        outcome=answer.outcome if answer else "",
        on=on,
        people=answer.people if answer else None,
        due_on=due_on,
        standing=standing(due_on, today, rulebook.calendar) if answer is None else None,
    )


def rows_of(shared: Iterable[SharingShown]) -> Iterator[tuple[str, ...]]:
    """The same as the rows of a table on paper: what, when and how it was sent, to which agency, what it said."""
    for one in shared:
        for told in one.agencies:
            many = f", {told.people} people" if told.people else ""
            said = f"{told.outcome}{f' on {say(told.on)}' if told.on else ''}{many}"
            owed = f"no word yet, due {say(told.due_on)}: {told.standing.words}" if told.standing else said
            yield f"{one.number} {one.what}", f"{say(one.sent_on)}, {one.how}", told.name, owed

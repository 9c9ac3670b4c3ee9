"""
What the publication of a report may wait for: a day, or an event of which nobody knows the day.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, NamedTuple

from safeguarding.dates.counting import add_months
from safeguarding.review.events import Mark
from safeguarding.review.review import Review
from safeguarding.review.states import State
from safeguarding.review.step import Attempt, Check, Condition

WaitsFor = Literal[
    "a day", "the end of a trial", "the conclusion of an inquest", "a wish of the family", "another event"
]
A_DAY: Literal["a day"] = "a day"
ANOTHER: Literal["another event"] = "another event"
LOOK = "local.x.deferral_review"
"""The day on which a hold is looked at again, as the rules call it."""


class Hold(NamedTuple):
    """That publication waits: for what, until which day if one is known, when it is looked at again."""

    since: date | None
    waits_for: str
    expected_on: date | None
    look_again_on: date | None

    @property
    def until(self) -> str:
        """What it waits for, in words."""
        return "the day on which it is expected" if self.waits_for == A_DAY else self.waits_for


def hold_of(review: Review) -> Hold | None:
    """The hold under which a review's publication stands; None where it does not wait."""
    if review.state is not State.PUBLICATION_DEFERRED:
        return None
    facts = review.facts.get("publication_deferred", {})
    look = [duty.due_on for duty in review.live(LOOK)]
    expected = facts.get("expected_on")
    return Hold(
        since=review.happened("publication_deferred"),
        waits_for=str(facts.get("waits_for") or A_DAY),
        expected_on=date.fromisoformat(str(expected)) if expected else None,
        look_again_on=min(look, default=None),
    )


def looked_at(review: Review, on: date) -> tuple[Mark, ...]:
    """That a hold was looked at, where it still waits for that: what leads out of it ends the chasing for it."""
    held = review.live(LOOK) if review.state is State.PUBLICATION_DEFERRED else ()
    return tuple(Mark(name="deferral_reviewed", on=on, subject=duty.subject) for duty in held)


MONTHS_AHEAD = 12
"""How far ahead at most a hold is looked at again: the partnership's own standard."""


def hold_is_looked_at_within_a_year(question: str) -> Condition:
    """The day given for this question, on which a hold is looked at again, is at most twelve months ahead."""

    def looked_at_within_a_year(step: Attempt[Any]) -> Check:
        day: date = getattr(step.form, question)
        last = add_months(step.today, MONTHS_AHEAD)
        words = f"the day to look again {day} is too far ahead: a hold is looked at again by {last} at the latest"
        return Check(day <= last, words)

    return looked_at_within_a_year


def it_waits_for_a_day_or_an_event(step: Attempt[Any]) -> Check:
    """A hold until a day has the day, not before the decision; one until another event says which, in sealed words."""
    form = step.form
    short = []
    if form.waits_for == A_DAY and form.expected_on is None:
        short.append("publication waits for a day: give the day on which it is now expected")
    if form.waits_for == ANOTHER and not form.event:
        short.append("say for which event publication waits")
    if form.expected_on is not None and form.expected_on < form.decided_on:
        short.append(
            f"publication is expected on {form.expected_on}, before it was decided on {form.decided_on} to wait"
        )
    return Check(not short, "; ".join(short))

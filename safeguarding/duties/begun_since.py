"""
What a program that came later would have begun, and an earlier one did not: the looks at an action that was verified,
and the choice after the year of a publication.

Nothing begins by itself on a line that was written before: somebody of the unit has it begun, and sees first what that
is. Only what is still to come begins. Nobody is late for what nobody had been asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from safeguarding.duties.retention import ERASED
from safeguarding.duties.started_and_settled import start
from safeguarding.duties.taken_back import fell_with_a_step
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import DutyStarted, Mark
from safeguarding.review.impact import LOOKED_AT, PERIODIC_RULES
from safeguarding.review.public_until import PUBLISHED, YEAR, after_its_year
from safeguarding.review.review import Duty, Review

VERIFIED = "action_verified"
BEGUN = "dates_begun_since"
"""The kind of the line that says so."""


def begun_since(review: Review, today: date, rulebook: Rulebook) -> tuple[DutyStarted, ...]:
    """The dates of a review that a day (London) would have by its rulebook, and that never began; the soonest first."""
    if any(line.kind == ERASED for line in review.history):
        return ()
    rulebook = rulebook.for_track(review.track.value)
    rows = (
        start(rule, mark, review, (), set(), rulebook)
        for rule, mark in (*_looks(review, rulebook), *_year(review, rulebook))
    )
    found = [row for row in rows if row is not None and row.due_on >= today]
    return tuple(sorted(found, key=lambda row: (row.due_on, row.rule, row.subject)))


def _looks(review: Review, rulebook: Rulebook) -> Iterator[tuple[Rule, Mark]]:
    """The looks at each action that is verified, each look that it has not had."""
    had = {(duty.rule, duty.subject) for duty in _begun(review)}
    for action in review.actions:
        on = review.happened(VERIFIED, action.id)
        if on is not None and action.status in LOOKED_AT:
            for rule in rulebook.started_by(VERIFIED, review.track):
                if rule.id in PERIODIC_RULES and (rule.id, action.id) not in had:
                    yield rule, Mark(name=VERIFIED, on=on, subject=action.id)


def _begun(review: Review) -> Iterator[Duty]:
    """The clocks that were begun; none that fell with a step that was taken back."""
    return (duty for duty in review.duties if duty.ended != "superseded" and not fell_with_a_step(duty))


def _year(review: Review, rulebook: Rulebook) -> Iterator[tuple[Rule, Mark]]:
    """The choice after the year of what was published last, where nothing was chosen and no clock was ever begun."""
    on = review.happened(PUBLISHED)
    if on is None or after_its_year(review) or any(duty.rule == YEAR for duty in _begun(review)):
        return
    for rule in rulebook.started_by(PUBLISHED, review.track):
        if rule.id == YEAR:
            yield rule, Mark(name=PUBLISHED, on=on)

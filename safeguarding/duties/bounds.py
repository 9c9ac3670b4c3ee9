"""
The date of the law that a local date serves: a local date that was suspended goes on no further than that.

Local policy can never stretch a statutory limit. A date that goes on after a suspension is held to the bound, with
the reason; when the bound itself moves (a corrected day, another bank holiday, another edition), so does what it held.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from safeguarding.duties.superseding import again, opened_on
from safeguarding.duties.suspension import Bound, gone_on, left_words, recounted
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import DutyChange, DutyStarted, Stop
from safeguarding.review.review import Duty, Review


def bound_of(rule: Rule, review: Review, rulebook: Rulebook, changes: Sequence[DutyChange] = ()) -> Bound | None:
    """The date of the law that a local rule serves, as these changes leave it; None where none is owed."""
    served = rulebook.bound(rule)
    if served is None:
        return None
    days = {duty.key: duty.due_on for duty in review.live(served)}
    for change in changes:
        if change.rule == served:
            key = (change.rule, change.subject, change.occurrence)
            if isinstance(change, DutyStarted):
                days[key] = change.due_on
            else:
                days.pop(key, None)
    return Bound(served, min(days.values())) if days else None


def resumed(duty: Duty, on: date, review: Review, rulebook: Rulebook) -> DutyStarted:
    """The row of a suspended date that goes on from a day: the remainder, held to the bound, and why."""
    if duty.suspended is None:
        raise ValueError("what is not suspended does not go on")
    bound = bound_of(rulebook.rule(duty.rule), review, rulebook)
    stop = duty.suspended.model_copy(update={"until": on})
    due_on, closed = gone_on(stop, max(on, duty.anchored_on), bound, rulebook.calendar)
    why = f"resumed on {on}: {left_words(closed)}"
    if closed.cap is not None:
        why += f", which would end on {closed.cap.instead_of}; capped at {closed.cap.on} by {closed.cap.rule}"
    stops = (*duty.stops[:-1], closed)
    return again(duty, why, due_on=due_on, stops=stops, calendar=rulebook.calendar.digest)


def held_to_the_law(review: Review, changes: Sequence[DutyChange], rulebook: Rulebook) -> tuple[DutyStarted, ...]:
    """
    The rows of local dates that have been suspended and whose bound these changes move, where that moves them too.

    They are counted again through their suspensions; what the changes move themselves is left to them.
    """
    touched = {(change.rule, change.subject, change.occurrence) for change in changes}
    rows = []
    for duty in _given_time(review):
        if duty.key in touched:
            continue
        rule = rulebook.rule(duty.rule)
        before, bound = bound_of(rule, review, rulebook), bound_of(rule, review, rulebook, changes)
        if bound is None or bound == before:
            continue
        due_on, stops = _held(review, duty, rule, bound, rulebook)
        if due_on != duty.due_on:
            why = f"{bound.rule}, which it serves, is now due on {bound.on}"
            rows.append(again(duty, why, due_on=due_on, stops=stops, calendar=rulebook.calendar.digest))
    return tuple(rows)


def _given_time(review: Review) -> list[Duty]:
    """The clocks that run and stood still once, or were given more time."""
    if not any(duty.stops or duty.extended for duty in review.duties):
        return []
    return [duty for duty in review.running() if duty.stops or duty.extended]


def _held(review: Review, duty: Duty, rule: Rule, bound: Bound, rulebook: Rulebook) -> tuple[date, tuple[Stop, ...]]:
    edition = rule.edition_of(duty.edition, duty.anchored_on)
    opened = opened_on(duty, rule, review)
    return recounted(duty, rule, edition, duty.anchored_on, opened, duty.stops, rulebook.calendar, bound)

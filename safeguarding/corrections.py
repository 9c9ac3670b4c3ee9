"""
Corrections: a date was wrong, or a closed review opens again. Nothing is overwritten.

A corrected date supersedes every row it anchored, opened, settled or suspended, and the old row stays with the
reason; a reopened review takes up the clocks that closing cut off, on their original days.
"""

from __future__ import annotations

from datetime import date

from safeguarding.events import DutyChange, Stop
from safeguarding.review import Duty, Review
from safeguarding.rows import again, ended_again, opened_on
from safeguarding.rule import Rule
from safeguarding.rulebook import Kind, Rulebook, Unit
from safeguarding.suspension import RESUMED, counted_again, subject_of

SUSPENDED = "deadline_suspended"
"""The milestone by which a local clock stopped."""


def corrected(
    review: Review, mark: str, subject: str, was: date, now_is: date, rulebook: Rulebook
) -> tuple[DutyChange, ...]:
    """The rows that change when a named thing happened on another day than the record says."""
    changes: list[DutyChange] = []
    why = f"corrected: {mark.replace('_', ' ')} was {was}, is {now_is}"
    for duty in review.duties:
        if duty.ended == "superseded":
            continue
        rule = rulebook.rule(duty.rule)
        stops = _stops(duty, mark, subject, was, now_is)
        mine = subject in ("", duty.subject)
        anchored = mine and duty.anchor == mark and duty.anchored_on == was
        settled = mine and duty.ended == "settled" and rule.settled_by == mark and duty.ended_on == was
        opened = mine and rule.starts == mark and opened_on(duty, rule, review) == was
        if not (anchored or settled or opened or stops != duty.stops):
            continue
        anchored_on = now_is if anchored else duty.anchored_on
        opening = now_is if opened else opened_on(duty, rule, review)
        due_on, edition = duty.due_on, duty.edition
        if anchored:
            edition = rule.edition_on(anchored_on).name
        if anchored or opened or stops != duty.stops:
            due_on, stops = _counted(duty, rule, anchored_on, opening, stops, rulebook)
        changes.append(
            again(
                duty,
                why,
                anchored_on=anchored_on,
                due_on=due_on,
                edition=edition,
                calendar=rulebook.calendar.digest,
                stops=stops,
            )
        )
        if duty.ended:
            ended_on = now_is if settled else (duty.ended_on or now_is)
            changes.append(ended_again(duty, ended_on))
    return tuple(changes)


def _counted(
    duty: Duty, rule: Rule, anchored_on: date, opened: date | None, stops: tuple[Stop, ...], rulebook: Rulebook
) -> tuple[date, tuple[Stop, ...]]:
    """The due date counted from the right day, through every suspension; an agreed day stays agreed."""
    calendar = rulebook.calendar
    if rule.counts.unit is Unit.AGREED_DATE:
        due_on = agreed_day(duty, calendar)
    else:
        due_on = rule.due_on(anchored_on, calendar, opened=opened)
    return counted_again(anchored_on, due_on, stops, calendar)


def agreed_day(duty: Duty, calendar: Calendar) -> date:
    """The day that people agreed, before any suspension moved it."""
    return duty.due_on - timedelta(days=sum(moved_by(stop) for stop in duty.stops))


def _stops(duty: Duty, mark: str, subject: str, was: date, now_is: date) -> tuple[Stop, ...]:
    """The suspensions of a duty with the wrong day put right, if it was the day of one of them."""
    if mark not in (SUSPENDED, RESUMED) or subject_of(duty) != subject:
        return duty.stops
    name = "on" if mark == SUSPENDED else "until"
    return tuple(
        stop.model_copy(update={name: now_is}) if getattr(stop, name) == was else stop for stop in duty.stops
    )


def taken_up(review: Review, rulebook: Rulebook) -> tuple[DutyChange, ...]:
    """
    The clocks that the closing line cut off, on their original days: reopening gives nobody more time.

    One that was suspended is suspended still, until it is looked at.
    """
    return tuple(
        again(duty, "reopened: taken up again")
        for duty in review.duties
        if duty.ended == "cancelled"
        and duty.ended_at == review.closed_at
        and rulebook.rule(duty.rule).counts.kind is not Kind.MINIMUM
    )

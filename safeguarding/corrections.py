"""
Corrections: a date was wrong, or a closed review opens again. Nothing is overwritten.

A corrected date supersedes every row it anchored or settled, and the old row stays with the reason; a
reopened review takes up the clocks that closing cut off, on their original days.
"""

from __future__ import annotations

from datetime import date

from safeguarding.events import DutyChange, DutyEnded, DutyStarted
from safeguarding.review import Duty, Review
from safeguarding.rulebook import Kind, Rulebook, Unit


def corrected(
    review: Review, mark: str, subject: str, was: date, now_is: date, rulebook: Rulebook
) -> tuple[DutyChange, ...]:
    """The rows that change when a named thing happened on another day than the record says."""
    changes: list[DutyChange] = []
    why = f"corrected: {mark.replace('_', ' ')} was {was}, is {now_is}"
    for duty in review.duties:
        if duty.ended == "superseded" or subject not in ("", duty.subject):
            continue
        rule = rulebook.rule(duty.rule)
        anchored = duty.anchor == mark and duty.anchored_on == was
        settled = duty.ended == "settled" and rule.settled_by == mark and duty.ended_on == was
        if not anchored and not settled:
            continue
        anchored_on = now_is if anchored else duty.anchored_on
        counted = anchored and rule.counts.unit is not Unit.AGREED_DATE
        due_on = rule.due_on(anchored_on, rulebook.calendar) if counted else duty.due_on
        edition = rule.edition_on(anchored_on).name if anchored else duty.edition
        changes.append(_again(duty, anchored_on, due_on, edition, rulebook.calendar.digest, why))
        if not duty.running:
            ended_on = now_is if settled else (duty.ended_on or now_is)
            changes.append(_end(duty, ended_on))
    return tuple(changes)


def taken_up(review: Review, rulebook: Rulebook) -> tuple[DutyChange, ...]:
    """The clocks that the closing line cut off, on their original days: reopening gives nobody more time."""
    return tuple(
        _again(duty, duty.anchored_on, duty.due_on, duty.edition, duty.calendar, "reopened: taken up again")
        for duty in review.duties
        if duty.ended == "cancelled"
        and duty.ended_at == review.closed_at
        and rulebook.rule(duty.rule).counts.kind is not Kind.MINIMUM
    )


def _again(duty: Duty, anchored_on: date, due_on: date, edition: str, calendar: str, replaces: str) -> DutyStarted:
    return DutyStarted(
        rule=duty.rule,
        subject=duty.subject,
        occurrence=duty.occurrence,
        anchor=duty.anchor,
        anchored_on=anchored_on,
        due_on=due_on,
        edition=edition,
        calendar=calendar,
        guard=duty.guard,
        replaces=replaces,
    )


def _end(duty: Duty, on: date) -> DutyEnded:
    return DutyEnded.model_validate(
        {
            "change": duty.ended,
            "rule": duty.rule,
            "subject": duty.subject,
            "occurrence": duty.occurrence,
            "on": on,
            "why": duty.why,
        }
    )

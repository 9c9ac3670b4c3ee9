"""
Corrections: a date was wrong, or what ended a duty was taken back. Nothing is overwritten.

A corrected date supersedes every row it anchored, opened, settled or suspended, and the old row stays with the reason.
"""

from __future__ import annotations

from datetime import date

from safeguarding.dates.counting import Direction
from safeguarding.duties.bounds import bound_of
from safeguarding.duties.superseding import again, ended_again, opened_on
from safeguarding.duties.suspension import RESUMED, SUSPENDED, recounted, subject_of
from safeguarding.law.rule import Edition, Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import DutyChange, Mark, Stop
from safeguarding.review.review import Duty, Review


def corrected(
    review: Review, mark: str, subject: str, was: date, now_is: date, rulebook: Rulebook
) -> tuple[DutyChange, ...]:
    """The rows that change when a named thing happened on another day than the record says."""
    changes: list[DutyChange] = []
    why = f"corrected: {mark.replace('_', ' ')} was {was}, is {now_is}"
    # The dates of the law first: a local one that was suspended is held to them as they then are.
    for duty in sorted(review.duties, key=lambda duty: rulebook.rule(duty.rule).no_later_than is not None):
        if duty.ended == "superseded":
            continue
        rule = rulebook.rule(duty.rule)
        stops = _stops(duty, rule, mark, subject, was, now_is)
        mine = subject in ("", duty.subject)
        anchored = mine and duty.anchor == mark and duty.anchored_on == was
        settled = mine and duty.ended == "settled" and rule.settled_by == mark and duty.ended_on == was
        opened = mine and rule.starts == mark and opened_on(duty, rule, review) == was
        if not (anchored or settled or opened or stops != duty.stops):
            continue
        anchored_on = now_is if anchored else duty.anchored_on
        opening = now_is if opened else opened_on(duty, rule, review)
        edition = _edition(duty, rule, anchored_on)
        due_on = duty.due_on
        if anchored or opened or stops != duty.stops:
            bound = bound_of(rule, review, changes)
            due_on, stops = recounted(duty, rule, edition, anchored_on, opening, stops, rulebook.calendar, bound)
        changes.append(
            again(
                duty,
                why,
                anchored_on=anchored_on,
                due_on=due_on,
                edition=edition.name,
                calendar=rulebook.calendar.digest,
                stops=stops,
            )
        )
        if duty.ended:
            ended_on = now_is if settled else (duty.ended_on or now_is)
            changes.append(ended_again(duty, ended_on))
    return tuple(changes)


def corrected_marks(review: Review, mark: str, subject: str, was: date, now_is: date) -> tuple[Mark, ...]:
    """What the record then says happened: for the agency or action named, or for each whose day was wrong."""
    wrong = {made.subject for made in review.marks if made.name == mark and review.happened(mark, made.subject) == was}
    named = {subject} if subject else wrong
    return tuple(Mark(name=mark, on=now_is, subject=whose) for whose in sorted(named or {""}))


def _edition(duty: Duty, rule: Rule, anchored_on: date) -> Edition:
    """The edition of the right day; but one that the partners moved the review to stays."""
    chosen = rule.edition_of(duty.edition, duty.anchored_on)
    own = rule.edition_on(duty.anchored_on)
    return rule.edition_on(anchored_on) if chosen.name == own.name else chosen


def _stops(duty: Duty, rule: Rule, mark: str, subject: str, was: date, now_is: date) -> tuple[Stop, ...]:
    """The suspensions of a duty with the wrong day put right, if it was the day of one of them."""
    if mark not in (SUSPENDED, RESUMED) or subject_of(duty, rule) != subject:
        return duty.stops
    name = "on" if mark == SUSPENDED else "until"
    return tuple(stop.model_copy(update={name: now_is}) if getattr(stop, name) == was else stop for stop in duty.stops)


def owed_again(review: Review, mark: str, why: str, rulebook: Rulebook) -> tuple[DutyChange, ...]:
    """
    The clocks that a named thing ended for good, on their original days, where it has been taken back.

    What is counted back from a planned day is not among them: the plan that takes it back starts it anew.
    """
    line = next((m for m in reversed(review.marks) if m.name == mark), None)
    return tuple(
        again(duty, why)
        for duty in review.duties
        if line is not None
        and duty.ended == "cancelled"
        and duty.ended_on == line.on
        and mark in rulebook.rule(duty.rule).ends
        and rulebook.rule(duty.rule).counts.direction is not Direction.BACKWARD
        and duty.why.startswith("no longer owed: " + mark.replace("_", " "))
    )

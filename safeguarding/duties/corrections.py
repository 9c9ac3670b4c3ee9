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
from safeguarding.review.events import DutyChange, Stop
from safeguarding.review.review import Duty, Review

PUT_RIGHT = "corrected: "
"""How the reason of a row begins whose day was wrong."""


def corrected(
    review: Review, mark: str, subject: str, was: date, now_is: date, rulebook: Rulebook
) -> tuple[DutyChange, ...]:
    """The rows that change when a named thing happened on another day than the record says."""
    changes: list[DutyChange] = []
    why = f"{PUT_RIGHT}{mark.replace('_', ' ')} was {was}, is {now_is}"
    # The dates of the law first: a local one that was suspended is held to them as they then are.
    known = [duty for duty in review.duties if rulebook.knows(duty.rule)]
    for duty in sorted(known, key=lambda duty: rulebook.bound(rulebook.rule(duty.rule)) is not None):
        if duty.ended == "superseded":
            continue
        rule = rulebook.rule(duty.rule)
        stops = _stops(duty, rule, mark, subject, was, now_is)
        mine = subject in ("", duty.subject)
        anchored = mine and duty.anchor == mark and duty.anchored_on == was
        settled = mine and duty.ended == "settled" and rule.settled_by == mark and duty.ended_on == was
        ended = mine and duty.ended == "cancelled" and _ended_by(duty, rule, mark) and duty.ended_on == was
        opened = mine and rule.starts == mark and opened_on(duty, rule, review) == was
        if not (anchored or settled or ended or opened or stops != duty.stops):
            continue
        anchored_on = now_is if anchored else duty.anchored_on
        opening = now_is if opened else opened_on(duty, rule, review)
        edition = _edition(duty, rule, anchored_on)
        due_on = duty.due_on
        if anchored or opened or stops != duty.stops:
            bound = bound_of(rule, review, rulebook, changes)
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
            moved = settled or ended
            ended_on = now_is if moved else (duty.ended_on or now_is)
            changes.append(ended_again(duty, ended_on, _said_anew(duty.why, mark, was, now_is) if moved else ""))
    return tuple(changes)


def _ended_by(duty: Duty, rule: Rule, mark: str) -> bool:
    """Whether it is no longer owed because this happened, as the row says."""
    return mark in rule.ends and duty.why.startswith(f"no longer owed: {mark.replace('_', ' ')} on ")


def _said_anew(why: str, mark: str, was: date, now_is: date) -> str:
    """How a row ended, with the right day in the place of the wrong one."""
    words = mark.replace("_", " ")
    return why.replace(f"{words} on {was}", f"{words} on {now_is}")


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

    Whatever day it is now said to have happened on: that day may have been put right since. What is counted back from
    a planned day is not among them: the plan that takes it back starts it anew.
    """
    return tuple(
        again(duty, why)
        for duty in review.duties
        if duty.ended == "cancelled"
        and rulebook.counts_still(duty.rule)
        and _ended_by(duty, rule := rulebook.rule(duty.rule), mark)
        and rule.counts.direction is not Direction.BACKWARD
        and not review.live(duty.rule, duty.subject)
    )

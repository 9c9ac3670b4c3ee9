"""
Counting again: which running dates would move under the bank holidays and the numbers now loaded, and why.

A due date is never changed behind anybody's back. When a bank holiday is added or taken away, or the number of an
edition or a convention is put right, what would move is shown first; accepted, it supersedes the old rows, and each
owner is told. A case keeps its edition: moving it to another is a decision of its own (`move_to_edition`).
"""

from __future__ import annotations

from datetime import date

from safeguarding.dates.counting import Unit
from safeguarding.dates.working_days import say
from safeguarding.duties.superseding import again, opened_on
from safeguarding.duties.suspension import Bound, recounted
from safeguarding.errors import HorizonPassed, LawNotFound
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import DutyStarted, Stop
from safeguarding.review.review import Duty, Review
from safeguarding.values import Frozen


class Recount(Frozen):
    """One date that would move: from when to when, and why."""

    reference: str
    rule: str
    title: str
    subject: str = ""
    occurrence: int = 1
    anchored_on: date
    edition: str
    suspended: bool = False
    due_was: date
    due_now: date
    why: str
    skipped: tuple[str, ...] = ()
    """The bank holidays that the new count meets and does not count."""

    @property
    def words(self) -> str:
        """The move in a sentence."""
        whose = f" ({self.subject})" if self.subject else ""
        still = ", suspended" if self.suspended else ""
        skipped = f"; not counted: {', '.join(self.skipped)}" if self.skipped else ""
        line = f"{self.reference} {self.rule}, {self.title}{whose}{still}: {say(self.due_was)} → {say(self.due_now)}"
        return f"{line} ({self.why}{skipped})"


class CannotBeCounted(Frozen):
    """A date that cannot be counted again, and why. It stays as it is."""

    reference: str
    rule: str
    subject: str = ""
    why: str


def counted_over(review: Review, rulebook: Rulebook) -> tuple[tuple[Recount, ...], tuple[CannotBeCounted, ...]]:
    """Every date of a review that would move, soonest first, and every one that can no longer be counted."""
    found = [_recount(review, duty, rulebook) for duty in review.live()]
    moves = sorted((move for move in found if isinstance(move, Recount)), key=lambda move: move.due_now)
    return tuple(moves), tuple(fault for fault in found if isinstance(fault, CannotBeCounted))


def recounts(review: Review, rulebook: Rulebook) -> tuple[Recount, ...]:
    """Every date of a review that would move, soonest first. A closed review has none."""
    return counted_over(review, rulebook)[0]


def cannot_be_counted(review: Review, rulebook: Rulebook) -> tuple[CannotBeCounted, ...]:
    """Every date of a review that the rulebook now loaded can no longer count."""
    return counted_over(review, rulebook)[1]


def recounted_rows(review: Review, rulebook: Rulebook) -> tuple[DutyStarted, ...]:
    """The rows that supersede those whose date moves."""
    moving = {(move.rule, move.subject, move.occurrence): move for move in recounts(review, rulebook)}
    rows = []
    for duty in review.live():
        move = moving.get(duty.key)
        if move is not None:
            rule = rulebook.rule(duty.rule)
            due_on, stops = _again(review, duty, rule, rulebook)
            why = f"counted again: {move.why}"
            edition = rule.edition_of(duty.edition, duty.anchored_on).name
            digest = rulebook.calendar.digest
            rows.append(again(duty, why, due_on=due_on, stops=stops, edition=edition, calendar=digest))
    return tuple(rows)


def _again(review: Review, duty: Duty, rule: Rule, rulebook: Rulebook) -> tuple[date, tuple[Stop, ...]]:
    edition = rule.edition_of(duty.edition, duty.anchored_on)
    opened = opened_on(duty, rule, review)
    bound = _bound(review, duty, rule, rulebook)
    return recounted(duty, rule, edition, duty.anchored_on, opened, duty.stops, rulebook.calendar, bound)


def _bound(review: Review, duty: Duty, rule: Rule, rulebook: Rulebook) -> Bound | None:
    """The date of the law that a date which was suspended is held to, itself counted again."""
    served = rulebook.bound(rule)
    if not (duty.stops or duty.extended) or served is None:
        return None
    law = rulebook.rule(served)
    days = [_again(review, bound, law, rulebook)[0] for bound in review.live(law.id)]
    return Bound(law.id, min(days)) if days else None


def _recount(review: Review, duty: Duty, rulebook: Rulebook) -> Recount | CannotBeCounted | None:
    try:
        rule = rulebook.rule(duty.rule)
        due_on, _ = _again(review, duty, rule, rulebook)
    except (LawNotFound, HorizonPassed) as fault:
        return CannotBeCounted(reference=review.reference, rule=duty.rule, subject=duty.subject, why=str(fault))
    if due_on == duty.due_on:
        return None
    return Recount(
        reference=review.reference,
        rule=rule.id,
        title=rule.title,
        subject=duty.subject,
        occurrence=duty.occurrence,
        anchored_on=duty.anchored_on,
        edition=duty.edition,
        suspended=duty.suspended is not None,
        due_was=duty.due_on,
        due_now=due_on,
        why=_why(duty, rule, rulebook),
        skipped=_skipped(duty.anchored_on, due_on, rule, rulebook),
    )


def _why(duty: Duty, rule: Rule, rulebook: Rulebook) -> str:
    """What has changed since the row was written: its calendar is known by its digest, its edition by its name."""
    if duty.calendar != rulebook.calendar.digest:
        return f"the bank holidays have changed (list {duty.calendar}, now {rulebook.calendar.digest})"
    edition = rule.edition_of(duty.edition, duty.anchored_on)
    if edition.name != duty.edition:
        return f"the rulebook no longer has edition {duty.edition}; counted by {edition.name}"
    return f"the count of edition {edition.name} or a convention of the partnership has been put right"


def _skipped(anchored_on: date, due_on: date, rule: Rule, rulebook: Rulebook) -> tuple[str, ...]:
    if rule.counts.unit not in (Unit.WORKING_DAYS, Unit.AS_SOON_AS_POSSIBLE):
        return ()
    first, last = min(anchored_on, due_on), max(anchored_on, due_on)
    holidays = sorted(rulebook.calendar.holidays.items())
    return tuple(f"{name} on {say(day)}" for day, name in holidays if first <= day <= last and day.weekday() < 5)

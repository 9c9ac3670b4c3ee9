"""
Dates that ran on a text which, as is known now, did not govern their day: an edition came late, or its day was wrong.

Nothing is counted again here. That a date ran so is noted in the review's ledger and said of it from then on, after
closing too, whatever later becomes of the rulebook.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from safeguarding.dates.working_days import say
from safeguarding.duties.started_and_settled import REVIEW_ENDED
from safeguarding.errors import HorizonPassed, LawNotFound
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Mark
from safeguarding.review.review import Duty, Review
from safeguarding.values import Frozen

NOTED = "earlier_text_noted"
"""The milestone by which it is kept."""
CHOSEN = "moved from edition"
"""How the row begins to say why it replaced another, where the partners chose its edition."""


class RanOn(Frozen):
    """One date that was counted by another edition than the one that governs the day it is counted from."""

    rule: str
    title: str
    subject: str
    anchored_on: date
    edition_was: str
    edition_then: str
    due_was: date
    due_then: date | None
    """The date by the text that governs; None where it can no longer be counted."""
    ended: str
    known: bool = True
    """False where the rulebook no longer has the edition it ran on."""

    @property
    def words(self) -> str:
        """That it ran on another text, in a sentence."""
        whose = f" ({self.subject})" if self.subject else ""
        if self.due_then is None or self.due_then == self.due_was:
            dates = f"the date is {say(self.due_was)} by either" if self.due_then else f"it was {say(self.due_was)}"
        else:
            dates = f"{say(self.due_was)} instead of {say(self.due_then)}"
        return (
            f"{self.rule}: {self.title}{whose}, counted from {say(self.anchored_on)}, ran on the text of "
            f"{self.edition_was}{'' if self.known else ', which this rulebook no longer has,'} where "
            f"{self.edition_then} was in force: {dates}"
        )

    def mark(self, on: date) -> Mark:
        """As the ledger keeps it: rule, whose, day, the edition it ran on and the one in force."""
        parts = (self.rule, self.subject, self.anchored_on.isoformat(), self.edition_was, self.edition_then)
        return Mark(name=NOTED, on=on, subject="|".join(parts))


def ran_on_another_text(review: Review, rulebook: Rulebook, edition: str = "") -> tuple[RanOn, ...]:
    """
    The dates of a review that ran on another text than that of their day and are not yet noted: met, running, or cut
    off when the review closed.

    Left out are rows that were superseded or no longer owed, and those whose edition the partners chose. `edition`
    narrows it to those that this edition governs or that ran on it.
    """
    known = {mark.subject for mark in review.marks if mark.name == NOTED}
    found = (_ran_on(duty, review, rulebook) for duty in review.duties)
    return tuple(
        one
        for one in found
        if one is not None
        and edition in ("", one.edition_then, one.edition_was)
        and one.mark(date.min).subject not in known
    )


def _ran_on(duty: Duty, review: Review, rulebook: Rulebook) -> RanOn | None:
    with_the_review = duty.why.startswith(REVIEW_ENDED) or 0 < duty.ended_at == review.closed_at
    fell_away = duty.ended == "cancelled" and not with_the_review
    if duty.ended == "superseded" or fell_away or _was_chosen(duty, review):
        return None
    try:
        rule = rulebook.rule(duty.rule)
        governs = rule.edition_on(duty.anchored_on)
    except LawNotFound:
        return None
    if duty.edition in (governs.name, *governs.formerly):
        return None
    return RanOn(
        rule=rule.id,
        title=rule.title,
        subject=duty.subject,
        anchored_on=duty.anchored_on,
        edition_was=duty.edition,
        edition_then=governs.name,
        due_was=duty.due_on,
        due_then=_due(rule, duty, rulebook),
        ended=duty.ended,
        known=any(duty.edition in (other.name, *other.formerly) for other in rule.editions),
    )


def _due(rule: Rule, duty: Duty, rulebook: Rulebook) -> date | None:
    if duty.stops:
        return None  # What a suspension left is not counted again for a comparison.
    try:
        return rule.due_on(duty.anchored_on, rulebook.calendar)
    except HorizonPassed:
        return None


def _was_chosen(duty: Duty, review: Review) -> bool:
    """Whether the partners moved this date to the edition it has: then it ran on it by choice."""
    before = [row for row in review.duties if row.key == duty.key and row.ended_at == duty.started_at]
    return any(row.ended == "superseded" and row.why.startswith(CHOSEN) for row in before)


def noted(review: Review, rulebook: Rulebook, rule: str = "") -> tuple[str, ...]:
    """What the ledger of a review keeps of this, in sentences, of one rule or of all: it needs no edition any more."""
    return tuple(_noted(review, rulebook, rule))


def _noted(review: Review, rulebook: Rulebook, wanted: str) -> Iterator[str]:
    for mark in review.marks:
        if mark.name != NOTED:
            continue
        rule, subject, anchored_on, was, then = mark.subject.split("|")
        if wanted not in ("", rule):
            continue
        try:
            title = f" ({rulebook.rule(rule).title})"
        except LawNotFound:
            title = ""
        whose = f", {subject}" if subject else ""
        yield (
            f"{rule}{title}{whose}, counted from {say(date.fromisoformat(anchored_on))}, ran on the text of {was}, "
            f"where {then} was in force: noted on {say(mark.on)}."
        )

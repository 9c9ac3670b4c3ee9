"""
Which running clocks could move to another edition of the law or of the local procedure, and the rows if they do.

A case keeps the edition in force on the day its clock started. When a later one takes effect the partners are
shown which open cases could move, and choose case by case, with a reason (the step `move_to_edition`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from safeguarding.dates.working_days import say
from safeguarding.duties.bounds import bound_of
from safeguarding.duties.superseding import again, opened_on
from safeguarding.duties.suspension import recounted
from safeguarding.law.editions_compared import edition_called
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import DutyStarted, Stop
from safeguarding.review.review import Duty, Review
from safeguarding.values import Frozen

# --------------------------------------------------------------------------- moving a case


KEPT = "edition_kept"
"""The milestone by which the partners chose, for one duty of a review, to keep the edition it had."""


def kept_as(edition: str, rule: str) -> str:
    """How that milestone names which edition was not chosen, for which duty."""
    return f"{edition}:{rule}"


class Move(Frozen):
    """A running clock that could be counted by another edition than the one it is counted by."""

    reference: str
    rule: str
    title: str
    subject: str
    occurrence: int
    anchored_on: date
    edition_was: str
    edition_now: str
    takes_effect_on: date
    due_was: date
    due_now: date
    kept_on: date | None = None
    """The day on which the partners chose that this clock keeps its edition, if they did."""

    @property
    def words(self) -> str:
        """The move in a sentence."""
        kept = f" (on {say(self.kept_on)} the partners chose to keep {self.edition_was})" if self.kept_on else ""
        whose = f" ({self.subject})" if self.subject else ""
        dates = (
            f"the date stays {say(self.due_was)}"
            if self.due_was == self.due_now
            else f"from {say(self.due_was)} to {say(self.due_now)}"
        )
        return f"{self.rule}: {self.title}{whose}: {self.edition_was} → {self.edition_now}: {dates}{kept}"


def moves(review: Review, edition: str, rulebook: Rulebook, rule: str = "") -> tuple[Move, ...]:
    """
    The clocks of a review that could move to an edition: those anchored before it took effect.

    A clock that was moved may also go back to the edition of its own day. An edition that is held back moves
    nothing. `rule` narrows it to one duty.
    """
    return tuple(move for _, move, _ in _moves(review, edition, rulebook, rule))


def moved_rows(review: Review, edition: str, rulebook: Rulebook, rule: str = "") -> tuple[DutyStarted, ...]:
    """The rows that supersede those of these clocks, counted by the edition they move to."""
    digest = rulebook.calendar.digest
    return tuple(
        again(
            duty,
            f"moved from edition {move.edition_was} to {move.edition_now}; the partners' reason is sealed",
            due_on=move.due_now,
            stops=stops,
            edition=move.edition_now,
            calendar=digest,
        )
        for duty, move, stops in _moves(review, edition, rulebook, rule)
    )


def _moves(
    review: Review, edition: str, rulebook: Rulebook, rule: str
) -> Iterator[tuple[Duty, Move, tuple[Stop, ...]]]:
    for duty in sorted(review.duties, key=lambda duty: (duty.due_on, duty.rule, duty.subject)):
        if not duty.ended and rule in ("", duty.rule):
            yield from _move(review, duty, edition, rulebook)


def _move(review: Review, duty: Duty, name: str, rulebook: Rulebook) -> Iterator[tuple[Duty, Move, tuple[Stop, ...]]]:
    rule = rulebook.rule(duty.rule)
    edition = edition_called(rule, name)
    if edition is None or not edition.in_force or duty.edition in (edition.name, *edition.formerly):
        return
    later = edition.from_day > duty.anchored_on
    if not later and edition != rule.edition_on(duty.anchored_on):
        return
    opened = opened_on(duty, rule, review)
    bound = bound_of(rule, review, rulebook)
    due_on, stops = recounted(duty, rule, edition, duty.anchored_on, opened, duty.stops, rulebook.calendar, bound)
    move = Move(
        reference=review.reference,
        rule=rule.id,
        title=rule.title,
        subject=duty.subject,
        occurrence=duty.occurrence,
        anchored_on=duty.anchored_on,
        edition_was=duty.edition,
        edition_now=edition.name,
        takes_effect_on=edition.from_day,
        due_was=duty.due_on,
        due_now=due_on,
        kept_on=review.happened(KEPT, kept_as(edition.name, rule.id)),
    )
    yield duty, move, stops


def offer(review: Review, rulebook: Rulebook, today: date) -> str:
    """That a later edition has taken effect and the partners may choose it, for the review's card; else nothing."""
    began = {edition.name: edition.from_day for rule in rulebook.rules for edition in rule.editions if edition.in_force}
    lines = []
    for name, begins in began.items():
        later = [
            move
            for move in moves(review, name, rulebook)
            if move.takes_effect_on > move.anchored_on and move.kept_on is None
        ]
        if later and begins <= today:
            dates = ", ".join(dict.fromkeys(move.rule for move in later))
            lines.append(
                f"**{name} has taken effect** since some clocks of this review began ({dates}). They keep their "
                "edition unless the partners choose otherwise; either choice is recorded, with its reason: "
                "*Move to another edition*."
            )
    return "\n\n".join(lines)

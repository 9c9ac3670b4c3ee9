"""
What the registers are made of: reviews as they stand, their clocks, their requests and the lines of their ledgers.

All of it is open: references, days, agencies, states. A door reads it from the tables for querying, or makes it of
whole reviews; either gives the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Self

from safeguarding.law.rulebook import Rulebook
from safeguarding.registers.lines import StandingLine
from safeguarding.review.events import Event
from safeguarding.review.learnt import Action
from safeguarding.review.review import Duty, Review
from safeguarding.review.states import Stage, State, Track
from safeguarding.shown.agency_answers import AgencyAnswer
from safeguarding.shown.letters_sent import LetterSent


class ReviewKnown(NamedTuple):
    """A review as it stands."""

    reference: str
    track: Track
    pseudonym: str
    state: State
    stage: Stage
    open: bool
    opened_at: datetime
    stage_since: datetime
    entered_on: date | None
    """The day on which it was entered, where it was under way already."""

    @classmethod
    def of(cls, review: Review) -> Self:
        """The same of a review that was folded."""
        return cls(
            reference=review.reference,
            track=review.track,
            pseudonym=review.pseudonym,
            state=review.state,
            stage=review.stage,
            open=review.open,
            opened_at=review.opened_at,
            stage_since=review.stage_since,
            entered_on=review.entered_on,
        )


class ClockKnown(NamedTuple):
    """One clock of a review, the latest row of its occurrence."""

    reference: str
    rule: str
    subject: str
    occurrence: int
    anchor: str
    anchored_on: date
    due_on: date
    edition: str
    ended: str
    """Nothing while it runs; `settled`, `cancelled` or `suspended`."""
    ended_on: date | None

    @classmethod
    def of(cls, reference: str, duty: Duty) -> Self:
        """The same of a duty of a review that was folded."""
        return cls(
            reference=reference,
            rule=duty.rule,
            subject=duty.subject,
            occurrence=duty.occurrence,
            anchor=duty.anchor,
            anchored_on=duty.anchored_on,
            due_on=duty.due_on,
            edition=duty.edition,
            ended="suspended" if duty.suspended else duty.ended,
            ended_on=duty.ended_on,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKnown:
    """What is known of every review. A register is made of the parts that it needs; the others may be left empty."""

    rulebook: Rulebook
    reviews: Mapping[str, ReviewKnown]
    """By reference, in the order of opening."""
    clocks: Sequence[ClockKnown] = ()
    requests: Sequence[AgencyAnswer] = ()
    actions: Mapping[str, Sequence[Action]] = field(default_factory=dict)
    """The actions of each review that has any, by its reference."""
    letters: Sequence[LetterSent] = ()
    """What was sent, in the order in which it was written."""
    lines: Mapping[str, Sequence[StandingLine]] = field(default_factory=dict)
    """Of each review the lines that stand, first to last, by its reference."""
    events: Mapping[str, Sequence[Event]] = field(default_factory=dict)
    """Of each review the same lines as they were written, and those besides that were taken back since."""

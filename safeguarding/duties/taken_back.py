"""
The clocks of a review when steps that were taken wrongly are taken back: as they stood before, by rows of their own.

Nothing is overwritten. What the steps began is cancelled; what they ended, moved or put right has again the day it had
and the end it had, read from the rows as they stood before the first of them; and the old rows stay with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from safeguarding.duties.superseding import again, ended_again
from safeguarding.review.events import DutyChange, DutyEnded
from safeguarding.review.review import Before, Duty, Review

_WRITTEN = {"started_at", "ended_at"}
"""Which lines wrote a row and its end: no part of what is owed."""

TAKEN_BACK = "taken back: line "
"""How the reason of a row begins that fell with a step, or stands no more since it did."""


def fell_with_a_step(duty: Duty) -> bool:
    """Whether a clock ended because the step that had begun it was taken back: it counts as never begun."""
    return duty.ended == "cancelled" and duty.why.startswith(TAKEN_BACK)


def taken_back(review: Review, before: Before, on: date) -> tuple[DutyChange, ...]:
    """The rows that take every clock back to how it stood before the line of the ledger that `before` was kept for."""
    why = f"{TAKEN_BACK}{before.line} and what followed it"
    stood, stands = _last_rows(before.duties), _last_rows(review.duties)
    return tuple(change for key, row in stands.items() for change in _as_before(stood.get(key), row, on, why))


def _last_rows(duties: Sequence[Duty]) -> dict[tuple[str, str, int], Duty]:
    """The row that counts of each clock: every earlier one is superseded."""
    return {duty.key: duty for duty in duties}


def _as_before(stood: Duty | None, stands: Duty, on: date, why: str) -> Iterator[DutyChange]:
    if stood is None:
        if stands.ended == "settled":  # What never was owed was not met either.
            yield again(stands, why)
        if stands.ended != "cancelled":
            key = {"rule": stands.rule, "subject": stands.subject, "occurrence": stands.occurrence}
            yield DutyEnded.model_validate({"change": "cancelled", "on": on, "why": why, **key})
        return
    if stood.model_dump(exclude=_WRITTEN) == stands.model_dump(exclude=_WRITTEN):
        return
    yield again(stood, why)
    if stood.ended:
        yield ended_again(stood, stood.ended_on or on)

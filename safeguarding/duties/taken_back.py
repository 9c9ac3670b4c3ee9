"""
The clocks of a review when steps that were taken wrongly are taken back: as they stood before, by rows of their own.

Nothing is overwritten. What the steps began is cancelled, what they ended or moved is owed again on the day it had, and
the old rows stay with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from safeguarding.duties.superseding import again
from safeguarding.review.events import DutyChange, DutyEnded
from safeguarding.review.review import Duty, Review


def taken_back(review: Review, line: int, on: date) -> tuple[DutyChange, ...]:
    """The rows that take every clock back to how it stood before a line of the ledger."""
    why = f"taken back: line {line} and what followed it"
    touched = {duty.key: None for duty in review.duties if max(duty.started_at, duty.ended_at) >= line}
    return tuple(
        change
        for key in touched
        for change in _as_before([duty for duty in review.duties if duty.key == key], line, on, why)
    )


def _as_before(rows: Sequence[Duty], line: int, on: date, why: str) -> Iterator[DutyChange]:
    last = rows[-1]
    before = next((duty for duty in reversed(rows) if duty.started_at < line), None)
    if before is None:
        if last.ended == "settled":  # What never was owed was not met either.
            yield again(last, why)
        if last.ended != "cancelled":
            yield _ended(last, "cancelled", on, why)
        return
    if last.ended and last.ended_at < line and last is before:
        return
    yield again(before, why)
    if last.ended in ("settled", "cancelled") and last.ended_at < line:
        # It had ended before, and only a date of it was put right since.
        yield _ended(last, last.ended, last.ended_on or on, last.why)


def _ended(duty: Duty, change: str, on: date, why: str) -> DutyEnded:
    key = {"rule": duty.rule, "subject": duty.subject, "occurrence": duty.occurrence}
    return DutyEnded.model_validate({"change": change, "on": on, "why": why, **key})

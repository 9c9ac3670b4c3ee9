"""
Counting dates again across the record: what would move under the bank holidays now loaded, and moving it.

The preview writes nothing. Accepting takes the step `recompute_dates` of each review concerned, in a transaction of
its own: one line of its ledger, the old rows kept, one notice to each owner, and for what is now overdue the ladder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from safeguarding.duties.recounting import CannotBeCounted, Recount, counted_over
from safeguarding.errors import TransitionRefused
from safeguarding.review.events import Actor
from tasks.record.records import Records, Taken
from tasks.store import owed

STEP = "recompute_dates"


@dataclass(frozen=True, slots=True)
class Preview:
    """What would move, review by review, and what can no longer be counted."""

    moves: tuple[Recount, ...]
    faults: tuple[CannotBeCounted, ...]
    versions: dict[str, int]
    """The version of each review that would move, as it was looked at: an acceptance of anything else is stale."""


class Accepted(NamedTuple):
    """What was moved, and what could not be because a review had changed meanwhile."""

    steps: tuple[Taken, ...]
    refused: tuple[TransitionRefused, ...]


def preview(records: Records, references: Sequence[str] | None = None) -> Preview:
    """Every running date that would move, of all open reviews or of these. Reads one review at a time."""
    moves: list[Recount] = []
    faults: list[CannotBeCounted] = []
    versions = {}
    for review in records.open_reviews(references):
        found, lost = counted_over(review, records.rulebook)
        moves += found
        faults += lost
        if found:
            versions[review.reference] = review.version
    return Preview(tuple(moves), tuple(faults), versions)


def pending(records: Records) -> int:
    """
    How many dates would move under the bank holidays now loaded. On most days nought, for one query.

    Looks only at reviews with an open date that was counted by another list.
    """
    otherwise = owed.counted_otherwise(records.engine, records.rulebook.calendar.digest)
    return len(preview(records, otherwise).moves) if otherwise else 0


def accept(records: Records, seen: Preview, reason: str, actor: Actor, now: datetime) -> Accepted:
    """
    Count again every review of a preview. One that changed since is refused, recorded so, and named.

    The reason is sealed in each review's ledger.
    """
    steps, refused = [], []
    for reference, version in seen.versions.items():
        try:
            steps.append(records.attempt(reference, STEP, {"reason": reason}, actor, now, version))
        except TransitionRefused as error:
            refused.append(error)
    return Accepted(tuple(steps), tuple(refused))

"""
What a step would come to if it were taken now: everything that refuses it, or the line that it would write.

Nothing is recorded: whoever tries a form on has not asked for the step.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from safeguarding import lifecycle, proposed
from safeguarding.errors import TransitionRefused
from safeguarding.lifecycle import Identity
from safeguarding.review.events import Actor, Event
from safeguarding.review.fold import fold
from safeguarding.review.review import Review
from tasks.record.moments import following
from tasks.record.new_reviews import NEW
from tasks.record.records import Records
from tasks.store import ledger, queries
from tasks.store.session import reading

NOT_YET = Identity("the new review", "")
"""What a review that is not opened yet is called."""


class Foreseen(NamedTuple):
    """What a step, or several one after the other, would come to. No events where anything refuses one of them."""

    unmet: tuple[str, ...] = ()
    before: Review | None = None
    events: tuple[Event, ...] = ()


def foresee(
    records: Records, reference: str | None, command: str, raws: Sequence[dict[str, Any]], actor: Actor, now: datetime
) -> Foreseen:
    """Try a step on with these answers, each after the one before it. Raises NoSuchReview."""
    now = now.astimezone(UTC)
    before = review = records.read(reference) if reference is not None else None
    events: list[Event] = []
    unmet: dict[str, None] = {}
    for raw in raws:
        try:
            lines = _lines(records, review, command, raw, actor, now)
        except TransitionRefused as refused:
            unmet |= dict.fromkeys(refused.unmet)
            continue
        events += lines
        review = fold(lines, review)
    return Foreseen(tuple(unmet), before, () if unmet else tuple(events))


def _lines(
    records: Records,
    before: Review | None,
    command: str,
    raw: dict[str, Any],
    actor: Actor,
    now: datetime,
) -> list[Event]:
    """The line of the step, and the decision that stands by it if one does."""
    if before is None:
        return [lifecycle.attempt(None, command, raw, actor, now, records.rulebook, None, NOT_YET)]
    if command in NEW:
        raise TransitionRefused(before.reference, command, ("this review is open already",))
    moment = following(before, command, now)
    with reading(records.engine) as connection:
        of_another = partial(queries.track_of, connection)
        line = lifecycle.attempt(before, command, raw, actor, moment, records.rulebook, None, None, of_another)
        so_far = partial(ledger.read, connection, before.reference)
        decided = proposed.decision_after(before, line, so_far, records.rulebook, of_another)
    return [line] if decided is None else [line, decided]

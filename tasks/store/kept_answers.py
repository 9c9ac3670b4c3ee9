"""
Answers that were refused after they were sent: kept for their writer, sealed with the review's key, for a fortnight.

Prefect has erased them by then, and nobody types twenty answers twice. They are no part of the ledger: they prove
nothing, and go when the step is taken, when their time is over, or with the review's key.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from tasks.store.sealing import ReviewKey
from tasks.store.tables import kept_answers

KEPT_FOR = timedelta(days=14)
NAME = "kept answers"
"""What seals them to their place, beside the review and the line of the refusal."""


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """What was typed on one form: the line that remembers its refusal, the step, the answers, until when."""

    sequence: int
    step: str
    answers: dict[str, Any]
    forget_at: datetime


def keep(
    connection: Connection,
    reference: str,
    sequence: int,
    step: str,
    answers: Mapping[str, Any],
    key: ReviewKey,
    now: datetime,
) -> None:
    """Keep the answers that the refusal on this line was about."""
    sealed = key.seal(sequence, NAME, json.dumps(answers, default=str))
    # Said again: a moment of pendulum's loses a zone that is not pendulum's own when something is added to it.
    until = (now.astimezone(UTC) + KEPT_FOR).replace(tzinfo=UTC)
    row = {"reference": reference, "sequence": sequence, "step": step, "sealed": sealed, "forget_at": until}
    connection.execute(insert(kept_answers), row)


def read(connection: Connection, reference: str, key: ReviewKey, now: datetime) -> Sequence[KeptAnswers]:
    """What is kept of a review, the latest first."""
    mine = (kept_answers.c.reference == reference, kept_answers.c.forget_at > now)
    rows = connection.execute(select(kept_answers).where(*mine).order_by(kept_answers.c.sequence.desc()))
    return [
        KeptAnswers(row.sequence, row.step, json.loads(key.unseal(row.sequence, NAME, row.sealed)), row.forget_at)
        for row in rows
    ]


def forget(connection: Connection, reference: str, step: str | None = None) -> None:
    """Let go of what is kept of a review, or of one step of it."""
    mine = kept_answers.c.reference == reference
    connection.execute(delete(kept_answers).where(mine, *([kept_answers.c.step == step] if step else [])))


def forget_lines(connection: Connection, reference: str, lines: Collection[int]) -> None:
    """Let go of what is kept of the refusals on these lines of a review."""
    mine = (kept_answers.c.reference == reference, kept_answers.c.sequence.in_(lines))
    connection.execute(delete(kept_answers).where(*mine))


def forget_old(connection: Connection, now: datetime) -> None:
    """Let go of everything whose time is over."""
    connection.execute(delete(kept_answers).where(kept_answers.c.forget_at <= now))

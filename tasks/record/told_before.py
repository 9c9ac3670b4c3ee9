"""
What was told of a date before a later row took its place for the same day: nobody hears it a second time.

A step that is taken back, or a review that was closed in error, gives a clock again the day that it had. The rungs of
its ladder that had fired by then stay fired, if their letters have left; a letter that is still to leave is withdrawn
with the row that it is about, so its rung fires again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from safeguarding.duties.superseding import same_day_before
from safeguarding.review.review import Duty, Review
from tasks.store.projections import Fired, duty_key
from tasks.store.statements import Adding
from tasks.store.tables import DUTY_KEY, notices, rungs

_CARRY = Adding(rungs)


def told_before(connection: Connection, after: Review, sequence: int) -> list[dict[str, Any]]:
    """The rungs, as rows, that the rows written by this line of the ledger take over from earlier ones."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for duty in after.duties:
        if duty.started_at != sequence or not duty.running:
            continue
        for line in same_day_before(after, duty):
            for row in _left(connection, {**_key(after.reference, duty), "started_at": line}):
                found.setdefault((*duty_key(after.reference, duty), row.rung), _taken_over(row, sequence))
    return list(found.values())


def fired(rows: Sequence[dict[str, Any]]) -> Fired:
    """The same by the key of their duty."""
    found: Fired = defaultdict(set)
    for row in rows:
        found[tuple(row[name] for name in DUTY_KEY)].add(row["rung"])
    return found


def write(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Note them as fired."""
    if rows:
        _CARRY.run(connection, rows)


def _key(reference: str, duty: Duty) -> dict[str, Any]:
    return dict(zip(DUTY_KEY, duty_key(reference, duty), strict=True))


def _left(connection: Connection, key: Mapping[str, Any]) -> list[Row[Any]]:
    """The rungs of an earlier row whose letters have left."""
    mine = select(rungs).where(*(rungs.c[name] == value for name, value in key.items())).order_by(rungs.c.fires_at)
    told = connection.execute(mine).all()
    names = {row.rung: ":".join(str(part) for part in (*key.values(), row.rung)) for row in told}
    held = select(notices.c.key).where(notices.c.key.in_(names.values()), notices.c.status != "delivered")
    still = set(connection.execute(held).scalars())
    return [row for row in told if names[row.rung] not in still]


def _taken_over(row: Row[Any], sequence: int) -> dict[str, Any]:
    return {**row._mapping, "started_at": sequence}

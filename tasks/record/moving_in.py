"""
Reviews that move in from a workbook: which are here already, what is in the way, and all of them taken in, or none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from safeguarding.moving_in.again import PassedOver, came_in_as, passed_over
from safeguarding.moving_in.plan import Planned
from safeguarding.moving_in.rows import Filled, key_of
from safeguarding.moving_in.sheets import RowFault
from safeguarding.review.events import Actor
from tasks.record.new_reviews import MovesIn
from tasks.record.records import Records, Taken
from tasks.record.transactions import SubmittedBefore
from tasks.store import identity
from tasks.store.session import reading
from tasks.store.tables import submissions

_BEGINS = "moved-in:"
_AT_ONCE = 500
"""How many are asked for in one question."""


class TakenInMeanwhile(Exception):
    """Another program took in a review of the same workbook after it was looked at: nothing was taken in."""


def token_of(key: str) -> str:
    """What names a review of a workbook for good, by the partnership's own reference: it comes in once."""
    return _BEGINS + hashlib.sha256(key_of(key).encode()).hexdigest()


def here_already(records: Records, filled: Sequence[Filled]) -> dict[str, str]:
    """The reviews that were taken in before: their own references, each with the reference that it has here."""
    named = {token_of(one.key): one.key for one in filled}
    tokens = list(named)
    found: dict[str, str] = {}
    with reading(records.engine) as connection:
        for start in range(0, len(tokens), _AT_ONCE):
            mine = submissions.c.token.in_(tokens[start : start + _AT_ONCE])
            asked = select(submissions.c.token, submissions.c.reference).where(mine)
            found |= {named[row.token]: row.reference for row in connection.execute(asked)}
    return found


def not_taken_again(records: Records, filled: Sequence[Filled], known: Mapping[str, str]) -> list[PassedOver]:
    """The rows of the reviews that are here already which were not taken in with them, and are not now."""
    found: list[PassedOver] = []
    for one in filled:
        if reference := known.get(one.key):
            found += passed_over(one, reference, came_in_as(records.read(reference)))
    return found


def spoken_of_twice(records: Records, filled: Sequence[Filled]) -> list[RowFault]:
    """Which chosen pseudonyms are taken, on the record or by another row."""
    with reading(records.engine) as connection:
        return list(_taken(connection, filled))


def _taken(connection: Connection, filled: Sequence[Filled]) -> list[RowFault]:
    faults: list[RowFault] = []
    seen: dict[str, int] = {}
    for one in filled:
        chosen = str(one.answers.get("pseudonym", ""))
        if not chosen:
            continue
        first = seen.setdefault(key_of(chosen), one.row.number)
        another = identity.taken_by(connection, chosen)
        if first != one.row.number or another is not None:
            whose = f"the person of {another}" if another is not None else f"the person of row {first}"
            why = f"{whose} is spoken of so: choose another pseudonym"
            faults.append(RowFault(one.row.sheet, one.row.number, "Pseudonym", why))
    return faults


def take_in(records: Records, comes_in: Sequence[Planned], source: str, actor: Actor, now: datetime) -> Sequence[Taken]:
    """
    Take all of these in, or none: one transaction, no letter. Raises TransitionRefused, or TakenInMeanwhile.
    """
    rows = [one.filled for one in comes_in]
    many = [MovesIn(row.form, source, token_of(row.key), row.key, row.step) for row in rows]
    try:
        return records.take_over(many, actor, now)
    except SubmittedBefore:
        raise TakenInMeanwhile from None

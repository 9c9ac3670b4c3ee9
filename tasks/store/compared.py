"""
What is read, set beside what the ledger gives: the tables for querying, the reviews' keys, the counters.

All of it can be changed past this program without touching a line: a review closed, a date moved, a reminder silenced,
a key destroyed. So whoever proves the record folds each chain again, and names every row that says something else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from safeguarding.duties.superseding import same_day_before
from safeguarding.errors import HorizonPassed, LawNotFound, RecordChanged
from safeguarding.review.events import PARTNERSHIP
from safeguarding.review.fold import fold
from safeguarding.review.review import Duty, Review
from safeguarding.review.states import Track
from tasks.store import ledger, projections
from tasks.store.claimed import Claims, DutyKey
from tasks.store.projections import Fired, Ladder
from tasks.store.sealing import Keyring, MasterKeyWrong
from tasks.store.tables import (
    actions,
    counters,
    deadlines,
    register,
    requests,
    review_keys,
    reviews,
)
from tasks.store.tables import ledger as lines

TABLES: tuple[tuple[Table, str], ...] = (
    (reviews, "where the review stands"),
    (deadlines, "a date"),
    (requests, "a request to an agency"),
    (actions, "an action"),
    (register, "the register"),
)
"""The tables for querying, and what a row of each is of, in words."""

Moments = Callable[[Duty], Mapping[str, datetime]]
"""When each rung of a duty fires, soonest first."""

MENDED = "if every line of the ledger holds, `safeguarding ledger rebuild` makes it again"
"""Not while one is broken: the tables may be all that is left of what was removed."""
_PLAIN = (date, bool, int)
"""Values that may be shown: days, numbers, yes or no. Words are not repeated."""


def tables(
    connection: Connection, ladder: Ladder, *, reference: str | None = None, rungs: bool = True
) -> Iterator[RecordChanged]:
    """
    Every row of the tables for querying that is not what the ledger gives, one review in memory at a time.

    Without `rungs` the next reminder of a date is left out: it is made by the rules of today, and they have changed.
    """
    claims, moments = Claims(connection, reference), moments_of(ladder, rungs)
    seen, dates = set(), set[DutyKey]()
    for name, chain in ledger.chains(connection, reference):
        seen.add(name)
        try:
            review = fold(ledger.as_event(row) for row in chain)
        except (ValueError, KeyError, TypeError):
            continue  # A chain that makes no review is named by its broken lines.
        dates.update(projections.duty_key(name, duty) for duty in review.duties)
        yield from _review(connection, review, chain[-1].hash, ladder, truly_told(review, claims, moments), rungs)
        yield from _silenced(review, claims, moments)
    for duty in claims.duties():
        if duty not in dates and (reference is None or duty[0] in seen):
            yield RecordChanged(duty[0], f"a reminder of a date ({duty[1]}) is noted as told, and no ledger gives it")
    for table, what in TABLES if reference is None else ():
        for (name,) in connection.execute(select(table.c.reference).distinct().order_by(table.c.reference)):
            if name not in seen:
                yield RecordChanged(name, f"{what} is in the table '{table.name}', and no ledger gives it: {MENDED}")


def _review(
    connection: Connection, review: Review, head_hash: str, ladder: Ladder, fired: Fired, rungs: bool
) -> Iterator[RecordChanged]:
    try:
        wanted = projections.rows_of(review, head_hash, ladder, fired)
    except (LawNotFound, HorizonPassed):
        wanted, rungs = projections.rows_of(review, head_hash, lambda *_: (), fired), False
    for table, what in TABLES:
        keys = [column.name for column in table.primary_key.columns]
        found = connection.execute(select(table).where(table.c.reference == review.reference)).all()
        there = {tuple(getattr(row, key) for key in keys): row for row in found}
        ours = {tuple(row[key] for key in keys): row for row in wanted[table.name]}
        for key in [*ours, *(key for key in there if key not in ours)]:
            which = " ".join(str(part) for part in key[1:3] if part != "")
            named = f"{what}{f' ({which})' if which else ''}"
            if key not in ours:
                yield RecordChanged(review.reference, f"{named} is not what the ledger gives: it has none: {MENDED}")
            elif key not in there:
                yield RecordChanged(review.reference, f"{named} is missing, and the ledger gives it: {MENDED}")
            elif said := _differs(ours[key], there[key], rungs):
                yield RecordChanged(review.reference, f"{named} is not what the ledger gives: {said}: {MENDED}")


def _differs(ours: Mapping[str, Any], row: Row[Any], rungs: bool) -> str:
    """The columns of a row that say something else, in words; nothing where none does."""
    said = []
    for name, wanted in ours.items():
        there = getattr(row, name)
        if there == wanted or (name == "next_rung_at" and not rungs):
            continue
        shown = all(value is None or isinstance(value, _PLAIN) for value in (wanted, there))
        said.append(f"{name.replace('_', ' ')}{f' is {_say(there)} and should be {_say(wanted)}' if shown else ''}")
    return ", ".join(said)


def _say(value: Any) -> str:
    return "nothing" if value is None else str(value)


def _silenced(review: Review, claims: Claims, moments: Moments) -> Iterator[RecordChanged]:
    """Reminders that are noted as told and were not: nobody was written to, or their time had not come."""
    for duty in review.duties:
        key = projections.duty_key(review.reference, duty)
        for rung, why in claims.false_ones(key, moments(duty), same_day_before(review, duty)):
            words = f"a date ({duty.rule}): its reminder '{rung}' is noted as told, and {why}"
            yield RecordChanged(review.reference, f"{words}: {MENDED}")


def moments_of(ladder: Ladder, laid: bool) -> Moments:
    """When each rung of a duty fires, soonest first; none where the rules changed, or cannot say it."""

    def moments(duty: Duty) -> Mapping[str, datetime]:
        try:
            return {rung.id: at for rung, at in ladder(duty.rule, duty.counted_from, duty.due_on)} if laid else {}
        except (LawNotFound, HorizonPassed):
            return {}

    return moments


def truly_told(review: Review, claims: Claims, moments: Moments) -> Fired:
    """The rungs of a review that were told, by their duty: those noted as told without it do not count."""
    keys = {projections.duty_key(review.reference, duty): duty for duty in review.duties}
    return {key: claims.true_ones(key, moments(one), same_day_before(review, one)) for key, one in keys.items()}


# --------------------------------------------------------------------------- what no table can be made again from


def keys_of(
    connection: Connection, keys: Keyring, erased: str, reference: str | None = None
) -> Iterator[RecordChanged]:
    """Every key that was destroyed, exchanged or brought back past the ledger; `erased` is the kind of its line."""
    query = select(lines.c.reference, lines.c.kind).where(lines.c.reference != PARTNERSHIP).distinct()
    if reference is not None:
        query = query.where(lines.c.reference == reference)
    known: dict[str, bool] = {}
    for row in connection.execute(query):
        known[row.reference] = known.get(row.reference, False) or row.kind == erased
    held = {row.reference: row.wrapped for row in connection.execute(select(review_keys))}
    for name, is_erased in sorted(known.items()):
        if name not in held:
            yield RecordChanged(name, "its key was taken away by other means")
        elif held[name] is None and not is_erased:
            yield RecordChanged(name, "its key was destroyed by other means, and with it its text: no line says so")
        elif held[name] is not None and is_erased:
            yield RecordChanged(name, "the key of its erased text is back, put there by other means")
        elif held[name] is not None:
            try:
                keys.unwrap(name, held[name])
            except MasterKeyWrong:
                yield RecordChanged(name, "its key was exchanged by other means: it does not open with the master key")


def numbers(connection: Connection) -> Iterator[RecordChanged]:
    """Every counter that counts less than the ledger holds: a reference or a pseudonym would be given twice."""
    held = Counter[str]()
    for (name,) in connection.execute(select(lines.c.reference).where(lines.c.reference != PARTNERSHIP).distinct()):
        series = name.rpartition("-")[0]
        held[series] += 1
        held.update(track.subject for track in Track if track.prefix == series.partition("-")[0])
    told = {row.name: row.last for row in connection.execute(select(counters))}
    for name, number in sorted(held.items()):
        if told.get(name, 0) < number:
            words = f"the counter of {name} stands at {told.get(name, 0)}, and {number} were given out"
            yield RecordChanged("", f"{words}: the next would be given twice")

"""
What is read, set beside what the ledger gives: the tables for querying, the reviews' keys, the counters.

All of it can be changed past this program without touching a line: a review closed, a date moved, a reminder silenced,
a key destroyed. So whoever proves the record folds each chain again, and names every row that says something else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select

from safeguarding.errors import HorizonPassed, LawNotFound, RecordChanged
from safeguarding.review.fold import fold
from safeguarding.review.review import Review
from safeguarding.review.states import Track
from tasks.store import ledger, projections
from tasks.store.projections import Fired, Ladder
from tasks.store.sealing import Keyring, MasterKeyWrong
from tasks.store.tables import (
    DUTY_KEY,
    actions,
    counters,
    deadlines,
    notices,
    register,
    requests,
    review_keys,
    reviews,
    rungs,
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

MENDED = "`safeguarding ledger rebuild` makes it again"
_PLAIN = (date, bool, int)
"""Values that may be shown: days, numbers, yes or no. Words are not repeated."""


def tables(
    connection: Connection, ladder: Ladder, *, reference: str | None = None, rungs: bool = True
) -> Iterator[RecordChanged]:
    """
    Every row of the tables for querying that is not what the ledger gives, one review in memory at a time.

    Without `rungs` the next reminder of a date is left out: it is made by the rules of today, and they have changed.
    """
    fired = projections.rungs_fired(connection)
    seen = set()
    for name, chain in ledger.chains(connection, reference):
        seen.add(name)
        try:
            review = fold(ledger.as_event(row) for row in chain)
        except (ValueError, KeyError, TypeError):
            continue  # A chain that makes no review is named by its broken lines.
        yield from _review(connection, review, chain[-1].hash, ladder, fired, rungs)
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
    if rungs:
        yield from _silenced(connection, review, ladder, fired)


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


def _silenced(connection: Connection, review: Review, ladder: Ladder, fired: Fired) -> Iterator[RecordChanged]:
    """Reminders that are noted as told before they were due, of dates of which nobody was ever told anything."""
    for duty in review.duties:
        key = (review.reference, duty.rule, duty.subject, duty.occurrence, duty.started_at)
        mine = fired.get(key)
        if not mine or not duty.running:
            continue
        moments = [moment for rung, moment in ladder(duty.rule, duty.counted_from, duty.due_on) if rung.id in mine]
        if moments and max(moments) > _claimed_last(connection, key) and not _told(connection, key):
            words = "reminders are noted as told, which nobody was told and which are not due yet"
            yield RecordChanged(review.reference, f"a date ({duty.rule}): {words}")


def _claimed_last(connection: Connection, key: Sequence[Any]) -> datetime:
    mine = (rungs.c[name] == value for name, value in zip(DUTY_KEY, key, strict=True))
    return connection.execute(select(func.max(rungs.c.claimed_at)).where(*mine)).scalar_one()  # type: ignore[no-any-return]


def _told(connection: Connection, key: Sequence[Any]) -> bool:
    start = ":".join(str(part) for part in key) + ":"
    query = select(notices.c.id).where(notices.c.key.startswith(start, autoescape=True)).limit(1)
    return connection.execute(query).first() is not None


# --------------------------------------------------------------------------- what no table can be made again from


def keys_of(
    connection: Connection, keys: Keyring, erased: str, reference: str | None = None
) -> Iterator[RecordChanged]:
    """Every key that was destroyed, exchanged or brought back past the ledger; `erased` is the kind of its line."""
    query = select(lines.c.reference, lines.c.kind).distinct()
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
    for (name,) in connection.execute(select(lines.c.reference).distinct()):
        series = name.rpartition("-")[0]
        held[series] += 1
        held.update(track.subject for track in Track if track.prefix == series.partition("-")[0])
    told = {row.name: row.last for row in connection.execute(select(counters))}
    for name, number in sorted(held.items()):
        if told.get(name, 0) < number:
            words = f"the counter of {name} stands at {told.get(name, 0)}, and {number} were given out"
            yield RecordChanged("", f"{words}: the next would be given twice")

"""
The letters about what was still unmet at the end of the day on which it was entered late: once to those who owe it.

While a review is entered that was under way already, the rungs of its duties whose time had come by the day of entry
are claimed and tell nobody, since the next step may meet the duty. What runs on when that day is over was not met: so
its owner hears of it, and of a passed day of law or guidance those whom that calls. Whoever the ladder told meanwhile
is not told again, and what the unit itself owes stands in its own letter about the review.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, String, and_, cast, literal, select

from safeguarding.dates.london import london_date, london_moment
from safeguarding.duties.entered_late import is_of_before
from safeguarding.errors import HorizonPassed, LawNotFound
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices import entry_notice, import_notice
from safeguarding.notices.import_notice import Unmet
from safeguarding.notices.ladder import Ladders
from safeguarding.notices.notice import NoticeDraft, Occasion
from safeguarding.notices.owed import Owed
from safeguarding.notices.rung_notices import OWED_AT_ENTRY, key_at_entry, owed_at_entry
from tasks.record import entered_late
from tasks.record.entered_late import Origin
from tasks.store import outbox
from tasks.store.owed import RUNS, running_duties, with_agencies
from tasks.store.tables import DUTY_KEY, deadlines, ledger, notice_facts, notices, reviews, rungs

TOLD_ALREADY = "everybody whom it calls was told already, or nobody of them can be reached"
IN_THE_LETTER = "the letter to the unit about the review says it"

_OF_A_RUNG = (Occasion.REMINDER.value, Occasion.DUE_MISSED.value)
_MINE = and_(*(rungs.c[name] == deadlines.c[name] for name in DUTY_KEY))
_PASSED_OVER = (
    select(
        *(deadlines.c[name] for name in DUTY_KEY), ledger.c.at.label("began"), rungs.c.fires_at, reviews.c.entered_on
    )
    .join_from(deadlines, reviews, reviews.c.reference == deadlines.c.reference)
    .join(ledger, and_(ledger.c.reference == deadlines.c.reference, ledger.c.sequence == deadlines.c.started_at))
    .join(rungs, _MINE)
    .where(RUNS, reviews.c.entered_on.is_not(None))
)
"""Each rung of what runs of the reviews that were entered late."""

_SameDay = tuple[Any, ...]
"""A duty and its day, whichever row it is: reference, rule, subject, occurrence, due."""


class _Said(NamedTuple):
    """What was said of some reviews before."""

    by_ladder: Mapping[str, set[tuple[str, str]]]
    """Who was told of each duty over which channel, by the key of its row."""
    at_entry: set[_SameDay]
    """The duties of which an earlier row for the same day had these letters, and they were not withdrawn."""
    to_unit: Mapping[str, datetime]
    """When the unit's letter about each review was written, by reference."""


def write_letters(connection: Connection, rulebook: Rulebook, now: datetime) -> tuple[int, tuple[str, ...]]:
    """Write those that are owed; how many, and what could not be written, with the reason. Safe to call at any time."""
    unmet = _unmet(connection, now)
    if not unmet:
        return 0, ()
    which = and_(RUNS, deadlines.c.reference.in_({key[0] for key in unmet}))
    owed = with_agencies(connection, connection.execute(running_duties().where(which)).all(), which)
    said, ladders, written, faults = _said(connection, which), Ladders(rulebook), 0, []
    origins = entered_late.origins_of(connection, {key[0] for key in unmet})
    together: dict[Origin, list[Unmet]] = defaultdict(list)
    for one in owed:
        began = unmet.get((one.reference, one.rule, one.subject, one.occurrence, one.started_at))
        if began is None or _same_day(one) in said.at_entry:
            continue
        try:
            letters = _letters(one, rulebook, ladders, now)
            of_the_unit = entry_notice.tells_its_owner(one, rulebook, now)
        except (LawNotFound, HorizonPassed) as fault:
            faults.append(f"{one.reference}: {one.rule}: {fault}")
            continue
        in_letter = of_the_unit and one.reference in said.to_unit and began <= said.to_unit[one.reference]
        told = said.by_ladder.get(one.key, set())
        new = [] if in_letter else [draft for draft in letters if (draft.person, draft.channel) not in told]
        if new and one.reference in origins:
            together[origins[one.reference]] += [Unmet(one, draft) for draft in new]
        elif new:
            outbox.write(connection, new, now)
            written += len(new)
        else:
            why = IN_THE_LETTER if in_letter else TOLD_ALREADY
            outbox.note_nobody(connection, one.reference, key_at_entry(one), why, now)
    for origin, of_it in together.items():
        written += _write_together(connection, origin.on, of_it, rulebook, now)
    return written, tuple(faults)


def _write_together(connection: Connection, on: date, unmet: Sequence[Unmet], rulebook: Rulebook, now: datetime) -> int:
    """To each person one letter about what of one file is unmet; what only such letters say is noted as said there."""
    letters = [*import_notice.letters_together(on, unmet, rulebook, now)]
    outbox.write_together(connection, letters, now)
    alone = {one.draft.key for one in letters}
    for owed in {one.owed.key: one.owed for one in unmet if one.draft.key not in alone}.values():
        outbox.note_nobody(connection, owed.reference, key_at_entry(owed), entered_late.IN_ONE_LETTER, now)
    return len(letters)


def _unmet(connection: Connection, now: datetime) -> dict[tuple[Any, ...], datetime]:
    """The rows of duties that run, began before today, and of which a rung was passed over: when each began."""
    begun = _PASSED_OVER.where(ledger.c.at < london_moment(london_date(now), time.min))
    key: ColumnElement[str] = literal("")
    for name in DUTY_KEY:
        key = key.concat(cast(deadlines.c[name], String)).concat(":")
    noted = select(notice_facts.c.key).where(notice_facts.c.key == key.concat(OWED_AT_ENTRY)).exists()
    found = connection.execute(begun.where(~noted)).all()
    return {tuple(row)[: len(DUTY_KEY)]: row.began for row in found if is_of_before(row.fires_at, row.entered_on)}


def _said(connection: Connection, which: ColumnElement[bool]) -> _Said:
    references = select(deadlines.c.reference).where(which)
    about = select(notices, notice_facts.c.reference, notice_facts.c.created_at)
    mine = (
        notice_facts.c.reference.in_(references),
        notices.c.occasion.in_([*_OF_A_RUNG, Occasion.ENTERED_LATE.value]),
    )
    by_ladder: dict[str, set[tuple[str, str]]] = defaultdict(set)
    rows, to_unit = set(), {}
    for row in connection.execute(about.join_from(notices, notice_facts, outbox.SAID).where(*mine)):
        duty, _, rung = row.key.rpartition(":")
        if row.occasion == Occasion.ENTERED_LATE.value:
            to_unit[row.reference] = row.created_at
        else:
            by_ladder[duty].add((row.person, row.channel))
        if rung == OWED_AT_ENTRY and row.status != "withdrawn":
            rows.add(duty)
    for key, at in entered_late.in_one_letter(connection, notice_facts.c.reference.in_(references)).items():
        duty, _, rung = key.rpartition(":")
        if rung == OWED_AT_ENTRY:
            rows.add(duty)
        else:
            to_unit[key.removeprefix(entry_notice.key_of(""))] = at
    columns = [*(deadlines.c[name] for name in DUTY_KEY), deadlines.c.due_on]
    of_review = connection.execute(select(*columns).where(deadlines.c.reference.in_(references))).all()
    at_entry = {(*row[:-1], due_on) for *row, due_on in of_review if ":".join(map(str, row)) in rows}
    return _Said(by_ladder, at_entry, to_unit)


def _letters(owed: Owed, rulebook: Rulebook, ladders: Ladders, now: datetime) -> Sequence[NoticeDraft]:
    passed_over = [rung for rung, at in ladders.of(owed) if is_of_before(at, owed.entered_on)]
    return owed_at_entry(owed, passed_over, rulebook, now)


def _same_day(owed: Owed) -> _SameDay:
    return (owed.reference, owed.rule, owed.subject, owed.occurrence, owed.due_on)

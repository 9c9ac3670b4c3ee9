"""
The yearly reports on the record: what was published and sent, as the partnership's own chain has it, what is owed on a
day, and the letters that remind of it.

The unit is reminded once a month, which is the program's own standard. That the children's report is late is told once
to whomever its rule says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select

from safeguarding.dates.london import london_date
from safeguarding.dates.working_days import say
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.deputies import handed_over
from safeguarding.notices.digest import may_leave
from safeguarding.notices.notice import WORKING_MORNING, NoticeDraft, Occasion, fitting
from safeguarding.notices.recipients import people_of, ways_out
from safeguarding.review.events import PARTNERSHIP, Event
from safeguarding.review.states import Track
from safeguarding.yearly.reported import (
    FEASIBLE,
    LINES,
    OURSELVES,
    ReportKnown,
    ReportOwed,
    is_reminded,
    reports_of,
    reports_owed,
)
from tasks.record.records import Records
from tasks.store import heartbeat, outbox
from tasks.store.register_parts import OPEN, open_event
from tasks.store.session import reading, writing
from tasks.store.tables import ledger

OF_THE_DAY = "yearly reports of the day"
THE_YEAR = "The partnership's year"
"""What stands for the reference: it is of no review."""
TOLD_OF_A_MISS = ("lead_partner",)
"""The roles that hear that the children's report is late, as its rule says: the lead safeguarding partners."""


class ReportsNow(NamedTuple):
    """The reports that were published, and what is owed of them."""

    known: Sequence[ReportKnown]
    owed: Sequence[ReportOwed]


def reports_now(records: Records, rulebook: Rulebook, today: date) -> ReportsNow:
    """The yearly reports of the partnership, as they stand on a day (London)."""
    with reading(records.engine) as connection:
        return _now(connection, rulebook, today)


def _now(connection: Connection, rulebook: Rulebook, today: date) -> ReportsNow:
    mine = ledger.c.reference == PARTNERSHIP
    began = connection.execute(select(func.min(ledger.c.at)).where(mine)).scalar()
    query = select(*OPEN).where(mine, ledger.c.kind.in_(LINES)).order_by(ledger.c.sequence)
    lines: list[Event] = [open_event(row) for row in connection.execute(query)]
    if began is None:
        return ReportsNow((), ())
    return ReportsNow(reports_of(lines), reports_owed(lines, london_date(began), rulebook, Track, today))


def remind(engine: Engine, rulebook: Rulebook, now: datetime) -> int:
    """
    Write the reminders that are owed, on a working morning; how many. Looked for once a day, safe to call at any time.

    Raises HorizonPassed beyond the bank holidays.
    """
    today = london_date(now)
    if not may_leave(now, rulebook):
        return 0
    with reading(engine) as connection:
        if (heartbeat.last(connection, OF_THE_DAY) or ("", ""))[1] == today.isoformat():
            return 0
    with writing(engine) as connection:
        if not heartbeat.once(connection, OF_THE_DAY, now, today.isoformat()):
            return 0
        drafts = [draft for one in _now(connection, rulebook, today).owed for draft in _letters(one, rulebook, now)]
        outbox.write(connection, drafts, now)
    return len(drafts)


def _letters(owed: ReportOwed, rulebook: Rulebook, now: datetime) -> list[NoticeDraft]:
    today = london_date(now)
    if not is_reminded(owed, today):
        return []
    there = rulebook.on(today)
    of_it = f"yearly_report:{owed.rule}:{owed.since.isoformat()}:{'send' if owed.to else 'publish'}"
    told = [(*one, f"{of_it}:{today:%Y-%m}") for one in ways_out(people_of("business_manager", (), there))]
    if owed.late(today):
        for role in TOLD_OF_A_MISS:
            told += [(*one, f"{of_it}:late") for one in ways_out(people_of(role, (), there))]
    context = _said(owed, there, today)
    drafts = [
        NoticeDraft(
            reference=THE_YEAR,
            occasion=Occasion.YEARLY_REPORT,
            person=person,
            channel=channel,
            key=key,
            not_before=now,
            context=context,
        )
        for person, channel, key in told
    ]
    return handed_over(drafts, there.partnership, today)


def _said(owed: ReportOwed, rulebook: Rulebook, today: date) -> dict[str, str]:
    rule = rulebook.rule(owed.rule)
    return {
        "reference": THE_YEAR,
        "owed": _words(owed, rulebook),
        "rule": owed.rule,
        "citation": fitting([rule.edition_on(today).words]) or rule.edition_on(today).name_words,
        "standing": standing_of(owed, today),
        "day_set_by": OURSELVES,
        "urgency": WORKING_MORNING,
    }


def sentence_of(owed: ReportOwed, rulebook: Rulebook, today: date) -> str:
    """Something that is owed of a yearly report, in a sentence."""
    return f"{_words(owed, rulebook)}; {standing_of(owed, today)} ({owed.rule})."


def _words(owed: ReportOwed, rulebook: Rulebook) -> str:
    names = [rulebook.partnership.recipient(one).name for one in owed.to]
    return " to ".join(filter(None, (owed.words, ", ".join(names))))


def standing_of(owed: ReportOwed, today: date) -> str:
    """How something that is owed of a yearly report stands on a day, in words."""
    if owed.due_on is None:
        return f"owed since {say(owed.since)}" + ("" if owed.to else f", {FEASIBLE}")
    return f"{'late: it was ' if owed.late(today) else ''}due {say(owed.due_on)}"

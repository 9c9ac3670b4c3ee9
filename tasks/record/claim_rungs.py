"""
Up the ladder: the rungs of a duty that are due are claimed, the next one is set, and their notices are written.

In one transaction, by the sweep when time has passed, and by the step itself that makes a date overdue: a wrong day
put right, dates counted again, a day that is recorded late. A rung is claimed once, ever, so whichever comes first
tells people and the other finds nothing left to tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, func, select

from safeguarding.dates.london import london_date
from safeguarding.duties.entered_late import is_of_before
from safeguarding.errors import HorizonPassed, LawNotFound
from safeguarding.law.rulebook import Rulebook
from safeguarding.law.rung import Rung
from safeguarding.notices.ladder import Ladders
from safeguarding.notices.notice import NoticeDraft, Occasion
from safeguarding.notices.owed import Owed
from safeguarding.notices.rung_notices import Tellings
from safeguarding.review.events import Event
from safeguarding.review.review import Review
from tasks.store import heartbeat, outbox
from tasks.store.projections import Fired
from tasks.store.statements import Adding, Changing
from tasks.store.tables import DUTY_KEY, deadlines, notice_facts, notices, rungs

NOT_REACHED = "nobody whom it calls can be reached"
ENTERED_LATE = "its time had come before the review was entered"

_CLAIM = Adding(rungs)
_CLIMB = Changing(deadlines, ["next_rung_at"], DUTY_KEY)


@dataclass(frozen=True, slots=True)
class RungTold:
    """What was done about one duty: which rung it came to, how the duty stands, who is told."""

    reference: str
    rule: str
    subject: str
    rung: str
    missed: int
    """How many rungs were claimed together: more than one after an outage."""
    standing: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Climb:
    """A duty of which rungs are due: which ones, when the next fires, what its people are told."""

    owed: Owed
    rungs: Sequence[tuple[Rung, datetime]]
    next_rung_at: datetime | None
    drafts: Sequence[NoticeDraft]

    @property
    def is_of_before(self) -> bool:
        """Whether every rung of it is of a time before its review was entered."""
        return all(is_of_before(at, self.owed.entered_on) for _, at in self.rungs)

    def claims(self, now: datetime) -> Iterator[dict[str, Any]]:
        """The rungs as rows: each can be there once."""
        for rung, fires_at in self.rungs:
            yield {**_row(self.owed), "rung": rung.id, "fires_at": fires_at, "claimed_at": now}

    def told(self) -> RungTold:
        """What was done about the duty, for an account of it."""
        people = tuple(dict.fromkeys(draft.person for draft in self.drafts))
        standing, last = self.drafts[0].context["standing"], self.rungs[-1][0].id
        owed = self.owed
        return RungTold(owed.reference, owed.rule, owed.subject, last, len(self.rungs), standing, people)


def climbed(
    owed: Sequence[Owed], fired: Fired, rulebook: Rulebook, ladders: Ladders, now: datetime
) -> tuple[list[Climb], tuple[str, ...]]:
    """How far up its ladder each duty has come; and the duties of which that cannot be said, with the reason."""
    found: list[Climb] = []
    faults: dict[str, None] = {}
    tellings = Tellings(rulebook, now)
    for duty in owed:
        gone = fired.get(_key(duty), set())
        try:
            left = [(rung, at) for rung, at in ladders.of(duty) if rung.id not in gone]
            due = list(takewhile(lambda one: one[1] <= now, left))
            told = [rung for rung, at in due if not is_of_before(at, duty.entered_on)]
            drafts = tellings.of(duty, told)
        except (LawNotFound, HorizonPassed) as fault:
            faults[f"{duty.reference}: {duty.rule}: {fault}"] = None
            continue
        found.append(Climb(duty, due, next((at for _, at in left[len(due) :]), None), drafts))
    return found, tuple(faults)


def claim(connection: Connection, climbs: Sequence[Climb], now: datetime) -> tuple[RungTold, ...]:
    """Claim the rungs, set the next of each duty and write the notices. Says who is told of what."""
    _CLAIM.run(connection, [row for climb in climbs for row in climb.claims(now)])
    _CLIMB.run(connection, [{**_row(climb.owed), "next_rung_at": climb.next_rung_at} for climb in climbs])
    outbox.write(connection, [draft for climb in climbs for draft in climb.drafts], now)
    for climb in climbs:
        if climb.rungs and not climb.drafts:
            key = f"{climb.owed.key}:{climb.rungs[-1][0].id}"
            why = ENTERED_LATE if climb.is_of_before else NOT_REACHED
            outbox.note_nobody(connection, climb.owed.reference, key, why, now)
    return tuple(climb.told() for climb in climbs if climb.drafts)


def made_overdue(event: Event, after: Review, rulebook: Rulebook, ladders: Ladders, fired: Fired) -> list[Climb]:
    """
    The ladders that one line of the ledger has to climb itself: of dates that had passed by the time it wrote them; of
    a review that was entered late every one, so that no sweep tells of a time before its entry.

    None on most lines. What cannot be worked out is left to the sweep, which names it.
    """
    today, every = london_date(event.at), after.entered_on is not None
    mine = (duty for duty in after.duties if duty.started_at == event.sequence)
    begun = (duty for duty in mine if every or duty.due_on < today)
    late = [duty for duty in begun if duty.running and not duty.guard]
    if not late:
        return []
    climbs, _ = climbed([Owed.of(duty, after) for duty in late], fired, rulebook, ladders, event.at)
    return [climb for climb in climbs if climb.rungs]


def not_told_twice(drafts: Sequence[NoticeDraft], climbs: Sequence[Climb]) -> list[NoticeDraft]:
    """
    The letters of a step, without those that only say to somebody that a date moved of which the same step tells them
    that it is overdue: one letter, of how it stands.
    """
    if not climbs:
        return list(drafts)
    told = {(one.person, one.channel, *_which(one)) for climb in climbs for one in climb.drafts}
    return [
        draft
        for draft in drafts
        if draft.occasion is not Occasion.DUE_SUPERSEDED
        or draft.context.get("also_moved")
        or (draft.person, draft.channel, *_which(draft)) not in told
    ]


def _which(draft: NoticeDraft) -> tuple[str | None, str | None]:
    """Which date a letter is about: its rule, and what is owed by whom."""
    return draft.context.get("rule"), draft.context.get("owed")


SHOWN = "rungs shown"
"""The pulse that remembers up to which notice an account of what people were told has gone."""

_OF_A_RUNG = (Occasion.REMINDER.value, Occasion.DUE_MISSED.value)
_MANY = 10_000
"""References in one query: both databases take more than this."""

_FIRST_LOOK = timedelta(days=1)
"""How far back the first account of a record goes."""


def told_since_shown(connection: Connection, now: datetime) -> tuple[RungTold, ...]:
    """What people were told by their ladders since this was last asked, by sweeps and by steps; marks it as shown."""
    before = heartbeat.last(connection, SHOWN)
    fresh = notices.c.id > int(before[1]) if before else notice_facts.c.created_at > now - _FIRST_LOOK
    found = connection.execute(outbox.FULL.where(notices.c.occasion.in_(_OF_A_RUNG), fresh).order_by(notices.c.id))
    of_duty: dict[str, list[Row[Any]]] = {}
    for row in found:
        of_duty.setdefault(row.key.rpartition(":")[0], []).append(row)
    last = connection.execute(select(func.coalesce(func.max(notices.c.id), 0))).scalar_one()
    heartbeat.beat(connection, SHOWN, now, str(last))
    claimed = _claimed(connection, sorted({rows[0].reference for rows in of_duty.values()}))
    return tuple(_account(rows, claimed[key]) for key, rows in of_duty.items() if key in claimed)


def _claimed(connection: Connection, references: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """The rungs claimed of these reviews, by the key of their duty, the one that fired last at the end."""
    of_duty: dict[str, list[Row[Any]]] = {}
    for start in range(0, len(references), _MANY):
        mine = rungs.c.reference.in_(references[start : start + _MANY])
        for row in connection.execute(select(rungs).where(mine).order_by(rungs.c.fires_at)):
            of_duty.setdefault(":".join(str(getattr(row, name)) for name in DUTY_KEY), []).append(row)
    return of_duty


def _account(told: Sequence[Row[Any]], claimed: Sequence[Row[Any]]) -> RungTold:
    last = claimed[-1]
    together = sum(row.claimed_at == last.claimed_at for row in claimed)
    people = tuple(dict.fromkeys(row.person for row in told))
    return RungTold(last.reference, last.rule, last.subject, last.rung, together, told[-1].context["standing"], people)


def _key(owed: Owed) -> tuple[Any, ...]:
    return (owed.reference, owed.rule, owed.subject, owed.occurrence, owed.started_at)


def _row(owed: Owed) -> dict[str, Any]:
    return dict(zip(DUTY_KEY, _key(owed), strict=True))

"""
Time acting on the record: the rungs that are owed, the notices they owe, and the board of what is due.

The sweep is safe to run twice, at once, or after a week off. The row of a duty says when the next rung of its ladder
fires, and ends with the duty: a rung of work that is done cannot fire. A rung is claimed, the next one set and the
notices written in one transaction (`climbing`), so each rung fires once, ever; where several rungs of one duty were
missed, everybody on any of them hears once, of how the duty stands now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, literal_column, select

from safeguarding.clock import Kind, Standing, say, standing
from safeguarding.errors import LawNotFound
from safeguarding.folding import fold
from safeguarding.ladder import Ladders
from safeguarding.notice import Owed, agency_name, owed_words, presses
from safeguarding.review import Review
from safeguarding.rulebook import ROLES, Rulebook
from safeguarding.states import Stage, Track
from safeguarding.suspension import suspended_standing
from safeguarding.telling import NOBODY_ELSE
from tasks import climbing
from tasks.climbing import Told
from tasks.store import ledger, projections
from tasks.store.session import reading, writing
from tasks.store.tables import actions, deadlines, requests, reviews

_DATES = ("anchored_on", "counted_from", "due_on", "edition")
_RUNS = deadlines.c.ended == literal_column("''")


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    rungs: int = 0
    notices: int = 0
    told: tuple[Told, ...] = ()
    faults: tuple[str, ...] = ()
    """Duties whose rungs could not be worked out, and why. They stay open and are tried again."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One line of the deadline board."""

    reference: str
    stage: str
    owed: str
    due_on: date
    standing: Standing
    waiting_on: str
    rule: str

    def cells(self) -> dict[str, str | int]:
        """The line as the board shows it, column by column."""
        return {
            "Standing": self.standing.words.replace("overdue", "OVERDUE"),
            "Due": "not counted" if self.standing.state == "suspended" else say(self.due_on),
            "Review": self.reference,
            "What is owed": self.owed,
            "Waiting on": self.waiting_on,
            "Stage": self.stage,
            "Working days left": self.standing.working_days,
        }


@dataclass(frozen=True, slots=True)
class CardStanding:
    """How a review stands: the date its card carries in its name, and the tag."""

    due_on: date | None
    state: str
    words: str

    @property
    def due(self) -> str:
        """The date for the card's name: «due Fri 18 Dec», or nothing."""
        return f"due {self.due_on:%a} {self.due_on.day} {self.due_on:%b}" if self.due_on else ""


# --------------------------------------------------------------------------- the sweep


def sweep(engine: Engine, rulebook: Rulebook, now: datetime) -> Swept:
    """
    Claim every rung that is owed and write its notices, in one transaction.

    The number of queries does not grow with what is running or due.
    """
    with writing(engine) as connection:
        owed = _due(connection, now)
        fired = projections.rungs_fired(connection, select(deadlines.c.reference).where(_climbs_by(now)))
        climbs, faults = climbing.climbed(owed, fired, rulebook, Ladders(rulebook), now)
        told = climbing.claim(connection, climbs, now)
    notices = sum(len(climb.drafts) for climb in climbs)
    return Swept(sum(len(climb.rungs) for climb in climbs), notices, told, faults)


def _due(connection: Connection, now: datetime) -> list[Owed]:
    """
    Every running duty of which a rung is due, held until the transaction ends.

    Two sweeps at once, or a step that ends the duty, wait for nothing and meet on no row: what another holds is
    skipped, and whoever comes after it sees that the next rung lies further on.
    """
    due = _running().where(deadlines.c.next_rung_at <= now).with_for_update(of=deadlines, skip_locked=True)
    return _with_agencies(connection, connection.execute(due).all(), _climbs_by(now))


def _climbs_by(now: datetime) -> ColumnElement[bool]:
    """Which duties have a rung that is due."""
    return and_(_RUNS, deadlines.c.next_rung_at <= now)


# --------------------------------------------------------------------------- what is owed


def load_owed(connection: Connection) -> list[Owed]:
    """Every duty that runs, soonest first. Three queries."""
    return _with_agencies(connection, connection.execute(_running()).all(), _RUNS)


def _with_agencies(connection: Connection, rows: Sequence[Row[Any]], which: ColumnElement[bool]) -> list[Owed]:
    """
    Duties with the agencies that owe them and those that their reviews wait for, soonest first.

    `which` says again which duties they are: handing over the reviews' references by name costs several times more.
    """
    if not rows:
        return []
    theirs = select(deadlines.c.reference).where(which)
    waiting: dict[str, set[str]] = defaultdict(set)
    owners: dict[tuple[str, str], Row[Any]] = {}
    asked = select(requests.c.reference, requests.c.agency).where(requests.c.outcome == literal_column("'waiting'"))
    for reference, agency in connection.execute(asked.where(requests.c.reference.in_(theirs))):
        waiting[reference].add(agency)
    owned = select(actions.c.reference, actions.c.action, actions.c.agency, actions.c.owner)
    for row in connection.execute(owned.where(actions.c.reference.in_(theirs))):
        owners[row.reference, row.action] = row
    owed = (_owed(row, waiting, owners) for row in rows)
    return sorted(owed, key=lambda owed: (owed.due_on, owed.reference, owed.rule, owed.subject))


def _running() -> Any:
    columns = (*(deadlines.c[name] for name in climbing.KEY), *(deadlines.c[name] for name in _DATES))
    return (
        select(*columns, reviews.c.pseudonym, reviews.c.track, reviews.c.stage)
        .join_from(deadlines, reviews, reviews.c.reference == deadlines.c.reference)
        .where(_RUNS)
    )


def _owed(row: Row[Any], waiting: dict[str, set[str]], owners: dict[tuple[str, str], Row[Any]]) -> Owed:
    action = owners.get((row.reference, row.subject))
    return Owed(
        reference=row.reference,
        pseudonym=row.pseudonym,
        track=Track(row.track),
        stage=Stage(row.stage),
        rule=row.rule,
        subject=row.subject,
        occurrence=row.occurrence,
        started_at=row.started_at,
        anchored_on=row.anchored_on,
        counted_from=row.counted_from,
        due_on=row.due_on,
        edition=row.edition,
        agency=action.agency if action else row.subject,
        owner=action.owner if action else "",
        waiting_on=tuple(sorted(waiting.get(row.reference, ()))),
    )


# --------------------------------------------------------------------------- what the unit sees


def board(engine: Engine, rulebook: Rulebook, today: date) -> list[BoardRow]:
    """Everything that is owed, the most urgent first, with its standing on this day (London)."""
    with reading(engine) as connection:
        owed = load_owed(connection)
        still = _standing_still(connection)
    rows = sorted((_board_row(duty, rulebook, today) for duty in owed), key=lambda r: (r.due_on, r.reference, r.rule))
    held = [(duty, Owed.of(duty, review)) for review in still for duty in review.suspended()]
    return rows + [
        replace(_board_row(owed, rulebook, today), standing=suspended_standing(duty.stops[-1]))
        for duty, owed in sorted(held, key=lambda pair: pair[0].stops[-1].look_again_on)
    ]


def counted_otherwise(engine: Engine, calendar: str) -> list[str]:
    """The reviews with an open date that was counted by another list of bank holidays than the one of this digest."""
    open_ones = deadlines.c.ended.in_(("", "suspended"))
    query = select(deadlines.c.reference).distinct().where(open_ones, deadlines.c.calendar != calendar)
    with reading(engine) as connection:
        return list(connection.execute(query.order_by(deadlines.c.reference)).scalars())


def _standing_still(connection: Connection) -> list[Review]:
    """The reviews of which a local date is suspended: few, and read whole, for a suspension is no column."""
    held = select(deadlines.c.reference).where(deadlines.c.ended == "suspended").distinct()
    references = connection.execute(held.order_by(deadlines.c.reference)).scalars().all()
    return [fold(ledger.read(connection, reference)) for reference in references]


def _board_row(duty: Owed, rulebook: Rulebook, today: date) -> BoardRow:
    try:
        rule = rulebook.rule(duty.rule)
    except LawNotFound:
        # The rulebook has lost the rule. The duty is owed all the same, and is shown by its id.
        words, kind, owner = duty.rule, Kind.MAXIMUM, NOBODY_ELSE
    else:
        words, kind, owner = owed_words(duty, rule, rulebook.partnership), rule.counts.kind, rule.owner
    return BoardRow(
        reference=duty.reference,
        stage=duty.stage.named(duty.track),
        owed=words,
        due_on=duty.due_on,
        standing=standing(duty.due_on, today, rulebook.calendar, kind=kind),
        waiting_on=_waiting_on(duty, owner, kind, rulebook),
        rule=duty.rule,
    )


def _waiting_on(duty: Owed, owner: str, kind: Kind, rulebook: Rulebook) -> str:
    """Whom a duty waits for: the agency that owes it, else its owner, and what the owner may be waiting for."""
    if duty.agency in {agency.id for agency in rulebook.partnership.agencies}:
        return agency_name(duty.agency, rulebook.partnership)
    whom = ROLES.get(owner, owner.replace("_", " "))
    # What is about a date (a deferral, a suspension), or is done at intervals, waits for no agency.
    if duty.agency or kind is Kind.INTERVAL or not duty.waiting_on:
        return whom
    names = ", ".join(agency_name(agency, rulebook.partnership) for agency in duty.waiting_on)
    return f"{whom} (no return yet from {names})"


def standing_of(review: Review, today: date, rulebook: Rulebook) -> CardStanding:
    """How an open review stands: by the clock that runs out first. For the name and the tags of its card."""
    for duty in review.running():
        rule = rulebook.rule(duty.rule)
        if presses(rule):
            found = standing(duty.due_on, today, rulebook.calendar, kind=rule.counts.kind)
            return CardStanding(duty.due_on, found.state, found.words)
    return CardStanding(None, "on-time", "no date runs")

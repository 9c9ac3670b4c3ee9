"""
What the registers are made of, read from the record set by set: a query for each, however many reviews there are.

Reviews, clocks, requests, actions and letters come from the tables for querying; of the ledger only the lines of a few
kinds are read, and nothing that is sealed is opened.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from safeguarding.law.rulebook import Rulebook
from safeguarding.registers.known import ClockKnown, RecordKnown, ReviewKnown
from safeguarding.registers.lines import as_they_stand
from safeguarding.review.events import CORRECTED, TAKEN_BACK, Actor, Event
from safeguarding.review.learnt import Action
from safeguarding.review.states import Stage, State, Track
from tasks.store.agency_requests import asked_of_agencies
from tasks.store.among import among
from tasks.store.letters_sent import sent_of
from tasks.store.projections import SEVERAL_OF_AN_ACTION
from tasks.store.tables import actions, deadlines, notice_facts, requests, reviews
from tasks.store.tables import ledger as lines

OPEN = [column for column in lines.columns if column.name not in ("sealed", "previous_hash", "hash")]
"""The columns of a line in which nothing is sealed."""


class MadeOfParts(Protocol):
    """What is made of the record part by part: a register, or an account of a year."""

    @property
    def needs(self) -> Collection[str]:
        """The parts that it is made of, beside the reviews."""

    @property
    def holding(self) -> Collection[str]:
        """Of its kinds of line only those in which one of these stands; every line where it is empty."""

    @property
    def kinds(self) -> Callable[[], Collection[str]]:
        """The kinds of line that it is made of."""


def read_known(
    connection: Connection,
    rulebook: Rulebook,
    registers: Collection[MadeOfParts],
    references: Collection[str] | None = None,
) -> RecordKnown:
    """What is known of every review, or of some, with those parts that these registers are made of."""
    parts = {part for one in registers for part in one.needs}
    events = _events(connection, registers, references) if "lines" in parts else {}
    return RecordKnown(
        rulebook=rulebook,
        reviews=_reviews(connection, references),
        clocks=_clocks(connection, references) if "clocks" in parts else (),
        requests=asked_of_agencies(connection, rulebook, among(requests, references), among(deadlines, references))
        if "requests" in parts
        else (),
        actions=_actions(connection, references) if "actions" in parts else {},
        letters=sent_of(connection, among(notice_facts, references)) if "letters" in parts else (),
        lines={review: as_they_stand(every) for review, every in events.items()},
        events=events if "events" in parts else {},
    )


def _reviews(connection: Connection, references: Collection[str] | None) -> dict[str, ReviewKnown]:
    query = select(
        reviews.c.reference,
        reviews.c.track,
        reviews.c.pseudonym,
        reviews.c.state,
        reviews.c.stage,
        reviews.c.open,
        reviews.c.opened_at,
        reviews.c.stage_since,
        reviews.c.entered_on,
    )
    query = query.where(*among(reviews, references)).order_by(reviews.c.opened_at, reviews.c.reference)
    return {
        row.reference: ReviewKnown(
            reference=row.reference,
            track=Track(row.track),
            pseudonym=row.pseudonym,
            state=State(row.state),
            stage=Stage(row.stage),
            open=bool(row.open),
            opened_at=row.opened_at,
            stage_since=row.stage_since,
            entered_on=row.entered_on,
        )
        for row in connection.execute(query)
    }


def _clocks(connection: Connection, references: Collection[str] | None) -> list[ClockKnown]:
    query = (
        select(
            deadlines.c.reference,
            deadlines.c.rule,
            deadlines.c.subject,
            deadlines.c.occurrence,
            deadlines.c.anchor,
            deadlines.c.anchored_on,
            deadlines.c.due_on,
            deadlines.c.edition,
            deadlines.c.ended,
            deadlines.c.ended_on,
        )
        .where(deadlines.c.ended != "superseded", *among(deadlines, references))
        .order_by(deadlines.c.reference, deadlines.c.started_at)
    )
    return [ClockKnown(*tuple(row)) for row in connection.execute(query)]


def _actions(connection: Connection, references: Collection[str] | None) -> dict[str, list[Action]]:
    query = select(actions).where(*among(actions, references)).order_by(actions.c.reference, actions.c.action)
    found: dict[str, list[Action]] = defaultdict(list)
    for row in connection.execute(query):
        kept: dict[str, Any] = dict(row._mapping)
        kept |= {name: tuple(filter(None, kept[name].split(","))) for name in SEVERAL_OF_AN_ACTION}
        found[kept.pop("reference")].append(Action.model_construct(id=kept.pop("action"), **kept))
    return found


def _events(
    connection: Connection, registers: Collection[MadeOfParts], references: Collection[str] | None
) -> dict[str, list[Event]]:
    wanted = or_(lines.c.kind.in_((CORRECTED, TAKEN_BACK)), *(_wanted(one) for one in registers if one.kinds()))
    query = select(*OPEN).where(wanted, *among(lines, references))
    found: dict[str, list[Event]] = defaultdict(list)
    for row in connection.execute(query.order_by(lines.c.reference, lines.c.sequence)):
        found[row.reference].append(open_event(row))
    return found


def _wanted(register: MadeOfParts) -> ColumnElement[bool]:
    """The lines that a register is made of."""
    kinds = lines.c.kind.in_(sorted(register.kinds()))
    holding = [lines.c.body.contains(words, autoescape=True) for words in register.holding]
    return and_(kinds, or_(*holding)) if holding else kinds


def open_event(row: Row[Any]) -> Event:
    """A line as the event that it records, without its clocks and what is sealed."""
    body: dict[str, Any] = json.loads(row.body)
    body.pop("duties", None)
    actor = Actor.model_validate({"person": row.actor, "attestation": row.attestation, "minute": row.minute})
    return Event(
        sequence=row.sequence, at=row.at, actor=actor, kind=row.kind, title=row.title, edition=row.edition, **body
    )

"""
Every duty that runs, with the agencies that owe it and those that its review waits for, in four queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, literal_column, select

from safeguarding.notices.owed import ASKED_FOR_AFTER_ALL, OWN_UNDERTAKING, Owed
from safeguarding.review.impact import LOOK_RULES
from safeguarding.review.shared_learning import agency_of
from safeguarding.review.states import Stage, Track
from tasks.store.among import among
from tasks.store.session import reading
from tasks.store.tables import DUTY_KEY, actions, deadlines, requests, review_keys, reviews

_OF_THE_REVIEW = (reviews.c.chair, reviews.c.reviewer, reviews.c.entered_on)
_DATES = ("anchored_on", "counted_from", "due_on", "edition")
_KEY_GONE = and_(review_keys.c.reference == deadlines.c.reference, review_keys.c.wrapped.is_(None))
NOT_ERASED = ~select(literal_column("1")).select_from(review_keys).where(_KEY_GONE).correlate(deadlines).exists()
"""Of a review whose key was destroyed nobody can do anything any more, so nobody is chased."""
RUNS = and_(deadlines.c.ended == literal_column("''"), NOT_ERASED)


# --------------------------------------------------------------------------- what is owed


def load_owed(connection: Connection, references: Collection[str] | None = None) -> list[Owed]:
    """Every duty that runs, or those of the reviews of these references, soonest first. Four queries."""
    some = among(deadlines, references)
    return with_agencies(connection, connection.execute(running_duties().where(*some)).all(), and_(RUNS, *some))


def with_agencies(connection: Connection, rows: Sequence[Row[Any]], which: ColumnElement[bool]) -> list[Owed]:
    """
    Duties with the agencies that owe them and those that their reviews wait for, soonest first.

    `which` says again which duties they are: handing over the reviews' references by name costs several times more.
    """
    if not rows:
        return []
    theirs = select(deadlines.c.reference).where(which)
    waiting: dict[str, set[str]] = defaultdict(set)
    owners: dict[tuple[str, str], Any] = {}
    asked = select(requests.c.reference, requests.c.agency).where(requests.c.outcome == literal_column("'waiting'"))
    for reference, agency in connection.execute(asked.where(requests.c.reference.in_(theirs))):
        waiting[reference].add(agency)
    owned = select(actions.c.reference, actions.c.action, actions.c.agency, actions.c.owner)
    for row in connection.execute(owned.where(actions.c.reference.in_(theirs))):
        owners[row.reference, row.action] = row
    own = set(connection.execute(_DISCRETIONARY.where(deadlines.c.reference.in_(theirs))).scalars())
    owed = (_owed(row, waiting, owners, own) for row in rows)
    return sorted(owed, key=soonest)


def soonest(one: Owed) -> tuple[date, str, str, str]:
    """By what duties stand in their order."""
    return one.due_on, one.reference, one.rule, one.subject


_DISCRETIONARY = select(deadlines.c.reference).where(
    deadlines.c.rule == OWN_UNDERTAKING,
    deadlines.c.ended != literal_column("'superseded'"),
    ~deadlines.c.why.startswith(ASKED_FOR_AFTER_ALL),
)
"""The reviews that section 16F does not ask for: as `is_of_a_discretionary_review` tells it of one row."""


def running_duties() -> Any:
    columns = (*(deadlines.c[name] for name in DUTY_KEY), *(deadlines.c[name] for name in _DATES))
    return (
        select(*columns, reviews.c.pseudonym, reviews.c.track, reviews.c.stage, *_OF_THE_REVIEW)
        .join_from(deadlines, reviews, reviews.c.reference == deadlines.c.reference)
        .where(RUNS)
    )


def _owed(row: Row[Any], waiting: dict[str, set[str]], owners: dict[tuple[str, str], Any], own: set[str]) -> Owed:
    # By their places, as `running_duties` asks: by their names it takes twice as long.
    cells: Sequence[Any] = tuple(row)
    reference, rule, subject, occurrence, started_at, anchored_on, counted_from, due_on, edition = cells[:9]
    pseudonym, track, stage, chair, reviewer, entered_on = cells[9:]
    action = None if rule in LOOK_RULES else owners.get((reference, subject))
    return Owed(
        reference=reference,
        pseudonym=pseudonym,
        track=Track(track),
        stage=Stage(stage),
        rule=rule,
        subject=subject,
        occurrence=occurrence,
        started_at=started_at,
        anchored_on=anchored_on,
        counted_from=counted_from,
        due_on=due_on,
        edition=edition,
        agency=action.agency if action else agency_of(subject),
        owner=action.owner if action else "",
        chair=chair,
        reviewer=reviewer,
        waiting_on=tuple(sorted(waiting.get(reference, ()))),
        discretionary=reference in own,
        entered_on=entered_on,
    )


def counted_otherwise(engine: Engine, calendar: str) -> list[str]:
    """The reviews with an open date that was counted by another list of bank holidays than the one of this digest."""
    open_ones = deadlines.c.ended.in_(("", "suspended"))
    query = select(deadlines.c.reference).distinct().where(open_ones, NOT_ERASED, deadlines.c.calendar != calendar)
    with reading(engine) as connection:
        return list(connection.execute(query.order_by(deadlines.c.reference)).scalars())

"""What is asked of the record without changing it: the list of reviews, each with its next date."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from safeguarding.review.concerned import Concerned
from safeguarding.review.states import Stage, State, Track
from tasks.store.among import among
from tasks.store.heartbeat import TABLES
from tasks.store.owed import RUNS
from tasks.store.tables import actions, deadlines, heartbeats, ledger, requests, reviews


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review on one line of a list."""

    reference: str
    track: Track
    pseudonym: str
    state: State
    stage: Stage
    open: bool
    version: int
    entry: int
    opened_at: datetime
    stage_since: datetime
    next_due: date | None
    """The soonest date that is still owed, or None where nothing is."""

    @property
    def stage_title(self) -> str:
        """The stage in the unit's own words."""
        return self.stage.named(self.track)


_OF_A_ROW = (
    reviews.c.reference,
    reviews.c.track,
    reviews.c.pseudonym,
    reviews.c.state,
    reviews.c.stage,
    reviews.c.open,
    reviews.c.version,
    reviews.c.entry,
    reviews.c.opened_at,
    reviews.c.stage_since,
)


def track_of(connection: Connection, reference: str) -> Track | None:
    """The track of the review of a reference, in whatever case it was typed; None where there is none."""
    query = select(reviews.c.track).where(reviews.c.reference == reference.upper())
    found = connection.execute(query).scalar()
    return None if found is None else Track(found)


def list_reviews(
    connection: Connection, open_only: bool = False, references: Collection[str] | None = None
) -> list[ReviewRow]:
    """Every review in the order of opening, or those of these references; or only those in one of the seven stages."""
    due = (
        select(deadlines.c.reference, func.min(deadlines.c.due_on).label("next_due"))
        .where(RUNS, *among(deadlines, references))
        .group_by(deadlines.c.reference)
        .subquery()
    )
    query = (
        select(*_OF_A_ROW, due.c.next_due)
        .join_from(reviews, due, due.c.reference == reviews.c.reference, isouter=True)
        .where(*among(reviews, references), *([reviews.c.open] if open_only else []))
        .order_by(reviews.c.opened_at, reviews.c.reference)
    )
    return [
        ReviewRow(
            reference=row.reference,
            track=Track(row.track),
            pseudonym=row.pseudonym,
            state=State(row.state),
            stage=Stage(row.stage),
            open=row.open,
            version=row.version,
            entry=row.entry,
            opened_at=row.opened_at,
            stage_since=row.stage_since,
            next_due=row.next_due,
        )
        for row in connection.execute(query)
    ]


class HowFar(NamedTuple):
    """How far the record is. It moves whenever any review does, and where the tables are made again."""

    reviews: int
    lines: int
    made_again: str
    """Another one as often as the tables for querying were made again, which writes no line."""


_MADE_AGAIN = select(heartbeats.c.note).where(heartbeats.c.name == TABLES).scalar_subquery()
_HOW_FAR = select(func.count(), func.coalesce(func.sum(reviews.c.version), 0), func.coalesce(_MADE_AGAIN, ""))
_HEADS = select(reviews.c.reference, reviews.c.head_hash).order_by(reviews.c.opened_at, reviews.c.reference)


def how_far(connection: Connection) -> HowFar:
    """How far the record is now."""
    reviewed, lines, made_again = connection.execute(_HOW_FAR).one()
    return HowFar(int(reviewed), int(lines), str(made_again))


def heads(connection: Connection) -> dict[str, str]:
    """Of each review, in the order of opening, the hash of its last line: another one as soon as it moves."""
    return {row.reference: row.head_hash for row in connection.execute(_HEADS)}


def with_a_line_of(connection: Connection, kind: str, references: Collection[str]) -> list[str]:
    """Those of some reviews in whose ledger a line of a kind ever was written."""
    there = select(ledger.c.reference).where(ledger.c.kind == kind, ledger.c.reference.in_(references))
    return sorted(set(connection.execute(there).scalars()))


def whom_they_concern(connection: Connection, references: Collection[str] | None = None) -> dict[str, Concerned]:
    """Every review, or those of these references, with whom it concerns: three queries, whatever there is of each."""
    agencies: dict[str, set[str]] = defaultdict(set)
    owners: dict[str, set[str]] = defaultdict(set)
    asked = select(requests.c.reference, requests.c.agency).where(*among(requests, references)).distinct()
    for reference, agency in connection.execute(asked):
        agencies[reference].add(agency)
    owned = select(actions.c.reference, actions.c.agency, actions.c.owner).where(*among(actions, references))
    for reference, agency, owner in connection.execute(owned):
        agencies[reference].add(agency)
        owners[reference].add(owner)
    appointed = select(reviews.c.reference, reviews.c.track, reviews.c.chair, reviews.c.reviewer)
    rows = connection.execute(appointed.where(*among(reviews, references)))
    return {
        row.reference: Concerned(
            reference=row.reference,
            track=Track(row.track),
            agencies=frozenset(agencies[row.reference]),
            chair=row.chair,
            reviewer=row.reviewer,
            owners=frozenset(owners[row.reference]),
        )
        for row in rows
    }

"""What is asked of the record without changing it: the list of reviews, each with its next date."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from safeguarding.review.concerned import Concerned
from safeguarding.review.states import Stage, State, Track
from tasks.store.owed import RUNS
from tasks.store.tables import actions, deadlines, ledger, requests, reviews


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


_NEXT = (
    select(deadlines.c.reference, func.min(deadlines.c.due_on).label("next_due"))
    .where(RUNS)
    .group_by(deadlines.c.reference)
    .subquery()
)
_REVIEWS = (
    select(
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
        _NEXT.c.next_due,
    )
    .join_from(reviews, _NEXT, _NEXT.c.reference == reviews.c.reference, isouter=True)
    .order_by(reviews.c.opened_at, reviews.c.reference)
)


def track_of(connection: Connection, reference: str) -> Track | None:
    """The track of the review of a reference, in whatever case it was typed; None where there is none."""
    query = select(reviews.c.track).where(reviews.c.reference == reference.upper())
    found = connection.execute(query).scalar()
    return None if found is None else Track(found)


def list_reviews(connection: Connection, open_only: bool = False) -> list[ReviewRow]:
    """Every review in the order of opening, or only those in one of the seven stages."""
    query = _REVIEWS.where(reviews.c.open) if open_only else _REVIEWS
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


def how_far(connection: Connection) -> tuple[int, int]:
    """How far the record is: the number of reviews and of their lines. It moves whenever any review does."""
    reviewed, lines = connection.execute(select(func.count(), func.coalesce(func.sum(reviews.c.version), 0))).one()
    return int(reviewed), int(lines)


def with_a_line_of(connection: Connection, kind: str, references: Collection[str]) -> list[str]:
    """Those of some reviews in whose ledger a line of a kind ever was written."""
    there = select(ledger.c.reference).where(ledger.c.kind == kind, ledger.c.reference.in_(references))
    return sorted(set(connection.execute(there).scalars()))


def whom_they_concern(connection: Connection) -> dict[str, Concerned]:
    """Every review with whom it concerns, by reference: three queries, whatever there is of each."""
    agencies: dict[str, set[str]] = defaultdict(set)
    owners: dict[str, set[str]] = defaultdict(set)
    for reference, agency in connection.execute(select(requests.c.reference, requests.c.agency).distinct()):
        agencies[reference].add(agency)
    for reference, agency, owner in connection.execute(select(actions.c.reference, actions.c.agency, actions.c.owner)):
        agencies[reference].add(agency)
        owners[reference].add(owner)
    rows = connection.execute(select(reviews.c.reference, reviews.c.track, reviews.c.chair, reviews.c.reviewer))
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

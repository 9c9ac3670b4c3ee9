"""What is asked of the record without changing it: the list of reviews, and what is owed by when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from safeguarding.review import Stage, State, Track
from tasks.store.tables import deadlines, requests, reviews


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


@dataclass(frozen=True, slots=True)
class OwedRow:
    """One duty that runs, with the review it belongs to and the agencies that have not answered."""

    reference: str
    track: Track
    pseudonym: str
    stage: Stage
    rule: str
    subject: str
    occurrence: int
    started_at: int
    anchor: str
    anchored_on: date
    due_on: date
    edition: str
    waiting_on: tuple[str, ...]


_NEXT = (
    select(deadlines.c.reference, func.min(deadlines.c.due_on).label("next_due"))
    .where(deadlines.c.ended == "")
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
_OWED = (
    select(
        deadlines.c.reference,
        reviews.c.track,
        reviews.c.pseudonym,
        reviews.c.stage,
        deadlines.c.rule,
        deadlines.c.subject,
        deadlines.c.occurrence,
        deadlines.c.started_at,
        deadlines.c.anchor,
        deadlines.c.anchored_on,
        deadlines.c.due_on,
        deadlines.c.edition,
    )
    .join_from(deadlines, reviews, reviews.c.reference == deadlines.c.reference)
    .where(deadlines.c.ended == "")
    .order_by(deadlines.c.due_on, deadlines.c.reference, deadlines.c.rule, deadlines.c.subject)
)
_WAITING = (
    select(requests.c.reference, requests.c.agency)
    .distinct()
    .where(requests.c.outcome == "waiting")
    .order_by(requests.c.agency)
)


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


def owed(connection: Connection) -> list[OwedRow]:
    """Every duty that runs, soonest first: two queries, however many reviews there are."""
    waiting: dict[str, list[str]] = defaultdict(list)
    for reference, agency in connection.execute(_WAITING):
        waiting[reference].append(agency)
    return [
        OwedRow(
            reference=row.reference,
            track=Track(row.track),
            pseudonym=row.pseudonym,
            stage=Stage(row.stage),
            rule=row.rule,
            subject=row.subject,
            occurrence=row.occurrence,
            started_at=row.started_at,
            anchor=row.anchor,
            anchored_on=row.anchored_on,
            due_on=row.due_on,
            edition=row.edition,
            waiting_on=tuple(waiting.get(row.reference, ())),
        )
        for row in connection.execute(_OWED)
    ]

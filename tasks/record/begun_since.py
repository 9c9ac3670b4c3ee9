"""
Beginning across the record what an earlier program did not: seen first, then a line of each review concerned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from safeguarding.dates.london import london_date
from safeguarding.duties.begun_since import BEGUN, begun_since
from safeguarding.lifecycle import not_theirs
from safeguarding.review.events import Actor, DutyStarted, Event
from safeguarding.review.review import Review
from safeguarding.review.step import MANAGERS
from tasks.record.records import Records, Taken


def to_begin(records: Records, now: datetime) -> Mapping[str, Sequence[DutyStarted]]:
    """What would begin at a moment, by review. Reads one review at a time, closed ones too."""
    today, rulebook = london_date(now), records.rulebook.on(london_date(now))
    found = {row.reference: begun_since(records.read(row.reference), today, rulebook) for row in records.list()}
    return {reference: rows for reference, rows in found.items() if rows}


def begin(records: Records, references: Sequence[str], actor: Actor, now: datetime) -> list[Taken]:
    """
    Begin it, as a line of each of these reviews. Done again it finds nothing more.

    Raises TransitionRefused for a signer who is not of the unit; the refusal is recorded.
    """

    def settled(review: Review, _: str | None, moment: datetime) -> tuple[Sequence[str], Event, bool]:
        rows = begun_since(review, london_date(moment), records.rulebook.on(london_date(moment)))
        unmet = [
            *not_theirs(MANAGERS, actor, records.rulebook),
            *([] if rows else ["nothing is left to begin"]),
        ]
        line = Event(
            sequence=review.version + 1,
            at=moment,
            actor=actor,
            kind=BEGUN,
            title="Dates begun that were not asked for before",
            duties=rows,
            edition=records.rulebook.digest,
        )
        return unmet, line, False

    return [records.write_beside(reference, "begin_dates", now, settled) for reference in references]

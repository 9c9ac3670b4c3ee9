"""
The register of reviews: each there ever was, where it stands or how it ended, and how much of it was late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, NamedTuple

from safeguarding.dates.london import london_date
from safeguarding.duties.retention import CLOSED
from safeguarding.registers.columns import Means
from safeguarding.registers.known import RecordKnown, ReviewKnown
from safeguarding.registers.lines import StandingLine, day_of_closing
from safeguarding.registers.timeliness import LATE, DateRow, HowMet

CLOSING = (f'"name":"{CLOSED}"',)
"""What stands in the lines that say on which day a review closed."""
COUNTED: tuple[HowMet, ...] = ("running", *LATE)
"""The states of the dates that a review's row counts."""


class ReviewInRegister(NamedTuple):
    """One review."""

    reference: Annotated[str, Means("The review.", "reference")]
    track: Annotated[str, Means("The track of the review: children or adults.", "code")]
    pseudonym: Annotated[str, Means("How the person of the review is spoken of.", "text")]
    state: Annotated[Literal["open", "closed"], Means("Whether the review is open or closed.", "code")]
    stage: Annotated[str, Means("The stage in which it is, or was last before it closed.", "code")]
    stands: Annotated[str, Means("Where it stands in that stage, or the state in which it closed.", "code")]
    ended: Annotated[str, Means("How it ended, in words; empty while it is open.", "text")]
    opened_on: Annotated[date, Means("The day on which it was opened in the record.", "day")]
    entered_on: Annotated[
        date | None, Means("The day on which it was entered, where it was under way already; else empty.", "day")
    ]
    stage_since: Annotated[date, Means("The day since which it is in that stage, or since which it is closed.", "day")]
    closed_on: Annotated[date | None, Means("The day on which it closed; empty while it is open.", "day")]
    next_due: Annotated[date | None, Means("The soonest day that is still owed; empty where nothing is.", "day")]
    overdue: Annotated[int, Means("How many of its dates are overdue.", "number")]
    law_missed: Annotated[
        int, Means("How many dates of an Act, of regulations or of guidance were met late or are overdue.", "number")
    ]
    year: Annotated[int, Means("The calendar year in which it was opened.", "year")]


def review_rows(known: RecordKnown, dates: Iterable[DateRow]) -> list[ReviewInRegister]:
    """Every review in the order of opening; `dates` are those of the register of timeliness in the states `COUNTED`."""
    theirs: dict[str, list[DateRow]] = defaultdict(list)
    for row in dates:
        theirs[row.reference].append(row)
    lines = known.lines
    return [_row(one, theirs[name], lines.get(name, ())) for name, one in known.reviews.items()]


def _row(review: ReviewKnown, dates: list[DateRow], lines: Iterable[StandingLine]) -> ReviewInRegister:
    opened, since = london_date(review.opened_at), london_date(review.stage_since)
    if not review.open:  # Its closing may have been recorded days after it, and its day put right since.
        since = next((day_of_closing(line) for line in lines if line.event.at == review.stage_since), since)
    return ReviewInRegister(
        reference=review.reference,
        track=review.track.value,
        pseudonym=review.pseudonym,
        state="open" if review.open else "closed",
        stage=review.stage.named(review.track),
        stands=review.state.words,
        ended="" if review.open else review.state.ended_how,
        opened_on=opened,
        entered_on=review.entered_on,
        stage_since=since,
        closed_on=None if review.open else since,
        next_due=min((row.due_on for row in dates if row.state in ("running", "overdue")), default=None),
        overdue=sum(row.state == "overdue" for row in dates),
        law_missed=sum(row.law and row.state in LATE for row in dates),
        year=opened.year,
    )

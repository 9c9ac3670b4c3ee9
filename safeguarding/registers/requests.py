"""
The register of requests: what each agency was asked for, by when, whether it answered, and by how much it was late.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

from safeguarding.dates.working_days import Calendar, working_days_between
from safeguarding.errors import HorizonPassed
from safeguarding.registers.columns import Means
from safeguarding.registers.known import RecordKnown
from safeguarding.registers.timeliness import working_days_late
from safeguarding.review.words import agency_name
from safeguarding.shown.agency_answers import ANSWERS, AgencyAnswer

PURPOSES = {"information": "information", "report": "its report", "accuracy": "a check of the draft"}
"""What an agency is asked for, in words."""


class RequestInRegister(NamedTuple):
    """One request to one agency."""

    reference: Annotated[str, Means("The review.", "reference")]
    track: Annotated[str, Means("The track of the review: children or adults.", "code")]
    agency: Annotated[str, Means("The agency that was asked, by its name today.", "text")]
    purpose: Annotated[str, Means("What it was asked for: information, its report or a check of the draft.", "code")]
    asked_on: Annotated[date, Means("The day on which it was asked.", "day")]
    acknowledged_on: Annotated[
        date | None, Means("The day on which it said that it has the request; else empty.", "day")
    ]
    due_on: Annotated[date | None, Means("The day by which it is owed; empty where no clock runs for it.", "day")]
    ended_on: Annotated[
        date | None,
        Means(
            "The day on which it answered, refused, or the review went on without it; empty while it is waited for.",
            "day",
        ),
    ]
    state: Annotated[
        str,
        Means(
            "requested, acknowledged, late (waited for, and its day has passed), returned, nil return, refused or "
            "excused.",
            "code",
        ),
    ]
    returned: Annotated[bool, Means("Whether it answered; a nil return is an answer.", "yes or no")]
    nil_return: Annotated[bool, Means("Whether it answered that nothing is known.", "yes or no")]
    gone_on_without: Annotated[
        bool, Means("Whether the review went on without it, for a recorded reason.", "yes or no")
    ]
    late: Annotated[
        bool, Means("Whether it ended after its day, or its day has passed. A refusal is not late.", "yes or no")
    ]
    late_working_days: Annotated[
        int | None,
        Means(
            "By how many working days; 0 where it is not late; empty outside the years whose bank holidays are known.",
            "working days",
        ),
    ]
    days_taken: Annotated[
        int | None, Means("From the request to the answer; empty where there is no answer.", "working days")
    ]
    year: Annotated[int, Means("The calendar year in which it was asked.", "year")]


def request_rows(known: RecordKnown, today: date) -> list[RequestInRegister]:
    """Every request as it stands on a day (London), by review and in the order in which they were made."""
    return [_row(one, known, today) for one in known.requests if one.reference in known.reviews]


def _row(asked: AgencyAnswer, known: RecordKnown, today: date) -> RequestInRegister:
    calendar, late = known.rulebook.calendar, asked.late(today)
    until = asked.on or today
    return RequestInRegister(
        reference=asked.reference,
        track=known.reviews[asked.reference].track.value,
        agency=agency_name(asked.agency, known.rulebook.partnership),
        purpose=PURPOSES.get(asked.purpose, asked.purpose),
        asked_on=asked.asked_on,
        acknowledged_on=asked.acknowledged_on,
        due_on=asked.due_on,
        ended_on=asked.on if asked.outcome != "waiting" else None,
        state=asked.state(today),
        returned=asked.outcome in ANSWERS,
        nil_return=asked.outcome == "nil return",
        gone_on_without=asked.outcome == "excused",
        late=late,
        late_working_days=working_days_late(asked.due_on, until, calendar) if late and asked.due_on else 0,
        days_taken=_taken(asked, calendar),
        year=asked.asked_on.year,
    )


def _taken(asked: AgencyAnswer, calendar: Calendar) -> int | None:
    if asked.on is None or asked.outcome not in ANSWERS:
        return None
    try:
        return working_days_between(asked.asked_on, asked.on, calendar)
    except HorizonPassed:
        return None

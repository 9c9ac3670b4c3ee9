"""
A review that was under way already when it was entered: what happened before that day is told to nobody.

Its referral says since when it was under way. From then on one rule holds, by days alone: a line whose every day lies
before the day of entry writes to nobody, and neither does a rung of a ladder whose time had come by the end of that
day. What is owed from then on is told as ever, and once, the night after, the unit hears what is now owed.
"""

from __future__ import annotations

from datetime import date, datetime

from safeguarding.dates.london import london_date
from safeguarding.review.events import Event
from safeguarding.review.review import TAKEN_OVER, Review

SINCE = "under_way_since"
"""The answer of the referral that says so."""
QUIET = "entered_quietly"
"""The fact of a line that writes to nobody, since it was entered late."""


def entered_quietly(made: Event, review: Review) -> Event:
    """The line, with what makes it quiet where it is of a time before its review was entered. `review` is before it."""
    entered = london_date(made.at) if made.facts.get(SINCE) else review.entered_on
    if entered is None or not _lies_before(made, entered):
        return made
    return made.model_copy(update={"facts": {**made.facts, QUIET: True}, "tells": ()})


def taken_over(made: Event, source: str, reference: str) -> Event:
    """
    The line by which a review comes in out of a file, marked with the file, its day and the reference there; it writes
    to nobody.
    """
    origin = {"from": source, "on": london_date(made.at).isoformat(), "reference": reference}
    return made.model_copy(update={"facts": {**made.facts, TAKEN_OVER: origin, QUIET: True}, "tells": ()})


def _lies_before(made: Event, entered: date) -> bool:
    """Whether every day of a line that has come lies before the day of entry; of no day, whether it is of that day."""
    today = london_date(made.at)
    days = [one.on for one in (*made.marks, *made.entries) if one.on <= today]
    return max(days) < entered if days else today == entered


def is_quiet(event: Event) -> bool:
    """Whether a line writes to nobody."""
    return bool(event.facts.get(QUIET))


def is_of_before(moment: datetime, entered_on: date | None) -> bool:
    """Whether the time of a rung had come by the end of the day on which its review was entered."""
    return entered_on is not None and london_date(moment) <= entered_on

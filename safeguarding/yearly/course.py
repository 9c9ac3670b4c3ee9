"""
The course of a review by its days: when it began, when it concluded or ended otherwise, whether it was opened again.

It begins with the decision to arrange it. It concludes on the day on which its report was accepted: neither Act, as far
as it was read, says what concluding is, and this is our own reading. What ends without a report has not concluded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from safeguarding.dates.london import london_date
from safeguarding.registers.lines import StandingLine
from safeguarding.review.states import CLOSED_STATES, State

BEGINS = ("decided_to_initiate", "review_started")
CONCLUDES = "report_accepted"
UNDER_WAY = frozenset({State.COMMISSIONING, State.IN_REVIEW, State.DRAFTING, State.SIGN_OFF, State.ACCEPTANCE})
"""The states of a review that was arranged and has no accepted report."""
ENDS = CLOSED_STATES - {State.CLOSED}
BEFORE_THE_RECORD = date.min
"""When a review began that was carried in, where nobody knows."""

What = Literal["begun", "opened again", "concluded", "ended"]


class Turn(NamedTuple):
    """A turn in the course of a review: what, and on which day."""

    what: What
    on: date


def course_of(lines: Sequence[StandingLine]) -> list[Turn]:
    """The turns of a review, first to last; each that is under way follows one that is not, and the reverse."""
    turns: list[Turn] = []
    for line in lines:
        for what, on in _said(line):
            _turned(turns, what, max([on, *(one.on for one in turns[-1:])]))
    return turns


def _said(line: StandingLine) -> Iterator[tuple[What, date]]:
    to = State(line.event.to) if line.event.to else None
    day = line.marks[0].on if line.marks else london_date(line.event.at)
    for mark in line.marks:
        if mark.name in BEGINS:
            yield "begun", mark.on
        elif mark.name == CONCLUDES:
            yield "concluded", mark.on
    if to in ENDS:
        yield "ended", day
    elif line.event.kind == "reopened" and to in UNDER_WAY:
        yield "opened again", day
    elif line.event.kind == "carried_in" and to in UNDER_WAY:
        yield "begun", BEFORE_THE_RECORD


def _turned(turns: list[Turn], what: What, on: date) -> None:
    under_way = bool(turns) and turns[-1].what in ("begun", "opened again")
    if what == "concluded" and not turns:
        turns.append(Turn("begun", BEFORE_THE_RECORD))
        under_way = True
    starts = (what == "opened again" and bool(turns)) or (what == "begun" and not turns)
    if (starts and not under_way) or (what in ("concluded", "ended") and under_way):
        turns.append(Turn(what, on))


def ongoing(turns: Sequence[Turn], at_the_end_of: date) -> bool:
    """Whether a review was under way at the end of a day."""
    before = [one for one in turns if one.on <= at_the_end_of]
    return bool(before) and before[-1].what in ("begun", "opened again")

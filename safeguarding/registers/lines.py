"""
The lines of a review's ledger that stand: none that was taken back or refused, and each day as it was put right.

A wrong step that was taken back is no decision of anybody's, and a day that was corrected is the one that counts. The
ledger keeps both; a register says what is so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from safeguarding.dates.london import london_date
from safeguarding.day_answered import day_answered
from safeguarding.duties.retention import CLOSED
from safeguarding.review.entries_put_right import LineHeld, held_of
from safeguarding.review.events import CORRECTED, REFUSED, TAKEN_BACK, Entry, Event, Mark
from safeguarding.review.wordings import approved_anew, without_approval


class StandingLine(NamedTuple):
    """A line that stands, with the marks that it made on the days that count."""

    event: Event
    marks: Sequence[Mark]
    held: LineHeld
    """What it holds, on the days that count."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What it holds, on the days that count."""
        return self.held.entries

    def answered(self, question: str) -> date | None:
        """The day answered to a question, as it was put right since; None where none was given."""
        return day_answered(self.event, question, self.marks)


def day_of_closing(line: StandingLine) -> date:
    """The day (London) on which a line closed a review: that of its mark, as it was put right; else the line's own."""
    return next((mark.on for mark in line.marks if mark.name == CLOSED), london_date(line.event.at))


def as_they_stand(events: Iterable[Event]) -> list[StandingLine]:
    """
    The lines of one review that stand, in their order. `events` may leave lines out, if none that corrects a date or
    takes a step back is among those.
    """
    there = list(events)
    undone = {line for event in there if event.kind == TAKEN_BACK for line in event.facts.get("lines", ())}
    kept: list[tuple[Event, list[Mark]]] = []
    held: dict[int, LineHeld] = {}
    gone: dict[int, LineHeld] = {}
    for event in there:
        if event.sequence in undone:
            gone[event.sequence] = held_of(event)
        elif event.kind == TAKEN_BACK:
            taken = [gone[line] for line in event.facts.get("lines", ()) if line in gone]
            anew = approved_anew([*held.values(), *gone.values()], taken)
            held = {line.line: line for line in without_approval([*held.values()], anew)}
        elif event.kind == CORRECTED:
            _correct(kept, event)
        elif event.kind != REFUSED:
            kept.append((event, list(event.marks)))
            held[event.sequence] = held_of(event)
    return [StandingLine(event, marks, held[event.sequence].put_right(marks)) for event, marks in kept]


def _correct(kept: list[tuple[Event, list[Mark]]], event: Event) -> None:
    """As `marks_put_right` does with the marks of the review: each that stood on the wrong day stands on the right."""
    for right in event.marks:
        same = [(marks, n) for _, marks in kept for n, one in enumerate(marks) if _of_one_thing(one, right)]
        was = event.facts.get("was")
        wrong = date.fromisoformat(was) if was else same[-1][0][same[-1][1]].on if same else None
        for marks, n in same:
            if marks[n].on == wrong:
                marks[n] = marks[n].model_copy(update={"on": right.on})


def _of_one_thing(one: Mark, other: Mark) -> bool:
    return (one.name, one.subject) == (other.name, other.subject)

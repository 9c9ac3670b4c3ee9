"""
The day that was answered to a question of a form, as it was put right since: a corrected day holds wherever it is read.

The line keeps what was typed. Which of its marks a question dates is what the steps declare.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date
from functools import cache

from safeguarding.review.events import Event, Mark
from safeguarding.stages import STEPS

ANY = "*"
"""What a step names that dates whichever mark its form is about."""


def day_answered(event: Event, question: str, stand: Sequence[Mark]) -> date | None:
    """
    The day answered to a question on a line whose marks stand as these do; None where no day was given.

    Where a question dates several marks, it has the day of the first of them. A line that was taken back has none that
    stand: its day is the one that was typed.
    """
    given = event.facts.get(question)
    if not isinstance(given, str) or not given:
        return None
    day, dated = date.fromisoformat(given), _dated(event.kind, question)
    pairs = zip(event.marks, stand, strict=False)
    return next((now.on for was, now in pairs if was.on == day and {was.name, ANY} & dated), day)


@cache
def _dated(kind: str, question: str) -> Set[str]:
    """The marks that a question dates, by the kind of the line."""
    return {mark for step in STEPS.values() if step.kind == kind for mark in step.days.get(question, ())}

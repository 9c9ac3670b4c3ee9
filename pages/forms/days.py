"""
Which days of a form say when something happened, and which of them is filled in with today.

One alone is: the day of the step itself, where its form needs no other and the step is of little weight. Every other
stays empty until somebody types it or presses a button that says «today». A day that nobody gave would start or meet a
date of the law, say that something else was done, or be taken for the word of whoever decides, accepts or signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pages.forms.question import DAY_PARTS, JOINED, FormQuestion
from pages.forms.typed import Typed
from pages.forms.weight import is_light
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.conditions import DayIsToCome
from safeguarding.review.review import Review
from safeguarding.review.step import Step


def of_what_happened(questions: Sequence[FormQuestion], step: Step) -> list[FormQuestion]:
    """The days on which the step itself or something with it was done; a period or a day to come is none."""
    found = (leaf for one in questions for leaf in one.leaves())
    to_come = {need.question for need in step.needs if isinstance(need, DayIsToCome)}
    return [leaf for leaf in found if leaf.kind == "day" and _name(leaf) in step.days.keys() - to_come]


def filled_in(
    questions: Sequence[FormQuestion], step: Step, review: Review | None, rulebook: Rulebook
) -> list[FormQuestion]:
    """The days of a form that are filled in with today: one, or none."""
    return _only_day(questions, step) if is_light(step, review, rulebook) else []


def filled_in_rows(
    rows: Sequence[FormQuestion], step: Step, review: Review | None, rulebook: Rulebook
) -> list[FormQuestion]:
    """
    The same of a step that may be taken several times at once. None in a row that asks for nothing else: it would be
    answered before anybody looked at it.
    """
    if not is_light(step, review, rulebook):
        return []
    asked = (row.inner for row in rows if sum(one.needed for one in row.inner) > 1)
    return [one for inner in asked for one in _only_day(inner, step)]


def _only_day(questions: Sequence[FormQuestion], step: Step) -> list[FormQuestion]:
    needed = [one for one in of_what_happened(questions, step) if one.needed]
    return needed if len(needed) == 1 else []


def put_today(days: Sequence[FormQuestion], typed: Typed, today: date) -> None:
    """Put today into each of these days that is empty."""
    for one in days:
        boxes = [f"{one.id}{JOINED}{part}" for part in DAY_PARTS]
        if not any(map(typed.one, boxes)):
            for box, number in zip(boxes, (today.day, today.month, today.year), strict=True):
                typed.put(box, str(number))


def day_of_the_page(said: str, today: date) -> date | None:
    """The day on which a page was opened, as it says it was filled in with; None of what no page of ours says."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if day.isoformat() == said and day <= today else None


def _name(question: FormQuestion) -> str:
    return question.id.rpartition(JOINED)[2]

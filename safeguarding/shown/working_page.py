"""
How each date of a review was worked out, on one page: for the unit, and for whoever asks years later.

Markdown, with references, roles and the names of those who recorded; nothing that is sealed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from safeguarding.dates.working_days import say
from safeguarding.errors import HorizonPassed, LawNotFound
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.explain_date import explained
from safeguarding.questions.explanation import Explained
from safeguarding.review.events import Event
from safeguarding.review.review import Duty, Review
from safeguarding.shown.escaped import escaped


def working_page(review: Review, events: Sequence[Event], rulebook: Rulebook, today: date) -> str:
    """Every date of a review with its working, in markdown: what is owed first, then what was."""
    parts = [
        f"# {review.reference} · how each date was worked out",
        f"{review.stage_title}, as of {say(today)}. References only: the reasons are sealed in the record.",
    ]
    for duty in in_order(review):
        try:
            parts.append(_section(explained(review, events, duty, rulebook, today, names=False)))
        except (LawNotFound, HorizonPassed) as fault:
            parts.append(f"## {duty.rule}\n\n{escaped(str(fault))}")
    if len(parts) == 2:
        parts.append("No clock has started yet.")
    return "\n\n".join(parts) + "\n"


def in_order(review: Review) -> list[Duty]:
    """The latest row of each duty: what has not ended first, the soonest first."""
    latest = {(duty.rule, duty.subject): duty for duty in review.duties if duty.ended != "superseded"}
    return sorted(latest.values(), key=lambda duty: (bool(duty.ended), duty.due_on, duty.rule, duty.subject))


def _section(made: Explained) -> str:
    whose = f" · {escaped(made.whose)}" if made.whose else ""
    lines = [f"{'    ' if line.startswith('  ') else ''}- {escaped(line)}" for line in made.words]
    return f"## {escaped(made.title)}{whose} · {_heading(made)}\n\n" + "\n".join(lines)


def _heading(made: Explained) -> str:
    if made.state == "suspended":
        return "suspended"
    return f"due {say(made.due_on)}" if made.state == "owed" else f"{made.state} (was due {say(made.due_on)})"

"""
How each date of a review was worked out, on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from safeguarding.dates.working_days import say
from safeguarding.errors import HorizonPassed, LawNotFound
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.explain_date import explained
from safeguarding.review.events import Event
from safeguarding.review.review import Review
from safeguarding.shown.bundle.paper import heading, listed, paper, words
from safeguarding.shown.working_page import in_order


def workings_page(review: Review, events: Sequence[Event], rulebook: Rulebook, today: date) -> str:
    """Every clock with its working: from which event, which days counted, by which rule and edition."""
    parts = [words(f"As of {say(today)}. What is owed comes first, then what was.")]
    for duty in in_order(review):
        try:
            made = explained(review, events, duty, rulebook, today)
        except (LawNotFound, HorizonPassed) as fault:
            parts += [heading(duty.rule), words(str(fault))]
        else:
            whose = f": {made.whose}" if made.whose else ""
            parts += [heading(f"{made.title}{whose} ({made.rule})"), listed(made.words)]
    if len(parts) == 1:
        parts.append(words("No clock has started yet."))
    return paper(f"{review.reference}: how each date was worked out", *parts)

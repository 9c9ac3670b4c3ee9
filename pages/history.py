"""
The history of a review as its page shows it, the latest first: when, who, and what happened in a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from safeguarding.law.partnership import Partnership
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Event
from safeguarding.review.review import Review
from safeguarding.shown.history.told import NOBODY, Told, history


def history_of(review: Review, events: Sequence[Event], rulebook: Rulebook) -> list[Told]:
    """Every line, the latest first."""
    return [*reversed(history(review, events, rulebook))]


def name_on(event: Event, person: str, partnership: Partnership) -> str:
    """What somebody was called on a line; of earlier programs' lines, what the file calls them now."""
    if person in NOBODY:
        return NOBODY[person]
    named = event.who(person) or partnership.ever(person)
    return named.name if named else person

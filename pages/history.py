"""
The history of a review as its page shows it, the latest first: when, who, and what happened in a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Event
from safeguarding.review.review import Review
from safeguarding.shown.history.told import Told, history


def history_of(review: Review, events: Sequence[Event], rulebook: Rulebook) -> list[Told]:
    """Every line, the latest first."""
    return [*reversed(history(review, events, rulebook))]

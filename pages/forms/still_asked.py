"""
What the form by which a review begins still asks: nothing of a part that was recorded by itself, all of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pages.forms.question import FormQuestion
from safeguarding.review.review import Review
from safeguarding.stages.commission_parts import MAY_BE_EMPTY, PARTS, recorded_before
from safeguarding.stages.commissioning import UNLESS

OF_PARTS = frozenset(name for form in PARTS.values() for name in form.model_fields) - MAY_BE_EMPTY


def still_asked(questions: Sequence[FormQuestion], review: Review) -> tuple[FormQuestion, ...]:
    """The questions without those of recorded parts. What is left of a part must be answered."""
    before = recorded_before(review)
    return tuple(
        replace(one, needed=one.needed or one.id in OF_PARTS, help=one.help.replace(UNLESS, "").strip())
        for one in questions
        if one.id not in before
    )

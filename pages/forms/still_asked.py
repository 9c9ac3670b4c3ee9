"""
What a form asks by what came before it: as a review begins, nothing of a part that was recorded by itself, all of the
others; as a report is accepted, where its conclusions speak of the person, if the draft was asked for that too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pages.forms.question import FormQuestion
from safeguarding.review.review import Review
from safeguarding.stages.commission_parts import MAY_BE_EMPTY, PARTS, recorded_before
from safeguarding.stages.commissioning import UNLESS
from safeguarding.stages.own_life import IN_CONCLUSIONS, asked_of_the_draft

TOLD = {"decision_told_on": "decision_told"}
"""What must have been done before the review begins, by the mark that says so where it is recorded already."""
OF_PARTS = frozenset(name for form in PARTS.values() for name in form.model_fields) - MAY_BE_EMPTY


def still_asked(questions: Sequence[FormQuestion], review: Review) -> tuple[FormQuestion, ...]:
    """The questions without those of recorded parts. What is left of a part must be answered."""
    before = recorded_before(review)
    owed = {name for name, mark in TOLD.items() if review.happened(mark) is None}
    return tuple(
        replace(one, needed=one.needed or one.id in OF_PARTS | owed, help=one.help.replace(UNLESS, "").strip())
        for one in questions
        if one.id not in before
    )


def asked_like_the_draft(questions: Sequence[FormQuestion], review: Review) -> tuple[FormQuestion, ...]:
    """The questions of accepting a report; where its conclusions speak of the person must be said as of the draft."""
    needed = asked_of_the_draft(review)
    return tuple(replace(one, needed=one.needed or (needed and one.id == IN_CONCLUSIONS)) for one in questions)

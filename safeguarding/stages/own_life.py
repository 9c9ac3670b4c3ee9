"""
The child's daily life, or what the adult wanted, in the draft and in the report that the partners accept.

The partnership's own standard and no duty of the law: no date hangs on it.
"""

from __future__ import annotations

from typing import Any

from safeguarding.review.review import Review
from safeguarding.review.step import Attempt, Check
from safeguarding.review.words import own_life

DRAFT, ACCEPTED = "draft_submitted", "report_accepted"
"""The kinds of the lines by which a draft goes to the partners, and by which they accept the report."""
SAYS_WHERE = "says_where_the_person_is"
"""The fact of a draft that said where it has the person's own life: where, is sealed."""
IN_CONCLUSIONS = "daily_life"
"""The question where the conclusions speak of it, on the form by which a report is accepted."""


def asked_of_the_draft(review: Review) -> bool:
    """Whether the draft that is with the partners said where it has it; by an earlier program none was asked."""
    return bool(review.facts.get(DRAFT, {}).get(SAYS_WHERE) == "yes")


def conclusions_speak_of_the_person(step: Attempt[Any]) -> Check:
    """
    It is said where the conclusions speak of the child's daily life, or of what the adult wanted.

    A draft that was not asked where it has it, by an earlier program, is accepted as it came to the partners.
    """
    said = bool(getattr(step.form, IN_CONCLUSIONS))
    words = f"say where the conclusions and recommendations speak of {own_life(step.review.track)}"
    return Check(said or not asked_of_the_draft(step.review), words)

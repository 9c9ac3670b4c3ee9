"""
A review that section 16F of the Children Act 2004 does not ask for, and the partners begin all the same.

The section asks for reviews of serious cases that raise issues of importance in relation to the area. Of any other, to
complete and publish it is the partners' own undertaking (C12b), and is not shown as the Act's duty (C12).
"""

from __future__ import annotations

from datetime import date

from safeguarding.review.events import Mark
from safeguarding.review.legal_tests import NOT_ASKED_FOR
from safeguarding.review.review import Review


def is_discretionary(review: Review) -> bool:
    """Whether the review that was last decided on is one that section 16F(1)(a) does not ask for."""
    begun = review.happened("discretionary_review_decided") is not None
    return begun and review.facts.get("decided", {}).get("row") in NOT_ASKED_FOR


def initiated(on: date, row: str) -> list[Mark]:
    """
    A decision to initiate, by the row of decision table DT-2 that was found.

    Of a case that is not serious, or of no importance to the area, the review is the partners' own undertaking: what
    runs then is not the Act's duty to publish, and is not shown as that.
    """
    marks = [Mark(name="decided_to_initiate", on=on)]
    return [*marks, Mark(name="discretionary_review_decided", on=on)] if row in NOT_ASKED_FOR else marks


def six_months_of(review: Review) -> str:
    """Which six months it is: the Act's duty to publish, or those of a review that the Act does not ask for."""
    return "C12b" if review.live("C12b") else "C12"

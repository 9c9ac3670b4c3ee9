"""
The wordings of a review in a list for its page: of what each is, who wrote it, who approved it, how it stands.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from safeguarding.law.partnership import Partnership
from safeguarding.review.learnt import SUMMARY
from safeguarding.review.review import Review
from safeguarding.review.wordings import in_force


class WordingLine(NamedTuple):
    """One wording on a line of the list."""

    number: str
    of: str
    """The item: its number, or «the review as a whole»."""
    item: str
    by: str
    """Who wrote it, by name."""
    stands: str
    """Not approved yet; approved; replaced by a later one; withdrawn."""
    approved_by: str
    """Who approved it, by name; empty before."""
    approved_on: date | None
    line: int


def wordings_listed(review: Review, partnership: Partnership) -> list[WordingLine]:
    """Every wording of a review, the latest first."""
    shared = {one.id for one in in_force(review.wordings).values()}
    found = [
        WordingLine(
            number=one.id,
            of="the review as a whole" if one.item == SUMMARY else one.item,
            item=one.item,
            by=_name(one.by, review, partnership),
            stands="replaced by a later one" if one.shareable and one.id not in shared else one.stands,
            approved_by=_name(one.approved_by, review, partnership),
            approved_on=one.approved_on,
            line=one.line,
        )
        for one in review.wordings
    ]
    return found[::-1]


def _name(person: str, review: Review, partnership: Partnership) -> str:
    known = partnership.ever(person) if person else None
    return known.name if known is not None else review.names.get(person, person)

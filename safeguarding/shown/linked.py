"""
Other reviews of the same death that are linked with this one: each goes its own way, and the record has its reference.

A reference was typed by a person: it stands in the record and not on a page of Prefect, which says that there is one.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from safeguarding.dates.working_days import say
from safeguarding.review.review import Review

NAMES = {
    "child_death_review_linked": "Child death review",
    "domestic_abuse_review_linked": "Domestic homicide review",
}


class Linked(NamedTuple):
    """A review by other people: which kind, its reference, since when it is linked."""

    kind: str
    reference: str
    on: date

    @property
    def words(self) -> str:
        """For the record's own pages."""
        return f"{self.kind} {self.reference}, linked on {say(self.on)}"


def linked(review: Review) -> tuple[Linked, ...]:
    """Every review that is linked, each reference once, as it was last recorded."""
    found = {
        (mark.name, mark.subject): Linked(NAMES[mark.name], mark.subject, mark.on)
        for mark in review.marks
        if mark.name in NAMES
    }
    return tuple(found.values())


def on_the_card(review: Review) -> list[str]:
    """That a review is linked, without the reference that was typed."""
    return [
        f"**{one.kind}** linked on {say(one.on)}; its reference: `safeguarding show {review.reference}`"
        for one in linked(review)
    ]

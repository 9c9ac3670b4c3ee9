"""
How each date of an open review was worked out, as a page in Prefect, linked from the review's card.

Roles and references only. A page is drawn again when the review, the day or the rulebook has changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from flows.artifacts import artifact
from flows.artifacts.artifact import Artifact
from safeguarding.dates.london import london_date, now
from safeguarding.shown.working_page import working_page
from tasks.record.installation import Installation

PREFIX = "working-"

KEPT = 1000
"""Pages kept. Of closed reviews they are never asked for again."""

_drawn: dict[str, tuple[tuple[object, ...], str]] = {}
"""The last page of each review, and what it was drawn from: reading a ledger for each every sweep would be waste."""


def key(reference: str) -> str:
    """The page of a review's working."""
    return PREFIX + reference.lower()


def link(reference: str) -> str:
    """For the description of the review's card."""
    return artifact.link(key(reference), "How each date was worked out")


def drawn(installation: Installation, references: Sequence[str]) -> list[Artifact]:
    """The page of each of these reviews as it is today."""
    today = london_date(now())
    found = []
    for reference in references:
        review = installation.records.read(reference)
        basis = (review.changed, today, installation.rulebook.digest)
        if _drawn.get(reference, (None, ""))[0] != basis:
            if len(_drawn) >= KEPT:
                _drawn.clear()
            page = working_page(review, installation.records.events(reference), installation.rulebook, today)
            _drawn[reference] = (basis, page)
        found.append(artifact.page(key(reference), _drawn[reference][1]))
    return found

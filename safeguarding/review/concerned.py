"""
Whom a review concerns: the agencies that were asked or own an action, and the people who were appointed or own one.
"""

from __future__ import annotations

from typing import NamedTuple

from safeguarding.review.review import Review
from safeguarding.review.states import Track


class Concerned(NamedTuple):
    """A review by its reference, and whom it concerns by their ids."""

    reference: str
    track: Track
    agencies: frozenset[str] = frozenset()
    chair: str = ""
    reviewer: str = ""
    owners: frozenset[str] = frozenset()

    @classmethod
    def by(cls, review: Review) -> Concerned:
        """Those of a review that is at hand."""
        asked = {request.agency for request in review.requests} | {action.agency for action in review.actions}
        owners = frozenset(action.owner for action in review.actions)
        return cls(review.reference, review.track, frozenset(asked), review.chair, review.reviewer, owners)

"""
Reviews as they last were, kept in memory, so that a review is not folded again from its first line at every step.

Each is kept with the hash of the line it ends with. Whoever takes one compares that hash with the ledger, in the
transaction in which they use it, so a review that another program has moved on is never taken for the present one.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from safeguarding.review.review import Review

KEPT = 256
"""Reviews. A partnership has some dozens open; each takes about 60 kB."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A review and the hash of the last line that was folded into it."""

    review: Review
    hash: str


class Latest:
    """The reviews that were used last. Safe to share between threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = Lock()
        self._reviews: dict[str, Folded] = {}

    def get(self, reference: str) -> Folded | None:
        """The review as it last was here, or None."""
        return self._reviews.get(reference)

    def put(self, review: Review, last_hash: str) -> None:
        """Keep a review, in the place of the one that was not used for longest."""
        with self._lock:
            self._reviews.pop(review.reference, None)
            self._reviews[review.reference] = Folded(review, last_hash)
            if len(self._reviews) > self._kept:
                del self._reviews[next(iter(self._reviews))]

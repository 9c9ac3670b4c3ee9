"""
The moment of a line: never before that of the line it follows, whatever the clock of the machine says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from safeguarding.dates.london import say_moment
from safeguarding.errors import TransitionRefused
from safeguarding.review.review import Review
from tasks.store.ledger import LEEWAY


def following(review: Review, step: str, now: datetime) -> datetime:
    """
    Now, or the moment of the review's last line where the clock went back a little.

    Raises TransitionRefused where it went back by more than five minutes; nothing is recorded of that.
    """
    if unmet := too_early(review, now):
        raise TransitionRefused(review.reference, step, tuple(unmet))
    return max(now, review.history[-1].at)


def too_early(review: Review, now: datetime) -> Sequence[str]:
    """Why nothing can be recorded of a review now, in words; nothing if it can."""
    last = review.history[-1].at
    if last - now <= LEEWAY:
        return ()
    return (
        f"its last line is of {say_moment(last)} and the time given is {say_moment(now)}: a line is never dated before "
        "the one it follows. If the machine's clock is wrong, set it right",
    )

"""What runs on a review beside the looks at the impact of its actions, which outlive its closing."""

from __future__ import annotations

from collections.abc import Iterable

from safeguarding.review.impact import LOOK_RULES
from safeguarding.review.review import Duty


def beside_the_looks(duties: Iterable[Duty]) -> list[str]:
    """The rules of these duties, but for those looks."""
    return [duty.rule for duty in duties if duty.rule not in LOOK_RULES]

"""Every step of a review, in the order of a review: one file a stage, and one for what may happen at any time."""

from __future__ import annotations

from safeguarding.stages import (
    action_follow_up,
    afterwards,
    agencies,
    any_time,
    clocks_held,
    commissioning,
    decision,
    editions,
    panel,
    publication,
    rapid_review,
    referral,
)
from safeguarding.step import Transition

STEPS: dict[str, Transition] = {
    step.name: step
    for room in (
        referral,
        rapid_review,
        decision,
        commissioning,
        panel,
        publication,
        action_follow_up,
        agencies,
        any_time,
        afterwards,
        clocks_held,
        editions,
    )
    for step in room.STEPS
}
"""All steps by name."""

"""Every step of a review, in the order of a review: one file a stage, and `beside/` for what may happen at any time."""

from __future__ import annotations

from safeguarding.review.step import Step
from safeguarding.stages import (
    action_follow_up,
    commissioning,
    decision,
    handed_over,
    notification,
    panel,
    publication,
    publish_nothing,
    rapid_review,
    referral,
    report_sent,
    reviewer,
)
from safeguarding.stages.beside import (
    after_the_end,
    agencies,
    coroner,
    edition_chosen,
    information_requests,
    monitored,
    reasons,
    recorded,
    suspended,
)

STEPS: dict[str, Step] = {
    step.name: step
    for room in (
        referral,
        notification,
        rapid_review,
        decision,
        commissioning,
        panel,
        publication,
        publish_nothing,
        report_sent,
        reviewer,
        action_follow_up,
        handed_over,
        agencies,
        information_requests,
        coroner,
        monitored,
        reasons,
        recorded,
        after_the_end,
        suspended,
        edition_chosen,
    )
    for step in room.STEPS
}
"""All steps by name."""

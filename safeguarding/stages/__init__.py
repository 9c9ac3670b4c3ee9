"""Every step of a review, in the order of a review: one file a stage, and `beside/` for what may happen at any time."""

from __future__ import annotations

from safeguarding.review.step import Step
from safeguarding.stages import (
    action_follow_up,
    adult_decision,
    adult_ways_out,
    commissioning,
    decision,
    learnt_since,
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
    action_plan,
    actions,
    after_the_end,
    agencies,
    coroner,
    edition_chosen,
    extended,
    handed_over,
    information_requests,
    monitored,
    reasons,
    recorded,
    suspended,
    taken_back,
)

STEPS: dict[str, Step] = {
    step.name: step
    for room in (
        referral,
        notification,
        rapid_review,
        decision,
        adult_decision,
        commissioning,
        panel,
        publication,
        publish_nothing,
        adult_ways_out,
        report_sent,
        reviewer,
        action_follow_up,
        actions,
        action_plan,
        handed_over,
        agencies,
        information_requests,
        coroner,
        monitored,
        learnt_since,
        reasons,
        recorded,
        taken_back,
        after_the_end,
        suspended,
        extended,
        edition_chosen,
    )
    for step in room.STEPS
}
"""All steps by name."""

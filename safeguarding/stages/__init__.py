"""Every step of a review, in the order of a review: one file a stage, and `beside/` for what may happen at any time."""

from __future__ import annotations

from safeguarding.review.step import Step
from safeguarding.stages import (
    action_follow_up,
    adult_decision,
    adult_ways_out,
    carried_in,
    carried_in_moved,
    commission_parts,
    commissioning,
    decision,
    learnt_since,
    notification,
    notification_sent,
    panel,
    positions,
    publication,
    publication_day,
    publish_nothing,
    put_right,
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
    own_milestones,
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
        notification_sent,
        rapid_review,
        decision,
        adult_decision,
        positions,
        commissioning,
        commission_parts,
        panel,
        publication,
        publication_day,
        publish_nothing,
        adult_ways_out,
        report_sent,
        reviewer,
        action_follow_up,
        carried_in,
        carried_in_moved,
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
        put_right,
        own_milestones,
        taken_back,
        after_the_end,
        suspended,
        extended,
        edition_chosen,
    )
    for step in room.STEPS
}
"""All steps by name."""

"""
Which steps are of little weight: sent from their one page, without a page between that shows the answers again.

What decides, ends a review, leads back, moves a date, or starts or ends one that is the law's own keeps its check.
"""

from __future__ import annotations

from safeguarding.law.rulebook import Rulebook
from safeguarding.review.review import Review
from safeguarding.review.states import CLOSED_STATES
from safeguarding.review.step import Step

TOUCHES_THE_RECORD = frozenset(
    {
        *("give_reason", "record_deferral", "extend_deadline", "suspend_deadline", "keep_suspended", "resume_deadline"),
        *("correct_date", "recompute_dates", "move_to_edition", "note_earlier_text", "record_learnt_since"),
        *("take_back_step", "reopen", "take_down", "choose_after_year", "hand_over", "carry_in", "close_positions"),
        *("remove_reviewer", "appoint_reviewer", "change_action"),
    }
)
"""Steps about what stands on the record already: its dates, its lines, what somebody owes."""


def is_light(step: Step, review: Review | None, rulebook: Rulebook) -> bool:
    """Whether a step is of little weight. `rulebook` is that of the day."""
    if step.decision or step.way_out or step.own_sign_in or step.proposes or step.leads_to & CLOSED_STATES:
        return False
    tracks = [review.track] if review is not None else step.tracks
    begun = (rule for mark in step.marks for track in tracks for rule in rulebook.started_by(mark, track.value))
    of_the_law = meets_law(step, review, rulebook) or any(rule.date_is_law for rule in begun)
    return step.name not in TOUCHES_THE_RECORD and not of_the_law


def meets_law(step: Step, review: Review | None, rulebook: Rulebook) -> bool:
    """Whether a step can meet or end a date that is the law's own."""
    tracks = [review.track] if review is not None else step.tracks
    ways = [(mark, one.value) for mark in step.marks for one in tracks]
    return any(rule.date_is_law for way in ways for rule in (*rulebook.settled_by(*way), *rulebook.ended_by(*way)))

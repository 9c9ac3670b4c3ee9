"""
A milestone of the partnership's own was reached, or its day is planned: its own steps begin, are met or end with it.

Which there are stands in the partnership's own folder, under `milestones`. No step moves a review on by one.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from safeguarding.law.own_milestone import OwnMilestone
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, SealedOptional
from safeguarding.review.step import ANY_STATE, BOTH, DECIDERS, MANAGERS, Attempt, Check, Outcome, Step


class OwnMilestoneReached(Form):
    """Something that the partnership's own procedure names has happened, or its day is planned."""

    milestone: Annotated[str, From("own milestones")] = Field(title="What happened or is planned")
    on: date = Field(title="On", description="The day itself, not the day on which it is recorded.")
    note: SealedOptional = Field(default="", title="Note")


def _meant(step: Attempt[OwnMilestoneReached]) -> OwnMilestone | None:
    return step.rulebook.partnership.own_milestone(step.form.milestone)


def it_is_a_milestone_of_this_track(step: Attempt[OwnMilestoneReached]) -> Check:
    """One that the partnership's file names, for a review of this track."""
    meant = _meant(step)
    if meant is None:
        return Check(False, "the partnership's file names no such milestone, under 'milestones'")
    return Check(meant.is_of(step.review.track.value), f"'{meant.words}' is a milestone of {meant.track} only")


def only_what_is_planned_lies_ahead(step: Attempt[OwnMilestoneReached]) -> Check:
    """A day to come is that of a milestone which the file calls planned."""
    meant, on = _meant(step), step.form.on
    ahead = meant is not None and not meant.planned and on > step.today
    return Check(not ahead, f"{on} is in the future: today is {step.today}, and the file does not call it 'planned'")


def reach(step: Attempt[OwnMilestoneReached]) -> Outcome:
    """Make the mark, and keep how it was spoken of then: the file may change."""
    meant = _meant(step)
    if meant is None:
        raise ValueError("a milestone is checked before it is recorded")
    return Outcome(marks=(Mark(name=meant.id, on=step.form.on),), facts={"words": meant.words})


RECORD_OWN_MILESTONE = Step(
    name="record_own_milestone",
    title="Own milestone recorded",
    button="Record a milestone of your own",
    tracks=BOTH,
    sources=ANY_STATE,
    by=MANAGERS | DECIDERS | {"review_panel_chair", "sar_group_chair"},
    form=OwnMilestoneReached,
    needs=(it_is_a_milestone_of_this_track, only_what_is_planned_lies_ahead),
    does=reach,
    kind="own_milestone_recorded",
    days={"on": ("*",)},
    marks=frozenset({"*"}),
    on_card=False,
)

STEPS = (RECORD_OWN_MILESTONE,)

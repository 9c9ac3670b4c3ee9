"""
A reviewer leaves a child's review, and another is appointed.

The safeguarding partners may remove a reviewer at any time before the report, or information about the improvements,
is published (regulation 13 of S.I. 2018/789), and must appoint one (regulation 12). No time was found for the new
appointment: the partners set the day themselves, and are chased to it. Until then nothing is drafted, submitted or
published.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from safeguarding.review import criteria
from safeguarding.review.conditions import JOINT_DECISION, day_is_not_before, day_is_not_in_the_future
from safeguarding.review.criteria import Result
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Limb, Positions, Sealed
from safeguarding.review.legal_tests import REVIEWER
from safeguarding.review.review import Review
from safeguarding.review.states import State
from safeguarding.review.step import CHILDREN, DECIDERS, MANAGERS, Attempt, Check, Outcome, Step

BEFORE_PUBLICATION = frozenset(
    {
        State.IN_REVIEW,
        State.DRAFTING,
        State.SIGN_OFF,
        State.PRE_PUBLICATION,
        State.PUBLICATION_DEFERRED,
    }
)
"""From the reviewer's appointment until something is published: where regulation 13 lets the partners remove one."""


class Qualities(Form):
    """What is considered of a reviewer, quality by quality. Of qualities the regulations say nothing."""

    reviewer: Sealed = Field(title="Lead reviewer", description="Named in the published report.")
    reviewer_in_file: Annotated[str, From("reviewers")] | None = Field(
        default=None,
        title="Who of the partnership's people that is",
        description="Of those who hold the role only they hear of this review then. Empty, if they are none of them.",
    )
    appointed_on: date = Field(title="Reviewer appointed on")
    knowledge_of_reviews: Limb = Field(title="Knowledge and practice of reviews, with practitioners and families?")
    knowledge_of_research: Limb = Field(title="Knowledge of relevant research?")
    sees_complex_circumstances: Limb = Field(title="Recognises complex circumstances?")
    avoids_hindsight: Limb = Field(title="Views practice as it was at the time, not by hindsight?")
    communicates: Limb = Field(title="Communicates findings effectively?")
    conflict_of_interest: Limb = Field(
        title="Any real or perceived conflict of interest?",
        description="No connection with the case or with the organisations under review.",
    )


def reviewer_is_suitable(step: Attempt[Any]) -> Check:
    """Every quality was considered, none is missing or unknown, and there is no conflict of interest."""
    form = step.form
    qualities = REVIEWER.rows[1].when
    found = criteria.decide(REVIEWER, {quality: getattr(form, quality).answer for quality in qualities})
    words = f"{found.basis} ({found.provision})"
    if found.unknown:
        words = f"not known: {' and '.join(q.replace('_', ' ') for q in found.unknown)}"
    return Check(found.result is Result.SUITABLE, f"the reviewer: {words}")


def has_no_reviewer(review: Review) -> bool:
    """Whether the reviewer was removed and nobody has taken their place. A removal is undone by an appointment."""
    last = [mark.name for mark in review.marks if mark.name in ("reviewer_removed", "reviewer_appointed")]
    return bool(last) and last[-1] == "reviewer_removed"


def there_is_a_reviewer(step: Attempt[Any]) -> Check:
    """Nothing goes on without the reviewer whom regulation 12 asks for."""
    words = "the reviewer was removed: appoint another first (reg.12)"
    return Check(not has_no_reviewer(step.review), words)


class Removal(Form):
    """The partners remove the reviewer, before anything is published. What was written so far stays on the record."""

    removed_on: date = Field(title="Removed on")
    reasons: Sealed = Field(title="Why")
    another_by: date = Field(
        title="Another is to be appointed by", description="The partners' own day: no time is set."
    )
    positions: Positions = Field(title="The three partners")


def there_is_one_to_remove(step: Attempt[Removal]) -> Check:
    """Only a reviewer who is appointed can be removed."""
    return Check(not has_no_reviewer(step.review), "the reviewer has been removed already: appoint another")


def the_day_is_to_come(step: Attempt[Removal]) -> Check:
    """The day by which another is appointed is not before the removal."""
    form = step.form
    return Check(form.another_by >= form.removed_on, f"another is to be appointed by {form.another_by}, before that")


def remove(step: Attempt[Removal]) -> Outcome:
    """The review waits where it is; the appointment of another is owed by the day the partners set."""
    form = step.form
    return Outcome(marks=(Mark(name="reviewer_removed", on=form.removed_on, due=form.another_by),))


REMOVE_REVIEWER = Step(
    name="remove_reviewer",
    title="Reviewer removed",
    button="Remove the reviewer",
    tracks=CHILDREN,
    sources=BEFORE_PUBLICATION,
    by=DECIDERS,
    form=Removal,
    needs=(
        there_is_one_to_remove,
        the_day_is_to_come,
        *JOINT_DECISION,
        day_is_not_in_the_future("removed_on"),
        day_is_not_before("removed_on", "review_started"),
    ),
    does=remove,
    kind="reviewer_removed",
    days={
        "removed_on": ("reviewer_removed",),
    },
    marks=frozenset({"reviewer_removed"}),
    tells=("business_manager", "delegated_partner", "lead_partner", "review_panel_chair"),
    decision=True,
    on_card=False,
)


class Replacement(Qualities):
    """Another reviewer is appointed, considered quality by quality as the first one was."""

    named_on: date | None = Field(
        default=None,
        title="Panel, Ofsted and DfE told the new name on",
        description="As soon as appointed. Left open it stays owed; text of the guidance not yet checked.",
    )
    work_so_far: Literal["taken over", "begun again"] = Field(title="What was done so far")


def one_was_removed(step: Attempt[Replacement]) -> Check:
    """Another is appointed in somebody's place; the first is appointed when the review is commissioned."""
    return Check(has_no_reviewer(step.review), "the review has its reviewer: remove that one first")


def appoint(step: Attempt[Replacement]) -> Outcome:
    """Settle the appointment; the new name is owed to the Panel, Ofsted and the Department."""
    form = step.form
    marks = [Mark(name="reviewer_appointed", on=form.appointed_on)]
    if form.named_on is not None:
        marks.append(Mark(name="reviewer_named", on=form.named_on))
    return Outcome(marks=tuple(marks))


APPOINT_REVIEWER = Step(
    name="appoint_reviewer",
    title="Another reviewer appointed",
    button="Appoint another reviewer",
    tracks=CHILDREN,
    sources=BEFORE_PUBLICATION,
    by=MANAGERS | {"delegated_partner"},
    form=Replacement,
    needs=(
        one_was_removed,
        reviewer_is_suitable,
        day_is_not_in_the_future("appointed_on"),
        day_is_not_in_the_future("named_on"),
        day_is_not_before("named_on", "referral_received"),
        day_is_not_before("appointed_on", "reviewer_removed"),
    ),
    does=appoint,
    kind="reviewer_replaced",
    days={
        "appointed_on": ("reviewer_appointed",),
        "named_on": ("reviewer_named",),
    },
    marks=frozenset({"reviewer_appointed", "reviewer_named"}),
    tells=("business_manager", "delegated_partner", "review_panel_chair", "agency_lead"),
    on_card=False,
)

STEPS = (REMOVE_REVIEWER, APPOINT_REVIEWER)

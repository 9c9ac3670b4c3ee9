"""
The day of publication is planned again, or something else is to be published than was planned.

To move the day is the unit's to record. To turn to the improvements only is a decision of the three partners, with the
position of each, as it is where they accept the report.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

from pydantic import Field

from safeguarding.duties.corrections import owed_again
from safeguarding.duties.started_and_settled import clocks
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.advance_copy import TEXT_CHANGED, copy_that_went, latest_copy, what_is_published
from safeguarding.review.conditions import JOINT_DECISION, day_is_not_before, day_is_not_in_the_future, day_is_to_come
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, Positions, Sealed
from safeguarding.review.holds import looked_at
from safeguarding.review.review import Review
from safeguarding.review.states import State
from safeguarding.review.step import CHILDREN, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.report_sent import is_met, ofsted_has_it_since


class PlanMoved(Form):
    """Another day for publication. Moving later leaves a sent copy valid while the text is unchanged."""

    planned_on: date = Field(title="New planned publication day")
    publish: Literal["the full report", "information about the improvements only"] = Field(title="To be published")
    decided_on: date | None = Field(
        default=None,
        title="If no longer the full report: decided on",
        description="The day on which the partners decided not to publish the report.",
    )
    positions: Positions | None = Field(
        default=None,
        title="If no longer the full report: the three partners",
        description="Not to publish the report is decided by the three together (s.16F(4)-(5)), as at its acceptance.",
    )
    text_changed: Literal["yes", "no"] = Field(
        title="Has the text changed since the advance copy?", description="If it has, it is sent again."
    )
    reason: Sealed = Field(title="Why the day moves")


def not_publishing_the_report_was_decided_on_a_day(step: Attempt[PlanMoved]) -> Check:
    """Where the report is no longer to be published, the record has the day on which that was decided (s.16F(5))."""
    full = step.form.publish == "the full report"
    decided = step.form.decided_on or step.review.happened("decided_not_to_publish")
    return Check(full or decided is not None, "say on which day the partners decided not to publish the report")


def publishes_less(step: Attempt[PlanMoved]) -> bool:
    """Whether this plan turns to the improvements only, from the full report or from nothing at all."""
    improvements = step.form.publish != "the full report"
    return improvements and what_is_published(step.review) != "improvements_only"


def the_partners_decide_that_together(step: Attempt[PlanMoved]) -> Check:
    """What the acceptance of the report asks of the three partners is asked where they turn to the improvements."""
    if not publishes_less(step):
        return Check(True, "")
    if step.form.positions is None:
        return Check(False, "not to publish the report is decided by the three partners: give the position of each")
    unmet = [check.unmet for need in JOINT_DECISION if not (check := need(step)).met]
    return Check(not unmet, "; ".join(unmet))


def day_marks(review: Review, full: bool, planned_on: date, changed_on: date | None, rulebook: Rulebook) -> list[Mark]:
    """
    The planned day, with what has gone already if it holds what the plan needs, and was in time for that day.

    `changed_on` is the day on which it is known that the text is another than the one that was sent.
    """
    marks = [Mark(name=f"publication_planned_{'full' if full else 'improvements_only'}", on=planned_on)]
    sent = copy_that_went(review, full)
    if sent is not None and changed_on is not None:
        marks.insert(0, Mark(name=TEXT_CHANGED, on=changed_on))
    elif sent is not None and sent <= latest_copy(full, planned_on, rulebook)[0]:
        marks.append(Mark(name="advance_copy_sent", on=sent))
        if (to_all := ofsted_has_it_since(review, full)) is not None:
            marks.append(Mark(name="advance_copy_sent_to_all", on=to_all))
    return marks


def plan(step: Attempt[PlanMoved]) -> Outcome:
    """
    Count back again from the new day; what has gone settles it if it holds what the new plan needs, and was in time.

    A justification stays sent while the decision that it justifies stands. After a decision to publish nothing the six
    months, which that decision ended, are owed again on their own day.
    """
    form, review = step.form, step.review
    full = form.publish == "the full report"
    changed = step.today if form.text_changed == "yes" else None
    marks = day_marks(review, full, form.planned_on, changed, step.rulebook)
    if not full and form.decided_on is not None:
        marks.insert(1 if marks[0].name != TEXT_CHANGED else 2, Mark(name="decided_not_to_publish", on=form.decided_on))
    justified = review.happened("justification_sent")
    stands = not full and what_is_published(review) == "improvements_only" and is_met(review, "C15")
    if justified is not None and stands:
        marks.append(Mark(name="justification_sent", on=justified))
    marks += looked_at(review, step.today)
    to = None if review.state is State.PRE_PUBLICATION else State.PRE_PUBLICATION
    made = Outcome(to=to, marks=tuple(marks))
    if what_is_published(review) != "nothing":
        return made
    moved = clocks(review, made, step.today, step.rulebook)
    again = owed_again(review, "decided_to_publish_nothing", "publication is planned after all", step.rulebook)
    return replace(made, clocks=(*moved, *again))


PLAN_PUBLICATION = Step(
    name="plan_publication",
    title="Publication day planned again",
    button="Plan the day of publication",
    tracks=CHILDREN,
    sources=frozenset({State.PRE_PUBLICATION, State.PUBLICATION_DEFERRED, State.NOT_PUBLISHED}),
    leads_to=frozenset({State.PRE_PUBLICATION}),
    by=MANAGERS | {"delegated_partner", "lead_partner"},
    form=PlanMoved,
    needs=(
        day_is_to_come("planned_on", "planned publication"),
        not_publishing_the_report_was_decided_on_a_day,
        the_partners_decide_that_together,
        day_is_not_in_the_future("decided_on"),
        day_is_not_before("decided_on", "report_accepted"),
    ),
    does=plan,
    kind="publication_planned",
    days={
        "planned_on": ("publication_planned_full", "publication_planned_improvements_only"),
        "decided_on": ("decided_not_to_publish",),
    },
    marks=frozenset(
        {
            "publication_planned_full",
            "publication_planned_improvements_only",
            "decided_not_to_publish",
            "report_text_changed",
            "advance_copy_sent",
            "advance_copy_sent_to_all",
            "justification_sent",
            "deferral_reviewed",
        }
    ),
    tells=("delegated_partner", "lead_partner", "family_liaison"),
)

STEPS = (PLAN_PUBLICATION,)

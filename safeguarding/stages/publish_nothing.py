"""
The partners publish nothing of a child's review: neither the report nor anything of the improvements.

Section 16F(5) of the Children Act 2004 asks them to publish whatever of the improvements they consider appropriate, so
both halves have their reasons. The decision is dated on the day it is taken. The report goes to the Secretary of State
and the national Panel all the same (`report_sent`), and planning a publication takes the decision back.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from safeguarding.review.advance_copy import copy_that_went
from safeguarding.review.conditions import JOINT_DECISION, day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, Positions, Sealed
from safeguarding.review.holds import looked_at
from safeguarding.review.states import State
from safeguarding.review.step import CHILDREN, DECIDERS, Attempt, Outcome, Step


class NothingPublished(Form):
    """The partners publish neither the report nor anything of the improvements. The report still goes to both."""

    decided_on: date = Field(title="Decided on")
    justification: Sealed = Field(title="Why publishing the report would be inappropriate")
    no_information: Sealed = Field(
        title="Why no information about the improvements is appropriate to publish",
        description="Section 16F(5): whatever of it they consider appropriate to publish, they must publish.",
    )
    positions: Positions = Field(title="The three partners")


def nothing_marks(on: date, sent: date | None) -> tuple[Mark, ...]:
    """
    What a decision to publish nothing is on the record, dated on the day it was taken.

    The six months and the gates end with it; the report is owed to the Secretary of State and the Panel from then. One
    that has gone already (`sent`) is not owed twice; a copy of an earlier text is not that.
    """
    marks = (Mark(name="decided_not_to_publish", on=on), Mark(name="decided_to_publish_nothing", on=on))
    return marks if sent is None else (*marks, Mark(name="report_provided", on=sent))


def publish_nothing(step: Attempt[NothingPublished]) -> Outcome:
    """Nothing is published; the action plan is still to be agreed, once the report has gone to both."""
    marks = nothing_marks(step.form.decided_on, copy_that_went(step.review, full=True))
    return Outcome(to=State.NOT_PUBLISHED, marks=(*marks, *looked_at(step.review, step.today)))


PUBLISH_NOTHING = Step(
    name="publish_nothing",
    title="Decided to publish nothing",
    button="Publish nothing",
    tracks=CHILDREN,
    sources=frozenset({State.PRE_PUBLICATION, State.PUBLICATION_DEFERRED}),
    leads_to=frozenset({State.NOT_PUBLISHED}),
    by=DECIDERS,
    form=NothingPublished,
    needs=(
        *JOINT_DECISION,
        day_is_not_in_the_future("decided_on"),
        day_is_not_before("decided_on", "report_accepted"),
    ),
    does=publish_nothing,
    kind="nothing_published",
    days={
        "decided_on": ("decided_not_to_publish", "decided_to_publish_nothing"),
    },
    marks=frozenset({"decided_not_to_publish", "decided_to_publish_nothing", "report_provided", "deferral_reviewed"}),
    tells=("business_manager", "delegated_partner", "lead_partner", "agency_lead", "family_liaison"),
    decision=True,
    way_out=True,
)

STEPS = (PUBLISH_NOTHING,)

"""
Why a date of the law was missed, given after the event: also on a closed review. The date stays missed.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from safeguarding.duties.lateness import missed
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import Mark, ReasonGiven
from safeguarding.review.forms import Form, From, Sealed
from safeguarding.review.step import ANY_STATE, BOTH, DECIDERS, MANAGERS, Attempt, Check, Outcome, Step

Ground = Literal["criminal proceedings", "inquest", "agency information late", "reviewer", "our own delay", "other"]


class LateReason(Form):
    """Why a date was not met. It moves nothing: the record shows the day, when it was met, and this."""

    rule: Annotated[str, From("duties so far")] = Field(title="Which duty", description="For example C05.")
    ground: Ground = Field(title="Ground")
    reasons: Sealed = Field(title="Reasons")
    sent_to: tuple[Literal["national Panel", "Secretary of State", "Ofsted", "independent chair"], ...] = Field(
        default=(), title="Sent to, if they were sent"
    )
    given_on: date = Field(title="Given on")


def that_date_was_missed(step: Attempt[LateReason]) -> Check:
    """Only a date whose day has passed unmet, or was met late, has a reason to give."""
    late = [duty for duty in missed(step.review, step.today) if duty.rule == step.form.rule]
    title = step.rulebook.rule(step.form.rule).title
    return Check(bool(late), f"{title} was not missed: a date still to come is deferred with 'Record a deferral'")


def give(step: Attempt[LateReason]) -> Outcome:
    """Keep it beside the date."""
    form = step.form
    entry = ReasonGiven(rule=form.rule, ground=form.ground, sent_to=form.sent_to, on=form.given_on)
    return Outcome(marks=(Mark(name="reason_given", on=form.given_on, subject=form.rule),), entries=(entry,))


GIVE_REASON = Step(
    name="give_reason",
    title="Reason given for a missed date",
    button="Give the reason for a missed date",
    tracks=BOTH,
    sources=ANY_STATE,
    by=DECIDERS | MANAGERS | {"local_authority_dcs"},
    form=LateReason,
    needs=(
        that_date_was_missed,
        day_is_not_in_the_future("given_on"),
        day_is_not_before("given_on", "referral_received"),
    ),
    does=give,
    kind="reason_given",
    days={
        "given_on": ("reason_given",),
    },
    marks=frozenset({"reason_given"}),
    tells=("business_manager", "delegated_partner", "lead_partner"),
    on_card=False,
)

STEPS = (GIVE_REASON,)

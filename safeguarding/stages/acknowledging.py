"""
An agency says that it has a request: kept, so that silence and «we are on it» can be told apart.

It answers nothing: the agency is waited for and chased as before.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from safeguarding.conditions import day_is_not_in_the_future
from safeguarding.events import AgencyAcknowledged
from safeguarding.forms import Form, From
from safeguarding.stages.any_time import WORKING_STATES, Purpose, the_agency_was_asked
from safeguarding.step import BOTH, MANAGERS, Check, Outcome, Step, Transition


class Acknowledged(Form):
    """An agency acknowledged a request. Its date stands, and so do the reminders."""

    agency: Annotated[str, From("agencies")] = Field(title="Agency")
    purpose: Purpose = Field(title="For")
    on: date = Field(title="Acknowledged on")


def it_was_asked_before_that(step: Step[Acknowledged]) -> Check:
    """Nobody acknowledges what was not yet asked."""
    form = step.form
    waiting = [r for r in step.review.requests if r.outcome == "waiting"]
    asked = [r.asked_on for r in waiting if (r.agency, r.purpose) == (form.agency, form.purpose)]
    met = not asked or form.on >= asked[-1]
    return Check(met, f"{form.agency} was asked on {asked[-1] if asked else ''}, after {form.on}")


def acknowledge(step: Step[Acknowledged]) -> Outcome:
    """Keep the day beside the request."""
    form = step.form
    return Outcome(entries=(AgencyAcknowledged(agency=form.agency, purpose=form.purpose, on=form.on),))


ACKNOWLEDGE_REQUEST = Transition(
    name="acknowledge_request",
    title="Request acknowledged",
    button="Record an acknowledgement",
    tracks=BOTH,
    sources=WORKING_STATES,
    by=MANAGERS | {"agency_lead"},
    form=Acknowledged,
    needs=(the_agency_was_asked, it_was_asked_before_that, day_is_not_in_the_future("on")),
    does=acknowledge,
    kind="request_acknowledged",
    on_card=False,
)

STEPS = (ACKNOWLEDGE_REQUEST,)

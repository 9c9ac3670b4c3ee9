"""
The partners look at a review that somebody writes for them: the time it takes, its progress, its quality.

Section 16F(3)(b) of the Children Act 2004 has them ensure satisfactory progress and a report of satisfactory quality;
regulation 14 of S.I. 2018/789 has them monitor both at regular intervals. What is not satisfactory says what they do.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, Sealed, SealedOptional
from safeguarding.review.step import CHILDREN, MANAGERS, OPEN_STATES, Attempt, Check, Outcome, Step


class Monitored(Form):
    """One look at the time taken, the progress and the quality."""

    on: date = Field(title="Monitored on")
    progress: Literal["satisfactory", "not satisfactory"] = Field(title="The reviewer's progress")
    quality: Literal["satisfactory", "not satisfactory", "nothing to judge yet"] = Field(
        title="The quality of the work"
    )
    seen: Sealed = Field(title="What was looked at")
    what_follows: SealedOptional = Field(default="", title="If not satisfactory: what the partners do")


def what_is_not_satisfactory_is_taken_up(step: Attempt[Monitored]) -> Check:
    """The partners must ensure progress and quality: where one lacks, the record says what they do about it."""
    form = step.form
    lacking = "not satisfactory" in (form.progress, form.quality)
    return Check(
        not lacking or bool(form.what_follows), "say what the partners do: they must ensure both (s.16F(3)(b))"
    )


def monitor(step: Attempt[Monitored]) -> Outcome:
    """Settle the interval, which begins again; what is not satisfactory goes to the partners."""
    form = step.form
    lacking = "not satisfactory" in (form.progress, form.quality)
    tells = ("business_manager", "delegated_partner", "lead_partner") if lacking else ()
    return Outcome(marks=(Mark(name="quality_monitored", on=form.on),), tells=tells)


MONITOR_REVIEW = Step(
    name="monitor_review",
    title="Time and quality monitored",
    button="Record monitoring (reg. 14)",
    tracks=CHILDREN,
    sources=OPEN_STATES,
    by=MANAGERS | {"delegated_partner", "review_panel_chair"},
    form=Monitored,
    needs=(
        what_is_not_satisfactory_is_taken_up,
        day_is_not_in_the_future("on"),
        day_is_not_before("on", "referral_received"),
    ),
    does=monitor,
    kind="review_monitored",
    days={
        "on": ("quality_monitored",),
    },
    marks=frozenset({"quality_monitored"}),
    on_card=False,
)

STEPS = (MONITOR_REVIEW,)

"""
What may still happen to a review that is closed or published: it is reopened, its text is taken down.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from safeguarding.duties.corrections import taken_up
from safeguarding.review.conditions import day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, Ref, Sealed
from safeguarding.review.states import CLOSED_STATES, STAGE_OF, State, Track
from safeguarding.review.step import BOTH, MANAGERS, OPEN_STATES, Attempt, Check, Outcome, Step

ADULT_ONLY = frozenset({State.SCREENING, State.ACCEPTANCE, State.PUBLICATION})
SHARED = frozenset(
    {
        State.REFERRED,
        State.DECISION,
        State.COMMISSIONING,
        State.IN_REVIEW,
        State.DRAFTING,
        State.PUBLISHED,
        State.NOT_PUBLISHED,
        State.ACTION_FOLLOW_UP,
    }
)


def states_of(track: Track) -> frozenset[State]:
    """The open states of a track."""
    adults = SHARED | ADULT_ONLY
    return adults if track is Track.ADULTS else OPEN_STATES - ADULT_ONLY


class Reopening(Form):
    """A closed review opens again on new information. It is a new decision; the clocks keep their days."""

    decided_on: date = Field(title="Decided on")
    return_to: Literal[tuple(sorted(OPEN_STATES))] = Field(title="Back to")  # type: ignore[valid-type]
    reason: Sealed = Field(title="The new information")


def it_was_there_before(step: Attempt[Reopening]) -> Check:
    """A review goes back to a stage it has been in, on its own track."""
    state = State(step.form.return_to)
    met = state in states_of(step.review.track) and STAGE_OF[state] in step.review.entries
    been = ", ".join(stage.named(step.review.track) for stage in step.review.entries)
    return Check(met, f"this review was never at '{state.words}'; it has been in: {been}")


def reopen(step: Attempt[Reopening]) -> Outcome:
    """Back to where it was, with the clocks that closing cut off."""
    marks = (Mark(name="reopened", on=step.form.decided_on),)
    return Outcome(to=State(step.form.return_to), marks=marks, clocks=taken_up(step.review, step.rulebook))


REOPEN = Step(
    name="reopen",
    title="Review reopened",
    button="Reopen",
    tracks=BOTH,
    sources=CLOSED_STATES,
    leads_to=OPEN_STATES,
    by=frozenset({"delegated_partner", "lead_partner"}),
    form=Reopening,
    needs=(it_was_there_before, day_is_not_in_the_future("decided_on")),
    does=reopen,
    kind="reopened",
    marks=frozenset({"reopened"}),
    tells=("business_manager", "business_unit", "delegated_partner", "lead_partner"),
    decision=True,
    on_card=False,
)


class TakeDown(Form):
    """The published text leaves the public page: after its year, or earlier by a recorded legal decision."""

    on: date = Field(title="Taken down on")
    legal_decision: Ref = Field(default="", title="Reference of the legal decision, if before the year is over")
    reason: Sealed = Field(title="Why")


def the_year_is_over(step: Attempt[TakeDown]) -> Check:
    """Published text stays public for at least a year; earlier only by a recorded legal decision."""
    until = [duty.due_on for duty in step.review.duties if duty.rule == "C16" and duty.running]
    met = not until or step.form.on >= until[0] or bool(step.form.legal_decision)
    words = f"it must stay public until {until[0] if until else ''}: an earlier take-down needs a legal decision"
    return Check(met, words)


def take_down(step: Attempt[TakeDown]) -> Outcome:
    """The register keeps the entry."""
    return Outcome(marks=(Mark(name="taken_down", on=step.form.on),))


TAKE_DOWN = Step(
    name="take_down",
    title="Taken down",
    button="Take down",
    tracks=BOTH,
    sources=CLOSED_STATES | {State.PUBLISHED, State.PUBLISHED_IMPROVEMENTS_ONLY, State.ACTION_FOLLOW_UP},
    by=MANAGERS | {"lead_partner"},
    form=TakeDown,
    needs=(the_year_is_over, day_is_not_in_the_future("on")),
    does=take_down,
    kind="taken_down",
    marks=frozenset({"taken_down"}),
    tells=("business_manager",),
    on_card=False,
)

STEPS = (REOPEN, TAKE_DOWN)

"""
Whether an action that was done has changed anything: looked at three, six and twelve months after it was verified.

The three looks are the partnership's own standard. They outlive the closing of the review, are chased like any date,
and each says how it was looked at. Too early is looked at again; where no change is seen it is said what is done now.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Literal

from pydantic import Field

from safeguarding.dates.counting import add_months
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future, named_once
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Sealed, SealedOptional
from safeguarding.review.impact import AGAIN, LOOKS, PERIODIC, looks_of, met_by
from safeguarding.review.learning_entries import ImpactSeen
from safeguarding.review.step import ANY_STATE, BOTH, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.beside.their_own import owns, said_of_both

AGAIN_AGREED = "action_impact_again_agreed"
TOO_EARLY, NO_CHANGE = "too early to say", "no change seen"
RAISED = "raise it with the partners"
FURTHEST_MONTHS = 12
"""How many calendar months ahead an action's impact is looked at again at the latest [D]."""


class ImpactLook(Form):
    """What is seen of the impact of one action, or of several that were looked at together."""

    actions: Annotated[tuple[Annotated[str, From("actions done")], ...], Field(min_length=1, max_length=100)] = Field(
        title="Actions", description="Those whose look is due come first."
    )
    on: date = Field(title="Looked at on")
    outcome: Literal["change seen", "no change seen", "too early to say"] = Field(title="What was seen")
    how: Literal[
        "audit",
        "data",
        "feedback of children, adults or families",
        "practitioners",
        "observation",
        "another way",
    ] = Field(title="How it was looked at")
    again_on: date | None = Field(
        default=None, title="If too early to say: look again on", description="It is chased until then."
    )
    what_now: Literal["another action", "raise it with the partners", "accept it as it is"] | None = Field(
        default=None, title="If no change is seen: what now"
    )
    seen: Sealed = Field(title="How it was looked at, and what was seen, in words")
    why: SealedOptional = Field(default="", title="Why this is done now", description="Needed where no change is seen.")


def too_early_is_looked_at_again(step: Attempt[ImpactLook]) -> Check:
    """If it is too early to say, a day to come within a year is set; of everything else none is."""
    form = step.form
    if form.outcome != TOO_EARLY:
        words = "a day on which it is looked at again belongs to «too early to say»"
        return Check(form.again_on is None, words)
    if form.again_on is None or form.again_on <= step.today:
        return Check(False, "say on which day, still to come, the impact is looked at again")
    furthest = add_months(step.today, FURTHEST_MONTHS)
    return Check(form.again_on <= furthest, f"it is looked at again within twelve months, by {furthest}")


def no_change_says_what_now(step: Attempt[ImpactLook]) -> Check:
    """Where no change is seen it is said what is done about it, and why; where it is otherwise nothing is."""
    form = step.form
    if form.outcome != NO_CHANGE:
        return Check(form.what_now is None, "what is done now belongs to «no change seen»")
    met = form.what_now is not None and bool(form.why)
    return Check(met, "no change is seen: say what now (another action, the partners, accepted), and why")


def it_was_done_by_then(step: Attempt[ImpactLook]) -> Check:
    """Nobody sees the impact of an action before it was verified."""
    verified = {one: step.review.happened("action_verified", one) for one in step.form.actions}
    early = [f"{one} (verified on {day})" for one, day in verified.items() if day is not None and step.form.on < day]
    return Check(not early, f"looked at on {step.form.on}, before it was verified: {', '.join(early)}")


def nobody_judges_their_own(step: Attempt[ImpactLook]) -> Check:
    """Whoever owns or owned an action neither judges its impact nor types it in for a meeting that did."""
    known = (one for one in step.review.actions if one.id in step.form.actions)
    found = ((one.id, said_of_both(step, partial(owns, action=one))) for one in known)
    bound = [f"{number}: its impact is judged by somebody else: {why}" for number, why in found if why]
    return Check(not bound, "; ".join(bound))


def see_impact(step: Attempt[ImpactLook]) -> Outcome:
    """Each action has what was seen of it; the looks that were due are met, and one is agreed where it is too early."""
    form = step.form
    marks: list[Mark] = []
    for action in form.actions:
        looks = looks_of(step.review, action, step.rulebook)
        marks += [Mark(name=name, on=form.on, subject=action) for name in met_by(looks, form.on, step.rulebook)]
        if form.again_on is not None:
            marks.append(Mark(name=AGAIN_AGREED, on=form.on, subject=action, due=form.again_on))
    entries = tuple(
        ImpactSeen(
            action=action,
            outcome=form.outcome,
            how=form.how,
            on=form.on,
            again_on=form.again_on,
            what_now=form.what_now or "",
        )
        for action in form.actions
    )
    tells = ("business_manager", "delegated_partner") if form.what_now == RAISED else None
    return Outcome(marks=tuple(marks), entries=entries, tells=tells)


CHECK_ACTION_IMPACT = Step(
    name="check_action_impact",
    title="Impact of actions looked at",
    button="Look at the impact of actions",
    tracks=BOTH,
    sources=ANY_STATE,
    by=MANAGERS | {"delegated_partner", "lead_partner", "learning_group"},
    form=ImpactLook,
    needs=(
        named_once("actions"),
        too_early_is_looked_at_again,
        no_change_says_what_now,
        it_was_done_by_then,
        nobody_judges_their_own,
        day_is_not_in_the_future("on"),
        day_is_not_before("on", "referral_received"),
    ),
    does=see_impact,
    kind="action_impact_seen",
    days={"on": (*PERIODIC, AGAIN, AGAIN_AGREED)},
    follows=dict.fromkeys((*PERIODIC, AGAIN), ("action_verified",)),
    marks=frozenset({*LOOKS, AGAIN_AGREED}),
    tells=("business_manager",),
    on_card=False,
)


STEPS = (CHECK_ACTION_IMPACT,)

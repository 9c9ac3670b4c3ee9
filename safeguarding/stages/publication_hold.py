"""
Publication waits for a day or an event: it is looked at on the day that was set, and ends when the event has come.

Of a child's review the six months run on, and the end of the wait sets a new day to which everything is counted back.
Of an adult's no date of the law moves, for none is set: it is then decided what is published, as it would have been.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from safeguarding.review.advance_copy import plans_the_full_report
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future, day_is_to_come
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, SealedOptional
from safeguarding.review.holds import hold_is_looked_at_within_a_year, looked_at
from safeguarding.review.states import State, Track
from safeguarding.review.step import ADULTS, BOTH, CHILDREN, DECIDERS, MANAGERS, Attempt, Outcome, Step
from safeguarding.stages.discretionary import six_months_of
from safeguarding.stages.publication_day import day_marks

ENDED = "publication_hold_ended"


class HoldLookedAt(Form):
    """The hold was looked at: what publication waits for has not come. It is looked at again on another day."""

    looked_on: date = Field(title="Looked at on")
    again_on: date = Field(title="Look again on", description="It is chased on that day.")
    note: SealedOptional = Field(default="", title="What was found")


def look(step: Attempt[HoldLookedAt]) -> Outcome:
    """The look that was owed is met, and the next one is owed. No other date moves."""
    form, review = step.form, step.review
    rule = six_months_of(review) if review.track is Track.CHILDREN else "A09"
    again = Mark(name="deferral_recorded", on=form.looked_on, subject=rule, due=form.again_on)
    return Outcome(marks=(*looked_at(review, form.looked_on), again))


LOOK_AT_HOLD = Step(
    name="look_at_hold",
    title="Hold on publication looked at",
    button="Look at the hold again",
    tracks=BOTH,
    sources=frozenset({State.PUBLICATION_DEFERRED}),
    by=MANAGERS | DECIDERS,
    form=HoldLookedAt,
    needs=(
        day_is_not_in_the_future("looked_on"),
        day_is_not_before("looked_on", "publication_deferred"),
        day_is_to_come("again_on", "the day to look again"),
        hold_is_looked_at_within_a_year("again_on"),
    ),
    does=look,
    kind="hold_looked_at",
    days={"looked_on": ("deferral_reviewed", "deferral_recorded")},
    marks=frozenset({"deferral_reviewed", "deferral_recorded"}),
    tells=("business_manager",),
    on_card=False,
)


class HoldEnded(Form):
    """What publication waited for has come, or the wait was ended: what was to be published has a new day."""

    come_on: date = Field(title="The event came, or the wait was ended, on")
    planned_on: date = Field(
        title="New planned publication day", description="The advance copy is counted back from this day."
    )
    text_changed: Literal["yes", "no"] = Field(
        title="Has the text changed since the advance copy?", description="If it has, it is sent again."
    )
    note: SealedOptional = Field(default="", title="Note")


def _over(step: Attempt[Any], on: date) -> tuple[Mark, ...]:
    return (Mark(name=ENDED, on=on), *looked_at(step.review, on))


def end_hold(step: Attempt[HoldEnded]) -> Outcome:
    """The plan goes on as it was, to another day; what went in time for that day stays sent."""
    form, full = step.form, plans_the_full_report(step.review)
    changed = step.today if form.text_changed == "yes" else None
    planned = day_marks(step.review, full, form.planned_on, changed, step.rulebook)
    return Outcome(to=State.PRE_PUBLICATION, marks=(*_over(step, form.come_on), *planned))


END_HOLD = Step(
    name="end_hold",
    title="Hold on publication ended",
    button="The event has come: go on with publication",
    tracks=CHILDREN,
    sources=frozenset({State.PUBLICATION_DEFERRED}),
    leads_to=frozenset({State.PRE_PUBLICATION}),
    by=MANAGERS | {"delegated_partner", "lead_partner"},
    form=HoldEnded,
    needs=(
        day_is_not_in_the_future("come_on"),
        day_is_not_before("come_on", "publication_deferred"),
        day_is_to_come("planned_on", "planned publication"),
    ),
    does=end_hold,
    kind="hold_ended",
    days={
        "come_on": (ENDED, "deferral_reviewed"),
        "planned_on": ("publication_planned_full", "publication_planned_improvements_only"),
    },
    marks=frozenset(
        {
            ENDED,
            "deferral_reviewed",
            "publication_planned_full",
            "publication_planned_improvements_only",
            "report_text_changed",
            "advance_copy_sent",
            "advance_copy_sent_to_all",
        }
    ),
    tells=("business_manager", "delegated_partner", "lead_partner", "family_liaison"),
)


class AdultHoldEnded(Form):
    """What publication waited for has come, or the wait was ended. No date of the law moves: none is set for it."""

    come_on: date = Field(title="The event came, or the wait was ended, on")
    note: SealedOptional = Field(default="", title="Note")


def end_adult_hold(step: Attempt[AdultHoldEnded]) -> Outcome:
    """It is decided what is published, and when, as it would have been."""
    return Outcome(to=State.PUBLICATION, marks=_over(step, step.form.come_on))


END_ADULT_HOLD = Step(
    name="end_adult_hold",
    title="Hold on publication ended",
    button="The event has come: go on with publication",
    tracks=ADULTS,
    sources=frozenset({State.PUBLICATION_DEFERRED}),
    leads_to=frozenset({State.PUBLICATION}),
    by=MANAGERS | DECIDERS,
    form=AdultHoldEnded,
    needs=(day_is_not_in_the_future("come_on"), day_is_not_before("come_on", "publication_deferred")),
    does=end_adult_hold,
    kind="hold_ended",
    days={"come_on": (ENDED, "deferral_reviewed")},
    marks=frozenset({ENDED, "deferral_reviewed"}),
    tells=("business_manager", "delegated_partner", "lead_partner", "family_liaison"),
)

STEPS = (LOOK_AT_HOLD, END_HOLD, END_ADULT_HOLD)

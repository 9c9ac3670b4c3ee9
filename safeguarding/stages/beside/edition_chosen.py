"""
Choosing the edition of the law or of the local procedure for one review: a decision of the partners, with a reason.

No transitional rule was seen, so a case keeps the edition of the day its clock started; this step is the only way
in which it does not. To keep it is a choice as well, recorded with its reason, and the review is not asked about
again. Open whenever the review is, and it moves the review nowhere.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from safeguarding.dates.working_days import say
from safeguarding.duties.earlier_text import NOTED, ran_on_another_text
from safeguarding.duties.edition_moves import KEPT, kept_as, moved_rows, moves
from safeguarding.law.editions_compared import held_back, takes_effect
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Sealed
from safeguarding.review.step import ANY_STATE, BOTH, MANAGERS, OPEN_STATES, Attempt, Check, Outcome, Step

KEEP = "keep the edition it has"


class Moving(Form):
    """A later edition took effect, and the partners chose for this review. The dates it had stay in the record."""

    choice: Literal["move to it", "keep the edition it has"] = Field(default="move to it", title="The choice")

    edition: Annotated[str, From("editions")] = Field(
        title="Edition", description="The law or guidance, and from which day it applies."
    )
    rule: Annotated[str, From("running duties")] = Field(
        default="",
        title="Which duty",
        description="For example C12. Leave it empty for every running duty anchored earlier.",
    )
    decided_on: date = Field(title="Decided on")
    reason: Sealed = Field(title="Why this review moves, or does not", description="In your own words. Sealed.")


def something_would_move(step: Attempt[Moving]) -> Check:
    """A running clock began before the edition took effect and is counted by another one."""
    form = step.form
    if moves(step.review, form.edition, step.rulebook, form.rule):
        return Check(True, "")
    waiting = held_back(form.edition, step.rulebook)
    if form.rule in waiting or (waiting and takes_effect(form.edition, step.rulebook) is None):
        words = f"{form.edition} is held back until somebody has read its text, so no review can move to it"
    else:
        words = f"nothing {f'of {form.rule} ' if form.rule else ''}runs that {form.edition} could count differently"
    return Check(False, words)


def the_edition_has_taken_effect(step: Attempt[Moving]) -> Check:
    """An edition may be chosen from the day it takes effect."""
    found = moves(step.review, step.form.edition, step.rulebook, step.form.rule)
    early = [one.takes_effect_on for one in found if one.takes_effect_on > step.form.decided_on]
    return Check(not early, f"{step.form.edition} takes effect on {say(max(early)) if early else ''}")


def move(step: Attempt[Moving]) -> Outcome:
    """Supersede each clock with a row counted by the edition chosen; or leave them, and remember that it was chosen."""
    form = step.form
    found = moves(step.review, form.edition, step.rulebook, form.rule)
    listed = [one.model_dump(mode="json", exclude={"reference", "title", "kept_on"}) for one in found]
    if form.choice == KEEP:
        marks = tuple(Mark(name=KEPT, on=form.decided_on, subject=kept_as(form.edition, one.rule)) for one in found)
        return Outcome(marks=tuple(dict.fromkeys(marks)), clocks=(), facts={"kept": listed})
    rows = moved_rows(step.review, form.edition, step.rulebook, form.rule)
    return Outcome(clocks=rows, facts={"moved": listed})


MOVE_TO_EDITION = Step(
    name="move_to_edition",
    title="Edition chosen",
    button="Move to another edition",
    tracks=BOTH,
    sources=OPEN_STATES,
    by=frozenset({"delegated_partner", "lead_partner"}),
    form=Moving,
    needs=(something_would_move, the_edition_has_taken_effect, day_is_not_in_the_future("decided_on")),
    does=move,
    kind="edition_chosen",
    marks=frozenset({KEPT}),
    tells=("business_manager", "business_unit", "delegated_partner", "lead_partner"),
    decision=True,
    on_card=False,
)


class Noting(Form):
    """An edition was taken in late, or its day was wrong. What ran on the other text says so for good."""

    edition: Annotated[str, From("editions")] = Field(
        title="Edition", description="The law or guidance, and from which day it applies."
    )
    noted_on: date = Field(title="Noted on")
    reason: Sealed = Field(title="How it came to be known", description="In your own words. Sealed.")


def something_ran_on_another_text(step: Attempt[Noting]) -> Check:
    """A date of this review was counted by another edition than the one that governs its day, and nobody noted it."""
    found = ran_on_another_text(step.review, step.rulebook, step.form.edition)
    return Check(bool(found), f"no date of this review ran on another text on account of {step.form.edition}")


def note_earlier_text(step: Attempt[Noting]) -> Outcome:
    """Keep which dates ran on which text. No date moves: that is 'Move to another edition'."""
    found = ran_on_another_text(step.review, step.rulebook, step.form.edition)
    marks = tuple(dict.fromkeys(one.mark(step.form.noted_on) for one in found))
    return Outcome(marks=marks, clocks=(), facts={"ran_on": [one.model_dump(mode="json") for one in found]})


NOTE_EARLIER_TEXT = Step(
    name="note_earlier_text",
    title="Noted: dates ran on another text",
    button="Note that dates ran on another text",
    tracks=BOTH,
    sources=ANY_STATE,
    by=MANAGERS | {"delegated_partner", "lead_partner"},
    form=Noting,
    needs=(
        something_ran_on_another_text,
        day_is_not_in_the_future("noted_on"),
        day_is_not_before("noted_on", "referral_received"),
    ),
    does=note_earlier_text,
    kind="earlier_text_noted",
    days={"noted_on": (NOTED,)},
    marks=frozenset({NOTED}),
    tells=("business_manager", "delegated_partner"),
    on_card=False,
)

STEPS = (MOVE_TO_EDITION, NOTE_EARLIER_TEXT)

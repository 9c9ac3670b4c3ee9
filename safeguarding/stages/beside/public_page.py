"""
What is published stays on the public page for a year, and then somebody chooses what becomes of it.

Of a child's review the year is the law's (S.I. 2018/789 reg.17): only a recorded legal decision cuts it short. Of an
adult's no source sets any: the year is the partnership's own standard, and its recorded decision lifts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from pydantic import Field

from safeguarding.dates.working_days import add_working_days, on_or_before, say
from safeguarding.duties.started_and_settled import clocks
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import DutyChange, DutyEnded, Mark
from safeguarding.review.forms import Form, Ref, Sealed, SealedOptional
from safeguarding.review.public_until import (
    ARCHIVED,
    CHOICE,
    KEPT,
    PUBLISHED,
    TAKEN_DOWN,
    YEAR,
    is_public,
    public_until,
)
from safeguarding.review.review import Review
from safeguarding.review.states import Track
from safeguarding.review.step import ANY_STATE, BOTH, MANAGERS, Attempt, Check, Outcome, Step


def something_is_public(step: Attempt[Any]) -> Check:
    """What was never published, or is not there any more, is not kept, moved or taken down."""
    words = "nothing of this review is on the public page: it was not published, or was taken down"
    return Check(is_public(step.review), words)


def _too_early(step: Attempt[Any], on: date, decision: str) -> Check:
    """Published text stays for a year; earlier by a recorded decision alone, whose reference is given."""
    until = public_until(step.review, step.rulebook)
    if until is None or on >= until or decision:
        return Check(True, "")
    if step.review.track is Track.CHILDREN:
        return Check(False, f"it must stay public until {until} (reg.17): an earlier take-down needs a legal decision")
    words = f"it stays public until {until} by the partnership's own standard: an earlier take-down needs its decision"
    return Check(False, f"{words}, whose reference is given")


# --------------------------------------------------------------------------- the choice after its year


class ChoiceAfterYear(Form):
    """What becomes of the publication at the end of its year. Until it is chosen, somebody is reminded."""

    decided_on: date = Field(title="Decided on")
    choice: Literal["keep it public", "move it to the archive", "take it down"] = Field(
        title="What becomes of it",
        description="Chosen from the first warning before its year ends. The archive is public too. "
        "What is taken down leaves the public page, and not the record.",
    )
    reason: SealedOptional = Field(default="", title="Why", description="Needed where it is taken down.")


def earliest_choice(review: Review, rulebook: Rulebook, on: date | None = None) -> date | None:
    """
    The day of the first warning before the year ends, from which it is chosen; None where there is no warning. Of what
    was published last, or would be if that had been on another day.
    """
    published = on or review.happened(PUBLISHED)
    rows = [duty for duty in review.duties if duty.rule == YEAR and duty.ended != "superseded"]
    counted = [duty.due_on for duty in rows if duty.anchored_on == published]
    until = counted[-1] if counted else public_until(review, rulebook, published)
    warn = rulebook.rule(YEAR).counts.warn
    if until is None or not warn:
        return None
    calendar = rulebook.calendar.provisional
    return add_working_days(on_or_before(until, calendar), -max(warn), calendar)


def chosen_too_early(review: Review, marks: Sequence[Mark], rulebook: Rulebook) -> str:
    """
    Why what became of the last publication cannot have been chosen, or taken down, when these marks say; nothing if it
    can. They are those of the review, on other days.
    """
    names = [mark.name for mark in marks]
    if PUBLISHED not in names:
        return ""
    last = len(names) - 1 - names[::-1].index(PUBLISHED)
    earliest, until = (of(review, rulebook, marks[last].on) for of in (earliest_choice, public_until))
    cut_short = bool(review.facts.get("taken_down", {}).get("legal_decision"))
    for mark, line in zip(marks[last + 1 :], review.made_at[last + 1 :], strict=False):
        words = mark.name.replace("_", " ")
        if mark.name in (KEPT, ARCHIVED) and earliest is not None and mark.on < earliest:
            return f"{words} on {mark.on}: it is chosen from {earliest} on, when the first warning comes"
        by_decision = cut_short and review.history[line - 1].kind == "taken_down"
        if mark.name == TAKEN_DOWN and until is not None and mark.on < until and not by_decision:
            return f"{words} on {mark.on}, before its year was over on {until}, and no decision cut it short"
    return ""


MADE = {"keep it public": KEPT, "move it to the archive": ARCHIVED, "take it down": TAKEN_DOWN}


def a_take_down_has_its_reason(step: Attempt[ChoiceAfterYear]) -> Check:
    """Whoever looks for the report later is owed the reason why it is gone."""
    silent = step.form.choice == "take it down" and not step.form.reason
    return Check(not silent, "say why it is taken down")


def keeping_it_is_chosen_near_the_end_of_the_year(step: Attempt[ChoiceAfterYear]) -> Check:
    """Chosen on the day of publication it would say nothing of what is right a year later, and end the reminder."""
    if step.form.choice == "take it down" or not is_public(step.review):
        return Check(True, "")
    earliest = earliest_choice(step.review, step.rulebook)
    words = f"what becomes of it after its year is chosen from {earliest} on, when the first warning comes"
    return Check(earliest is None or step.form.decided_on >= earliest, words)


def taking_it_down_waits_for_the_end_of_the_year(step: Attempt[ChoiceAfterYear]) -> Check:
    """To keep it or to archive it may be chosen shortly before; to take it down only once the year is over."""
    if step.form.choice != "take it down":
        return Check(True, "")
    early = _too_early(step, step.form.decided_on, "")
    return early if early.met else Check(False, f"{early.unmet}: 'Record that it was taken down' asks for it")


def choose(step: Attempt[ChoiceAfterYear]) -> Outcome:
    """The reminder is met; where it is taken down it ends to be public on that day."""
    on = step.form.decided_on
    return Outcome(marks=(Mark(name=CHOICE, on=on), Mark(name=MADE[step.form.choice], on=on)))


CHOOSE_AFTER_YEAR = Step(
    name="choose_after_year",
    title="Chosen what becomes of the publication",
    button="Choose what becomes of the publication",
    tracks=BOTH,
    sources=ANY_STATE,
    while_public=True,
    by=MANAGERS | {"delegated_partner", "lead_partner"},
    form=ChoiceAfterYear,
    needs=(
        something_is_public,
        a_take_down_has_its_reason,
        taking_it_down_waits_for_the_end_of_the_year,
        keeping_it_is_chosen_near_the_end_of_the_year,
        day_is_not_in_the_future("decided_on"),
        day_is_not_before("decided_on", "published"),
    ),
    does=choose,
    kind="publication_choice_made",
    days={"decided_on": (CHOICE, KEPT, ARCHIVED, TAKEN_DOWN)},
    marks=frozenset({CHOICE, KEPT, ARCHIVED, TAKEN_DOWN}),
    tells=("business_manager", "delegated_partner"),
    on_card=False,
)

# --------------------------------------------------------------------------- taken down


class TakeDown(Form):
    """The published text leaves the public page: after its year, or earlier by a recorded decision."""

    on: date = Field(title="Taken down on")
    legal_decision: Ref = Field(
        default="",
        title="Reference of the decision, if before the year is over",
        description="Of a child's review a legal decision (reg.17). Of an adult's the partnership's own.",
    )
    reason: Sealed = Field(title="Why")


def the_year_is_over(step: Attempt[TakeDown]) -> Check:
    """Published text stays public for at least a year; earlier only by a recorded decision."""
    return _too_early(step, step.form.on, step.form.legal_decision)


def take_down(step: Attempt[TakeDown]) -> Outcome:
    """The register keeps the entry. A year that was cut short by a legal decision was not met (reg.17): it ended."""
    form = step.form
    made = Outcome(marks=(Mark(name=TAKEN_DOWN, on=form.on),))
    days = {duty.key: duty.due_on for duty in step.review.duties if duty.rule == "C16" and not duty.ended}
    rows: list[DutyChange] = []
    for row in clocks(step.review, made, step.today, step.rulebook):
        due = days.get((row.rule, row.subject, row.occurrence))
        if isinstance(row, DutyEnded) and due is not None and form.on < due:
            why = (
                f"ended early by legal decision {form.legal_decision}: taken down on {say(form.on)}, to stay until "
                f"{say(due)}"
            )
            row = row.model_copy(update={"change": "cancelled", "why": why})
        rows.append(row)
    return replace(made, clocks=tuple(rows))


TAKE_DOWN = Step(
    name="take_down",
    title="Taken down",
    button="Record that it was taken down",
    tracks=BOTH,
    sources=ANY_STATE,
    while_public=True,
    by=MANAGERS | {"lead_partner"},
    form=TakeDown,
    needs=(
        something_is_public,
        the_year_is_over,
        day_is_not_in_the_future("on"),
        day_is_not_before("on", "published"),
    ),
    does=take_down,
    kind="taken_down",
    days={
        "on": ("taken_down",),
    },
    marks=frozenset({"taken_down"}),
    tells=("business_manager",),
    on_card=False,
)

STEPS = (CHOOSE_AFTER_YEAR, TAKE_DOWN)

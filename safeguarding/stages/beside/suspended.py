"""
Local dates that stand still for a while, and dates that are counted again: short forms, open whenever the review is.

Somebody asks that a local step wait (the police, until a trial is over): its clock stops on a ground, to be looked
at again on a day, and goes on with what was left. No date of law or guidance is ever stopped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from safeguarding.duties.bounds import resumed
from safeguarding.duties.recounting import cannot_be_counted, recounted_rows, recounts
from safeguarding.duties.started_and_settled import clocks
from safeguarding.duties.superseding import again
from safeguarding.duties.suspension import (
    RESUMED,
    SUSPENDED,
    left_in,
    left_on,
    left_words,
    may_be_suspended,
    subject_of,
)
from safeguarding.review.conditions import day_is_not_in_the_future
from safeguarding.review.events import Mark, Stop
from safeguarding.review.forms import Form, From, Sealed, SealedOptional, Subject
from safeguarding.review.review import Duty
from safeguarding.review.step import ANY_STATE, BOTH, OPEN_STATES, Attempt, Check, Outcome, Step
from safeguarding.review.words import agency_name, subject_words

HOLDERS = frozenset({"business_manager", "review_panel_chair"})
"""Who may move a local date, and only a local one: as the ladder of the partnership says."""

Ground = Literal[
    "criminal proceedings", "inquest", "care proceedings", "another review", "the family asked", "illness", "other"
]
Asker = Literal["police", "coroner", "family", "agency", "other"]


class AboutOneDuty(Form):
    """Which clock is meant. Where a date runs for several agencies or actions, which of them."""

    duty: Annotated[str, From("local dates")] = Field(title="Which date", description="Of the partnership's own.")
    agency_or_action: Subject = Field(default="", title="Of which agency or action", description="If it is one's own.")


def _meant(step: Attempt[Any]) -> tuple[Duty, ...]:
    """The clocks that the form may mean: one, if it is plain."""
    form = step.form
    return step.review.live(form.duty, form.agency_or_action or None)


def clock_meant(step: Attempt[Any]) -> Duty | None:
    """The one clock that the form means; None where it is not plain."""
    meant = _meant(step)
    return meant[0] if len(meant) == 1 else None


def it_is_plain_which_clock_is_meant(step: Attempt[Any]) -> Check:
    """Exactly one clock is meant; a date of the law may not be chosen at all, and is refused for that reason alone."""
    form, meant = step.form, _meant(step)
    title = step.rulebook.rule(form.duty).title
    if not meant:
        running = ", ".join(_subjects(step, step.review.live(form.duty))) or "no clock of it is open"
        return Check(False, f"{title}: nothing is owed by {_whose(step)} ({running})")
    names = ", ".join(_subjects(step, meant))
    return Check(len(meant) == 1, f"{title} is owed by several: say which of {names}")


def _whose(step: Attempt[Any]) -> str:
    """An agency of the partnership's file by its name; anything else that was typed is not said back."""
    meant, partnership = step.form.agency_or_action, step.rulebook.partnership
    known = any(agency.id == meant for agency in partnership.agencies)
    return agency_name(meant, partnership) if known else "that agency or action"


def _subjects(step: Attempt[Any], owed: Sequence[Duty]) -> list[str]:
    """Whom or what duties are about, each named."""
    return [subject_words(duty.subject, step.rulebook.partnership) for duty in owed if duty.subject]


# --------------------------------------------------------------------------- suspend


class Suspension(AboutOneDuty):
    """A local date stands still. What is left is kept to the day. A date of law or guidance cannot be suspended."""

    ground: Ground = Field(title="Ground")
    asked_by: Asker = Field(title="Who asked")
    suspended_on: date = Field(title="From", description="The last day that counts; what comes after it is kept.")
    look_again_on: date = Field(title="Look at it again on", description="A suspension without an end is none.")
    reason: Sealed = Field(title="Reason, as it was asked for")


def it_is_a_local_date(step: Attempt[Suspension]) -> Check:
    """Law and guidance are never suspended; the refusal says why, and what to do instead."""
    why = may_be_suspended(step.rulebook.rule(step.form.duty), step.rulebook)
    return Check(not why, why)


def it_does_not_stand_still_already(step: Attempt[Suspension]) -> Check:
    """One suspension at a time."""
    duty = clock_meant(step)
    stop = duty.suspended if duty else None
    words = f"it is suspended already since {stop.on if stop else ''}: resume it, or look at the suspension again"
    return Check(stop is None, words)


def its_day_has_not_passed(step: Attempt[Suspension]) -> Check:
    """A date that was missed before it was suspended stays missed: a suspension is no way to hide that."""
    duty, form = clock_meant(step), step.form
    met = duty is None or duty.due_on >= form.suspended_on
    return Check(met, f"it was due on {duty.due_on if duty else ''}, before {form.suspended_on}: it stays overdue")


def it_had_begun(step: Attempt[Suspension]) -> Check:
    """A clock stops after it has begun, and after it was last resumed."""
    duty, form = clock_meant(step), step.form
    met = duty is None or duty.counted_from <= form.suspended_on
    return Check(met, f"it began on {duty.counted_from if duty else ''}, after {form.suspended_on}")


def it_is_looked_at_again(step: Attempt[Suspension]) -> Check:
    """On a day that is still to come, after the suspension has begun, and that the bank holidays cover."""
    form = step.form
    horizon = step.calendar.last
    met = max(form.suspended_on, step.today) < form.look_again_on <= horizon
    return Check(met, f"look again on {form.look_again_on}: give a day after {step.today}, and not after {horizon}")


def suspend(step: Attempt[Suspension]) -> Outcome:
    """A row with an open stop takes the place of the running one; looking at it again is owed from here on."""
    form, duty = step.form, clock_meant(step)
    if duty is None:
        raise ValueError("a suspension is checked before it is made")
    rule = step.rulebook.rule(duty.rule)
    unit = left_in(rule)
    stop = Stop(
        on=form.suspended_on,
        left=left_on(form.suspended_on, duty.due_on, unit, step.calendar),
        unit=unit,
        ground=form.ground,
        asked_by=form.asked_by,
        look_again_on=form.look_again_on,
    )
    why = f"suspended on {stop.on}: {stop.ground}, asked for by: {stop.asked_by}; {left_words(stop)}"
    row = again(duty, why, stops=(*duty.stops, stop))
    mark = Mark(name=SUSPENDED, on=stop.on, subject=subject_of(duty, rule), due=stop.look_again_on)
    looks = clocks(step.review, Outcome(marks=(mark,)), step.today, step.rulebook)
    return Outcome(marks=(mark,), clocks=(row, *looks), facts={"left": stop.left, "left_in": unit})


SUSPEND_DEADLINE = Step(
    name="suspend_deadline",
    title="Local date suspended",
    button="Suspend a local date",
    tracks=BOTH,
    sources=OPEN_STATES,
    by=HOLDERS,
    form=Suspension,
    needs=(
        it_is_a_local_date,
        it_is_plain_which_clock_is_meant,
        it_does_not_stand_still_already,
        its_day_has_not_passed,
        it_had_begun,
        it_is_looked_at_again,
        day_is_not_in_the_future("suspended_on"),
    ),
    does=suspend,
    kind="deadline_suspended",
    days={
        "suspended_on": ("deadline_suspended",),
    },
    marks=frozenset({SUSPENDED}),
    tells=("business_manager",),
    on_card=False,
)

# --------------------------------------------------------------------------- look again, resume


class LookedAt(AboutOneDuty):
    """The suspension was looked at, and goes on until it is looked at again."""

    looked_on: date = Field(title="Looked at on")
    look_again_on: date = Field(title="Look at it again on")
    reason: Sealed = Field(title="Why it goes on")


class Resumption(AboutOneDuty):
    """The clock goes on. What was left is counted from this day, but never past the date of the law that it serves."""

    resumed_on: date = Field(title="Goes on from", description="Day zero: the first day counted is the one after it.")
    note: SealedOptional = Field(default="", title="Note")


def it_stands_still(step: Attempt[Any]) -> Check:
    """Only what is suspended goes on, or is looked at again."""
    duty = clock_meant(step)
    return Check(duty is None or duty.suspended is not None, "it is not suspended: its clock runs")


def _open_stop(step: Attempt[Any]) -> tuple[Duty, Stop]:
    duty = clock_meant(step)
    if duty is None or duty.suspended is None:
        raise ValueError("what is not suspended is refused before this")
    return duty, duty.suspended


def looked_at_after_it_began(step: Attempt[LookedAt]) -> Check:
    """A suspension is looked at after it began, and again on a later day that the bank holidays cover."""
    duty, form = clock_meant(step), step.form
    began = duty.suspended.on if duty and duty.suspended else form.looked_on
    met = began <= form.looked_on and max(form.looked_on, step.today) < form.look_again_on <= step.calendar.last
    words = f"suspended on {began}, looked at on {form.looked_on}, again on {form.look_again_on}: not in order"
    return Check(met, words)


def keep_suspended(step: Attempt[LookedAt]) -> Outcome:
    """Another day to look again; the remainder is untouched."""
    (duty, stop), form = _open_stop(step), step.form
    kept = stop.model_copy(update={"look_again_on": form.look_again_on})
    row = again(duty, f"looked at on {form.looked_on}: suspended still", stops=(*duty.stops[:-1], kept))
    subject = subject_of(duty, step.rulebook.rule(duty.rule))
    marks = (
        Mark(name="suspension_reviewed", on=form.looked_on, subject=subject),
        Mark(name=SUSPENDED, on=stop.on, subject=subject, due=form.look_again_on),
    )
    looks = clocks(step.review, Outcome(marks=marks), step.today, step.rulebook)
    return Outcome(marks=marks, clocks=(row, *looks))


KEEP_SUSPENDED = Step(
    name="keep_suspended",
    title="Suspension looked at again",
    button="Look at a suspension again",
    tracks=BOTH,
    sources=OPEN_STATES,
    by=HOLDERS,
    form=LookedAt,
    needs=(
        it_is_plain_which_clock_is_meant,
        it_stands_still,
        looked_at_after_it_began,
        day_is_not_in_the_future("looked_on"),
    ),
    does=keep_suspended,
    kind="suspension_reviewed",
    days={
        "looked_on": ("suspension_reviewed",),
    },
    follows={"suspension_reviewed": (SUSPENDED,)},
    marks=frozenset({SUSPENDED, "suspension_reviewed"}),
    tells=("business_manager",),
    on_card=False,
)


def it_goes_on_after_it_stopped(step: Attempt[Resumption]) -> Check:
    """A clock goes on on the day on which it stopped, or later."""
    duty, form = clock_meant(step), step.form
    began = duty.suspended.on if duty and duty.suspended else form.resumed_on
    return Check(began <= form.resumed_on, f"it was suspended on {began}, after {form.resumed_on}")


def resume(step: Attempt[Resumption]) -> Outcome:
    """The remainder, counted again from this day and held to the law; the row that stood still stays."""
    (duty, stop), form = _open_stop(step), step.form
    row = resumed(duty, form.resumed_on, step.review, step.rulebook)
    subject = subject_of(duty, step.rulebook.rule(duty.rule))
    marks = (
        Mark(name="suspension_reviewed", on=form.resumed_on, subject=subject),
        Mark(name=RESUMED, on=form.resumed_on, subject=subject),
    )
    looks = clocks(step.review, Outcome(marks=marks), step.today, step.rulebook)
    facts: dict[str, Any] = {"left": stop.left, "left_in": stop.unit}
    cap = row.stops[-1].cap
    if cap is not None:
        facts |= {"capped_by": cap.rule, "capped_at": cap.on.isoformat(), "instead_of": cap.instead_of.isoformat()}
    return Outcome(marks=marks, clocks=(row, *looks), facts=facts)


RESUME_DEADLINE = Step(
    name="resume_deadline",
    title="Suspended date resumed",
    button="Resume a suspended date",
    tracks=BOTH,
    sources=OPEN_STATES,
    by=HOLDERS,
    form=Resumption,
    needs=(
        it_is_plain_which_clock_is_meant,
        it_stands_still,
        it_goes_on_after_it_stopped,
        day_is_not_in_the_future("resumed_on"),
    ),
    does=resume,
    kind="deadline_resumed",
    days={
        "resumed_on": ("deadline_resumed", "suspension_reviewed"),
    },
    follows=dict.fromkeys(("deadline_resumed", "suspension_reviewed"), (SUSPENDED,)),
    marks=frozenset({RESUMED, "suspension_reviewed"}),
    tells=("business_manager",),
    on_card=False,
)

# --------------------------------------------------------------------------- count again


class CountAgain(Form):
    """The bank holidays changed, or a number was put right: every date that moves takes the place of the old one."""

    reason: Sealed = Field(title="Reason", description="For example: the extra bank holiday announced on 3 September.")


def some_date_would_move(step: Attempt[CountAgain]) -> Check:
    """There is something to count again; a date that cannot be counted at all is named, and stays as it is."""
    faults = [fault.why for fault in cannot_be_counted(step.review, step.rulebook)]
    words = "no date would move: all stand as the bank holidays and the rules now loaded count them"
    return Check(bool(recounts(step.review, step.rulebook)), "; ".join([words, *faults]))


def count_again(step: Attempt[CountAgain]) -> Outcome:
    """Supersede each row whose date moves; the others stay as they are."""
    rows = recounted_rows(step.review, step.rulebook)
    moved = [f"{move.rule} {move.subject}".strip() for move in recounts(step.review, step.rulebook)]
    return Outcome(clocks=rows, facts={"moved": moved, "calendar": step.calendar.digest})


RECOMPUTE_DATES = Step(
    name="recompute_dates",
    title="Dates counted again",
    button="Count the dates again",
    tracks=BOTH,
    sources=ANY_STATE,
    by=frozenset({"business_manager"}),
    form=CountAgain,
    needs=(some_date_would_move,),
    does=count_again,
    kind="dates_recomputed",
    tells=("business_manager",),
    on_card=False,
)

STEPS = (SUSPEND_DEADLINE, KEEP_SUSPENDED, RESUME_DEADLINE, RECOMPUTE_DATES)

"""
A date in the record is wrong: it is put right, both days stay, and whatever was counted from it is counted again.

The right day is one that its step would have taken. Most bounds are read from the steps' own declarations
(`day_bounds`); here are those that hang on more than the days of two things that happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field

from safeguarding.duties.corrections import corrected
from safeguarding.duties.reopened import REOPENED
from safeguarding.duties.retention import CLOSED, last_closed_on
from safeguarding.duties.suspension import SUSPENDED, subject_of
from safeguarding.review.events import CORRECTED, DutyChange, Mark
from safeguarding.review.forms import Form, From, Sealed, Subject
from safeguarding.review.impact import LOOKS
from safeguarding.review.marks_put_right import corrected_marks, put_right
from safeguarding.review.public_until import CHOICE, CHOSEN
from safeguarding.review.review import Review
from safeguarding.review.states import Track
from safeguarding.review.step import ANY_STATE, BOTH, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.beside.action_impact import AGAIN_AGREED
from safeguarding.stages.beside.public_page import chosen_too_early
from safeguarding.stages.beside.recorded import before_section_44
from safeguarding.stages.clocks_of_notices import NOTICES, first_aware_on
from safeguarding.stages.counted_from_publication import (
    PUBLISHED,
    copy_was_too_late,
    counted_from_publication,
    published_by_the_present_plan,
)


class Correction(Form):
    """A date in the record is wrong. Both stay; whatever was counted from it is counted again."""

    what: Annotated[str, From("marks")] = Field(
        title="Which date", description="The last of that name. Two alike on one day are put right together."
    )
    agency_or_action: Subject = Field(default="", title="Of which agency or action", description="If it is one's own.")
    correct_on: date = Field(title="The right date")
    reason: Sealed = Field(title="Why it was wrong, and how we know")


def there_is_such_a_date(step: Attempt[Correction]) -> Check:
    """The record holds a date of that name, and another one than the right one."""
    was = step.review.happened(step.form.what, step.form.agency_or_action or None)
    if was is None:
        whose = " of that agency or action" if step.form.agency_or_action else ""
        return Check(False, f"the record holds no date for {step.form.what}{whose}")
    return Check(was != step.form.correct_on, f"the record already says {was}")


def the_right_day_is_one_that_its_step_takes(step: Attempt[Correction]) -> Check:
    """
    A day that is put right meets the bounds that the step met which made it, and those of what came after it.

    They are read from the declaration of every step, so that none is forgotten.
    """
    form = step.form
    wrong = [
        words
        for what in (form.what, *_of_the_same_fact(step))
        for words in step.out_of_place(step.review, what, form.agency_or_action, form.correct_on, step.today)
    ]
    return Check(not wrong, "; ".join(dict.fromkeys(wrong)))


def _of_the_same_fact(step: Attempt[Correction]) -> tuple[str, ...]:
    """
    What else the record has on this day for the same fact: what one form said once and several clocks heard (a look at
    an action, the choice after a year), and a death that was known with the awareness of the incident.

    The Panel's days and those of the notice of the death run from one awareness, unless the record says that the death,
    or who looked after the child, was known on a day of its own.
    """
    review, what, subject = step.review, step.form.what, step.form.agency_or_action
    for one_fact in ONE_FACT:
        if what in one_fact and (last := _last_made(review, what, subject)) is not None:
            return tuple(name for name in sorted(one_fact - {what}) if _last_made(review, name, subject) == last)
    aware = review.happened("became_aware")
    if step.form.what != "became_aware" or aware is None:
        return ()
    decided, learnt = (review.facts.get(kind, {}) for kind in ("notification_decided", "learnt_since"))
    own = {decided.get("death_known_on"), decided.get("looked_after_known_on"), learnt.get("known_on")}
    return () if aware.isoformat() in own else tuple(name for name in NOTICES if review.happened(name) == aware)


ONE_FACT = (frozenset({*LOOKS, AGAIN_AGREED}), frozenset({CHOICE, *CHOSEN}))
"""Marks that, where one line made several of them on a day, are of one thing that happened: a look, a choice."""


def _last_made(review: Review, name: str, subject: str) -> tuple[int, date] | None:
    """The line that last made something of this name, and the day on which it stands; None where none did."""
    made = zip(reversed(review.marks), reversed(review.made_at), strict=True)
    return next(((line, mark.on) for mark, line in made if mark.name == name and subject in ("", mark.subject)), None)


def the_right_day_fits_what_else_its_step_looks_at(step: Attempt[Correction]) -> Check:
    """The closing before a reopening, the first awareness, the copy sent in advance, the clock that stood still."""
    form = step.form
    was = step.review.happened(form.what, form.agency_or_action or None)
    wrong = [] if was is None else list(_unfit(step, was))
    return Check(not wrong, "; ".join(wrong))


def _opened_after(review: Review) -> date | None:
    """The day on which a review was reopened after it closed last; None where it was not."""
    closed, opened = _last_made(review, CLOSED, ""), _last_made(review, REOPENED, "")
    return opened[1] if closed is not None and opened is not None and opened[0] > closed[0] else None


def _unfit(step: Attempt[Correction], was: date) -> Iterator[str]:
    review, what, right = step.review, step.form.what, step.form.correct_on
    own = step.rulebook.partnership.own_milestone(what)
    if own is not None and not own.planned and right > step.today:
        yield f"{right} is in the future: today is {step.today}, and the file does not call it 'planned'"
    if what == "adult_review_referred" and (why := before_section_44(right, step.rulebook)):
        yield why
    if what == REOPENED and (closed := last_closed_on(review)) is not None and right < closed:
        yield f"reopened on {right}, before it closed on {closed}"
    if what == CLOSED and (again := _opened_after(review)) is not None and right > again:
        yield f"closed on {right}, after it was reopened on {again}"
    if what in ("became_aware", *NOTICES) and _last_made_by(step, "notification_decided"):
        aware = first_aware_on(review, right)
        if right < aware:
            yield f"{right} is before the authority became aware on {aware}: correct that day first"
    yield from _not_known_by_then(step)
    if review.track is Track.CHILDREN and not copy_was_too_late(review, review.marks, step.rulebook):
        put = corrected_marks(review.marks, what, step.form.agency_or_action, was, right)
        if late := copy_was_too_late(review, put_right(review.marks, put), step.rulebook):
            yield late
    yield from _chosen_too_early(step, was)
    if what == SUSPENDED:
        for duty in (one for one in review.duties if not one.ended):
            mine = subject_of(duty, step.rulebook.rule(duty.rule)) == step.form.agency_or_action
            if mine and duty.stops and duty.stops[-1].on == was:
                began = (duty.stops[-2].until if len(duty.stops) > 1 else None) or duty.anchored_on
                if right < began:
                    yield f"it began on {began}, after {right}"


def _chosen_too_early(step: Attempt[Correction], was: date) -> Iterator[str]:
    """What became of a publication, on its right day or after that of the publication; nothing if it was so before."""
    review, form, marks = step.review, step.form, step.review.marks
    if chosen_too_early(review, marks, step.rulebook):
        return
    for what in (form.what, *_of_the_same_fact(step)):
        marks = put_right(marks, corrected_marks(marks, what, form.agency_or_action, was, form.correct_on))
    if early := chosen_too_early(review, marks, step.rulebook):
        yield early


KNOWN_FIRST: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "notification_decided": (("became_aware", *NOTICES), ("notification_decided",)),
    "notification_withdrawn": (("adult_in_law_known", *NOTICES), ("notification_withdrawn", "agency_excused")),
}
"""Of a line: what was known, and what was done on the strength of it, on that day or later."""


def _not_known_by_then(step: Attempt[Correction]) -> Iterator[str]:
    """Of one line: what was known, and from which day, against the day on which it was acted on."""
    review, what, right = step.review, step.form.what, step.form.correct_on
    made = list(zip(review.marks, review.made_at, strict=False))
    line = next((at for mark, at in reversed(made) if mark.name == what), 0)
    known_as, done_as = KNOWN_FIRST.get(review.history[line - 1].kind, ((), ())) if line else ((), ())
    known = [mark.on for mark, at in made if at == line and mark.name in known_as]
    done = [mark.on for mark, at in made if at == line and mark.name in done_as]
    words = what.replace("_", " ")
    if what in done_as and known and max(known) > right:
        yield f"{words} on {right}, before it was known on {max(known)}: correct that day first"
    if what in known_as and done and right > min(done):
        yield f"{words} on {right}, after it was acted on on {min(done)}: correct that day first"


def _last_made_by(step: Attempt[Correction], kind: str) -> bool:
    """Whether the last thing of this name was made by a line of this kind."""
    made = zip(step.review.marks, step.review.made_at, strict=False)
    lines = [line for mark, line in made if mark.name == step.form.what]
    return bool(lines) and step.review.history[lines[-1] - 1].kind == kind


def correct(step: Attempt[Correction]) -> Outcome:
    """
    Supersede every row that the wrong date anchored or settled.

    Two of one name on one day, of the same agency or action, move together: a later plan notes as gone what went
    before it, and a clock is met by a day and not by a line, so that nothing could tell what is left by the other one.
    """
    form = step.form
    was = step.review.happened(form.what, form.agency_or_action or None)
    if was is None:
        raise ValueError("a correction is checked before it is made")
    rows: tuple[DutyChange, ...] = ()
    marks: tuple[Mark, ...] = ()
    for what in (form.what, *_of_the_same_fact(step)):
        rows += corrected(step.review, what, form.agency_or_action, was, form.correct_on, step.rulebook)
        marks += corrected_marks(step.review.marks, what, form.agency_or_action, was, form.correct_on)
    if form.what == PUBLISHED and published_by_the_present_plan(step.review):
        # The gates of a record whose earlier program counted them from the planned day alone.
        moved = {(row.rule, row.subject, row.occurrence) for row in rows}
        counted = counted_from_publication(step.review, form.correct_on, step.rulebook)
        rows = (*rows, *(row for row in counted if (row.rule, row.subject, row.occurrence) not in moved))
    return Outcome(marks=marks, clocks=rows, facts={"was": was.isoformat()})


CORRECT_DATE = Step(
    name="correct_date",
    title="Date corrected",
    button="Correct a date",
    tracks=BOTH,
    sources=ANY_STATE,
    by=MANAGERS,
    form=Correction,
    needs=(
        there_is_such_a_date,
        the_right_day_is_one_that_its_step_takes,
        the_right_day_fits_what_else_its_step_looks_at,
    ),
    does=correct,
    kind=CORRECTED,
    marks=frozenset({"*"}),
    tells=("business_manager", "delegated_partner"),
    on_card=False,
)

STEPS = (CORRECT_DATE,)

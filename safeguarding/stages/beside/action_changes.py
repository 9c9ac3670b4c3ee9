"""
An action is given another day, owner, role or priority. What it was before stays in the record, with the reason.

Its day moves to a later one once, and no further than the partnership extends a date of its own; beyond that it is the
partners who move it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from safeguarding.dates.working_days import add_working_days
from safeguarding.review.as_arranged import deciding_roles
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Sealed
from safeguarding.review.learning_entries import ActionChanged
from safeguarding.review.step import ANY_STATE, BOTH, DECIDERS, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.beside.actions import Priority, action_of, holds_the_role


class ActionChange(Form):
    """An action has another day, owner or agency. What it was before stays in the record, with the reason."""

    action: Annotated[str, From("actions")] = Field(title="Action")
    due_on: date | None = Field(
        default=None,
        title="New day",
        description="Empty: it stays as it is. A second move to a later day, or a far one, is the partners' own.",
    )
    agency: Annotated[str, From("agencies")] | None = Field(default=None, title="New owner agency")
    owner: Annotated[str, From("people")] | None = Field(default=None, title="New owner")
    role: Annotated[str, From("roles")] | None = Field(default=None, title="In which role they own it")
    priority: Priority | None = Field(default=None, title="New priority")
    agreed_on: date = Field(title="Agreed on")
    reason: Sealed = Field(title="Why it changes")


def it_is_not_done(step: Attempt[ActionChange]) -> Check:
    """An action that is verified, replaced or withdrawn has no day and no owner to change."""
    action = action_of(step)
    return Check(not action.done, f"{action.id} is {action.status}: reopen it first with 'Update an action'")


def something_changes(step: Attempt[ActionChange]) -> Check:
    """A new day, owner, agency, role or priority is given, and is another one than it has."""
    form, action = step.form, action_of(step)
    given = (
        *((form.due_on, action.due_on), (form.agency, action.agency), (form.owner, action.owner)),
        *((form.role, action.role), (form.priority, action.priority)),
    )
    differs = any(new is not None and new != old for new, old in given)
    words = f"{action.id} has this day, agency and owner already: give what changes"
    return Check(differs, words)


def the_new_owner_holds_that_role(step: Attempt[ActionChange]) -> Check:
    """Whoever owns it from now on in a role holds that role."""
    return holds_the_role(step, step.form.owner or action_of(step).owner, step.form.role)


def the_new_day_is_to_come(step: Attempt[ActionChange]) -> Check:
    """The new day is today or later, and not before it was agreed."""
    day, form = step.form.due_on, step.form
    met = day is None or (day >= step.today and day >= form.agreed_on)
    return Check(met, f"the new day {day} has passed, or is before it was agreed on {form.agreed_on}")


def a_second_or_far_move_is_the_partners(step: Attempt[ActionChange]) -> Check:
    """
    A day moves to a later one once, by as many working days as the partnership extends a date of its own; every other
    move to a later day is signed by one of those who decide for the partners.
    """
    day, action = step.form.due_on, action_of(step)
    person = step.rulebook.partnership.known(step.actor.person)
    decides = person is not None and bool(deciding_roles(step.review, step.rulebook) & set(person.roles))
    if day is None or day <= action.due_on or decides:
        return Check(True, "")
    theirs = "any further move to a later day is signed by one of those who decide for the partners"
    if action.postponed:
        return Check(False, f"the day of {action.id} was moved before, from {action.first_due_on}: {theirs}")
    allowed = step.rulebook.partnership.longest_extension.value
    furthest = add_working_days(action.due_on, allowed, step.calendar)
    words = f"the day of {action.id} moves no further than {furthest}, {allowed} working days, which is the most that "
    return Check(day <= furthest, f"{words}the partnership extends a date of its own: {theirs}")


def change_action(step: Attempt[ActionChange]) -> Outcome:
    """The new day takes the place of the old one, which stays with the reason; a new owner is told."""
    form, action = step.form, action_of(step)
    due_on = form.due_on or action.due_on
    handed_on = form.owner is not None and form.owner != action.owner
    entry = ActionChanged(
        action=action.id,
        agency=form.agency or action.agency,
        owner=form.owner or action.owner,
        due_on=due_on,
        on=form.agreed_on,
        role=form.role or ("" if handed_on else None),
        priority=form.priority or "",
    )
    marks: tuple[Mark, ...] = ()
    if due_on != action.due_on:
        marks = (Mark(name="action_agreed", on=form.agreed_on, subject=action.id, due=due_on),)
    was = {"due_on": action.due_on.isoformat(), "agency": action.agency, "owner": action.owner}
    return Outcome(marks=marks, entries=(entry,), facts={"was": was})


CHANGE_ACTION = Step(
    name="change_action",
    title="Action changed",
    button="Change an action",
    tracks=BOTH,
    sources=ANY_STATE,
    by=MANAGERS | DECIDERS | {"review_panel_chair"},
    form=ActionChange,
    needs=(
        it_is_not_done,
        something_changes,
        the_new_owner_holds_that_role,
        the_new_day_is_to_come,
        a_second_or_far_move_is_the_partners,
        day_is_not_in_the_future("agreed_on"),
        day_is_not_before("agreed_on", "referral_received"),
    ),
    does=change_action,
    kind="action_changed",
    days={
        "agreed_on": ("action_agreed",),
    },
    marks=frozenset({"action_agreed"}),
    tells=("business_manager",),
    on_card=False,
)

STEPS = (CHANGE_ACTION,)

"""
The actions of a review: one is added, moves on its evidence, or is given another day or owner.

Short forms, from the referral on and after closing too: what is learnt on the first day is acted on then, an action may
be agreed on the Panel's reply to a closed review, and what was verified is seen to be embedded only later.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import ActionAdded, ActionChanged, ActionMoved, Mark
from safeguarding.review.forms import Form, From, Sealed, SealedOptional
from safeguarding.review.review import Action
from safeguarding.review.states import CLOSED_STATES, State
from safeguarding.review.step import BOTH, MANAGERS, OPEN_STATES, Attempt, Check, Outcome, Step

NEVER_TAKEN_UP = frozenset(
    {State.RETURNED_INCOMPLETE, State.REFERRAL_WITHDRAWN, State.REFERRED_ON, State.NOT_SERIOUS_CASE}
)
"""The ends of a case that was never taken up."""
ONCE_REFERRED = (OPEN_STATES | CLOSED_STATES) - NEVER_TAKEN_UP
"""The states in which an action is agreed: from the referral on, for what was learnt is acted on at once."""
FOLLOWED_UP = OPEN_STATES | CLOSED_STATES
"""The states in which an action that there is is followed up: also of a case that ended without being taken up."""


class NewAction(Form):
    """One action: a specific step, its owner, its day, and the change it is to bring."""

    agency: Annotated[str, From("agencies")] = Field(title="Owner agency")
    owner: Annotated[str, From("people")] = Field(title="Owner")
    due_on: date = Field(title="Due on")
    agreed_on: date = Field(title="Agreed on")
    recommendation: Annotated[str, From("recommendations")] | None = Field(
        default=None, title="For which recommendation", description="Empty: for none that is on record."
    )
    what: Sealed = Field(title="What is to be done")
    measure: Sealed = Field(title="How it will be seen to be done, and what will change")


def action_is_due_after_it_is_agreed(step: Attempt[NewAction]) -> Check:
    """The day it is due follows the day it was agreed."""
    return Check(step.form.due_on >= step.form.agreed_on, "the action is due before it was agreed")


def add_action(step: Attempt[NewAction]) -> Outcome:
    """Number the action within its review and start its clock."""
    form = step.form
    number = f"A{len(step.review.actions) + 1:02d}"
    entry = ActionAdded(
        action=number,
        agency=form.agency,
        owner=form.owner,
        due_on=form.due_on,
        on=form.agreed_on,
        recommendation=form.recommendation or "",
    )
    mark = Mark(name="action_agreed", on=form.agreed_on, subject=number, due=form.due_on)
    return Outcome(marks=(mark,), entries=(entry,), facts={"action": number})


ADD_ACTION = Step(
    name="add_action",
    title="Action added",
    button="Add an action",
    tracks=BOTH,
    sources=ONCE_REFERRED,
    by=MANAGERS | {"delegated_partner", "review_panel_chair"},
    form=NewAction,
    needs=(
        action_is_due_after_it_is_agreed,
        day_is_not_in_the_future("agreed_on"),
        day_is_not_before("agreed_on", "referral_received"),
    ),
    does=add_action,
    kind="action_added",
    days={
        "agreed_on": ("action_agreed",),
    },
    marks=frozenset({"action_agreed"}),
    on_card=False,
)


class ActionUpdate(Form):
    """How an action stands. Verifying takes evidence, and somebody from another agency than the owner's."""

    action: Annotated[str, From("actions")] = Field(title="Action")
    status: Literal[
        "in progress", "evidence submitted", "verified", "embedded", "superseded", "withdrawn", "reopened"
    ] = Field(title="Status")
    on: date = Field(title="On")
    grade: Literal["none", "assertion", "document", "data", "audit or feedback"] = Field(
        title="Best evidence", description="«Verified» needs a document or better; «embedded» needs data or better."
    )
    note: SealedOptional = Field(default="", title="Evidence, or the reason for withdrawing or replacing")


GRADES = {"none": 0, "assertion": 1, "document": 2, "data": 3, "audit or feedback": 4}


def _action(step: Attempt[Any]) -> Action:
    return next(action for action in step.review.actions if action.id == step.form.action)


def evidence_is_good_enough(step: Attempt[ActionUpdate]) -> Check:
    """«Verified» rests on a document or better, «embedded» on data or better [D]."""
    needed = {"verified": 2, "embedded": 3}.get(step.form.status, 0)
    grade = GRADES[step.form.grade]
    words = f"'{step.form.status}' needs better evidence than '{step.form.grade}'"
    return Check(grade >= needed, words)


def verifier_is_somebody_else(step: Attempt[ActionUpdate]) -> Check:
    """Nobody verifies an action of their own or of their own agency."""
    if step.form.status not in ("verified", "embedded"):
        return Check(True, "")
    action = _action(step)
    person = step.rulebook.partnership.person(step.actor.person)
    agencies = {action.agency, *(agency.id for agency in step.rulebook.partnership.taken_over_by(action.agency))}
    own = person.id == action.owner or any(person.serves(agency) for agency in agencies)
    return Check(not own, "an action is verified by somebody from another agency than its owner's")


def embedded_follows_verified(step: Attempt[ActionUpdate]) -> Check:
    """An action is embedded only after it was verified."""
    if step.form.status != "embedded":
        return Check(True, "")
    return Check(_action(step).status == "verified", "an action is verified before it is embedded")


def leaving_an_action_has_a_reason(step: Attempt[ActionUpdate]) -> Check:
    """An action that is withdrawn or replaced says why."""
    leaving = step.form.status in ("superseded", "withdrawn")
    return Check(not leaving or bool(step.form.note), f"say why the action is {step.form.status}")


def update_action(step: Attempt[ActionUpdate]) -> Outcome:
    """Move the action; done settles its clock, reopening starts it again for its own date."""
    form = step.form
    entry = ActionMoved(
        action=form.action, status=form.status, on=form.on, grade=GRADES[form.grade], by=step.actor.person
    )
    marks: tuple[Mark, ...] = ()
    if form.status == "verified":
        marks = (Mark(name="action_verified", on=form.on, subject=form.action),)
    elif form.status in ("superseded", "withdrawn"):
        marks = (Mark(name="action_withdrawn", on=form.on, subject=form.action),)
    elif form.status == "reopened":
        marks = (Mark(name="action_agreed", on=form.on, subject=form.action, due=_action(step).due_on),)
    return Outcome(marks=marks, entries=(entry,))


UPDATE_ACTION = Step(
    name="update_action",
    title="Action updated",
    button="Update an action",
    tracks=BOTH,
    sources=FOLLOWED_UP,
    by=MANAGERS | {"agency_lead", "delegated_partner", "learning_group"},
    form=ActionUpdate,
    needs=(
        evidence_is_good_enough,
        verifier_is_somebody_else,
        embedded_follows_verified,
        leaving_an_action_has_a_reason,
        day_is_not_in_the_future("on"),
        day_is_not_before("on", "referral_received"),
    ),
    does=update_action,
    kind="action_updated",
    days={
        "on": ("action_verified", "action_withdrawn"),
    },
    marks=frozenset({"action_verified", "action_withdrawn", "action_agreed"}),
    on_card=False,
)

# --------------------------------------------------------------------------- another day, another owner


class ActionChange(Form):
    """An action has another day, owner or agency. What it was before stays in the record, with the reason."""

    action: Annotated[str, From("actions")] = Field(title="Action")
    due_on: date | None = Field(default=None, title="New day", description="Empty: it stays as it is.")
    agency: Annotated[str, From("agencies")] | None = Field(default=None, title="New owner agency")
    owner: Annotated[str, From("people")] | None = Field(default=None, title="New owner")
    agreed_on: date = Field(title="Agreed on")
    reason: Sealed = Field(title="Why it changes")


def it_is_not_done(step: Attempt[Any]) -> Check:
    """An action that is verified, replaced or withdrawn has no day and no owner to change."""
    action = _action(step)
    return Check(not action.done, f"{action.id} is {action.status}: reopen it first with 'Update an action'")


def something_changes(step: Attempt[ActionChange]) -> Check:
    """A new day, owner or agency is given, and is another one than it has."""
    form, action = step.form, _action(step)
    given = ((form.due_on, action.due_on), (form.agency, action.agency), (form.owner, action.owner))
    differs = any(new is not None and new != old for new, old in given)
    words = f"{action.id} has this day, agency and owner already: give what changes"
    return Check(differs, words)


def the_new_day_is_to_come(step: Attempt[ActionChange]) -> Check:
    """The new day is today or later, and not before it was agreed."""
    day, form = step.form.due_on, step.form
    met = day is None or (day >= step.today and day >= form.agreed_on)
    return Check(met, f"the new day {day} has passed, or is before it was agreed on {form.agreed_on}")


def change_action(step: Attempt[ActionChange]) -> Outcome:
    """The new day takes the place of the old one, which stays with the reason; a new owner is told."""
    form, action = step.form, _action(step)
    due_on = form.due_on or action.due_on
    entry = ActionChanged(
        action=action.id,
        agency=form.agency or action.agency,
        owner=form.owner or action.owner,
        due_on=due_on,
        on=form.agreed_on,
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
    sources=FOLLOWED_UP,
    by=MANAGERS | {"delegated_partner", "review_panel_chair"},
    form=ActionChange,
    needs=(
        it_is_not_done,
        something_changes,
        the_new_day_is_to_come,
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

STEPS = (ADD_ACTION, UPDATE_ACTION, CHANGE_ACTION)

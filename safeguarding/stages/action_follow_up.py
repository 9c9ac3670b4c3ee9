"""
Action follow-up: what was recommended is done, evidenced, verified by somebody else, and seen to work.

Begins when the plan is agreed. Ends when every action is verified, replaced or withdrawn with a reason.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from safeguarding.duties.lateness import demand, without_a_reason
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import ActionAdded, ActionMoved, Mark
from safeguarding.review.forms import Form, From, Sealed, SealedOptional
from safeguarding.review.review import Action
from safeguarding.review.states import State
from safeguarding.review.step import BOTH, MANAGERS, OPEN_STATES, Attempt, Check, Outcome, Step

DONE = frozenset({"verified", "embedded", "superseded", "withdrawn"})
"""The statuses in which nothing more is owed on an action."""

AFTER_DECISION = OPEN_STATES - {
    State.REFERRED,
    State.NOTIFICATION_DECISION,
    State.NOTIFICATION_SENT,
    State.SCREENING,
}


class NewAction(Form):
    """One action: a specific step, its owner, its day, and the change it is to bring."""

    agency: Annotated[str, From("agencies")] = Field(title="Owner agency")
    owner: Annotated[str, From("people")] = Field(title="Owner")
    due_on: date = Field(title="Due on")
    agreed_on: date = Field(title="Agreed on")
    what: Sealed = Field(title="What is to be done")
    measure: Sealed = Field(title="How it will be seen to be done, and what will change")


def action_is_due_after_it_is_agreed(step: Attempt[NewAction]) -> Check:
    """The day it is due follows the day it was agreed."""
    return Check(step.form.due_on >= step.form.agreed_on, "the action is due before it was agreed")


def add_action(step: Attempt[NewAction]) -> Outcome:
    """Number the action within its review and start its clock."""
    form = step.form
    number = f"A{len(step.review.actions) + 1:02d}"
    entry = ActionAdded(action=number, agency=form.agency, owner=form.owner, due_on=form.due_on, on=form.agreed_on)
    mark = Mark(name="action_agreed", on=form.agreed_on, subject=number, due=form.due_on)
    return Outcome(marks=(mark,), entries=(entry,), facts={"action": number})


ADD_ACTION = Step(
    name="add_action",
    title="Action added",
    button="Add an action",
    tracks=BOTH,
    sources=AFTER_DECISION,
    by=MANAGERS | {"delegated_partner", "review_panel_chair"},
    form=NewAction,
    needs=(action_is_due_after_it_is_agreed, day_is_not_in_the_future("agreed_on")),
    does=add_action,
    kind="action_added",
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


def _action(step: Attempt[ActionUpdate]) -> Action:
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
    sources=AFTER_DECISION,
    by=MANAGERS | {"agency_lead", "delegated_partner", "learning_group"},
    form=ActionUpdate,
    needs=(
        evidence_is_good_enough,
        verifier_is_somebody_else,
        embedded_follows_verified,
        leaving_an_action_has_a_reason,
        day_is_not_in_the_future("on"),
    ),
    does=update_action,
    kind="action_updated",
    marks=frozenset({"action_verified", "action_withdrawn", "action_agreed"}),
    on_card=False,
)


class Closure(Form):
    """The partners close the review. What was learnt, and whether anything changed, is said once more."""

    closed_on: date = Field(title="Closed on")
    impact: Literal["change seen", "no change seen", "too early to say"] = Field(
        title="Impact", description="«No change seen» is a valid result, and a reported one."
    )
    closing_note: Sealed = Field(title="What was learnt, and what changed")


def every_action_is_done(step: Attempt[Closure]) -> Check:
    """Every action is verified by somebody other than its owner, or replaced or withdrawn with a reason."""
    left = [action.id for action in step.review.actions if action.status not in DONE]
    return Check(not left, f"actions not yet verified: {', '.join(left)}")


def the_panel_has_what_it_is_owed(step: Attempt[Closure]) -> Check:
    """A child review closes only after the rapid review and decision were sent to the national Panel."""
    owed = step.review.running("C05")
    return Check(not owed, "the rapid review has not been sent to the national Panel")


def a_missed_day_15_has_its_reason(step: Attempt[Closure]) -> Check:
    """A review does not close on a rapid review that went late without a word."""
    late = without_a_reason(step.review, step.today)
    words = "; ".join(demand(duty, step.rulebook) for duty in late)
    return Check(not late, f"{words}, with 'Give the reason for a missed date'")


def close(step: Attempt[Closure]) -> Outcome:
    """Closed. A published report stays public for its year all the same."""
    return Outcome(to=State.CLOSED, marks=(Mark(name="closed", on=step.form.closed_on),))


CLOSE_REVIEW = Step(
    name="close_review",
    title="Review closed",
    button="Close the review",
    tracks=BOTH,
    sources=frozenset({State.ACTION_FOLLOW_UP}),
    leads_to=frozenset({State.CLOSED}),
    by=frozenset({"delegated_partner", "lead_partner"}),
    form=Closure,
    needs=(
        every_action_is_done,
        the_panel_has_what_it_is_owed,
        a_missed_day_15_has_its_reason,
        day_is_not_in_the_future("closed_on"),
        day_is_not_before("closed_on", "action_plan_agreed"),
    ),
    does=close,
    kind="closed",
    marks=frozenset({"closed"}),
    tells=("business_manager", "delegated_partner", "lead_partner", "agency_lead", "learning_group"),
    decision=True,
)

STEPS = (CLOSE_REVIEW, ADD_ACTION, UPDATE_ACTION)

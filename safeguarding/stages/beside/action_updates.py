"""
How an action stands: its progress, what is in its way, its evidence, and who has seen that it was done.

By whoever owns it, whatever their role, by the lead of its agency, and by the unit and the partners. Nobody verifies
what they added, own, owned or submitted evidence of, and no agency verifies what it has or had; nor does its
owner or its agency withdraw it. Whoever types one of these in for a meeting is bound as its signer is.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Ref, SealedOptional
from safeguarding.review.learning_entries import ActionMoved
from safeguarding.review.learnt import LEFT, Action
from safeguarding.review.review import Review
from safeguarding.review.step import ANY_STATE, BOTH, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.beside.actions import (
    Blocking,
    action_of,
    known_action,
    not_refused,
    nothing_is_waited_for_twice,
    refused_by_the_partners,
)
from safeguarding.stages.beside.their_own import had_a_hand_in, holds, said_of_both, serves

JUDGED = ("verified", "embedded")
"""The statuses that say that an action was done, and not by its owner."""
OF_EVERY_ACTION = MANAGERS | {"delegated_partner", "learning_group"}
"""The roles that update every action of a review. The lead of an agency updates its own, and an owner theirs."""
THE_AGENCYS_OWN = frozenset({"agency_lead"})


class ActionUpdate(Form):
    """How an action stands. Verifying takes evidence, and somebody who neither added, owns nor submitted it."""

    action: Annotated[str, From("actions")] = Field(title="Action")
    status: Literal[
        "in progress", "evidence submitted", "verified", "embedded", "superseded", "withdrawn", "reopened"
    ] = Field(title="Status")
    on: date = Field(title="On")
    grade: Literal["none", "assertion", "document", "data", "audit or feedback"] = Field(
        title="Best evidence", description="«Verified» needs a document or better; «embedded» needs data or better."
    )
    evidence: Ref = Field(
        default="",
        title="Reference of the evidence, or where it is kept",
        description="Such as AUD/2026/4, p. 3. «Verified» and «embedded» need it.",
    )
    blocked: Literal["yes", "no"] | None = Field(
        default=None, title="Is something in its way?", description="Empty: as it was."
    )
    blocked_by: Blocking = Field(
        default=(), title="Which actions are done before it", description="None, where it waits for no other."
    )
    note: SealedOptional = Field(
        default="",
        title="Progress, what the evidence shows, what is in its way, or the reason for withdrawing or replacing",
    )


GRADES = {"none": 0, "assertion": 1, "document": 2, "data": 3, "audit or feedback": 4}


def may_update(person: Person, action: Action, partnership: Partnership) -> bool:
    """Whether somebody may say how an action stands: the unit and the partners, its owner, the lead of its agency."""
    if OF_EVERY_ACTION & set(person.roles) or person.id == action.owner:
        return True
    return bool(THE_AGENCYS_OWN & set(person.roles)) and serves(person, action.agency, partnership)


def it_is_theirs_to_update(step: Attempt[ActionUpdate]) -> Check:
    """Whoever owns actions, or leads an agency, updates those and no others."""
    partnership, action = step.rulebook.partnership, action_of(step)
    person = partnership.known(step.actor.person)
    met = person is None or may_update(person, action, partnership)
    return Check(met, f"{action.id} is updated by its owner, the lead of its agency, the unit or the partners")


def evidence_is_good_enough(step: Attempt[ActionUpdate]) -> Check:
    """«Verified» rests on a document or better, «embedded» on data or better [D]."""
    needed = {"verified": 2, "embedded": 3}.get(step.form.status, 0)
    grade = GRADES[step.form.grade]
    words = f"'{step.form.status}' needs better evidence than '{step.form.grade}'"
    return Check(grade >= needed, words)


def evidence_is_described(step: Attempt[ActionUpdate]) -> Check:
    """What is verified or embedded says what was seen."""
    form = step.form
    return Check(form.status not in JUDGED or bool(form.note), f"'{form.status}' says what the evidence shows")


def evidence_is_referred_to(step: Attempt[ActionUpdate]) -> Check:
    """What is verified or embedded has a reference of its evidence, or says where it is kept."""
    form = step.form
    words = f"'{form.status}' needs a reference of the evidence, or where it is kept"
    return Check(form.status not in JUDGED or bool(form.evidence), words)


def what_is_reopened_is_wanted(step: Attempt[ActionUpdate]) -> Check:
    """An action is not reopened for a recommendation that will not be implemented."""
    if step.form.status != "reopened":
        return Check(True, "")
    return not_refused(refused_by_the_partners(step.review, [action_of(step).recommendation]))


def submitted_evidence_is_there(step: Attempt[ActionUpdate]) -> Check:
    """Where evidence is submitted, it is said what it is or where it is kept: whoever verifies has to find it."""
    form = step.form
    met = form.status != "evidence submitted" or bool(form.evidence or form.note)
    return Check(met, f"'{form.status}' says what the evidence is, or where it is kept")


def verifier_is_somebody_else(step: Attempt[ActionUpdate]) -> Check:
    """Nobody verifies what they added, own, owned or submitted evidence of; no agency what it has or had."""
    if step.form.status not in JUDGED:
        return Check(True, "")
    action, review, partnership = action_of(step), step.review, step.rulebook.partnership
    why = said_of_both(step, lambda person: had_a_hand_in(person, action, review, partnership))
    return Check(not why, f"{action.id} is verified by somebody else: {why}")


def it_is_left_by_somebody_else(step: Attempt[ActionUpdate]) -> Check:
    """
    An action that is withdrawn or replaced counts as done: so it is said by those who follow every action, and not of
    one that they own or owned, or that their agency has or had.
    """
    form, action, partnership = step.form, action_of(step), step.rulebook.partnership
    person = partnership.known(step.actor.person)
    if form.status not in LEFT or person is None:
        return Check(True, "")
    why = said_of_both(step, lambda one: holds(one, action, partnership))
    met = not why and bool(OF_EVERY_ACTION & set(person.roles))
    words = f"{action.id} is {form.status} by somebody else, of the unit, the partners or the learning group"
    return Check(met, f"{words}: {why}" if why else words)


def embedded_follows_verified(step: Attempt[ActionUpdate]) -> Check:
    """An action is embedded only after it was verified."""
    if step.form.status != "embedded":
        return Check(True, "")
    return Check(action_of(step).status == "verified", "an action is verified before it is embedded")


def only_reopening_leads_back(step: Attempt[ActionUpdate]) -> Check:
    """
    An action that is done goes on only by being reopened, which gives it its day again; from verified it may also be
    embedded. What is not done is not reopened.
    """
    action, status = action_of(step), step.form.status
    if not action.done:
        return Check(status != "reopened", f"{action.id} is {action.status}: only what is done is reopened")
    met = status == "reopened" or (action.status, status) == ("verified", "embedded")
    return Check(met, f"{action.id} is {action.status}: first say «reopened», which gives it its day again")


def leaving_an_action_has_a_reason(step: Attempt[ActionUpdate]) -> Check:
    """An action that is withdrawn or replaced says why."""
    leaving = step.form.status in LEFT
    return Check(not leaving or bool(step.form.note), f"say why the action is {step.form.status}")


def what_is_in_its_way_is_said(step: Attempt[ActionUpdate]) -> Check:
    """Where something is in the way of an action it is another action, or is said in words."""
    form = step.form
    if form.blocked == "no" and form.blocked_by:
        return Check(False, "nothing is in its way, and actions are named that are done before it: give one of the two")
    said = form.blocked != "yes" or form.blocked_by or form.note
    return Check(bool(said), "say what is in its way: which actions are done before it, or in words")


def it_does_not_wait_for_itself(step: Attempt[ActionUpdate]) -> Check:
    """No action waits for itself, nor for one that waits for it."""
    found = [one for one in step.form.blocked_by if one == step.form.action or _waits(one, step.form.action, step)]
    return Check(not found, f"{', '.join(found)} waits for {step.form.action} itself")


def _waits(one: str, other: str, step: Attempt[ActionUpdate]) -> bool:
    """Whether one action is done only after the other, over however many."""
    seen, left = set[str](), [one]
    while left:
        before = known_action(step.review, left.pop()).blocked_by
        if other in before:
            return True
        left += [each for each in before if each not in seen]
        seen |= set(before)
    return False


def update_action(step: Attempt[ActionUpdate]) -> Outcome:
    """Move the action; done settles its clock, reopening starts it again for its own date."""
    form = step.form
    entry = ActionMoved(
        action=form.action,
        status=form.status,
        on=form.on,
        grade=GRADES[form.grade],
        by=step.actor.person,
        evidence=form.evidence,
        blocked="yes" if form.blocked_by else form.blocked or "",
        blocked_by=form.blocked_by,
    )
    return Outcome(marks=_marks(step.review, form), entries=(entry,))


def _marks(review: Review, form: ActionUpdate) -> tuple[Mark, ...]:
    if form.status == "verified":
        return (Mark(name="action_verified", on=form.on, subject=form.action),)
    if form.status in LEFT:
        return (Mark(name="action_withdrawn", on=form.on, subject=form.action),)
    if form.status == "reopened":
        due_on = known_action(review, form.action).due_on
        return (Mark(name="action_agreed", on=form.on, subject=form.action, due=due_on),)
    return ()


UPDATE_ACTION = Step(
    name="update_action",
    title="Action updated",
    button="Update an action",
    tracks=BOTH,
    sources=ANY_STATE,
    by=OF_EVERY_ACTION | THE_AGENCYS_OWN,
    by_owners=True,
    form=ActionUpdate,
    needs=(
        it_is_theirs_to_update,
        only_reopening_leads_back,
        evidence_is_good_enough,
        evidence_is_described,
        submitted_evidence_is_there,
        what_is_reopened_is_wanted,
        evidence_is_referred_to,
        verifier_is_somebody_else,
        embedded_follows_verified,
        it_is_left_by_somebody_else,
        leaving_an_action_has_a_reason,
        what_is_in_its_way_is_said,
        nothing_is_waited_for_twice,
        it_does_not_wait_for_itself,
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

STEPS = (UPDATE_ACTION,)

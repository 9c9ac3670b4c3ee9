"""
The actions of a review: one is added, with its owner, its day, its priority and what it waits for.

A short form, from the referral on and after closing too: what is learnt on the first day is acted on then, and an
action may be agreed on the Panel's reply to a closed review.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from safeguarding.law.roles import ROLES
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Sealed, SealedOptional
from safeguarding.review.learning_entries import ActionAdded
from safeguarding.review.learnt import WILL_NOT, Action
from safeguarding.review.review import Review
from safeguarding.review.states import CLOSED_STATES, State
from safeguarding.review.step import BOTH, MANAGERS, OPEN_STATES, Attempt, Check, Outcome, Step

NEVER_TAKEN_UP = frozenset(
    {State.RETURNED_INCOMPLETE, State.REFERRAL_WITHDRAWN, State.REFERRED_ON, State.NOT_SERIOUS_CASE}
)
"""The ends of a case that was never taken up."""
ONCE_REFERRED = (OPEN_STATES | CLOSED_STATES) - NEVER_TAKEN_UP
"""The states in which an action is agreed: from the referral on, for what was learnt is acted on at once."""


Priority = Literal["high", "medium", "low"]
Blocking = Annotated[tuple[Annotated[str, From("actions")], ...], Field(max_length=20)]


class NewAction(Form):
    """One action: a specific step, its owner, its day, and the change it is to bring."""

    agency: Annotated[str, From("agencies")] = Field(title="Owner agency")
    owner: Annotated[str, From("people")] = Field(title="Owner")
    role: Annotated[str, From("roles")] | None = Field(
        default=None, title="In which role they own it", description="It stays with the role if the person leaves."
    )
    due_on: date = Field(title="Due on")
    agreed_on: date = Field(title="Agreed on")
    recommendation: Annotated[str, From("recommendations")] | None = Field(
        default=None, title="For which recommendation", description="Empty: for none that is on record."
    )
    lesson: Annotated[str, From("lessons")] | None = Field(
        default=None,
        title="Or for which lesson",
        description="Where a lesson is acted on at once, before anything is recommended.",
    )
    priority: Priority | None = Field(default=None, title="Priority")
    blocked_by: Blocking = Field(
        default=(), title="Which actions are done before it", description="None, where it waits for no other."
    )
    what: Sealed = Field(title="What is to be done")
    measure: Sealed = Field(title="How it will be seen to be done")
    change: SealedOptional = Field(default="", title="What is expected to change for children or adults")
    blocked: SealedOptional = Field(default="", title="What else is in its way")


def action_is_due_after_it_is_agreed(step: Attempt[NewAction]) -> Check:
    """The day it is due follows the day it was agreed."""
    return Check(step.form.due_on >= step.form.agreed_on, "the action is due before it was agreed")


def refused_by_the_partners(review: Review, recommendations: Iterable[str | None]) -> list[str]:
    """Of these recommendations those that will not be implemented."""
    named = set(recommendations)
    return [one.id for one in review.recommendations if one.id in named and one.decision == WILL_NOT]


def it_is_for_nothing_that_is_refused(step: Attempt[NewAction]) -> Check:
    """No action is agreed for a recommendation that will not be implemented."""
    return not_refused(refused_by_the_partners(step.review, [step.form.recommendation]))


def not_refused(refused: Sequence[str]) -> Check:
    """The condition that nothing is done for these recommendations, which will not be implemented."""
    words = f"{', '.join(refused)} will not be implemented: decide otherwise on it first"
    return Check(not refused, words)


def its_owner_holds_that_role(step: Attempt[NewAction]) -> Check:
    """Whoever owns an action in a role holds that role on the day."""
    return holds_the_role(step, step.form.owner, step.form.role)


def holds_the_role(step: Attempt[Any], owner: str, role: str | None) -> Check:
    """Whether the owner holds the role in which they are said to own an action; where none is said they do."""
    person = step.rulebook.partnership.known(owner)
    met = role is None or (person is not None and role in person.roles)
    return Check(met, f"«In which role they own it»: the owner is not {ROLES.get(role or '', role)} in the file")


def nothing_is_waited_for_twice(step: Attempt[Any]) -> Check:
    """Each action that is done before this one is named once."""
    named: Sequence[str] = step.form.blocked_by
    return Check(len(set(named)) == len(named), "chosen more than once: Which actions are done before it")


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
        lesson=form.lesson or "",
        role=form.role or "",
        priority=form.priority or "",
        blocked_by=form.blocked_by,
        blocked=bool(form.blocked),
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
        it_is_for_nothing_that_is_refused,
        its_owner_holds_that_role,
        nothing_is_waited_for_twice,
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


def action_of(step: Attempt[Any]) -> Action:
    """The action that a form is about. Its choice was judged when the form was read."""
    return known_action(step.review, step.form.action)


def known_action(review: Review, number: str) -> Action:
    """An action of a review by its number."""
    return next(action for action in review.actions if action.id == number)


def waited_for(review: Review, action: Action) -> tuple[str, ...]:
    """The actions that are done before this one and are not done yet."""
    undone = {one.id for one in review.actions if not one.done}
    return tuple(one for one in action.blocked_by if one in undone)


STEPS = (ADD_ACTION,)

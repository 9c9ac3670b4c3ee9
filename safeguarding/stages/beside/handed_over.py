"""
Somebody leaves, or gives up a part of their work: the actions that they own pass to a successor.

May happen at any time after the decision. Their dates stand; whoever takes over hears of them from then on.
The lead of an agency hands over its actions to its people, and whoever owns actions, whatever their role, their own;
the unit and the partners hand over every action. In which role the successor owns them is asked.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from safeguarding.law.person import Person
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.forms import Form, From, SealedOptional
from safeguarding.review.learning_entries import ActionChanged
from safeguarding.review.learnt import Action
from safeguarding.review.review import Review
from safeguarding.review.step import ANY_STATE, BOTH, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.beside.action_updates import THE_AGENCYS_OWN
from safeguarding.stages.beside.actions import holds_the_role
from safeguarding.stages.beside.their_own import serves

OF_EVERYBODY = MANAGERS | {"delegated_partner"}
"""
The roles that hand over every action of a review. The lead of an agency hands over its own, and an owner theirs, within
their agency.
"""


class HandOver(Form):
    """All actions of a review that somebody owns, and that are not done, pass to a successor."""

    leaver: Annotated[str, From("owners")] = Field(title="Who hands over")
    successor: Annotated[str, From("people")] = Field(title="Who takes over")
    role: Annotated[str, From("roles")] | None = Field(
        default=None, title="In which role they own them", description="Empty: in none. The leaver's role is not kept."
    )
    on: date = Field(title="Handed over on")
    note: SealedOptional = Field(default="", title="What was said about it")


def actions_of(review: Review, owner: str) -> tuple[Action, ...]:
    """The actions of a review that somebody owns and that are not done."""
    return tuple(action for action in review.actions if action.owner == owner and not action.done)


def somebody_else_takes_over(step: Attempt[HandOver]) -> Check:
    """Nobody hands over to themselves."""
    return Check(step.form.leaver != step.form.successor, "who hands over and who takes over are the same person")


def there_is_something_to_hand_over(step: Attempt[HandOver]) -> Check:
    """Whoever hands over owns an action that is not done."""
    mine = actions_of(step.review, step.form.leaver)
    return Check(bool(mine), "who hands over owns no action that is still to be done")


def the_successor_holds_that_role(step: Attempt[HandOver]) -> Check:
    """Whoever takes over in a role holds that role."""
    return holds_the_role(step, step.form.successor, step.form.role)


def it_is_theirs_to_hand_over(step: Attempt[HandOver]) -> Check:
    """Whoever owns actions hands over their own; the lead of an agency its actions besides, and no other agency's."""
    person = _for_no_other(step)
    if person is None:
        return Check(True, "")
    mine, partnership = actions_of(step.review, step.form.leaver), step.rulebook.partnership
    leads = bool(THE_AGENCYS_OWN & set(person.roles))
    others = [
        one.id for one in mine if one.owner != person.id and not (leads and serves(person, one.agency, partnership))
    ]
    words = "is of another agency than the signer's" if leads else "is somebody else's than the signer's"
    return Check(not others, f"{', '.join(others)} {words}: the unit or a partner hands it over")


def it_stays_in_their_agency(step: Attempt[HandOver]) -> Check:
    """Whoever is of an agency hands over to somebody of it: another agency is asked by the unit or a partner."""
    person, successor = _for_no_other(step), step.rulebook.partnership.known(step.form.successor)
    if person is None or successor is None:
        return Check(True, "")
    theirs = {agency for agency in (person.agency, *person.agencies) if agency}
    words = "who takes over is not of the signer's agency: the unit or a partner hands over to somebody else's"
    return Check(any(map(successor.serves, theirs)), words)


def _for_no_other(step: Attempt[HandOver]) -> Person | None:
    """The signer, where they sign as an owner or the lead of an agency and not for the unit or a partner besides."""
    person = step.rulebook.partnership.known(step.actor.person)
    return None if person is None or OF_EVERYBODY & set(person.roles) else person


def hand_over(step: Attempt[HandOver]) -> Outcome:
    """Another owner for each; no date moves."""
    form = step.form
    mine = actions_of(step.review, form.leaver)
    entries = tuple(
        ActionChanged(
            action=one.id,
            agency=one.agency,
            owner=form.successor,
            due_on=one.due_on,
            on=form.on,
            role=form.role or "",
        )
        for one in mine
    )
    return Outcome(entries=entries, facts={"was": {one.id: one.owner for one in mine}})


HAND_OVER = Step(
    name="hand_over",
    title="Actions handed over",
    button="Hand over actions",
    tracks=BOTH,
    sources=ANY_STATE,
    by=OF_EVERYBODY | THE_AGENCYS_OWN,
    by_owners=True,
    form=HandOver,
    needs=(
        somebody_else_takes_over,
        there_is_something_to_hand_over,
        it_is_theirs_to_hand_over,
        it_stays_in_their_agency,
        the_successor_holds_that_role,
        day_is_not_in_the_future("on"),
        day_is_not_before("on", "referral_received"),
    ),
    does=hand_over,
    kind="actions_handed_over",
    on_card=False,
)

STEPS = (HAND_OVER,)

"""
The doors beside the cards: one short form for each thing that may happen at any time.

The unit opens one in Prefect, presses Run and fills it in; an agency's return, an action, a corrected date.
"""

from __future__ import annotations

from typing import Any

from prefect import Flow, State, flow
from pydantic import BaseModel, Field, create_model

from flows.cards import short_form
from flows.cards.short_form import ShortForm
from flows.what_if import questions
from safeguarding.law.rulebook import Rulebook
from safeguarding.shown import card
from safeguarding.stages import STEPS


@flow(name="Open a referral", validate_parameters=False)
async def open_referral(form: dict[str, Any]) -> State[Any]:
    """Somebody told the partnership of a child or an adult: the review begins."""
    return await short_form.take("open_referral", form)


@flow(name="Ask agencies", validate_parameters=False)
async def ask_agencies(form: dict[str, Any]) -> State[Any]:
    """Ask agencies in writing for information, a report, or a check of a draft."""
    return await short_form.take("ask_agencies", form)


@flow(name="Record a return", validate_parameters=False)
async def record_return(form: dict[str, Any]) -> State[Any]:
    """An agency answered; a nil return is an answer."""
    return await short_form.take("record_return", form)


@flow(name="Record an acknowledgement", validate_parameters=False)
async def acknowledge_request(form: dict[str, Any]) -> State[Any]:
    """An agency said that it has a request. It is waited for and chased as before."""
    return await short_form.take("acknowledge_request", form)


@flow(name="Record a meeting", validate_parameters=False)
async def record_meeting(form: dict[str, Any]) -> State[Any]:
    """A meeting of a review was held."""
    return await short_form.take("record_meeting", form)


@flow(name="Record something done", validate_parameters=False)
async def record_done(form: dict[str, Any]) -> State[Any]:
    """Something owed was sent or done: it settles its clock."""
    return await short_form.take("record_done", form)


@flow(name="Add an action", validate_parameters=False)
async def add_action(form: dict[str, Any]) -> State[Any]:
    """An action of the plan: its owner, its day, its measure."""
    return await short_form.take("add_action", form)


@flow(name="Update an action", validate_parameters=False)
async def update_action(form: dict[str, Any]) -> State[Any]:
    """How an action stands, on what evidence."""
    return await short_form.take("update_action", form)


@flow(name="Correct a date", validate_parameters=False)
async def correct_date(form: dict[str, Any]) -> State[Any]:
    """A date in the record was wrong: both stay, and what was counted from it is counted again."""
    return await short_form.take("correct_date", form)


@flow(name="Record a deferral", validate_parameters=False)
async def record_deferral(form: dict[str, Any]) -> State[Any]:
    """A statutory date will not be met: the reasons, to whom they went. The date stands."""
    return await short_form.take("record_deferral", form)


@flow(name="Suspend a local date", validate_parameters=False)
async def suspend_deadline(form: dict[str, Any]) -> State[Any]:
    """A local date stands still, because somebody asked; what is left is kept to the day. Never a date of the law."""
    return await short_form.take("suspend_deadline", form)


@flow(name="Look at a suspension again", validate_parameters=False)
async def keep_suspended(form: dict[str, Any]) -> State[Any]:
    """A suspension was looked at and goes on, until another day."""
    return await short_form.take("keep_suspended", form)


@flow(name="Resume a suspended date", validate_parameters=False)
async def resume_deadline(form: dict[str, Any]) -> State[Any]:
    """A suspended date goes on: what was left is counted from this day."""
    return await short_form.take("resume_deadline", form)


@flow(name="Count the dates again", validate_parameters=False)
async def recompute_dates(form: dict[str, Any]) -> State[Any]:
    """Bank holidays or a number changed: the dates of one review that move take the place of the old ones."""
    return await short_form.take("recompute_dates", form)


@flow(name="Move to another edition", validate_parameters=False)
async def move_to_edition(form: dict[str, Any]) -> State[Any]:
    """A later edition took effect and the partners chose it for one review: its clocks are counted again."""
    return await short_form.take("move_to_edition", form)


@flow(name="Reopen a review", validate_parameters=False)
async def reopen(form: dict[str, Any]) -> State[Any]:
    """New information on a closed review: it goes on from where it was."""
    return await short_form.take("reopen", form)


@flow(name="Take a publication down", validate_parameters=False)
async def take_down(form: dict[str, Any]) -> State[Any]:
    """A published text leaves the public page, after its year or by a legal decision."""
    return await short_form.take("take_down", form)


FLOWS: dict[str, Flow[..., Any]] = {
    "open_referral": open_referral,
    "ask_agencies": ask_agencies,
    "record_return": record_return,
    "acknowledge_request": acknowledge_request,
    "record_meeting": record_meeting,
    "record_done": record_done,
    "add_action": add_action,
    "update_action": update_action,
    "correct_date": correct_date,
    "record_deferral": record_deferral,
    "suspend_deadline": suspend_deadline,
    "keep_suspended": keep_suspended,
    "resume_deadline": resume_deadline,
    "recompute_dates": recompute_dates,
    "move_to_edition": move_to_edition,
    "reopen": reopen,
    "take_down": take_down,
}
"""The flow of every step that is not on a card. A test holds this to the steps declared so."""


def short_forms(rulebook: Rulebook) -> list[ShortForm]:
    """Every short form, its choices drawn from the partnership's file."""
    steps = [
        ShortForm(command=name, flow=flow, form=_form(name, rulebook), description=str(flow.fn.__doc__))
        for name, flow in FLOWS.items()
    ]
    return [*steps, *questions(rulebook)]


def _form(name: str, rulebook: Rulebook) -> type[BaseModel]:
    signed = card.signed_form(STEPS[name], None, rulebook)
    if name == "open_referral":
        return signed
    referenced = create_model(
        f"{name}_referenced",
        reference=(
            str,
            Field(title="Review", description="Its reference, such as CSPR-2026-003.", pattern=r"^[A-Z]+-\d{4}-\d+$"),
        ),
    )
    return create_model(name, __base__=(signed, referenced), __doc__=STEPS[name].form.__doc__)

"""
An agency takes part in one review only: a short form, so that nobody adds it to the partnership's file.
"""

from __future__ import annotations

from typing import Any

from prefect import State, flow

from flows.cards import unit_form
from flows.cards.desk import Desk
from flows.cards.short_form import ShortForm
from safeguarding.dates.london import now
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.step import MANAGERS
from safeguarding.shown import card
from safeguarding.staff.of_one_review import NAME_AGENCY, AgencyOfOneReview
from tasks.record import staff


@flow(name="Name an agency of one review", validate_parameters=False)
async def name_agency(form: dict[str, Any]) -> State[Any]:
    """An agency that stands not in the file takes part in one review: who is asked there. Then ask it as any other."""
    return await unit_form.take(NAME_AGENCY, form, _named)


def _named(desk: Desk, fields: dict[str, Any]) -> str:
    raw, actor = card.unsigned(fields)
    agency = staff.name_for_one(desk.installation, raw, actor, now())
    return f"Named, under the id {agency}. It is offered by *Ask agencies* in that review, and in no other."


def forms(rulebook: Rulebook) -> list[ShortForm]:
    """The form, signed by somebody of the unit."""
    form = unit_form.signed(NAME_AGENCY, AgencyOfOneReview, rulebook, by=MANAGERS)
    return [ShortForm(command=NAME_AGENCY, flow=name_agency, form=form, description=str(name_agency.fn.__doc__))]

"""
Somebody is back early: a short form, the other half of marking them away.
"""

from __future__ import annotations

from typing import Any

from prefect import State, flow

from flows.cards import unit_form
from flows.cards.short_form import ShortForm
from safeguarding.law.rulebook import Rulebook
from safeguarding.staff.absences import BackAgain

NAME = "mark_back"


@flow(name="Mark a person back", validate_parameters=False)
async def mark_back(form: dict[str, Any]) -> State[Any]:
    """Somebody is back before the last day of their absence: they hear again themselves."""
    return await unit_form.take(NAME, form, unit_form.mark(NAME))


def forms(rulebook: Rulebook) -> list[ShortForm]:
    """The form, its people those who serve today."""
    form = unit_form.signed(NAME, BackAgain, rulebook)
    return [ShortForm(command=NAME, flow=mark_back, form=form, description=str(mark_back.fn.__doc__))]

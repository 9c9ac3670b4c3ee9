"""
Somebody is away for a time: a short form, so that nobody edits a file or starts anything again.
"""

from __future__ import annotations

from typing import Any

from prefect import State, flow

from flows.cards import unit_form
from flows.cards.short_form import ShortForm
from safeguarding.law.rulebook import Rulebook
from safeguarding.staff.absences import Absence

NAME = "mark_away"


@flow(name="Mark a person away", validate_parameters=False)
async def mark_away(form: dict[str, Any]) -> State[Any]:
    """Somebody is away: whoever covers hears in their place, from the first day to the last."""
    return await unit_form.take(NAME, form, unit_form.mark(NAME))


def forms(rulebook: Rulebook) -> list[ShortForm]:
    """The form, its people those who serve today."""
    form = unit_form.signed(NAME, Absence, rulebook)
    return [ShortForm(command=NAME, flow=mark_away, form=form, description=str(mark_away.fn.__doc__))]

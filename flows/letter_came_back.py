"""
A letter that the mail server took has come back: a short form, beside the command `safeguarding came-back`.
"""

from __future__ import annotations

import re
from typing import Any

from prefect import State, flow
from pydantic import Field, create_model

from flows.cards import unit_form
from flows.cards.desk import Desk
from flows.cards.short_form import ShortForm
from safeguarding.dates.london import now
from safeguarding.errors import TransitionRefused
from tasks.post import came_back

NAME = "letter_came_back"
NUMBERS = re.compile(r"\s*[0-9]{1,9}(\s*[, ]\s*[0-9]{1,9}){0,49}\s*")
"""Up to fifty numbers with commas or spaces between."""
ASKED = "give the number of the letter, or several with commas between: the delivery report and its header have it"


@flow(name="A letter came back", validate_parameters=False)
async def letter_came_back(form: dict[str, Any]) -> State[Any]:
    """A letter came back after the mail server took it: it is open again, and the business manager is told."""
    return await unit_form.take(NAME, form, _reported)


def _reported(desk: Desk, fields: dict[str, Any]) -> str:
    """Open again what came back. Raises TransitionRefused for what is no number, or of no letter that left."""
    if reasons := unmet(fields):
        raise TransitionRefused("the letters", NAME, reasons)
    reports = [came_back.Report(number) for number in _numbers(fields)]
    installation = desk.installation
    engine, partnership = installation.records.engine, installation.rulebook.partnership
    answers = came_back.report(engine, reports, partnership, now())
    desk.told()
    if untaken := [answer.words for answer in answers if not answer.taken]:
        raise TransitionRefused("the letters", NAME, tuple(untaken))
    again = sum(answer.outcome == "open again" for answer in answers)
    return f"{again} open again, {len(answers) - again} known already: see the delivery report."


def _numbers(fields: dict[str, Any]) -> list[int]:
    return [int(number) for number in re.findall("[0-9]+", str(fields.get("numbers", "")))]


def unmet(fields: dict[str, Any]) -> tuple[str, ...]:
    """What is wrong with the answer, in words; nothing if it can be looked up."""
    given = fields.get("numbers")
    return () if isinstance(given, str) and NUMBERS.fullmatch(given) else (ASKED,)


def forms() -> list[ShortForm]:
    """The form: the numbers of the letters, and nothing about anybody."""
    form = create_model(
        NAME,
        __doc__="Which letters came back? Each has its number in the header X-Safeguarding-Notice of the report.",
        numbers=(str, Field(title="Numbers of the letters", description="Such as 214, or 214, 215.", max_length=500)),
    )
    return [ShortForm(command=NAME, flow=letter_came_back, form=form, description=str(letter_came_back.fn.__doc__))]

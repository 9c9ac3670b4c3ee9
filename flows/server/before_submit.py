"""
A form is tried against the record while its dialog is still open, so that a refusal costs nobody what was typed.

Prefect's page asks its server to check a form when Submit is pressed, and again after each change while something is
wrong. Here the record's own conditions join that check. The answers go no further: nothing of them is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.cards import dialog
from flows.cards.desk import current_desk
from flows.cards.nothing_typed import account_of
from flows.cards.short_form import PARAMETER
from safeguarding.errors import NoSuchReview
from safeguarding.stages import STEPS

log = logging.getLogger("safeguarding.rehearsal")


@dataclass(frozen=True, slots=True)
class FormRefused:
    """What the record says no to: the question of the form under which it is shown, and every reason."""

    question: str
    reasons: Sequence[str]

    @property
    def words(self) -> str:
        """The refusal as the page shows it: one text, for of several it would show the first alone."""
        return "\n".join(["Refused, and nothing was changed:", *(f"• {reason}" for reason in self.reasons)])


def refusal(schema: Mapping[str, Any], values: Mapping[str, Any]) -> FormRefused | None:
    """
    What refuses a form's answers now; None if they would be taken.

    `schema` says whose form it is: a card's carries the reference as its title, a short form the name of its step.
    Any other form is none of ours. What goes wrong here stands in nobody's way: the step itself is still to come.
    """
    asked = schema.get("properties") or {}
    try:
        if dialog.STEP in asked:
            chosen = dialog.answer(values)
            reference = str(schema.get("title") or "")
            reasons = current_desk().unmet(reference, chosen.command, dict(chosen.fields), chosen.made_on)
            return FormRefused(dialog.STEP, reasons) if reasons else None
        command = str((asked.get(PARAMETER) or {}).get("$ref", "")).rpartition("/")[2]
        if command in STEPS:
            return _of_short_form(command, dict(values[PARAMETER]))
    except Exception as error:  # noqa: BLE001  the step itself will say what is wrong
        log.warning("a form could not be tried: %s", account_of(error))
    return None


def _of_short_form(command: str, fields: dict[str, Any]) -> FormRefused | None:
    try:
        reasons = current_desk().unmet(str(fields.pop("reference", "")) or None, command, fields, None)
    except NoSuchReview as error:  # somebody typed it
        reasons = [str(error)]
    return FormRefused(PARAMETER, reasons) if reasons else None

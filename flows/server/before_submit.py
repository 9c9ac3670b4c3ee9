"""
A form is checked while its dialog is still open, so that a refusal costs nobody what was typed.

Prefect's page asks its server to check a form when Submit is pressed, and again after each change while something is
wrong. For our own forms the front answers: what is missing stands under its question; and once a form has every answer,
the record is asked whether it would take them. The answers go no further: nothing of them is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from flows import letter_came_back
from flows.cards import dialog, unit_form
from flows.cards.desk import current_desk
from flows.cards.short_form import PARAMETER
from safeguarding.errors import NoSuchReview
from safeguarding.review.answers import says_nothing
from safeguarding.stages import STEPS
from tasks.events.nothing_typed import account_of
from tasks.record import staff
from tasks.record.new_reviews import NEW

log = logging.getLogger("safeguarding.before_submit")

NEEDED = "An answer is needed here."
UNFIT = "This answer does not fit."
TOO_LARGE = "This form holds more than one can. Nothing was recorded: shorten the longest answers, then submit again."
CHANGED = "The review has moved on since this form was opened: copy what you typed, close this and press Resume again."

INSIDE = "#/definitions/"
NEVER_DRAWN = frozenset(
    {"pattern", "patternProperties", "$dynamicRef", "$id", "$anchor", "if", "not", "allOf", "oneOf", "dependentSchemas"}
)
"""What stands in no form of ours: each could lead a check elsewhere, or keep it busy."""
DEEPEST_FORM = 12
"""Levels of a schema; ours have eight."""

PageAnswer = dict[str, Any]
"""What Prefect's page reads: `valid`, and `errors` by `property` or `index`, one inside the other."""


@dataclass(frozen=True, slots=True)
class FormRefused:
    """What the record says no to: the question of the form under which it is shown, and every reason."""

    question: str
    reasons: Sequence[str]

    @property
    def words(self) -> str:
        """The refusal as the page shows it: one text, for of several it would show the first alone."""
        return "\n".join(["Refused, and nothing was changed:", *(f"• {reason}" for reason in self.reasons)])


def checked(schema: Mapping[str, Any], values: Mapping[str, Any], *, with_record: bool) -> PageAnswer | None:
    """
    What is wrong with the answers to a form of ours, as Prefect's page reads it; None for any other form.

    `with_record`: whether the record is asked too, once nothing is missing.
    """
    asked = schema.get("properties")
    question = next((name for name in (dialog.STEP, PARAMETER) if isinstance(asked, Mapping) and name in asked), None)
    if question is None:
        return None
    try:
        errors = _errors_of_card(schema, values) if question == dialog.STEP else _errors_of_short_form(schema, values)
    except Exception as error:  # noqa: BLE001  the form that came along is none that this program draws
        log.warning("a form could not be checked: %s", account_of(error))
        errors = [UNFIT]
    if not errors and with_record and (refused := refusal(schema, values)):
        errors = [refused.words]
    if not errors:
        return {"valid": True, "errors": []}
    return {"valid": False, "errors": [{"property": question, "errors": errors}]}


# --------------------------------------------------------------------------- what is missing or does not fit


def _errors_of_card(schema: Mapping[str, Any], values: Mapping[str, Any]) -> list[Any]:
    """The errors of the one step that was chosen: of the others nothing was asked."""
    definitions = schema.get("definitions") or {}
    try:
        chosen = dialog.answer(values)
    except dialog.NothingChosen:
        return [NEEDED if not values.get(dialog.STEP) else CHANGED]
    own = definitions.get(chosen.command)
    given = values[dialog.STEP]
    if own is None or not set(given) <= set(own["properties"]):
        return [CHANGED]
    return _errors({**own, "definitions": definitions}, given)


def _errors_of_short_form(schema: Mapping[str, Any], values: Mapping[str, Any]) -> list[Any]:
    given = values.get(PARAMETER)
    if not isinstance(given, Mapping):
        return [NEEDED]
    asked = schema["properties"][PARAMETER]
    return _errors({"definitions": schema.get("definitions") or {}, **asked}, given)


def _errors(schema: Mapping[str, Any], given: Mapping[str, Any]) -> list[Any]:
    _drawn_by_us(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    found: list[Any] = []
    needed = schema.get("required") or ()
    # A form inside this one that need not be answered is drawn like any other, and sent with its empty boxes.
    said = {name: value for name, value in given.items() if name in needed or not says_nothing(value)}
    for error in validator.iter_errors(_answered(said)):
        for path in _paths(error):
            _put(found, path, NEEDED if error.validator == "required" else UNFIT)
    return found


class _NoFormOfOurs(ValueError):
    """A schema that asks for more than ours ever do."""


def _drawn_by_us(schema: Any) -> None:
    """
    The schema comes back with the answers, and anybody may send one: it leads nowhere and costs nothing to check.

    Raises _NoFormOfOurs for one that refers outside itself, holds patterns or branches out.
    """
    layer, depth = [schema], 0
    while layer:
        below: list[Any] = []
        for part in layer:
            if isinstance(part, Mapping):
                away = not str(part.get("$ref", INSIDE)).startswith(INSIDE)
                spread = any("$ref" in one for one in part.get("anyOf", ()) if isinstance(one, Mapping))
                if away or spread or not NEVER_DRAWN.isdisjoint(part):
                    raise _NoFormOfOurs
                below += part.values()
            elif isinstance(part, list):
                below += part
        layer, depth = below, depth + 1
        if depth > DEEPEST_FORM:
            raise _NoFormOfOurs


def _answered(given: Any) -> Any:
    """The answers without those that the page sends as nothing: a question left alone is not answered with «null»."""
    if isinstance(given, Mapping):
        return {name: _answered(value) for name, value in given.items() if value is not None}
    return [_answered(value) for value in given] if isinstance(given, list) else given


def _paths(error: ValidationError) -> Iterator[list[str | int]]:
    """The question that an error is about; a missing answer is about each question that lacks one."""
    path: list[str | int] = list(error.absolute_path)
    if error.validator != "required":
        yield path
        return
    for name in error.validator_value:
        if name not in error.instance:
            yield [*path, name]


def _put(errors: list[Any], path: Sequence[str | int], words: str) -> None:
    """Add an error under its question, as Prefect's page nests them."""
    if not path:
        if words not in errors:
            errors.append(words)
        return
    kind = "index" if isinstance(path[0], int) else "property"
    entry = next((one for one in errors if isinstance(one, dict) and one.get(kind) == path[0]), None)
    if entry is None:
        entry = {kind: path[0], "errors": []}
        errors.append(entry)
    _put(entry["errors"], path[1:], words)


# --------------------------------------------------------------------------- what the record says


def refusal(schema: Mapping[str, Any], values: Mapping[str, Any]) -> FormRefused | None:
    """
    What refuses a form's answers now; None if they would be taken.

    `schema` says whose form it is: a card's carries the reference as its title, a short form the name of its step.
    What goes wrong here stands in nobody's way: the step itself is still to come.
    """
    asked = schema.get("properties") or {}
    try:
        if dialog.STEP in asked:
            chosen = dialog.answer(values)
            reference = str(schema.get("title") or "")
            reasons = current_desk().unmet(reference, chosen.command, dict(chosen.fields), chosen.made_on)
            return FormRefused(dialog.STEP, reasons) if reasons else None
        command = str((asked.get(PARAMETER) or {}).get("$ref", "")).rpartition("/")[2]
        if command in (*staff.MARKINGS, letter_came_back.NAME):
            return _of_unit_form(command, dict(values[PARAMETER]))
        if command in STEPS:
            return _of_short_form(command, dict(values[PARAMETER]))
    except Exception as error:  # noqa: BLE001  the step itself will say what is wrong
        log.warning("a form could not be tried: %s", account_of(error))
    return None


def _of_unit_form(command: str, fields: dict[str, Any]) -> FormRefused | None:
    """A form that concerns no review."""
    of_letters = command == letter_came_back.NAME
    reasons = letter_came_back.unmet(fields) if of_letters else unit_form.unmet(command, fields)
    return FormRefused(PARAMETER, reasons) if reasons else None


def _of_short_form(command: str, fields: dict[str, Any]) -> FormRefused | None:
    try:
        given = fields.pop("reference", "")
        reference = given if isinstance(given, str) else ""
        if not reference and command not in NEW:
            return FormRefused(PARAMETER, ["Review: its reference is needed, such as CSPR-2026-003"])
        reasons = current_desk().unmet(reference or None, command, fields, None)
    except NoSuchReview as error:  # somebody typed it
        reasons = [str(error)]
    return FormRefused(PARAMETER, reasons) if reasons else None

"""
What a manager sees when she presses Resume: one choice of steps, and the fields of the step she picks.

Prefect draws the dialog from a JSON schema. This module makes that schema from the forms of the steps that are
permitted now, and turns what comes back into the name of the step and the answer to its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

STEP = "step"
_FIELD = re.compile(r"(?P<command>[a-z][a-z0-9_]*?)__v(?P<version>\d+)__(?P<field>\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOffered:
    """One step a manager may take now: its name in the record, the words on its button, its form."""

    command: str
    title: str
    form: type[BaseModel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What was submitted: which step, drawn from which version of the review, and its fields as they came."""

    command: str
    made_on: int
    fields: Mapping[str, Any]


class AsDrawn(GenerateJsonSchema):
    """
    A form as Prefect's page understands it.

    What the page drops before it checks an answer would be refused after it, in the server's words and not in ours: so
    no rule about lengths, patterns, limits or further fields is said here, and the step's own form holds them all.
    """

    def nullable_schema(self, schema: Any) -> JsonSchemaValue:
        """What may be left out is drawn as itself: the page would draw a pair of buttons, «date» and «None»."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        """A default of nothing is not said: the field is empty."""
        if self.get_default_value(schema) is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        """A form says what it asks, and not that it asks no more."""
        return {name: said for name, said in super().model_schema(schema).items() if name != "additionalProperties"}

    def update_with_validations(self, json_schema: JsonSchemaValue, core_schema: Any, mapping: dict[str, str]) -> None:
        """No length, pattern or limit."""


class NothingChosen(ValueError):
    """A form came back without a step: the words never include what was submitted."""


def schema(choices: Iterable[StepOffered], version: int, reference: str = "") -> dict[str, Any]:
    """
    The JSON schema of the dialog of this review, drawn from this version of it. The reference is its title.

    Two habits of Prefect's page decide its shape. It shows the button of the option that shares most field names
    with the answer so far, so a field carries the name of its step. And it draws `str | None` as a pair of type
    buttons, so an optional field is drawn as the field itself. The version is in the names too
    (`withdraw__v12__reason`): a form that stood open while the review moved on cannot pass for a new one.
    """
    definitions: dict[str, Any] = {}
    options = []
    for choice in choices:
        definitions[choice.command] = _drawn(choice, version, definitions)
        options.append({"$ref": f"#/definitions/{choice.command}"})
    return {
        "title": reference,
        "type": "object",
        "properties": {STEP: {"title": "What happens now?", "anyOf": options}},
        "required": [STEP],
        "definitions": definitions,
    }


def answer(submitted: Mapping[str, Any] | None) -> Submitted:
    """
    Which step was chosen, its fields under their own names, and the version of the review they were drawn from.

    Raises NothingChosen when no step, or more than one, can be told from what came back.
    """
    given = (submitted or {}).get(STEP)
    if not isinstance(given, Mapping) or not given:
        raise NothingChosen("no step was chosen")
    named = [(_FIELD.fullmatch(name), value) for name, value in given.items()]
    found = {(match["command"], int(match["version"])) for match, _ in named if match}
    if len(found) != 1:
        raise NothingChosen("the answers are not those of one step")
    command, version = found.pop()
    return Submitted(
        command=command, made_on=version, fields={match["field"]: value for match, value in named if match}
    )


def submission(command: str, version: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse of `answer`: what the page sends for these fields (the command line and tests resume so)."""
    return {STEP: {_named(command, version, name): value for name, value in fields.items()}}


def _named(command: str, version: int, field: str) -> str:
    return f"{command}__v{version}__{field}"


def _drawn(choice: StepOffered, version: int, definitions: dict[str, Any]) -> dict[str, Any]:
    own = _own(choice.form, f"#/definitions/{choice.command}--{{model}}")
    definitions.update({f"{choice.command}--{name}": nested for name, nested in own.get("$defs", {}).items()})
    return {
        "title": choice.title,
        "description": own.get("description", ""),
        "type": "object",
        "properties": {
            _named(choice.command, version, name): field for name, field in own.get("properties", {}).items()
        },
        "required": [_named(choice.command, version, name) for name in own.get("required", ())],
    }


@lru_cache(maxsize=256)
def _own(form: type[BaseModel], where: str) -> Mapping[str, Any]:
    """The schema of one form, which stays as it is as long as the class does; its inner forms refer to `where`."""
    own = form.model_json_schema(ref_template=where, schema_generator=AsDrawn)
    _leave_open(own)
    return own


def _leave_open(own: dict[str, Any]) -> None:
    """
    A form inside another that need not be answered demands nothing: the page sends its boxes also where they are empty,
    and Prefect would refuse them. What is half filled the record refuses, by the question that lacks.
    """
    needed = set(own.get("required", ()))
    of_needed = [field for name, field in own.get("properties", {}).items() if name in needed]
    of_others = [field for name, field in own.get("properties", {}).items() if name not in needed and "$ref" in field]
    for name in _inside(of_others, own) - _inside(of_needed, own):
        own["$defs"][name].pop("required", None)


def _inside(parts: list[Any], own: Mapping[str, Any]) -> set[str]:
    """The names of every form drawn inside these parts."""
    found: set[str] = set()
    waiting = list(parts)
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            name = str(part.get("$ref", "")).rpartition("/")[2].rpartition("--")[2]
            if name in own.get("$defs", {}) and name not in found:
                found.add(name)
                waiting.append(own["$defs"][name])
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return found


def plain(form: type[BaseModel]) -> dict[str, Any]:
    """The schema of one form with its own field names, for a deployment of its own."""
    own = form.model_json_schema(ref_template="#/definitions/{model}", schema_generator=AsDrawn)
    _leave_open(own)
    definitions = own.pop("$defs", {})
    return {**own, "definitions": definitions}

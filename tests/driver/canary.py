"""Words that stand for the name of a child, planted wherever a form takes free text, to be looked for afterwards."""

from __future__ import annotations

from typing import Any

from driver.page import Json

CANARY = "Nightjar"
"""Fits a reference field too, so that it can be planted everywhere."""


def planted(sent: Any, drawn: Json, named: Json, words: str = CANARY) -> Any:
    """The same answer with the canary in every field that takes free text, given or not."""
    if "$ref" in drawn:
        drawn = named[str(drawn["$ref"]).rsplit("/", 1)[-1]]
    if "properties" in drawn:
        fields = drawn["properties"]
        return {
            name: planted(sent.get(name), field, named, words)
            for name, field in fields.items()
            if name in sent or free_text(field)
        }
    if isinstance(sent, list):
        return [planted(one, drawn["items"], named, words) for one in sent]
    return words if free_text(drawn) else sent


def free_text(field: Json) -> bool:
    """Whether a field takes whatever is typed."""
    return field.get("type") == "string" and "enum" not in field and "format" not in field

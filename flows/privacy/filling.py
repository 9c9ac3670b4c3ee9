"""
Forms filled in as the page sends them, with a word in everything that takes free text: the example's answers, in the
words of the form as it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flows.demo.answers import answer, signer
from safeguarding.review.choices import key_of
from safeguarding.review.forms import Form, is_sealed, nested_form
from safeguarding.review.review import Review
from safeguarding.stages import STEPS

Json = dict[str, Any]

LEFT_EMPTY = frozenset({"not_serious_after_all"})
"""Questions that the example's answers contradict: with a word in one the step would be refused."""


def as_offered(given: Any, drawn: Json, named: Json) -> Any:
    """An answer of the example in the words of the form as drawn: labels for keys, ISO for days, nothing for None."""
    if "$ref" in drawn:
        drawn = named[str(drawn["$ref"]).rsplit("/", 1)[-1]]
    if isinstance(given, Mapping):
        fields = drawn.get("properties", {})
        return {k: as_offered(v, fields.get(k, {}), named) for k, v in given.items() if v is not None}
    if isinstance(given, (list, tuple)):
        return [as_offered(one, drawn.get("items", {}), named) for one in given]
    if isinstance(given, date):
        return given.isoformat()
    choices = drawn.get("enum", [drawn["const"]] if "const" in drawn else [])
    return next((choice for choice in choices if given not in choices and key_of(str(choice)) == given), given)


def filled(step: str, review: Review | None, day: date, **changes: Any) -> Json:
    """The example's answer to the form of a step, signed."""
    return {**answer(step, review, day, **changes), "signed_by": signer(STEPS[step].by).person}


def planted(sent: Any, drawn: Json, named: Json, words: str) -> Any:
    """The same answer with these words in every field that takes free text, given or not."""
    if "$ref" in drawn:
        drawn = named[str(drawn["$ref"]).rsplit("/", 1)[-1]]
    if "properties" in drawn:
        fields = drawn["properties"]
        return {
            name: sent[name] if _left_empty(name) else planted(sent.get(name), field, named, words)
            for name, field in fields.items()
            if name in sent or (free_text(field) and not _left_empty(name))
        }
    if isinstance(sent, list):
        return [planted(one, drawn["items"], named, words) for one in sent]
    return words if free_text(drawn) else sent


def _left_empty(name: str) -> bool:
    """By its name in the form, or on a card, where the step and the version stand before it."""
    return name.rpartition("__")[2] in LEFT_EMPTY


def free_text(field: Json) -> bool:
    """Whether a field takes whatever is typed."""
    return field.get("type") == "string" and not {"enum", "const", "format"} & field.keys()


def sealed(form: type[Form], given: Mapping[str, Any], words: str) -> Json:
    """The same answers with these words in all the text that the record seals, and in nothing else."""
    said = dict(given)
    for name, info in form.model_fields.items():
        inner, value = nested_form(info), said.get(name)
        if name in LEFT_EMPTY:
            continue
        if is_sealed(form, name):
            said[name] = words
        elif inner is not None and isinstance(value, Mapping):
            said[name] = sealed(inner, value, words)
        elif inner is not None and isinstance(value, (list, tuple)):
            said[name] = [sealed(inner, one, words) for one in value]
    return said

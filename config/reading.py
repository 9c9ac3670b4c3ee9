"""Reading the files: YAML and JSON into checked values, or into faults that name the file and the key."""

from __future__ import annotations

import json
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from safeguarding.errors import Fault

M = TypeVar("M", bound=BaseModel)

PLAIN_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a key that is known here: misspelt, or in the wrong place",
}


_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Plain values only; the same loader in C where the wheel has it."""


def _plain(text: str) -> Any:
    """The values of a YAML text. A key given twice is a fault, and not the last one silently."""
    loader = _SAFE(text)
    try:
        node = loader.get_single_node()
        _refuse_keys_given_twice(node)
        return None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _refuse_keys_given_twice(node: Any) -> None:
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            _refuse_keys_given_twice(entry)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        if key.value in seen:
            raise yaml.MarkedYAMLError(problem=f"the key '{key.value}' is given twice", problem_mark=key.start_mark)
        seen.add(str(key.value))
        _refuse_keys_given_twice(value)


def read_yaml(file: Traversable, name: str, faults: list[Fault]) -> dict[str, Any] | None:
    """The mapping that a YAML file holds, or None with the fault added."""
    text = _text(file, name, faults)
    if text is None:
        return None
    try:
        data = _plain(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f"line {mark.line + 1}" if mark else "(file)"
        faults.append(Fault(name, line, f"is not YAML that can be read: {error.problem}"))
        return None
    return _mapping_only(data, name, faults)


def read_json(file: Traversable, name: str, faults: list[Fault]) -> dict[str, Any] | None:
    """The object that a JSON file holds, or None with the fault added."""
    text = _text(file, name, faults)
    if text is None:
        return None
    try:
        return _mapping_only(json.loads(text), name, faults)
    except json.JSONDecodeError as error:
        faults.append(Fault(name, f"line {error.lineno}", f"is not JSON that can be read: {error.msg}"))
        return None


def _text(file: Traversable, name: str, faults: list[Fault]) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(name, "(file)", f"cannot be read: {error}"))
        return None


def _mapping_only(data: Any, name: str, faults: list[Fault]) -> dict[str, Any] | None:
    if isinstance(data, dict):
        return data
    faults.append(Fault(name, "(file)", "must hold keys with values"))
    return None


def validated(model: type[M], data: Any, name: str, faults: list[Fault], under: str = "") -> M | None:
    """The value, or None with every fault of it added, each under its key."""
    if data is None:
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        for fault in found:
            inside = [f for f in found if f["loc"][: len(fault["loc"])] == fault["loc"] and f is not fault]
            if fault["type"] == "too_short" and inside:
                continue  # an entry that failed is named itself; that the list is then empty says nothing more
            key = _key(fault["loc"], data, under)
            faults.append(Fault(name, key or "(file)", _words(fault["type"], fault["msg"], fault["input"])))
        return None


def _key(path: tuple[int | str, ...], data: Any, under: str) -> str:
    """The path to a key as a reader finds it: `people[alex_example].email`."""
    key = under
    for part in path:
        data = data[part] if isinstance(data, dict) and part in data else _entry(data, part)
        if isinstance(part, int):
            name = data.get("id") or data.get("name") if isinstance(data, dict) else None
            key += f"[{name or part}]"
        else:
            key += f".{part}" if key else part
    return key


def _entry(data: Any, part: int | str) -> Any:
    return data[part] if isinstance(data, list) and isinstance(part, int) and part < len(data) else None


def _words(kind: str, message: str, given: Any) -> str:
    if kind in PLAIN_WORDS:
        return PLAIN_WORDS[kind]
    words = message.removeprefix("Value error, ")
    if isinstance(given, str | int | float | bool):
        return f"{words[:1].lower()}{words[1:]} (it says: {given})"
    return f"{words[:1].lower()}{words[1:]}"

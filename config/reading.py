"""Reading the files: YAML and JSON into checked values, or into faults that name the file and the key."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from config import bounded_files
from config.encodings import Unreadable, letters
from safeguarding.as_typed import A_DAY, A_NUMBER
from safeguarding.errors import Fault
from safeguarding.law.own_milestone import OWN_ID
from safeguarding.law.person import PART_OF_A_SETTING
from safeguarding.law.pseudonyms import PSEUDONYM, PSEUDONYM_WORDS
from safeguarding.law.rule import RULE_ID
from safeguarding.values import ID

M = TypeVar("M", bound=BaseModel)

PLAIN_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a key that is known here: misspelt, or in the wrong place",
    "invalid_key": "is not a key that is known here: a key is a word",
    "string_type": "give words: put them in quotes if they look like a number or like yes or no",
    "date_from_datetime_parsing": A_DAY,
    "date_from_datetime_inexact": A_DAY,
    "date_parsing": A_DAY,
    "date_type": A_DAY,
    "int_type": A_NUMBER,
    "int_parsing": A_NUMBER,
    "int_parsing_size": A_NUMBER,
    "int_from_float": A_NUMBER,
    "float_type": "give a number, such as 0.5",
    "float_parsing": "give a number, such as 0.5",
    "bool_type": "answer yes or no",
    "bool_parsing": "answer yes or no",
    "string_too_short": "is empty, or holds nothing that can be seen",
    "string_unicode": "holds half of a character: type it again",
    "model_type": "must hold keys with values",
    "model_attributes_type": "must hold keys with values",
    "too_short": "is empty: at least 1 item belongs here",
    "tuple_type": "must be a list: each entry on its own line, after a dash and a space",
}
PATTERNS = {
    PSEUDONYM: PSEUDONYM_WORDS,
    RULE_ID: "is written local.c.name, local.a.name of adults or local.x.name of both: small letters, figures and _",
    OWN_ID: "begins with own. and goes on in small letters without accents, figures and _, such as own.huddle_held",
    ID: "is small letters without accents, figures and _, and begins with a letter, such as housing_north",
    PART_OF_A_SETTING: "is the name of a secret: letters without accents, figures, - and _, and not the secret itself",
}
"""How a word must be written, by the pattern that it does not fit."""
_BOUNDS = {
    "greater_than_equal": "is too small: give at least",
    "less_than_equal": "is too large: give at most",
    "greater_than": "is too small: give more than",
    "less_than": "is too large: give less than",
}
MOST_FAULTS = 50
"""How many faults of one part of a file are named: whoever has more has one cause."""
_CALLED = ("id", "name", "rule")
"""What calls an entry of a list, the first of them that it has."""
LONGEST_SHOWN = 60
"""How much of a value a fault repeats."""


def read_yaml(file: Traversable, name: str, faults: list[Fault]) -> dict[str, Any] | None:
    """The mapping that a YAML file holds, or None with the fault added."""
    return _read(file, name, faults, bounded_files.values)


def read_json(file: Traversable, name: str, faults: list[Fault]) -> dict[str, Any] | None:
    """The object that a JSON file holds, or None with the fault added."""
    return _read(file, name, faults, bounded_files.json_values)


def _read(file: Traversable, name: str, faults: list[Fault], by: Callable[[str], Any]) -> dict[str, Any] | None:
    try:
        data = by(letters(bounded_files.bytes_of(file)))
    except Unreadable as error:
        faults += [Fault(name, where, why) for where, why in error.each]
        return None
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
        found = error.errors(include_url=False)
        for fault in found[:MOST_FAULTS]:
            if fault["type"] == "too_short" and _is_named_inside(fault, found):
                continue  # an entry that failed is named itself; that the list is then empty says nothing more
            key = _key(fault["loc"], data, under)
            faults.append(Fault(name, key or "(file)", _words(fault)))
        if len(found) > MOST_FAULTS:
            faults.append(Fault(name, under or "(file)", f"has {len(found) - MOST_FAULTS} more faults of this kind"))
        return None


def _is_named_inside(fault: Any, found: list[Any]) -> bool:
    return any(f["loc"][: len(fault["loc"])] == fault["loc"] and f is not fault for f in found)


def _key(path: tuple[int | str, ...], data: Any, under: str) -> str:
    """The path to a key as a reader finds it: `people[alex_example].email`."""
    key = under
    for part in path:
        if isinstance(part, int) and not isinstance(data, list | tuple):
            continue  # one value stands where a list may stand: the file has no number for it
        data = data[part] if isinstance(data, dict) and part in data else _entry(data, part)
        if isinstance(part, int):
            name = next(filter(None, map(data.get, _CALLED)), None) if isinstance(data, dict) else None
            key += f"[{shown(name or part)}]"
        else:
            part = shown(part)
            key += f".{part}" if key else part
    return key


def _entry(data: Any, part: int | str) -> Any:
    return data[part] if isinstance(data, list) and isinstance(part, int) and part < len(data) else None


def _words(fault: Any) -> str:
    kind, given = fault["type"], fault["input"]
    if kind == "string_too_long":
        return f"is longer than {fault['ctx']['max_length']} letters, and has {len(given)}"
    if kind in _BOUNDS:
        return f"{_BOUNDS[kind]} {next(iter(fault['ctx'].values()))} (it says: {shown(given)})"
    if kind in ("literal_error", "enum"):
        return f"choose one of: {fault['ctx']['expected']} (it says: {shown(given)})"
    if kind == "string_pattern_mismatch" and fault["ctx"]["pattern"] in PATTERNS:
        kind = fault["ctx"]["pattern"]
    words = PATTERNS.get(kind) or PLAIN_WORDS.get(kind) or fault["msg"].removeprefix("Value error, ")
    words = f"{words[:1].lower()}{words[1:]}"
    if kind in ("missing", "extra_forbidden", "invalid_key") or not isinstance(given, str | int | float | bool):
        return words
    return f"{words} (it says: {shown(given)})"


def shown(given: Any) -> str:
    """The beginning of a value, in signs that can be seen."""
    if isinstance(given, int) and not isinstance(given, bool) and abs(given) > 10**LONGEST_SHOWN:
        return "a very long number"
    text = "".join(sign if sign.isprintable() else "?" for sign in str(given)[: LONGEST_SHOWN + 1])
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."

"""The one spelling of a line as JSON: the text that Python's own encoder writes, whoever writes it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from safeguarding.as_typed import leaves
from safeguarding.review.events import Event
from safeguarding.stages import STEPS
from tasks.store.ledger import canonical

LEAVES = st.none() | st.booleans() | st.integers() | st.text(st.characters())
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner))


def as_python_has_it(value: Any) -> str:
    """The spelling by which the lines of earlier programs were hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@given(VALUES)
def test_it_is_the_text_that_earlier_programs_hashed(value: Any) -> None:
    """Any words with any letters (half of one too), whole numbers of any length, yes, no and nothing."""
    assert as_python_has_it(value) == canonical(value)


@pytest.mark.parametrize("words", ['"\\/\b\f\n\r\t\x00\x1f\x7f\x80\u2028', "Zoë, Ægir, 漢字, 🙂", "\ud83d"])
def test_signs_that_json_escapes_are_escaped_as_they_were(words: str) -> None:
    """Quotation marks, control signs, letters beyond ASCII, half of a sign."""
    line = {words: words, "a": [words, 2**70, -1, True, None], "A": {"z": 1, "é": 2, "e": 3}}
    assert as_python_has_it(line) == canonical(line)


def test_what_json_cannot_hold_is_refused() -> None:
    """A day or a thing of another kind in a line is a mistake of the program, and is not written in its own way."""
    for value in ({"on": object()}, {("a", 1): 2}):
        with pytest.raises(TypeError):
            canonical(value)


def test_no_line_holds_a_fraction() -> None:
    """Fractions have many spellings in JSON, so no question of a form and no part of a line takes one."""
    seen: set[type[BaseModel]] = set()
    left: list[type[BaseModel]] = [Event, *(step.form for step in STEPS.values())]
    while left:
        model = left.pop()
        seen.add(model)
        for name, field in model.model_fields.items():
            kinds = leaves(field.annotation)
            assert float not in kinds, f"{model.__name__}.{name}"
            left += [one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel) and one not in seen]
    assert len(seen) > 60

"""What is told of sealed words without opening them: the title of each, and what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from safeguarding.review.events import AgencyAnswered
from safeguarding.review.forms import is_sealed
from safeguarding.review.learning_entries import ActionAdded
from safeguarding.shown.sealed_words import sealed_texts, title_of
from safeguarding.stages import STEPS


def sealed_names(form: type[BaseModel], path: str = "") -> Iterator[str]:
    """Every name under which an answer of a form is sealed, of each list the first."""
    for name, field in form.model_fields.items():
        if is_sealed(form, name):  # type: ignore[arg-type]
            yield f"{path}{name}"
        inner, listed = inner_form(field.annotation)
        if inner is not None:
            yield from sealed_names(inner, f"{path}{name}.0." if listed else f"{path}{name}.")


def inner_form(annotation: Any, listed: bool = False) -> tuple[type[BaseModel] | None, bool]:
    """The form in a question, and whether it may be given several times."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, listed
    for part in get_args(annotation):
        found = inner_form(part, listed or getattr(annotation, "__origin__", None) is tuple)
        if found[0] is not None:
            return found
    return None, False


@pytest.mark.parametrize("step", STEPS)
def test_every_sealed_answer_has_its_question(step: str) -> None:
    """In the words of the form, never by the name of a field; a list says which of it."""
    for name in sealed_names(STEPS[step].form):
        title = title_of(STEPS[step].kind, name)
        assert title[0].isupper() or title[0].isdigit(), (name, title)
        assert "_" not in title and (".0." not in name or ": 1: " in title), (name, title)


def test_a_plan_is_about_each_of_its_actions(case: Any) -> None:
    """Of two actions that were added at once each text is about its own; a return is about its agency."""
    case.take("record_return", agency="police", purpose="information", outcome="returned", note="Nothing since May.")
    event = case.records.events(case.reference)[-1]
    (note,) = sealed_texts(event)
    assert ("agency", ("police",), "Note") == (note.about, note.subjects, note.title)
    assert isinstance(event.entries[0], AgencyAnswered)

    two = [
        ActionAdded(action=f"A{n:02d}", agency=agency, owner="x", due_on=case.today, on=case.today)
        for n, agency in ((1, "police"), (2, "housing"))
    ]
    sealed = {f"actions.{n}.{name}": "[sealed]" for n in (0, 1) for name in ("what", "measure")}
    made = event.model_copy(update={"kind": "action_plan_added", "entries": tuple(two), "sealed": sealed})
    assert {("actions.0.what", ("A01",)), ("actions.1.what", ("A02",))} <= {
        (text.name, text.subjects) for text in sealed_texts(made) if text.about == "action"
    }


def test_an_earlier_lines_text_is_called_by_its_name() -> None:
    """Of a question that no form has any more, and of a kind that no step makes."""
    assert "some old question" == title_of("decided", "some_old_question")
    assert "note" == title_of("of_a_program_to_come", "note")

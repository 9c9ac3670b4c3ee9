"""A form of ours is checked by the front: what is missing stands under its question; nothing typed is repeated."""

from __future__ import annotations

import json
import time
from datetime import date
from enum import StrEnum
from typing import Any

import pytest
from driver.speed import patience
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from flows.cards.dialog import StepOffered, schema, submission
from flows.cards.short_form import ShortForm
from flows.server.before_submit import CHANGED, NEEDED, UNFIT, checked


class Colour(StrEnum):
    """Two answers."""

    RED = "red"
    BLUE = "blue"


class Limb(BaseModel):
    """A question with its reason."""

    answer: Colour
    reason: str = Field(min_length=1)


class Decide(BaseModel):
    """A form with an answer inside an answer, one that may be left, and a list."""

    decided_on: date
    limb: Limb
    note: str | None = None
    places: list[Colour] = Field(default_factory=list)


class Withdraw(BaseModel):
    """Another step of the same card."""

    reason: str


FORM = schema(
    [
        StepOffered(command="decide", title="Decide", form=Decide),
        StepOffered(command="withdraw", title="Withdraw", form=Withdraw),
    ],
    12,
    "CSPR-2026-003",
)
GOOD = {"decided_on": "2026-12-18", "limb": {"answer": "red", "reason": "Because."}}


def said(values: dict[str, Any]) -> Any:
    """What the page reads of the card's form."""
    return checked(FORM, values, with_record=False)


def under(errors: list[Any], *path: str | int) -> list[Any]:
    """The errors that stand under a question."""
    for part in path:
        kind = "index" if isinstance(part, int) else "property"
        errors = next(one["errors"] for one in errors if isinstance(one, dict) and one.get(kind) == part)
    return errors


class Plan(BaseModel):
    """A form with an answer inside it that may be left."""

    planned_on: date
    limb: Limb | None = None


def test_a_form_inside_another_that_may_be_left_is_no_question_while_it_is_empty() -> None:
    """The page draws it like any other and sends its boxes: empty they ask for nothing; what does not fit is said."""
    form = schema([StepOffered(command="plan", title="Plan", form=Plan)], 3, "CSPR-2026-003")

    def read(limb: Any) -> Any:
        values = submission("plan", 3, {"planned_on": "2026-12-18", "limb": limb})
        return checked(form, values, with_record=False)

    for empty in (None, {}, {"reason": ""}, {"answer": None, "reason": ""}):
        assert {"valid": True, "errors": []} == read(empty), empty
    assert not read({"answer": "green"})["valid"]


def test_a_whole_form_is_good() -> None:
    """With the answer that may be left, without it, and sent as nothing."""
    for more in ({}, {"note": None}, {"note": "x", "places": ["blue"]}):
        assert {"valid": True, "errors": []} == said(submission("decide", 12, {**GOOD, **more}))


def test_what_is_missing_stands_under_its_question() -> None:
    """Of the step that was chosen, and inside an answer too; of the other step nothing is asked."""
    found = said(submission("decide", 12, {"limb": {"answer": "red", "reason": None}}))
    assert not found["valid"]
    assert [NEEDED] == under(found["errors"], "step", "decide__v12__decided_on")
    assert [NEEDED] == under(found["errors"], "step", "decide__v12__limb", "reason")
    assert "withdraw" not in json.dumps(found)


def test_an_answer_that_does_not_fit_is_said_without_repeating_it() -> None:
    """A day that is none, a colour that is not offered, in a list too."""
    wrong = {"decided_on": "Jane Doe", "limb": {"answer": "Jane Doe", "reason": "x"}, "places": ["red", "Jane Doe"]}
    found = said(submission("decide", 12, wrong))
    assert [UNFIT] == under(found["errors"], "step", "decide__v12__decided_on")
    assert [UNFIT] == under(found["errors"], "step", "decide__v12__limb", "answer")
    assert [UNFIT] == under(found["errors"], "step", "decide__v12__places", 1)
    assert "Jane" not in json.dumps(found)


def test_no_step_chosen_and_a_form_of_another_version() -> None:
    """Nothing chosen is asked for; what was filled in before the review moved on says so."""
    assert [NEEDED] == under(said({})["errors"], "step")
    assert [NEEDED] == under(said({"step": {}})["errors"], "step")
    assert [CHANGED] == under(said(submission("decide", 11, GOOD))["errors"], "step")
    assert [CHANGED] == under(said(submission("unheard_of", 12, {"a": 1}))["errors"], "step")


def test_a_short_form_is_checked_under_its_one_question() -> None:
    """The deployment's form: the parameter is the form, and its fields stand in it."""
    form = ShortForm(command="decide", flow=None, form=Decide, description="").schema()  # type: ignore[arg-type]
    drawn = form.model_dump(exclude_unset=True)
    assert {"valid": True, "errors": []} == checked(drawn, {"form": GOOD}, with_record=False)
    found = checked(drawn, {"form": {"decided_on": "2026-12-18"}}, with_record=False)
    assert found is not None
    assert [NEEDED] == under(found["errors"], "form", "limb")
    assert [NEEDED] == under((checked(drawn, {}, with_record=False) or {})["errors"], "form")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=20), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["decide__v12__decided_on", "decide__v12__limb", "withdraw__v12__reason", "decide__v11__note"])


@given(st.dictionaries(st.sampled_from(["step", "form", "x"]), st.dictionaries(NAMES | st.text(), ANYTHING) | ANYTHING))
def test_whatever_is_sent_is_answered(values: dict[str, Any]) -> None:
    """A script may send anything: it is good or it is not, and nothing breaks."""
    found = said(values)
    assert found["valid"] is not bool(found["errors"])


@pytest.mark.parametrize(
    "drawn",
    [
        {"$ref": "http://127.0.0.1:1/elsewhere"},
        {"$ref": "#/definitions/decide"},
        {"properties": {"decide__v12__decided_on": {"type": "string", "pattern": "(a+)+$"}}},
        {"properties": {"decide__v12__decided_on": {"anyOf": [{"$ref": "#/definitions/decide"}] * 2}}},
        {"properties": [1]},
        {"properties": {"decide__v12__decided_on": {"type": 7}}},
        [],
    ],
)
def test_a_form_that_comes_with_a_trap_is_none_of_ours(drawn: Any) -> None:
    """The schema comes back with the answers: it refers elsewhere, to itself, is slow, is none. It ends at once."""
    asked = {**FORM, "definitions": {"decide": drawn}}
    begun = time.monotonic()
    found = checked(asked, submission("decide", 12, {"decided_on": "a" * 40 + "b"}), with_record=False)
    assert found is not None and not found["valid"]
    assert time.monotonic() - begun < patience(2)


def test_answers_inside_answers_without_end() -> None:
    """Twenty thousand lists in each other: it is answered."""
    deep: Any = []
    for _ in range(20_000):
        deep = [deep]
    found = said(submission("decide", 12, {**GOOD, "places": deep}))
    assert found["valid"] is False

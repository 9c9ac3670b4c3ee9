"""The dialog of a card: how the forms of several steps become one, and how an answer finds its way back."""

from datetime import date
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from flows.cards.dialog import NothingChosen, StepOffered, Submitted, answer, plain, schema, submission


class Limb(BaseModel):
    """One limb of a test."""

    given: Literal["yes", "no", "not known"] = Field(title="Answer")
    why: str = Field(title="Why", min_length=1)


class Decide(BaseModel):
    """The partners decide."""

    outcome: Literal["review", "no review"] = Field(title="Outcome")
    needs: Limb = Field(title="Needs for care and support")
    told_on: date | None = Field(default=None, title="Told on")


class Withdraw(BaseModel):
    """The notification is withdrawn."""

    reason: str = Field(title="Why")


CHOICES = (
    StepOffered(command="decide", title="Decide", form=Decide),
    StepOffered(command="withdraw_notification", title="Withdraw", form=Withdraw),
)


def test_each_step_is_an_option_whose_fields_no_other_option_has() -> None:
    """The page shows the button of the option that shares most names with the answer: so none may be shared."""
    drawn = schema(CHOICES, 12)["definitions"]

    assert {"decide__v12__outcome", "decide__v12__needs", "decide__v12__told_on"} == set(drawn["decide"]["properties"])
    assert {"withdraw_notification__v12__reason"} == set(drawn["withdraw_notification"]["properties"])
    assert ["decide__v12__outcome", "decide__v12__needs"] == drawn["decide"]["required"]


def test_an_optional_date_is_drawn_as_a_date_and_not_as_a_pair_of_types() -> None:
    """A manager should see a date picker, not two buttons «date» and «None»."""
    field = schema(CHOICES, 12)["definitions"]["decide"]["properties"]["decide__v12__told_on"]

    assert {"format": "date", "title": "Told on", "type": "string"} == field


def test_rules_that_the_page_drops_are_not_in_the_schema() -> None:
    """The page forgets a minimum length before it checks; the server would refuse after it, in its own words."""
    assert "minLength" not in str(schema(CHOICES, 12))


def test_what_is_submitted_comes_back_under_its_own_names() -> None:
    """Whatever the names on the page, the record reads the fields of its own form and the version that was seen."""
    fields = {"outcome": "no review", "needs": {"given": "no", "why": "..."}}

    assert Submitted(command="decide", made_on=12, fields=fields) == answer(submission("decide", 12, fields))


def test_a_step_whose_name_has_underscores_keeps_them() -> None:
    """`withdraw_notification` is one step."""
    found = answer(submission("withdraw_notification", 3, {"reason": "..."}))

    assert ("withdraw_notification", 3) == (found.command, found.made_on)


@pytest.mark.parametrize(
    "submitted",
    [
        pytest.param(None, id="Resume was pressed by a script, with nothing"),
        pytest.param({"step": {}}, id="no field was filled in"),
        pytest.param({"step": {"reason": "..."}}, id="names of no step"),
        pytest.param(
            {"step": {"decide__v1__outcome": "review", "withdraw_notification__v1__reason": "..."}}, id="two steps"
        ),
        pytest.param(
            {"step": {"decide__v1__outcome": "review", "decide__v2__told_on": "2026-12-18"}}, id="two versions"
        ),
    ],
)
def test_an_answer_that_is_not_one_step_is_refused_without_repeating_it(submitted: object) -> None:
    """What was typed may name a child: the error does not."""
    with pytest.raises(NothingChosen) as refused:
        answer(submitted)  # type: ignore[arg-type]

    assert "..." not in str(refused.value)


def test_a_form_of_its_own_keeps_its_names() -> None:
    """A short deployment asks for one thing: nothing has to be told apart."""
    assert {"outcome", "needs", "told_on"} == set(plain(Decide)["properties"])

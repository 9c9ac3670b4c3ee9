"""The dialog of a card: how the forms of several steps become one, and how an answer finds its way back."""

import json
from datetime import date
from typing import Any, Literal, get_args

import pytest
from pydantic import BaseModel, ConfigDict, Field, create_model

from config.settings import Settings
from flows.cards.dialog import NothingChosen, StepOffered, Submitted, answer, plain, schema, submission
from flows.demo.demo import tell_all
from safeguarding.dates.london import now
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.states import Track
from safeguarding.shown import card
from safeguarding.stages import STEPS
from tasks.record.installation import open_installation


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


# --------------------------------------------------------------------------- what the page understands


class Visit(BaseModel):
    """When somebody went."""

    model_config = ConfigDict(extra="forbid")

    on: date
    by: str = Field(pattern="^[a-z]+$", max_length=60)


class Everything(BaseModel):
    """Each kind of question that a form may ask."""

    visits: list[Visit] = Field(min_length=1, title="Visits")
    last: Visit | None = Field(default=None, title="Last visit", description="If there was one.")
    agencies: list[Literal["police", "school"]] | None = Field(default=None, title="Agencies")
    how_many: int = Field(default=0, ge=0, le=99, title="How many")
    told: Literal["told", "not told"] | None = Field(title="Told")
    either: int | str = Field(default=1, title="Either")


def test_each_kind_of_question_is_drawn_as_the_page_understands_it() -> None:
    """No pair of type buttons, nothing filled in beforehand that was not said, and no rule that the page forgets."""
    drawn = plain(Everything)

    assert {
        "visits": {"items": {"$ref": "#/definitions/Visit"}, "title": "Visits", "type": "array"},
        "last": {"$ref": "#/definitions/Visit", "description": "If there was one.", "title": "Last visit"},
        "agencies": {"items": {"enum": ["police", "school"], "type": "string"}, "title": "Agencies", "type": "array"},
        "how_many": {"default": 0, "title": "How many", "type": "integer"},
        "told": {"enum": ["told", "not told"], "title": "Told", "type": "string"},
        "either": {"anyOf": [{"type": "integer"}, {"type": "string"}], "default": 1, "title": "Either"},
    } == drawn["properties"]
    assert ["visits", "told"] == drawn["required"]
    by, on = {"title": "By", "type": "string"}, {"format": "date", "title": "On", "type": "string"}
    visit = {"description": "When somebody went.", "properties": {"on": on, "by": by}, "required": ["on", "by"]}
    assert {"Visit": {**visit, "title": "Visit", "type": "object"}} == drawn["definitions"]


UNDERSTOOD = {"$ref", "const", "default", "description", "enum", "format", "required", "title", "type"}
"""Of what a schema may say of one question, what Prefect's page reads."""


def simple(stock: dict[str, Any]) -> dict[str, Any]:
    """pydantic's own schema without what the page does not understand: taken out of it when it is made."""
    kept = {key: value for key, value in stock.items() if key in UNDERSTOOD}
    if "properties" in stock:
        kept["properties"] = {name: simple(field) for name, field in stock["properties"].items()}
    if "items" in stock:
        kept["items"] = simple(stock["items"])
    options = [simple(option) for option in stock.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        kept = {**options[0], **kept}
        if kept.get("default", ...) is None:
            del kept["default"]
    elif options:
        kept["anyOf"] = options
    return kept


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> dict[str, type[BaseModel]]:
    """The form of every step as the demo's reviews offer it, or as no review does, by its step and review."""
    settings = Settings(home=tmp_path_factory.mktemp("demo"), partnership=None, database_url=None)
    found = {name: card.signed_form(step, None, rulebook) for name, step in STEPS.items()}
    with open_installation(now(), settings, simulation=True) as installation:
        tell_all(installation, now())
        reviews = list(installation.records.open_reviews())
    assert set(Track) == {review.track for review in reviews}
    for review in reviews:
        found |= {f"{name} of {review.reference}": form for name, form in card.card_forms(review, rulebook).items()}
    return found


def left_open(form: type[BaseModel]) -> set[str]:
    """
    The forms inside a form that need not be answered, by name, and those inside them: the page sends their empty boxes,
    so they demand nothing there.
    """
    waiting = [info.annotation for info in form.model_fields.values() if type(None) in get_args(info.annotation)]
    found: set[str] = set()
    while waiting:
        part = waiting.pop()
        waiting += get_args(part)
        if isinstance(part, type) and issubclass(part, BaseModel):
            found.add(part.__name__)
            waiting += [info.annotation for info in part.model_fields.values()]
    return found


def test_what_need_not_be_answered_is_left_open(offered: dict[str, type[BaseModel]]) -> None:
    """
    The positions of the partners, which another day for publication does not ask for, what is considered of a
    reviewer, whose appointment may be on record by itself, and each quality marker; and no question of another limb.
    """
    asked = {name: left_open(form) for name, form in offered.items()}
    assert "Positions" in asked["plan_publication"]
    open_ones = {name.partition(" ")[0] for name, found in asked.items() if found}
    markers = {"assess_quality_markers", "assess_adult_quality_markers"}
    assert {"plan_publication", "commission_review", "commission_adult_review", *markers} == open_ones
    assert "required" not in plain(offered["plan_publication"])["definitions"]["Positions"]


def test_every_form_of_both_tracks_is_pydantics_own_less_what_the_page_does_not_understand(
    offered: dict[str, type[BaseModel]],
) -> None:
    """Whatever a form asks: its names, titles, words, choices, order and what must be answered stay as they are."""
    wrong = []
    for name, form in offered.items():
        stock = form.model_json_schema(ref_template="#/definitions/{model}")
        nested = {title: simple(inner) for title, inner in stock.pop("$defs", {}).items()}
        for title in left_open(form):
            nested[title].pop("required", None)
        drawn = plain(form)
        if {**simple(stock), "definitions": nested} != drawn or list(stock["properties"]) != list(drawn["properties"]):
            wrong.append(name)
    assert [] == wrong


def test_every_form_stands_in_a_dialog_as_it_stands_alone(offered: dict[str, type[BaseModel]]) -> None:
    """With the name of its step before each question and each form inside it, and nothing else changed."""
    wrong = []
    for name, form in offered.items():
        drawn, alone = schema([StepOffered(command="do", title="Do", form=form)], 12)["definitions"], plain(form)
        renamed = json.dumps(drawn).replace("do__v12__", "").replace("#/definitions/do--", "#/definitions/")
        inner = {f"do--{title}": nested for title, nested in alone.pop("definitions").items()}
        own = {part: alone.get(part, empty) for part, empty in (("properties", {}), ("required", []))}
        whole = {"title": "Do", "description": alone.get("description", ""), "type": "object", **own}
        if {**inner, "do": whole} != json.loads(renamed):
            wrong.append(name)
    assert [] == wrong


def test_a_form_is_drawn_as_it_is_now() -> None:
    """Drawn again the form is the same to the letter; once other people serve it is another class, drawn as itself."""
    first = create_model("decide", signed_by=(Literal["Alex (alex)"], ...))
    again = create_model("decide", signed_by=(Literal["Sam (sam)"], ...))

    def drawn(form: type[BaseModel], version: int = 4) -> str:
        return json.dumps(schema([StepOffered(command="decide", title="Decide", form=form)], version, "CSPR-2026-003"))

    assert drawn(first) == drawn(first)
    assert "Alex" in drawn(first) and "Alex" not in drawn(again) and "Sam" in drawn(again)
    assert "decide__v4__signed_by" in drawn(first) and "decide__v5__signed_by" in drawn(first, 5)

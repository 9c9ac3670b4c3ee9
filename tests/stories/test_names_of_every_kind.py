"""Names that were pasted, are long, alike or in another script: a review goes on, whatever somebody is called."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml
from driver.everything import TOLD, Record, everything, step_notices, time_notices
from driver.partnership import example_as_one

import config
from flows.artifacts.delivery_and_agencies import league_table
from flows.cards.desk import Desk
from safeguarding.dates.london import london_date
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.review import Review
from safeguarding.shown import card
from safeguarding.stages import STEPS
from tasks.store import agency_requests

pytestmark = pytest.mark.long

NAMES = {
    "pasted out of Word": (
        "Exampleshire\u00a0Hospi\u00adtals \u200band \u202eTrust\u202c",
        "Exampleshire Hospitals and Trust",
    ),
    "two hundred and fifty letters": ("Wolfeschlegelsteinhausen " * 10, ("Wolfeschlegelsteinhausen " * 10).strip()),
    "another script": ("Bwrdd Iechyd / \u0645\u062d\u0645\u062f", "Bwrdd Iechyd / \u0645\u062d\u0645\u062f"),
    "an apostrophe and signs of pages": ("O'Brien & <b>Sons</b> | [x](https://evil.example)", None),
    "an accent in two parts": ("Zoe\u0308 House", "Zo\u00eb House"),
    "signs of calendars": ("Housing; North, South\\nBEGIN:VEVENT", None),
}


def named(tmp_path: Path, agency: str, person: str) -> Rulebook:
    """The example partnership with another name for each of its agencies and people."""
    data = example_as_one()
    for kind, name in (("agencies", agency), ("people", person)):
        for entry in data[kind]:
            entry["name"] = name
    file = tmp_path / "ours.yaml"
    file.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=10_000), "utf-8")
    return config.load(file)


@pytest.fixture
def opened() -> Iterator[Callable[[Record], Record]]:
    """Has a record closed when the test is over."""
    with ExitStack() as closing:
        yield lambda record: closing.enter_context(contextlib.closing(record))


@pytest.mark.parametrize("kind", NAMES)
def test_a_review_goes_on_whatever_its_agencies_are_called(
    kind: str, tmp_path: Path, opened: Callable[[Record], Record]
) -> None:
    """From the referral to the action plan, with every card, page, letter and calendar; the name as it is read."""
    given, read = NAMES[kind]
    rulebook = named(tmp_path, given, given)
    assert {read or given} == {agency.name for agency in rulebook.partnership.agencies}
    record = opened(Record(tmp_path, TOLD, rulebook))
    assert {"rapid_review", "in_review", "action_follow_up"} == {str(review.state.value) for review in record.reviews}
    everything(record, rulebook)


def rapid_review(record: Record) -> Review:
    """The review whose agencies have not all answered."""
    return next(review for review in record.reviews if review.waiting_on())


def test_agencies_of_one_name_are_told_apart_everywhere(tmp_path: Path, opened: Callable[[Record], Record]) -> None:
    """Twelve agencies called Housing: in letters, on the card, in the league and in what stands in the way."""
    rulebook = named(tmp_path, "Housing", "Alex Example")
    record = opened(Record(tmp_path, TOLD, rulebook))
    late = rapid_review(record).waiting_on()
    letters = [*step_notices(record.grown, rulebook), *time_notices(record.reviews, rulebook)]
    said = {draft.context["owed"] for draft in letters if "summary" in draft.context.get("owed", "").lower()}
    assert said and all("Housing (" in owed for owed in said)
    installation = record.under(rulebook)
    (face,) = [face for face in Desk(installation).faces().drawn if face.reference == rapid_review(record).reference]
    assert late and all(f"Housing ({agency})" in face.description for agency in late)
    league = agency_requests.agency_league(record.records.engine, rulebook, london_date(record.grown[-1][0].at))
    cells = [line.cells()["Agency"] for line in league]
    assert len(cells) == len(set(cells)) and "Housing (" in str(league_table(league))


def test_people_of_one_name_are_told_apart_where_they_sign(tmp_path: Path) -> None:
    """Forty-three people called Alex Example: each is offered once, with the id that the record keeps."""
    rulebook = named(tmp_path, "Housing", "Alex Example")
    form = card.signed_form(STEPS["record_meeting"], None, rulebook)
    offered = form.model_json_schema()["properties"]["signed_by"]["enum"]
    assert len(offered) == len(set(offered)) > 1
    assert "Alex Example (billie_example)" in offered

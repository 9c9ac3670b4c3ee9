"""
A partnership takes a step of its own out of its file. What ran by it has ended, and its reviews go on as before.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from driver.own_shape import FOLDERS, OwnShape

import config
from flows.demo.invented import no
from safeguarding.dates.london import LONDON
from safeguarding.questions.explain_date import explain_duty
from safeguarding.review.states import State
from safeguarding.shown.history.told import history
from tasks.record.partnership_file import put_in_force
from tasks.record.records import open_record

HUDDLE = {"id": "own.huddle_held", "words": "the huddle was held", "track": "children"}
STEP = "local.c.huddle_in_ten_days"


def with_a_huddle(folder: Path, *, there: bool = True) -> Path:
    """The partnership of two councils with a milestone and a step of its own, or without them again."""
    step: dict[str, Any] = {
        "id": STEP,
        "name": "huddle_in_ten_days",
        "title": "Hold the huddle",
        "description": "The huddle over the rapid review is held.",
        "track": "children",
        "stage": "rapid_review",
        "starts": "notification_sent",
        "settled_by": HUDDLE["id"],
        "counts": {"unit": "working_days"},
        "duty_holder": "the partnership",
        "owner": "business_manager",
        "level": "local",
        "editions": [{"name": "O1", "from": date(2018, 7, 4), "length": 10, "confidence": "D"}],
    }
    step["editions"][0]["citation"] = {"title": "Our procedure (invented)"}
    shutil.copytree(FOLDERS / "two_councils", folder, dirs_exist_ok=True)
    (folder / "milestones.yaml").write_text(yaml.safe_dump({"milestones": [HUDDLE] if there else []}))
    (folder / "own.yaml").write_text(yaml.safe_dump({"local": [step] if there else []}))
    return folder


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., OwnShape]:
    """A child review that ended with its rapid review, the huddle held or not; then the step leaves the file."""
    begun = datetime(2026, 1, 5, 9, 0, tzinfo=LONDON)
    folder = with_a_huddle(tmp_path / "partnership")
    records = open_record(
        f"sqlite:///{tmp_path / 'record.sqlite3'}", tmp_path, config.load(folder), begun, simulation=True
    )

    def tell(*, held: bool, closed: bool = True) -> OwnShape:
        records.use(put_in_force(records, folder, begun).rulebook)
        shape = OwnShape(records, "children").until("conclude_rapid_review")
        if held:
            shape.take("record_own_milestone", milestone=HUDDLE["id"])
        if closed:
            shape.take("conclude_rapid_review")
            shape.take("decide_review", new_learning=no(), outcome="no local review: learning captured")
        found = put_in_force(records, with_a_huddle(folder, there=False), shape.at)
        assert () == found.refused
        records.use(found.rulebook)
        return shape

    yield tell
    records.engine.dispose()


def test_every_other_date_of_the_review_is_put_right(told: Callable[..., OwnShape]) -> None:
    """The step was met and is gone: the notification was a day earlier, and what ran from it is counted again."""
    shape = told(held=True)
    sent = shape.review.happened("notification_sent")
    assert sent is not None
    shape.take("correct_date", what="notification_sent", correct_on=sent - timedelta(days=1))
    assert sent - timedelta(days=1) == shape.review.happened("notification_sent")
    (row,) = [duty for duty in shape.review.duties if duty.rule == STEP and duty.ended == "settled"]
    assert row.anchored_on == sent - timedelta(days=1)
    assert () == tuple(shape.records.verify())


def test_a_closed_review_opens_again_without_the_step(told: Callable[..., OwnShape]) -> None:
    """The huddle was never held and was ended by the closing: reopened, it is not owed any more, and nothing stops."""
    shape = told(held=False)
    shape.at += timedelta(days=60)
    shape.take("reopen", return_to="decision")
    assert State.DECISION is shape.review.state
    assert STEP not in {duty.rule for duty in shape.review.running()}


def test_its_date_is_explained_as_it_was(told: Callable[..., OwnShape]) -> None:
    """How the ten days were counted can be asked after the step is gone; it starts in no other review."""
    shape = told(held=True)
    records = shape.records
    (explained,) = explain_duty(
        shape.review, records.events(shape.reference), STEP, records.rulebook, shape.at.date(), None
    )
    assert "Hold the huddle" in explained.model_dump_json()
    other = OwnShape(records, "children", date(2026, 6, 1)).until("open_rapid_review")
    assert STEP not in {duty.rule for duty in other.review.duties}


def test_a_later_change_of_the_file_is_taken_up(told: Callable[..., OwnShape], tmp_path: Path) -> None:
    """The huddle is taken back, so that the step runs on; that it left the file before stops no other change."""
    shape = told(held=True, closed=False)
    shape.take("take_back_step", by=shape.last.actor.person)
    assert STEP in {duty.rule for duty in shape.review.running()}
    people = tmp_path / "partnership" / "people.yaml"
    people.write_text(people.read_text().replace("ali@moor.example", "ali.example@moor.example"))
    found = put_in_force(shape.records, tmp_path / "partnership", shape.at)
    assert () == found.refused


def test_its_history_is_told_as_before(told: Callable[..., OwnShape]) -> None:
    """The huddle was held, then its step left the file: every line is told, by the step's title or else by its id."""
    shape = told(held=True)
    events = shape.records.events(shape.reference)
    for rulebook, name in ((shape.records.rulebook, "Hold the huddle"), (config.load(), STEP)):
        lines = history(shape.review, events, rulebook)
        assert len(events) == len(lines)
        assert any(further.startswith(f"Met: {name}, due ") for line in lines for further in line.further)

"""What a change of the partnership's file would do is said in its own words before it counts."""

from __future__ import annotations

from typing import Any

import pytest
from driver.own_shape import FOLDERS

import config
from safeguarding.law.partners import Decides
from safeguarding.law.partnership import QuietHours
from safeguarding.staff.changes import Needed, compare


def told(folder: str, **changes: Any) -> tuple[str, ...]:
    """What is told where these keys of a partnership's file are otherwise."""
    before = config.load(FOLDERS / folder)
    after = before.model_copy(update={"partnership": before.partnership.model_copy(update=changes)})
    return compare(before, after, Needed(any_review=True), "the file", {}).told


def test_a_track_that_is_switched_off_is_said_to_run_out() -> None:
    """Reviews of adults that are open go on; no new one is opened."""
    said = told("two_councils", tracks=("children",))
    assert "tracks is children (was children, adults)" in said
    assert "reviews of adults that are open go on to their end; no new one is opened" in said


@pytest.mark.parametrize("missing", [True, False])
def test_that_nobody_could_decide_is_said_before_it_is_so(missing: bool) -> None:
    """The group is to decide about adults, and nobody chairs it; or somebody does."""
    there = config.load(FOLDERS / "chair_decides").partnership.people
    people = tuple(one for one in there if not missing or "sar_group_chair" not in one.roles)
    said = told("chair_decides", decides=Decides(adults="group"), people=people)
    words = "nobody is chair of the safeguarding adults review group (sar_group_chair), who decides about adults"
    assert missing is any(line.startswith(words) for line in said)
    assert any("decides is children partners adults group (was" in line for line in said)


def test_times_are_said_as_they_were_and_as_they_would_be() -> None:
    """A reader of the list sees what she typed."""
    said = told("two_councils", quiet_hours=QuietHours.model_validate({"from": "19:00", "to": "07:00"}))
    assert ("quiet hours is from 19:00:00 to 07:00:00 (was from 18:00:00 to 08:00:00)",) == said

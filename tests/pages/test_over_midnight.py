"""A form that is left open over midnight: the day that was filled in beforehand is still nobody's word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from driver.filling import Filler, boxes_of
from driver.visitor import Clock

from tasks.record.installation import Installation

REFERENCE = "CSPR-2026-007"
RETURNS = f"/reviews/{REFERENCE}/do/record_return"
YESTERDAY = date(2026, 11, 30)
Somebody = Callable[[str], Filler]


def answered(installation: Installation) -> dict[str, tuple[str, date | None]]:
    """What came of each agency that was asked for information, and on which day."""
    requests = installation.records.read(REFERENCE).requests
    return {one.agency: (one.outcome, one.on) for one in requests if one.outcome != "waiting"}


@pytest.fixture
def late(clock: Clock) -> Clock:
    """Twenty minutes to midnight, in a winter in which London has the time of the clock."""
    clock.at = datetime(2026, 11, 30, 23, 40, tzinfo=UTC)
    return clock


def test_rows_with_the_day_of_yesterday_alone_are_not_sent(
    installation: Installation, somebody: Somebody, late: Clock
) -> None:
    """One row is filled in before midnight and sent after it: it is recorded, with its day, and no other is missed."""
    manager, before = somebody("alex_example"), answered(installation)
    manager.open(RETURNS)
    late.later(minutes=40)
    manager.fill({"police_information": {"outcome": "returned", "daily_life": "yes"}}, "send")
    assert "/recorded/" in manager.visitor.path, manager.visitor.words
    assert before | {"police": ("returned", YESTERDAY)} == answered(installation)


@pytest.mark.parametrize("go", ["later", "keep"])
def test_what_is_kept_after_midnight_is_as_it_stood(
    installation: Installation, somebody: Somebody, late: Clock, go: str
) -> None:
    """Kept with nothing typed, then sent from another window that was opened on the day after: each by its own day."""
    first, second = somebody("alex_example"), somebody("alex_example")
    before = answered(installation)
    first.open(RETURNS)
    late.later(minutes=40)
    second.open(RETURNS)
    first.fill({}, go)
    second.fill({"education_information": {"outcome": "returned", "daily_life": "yes"}}, "send")
    assert "/recorded/" in second.visitor.path, second.visitor.words
    assert before | {"education": ("returned", date(2026, 12, 1))} == answered(installation)


@pytest.mark.parametrize("said", ["", "2026-12-24", "20261201", "2026-W49-2", "1 12 2026", "x" * 500])
def test_what_no_page_says_is_taken_for_today(
    installation: Installation, somebody: Somebody, late: Clock, said: str
) -> None:
    """A day to come, or what is no plain day, in the place of the one that the page has: today is filled in."""
    manager, before = somebody("alex_example"), answered(installation)
    manager.open(RETURNS)
    manager.fill({"filled": said, "police_information": {"outcome": "returned", "daily_life": "yes"}}, "send")
    assert "/recorded/" in manager.visitor.path, manager.visitor.words
    assert before | {"police": ("returned", YESTERDAY)} == answered(installation)


def test_the_page_says_that_its_day_was_filled_in_on_another(somebody: Somebody, late: Clock) -> None:
    """Come back to after midnight: yesterday stands there, and that it was filled in when the form was begun."""
    manager = somebody("alex_example")
    manager.open(RETURNS)
    late.later(minutes=40)
    manager.fill({"police_information": {"note": "They rang."}}, "later")
    manager.open(RETURNS)
    assert ["30"] == boxes_of(manager.visitor.page.text).values["police_information-on-day"]
    assert "Filled in with the day on which you began this form" in manager.visitor.words

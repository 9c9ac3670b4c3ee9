"""What is kept between two pages is never older than the record, the partnership or the day."""

from collections.abc import Callable

import pytest
from driver.filling import Filler
from driver.visitor import Clock
from sqlalchemy import update

from flows.demo.answers import answer, signer
from pages import last_look
from safeguarding.dates.london import london_date
from safeguarding.stages import STEPS
from tasks.record.installation import Installation
from tasks.store.session import writing
from tasks.store.tables import reviews


def test_a_step_taken_at_another_door_is_there_at_once(
    manager: Filler, installation: Installation, clock: Clock
) -> None:
    """A review is opened at the command line between two looks at the first page and at the list."""
    before = manager.visitor.get("/").text
    opened = installation.records.open(
        answer("open_referral", None, london_date(clock())), signer(STEPS["open_referral"].by), clock()
    )

    reference = opened.review.reference
    assert reference not in before
    assert reference in manager.visitor.get("/").text
    assert reference in manager.visitor.get("/reviews").text


def test_the_next_day_has_its_own_words(manager: Filler, clock: Clock) -> None:
    """Nothing is recorded over night: what was due today is overdue."""
    before = manager.visitor.get("/").text
    clock.later(days=1)
    manager.visitor.get("/sign-in")
    manager.visitor.post("/sign-in/by-name", person="alex_example")

    assert before != manager.visitor.get("/").text


def test_nobody_is_shown_what_another_sees(somebody: Callable[[str], Filler]) -> None:
    """Housing asks after the unit: what was kept of the unit's look is not theirs."""
    alex, housing = somebody("alex_example"), somebody("lane_lead")
    every = alex.visitor.get("/reviews").text

    theirs = housing.visitor.get("/reviews").text
    assert every.count("/reviews/") > theirs.count("/reviews/") > 0
    assert every == alex.visitor.get("/reviews").text


def test_rows_that_were_mended_without_a_line_show_after_a_while(
    manager: Filler, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ledger rebuild` writes no line: the rows are read again all the same."""
    manager.visitor.get("/reviews")
    with writing(installation.records.engine) as connection:
        connection.execute(update(reviews).values(pseudonym="Child Z"))
    assert "Child Z" not in manager.visitor.get("/reviews").text

    monkeypatch.setattr(last_look, "AT_MOST", 0.0)

    assert "Child Z" in manager.visitor.get("/reviews").text

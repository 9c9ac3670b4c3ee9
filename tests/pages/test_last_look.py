"""What is kept between two pages is never older than the record, the partnership or the day."""

from collections.abc import Callable

from driver.filling import Filler
from driver.taught import take
from driver.visitor import Clock
from sqlalchemy import update

from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date
from safeguarding.stages import STEPS
from tasks.record.every_review import look_at_all
from tasks.record.installation import Installation
from tasks.store.session import writing
from tasks.store.tables import deadlines, reviews


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


def test_rows_that_were_mended_without_a_line_show_at_once(installation: Installation) -> None:
    """`ledger rebuild` writes no line: the rows are read again all the same, the second time too."""
    records = installation.records
    right = look_at_all(records)
    for _ in range(2):
        with writing(records.engine) as connection:
            connection.execute(update(reviews).values(state="referred"))
            connection.execute(update(deadlines).values(ended="settled"))
        damaged = look_at_all(records)
        assert [] == damaged.owed and {"referred"} == {row.state for row in damaged.reviews}
        records.rebuild()
        mended = look_at_all(records, damaged)
        assert (right.reviews, right.owed, right.wordings) == (mended.reviews, mended.owed, mended.wordings)


def test_what_is_carried_over_is_what_a_new_look_sees(installation: Installation, clock: Clock) -> None:
    """
    After each of several steps, in one review and another, a new one opened, a wording written and approved, an action
    agreed, one closed: whoever carries over what did not move sees the same as whoever looks for the first time.
    """
    records, now = installation.records, clock()
    look = look_at_all(records)
    assert look is look_at_all(records, look), "nothing has moved"

    def same(what: str) -> None:
        nonlocal look
        before, look = look, look_at_all(records, look)
        assert look is not before and look == look_at_all(records), what

    opened = take(records, None, "open_referral", now, concern="learning request")
    same("opened")
    take(records, "SAR-2026-001", "write_wording", now, item="L01", wording="Ask.")
    same("written")
    assert "SAR-2026-001" in [one.whom.reference for one in look.wordings]
    number = records.read("SAR-2026-001").wordings[-1].id
    take(records, "SAR-2026-001", "approve_wordings", now, wordings=[number], approved_on=london_date(now))
    same("approved")
    for step in ("record_meeting", "add_action"):
        take(records, "CSPR-2026-002", step, now)
        same(step)
    take(records, opened, "close_not_serious", now)
    same("closed")
    assert not next(row for row in look.reviews if row.reference == opened).open

"""Weeks: so many weeks on or back is the same day of the week, and a holiday moves nothing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding.dates.counting import Counts, Direction, Kind, Unit, due
from safeguarding.dates.day_by_day import work_out
from safeguarding.dates.working_days import Calendar
from safeguarding.law.rulebook import Rulebook, chosen

THREE = Counts(unit=Unit.WEEKS, length=3)


@given(st.dates(date(2018, 1, 8), date(2027, 1, 1)), st.integers(1, 52), st.sampled_from(list(Direction)))
def test_it_is_the_same_day_of_the_week(calendar: Calendar, day: date, weeks: int, way: Direction) -> None:
    """Of any day, however many weeks, on or back: seven days a week and nothing rolled on."""
    found = due(day, Counts(unit=Unit.WEEKS, length=weeks, direction=way), calendar)
    assert (day.weekday(), 7 * weeks) == (found.weekday(), abs((found - day).days))
    assert (found > day) is (way is Direction.FORWARD)


def test_three_weeks_from_a_monday_in_december(calendar: Calendar) -> None:
    """Asked on Monday 30 November 2026: in on Monday 21 December, told week by week."""
    working = work_out(date(2026, 11, 30), THREE, calendar)

    assert date(2026, 12, 21) == working.due_on
    assert ["3 weeks on from Mon 30 Nov 2026 is Mon 21 Dec 2026, the last day for it."] == working.sentences()
    assert [
        "Mon 7 Dec 2026 is week 1.",
        "Mon 14 Dec 2026 is week 2.",
        "Mon 21 Dec 2026 is week 3.",
    ] == working.day_by_day()


def test_weeks_that_end_on_a_bank_holiday_are_not_rolled_on(calendar: Calendar) -> None:
    """Three weeks from Monday 7 December end on the substitute day of Boxing Day: aim for Christmas Eve."""
    working = work_out(date(2026, 12, 7), THREE, calendar)
    assert (date(2026, 12, 28), date(2026, 12, 24)) == (working.due_on, working.target_on)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (THREE, "within 3 weeks"),
        (Counts(unit=Unit.WEEKS, length=1), "within 1 week"),
        (Counts(unit=Unit.WEEKS, length=2, direction=Direction.BACKWARD), "no later than 2 weeks before"),
        (Counts(unit=Unit.WEEKS, length=6, kind=Kind.INTERVAL), "every 6 weeks"),
    ],
)
def test_weeks_in_words(counts: Counts, words: str) -> None:
    """As people say them."""
    assert words == counts.words


def test_a_first_day_that_counts_takes_no_day_off_a_week(rulebook: Rulebook, calendar: Calendar) -> None:
    """A partnership that counts the first day as day one: a week on from a Monday is a Monday all the same."""
    choices = rulebook.partnership.choices
    included = choices.model_copy(update={"day_zero": choices.day_zero.model_copy(update={"value": "included"})})
    rule = rulebook.rule("local.x.imr_return").model_copy(update={"counts": THREE})
    assert chosen(rule, included).counts == THREE


def test_it_goes_on_in_calendar_days_after_a_suspension(calendar: Calendar) -> None:
    """Weeks know no working days: what is left of them is kept in calendar days."""
    from safeguarding.duties.suspension import due_after, left_on

    left = left_on(date(2026, 12, 9), due(date(2026, 11, 30), THREE, calendar), "calendar days", calendar)
    assert (12, date(2026, 12, 14) + timedelta(days=12)) == (
        left,
        due_after(date(2026, 12, 14), left, "calendar days", calendar),
    )

"""The laws of the clock, on any day of the calendar and any length, beside numpy's independent count."""

from datetime import date, timedelta

import numpy as np
import pytest
from driver.tries import tries
from hypothesis import given
from hypothesis import strategies as st

import config
from safeguarding.dates.counting import Counts, Direction, Kind, Unit, add_months, due
from safeguarding.dates.day_by_day import work_out
from safeguarding.dates.working_days import Calendar, add_working_days, working_days_between

CALENDAR: Calendar = config.load().calendar
HOLIDAYS = np.array(sorted(CALENDAR.holidays), dtype="datetime64[D]")

days = st.dates(CALENDAR.first + timedelta(days=120), CALENDAR.last - timedelta(days=120))
lengths = st.integers(min_value=1, max_value=60)
ways = st.sampled_from(list(Direction))


def numpy_offset(day: date, number: int, roll: str) -> date:
    """The same count by numpy."""
    counted = np.busday_offset(np.datetime64(day), number, roll=roll, holidays=HOLIDAYS)  # type: ignore[call-overload]
    return counted.astype(date)  # type: ignore[no-any-return]


@given(days, lengths)
def test_forward_agrees_with_numpy(day: date, length: int) -> None:
    """Day zero rolls back to the last working day, and so a weekend's anchor counts as its Friday."""
    counts = Counts(unit=Unit.WORKING_DAYS, length=length)
    assert numpy_offset(day, length, "preceding") == due(day, counts, CALENDAR)


@given(days, lengths)
def test_backward_agrees_with_numpy(day: date, length: int) -> None:
    """Counting back, a planned day on a weekend counts as its Monday."""
    counts = Counts(unit=Unit.WORKING_DAYS, length=length, direction=Direction.BACKWARD)
    assert numpy_offset(day, -length, "following") == due(day, counts, CALENDAR)


@given(days, days)
def test_days_between_agree_with_numpy(a: date, b: date) -> None:
    """The working days after one day up to and including another, signed."""
    after = timedelta(days=1)
    counted = int(np.busday_count(np.datetime64(a + after), np.datetime64(b + after), holidays=HOLIDAYS))
    if b < a:
        counted = -int(np.busday_count(np.datetime64(b + after), np.datetime64(a + after), holidays=HOLIDAYS))
    assert counted == working_days_between(a, b, CALENDAR)


@given(days, lengths, ways)
def test_never_lands_on_a_day_that_is_not_counted(day: date, length: int, way: Direction) -> None:
    """A count of working days ends on a working day, whichever way it goes."""
    counts = Counts(unit=Unit.WORKING_DAYS, length=length, direction=way)
    assert CALENDAR.is_working_day(due(day, counts, CALENDAR))


@given(days, st.integers(min_value=0, max_value=30), lengths, ways)
def test_a_later_anchor_is_never_due_earlier(day: date, later: int, length: int, way: Direction) -> None:
    """Monotone in the anchor."""
    counts = Counts(unit=Unit.WORKING_DAYS, length=length, direction=way)
    assert due(day, counts, CALENDAR) <= due(day + timedelta(days=later), counts, CALENDAR)


@given(days, lengths)
def test_a_longer_count_is_due_later(day: date, length: int) -> None:
    """Monotone in the length, strictly."""
    shorter = due(day, Counts(unit=Unit.WORKING_DAYS, length=length), CALENDAR)
    longer = due(day, Counts(unit=Unit.WORKING_DAYS, length=length + 1), CALENDAR)
    assert shorter < longer


@given(days, lengths)
def test_forward_and_backward_undo_each_other(day: date, length: int) -> None:
    """From a working day, so many working days on and as many back is the same day."""
    start = add_working_days(day, 0, CALENDAR)
    there = due(start, Counts(unit=Unit.WORKING_DAYS, length=length), CALENDAR)
    back = due(there, Counts(unit=Unit.WORKING_DAYS, length=length, direction=Direction.BACKWARD), CALENDAR)
    assert start == back


@given(days, st.integers(min_value=-60, max_value=60).filter(bool))
def test_between_counts_what_was_added(day: date, number: int) -> None:
    """As many working days lie between as were added, counted from a working day."""
    start = add_working_days(day, 0, CALENDAR)
    assert number == working_days_between(start, add_working_days(start, number, CALENDAR), CALENDAR)


@tries(60)
@given(days, st.integers(min_value=1, max_value=25), ways, st.booleans())
def test_an_explanation_counts_as_many_days_as_the_rule(day: date, length: int, way: Direction, strict: bool) -> None:
    """Every day from the anchor to the due date is there once: counted with its number, or skipped with a reason."""
    strict = strict and way is Direction.BACKWARD
    counts = Counts(unit=Unit.WORKING_DAYS, length=length, direction=way, strict_clear_days=strict)
    working = work_out(day, counts, CALENDAR)
    counted = [step for step in working.steps if step.counted]
    assert length + strict == len(counted)
    assert list(range(1, length + strict + 1)) == [step.number for step in counted]
    assert abs((working.due_on - day).days) + 1 == len(working.steps)
    assert all(step.why for step in working.steps if not step.counted)
    assert due(day, counts, CALENDAR) == working.due_on == working.steps[-1].day


@given(days, st.integers(min_value=1, max_value=36))
def test_a_minimum_is_never_shorter_than_a_maximum(day: date, months: int) -> None:
    """Rounding errs towards compliance: the maximum clamps down, the minimum goes up, by one day at most."""
    most, least = add_months(day, months), add_months(day, months, round_up=True)
    assert least - most in (timedelta(0), timedelta(days=1))
    assert (least == most) == (most.day == day.day)


@given(days, st.integers(min_value=1, max_value=36))
def test_months_keep_their_day_or_clamp_to_the_last(day: date, months: int) -> None:
    """The corresponding date, in the right month, always."""
    result = add_months(day, months)
    assert (day.year * 12 + day.month + months) == (result.year * 12 + result.month)
    assert result.day == day.day or (result + timedelta(days=1)).month != result.month


@given(days, lengths)
def test_counting_the_first_day_is_never_later(day: date, length: int) -> None:
    """A partnership that counts the anchor's own day as day one can only be earlier."""
    ordinary = Counts(unit=Unit.WORKING_DAYS, length=length)
    inclusive = ordinary.model_copy(update={"day_one": "same_day"})
    assert due(day, inclusive, CALENDAR) <= due(day, ordinary, CALENDAR)


@tries(40)
@given(days, lengths, st.integers(min_value=1, max_value=100))
def test_a_holiday_outside_the_span_changes_nothing(day: date, length: int, beyond: int) -> None:
    """Adding a bank holiday after the due date, or before the anchor, moves nothing in between."""
    counts = Counts(unit=Unit.WORKING_DAYS, length=length, kind=Kind.MAXIMUM)
    before = due(day, counts, CALENDAR)
    for extra in (before + timedelta(days=beyond), day - timedelta(days=beyond)):
        if CALENDAR.first <= extra <= CALENDAR.last:
            other = CALENDAR.model_copy(update={"holidays": {**CALENDAR.holidays, extra: "extra"}})
            assert before == due(day, counts, other)


@pytest.mark.parametrize("length", [1, 5, 15, 30])
def test_every_single_day_of_2026_agrees_with_numpy(length: int) -> None:
    """No sampling: all 365 days."""
    counts = Counts(unit=Unit.WORKING_DAYS, length=length)
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [numpy_offset(day, length, "preceding") for day in year] == [due(day, counts, CALENDAR) for day in year]

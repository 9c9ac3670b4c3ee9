"""The conventions T04 to T12, T17 and T31 of the statutory reference, each at its boundary."""

import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from safeguarding.dates.counting import Counts, Direction, Kind, Unit, add_months, due
from safeguarding.dates.day_by_day import work_out
from safeguarding.dates.london import LONDON, london_date
from safeguarding.dates.working_days import Calendar, add_working_days, next_working_day, previous_working_day
from safeguarding.errors import HorizonPassed, SafeguardingError

FIVE = Counts(unit=Unit.WORKING_DAYS, length=5)
SEVEN_BEFORE = Counts(unit=Unit.WORKING_DAYS, length=7, direction=Direction.BACKWARD, kind=Kind.GATE)


def test_t04_awareness_at_a_weekend_and_after_hours_is_day_zero_that_very_day(calendar: Calendar) -> None:
    """Friday 23:55, Saturday noon and Sunday night all give the next Friday; there is no office-hours cut-off."""
    moments = [
        datetime(2026, 11, 20, 23, 55, tzinfo=LONDON),
        datetime(2026, 11, 21, 12, 0, tzinfo=LONDON),
        datetime(2026, 11, 22, 21, 30, tzinfo=LONDON),
    ]
    assert {date(2026, 11, 27)} == {due(london_date(moment), FIVE, calendar) for moment in moments}


def test_t05_the_day_it_starts_is_not_counted(calendar: Calendar) -> None:
    """Aware on Monday: Tuesday is day one, and one working day ends on Tuesday."""
    one = Counts(unit=Unit.WORKING_DAYS, length=1)
    assert date(2026, 11, 24) == due(date(2026, 11, 23), one, calendar)
    inclusive = one.model_copy(update={"day_one": "same_day"})
    assert date(2026, 11, 23) == due(date(2026, 11, 23), inclusive, calendar)


def test_t06_a_working_day_is_monday_to_friday_less_the_holidays(calendar: Calendar) -> None:
    """A whole Easter week: Saturday, Sunday, Good Friday and Easter Monday do not count, and each says why."""
    week = [date(2026, 4, 2) + timedelta(days=n) for n in range(6)]
    expected = [None, "Good Friday", "Saturday", "Sunday", "Easter Monday", None]
    assert expected == [calendar.why_not(day) for day in week]


def test_t07_holidays_of_scotland_and_northern_ireland_count_as_working_days(calendar: Calendar) -> None:
    """2 January, St Patrick's Day, the Twelfth of July and St Andrew's Day are working days here."""
    elsewhere = [date(2026, 1, 2), date(2026, 3, 17), date(2026, 7, 13), date(2026, 8, 3), date(2026, 11, 30)]
    assert [True] * 5 == [calendar.is_working_day(day) for day in elsewhere]


def test_t08_one_off_holidays_come_from_the_list(calendar: Calendar) -> None:
    """The Jubilee, the State Funeral, the coronation and the moved May day of 2020 could not be computed."""
    one_offs = [date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)]
    assert [False] * 5 == [calendar.is_working_day(day) for day in one_offs]
    moved_away = [date(2020, 5, 4), date(2022, 5, 30)]
    assert [True] * 2 == [calendar.is_working_day(day) for day in moved_away]


def test_t09_a_councils_christmas_closure_is_still_working_days(calendar: Calendar) -> None:
    """29 to 31 December 2026 count, though the council is shut."""
    assert [True] * 3 == [calendar.is_working_day(date(2026, 12, day)) for day in (29, 30, 31)]


def test_t10_months_clamp_and_do_not_stick() -> None:
    """31 August and six months is 28 February; 28 February and six months is 28 August, not the 31st."""
    assert date(2027, 2, 28) == add_months(date(2026, 8, 31), 6)
    assert date(2027, 8, 28) == add_months(date(2027, 2, 28), 6)


def test_t11_six_months_that_end_on_a_sunday_are_not_rolled_forward(calendar: Calendar) -> None:
    """Due on Sunday 28 February 2027; the Friday before is the day to aim for, and the words say so."""
    working = work_out(date(2026, 8, 28), Counts(unit=Unit.MONTHS, length=6), calendar)
    assert date(2027, 2, 28) == working.due_on
    assert "Sun 28 Feb 2027 is not a working day (Sunday). Nothing extends the date, so aim for Fri 26 Feb 2027." in (
        working.sentences()
    )


def test_t12_seven_working_days_before_are_not_clear_days(calendar: Calendar) -> None:
    """Published on Thursday 17 December: sent on Tuesday the 8th; strict clear days make it Monday the 7th."""
    assert date(2026, 12, 8) == due(date(2026, 12, 17), SEVEN_BEFORE, calendar)
    strict = SEVEN_BEFORE.model_copy(update={"strict_clear_days": True})
    assert date(2026, 12, 7) == due(date(2026, 12, 17), strict, calendar)


def test_t17_a_maximum_clamps_down_and_a_minimum_rounds_up(calendar: Calendar) -> None:
    """One year from 29 February 2028: at the latest 28 February 2029, at the earliest 1 March 2029."""
    longest = Counts(unit=Unit.YEARS, length=1)
    assert date(2027, 2, 28) == due(date(2024, 2, 29), longest.model_copy(update={"length": 3}), calendar)
    shortest = Counts(unit=Unit.YEARS, length=1, kind=Kind.MINIMUM)
    assert date(2029, 3, 1) == due(date(2028, 2, 29), shortest, calendar)


def test_t31_half_past_midnight_in_london_is_the_day_before_in_utc() -> None:
    """A notification sent at 00:30 on 1 July is stored as 23:30 UTC on 30 June, and counts from 1 July."""
    assert date(2026, 7, 1) == london_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert date(2026, 12, 1) == london_date(datetime(2026, 12, 1, 0, 30, tzinfo=UTC))
    assert date(2026, 12, 1) == london_date(datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC))


def test_t31_the_clocks_go_forward_and_back() -> None:
    """29 March and 25 October 2026: the hour that is missing and the hour that comes twice have one date."""
    assert date(2026, 3, 29) == london_date(datetime(2026, 3, 29, 0, 59, tzinfo=UTC))
    assert date(2026, 3, 30) == london_date(datetime(2026, 3, 29, 23, 0, tzinfo=UTC))
    assert date(2026, 10, 25) == london_date(datetime(2026, 10, 24, 23, 0, tzinfo=UTC))
    assert date(2026, 10, 25) == london_date(datetime(2026, 10, 25, 23, 59, tzinfo=UTC))


def test_t31_another_zone_is_brought_to_london() -> None:
    """A reviewer abroad at 20:00 in New York on 1 July sends on 2 July in London."""
    assert date(2026, 7, 2) == london_date(datetime(2026, 7, 1, 20, tzinfo=ZoneInfo("America/New_York")))
    assert date(2026, 7, 1) == london_date(datetime(2026, 7, 2, 0, 30, tzinfo=timezone(timedelta(hours=2))))


def test_t31_a_moment_without_its_zone_is_refused() -> None:
    """Guessing a zone would be off by a day twice a year and nobody would notice."""
    with pytest.raises(SafeguardingError, match="does not say its time zone"):
        london_date(datetime(2026, 7, 1, 0, 30))  # noqa: DTZ001


def test_the_same_working_day_moves_on_only_from_a_day_off(calendar: Calendar) -> None:
    """«As soon as complete» is the same working day; complete on a Saturday, it is the Monday."""
    at_once = Counts(unit=Unit.AS_SOON_AS_POSSIBLE)
    assert date(2026, 11, 27) == due(date(2026, 11, 27), at_once, calendar)
    assert date(2026, 11, 30) == due(date(2026, 11, 28), at_once, calendar)
    back = Counts(unit=Unit.WORKING_DAYS, direction=Direction.BACKWARD)
    assert date(2026, 11, 27) == due(date(2026, 11, 28), back, calendar)


def test_calendar_days_count_every_day(calendar: Calendar) -> None:
    """About ten days from Christmas Eve is 3 January, a Sunday; the Thursday before is the day to aim for."""
    ten = Counts(unit=Unit.CALENDAR_DAYS, length=10, kind=Kind.AIM)
    working = work_out(date(2026, 12, 24), ten, calendar)
    assert (date(2027, 1, 3), date(2026, 12, 31)) == (working.due_on, working.target_on)
    assert 10 == sum(step.counted for step in working.steps)
    before = ten.model_copy(update={"direction": Direction.BACKWARD})
    assert date(2026, 12, 14) == due(date(2026, 12, 24), before, calendar)


def test_an_agreed_day_is_itself(calendar: Calendar) -> None:
    """An action's date is agreed by people; nothing is counted and nothing is moved."""
    agreed = Counts(unit=Unit.AGREED_DATE)
    assert date(2026, 12, 25) == due(date(2026, 12, 25), agreed, calendar)
    assert date(2026, 12, 24) == work_out(date(2026, 12, 25), agreed, calendar).target_on


def test_a_duty_without_a_date_is_never_given_one(calendar: Calendar) -> None:
    """«Timely» has no number, so asking for its day is an error and not a guess."""
    with pytest.raises(SafeguardingError, match="has no date") as caught:
        due(date(2026, 1, 5), Counts(unit=Unit.NONE), calendar)
    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))


def test_a_day_beyond_the_list_is_an_error_that_says_what_to_do(calendar: Calendar) -> None:
    """Beyond the bank holidays the count would miss some: it is refused, with the command that mends it."""
    with pytest.raises(HorizonPassed, match="safeguarding calendar import FILE"):
        due(date(2028, 12, 20), FIVE.model_copy(update={"length": 15}), calendar)
    with pytest.raises(HorizonPassed):
        due(date(2029, 1, 2), FIVE, calendar)
    with pytest.raises(HorizonPassed):
        due(date(2015, 1, 3), SEVEN_BEFORE, calendar)


def test_months_and_days_need_no_bank_holidays(calendar: Calendar) -> None:
    """Six months, 56 days, or a day that was agreed: beyond the list too, for no working day is counted."""
    assert date(2029, 2, 1) == due(date(2028, 8, 1), Counts(unit=Unit.MONTHS, length=6), calendar)
    assert date(2029, 1, 26) == due(date(2028, 12, 1), Counts(unit=Unit.CALENDAR_DAYS, length=56), calendar)
    assert date(2030, 3, 1) == due(date(2030, 3, 1), Counts(unit=Unit.AGREED_DATE), calendar)


def test_the_year_of_availability_may_end_beyond_the_list(calendar: Calendar) -> None:
    """A minimum needs no bank holidays, so publishing in the last year of the list is not refused."""
    year = Counts(unit=Unit.YEARS, length=1, kind=Kind.MINIMUM)
    assert date(2029, 6, 1) == work_out(date(2028, 6, 1), year, calendar).due_on


def test_the_ends_of_the_list_can_be_counted_to(calendar: Calendar) -> None:
    """The first and the last working day of the list are reached, and not one more."""
    assert date(2015, 1, 2) == next_working_day(date(2015, 1, 1), calendar)
    assert date(2028, 12, 29) == previous_working_day(date(2028, 12, 31), calendar)
    with pytest.raises(HorizonPassed):
        previous_working_day(date(2015, 1, 2), calendar)
    with pytest.raises(HorizonPassed):
        previous_working_day(date(2015, 1, 1), calendar)
    with pytest.raises(HorizonPassed):
        next_working_day(date(2028, 12, 29), calendar)
    assert date(2015, 1, 2) == add_working_days(date(2015, 1, 1), 0, calendar)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"unit": "as_soon_as_possible", "length": 3}, "takes no length"),
        ({"unit": "working_days", "length": 5, "strict_clear_days": True}, "backward count only"),
        ({"unit": "working_days", "length": 0, "day_one": "same_day"}, "at least 1"),
        ({"unit": "working_days", "length": -1}, "greater than or equal to 0"),
    ],
)
def test_a_count_that_does_not_fit_together_is_refused(given: dict[str, object], problem: str) -> None:
    """A misstated count is a fault when it is read, not a wrong date later."""
    with pytest.raises(ValidationError, match=problem):
        Counts.model_validate(given)

"""The working of a date, in sentences that a chair would accept."""

from datetime import date

from safeguarding.dates.counting import Counts, Direction, Kind, Unit
from safeguarding.dates.day_by_day import work_out
from safeguarding.dates.working_days import Calendar

FIFTEEN = Counts(unit=Unit.WORKING_DAYS, length=15)


def test_a_rapid_review_over_easter(calendar: Calendar) -> None:
    """Notified on Maundy Thursday: Good Friday and Easter Monday do not count, so the 27th and not the 23rd."""
    working = work_out(date(2026, 4, 2), FIFTEEN, calendar)
    assert [
        "Thu 2 Apr 2026 is not counted: it is day zero.",
        "Fri 3 Apr 2026 is not counted: Good Friday.",
        "Mon 6 Apr 2026 is not counted: Easter Monday.",
        "Saturdays and Sundays are not counted.",
        "Working day 15 is Mon 27 Apr 2026: the last day for it.",
    ] == working.sentences()


def test_every_day_can_be_shown(calendar: Calendar) -> None:
    """Two working days over a weekend, day by day."""
    two = Counts(unit=Unit.WORKING_DAYS, length=2)
    assert [
        "Fri 27 Nov 2026 is not counted: it is day zero.",
        "Sat 28 Nov 2026 is not counted: Saturday.",
        "Sun 29 Nov 2026 is not counted: Sunday.",
        "Mon 30 Nov 2026 is day 1.",
        "Tue 1 Dec 2026 is day 2.",
    ] == work_out(date(2026, 11, 27), two, calendar).day_by_day()


def test_counted_back_from_publication(calendar: Calendar) -> None:
    """Seven working days before publication on 8 January, strict: the extra day is named."""
    strict = Counts(
        unit=Unit.WORKING_DAYS, length=7, direction=Direction.BACKWARD, kind=Kind.GATE, strict_clear_days=True
    )
    assert [
        "Fri 8 Jan 2027 is not counted: it is day zero.",
        "Fri 1 Jan 2027 is not counted: New Year's Day.",
        "Mon 28 Dec 2026 is not counted: Boxing Day (substitute day).",
        "Fri 25 Dec 2026 is not counted: Christmas Day.",
        "Saturdays and Sundays are not counted.",
        "Working day 8 counted back is Thu 24 Dec 2026: the last day for it "
        "(strict clear days: the day of sending does not count either).",
    ] == work_out(date(2027, 1, 8), strict, calendar).sentences()


def test_months_that_clamp_say_so(calendar: Calendar) -> None:
    """Six months from 31 August: February has no 31st; then it is a Sunday."""
    working = work_out(date(2026, 8, 31), Counts(unit=Unit.MONTHS, length=6), calendar)
    assert [
        "6 months on from Mon 31 Aug 2026 is Sun 28 Feb 2027, the last day for it "
        "(February 2027 has no day 31, so the last day of the month).",
        "Sun 28 Feb 2027 is not a working day (Sunday). Nothing extends the date, so aim for Fri 26 Feb 2027.",
    ] == working.sentences()
    assert [1, 2, 3, 4, 5, 6] == [step.number for step in working.steps]
    assert date(2026, 9, 30) == working.steps[0].day


def test_a_minimum_says_when_it_may_end(calendar: Calendar) -> None:
    """Published on 29 February 2028: it stays until 1 March 2029."""
    year = Counts(unit=Unit.YEARS, length=1, kind=Kind.MINIMUM)
    assert [
        "1 year on from Tue 29 Feb 2028 is Thu 1 Mar 2029, the first day on which it may end "
        "(February 2029 has no day 29, so the first of the next month)."
    ] == work_out(date(2028, 2, 29), year, calendar).sentences()


def test_at_once_on_a_bank_holiday(calendar: Calendar) -> None:
    """Complete on Christmas Day 2026: the next working day is Tuesday the 29th, and the days between are named."""
    working = work_out(date(2026, 12, 25), Counts(unit=Unit.AS_SOON_AS_POSSIBLE), calendar)
    assert [
        "Fri 25 Dec 2026 is not counted: Christmas Day.",
        "Mon 28 Dec 2026 is not counted: Boxing Day (substitute day).",
        "Saturdays and Sundays are not counted.",
        "As soon as possible is treated as the same working day: Tue 29 Dec 2026.",
    ] == working.sentences()
    assert 0 == sum(step.counted for step in working.steps)


def test_an_agreed_day_needs_no_counting(calendar: Calendar) -> None:
    """The action plan names the day."""
    working = work_out(date(2026, 11, 30), Counts(unit=Unit.AGREED_DATE), calendar)
    assert ["The day agreed is Mon 30 Nov 2026: nothing is counted."] == working.sentences()


def test_the_first_day_counted(calendar: Calendar) -> None:
    """A partnership that counts the first day as day one: Monday to Friday is five."""
    inclusive = Counts(unit=Unit.WORKING_DAYS, length=5, day_one="same_day")
    working = work_out(date(2026, 11, 23), inclusive, calendar)
    assert "Mon 23 Nov 2026 is day 1." == working.day_by_day()[0]
    assert date(2026, 11, 27) == working.due_on


def test_the_working_survives_json(calendar: Calendar) -> None:
    """As JSON the dates are ISO, and it reads back the same."""
    working = work_out(date(2026, 4, 2), FIFTEEN, calendar)
    assert working == type(working).model_validate_json(working.model_dump_json())
    assert '"due_on":"2026-04-27"' in working.model_dump_json()

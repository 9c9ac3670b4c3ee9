"""The test vectors of the statutory reference, section 7.4, each with the reason it is there."""

from datetime import date

import pytest

from safeguarding.dates.counting import Counts, Direction, Kind, Unit, due
from safeguarding.dates.day_by_day import work_out
from safeguarding.dates.working_days import Calendar

FIVE = Counts(unit=Unit.WORKING_DAYS, length=5)
FIFTEEN = Counts(unit=Unit.WORKING_DAYS, length=15)
SEVEN_BEFORE = Counts(unit=Unit.WORKING_DAYS, length=7, direction=Direction.BACKWARD, kind=Kind.GATE)
SIX_MONTHS = Counts(unit=Unit.MONTHS, length=6)
ONE_YEAR = Counts(unit=Unit.YEARS, length=1, kind=Kind.MINIMUM)

VECTORS = [
    (FIVE, "2026-11-20", "2026-11-27", "aware on a Friday"),
    (FIVE, "2026-11-21", "2026-11-27", "aware on the Saturday: the same answer"),
    (FIVE, "2026-11-22", "2026-11-27", "aware on the Sunday: the same answer"),
    (FIVE, "2026-11-23", "2026-11-30", "aware on the Monday"),
    (FIVE, "2026-12-18", "2026-12-29", "Christmas with a substitute on 28 December"),
    (FIVE, "2026-12-24", "2027-01-05", "Christmas and New Year"),
    (FIVE, "2026-12-25", "2027-01-05", "aware on a bank holiday"),
    (FIVE, "2025-12-19", "2025-12-30", "Christmas without substitutes"),
    (FIVE, "2027-12-23", "2028-01-04", "two substitutes and then a substitute New Year"),
    (FIVE, "2026-03-27", "2026-04-07", "Easter"),
    (FIVE, "2027-03-24", "2027-04-02", "an early Easter"),
    (FIVE, "2026-05-01", "2026-05-11", "the early May holiday"),
    (FIVE, "2026-08-28", "2026-09-07", "the August holiday"),
    (FIFTEEN, "2026-11-02", "2026-11-23", "a plain rapid review"),
    (FIFTEEN, "2026-11-27", "2026-12-18", "notified on the last day after awareness on 20 November"),
    (FIFTEEN, "2026-12-10", "2027-01-05", "a rapid review over Christmas"),
    (FIFTEEN, "2026-12-18", "2027-01-13", "a rapid review over Christmas, later"),
    (FIFTEEN, "2026-03-20", "2026-04-14", "a rapid review over Easter"),
    (FIFTEEN, "2026-05-11", "2026-06-02", "the spring bank holiday"),
    (FIFTEEN, "2027-12-13", "2028-01-06", "three substitutes"),
    (SEVEN_BEFORE, "2026-12-17", "2026-12-08", "published on a Thursday"),
    (SEVEN_BEFORE, "2027-01-04", "2026-12-21", "published on the first working day of 2027"),
    (SEVEN_BEFORE, "2027-01-05", "2026-12-22", "published on the second working day of 2027"),
    (SEVEN_BEFORE, "2027-01-08", "2026-12-29", "not clear days"),
    (SEVEN_BEFORE, "2026-04-08", "2026-03-26", "Easter, just before"),
    (SEVEN_BEFORE, "2026-04-13", "2026-03-31", "Easter, in the middle"),
    (SEVEN_BEFORE, "2026-05-29", "2026-05-19", "the spring bank holiday"),
    (SEVEN_BEFORE, "2027-04-01", "2027-03-19", "an early Easter"),
    (SEVEN_BEFORE, "2028-01-04", "2027-12-21", "three substitutes"),
    (SEVEN_BEFORE, "2026-09-04", "2026-08-25", "the August holiday"),
    (SIX_MONTHS, "2026-08-28", "2027-02-28", "a Sunday"),
    (SIX_MONTHS, "2026-08-30", "2027-02-28", "clamped"),
    (SIX_MONTHS, "2026-08-31", "2027-02-28", "clamped"),
    (SIX_MONTHS, "2027-08-31", "2028-02-29", "clamped in a leap year"),
    (SIX_MONTHS, "2026-03-31", "2026-09-30", "clamped"),
    (SIX_MONTHS, "2026-05-31", "2026-11-30", "clamped"),
    (SIX_MONTHS, "2026-12-31", "2027-06-30", "clamped"),
    (SIX_MONTHS, "2026-06-26", "2026-12-26", "a Saturday"),
    (SIX_MONTHS, "2026-02-28", "2026-08-28", "a month's end does not stick"),
    (ONE_YEAR, "2026-11-22", "2027-11-22", "the earliest day to take it down"),
    (ONE_YEAR, "2028-02-29", "2029-03-01", "a minimum rounds up"),
]


@pytest.mark.parametrize(("counts", "anchor", "expected", "reason"), VECTORS, ids=[f"{v[1]} {v[3]}" for v in VECTORS])
def test_vector(counts: Counts, anchor: str, expected: str, reason: str, calendar: Calendar) -> None:
    """Each vector of the reference is reproduced exactly."""
    assert date.fromisoformat(expected) == due(date.fromisoformat(anchor), counts, calendar), reason


@pytest.mark.parametrize(
    ("anchor", "target"), [("2026-08-28", "2027-02-26"), ("2026-06-26", "2026-12-24"), ("2026-12-31", None)]
)
def test_the_day_to_aim_for_when_six_months_end_on_no_working_day(
    anchor: str, target: str | None, calendar: Calendar
) -> None:
    """Nothing extends a date that falls on a Sunday or Boxing Day: the working day before is the one to aim for."""
    expected = target and date.fromisoformat(target)
    assert expected == work_out(date.fromisoformat(anchor), SIX_MONTHS, calendar).target_on


def test_the_strict_reading_of_seven_working_days_before(calendar: Calendar) -> None:
    """Strict clear days cost one working day: for publication on 8 January 2027 the copy goes on Christmas Eve."""
    strict = SEVEN_BEFORE.model_copy(update={"strict_clear_days": True})
    assert date(2026, 12, 24) == due(date(2027, 1, 8), strict, calendar)


def test_the_whole_chain_from_awareness_on_a_friday(calendar: Calendar) -> None:
    """Aware on 20 November 2026: notify by the 27th; rapid review by 18 December, or 11 December from awareness."""
    aware = date(2026, 11, 20)
    notified = due(aware, FIVE, calendar)
    assert date(2026, 11, 27) == notified
    assert date(2026, 12, 18) == due(notified, FIFTEEN, calendar)
    assert date(2026, 12, 11) == due(aware, FIFTEEN, calendar)

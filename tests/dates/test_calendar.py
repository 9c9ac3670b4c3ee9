"""The list of bank holidays: complete, dated, and the same as an independent computation."""

import json
from datetime import date
from importlib.resources import files

import govuk_bank_holidays
import holidays
import pytest
from pydantic import ValidationError

from safeguarding.dates.working_days import Calendar
from safeguarding.errors import HorizonPassed


def test_the_list_is_that_of_england_as_the_holidays_package_computes_it(calendar: Calendar) -> None:
    """Every weekday that the package calls a holiday of England is in the list, and no other day is."""
    years = range(calendar.first.year, calendar.last.year + 1)
    computed = {day for day in holidays.country_holidays("GB", subdiv="ENG", years=years) if day.weekday() < 5}
    assert sorted(computed) == sorted(calendar.holidays)


def test_the_list_is_the_official_one(calendar: Calendar) -> None:
    """GOV.UK's own list for England and Wales, as a package of theirs bundles it: the same days from 2015 to 2028."""
    official = json.loads(files(govuk_bank_holidays).joinpath("bank-holidays.json").read_text("utf-8"))
    days = {date.fromisoformat(event["date"]) for event in official["england-and-wales"]["events"]}
    assert calendar.last <= date(max(days).year, 12, 31), "the official list does not reach so far"
    assert sorted(day for day in days if day >= calendar.first) == sorted(calendar.holidays)


def test_the_reference_list_2025_to_2028(calendar: Calendar) -> None:
    """Section 7.3 of the statutory reference, word for word."""
    reference = {
        2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
        2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
        2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
        2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    }
    for year, written in reference.items():
        listed = [day.strftime("%m-%d") for day in sorted(calendar.holidays) if day.year == year]
        assert written.split() == listed


def test_the_snapshot_says_what_it_is(calendar: Calendar) -> None:
    """Whole years, with the day it was taken, the official list it was compared with, and what it cannot know."""
    assert (date(2015, 1, 1), date(2028, 12, 31)) == (calendar.first, calendar.last)
    assert calendar.taken_on >= date(2026, 11, 22)
    assert "GOV.UK" in calendar.source and "A holiday proclaimed since is not in it." in calendar.source
    assert all(name for name in calendar.holidays.values())


def test_another_holiday_makes_another_digest(calendar: Calendar) -> None:
    """A row of the record keeps the digest, so a later holiday is seen to be later; a new name is not a new day."""
    extra = Calendar(**{**calendar.model_dump(), "holidays": {**calendar.holidays, date(2027, 6, 1): "One-off"}})
    renamed = {**calendar.holidays, date(2026, 12, 28): "Boxing Day, moved"}
    same = Calendar(**{**calendar.model_dump(), "holidays": renamed})
    assert calendar.digest != extra.digest
    assert calendar.digest == same.digest
    assert 12 == len(calendar.digest)


def test_a_day_outside_the_list_is_neither_working_nor_not(calendar: Calendar) -> None:
    """The first day after the list is refused, even a Saturday: nobody has said what lies there."""
    with pytest.raises(HorizonPassed):
        calendar.is_working_day(date(2029, 1, 6))
    with pytest.raises(HorizonPassed):
        calendar.why_not(date(2014, 12, 31))


def test_a_list_that_contradicts_itself_is_refused(calendar: Calendar) -> None:
    """A holiday outside first and last is a slip of the pen and a fault at load."""
    with pytest.raises(ValidationError, match="outside first"):
        Calendar(**{**calendar.model_dump(), "last": date(2028, 6, 30)})
    with pytest.raises(ValidationError, match="after 'last'"):
        Calendar(**{**calendar.model_dump(), "first": date(2029, 1, 1)})

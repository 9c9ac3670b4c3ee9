"""London's time: what the clocks show, how a day and a moment are read, how they are said."""

from datetime import UTC, date, datetime, time, timedelta

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding.dates.london import (
    LONDON,
    london_clock,
    london_date,
    london_moment,
    now,
    read_day,
    read_moment,
    say_moment,
    say_moment_briefly,
    say_span,
)
from safeguarding.errors import SafeguardingError

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def test_now_is_the_time_of_the_machine_in_utc() -> None:
    """Asked on a frozen day, it says that day; and a moment always says its zone."""
    frozen = pendulum.datetime(2026, 6, 30, 23, 30)
    with pendulum.travel_to(frozen, freeze=True):
        assert datetime(2026, 6, 30, 23, 30, tzinfo=UTC) == now()
        assert date(2026, 7, 1) == london_date(now())
        assert timedelta(0) == now().utcoffset()


@given(DAYS, st.times())
def test_a_day_and_what_the_clock_shows_are_found_again(day: date, clock: time) -> None:
    """Through UTC and back, but for the hour in March that no clock in London shows."""
    moment = london_moment(day, clock).astimezone(UTC)
    shown = (london_date(moment), london_clock(moment))
    skipped = day.month == 3 and day.day > 24 and day.weekday() == 6 and clock.hour == 1
    assert (day, clock.replace(hour=2) if skipped else clock) == shown


def test_a_moment_without_its_zone_is_refused() -> None:
    """Nobody guesses which hour was meant."""
    for ask in (london_date, london_clock):
        with pytest.raises(SafeguardingError, match="does not say its time zone"):
            ask(datetime(2026, 6, 30, 23, 30))  # noqa: DTZ001  that is the case


@given(DAYS)
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    """ISO and nothing else."""
    assert day == read_day(day.isoformat())


@pytest.mark.parametrize(
    "text", ["", "2026-2-3", "20261218", "18/12/2026", "2026-02-30", "2026-W51", "now", "2026-12-18 "]
)
def test_what_is_not_a_day_is_refused(text: str) -> None:
    """A week, another order, a day that no calendar has: named, and never taken for another day."""
    with pytest.raises(ValueError, match=r"is not a date such as 2026-12-18"):
        read_day(text)


def test_a_moment_is_londons_unless_it_says_otherwise() -> None:
    """Ten in the morning is ten by the clocks of London, in summer too."""
    assert datetime(2026, 7, 1, 9, 0, tzinfo=UTC) == read_moment("2026-07-01T10:00")
    assert datetime(2026, 12, 18, 10, 0, tzinfo=UTC) == read_moment("2026-12-18 10:00")
    assert datetime(2026, 7, 1, 10, 0, tzinfo=UTC) == read_moment("2026-07-01T10:00Z")
    assert datetime(2026, 7, 1, 5, 0, tzinfo=UTC) == read_moment("2026-07-01T10:00+05:00")


@pytest.mark.parametrize("text", ["", "now", "10:00", "2026-12-18", "2026-W51", "tomorrow", "2026-12-18T25:00"])
def test_what_is_not_a_moment_is_refused(text: str) -> None:
    """A day without its hour is not midnight."""
    with pytest.raises(ValueError, match=r"is not a time such as 2026-12-18T10:00"):
        read_moment(text)


def test_moments_and_spans_in_words() -> None:
    """In London's time, and no longer than a person reads."""
    moment = datetime(2026, 7, 3, 9, 20, tzinfo=UTC)
    assert "3 Jul 2026 at 10:20" == say_moment(moment)
    assert "Fri 3 Jul 2026 10:20" == say_moment(moment, weekday=True)
    assert "03 Jul 10:20" == say_moment_briefly(moment)
    said = {30: "less than a minute", 46 * 60: "46 minutes", 90 * 60: "1 hour 30 minutes", 200 * 60: "3 hours"}
    assert said == {seconds: say_span(timedelta(seconds=seconds)) for seconds in said}
    assert "2 days 2 hours" == say_span(timedelta(hours=50, minutes=59))


def test_the_zone_is_the_laws() -> None:
    """One name, and the clock changes of every year are in it."""
    assert "Europe/London" == LONDON.key
    assert timedelta(hours=1) == london_moment(date(2026, 7, 1), time(12)).utcoffset()

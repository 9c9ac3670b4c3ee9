"""How a duty stands on a day, in the words that the board shows."""

from datetime import date

import pytest

from safeguarding.dates.counting import Kind
from safeguarding.dates.standing import standing
from safeguarding.dates.working_days import Calendar

DUE = date(2026, 12, 18)  # a Friday


@pytest.mark.parametrize(
    ("today", "state", "left", "words"),
    [
        (date(2026, 11, 27), "on-time", 15, "15 working days left"),
        (date(2026, 12, 10), "on-time", 6, "6 working days left"),
        (date(2026, 12, 11), "due-soon", 5, "5 working days left"),
        (date(2026, 12, 12), "due-soon", 5, "5 working days left"),
        (date(2026, 12, 17), "due-soon", 1, "1 working day left"),
        (date(2026, 12, 18), "due-soon", 0, "due today"),
        (date(2026, 12, 19), "overdue", 0, "overdue since Fri 18 Dec 2026"),
        (date(2026, 12, 21), "overdue", -1, "overdue by 1 working day"),
        (date(2026, 12, 29), "overdue", -5, "overdue by 5 working days"),
    ],
)
def test_standing_of_a_rapid_review(today: date, state: str, left: int, words: str, calendar: Calendar) -> None:
    """From the day it starts, through the weekend after it was due, to past Christmas."""
    assert (state, left, words) == tuple(standing(DUE, today, calendar))


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2027, 2, 25), "1 working day left"),
        (date(2027, 2, 26), "due Sun 28 Feb 2027: today is the last working day"),
        (date(2027, 2, 27), "due Sun 28 Feb 2027: no working day is left"),
        (date(2027, 2, 28), "due today"),
        (date(2027, 3, 1), "overdue by 1 working day"),
    ],
)
def test_six_months_that_end_on_a_sunday(today: date, words: str, calendar: Calendar) -> None:
    """Nothing extends it: on the Friday the board says that today is the last working day."""
    assert words == standing(date(2027, 2, 28), today, calendar).words


def test_an_aim_is_passed_and_not_overdue_in_words(calendar: Calendar) -> None:
    """A statutory date missed and an aim of guidance passed are not the same notice."""
    assert "past the aim by 1 working day" == standing(DUE, date(2026, 12, 21), calendar, kind=Kind.AIM).words
    assert "overdue" == standing(DUE, date(2026, 12, 21), calendar, kind=Kind.AIM).state


def test_a_minimum_is_never_overdue(calendar: Calendar) -> None:
    """The year of public availability: before it ends it may not end, afterwards nothing is owed."""
    end = date(2027, 11, 22)
    assert ("on-time", "may end from Mon 22 Nov 2027") == standing(end, date(2027, 11, 1), calendar, kind=Kind.MINIMUM)[
        ::2
    ]
    assert ("on-time", "could end since Mon 22 Nov 2027") == standing(
        end, date(2028, 1, 10), calendar, kind=Kind.MINIMUM
    )[::2]


def test_a_date_beyond_the_list_is_shown_as_more_than(calendar: Calendar) -> None:
    """The board does not fail because a date lies beyond the bank holidays: it says what is certain."""
    stands = standing(date(2029, 2, 1), date(2028, 12, 1), calendar)
    assert ("on-time", "more than 18 working days left") == (stands.state, stands.words)


def test_soon_is_what_the_rule_says(calendar: Calendar) -> None:
    """A rule may call ten working days soon."""
    assert "due-soon" == standing(DUE, date(2026, 12, 4), calendar, warn_at=10).state
    assert "on-time" == standing(DUE, date(2026, 12, 3), calendar, warn_at=10).state

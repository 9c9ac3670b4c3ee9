"""The ladder: which rung fires when, for which duty."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import config
from safeguarding.dates.counting import Kind
from safeguarding.dates.london import LONDON
from safeguarding.law.rulebook import Rulebook
from safeguarding.law.rung import Rung
from safeguarding.notices.ladder import fires_at, rungs_for

BOOK = config.load()
NINE = time(9, 0)


def rung(**when: object) -> Rung:
    """A rung of everybody's ladder."""
    return Rung.model_validate({"id": "r", "when": when, "to": ["owner"]})


def at(day: date, hour: int = 9) -> datetime:
    """That hour in London."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)


def told(rulebook: Rulebook, name: str, anchored: date, due_on: date) -> list[tuple[str, str]]:
    """Each rung of a duty with its moment, in order."""
    rungs = rungs_for(rulebook.rule(name), anchored, due_on, rulebook.partnership, rulebook.calendar)
    return [(rung.id, moment.isoformat(timespec="minutes")) for rung, moment in rungs]


def test_the_ladder_of_a_rapid_review(rulebook: Rulebook) -> None:
    """Notified on 27 November 2026, due on Friday 18 December: the breach is told at midnight, the rest at nine."""
    assert [
        ("half_used", "2026-12-09T09:00+00:00"),
        ("four_fifths_used", "2026-12-15T09:00+00:00"),
        ("day_before", "2026-12-17T09:00+00:00"),
        ("statutory_at_risk", "2026-12-17T09:00+00:00"),
        ("statutory_missed", "2026-12-19T00:00+00:00"),
        ("one_day_late", "2026-12-21T09:00+00:00"),
        ("three_days_late", "2026-12-23T09:00+00:00"),
        ("five_days_late", "2026-12-29T09:00+00:00"),
    ] == told(rulebook, "C05", date(2026, 11, 27), date(2026, 12, 18))


def test_an_agency_is_reminded_on_working_days_3_5_and_7(rulebook: Rulebook) -> None:
    """The rule names its own reminders, which take the place of the ladder's; a local miss waits for the morning."""
    assert [
        ("reminder_5_left", "2026-12-02T09:00+00:00"),
        ("reminder_3_left", "2026-12-04T09:00+00:00"),
        ("reminder_1_left", "2026-12-08T09:00+00:00"),
        ("one_day_late", "2026-12-10T09:00+00:00"),
        ("three_days_late", "2026-12-14T09:00+00:00"),
        ("five_days_late", "2026-12-16T09:00+00:00"),
    ] == told(rulebook, "local.c.agency_summary_return", date(2026, 11, 27), date(2026, 12, 9))


def test_summer_mornings_are_nine_in_london(rulebook: Rulebook) -> None:
    """In July nine in London is eight UTC, and midnight of the breach is 23:00 UTC the day before."""
    moments = dict(told(rulebook, "C05", date(2026, 6, 22), date(2026, 7, 13)))
    assert "2026-07-10T09:00+01:00" == moments["day_before"]
    assert "2026-07-14T00:00+01:00" == moments["statutory_missed"]


def test_a_gate_has_reminders_and_a_miss_but_no_share(rulebook: Rulebook) -> None:
    """The advance copy is anchored on a day that is still to come, so there is no allowance to share."""
    found = [name for name, _ in told(rulebook, "C13", date(2026, 12, 17), date(2026, 12, 8))]
    assert ["day_before", "statutory_at_risk", "statutory_missed"] == found[:3]


def test_a_minimum_has_no_rung_at_all(rulebook: Rulebook) -> None:
    """Nothing is late when the year of availability ends."""
    assert Kind.MINIMUM is rulebook.rule("C16").counts.kind
    assert [] == told(rulebook, "C16", date(2026, 11, 22), date(2027, 11, 22))
    assert [] == told(rulebook, "A01", date(2026, 11, 22), date(2026, 11, 23))


def test_what_is_due_the_same_day_is_not_reminded_of_but_missed(rulebook: Rulebook) -> None:
    """
    A reminder at the very moment it begins is noise. Guidance says «immediate»; that this is the same working day is
    ours, so its passing goes up like a local date's, and not as a breach of guidance.
    """
    found = [name for name, _ in told(rulebook, "C06", date(2026, 12, 9), date(2026, 12, 9))]
    assert ["one_day_late", "three_days_late", "five_days_late"] == found


@pytest.mark.parametrize("rule", ["C07", "C10", "A04"])
def test_a_day_of_our_own_never_goes_up_as_a_breach_of_the_law(rule: str, rulebook: Rulebook) -> None:
    """The duty is an Act's, the regulations' or guidance's, and its day is a design default: the local rungs only."""
    found = [name for name, _ in told(rulebook, rule, date(2026, 12, 9), date(2026, 12, 21))]
    assert "five_days_late" in found
    assert [] == [name for name in found if name.startswith("statutory")]


def test_six_months_that_end_on_a_sunday(rulebook: Rulebook) -> None:
    """The day before is counted from the last working day, Friday the 26th: so Thursday; the breach is Monday 00:00."""
    moments = dict(told(rulebook, "C12", date(2026, 8, 28), date(2027, 2, 28)))
    assert "2027-02-25T09:00+00:00" == moments["day_before"]
    assert "2027-03-01T00:00+00:00" == moments["statutory_missed"]
    assert "2027-03-01T09:00+00:00" == moments["one_day_late"]


def test_a_refusal_is_never_fired_by_the_clock(rulebook: Rulebook) -> None:
    """Repeated lateness or refusal goes to the lead partners when a person records it."""
    last = next(rung for rung in rulebook.partnership.ladder if rung.when.refused)
    assert last.to == ("lead_partner",)
    assert fires_at(last, date(2026, 11, 27), date(2026, 12, 18), rulebook.calendar, NINE) is None


def test_a_local_miss_waits_for_a_working_morning(rulebook: Rulebook) -> None:
    """Due on Christmas Eve: a local miss is told on Tuesday the 29th, a statutory one at midnight of Christmas Day."""
    local = Rung.model_validate({"id": "r", "when": {"missed": True}, "applies_to": "local", "to": ["owner"]})
    statutory = local.model_copy(update={"applies_to": "statutory"})
    span = (date(2026, 12, 1), date(2026, 12, 24))
    assert at(date(2026, 12, 29)) == fires_at(local, *span, rulebook.calendar, NINE)
    assert at(date(2026, 12, 25), 0) == fires_at(statutory, *span, rulebook.calendar, NINE)


days = st.dates(date(2019, 1, 1), date(2027, 6, 30))


@given(days, st.integers(min_value=1, max_value=200), st.floats(min_value=0.01, max_value=0.99))
def test_a_reminder_is_on_a_working_morning_within_the_span(anchored: date, span: int, share: float) -> None:
    """Never before it began, never after the morning of the day itself, never on a day off."""
    due_on = anchored + timedelta(days=span)
    for when in ({"share": share}, {"working_days_left": 1}, {"working_days_left": 0}):
        moment = fires_at(rung(**when), anchored, due_on, BOOK.calendar, NINE)
        if moment is not None:
            assert moment.tzinfo is LONDON
            assert anchored < moment.date() <= due_on
            assert BOOK.calendar.is_working_day(moment.date())


@given(days, st.integers(min_value=0, max_value=200), st.integers(min_value=1, max_value=20))
def test_a_late_rung_is_on_a_working_morning_after_the_day(anchored: date, span: int, late: int) -> None:
    """So many working days after it was due, and never on a day off."""
    due_on = anchored + timedelta(days=span)
    moment = fires_at(rung(working_days_late=late), anchored, due_on, BOOK.calendar, NINE)
    assert moment is not None
    assert moment.date() > due_on
    assert BOOK.calendar.is_working_day(moment.date())


@pytest.mark.parametrize(
    "when", [{}, {"share": 0.5, "working_days_left": 1}, {"share": 1.5}, {"missed": False}, {"working_days_late": 0}]
)
def test_a_rung_says_exactly_one_moment(when: dict[str, object]) -> None:
    """A rung with two moments, or none, is a fault at load."""
    with pytest.raises(ValidationError):
        rung(**when)


def test_a_rung_on_a_miss_says_for_whom() -> None:
    """A statutory miss fires at midnight and a local one in the morning, so «all» would be two moments."""
    with pytest.raises(ValidationError, match="local or statutory"):
        rung(missed=True)


def test_every_rung_says_when_in_words(rulebook: Rulebook) -> None:
    """The words of the ladder, as its page shows them."""
    assert [
        "50% of the time is used",
        "80% of the time is used",
        "1 working day before",
        "1 working day before",
        "the day has passed",
        "1 working day late",
        "3 working days late",
        "5 working days late",
        "repeated lateness or refusal is recorded",
    ] == [rung.when.words for rung in rulebook.partnership.ladder]

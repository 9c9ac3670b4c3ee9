"""The laws of a clock that stands still, of a list of bank holidays that changes, and of what is superseded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import hypothesis.strategies as st
import pytest
from driver.tries import tries
from hypothesis import assume, given

import config
from safeguarding.dates.counting import Counts, Unit, due
from safeguarding.dates.day_by_day import work_out
from safeguarding.dates.working_days import Calendar, working_days_between
from safeguarding.duties.superseding import again
from safeguarding.duties.suspension import Bound, counted_again, due_after, left_on, lost_by, time_suspended
from safeguarding.review.events import Actor, Cap, DutyStarted, Event, Stop
from safeguarding.review.fold import fold
from safeguarding.review.review import Duty

CALENDAR: Calendar = config.load().calendar
DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31))
UNITS = st.sampled_from(["working days", "calendar days"])


def stop(on: date, left: int, until: date | None = None, unit: str = "working days") -> Stop:
    """A suspension asked for by the police."""
    return Stop.model_validate(
        {
            "on": on,
            "left": left,
            "unit": unit,
            "ground": "criminal proceedings",
            "asked_by": "police",
            "look_again_on": on + timedelta(days=30),
            "until": until,
        }
    )


CASES = [
    ("2026-12-01", "2026-12-09", "2026-12-01", "2026-12-09", "stopped and gone on within a day: nothing moves"),
    ("2026-12-04", "2026-12-09", "2026-12-07", "2026-12-10", "over a weekend: one working day, Monday, was lost"),
    ("2026-12-04", "2026-12-09", "2026-12-06", "2026-12-09", "from Friday to Sunday: none was lost"),
    ("2026-12-05", "2026-12-09", "2026-12-06", "2026-12-09", "from Saturday to Sunday: none was lost"),
    ("2026-12-22", "2026-12-24", "2026-12-28", "2026-12-30", "over Christmas: 2 left are the 29th and the 30th"),
    ("2026-04-01", "2026-04-08", "2026-04-07", "2026-04-10", "over Easter: 3 left, after the Tuesday"),
    ("2026-12-09", "2026-12-09", "2026-12-14", "2026-12-14", "stopped on its last day: due on the day it goes on"),
    ("2026-12-09", "2026-12-09", "2026-12-12", "2026-12-14", "the same, on a Saturday: the next working day"),
    ("2027-12-24", "2027-12-29", "2028-01-03", "2028-01-04", "1 left, gone on on New Year's substitute day"),
]


@pytest.mark.parametrize(("on", "due_on", "until", "expected", "sentence"), CASES, ids=[case[4] for case in CASES])
def test_by_hand(on: str, due_on: str, until: str, expected: str, sentence: str) -> None:
    """Remainders counted with a finger on a wall calendar."""
    stopped, was, resumed = (date.fromisoformat(day) for day in (on, due_on, until))
    left = left_on(stopped, was, "working days", CALENDAR)
    assert date.fromisoformat(expected) == due_after(resumed, left, "working days", CALENDAR), sentence


@given(DAYS, st.integers(1, 60), st.integers(0, 60), st.integers(0, 200), UNITS)
def test_suspension_and_resumption_preserve_the_remainder(
    anchor: date, length: int, used: int, still: int, unit: str
) -> None:
    """However long it stood still, over whatever weekends and holidays, as much is left as there was."""
    counted = Unit.WORKING_DAYS if unit == "working days" else Unit.CALENDAR_DAYS
    due_on = due(anchor, Counts(unit=counted, length=length), CALENDAR)
    stopped = anchor + timedelta(days=used)
    assume(stopped < due_on)
    resumed = stopped + timedelta(days=still)
    left = left_on(stopped, due_on, unit, CALENDAR)  # type: ignore[arg-type]

    again_on, stops = counted_again(anchor, due_on, [stop(stopped, left, resumed, unit)], CALENDAR)

    assert left == stops[0].left > 0
    assert left == left_on(resumed, again_on, unit, CALENDAR)  # type: ignore[arg-type]


@given(DAYS, st.integers(1, 60), st.integers(0, 60), st.integers(0, 90), st.integers(0, 30), UNITS)
def test_what_goes_on_never_passes_the_law_and_says_what_it_lost(
    anchor: date, length: int, used: int, still: int, slack: int, unit: str
) -> None:
    """
    Under a date of the law so many days after its own, a suspended date never ends later. Either all that was left is
    there, or the cap says by which rule, and on which day all of it would have been there.
    """
    counted = Unit.WORKING_DAYS if unit == "working days" else Unit.CALENDAR_DAYS
    due_on = due(anchor, Counts(unit=counted, length=length), CALENDAR)
    stopped = anchor + timedelta(days=used)
    assume(stopped <= due_on)
    resumed, bound = stopped + timedelta(days=still), Bound("C05", due_on + timedelta(days=slack))

    free, _ = counted_again(anchor, due_on, [stop(stopped, 0, resumed, unit)], CALENDAR)
    final, (kept,) = counted_again(anchor, due_on, [stop(stopped, 0, resumed, unit)], CALENDAR, bound)

    assert min(free, bound.on) == final
    assert left_on(stopped, due_on, unit, CALENDAR) == kept.left, "what was left is never rewritten"  # type: ignore[arg-type]
    expected = None if free <= bound.on else Cap(rule="C05", on=bound.on, instead_of=free)
    assert expected == kept.cap
    lost = lost_by(kept, CALENDAR)
    assert 0 <= lost <= kept.left
    if resumed <= bound.on and kept.left:
        assert kept.left - lost == left_on(resumed, final, unit, CALENDAR)  # type: ignore[arg-type]


@given(DAYS, st.integers(5, 60), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), max_size=5))
def test_however_often_it_is_suspended_it_runs_for_its_length(
    anchor: date, length: int, spans: list[tuple[int, int]]
) -> None:
    """The working days on which it ran, between all its suspensions, are the length: no day is won or lost."""
    due_on = due(anchor, Counts(unit=Unit.WORKING_DAYS, length=length), CALENDAR)
    stops: list[Stop] = []
    on = anchor
    for runs, still in spans:
        on += timedelta(days=runs)
        until = on + timedelta(days=still)
        stops.append(stop(on, 0, until))
        on = until

    final, kept = counted_again(anchor, due_on, stops, CALENDAR)

    lost = sum(working_days_between(s.on, s.until, CALENDAR) for s in kept if s.left)
    assume(all(s.left for s in kept))
    assert length == working_days_between(anchor, final, CALENDAR) - lost


@given(DAYS, st.integers(1, 40), st.integers(1, 400), st.booleans())
def test_a_holiday_outside_the_span_changes_nothing_in_it(anchor: date, length: int, away: int, before: bool) -> None:
    """A day added to the list before the anchor, or after the due date, moves no date and no day of its working."""
    counts = Counts(unit=Unit.WORKING_DAYS, length=length)
    working = work_out(anchor, counts, CALENDAR)
    day = anchor - timedelta(days=away) if before else working.due_on + timedelta(days=away)
    changed = CALENDAR.model_copy(update={"holidays": {**CALENDAR.holidays, day: "Extra bank holiday"}})

    assert working == work_out(anchor, counts, changed)
    assert changed.digest != CALENDAR.digest or day in CALENDAR.holidays


@given(DAYS, st.integers(1, 40), st.data())
def test_a_holiday_inside_the_span_moves_the_date_to_the_next_working_day(
    anchor: date, length: int, data: st.DataObject
) -> None:
    """One of the days counted is made a holiday: exactly one working day more."""
    counts = Counts(unit=Unit.WORKING_DAYS, length=length)
    working = work_out(anchor, counts, CALENDAR)
    day = data.draw(st.sampled_from([step.day for step in working.steps if step.counted]))
    changed = CALENDAR.model_copy(update={"holidays": {**CALENDAR.holidays, day: "Extra bank holiday"}})

    moved = work_out(anchor, counts, changed)

    assert 1 == working_days_between(working.due_on, moved.due_on, CALENDAR)
    assert "Extra bank holiday" == next(step.why for step in moved.steps if step.day == day)


@given(DAYS, st.integers(1, 90), st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS]))
def test_the_days_counted_in_a_working_are_its_length(anchor: date, length: int, unit: Unit) -> None:
    """As many days (or months) are counted as the rule says, numbered from one without a gap."""
    length = min(length, 12) if unit is Unit.MONTHS else length
    counted = [
        step.number for step in work_out(anchor, Counts(unit=unit, length=length), CALENDAR).steps if step.counted
    ]
    assert list(range(1, length + 1)) == counted


@given(st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)), min_size=1, max_size=8))
@tries(40)
def test_superseding_keeps_the_full_history(dates: list[date]) -> None:
    """However often a date is superseded, every row is there with its reason, and exactly the last one stands."""
    first = DutyStarted(
        rule="C05", anchor="notification_sent", anchored_on=date(2026, 1, 1), due_on=dates[0], edition="E", calendar="c"
    )
    events = [_line(1, first)]
    for number, day in enumerate(dates[1:], start=2):
        (duty,) = fold(events).running("C05")
        events.append(_line(number, again(duty, f"reason {number}", due_on=day)))

    rows: tuple[Duty, ...] = fold(events).duties

    assert dates == [row.due_on for row in rows]
    assert ["superseded"] * (len(dates) - 1) + [""] == [row.ended for row in rows]
    assert [f"reason {number}" for number in range(2, len(dates) + 1)] == [row.why for row in rows[:-1]]
    assert list(range(1, len(dates) + 1)) == [row.started_at for row in rows]
    assert fold(events) == fold([Event.model_validate_json(event.model_dump_json()) for event in events])


def _line(number: int, row: DutyStarted) -> Event:
    opening = (
        {"facts": {"reference": "CSPR-2026-001", "track": "children", "pseudonym": "Child A"}} if number == 1 else {}
    )
    return Event.model_validate(
        {
            "sequence": number,
            "at": datetime(2026, 1, 1, 10, tzinfo=UTC) + timedelta(hours=number),
            "actor": Actor(person="alex_example"),
            "kind": "test",
            "title": "Test",
            "to": "rapid_review" if number == 1 else None,
            "duties": (row,),
            "edition": "test",
            **opening,
        }
    )


def test_a_line_written_before_there_were_suspensions_still_reads() -> None:
    """The ledger's format: an absent field means what it meant, and an empty one is left out again."""
    old = {
        "change": "started",
        "rule": "C05",
        "anchor": "notification_sent",
        "anchored_on": "2026-11-27",
        "due_on": "2026-12-18",
        "edition": "WT2023",
        "calendar": "8f7dd594bae4",
    }
    row = DutyStarted.model_validate(old)
    assert () == row.stops
    assert old == row.model_dump(mode="json", exclude_defaults=True) | {"change": row.change}


def test_the_time_suspended_is_reported_in_both_units() -> None:
    """Two suspensions, the second still open: Christmas week, and the three days since Monday."""
    duty = Duty(
        rule="local.c.rapid_review_meeting",
        anchor="notification_sent",
        anchored_on=date(2026, 12, 1),
        due_on=date(2027, 1, 15),
        edition="EX1",
        calendar="c",
        started_at=1,
        stops=(stop(date(2026, 12, 23), 5, date(2026, 12, 30)), stop(date(2027, 1, 4), 5)),
    )
    total = time_suspended(duty, date(2027, 1, 7), CALENDAR)
    assert (3 + 3, 7 + 3) == (total.working_days, total.calendar_days)
    assert "6 working days (10 calendar days)" == total.words

"""The duties of the law as timed runs see them: which come next, which were missed, how one ended; each told once."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from driver.tries import tries
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from safeguarding.dates.counting import Kind
from safeguarding.law.rulebook import Rulebook
from tasks.record import timed_duties
from tasks.record.sweep import Swept, sweep
from tasks.record.timed_duties import DutyOver, TimedDuty

KEY = "CSPR-2026-003:C05::1:1"
DUTY = TimedDuty(KEY, "CSPR-2026-003", "C05", "Rapid review to the national Panel", date(2026, 12, 18), None)


def test_only_duties_of_the_law_come_next_the_soonest_first(casework_on_both, rulebook, duties, london):
    """Two rapid reviews and an agency's summary, which is a local date and stays on the board."""
    casework = casework_on_both
    casework.opens("CSPR-2026-003", duties["rapid_review"](), duties["summary"]("hospital"))
    casework.opens("CSPR-2026-004", duties["rapid_review"]())
    sweep(casework.engine, rulebook, london(2026, 12, 9, 9), KEY)

    found = timed_duties.coming(casework.engine, rulebook)

    assert [("CSPR-2026-004", london(2026, 12, 9, 9)), ("CSPR-2026-003", london(2026, 12, 17, 9))] == [
        (duty.reference, duty.next_at) for duty in found
    ]
    assert {("Rapid review to the national Panel", date(2026, 12, 18))} == {(d.title, d.due_on) for d in found}
    assert 1 == len(timed_duties.coming(casework.engine, rulebook, limit=1))


def test_a_duty_is_missed_from_the_day_after_until_it_is_done(casework_on_both, rulebook, duties):
    """Due on Friday the 18th: missed on Saturday; met on the 1st, by the record, and no longer."""
    casework = casework_on_both
    casework.opens("CSPR-2026-003", duties["rapid_review"]())

    assert [] == timed_duties.missed(casework.engine, rulebook, date(2026, 12, 18))
    assert [KEY] == [duty.key for duty in timed_duties.missed(casework.engine, rulebook, date(2026, 12, 19))]
    casework.settles("CSPR-2026-003", "C05")
    assert [] == timed_duties.missed(casework.engine, rulebook, date(2026, 12, 19))
    assert [] == timed_duties.coming(casework.engine, rulebook)


def test_one_duty_as_it_stands(casework_on_both, rulebook, duties):
    """Running with its day, then over, with how early; and a key of which the record knows nothing."""
    casework = casework_on_both
    casework.opens("CSPR-2026-003", duties["rapid_review"]())

    running = timed_duties.one(casework.engine, rulebook, KEY)
    casework.settles("CSPR-2026-003", "C05")
    over = timed_duties.one(casework.engine, rulebook, KEY)

    assert isinstance(running, TimedDuty)
    assert date(2026, 12, 18) == running.due_on
    assert isinstance(over, DutyOver)
    assert "Met on Tue 1 Dec 2026, 13 working days early (due Fri 18 Dec 2026)." == over.words(rulebook.calendar)
    assert timed_duties.one(casework.engine, rulebook, "CSPR-2026-404:C05::1:1") is None


@pytest.mark.parametrize(
    ("over", "words"),
    [
        (DutyOver(DUTY, "settled", date(2026, 12, 18), ""), "Met on Fri 18 Dec 2026, on its day"),
        (DutyOver(DUTY, "settled", date(2026, 12, 21), ""), "Met on Mon 21 Dec 2026, 1 working day late"),
        (DutyOver(DUTY, "settled", date(2026, 12, 19), ""), "Met on Sat 19 Dec 2026, late"),
        (DutyOver(DUTY, "cancelled", None, "the review ended"), "No longer owed: the review ended."),
        (DutyOver(DUTY, "superseded", None, "a wrong day"), "Counted anew: a wrong day."),
    ],
)
def test_how_a_duty_ended_is_said(rulebook, over, words):
    """Met early, on the day, late, on a Saturday after it; withdrawn; counted anew."""
    assert over.words(rulebook.calendar).startswith(words)


def test_one_duty_is_told_without_the_others(casework_on_both, rulebook, duties, london):
    """The timed run of one rapid review tells of that one; the sweep that follows tells of the other, and not again."""
    casework = casework_on_both
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    casework.opens("CSPR-2026-004", duties["rapid_review"]())
    moment = london(2026, 12, 9, 9)

    assert ["CSPR-2026-003"] == [told.reference for told in sweep(casework.engine, rulebook, moment, KEY).told]
    assert ["CSPR-2026-004"] == [told.reference for told in sweep(casework.engine, rulebook, moment).told]
    assert Swept() == sweep(casework.engine, rulebook, moment, KEY)


def test_a_run_and_a_sweep_at_the_same_moment_tell_once(casework_on_both, rulebook, duties, london):
    """Twenty times over: eight of each at once, of one duty; its people hear of each rung once."""
    casework = casework_on_both
    for number in range(1, 21):
        casework.opens(f"CSPR-2026-{number:03d}", duties["rapid_review"]())
    moment = london(2026, 12, 19, 0, 1)
    gate, told, faults = threading.Barrier(16), [], []

    def act(duty: str | None) -> None:
        try:
            gate.wait()
            told.extend(sweep(casework.engine, rulebook, moment, duty).told)
        except Exception as error:  # noqa: BLE001  carried to the assertion
            faults.append(error)

    keys = [None if n % 2 else f"CSPR-2026-{n + 1:03d}:C05::1:1" for n in range(16)]
    threads = [threading.Thread(target=act, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.extend(sweep(casework.engine, rulebook, moment).told)

    assert [] == faults
    assert [f"CSPR-2026-{n:03d}" for n in range(1, 21)] == sorted(one.reference for one in told)
    assert 20 * 3 == len(casework.rungs())


@tries(25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40 * 24)), min_size=1, max_size=30))
def test_whoever_comes_first_every_rung_is_told_once(fresh_casework, rulebook_once, duties, acts):
    """Runs and sweeps in any order over forty days, each at any hour: every rung that was due is claimed once."""
    casework, duty = fresh_casework(), KEY
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    began = datetime.fromisoformat("2026-11-27T12:00:00+00:00")
    for alone, hours in sorted(acts, key=lambda act: act[1]):
        sweep(casework.engine, rulebook_once, began + timedelta(hours=hours), duty if alone else None)
    last = began + timedelta(hours=max(hours for _, hours in acts))

    fired = [row.rung for row in casework.rungs()]
    assert len(fired) == len(set(fired))
    due = [rung.id for rung, at in casework.ladder("C05", date(2026, 11, 27), date(2026, 12, 18)) if at <= last]
    assert due == fired
    casework.engine.dispose()


def test_what_is_only_kept_at_least_so_long_is_never_missed(casework_on_both, rulebook, duties):
    """If C05 said how long something is kept at least: its day passes, and nothing was owed on it."""
    casework, rule = casework_on_both, rulebook.rule("C05")
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    kept = rule.model_copy(update={"counts": rule.counts.model_copy(update={"kind": Kind.MINIMUM})})
    minimum = Rulebook(rules=(kept,), calendar=rulebook.calendar, partnership=rulebook.partnership)

    assert [] == timed_duties.missed(casework.engine, minimum, date(2026, 12, 19))
    assert [] == timed_duties.coming(casework.engine, minimum)

"""The sweep: each rung once, ever; a missed set once for each person; nothing for work that is done."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import event as sqlalchemy_event

from safeguarding.law.rulebook import Rulebook
from safeguarding.law.rung import When
from safeguarding.shown.card import card_name, worst_standing
from tasks.record.board import board
from tasks.record.sweep import Swept, sweep


def told(casework):
    """Who hears of what, over which channel."""
    return sorted((row.occasion, row.person, row.channel) for row in casework.sent())


def test_a_rapid_review_climbs_its_ladder_rung_by_rung(casework_on_both, rulebook, duties, london):
    """
    Notified on 27 November, due on 18 December. Half-way the manager is reminded; the day before, again; at the
    first minute after the day the partners hear too, although it is a Saturday; on Monday the manager once more.
    """
    casework = casework_on_both
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    days = [london(2026, 12, day, hour, minute) for day, hour, minute in ((8, 8, 59), (9, 9, 0), (17, 9, 5))]

    assert [0, 1, 1] == [sweep(casework.engine, rulebook, now).rungs for now in days]
    assert {("reminder", "manager", "email"), ("reminder", "manager", "teams")} == set(told(casework))

    swept = sweep(casework.engine, rulebook, london(2026, 12, 19, 0, 1))
    assert ("council", "manager", "police") == tuple(sorted(swept.told[0].people))
    missed = [row for row in casework.sent() if row.occasion == "due_missed"]
    assert {"at once"} == {row.context["urgency"] for row in missed}
    assert {datetime(2026, 12, 19, 0, 1, tzinfo=UTC)} == {row.not_before for row in missed}

    assert 1 == sweep(casework.engine, rulebook, london(2026, 12, 21, 9, 15)).rungs
    assert Swept() == sweep(casework.engine, rulebook, london(2026, 12, 21, 9, 16))


def test_after_a_week_off_everybody_hears_once_of_how_it_stands_now(casework_on_both, rulebook, duties, london):
    """The machine was off from the 8th of December until Christmas Eve: five rungs were missed."""
    casework = casework_on_both
    casework.opens("CSPR-2026-003", duties["rapid_review"]())

    swept = sweep(casework.engine, rulebook, london(2026, 12, 24, 10))

    assert 5 == swept.rungs == swept.told[0].missed
    assert [
        ("due_missed", "chair", "email"),
        ("due_missed", "council", "email"),
        ("due_missed", "manager", "email"),
        ("due_missed", "manager", "teams"),
        ("due_missed", "police", "teams"),
    ] == told(casework)
    assert {"overdue by 4 working days"} == {row.context["standing"] for row in casework.sent()}
    rung_of = {row.person: row.key.rpartition(":")[2] for row in casework.sent()}
    assert "one_day_late" == rung_of["manager"], "the last rung that calls the manager"
    assert "statutory_missed" == rung_of["council"], "the last rung that calls the partners"


def test_work_that_is_done_fires_nothing(casework_on_both, rulebook, duties, london):
    """The hospital answers; the school does not. Only the school is chased."""
    casework = casework_on_both
    casework.opens("CSPR-2026-003", duties["summary"]("hospital"), duties["summary"]("school"))
    casework.settles("CSPR-2026-003", "local.c.agency_summary", "hospital")

    sweep(casework.engine, rulebook, london(2026, 12, 14, 9, 30))

    assert {"boss", "chair", "head"} == {row.person for row in casework.sent()}
    assert {"Agency summary: Testshire School"} == {row.context["owed"] for row in casework.sent()}


def test_a_rung_that_the_partnership_adds_fires_for_what_runs_already(casework, rulebook, duties, london):
    """
    The ladder is read when it is climbed. A rung is added two working days before the day: a rapid review that runs
    already is reminded of it, a rung that has fired does not fire again, and one that was taken out does not fire.
    """
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    sweep(casework.engine, rulebook, london(2026, 12, 9, 9))
    people = rulebook.partnership
    added = people.ladder[1].model_copy(update={"id": "two_days_before", "when": When(working_days_left=2)})
    other = people.model_copy(update={"ladder": (people.ladder[0], added)})
    changed = rulebook.model_copy(update={"partnership": other})

    for day in range(10, 31):
        sweep(casework.engine, changed, london(2026, 12, day, 10))

    assert ["half_used", "two_days_before"] == [row.rung for row in casework.rungs()]
    assert {} == casework.climbing()


def test_two_sweeps_at_once_tell_everybody_once(casework_on_both, rulebook, duties, london):
    """Forty reviews are a week late, and four sweeps start together."""
    casework = casework_on_both
    for number in range(1, 41):
        casework.opens(f"CSPR-2026-{number:03d}", duties["rapid_review"](), pseudonym=f"Child {number}")
    start = threading.Barrier(4)
    results: list[Swept] = []

    def run() -> None:
        start.wait()
        results.append(sweep(casework.engine, rulebook, london(2026, 12, 24, 10)))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 40 * 5 == sum(swept.rungs for swept in results)
    assert 40 * 5 == sum(swept.notices for swept in results)
    heard = [(row.reference, row.person, row.channel) for row in casework.sent()]
    assert len(heard) == len(set(heard)) == 40 * 5


def test_the_queries_do_not_grow_with_what_is_owed(casework, rulebook, duties, london):
    """One review due, then fifty: the same number of statements."""
    counts = []
    for size in (1, 50):
        for number in range(size):
            casework.opens(f"CSPR-202{size % 9}-{number:03d}", duties["rapid_review"]())
        statements: list[str] = []

        def seen(_connection, _cursor, statement, *_rest, statements=statements):
            statements.append(statement)

        sqlalchemy_event.listen(casework.engine, "before_cursor_execute", seen)
        sweep(casework.engine, rulebook, london(2026, 12, 9, 9, 30))
        sqlalchemy_event.remove(casework.engine, "before_cursor_execute", seen)
        counts.append(len([s for s in statements if not s.startswith("BEGIN")]))
    assert counts[0] == counts[1] <= 8


def test_the_sweep_finds_its_rungs_by_index(casework, rulebook, duties, london):
    """A scan of every due date would grow with ten years of history. The sweep's own statement is asked."""
    asked: list[str] = []
    casework.opens("CSPR-2026-003", duties["rapid_review"]())

    def seen(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    sqlalchemy_event.listen(casework.engine, "before_cursor_execute", seen)
    sweep(casework.engine, rulebook, london(2026, 12, 9, 9))
    sqlalchemy_event.remove(casework.engine, "before_cursor_execute", seen)
    query = next(statement for statement in asked if "next_rung_at <= ?" in statement)
    with casework.engine.connect() as connection:
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", ("2026-12-09T09:00:00",))
        plan = " ".join(row[3] for row in found)
    assert "deadlines_climbing" in plan and "SCAN" not in plan


def test_a_rule_that_the_rulebook_lost_stops_nobody_else(casework, rulebook, duties, london):
    """A rule was taken out of the rulebook while a review ran on it: the others are told, and this one stays open."""
    casework.opens("CSPR-2026-001", duties["rapid_review"]())
    casework.opens("CSPR-2026-002", duties["summary"]("hospital"))
    poorer = Rulebook(rules=rulebook.rules[:1], calendar=rulebook.calendar, partnership=rulebook.partnership)

    swept = sweep(casework.engine, poorer, london(2026, 12, 24, 10))

    assert {"CSPR-2026-001"} == {row.reference for row in casework.sent()}
    assert 1 == len(swept.faults) and "local.c.agency_summary" in swept.faults[0]
    assert {("CSPR-2026-002", "local.c.agency_summary")} == set(casework.climbing()), "tried again at every sweep"
    assert {"CSPR-2026-001"} == {row.reference for row in casework.rungs()}
    assert 1 == len(sweep(casework.engine, rulebook, london(2026, 12, 24, 10)).told), "the rule is back"
    assert "local.c.agency_summary" in {row.owed for row in board(casework.engine, poorer, date(2026, 12, 24))}


def test_a_ladder_that_lost_its_people_calls_the_manager(casework, rulebook, duties, london):
    """Nobody holds the role that a rung calls: silence would be the worst answer."""
    people = [p for p in rulebook.partnership.people if p.id != "chair"]
    thinner = rulebook.model_copy(
        update={"partnership": rulebook.partnership.model_copy(update={"people": tuple(people)})}
    )
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    sweep(casework.engine, thinner, london(2026, 12, 21, 9, 30))
    before = len(casework.sent())

    sweep(casework.engine, thinner, london(2026, 12, 23, 9, 30))

    assert {"manager"} == {row.person for row in casework.sent()[before:]}


def test_a_sweep_at_night_holds_reminders_until_the_working_morning(casework, rulebook, duties, london):
    """The machine comes back at ten on the Friday evening; the reminder of Wednesday waits for Monday."""
    casework.opens("CSPR-2026-003", duties["rapid_review"]())

    sweep(casework.engine, rulebook, london(2026, 12, 11, 22))

    assert {london(2026, 12, 14, 9).astimezone(UTC)} == {row.not_before for row in casework.sent()}


def test_the_board_shows_the_most_urgent_first(casework, rulebook, duties):
    """What the unit sees on the 10th of December: one summary overdue, the rapid review still to come."""
    casework.opens("CSPR-2026-003", duties["rapid_review"](), duties["summary"]("school"), asks=("school",))

    rows = [row.cells() for row in board(casework.engine, rulebook, date(2026, 12, 10))]

    assert [
        {
            "Review": "CSPR-2026-003",
            "Stage": "Rapid review",
            "What is owed": "Agency summary: Testshire School",
            "Due": "Wed 9 Dec 2026",
            "Working days left": -1,
            "Standing": "OVERDUE by 1 working day",
            "Waiting on": "Testshire School",
            "Day set by": "ourselves",
        },
        {
            "Review": "CSPR-2026-003",
            "Stage": "Rapid review",
            "What is owed": "Rapid review to the national Panel",
            "Due": "Fri 18 Dec 2026",
            "Working days left": 6,
            "Standing": "6 working days left",
            "Waiting on": "partnership business manager (no return yet from Testshire School)",
            "Day set by": "statutory guidance",
        },
    ] == rows


def test_a_card_carries_the_standing_of_its_most_urgent_date(casework, rulebook, duties):
    """The name and the tag of the card, from nine days before to the day after."""
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    review = casework.reviews["CSPR-2026-003"]
    days = [date(2026, 12, day) for day in (9, 14, 19)]

    assert ["on-time", "due-soon", "overdue"] == [worst_standing(review, day, rulebook) for day in days]
    due, late = (
        "CSPR-2026-003 · Rapid review · due Fri 18 Dec",
        "CSPR-2026-003 · Rapid review · OVERDUE since Fri 18 Dec",
    )
    assert [due, due, late] == [card_name(review, day, rulebook) for day in days]


def test_sweeping_every_hour_for_a_month_tells_each_rung_once(casework, rulebook, duties, london):
    """Nothing is told twice, and nothing is left out, however often the sweep runs."""
    casework.opens("CSPR-2026-003", duties["rapid_review"](), duties["summary"]("hospital"))
    now = london(2026, 11, 27, 12)
    while now < london(2026, 12, 31, 12):
        sweep(casework.engine, rulebook, now)
        now += timedelta(hours=1)

    assert {} == casework.climbing()
    keys = [(row.key, row.person, row.channel) for row in casework.sent()]
    assert len(keys) == len(set(keys))
    claimed = {f"{r.reference}:{r.rule}:{r.subject}:{r.occurrence}:{r.started_at}:{r.rung}" for r in casework.rungs()}
    assert claimed == {row.key for row in casework.sent()}

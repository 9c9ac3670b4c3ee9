"""Hundreds of old reviews move in at once: every fault named, then all of it within a minute, and not a letter."""

from __future__ import annotations

from datetime import date, timedelta
from time import monotonic
from typing import Any

import pytest
from driver.moving import OF_2018, OF_ADULTS, Rows, today, written
from driver.terminal import Terminal
from sqlalchemy import func, select

from safeguarding.dates.london import now
from tasks.record import sweep
from tasks.record.installation import open_installation
from tasks.store.tables import deadlines, notices, reviews

REVIEWS, ACTIONS, OPEN, FAULTS = 200, 1_500, 15, 40
MOST_SECONDS = 60
AS = ("--as", "alex_example")


def many() -> Rows:
    """Two hundred reviews, fifteen of them open, with fifteen hundred actions; each open one owes its last action."""
    rows: Rows = {"Reviews": [], "Dates": [], "Requests": [], "Actions": []}
    for number in range(REVIEWS):
        key, child, is_open = f"OLD {number:03d}", number % 2 == 0, number < OPEN
        track, law = ("children", OF_2018) if child else ("adults", OF_ADULTS)
        stands = "action follow-up" if is_open else "closed"
        rows["Reviews"].append((key, track, date(2019, 2, 1), law, stands, f"The summary of {key}."))
        rows["Dates"].append((key, "published", date(2020, 3, 2)))
        if not is_open:
            rows["Dates"].append((key, "closed", date(2021, 3, 2)))
        rows["Requests"].append((key, "Housing", "report", date(2019, 5, 1), date(2019, 6, 3), "returned"))
    for number in range(ACTIONS):
        review = number % REVIEWS
        owed = review < OPEN and number >= ACTIONS - REVIEWS
        done = None if owed else date(2020, 5, 4)
        due = today() + timedelta(days=20) if owed else date(2020, 6, 1)
        words = f"What is to be done, number {number}."
        rows["Actions"].append((f"OLD {review:03d}", "Exampleshire Police", "Casey Example", words, due, done))
    return rows


def plant(book: Any) -> list[str]:
    """Spoil a cell in forty rows over the four sheets: where each stands, as it must be named."""
    kinds = (
        ("Reviews", 2, "Track", 2, "neither"),
        ("Dates", 150, "Day", 3, "2 March 2020"),
        ("Requests", 60, "Agency", 2, "Nowhere"),
        ("Actions", 700, "Done on", 6, today() + timedelta(days=9)),
    )
    named = []
    for number in range(FAULTS):
        sheet, first, column, at, typed = kinds[number % len(kinds)]
        row = first + 3 * number
        book[sheet].cell(row, at).value = typed
        named.append(f"  {sheet}, row {row}, {column}: ")
    return named


@pytest.mark.long
def test_two_hundred_old_reviews_come_in_within_a_minute(terminal: Terminal) -> None:
    """
    With forty faults none comes in and each is named; mended, all do within the minute. No letter leaves, and a sweep
    of the next day finds fifteen actions owed and writes one letter, to the unit, of the fifteen open reviews.
    """
    named: list[str] = []
    spoilt = written(terminal.home / "spoilt.xlsx", many(), lambda book: named.extend(plant(book)))
    began = monotonic()
    code, _, err = terminal("import", spoilt, *AS, "--accept")
    assert (1, []) == (code, [one for one in named if one not in err])
    assert f"{FAULTS} things are wrong" in err

    code, out, err = terminal("import", written(terminal.home / "mended.xlsx", many()), *AS, "--accept")
    assert monotonic() - began < MOST_SECONDS
    assert (0, "") == (code, err)
    assert "200 reviews came in (15 open, 185 closed), 1500 actions, 200 requests." in out

    with open_installation(now()) as made, made.records.engine.connect() as connection:
        assert 0 == connection.execute(select(func.count()).select_from(notices)).scalar_one()
        sweep.sweep(made.records.engine, made.records.rulebook, now() + timedelta(days=1))
        assert REVIEWS == connection.execute(select(func.count()).select_from(reviews)).scalar_one()
    with open_installation(now()) as made, made.records.engine.connect() as connection:
        occasions = connection.execute(select(notices.c.occasion, func.count()).group_by(notices.c.occasion)).all()
        assert [("taken_over", 1)] == [(row[0], row[1]) for row in occasions]
        owed = connection.execute(select(deadlines.c.rule, deadlines.c.due_on)).all()
        assert [("local.x.action_done", today() + timedelta(days=20))] * OPEN == [(row[0], row[1]) for row in owed]

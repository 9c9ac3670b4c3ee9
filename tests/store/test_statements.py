"""What a step writes: the text that SQLAlchemy makes, and the values that the driver is given for it."""

import re
from datetime import UTC, date, datetime
from types import ModuleType

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.dialects import sqlite

from safeguarding.dates.london import LONDON
from tasks.record import claim_rungs, records
from tasks.store import ledger, outbox, projections
from tasks.store.session import writing
from tasks.store.statements import Adding, Changing, Writing, together
from tasks.store.tables import DUTY_KEY, as_text, deadlines, notice_facts

WRITERS = (ledger, projections, outbox, records, claim_rungs)
DUTY = {
    "reference": "CSPR-2026-001",
    "rule": "C05",
    "subject": "",
    "occurrence": 1,
    "started_at": 4,
    "anchor": "notification_sent",
    "anchored_on": date(2026, 11, 10),
    "counted_from": None,
    "due_on": date(2026, 12, 1),
    "edition": "WT2023",
    "calendar": "2026",
    "ended": "",
    "ended_on": None,
    "why": "Ünïcode, a 'quote' and a %s",
    "next_rung_at": datetime(2026, 11, 30, 9, tzinfo=UTC),
}


def declared() -> list[tuple[str, Writing]]:
    """Every statement that a step writes with, under the name it is declared by."""
    of_module = [(module, name, found) for module in WRITERS for name, found in vars(module).items()]
    return [(_said(module, name), found) for module, name, found in of_module if isinstance(found, Writing)]


def _said(module: ModuleType, name: str) -> str:
    return f"{module.__name__}.{name}"


def test_the_values_are_given_in_the_order_of_the_text() -> None:
    """SQLite's driver takes values by their place. Each statement's text, with names for places, gives the order."""
    by_name = sqlite.dialect(paramstyle="named")
    texts = {name: (str(found.statement("sqlite").compile(dialect=by_name)), found.names) for name, found in declared()}
    assert len(texts) > 15
    wrong = {name: text for name, (text, names) in texts.items() if tuple(re.findall(r":(\w+)", text)) != names}
    assert {} == wrong


@pytest.mark.parametrize("times", [1, 2], ids=["one row", "two rows"])
def test_a_row_is_read_as_it_was_written(engine: Engine, times: int) -> None:
    """Days, moments, nothing, and letters that a text of SQL would trip over; what a row holds beside is left out."""
    rows = [{**DUTY, "occurrence": number, "beside": "not a column"} for number in range(times)]
    with writing(engine) as connection:
        assert times == Adding(deadlines).run(connection, rows)
    with engine.connect() as connection:
        found = connection.execute(select(deadlines).order_by(deadlines.c.occurrence)).mappings().all()
    assert [{**DUTY, "occurrence": number} for number in range(times)] == [dict(row) for row in found]


def test_only_what_is_named_changes_and_only_where_the_key_is_as_given(engine: Engine) -> None:
    """Of two dates of one review one ends; its due date is in the row that is given, and stays as it was."""
    ended = {**DUTY, "ended": "met", "ended_on": date(2026, 11, 27), "due_on": date(1999, 1, 1), "next_rung_at": None}
    with writing(engine) as connection, together(connection):
        Adding(deadlines).run(connection, [DUTY, {**DUTY, "rule": "C01"}])
        Changing(deadlines, ("ended", "ended_on", "next_rung_at"), DUTY_KEY).run(connection, [ended])
    with engine.connect() as connection:
        found = {row["rule"]: dict(row) for row in connection.execute(select(deadlines)).mappings()}
    assert {"C01": {**DUTY, "rule": "C01"}, "C05": {**ended, "due_on": DUTY["due_on"]}} == found


@pytest.mark.parametrize("url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
@pytest.mark.parametrize("ended", [1, 5], ids=["one date", "five dates"])
def test_a_few_dates_of_many_are_found_by_their_key(engine: Engine, ended: int) -> None:
    """
    Of five thousand dates on record a step ends some. PostgreSQL takes the rows of a JSON text for a hundred, and would
    read the table from end to end for them: at every step, and more of it each time.
    """
    there = [{**DUTY, "reference": f"CSPR-2026-{number:04d}"} for number in range(5_000)]
    read = text("SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'deadlines'")
    changing = Changing(deadlines, ("ended", "ended_on", "why", "next_rung_at"), DUTY_KEY)
    with writing(engine) as connection:
        Adding(deadlines).run(connection, there)
        connection.execute(text("ANALYZE deadlines"))
        before = connection.execute(read).scalar_one()
        assert ended == changing.run(connection, [{**row, "ended": "settled"} for row in there[:ended]])
        assert before == connection.execute(read).scalar_one()


def test_a_json_column_takes_text(engine: Engine) -> None:
    """The facts of a notice are written as they were put into JSON, and read as what they were."""
    moment = datetime(2026, 11, 23, 10, tzinfo=UTC)
    row = {"key": "CSPR-2026-001:1", "variant": 0, "reference": "CSPR-2026-001", "created_at": moment}
    with writing(engine) as connection:
        Adding(notice_facts).run(connection, [{**row, "not_before": moment, "context": '{"owed": "a «report»"}'}])
    with engine.connect() as connection:
        assert {"owed": "a «report»"} == connection.execute(select(notice_facts.c.context)).scalar_one()


def test_nothing_to_write_asks_nothing_of_the_database(engine: Engine) -> None:
    """A step that adds no action sends no statement."""
    with writing(engine) as connection:
        assert 0 == Adding(deadlines).run(connection, [])


def test_of_the_hour_that_comes_twice_each_moment_is_kept_as_itself() -> None:
    """When the clocks go back, half past one is there twice: an hour lies between the two."""
    first, second = (datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=fold) for fold in (0, 1))
    for _ in range(2):
        assert ("2026-10-25T00:30:00", "2026-10-25T01:30:00") == (as_text(first), as_text(second))
    with pytest.raises(ValueError, match="time zone"):
        as_text(datetime(2026, 10, 25, 1, 30))  # noqa: DTZ001

"""
What our transitions are set beside: the same seven steps of the same reviews, by SpiffWorkflow and by a database alone.

Each takes the steps of `transitions.path` with their answers, one committed transaction a step, and keeps of a review
where it stands, what was answered, and three due dates (the notification, the rapid review, the report), counted over
the same bank holidays. Nothing of ours is used but the answers. SQLite has the settings of our record.

- **SpiffWorkflow** runs the steps as user tasks of a BPMN process, and keeps the whole instance as the JSON of its own
  serializer. `kept in memory` goes on with the instance of the step before, which one process alone can; `read back`
  makes it again from the database at each step, as whoever serves several people by several processes must.
- **The floor** reads where the review stands, adds a line with the answers as JSON, moves the review on, and writes the
  date: as little as a program can do that is to keep anything. On PostgreSQL it is the same statements by its driver.
"""

from __future__ import annotations

import importlib
import json
import sqlite3
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psycopg

from safeguarding.dates.working_days import Calendar
from tasks.store.session import Synchronous

WORKING_DAYS = {"assess_notification": 5, "send_notification": 15}
DAYS = {"decide_review": 182}
"""The step that starts each of the three dates, and how long after it the date is."""

_TABLES = (
    "CREATE TABLE review (reference TEXT PRIMARY KEY, stands TEXT NOT NULL, version INTEGER NOT NULL)",
    "CREATE TABLE line (reference TEXT NOT NULL, version INTEGER NOT NULL, at TEXT NOT NULL, person TEXT NOT NULL, "
    "answers TEXT NOT NULL, PRIMARY KEY (reference, version))",
    "CREATE TABLE due (reference TEXT NOT NULL, step TEXT NOT NULL, due_on TEXT NOT NULL, "
    "PRIMARY KEY (reference, step))",
)


class Given(NamedTuple):
    """One step as it is asked for: of which review, which step of it, from 0, its answers, by whom, when."""

    reference: str
    number: int
    step: str
    answers: dict[str, Any]
    person: str
    at: datetime


class Peer(Protocol):
    """One that takes steps."""

    def take(self, given: Given) -> None:
        """Take the step, and have it committed."""

    def close(self) -> None:
        """Let go of the database."""


def walk(peer: Peer, steps: Iterable[Given]) -> None:
    """Take these steps, one after the other."""
    for given in steps:
        peer.take(given)


class Dates:
    """The due date that a step starts: plain counting, day by day."""

    def __init__(self, calendar: Calendar) -> None:
        self._holidays = frozenset(calendar.holidays)

    def after(self, step: str, day: date) -> str | None:
        """The day in ISO 8601; None where the step starts no date."""
        left = WORKING_DAYS.get(step, 0)
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5 and day not in self._holidays
        day += timedelta(days=DAYS.get(step, 0))
        return day.isoformat() if step in WORKING_DAYS or step in DAYS else None


def _sqlite(folder: Path, synchronous: Synchronous, tables: Iterable[str]) -> sqlite3.Connection:
    file = folder / "peer.db"
    new = not file.exists()
    connection = sqlite3.connect(file, isolation_level=None)
    for setting in ("journal_mode = WAL", f"synchronous = {synchronous}", "wal_autocheckpoint = 4000"):
        connection.execute(f"PRAGMA {setting}")
    for table in tables if new else ():
        connection.execute(table)
    return connection


class SqliteFloor:
    """The floor on SQLite, by Python's own driver."""

    def __init__(self, folder: Path, synchronous: Synchronous, calendar: Calendar) -> None:
        self._connection, self._dates = _sqlite(folder, synchronous, _TABLES), Dates(calendar)

    def take(self, given: Given) -> None:
        """Six statements at most."""
        execute, (reference, number, step, answers, person, at) = self._connection.execute, given
        execute("BEGIN IMMEDIATE")
        if number:
            (version,) = execute("SELECT version FROM review WHERE reference = ?", (reference,)).fetchone()
            _follows(version, given)
            moved = (step, number + 1, reference)
            execute("UPDATE review SET stands = ?, version = ? WHERE reference = ?", moved)
        else:
            execute("INSERT INTO review VALUES (?, ?, ?)", (reference, step, 1))
        line = (reference, number + 1, at.isoformat(), person, json.dumps(answers))
        execute("INSERT INTO line VALUES (?, ?, ?, ?, ?)", line)
        if due_on := self._dates.after(step, at.date()):
            execute("INSERT INTO due VALUES (?, ?, ?)", (reference, step, due_on))
        execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class PostgresqlFloor:
    """The floor on PostgreSQL, by psycopg."""

    def __init__(self, url: str, calendar: Calendar) -> None:
        self._connection, self._dates = psycopg.connect(url, autocommit=True), Dates(calendar)
        found = self._connection.execute("SELECT to_regclass('review')").fetchone()
        for table in _TABLES if found == (None,) else ():
            self._connection.execute(table)

    def take(self, given: Given) -> None:
        """Four statements at most, and what begins and ends the transaction."""
        execute, (reference, number, step, answers, person, at) = self._connection.execute, given
        with self._connection.transaction():
            if number:
                asked = "SELECT version FROM review WHERE reference = %s FOR UPDATE"
                (version,) = execute(asked, (reference,)).fetchone() or (0,)
                _follows(version, given)
                moved = (step, number + 1, reference)
                execute("UPDATE review SET stands = %s, version = %s WHERE reference = %s", moved)
            else:
                execute("INSERT INTO review VALUES (%s, %s, %s)", (reference, step, 1))
            line = (reference, number + 1, at.isoformat(), person, json.dumps(answers))
            execute("INSERT INTO line VALUES (%s, %s, %s, %s, %s)", line)
            if due_on := self._dates.after(step, at.date()):
                execute("INSERT INTO due VALUES (%s, %s, %s)", (reference, step, due_on))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _follows(version: int, given: Given) -> None:
    if version != given.number:
        raise SystemExit(f"{given.reference} is at {version} and not at {given.number}")


class Spiff:
    """SpiffWorkflow, its instance kept as JSON in one row, and the three dates beside it."""

    _TABLES = ("CREATE TABLE instance (reference TEXT PRIMARY KEY, state TEXT NOT NULL)", _TABLES[2])

    def __init__(
        self, folder: Path, synchronous: Synchronous, calendar: Calendar, steps: Iterable[str], reads_back: bool
    ) -> None:
        self._connection, self._dates = _sqlite(folder, synchronous, self._TABLES), Dates(calendar)
        self._reads_back = reads_back
        self._begin, self._next, self._serializer = _process(folder, [*steps])
        self._instance: Any = None

    def take(self, given: Given) -> None:
        """One instance written whole, and perhaps a date."""
        execute, (reference, number, step, answers, _, at) = self._connection.execute, given
        execute("BEGIN IMMEDIATE")
        if not number:
            self._instance = self._begin()
        elif self._reads_back:
            (kept,) = execute("SELECT state FROM instance WHERE reference = ?", (reference,)).fetchone()
            self._instance = self._serializer.deserialize_json(kept)
        task = self._next(self._instance)
        if task.task_spec.bpmn_id != step:
            raise SystemExit(f"{reference} waits for {task.task_spec.bpmn_id} and not for {step}")
        task.set_data(**{step: answers})
        task.run()
        self._instance.do_engine_steps()
        state = self._serializer.serialize_json(self._instance)
        if number:
            execute("UPDATE instance SET state = ? WHERE reference = ?", (state, reference))
        else:
            execute("INSERT INTO instance VALUES (?, ?)", (reference, state))
        if due_on := self._dates.after(step, at.date()):
            execute("INSERT INTO due VALUES (?, ?, ?)", (reference, step, due_on))
        execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _process(folder: Path, steps: list[str]) -> tuple[Callable[[], Any], Callable[[Any], Any], Any]:
    """How an instance begins, which task it waits for next, and what writes and reads it. Raises ImportError."""
    parser: Any = importlib.import_module("SpiffWorkflow.bpmn.parser").BpmnParser()
    workflow: Any = importlib.import_module("SpiffWorkflow.bpmn.workflow").BpmnWorkflow
    serializer: Any = importlib.import_module("SpiffWorkflow.bpmn.serializer").BpmnWorkflowSerializer
    ready: Any = importlib.import_module("SpiffWorkflow.util.task").TaskState.READY
    file = folder / "review.bpmn"
    file.write_text(_drawn(steps))
    parser.add_bpmn_file(str(file))
    spec = parser.get_spec("review")

    def begin() -> Any:
        instance = workflow(spec)
        instance.do_engine_steps()
        return instance

    return begin, lambda of: of.get_next_task(state=ready, manual=True), serializer(serializer.configure())


def _drawn(steps: list[str]) -> str:
    """The process as BPMN: these user tasks, one after the other."""
    places = ["begins", *steps, "ends"]
    tasks = "".join(f'<userTask id="{step}" name="{step}"/>' for step in steps)
    flows = "".join(
        f'<sequenceFlow id="flow_{number}" sourceRef="{one}" targetRef="{other}"/>'
        for number, (one, other) in enumerate(pairwise(places))
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="reviews" targetNamespace="reviews">'
        f'<process id="review" isExecutable="true"><startEvent id="begins"/>{tasks}<endEvent id="ends"/>{flows}'
        "</process></definitions>"
    )

"""
Statements that every step runs: declared once in SQLAlchemy, compiled once per database, run on the driver's cursor.

A step writes some dozens of small rows. Handing each statement to SQLAlchemy anew costs several times what SQLite
takes to run it (measured: benchmarks/transitions.py), so the compiled text is kept and given to the driver.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Connection, Date, Table, Text, bindparam, cast, column, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from tasks.store.tables import Instant

Row = Mapping[str, Any]
_Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    text: str
    take: Callable[[Row], tuple[Any, ...]]
    """The values that the text takes, in its order."""
    names: tuple[str, ...]
    given: tuple[tuple[int, _Convert], ...]
    """Which of them the driver does not know as they are, and what makes them its own."""
    found: tuple[tuple[int, _Convert], ...]
    """The same for the columns that come back."""
    positional: bool

    def values(self, row: Row) -> Any:
        values = list(self.take(row))
        for place, convert in self.given:
            values[place] = convert(values[place])
        return values if self.positional else dict(zip(self.names, values, strict=True))

    def result(self, found: Any) -> tuple[Any, ...]:
        values = list(found)
        for place, convert in self.found:
            values[place] = convert(values[place])
        return tuple(values)


class Statement:
    """One statement, ready to run. A row gives a value for every name that the statement binds."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, rows: Iterable[Row]) -> None:
        """Run it once for each row."""
        ready = self._for(connection.dialect)
        cursor = connection.connection.cursor()
        if ready.positional:
            cursor.executemany(ready.text, [ready.values(row) for row in rows])
        else:
            for row in rows:  # One by one can be sent `together`; psycopg's own executemany waits for itself.
                cursor.execute(ready.text, ready.values(row))

    def ask(self, connection: Connection, row: Row) -> Callable[[], list[tuple[Any, ...]]]:
        """Run it once. What comes back is fetched when the answer is called, so that several can be on their way."""
        ready = self._for(connection.dialect)
        cursor = connection.connection.cursor()
        cursor.execute(ready.text, ready.values(row))
        return lambda: [ready.result(found) for found in cursor.fetchall()]

    def all(self, connection: Connection, row: Row) -> list[tuple[Any, ...]]:
        """Run it once; every row that comes back."""
        return self.ask(connection, row)()

    def _for(self, dialect: Dialect) -> _Compiled:
        ready = self._compiled.get(dialect.name)
        if ready is None:
            ready = self._compiled[dialect.name] = self._compile(dialect)
        return ready

    def _compile(self, dialect: Dialect) -> _Compiled:
        return _compile(self._statement, dialect)


class Adding(Statement):
    """
    An INSERT of whole rows, each value under its column's name, except an id that the database makes.

    PostgreSQL is given all rows as one JSON text, and so one statement. A JSON column takes text. `finish` puts
    the end to it: what to do about a row that is there, what to give back. With `names`, other columns stay NULL.
    """

    def __init__(
        self, table: Table, finish: Callable[[Any], Any] = lambda statement: statement, names: Collection[str] = ()
    ) -> None:
        super().__init__(None)
        given = names or {column.name for column in table.columns if column is not table.autoincrement_column}
        self._columns = [column for column in table.columns if column.name in given]
        self._table = table
        self._finish = finish

    def run(self, connection: Connection, rows: Iterable[Row]) -> None:
        """Add the rows."""
        ready = self._for(connection.dialect)
        if ready.positional:
            super().run(connection, rows)
        elif given := list(rows):
            connection.connection.cursor().execute(ready.text, {"rows": _ROWS.encode(given)})

    def gather(self, connection: Connection, rows: Iterable[Row]) -> list[tuple[Any, ...]]:
        """Add the rows; what comes back for those that were added."""
        ready = self._for(connection.dialect)
        cursor: Any = connection.connection.cursor()
        if ready.positional:
            answers = [cursor.execute(ready.text, ready.values(row)).fetchall() for row in rows]
            return [ready.result(found) for answer in answers for found in answer]
        given = list(rows)
        if not given:
            return []
        return [ready.result(found) for found in cursor.execute(ready.text, {"rows": _ROWS.encode(given)}).fetchall()]

    def _compile(self, dialect: Dialect) -> _Compiled:
        kinds = _kinds(self._columns)
        if dialect.name == "postgresql":
            given = _from_json(kinds)
            found = [
                cast(given.c[own.name], JSON) if isinstance(own.type, JSON) else given.c[own.name]
                for own in self._columns
            ]
            added = postgresql.insert(self._table).from_select(list(kinds), select(*found))
            return _compile(self._finish(added), dialect)
        values = {name: bindparam(name, type_=kind) for name, kind in kinds.items()}
        return _compile(self._finish(sqlite.insert(self._table).values(values)), dialect)


class Changing(Statement):
    """
    An UPDATE of named columns, row by row, where every key is as given. A row may hold more than it names.

    PostgreSQL is given all rows at once, as by `Adding`.
    """

    def __init__(self, table: Table, names: Sequence[str], keys: Sequence[str]) -> None:
        super().__init__(None)
        self._table, self._names, self._keys = table, tuple(names), tuple(keys)

    def run(self, connection: Connection, rows: Iterable[Row]) -> None:
        """Change the rows."""
        ready = self._for(connection.dialect)
        if ready.positional:
            super().run(connection, rows)
        elif given := list(rows):
            connection.connection.cursor().execute(ready.text, {"rows": _ROWS.encode(given)})

    def _compile(self, dialect: Dialect) -> _Compiled:
        table, kinds = self._table, _kinds([self._table.c[name] for name in (*self._names, *self._keys)])
        given: Any = {name: bindparam(name, type_=kind) for name, kind in kinds.items()}
        if dialect.name == "postgresql":
            given = _from_json(kinds).c
        where = [table.c[name] == given[name] for name in self._keys]
        return _compile(update(table).where(*where).values({name: given[name] for name in self._names}), dialect)


def _kinds(columns: Iterable[Any]) -> dict[str, Any]:
    return {column.name: Text() if isinstance(column.type, JSON) else column.type for column in columns}


def _from_json(kinds: Mapping[str, Any]) -> Any:
    """The rows of one JSON text, as PostgreSQL reads them."""
    rows = func.json_to_recordset(cast(bindparam("rows", type_=Text), JSON))
    given = rows.table_valued(*(column(name, kind) for name, kind in kinds.items()))
    return given.render_derived(name="given", with_types=True)


def _spelt(value: date) -> str:
    """A day or a moment as JSON has it."""
    return value.isoformat()


_ROWS = json.JSONEncoder(default=_spelt, ensure_ascii=False, separators=(",", ":"))


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """Send what is written inside without waiting for each answer, where the database can (PostgreSQL)."""
    if connection.dialect.name != "postgresql":
        yield
        return
    driver: Any = connection.connection.driver_connection
    with driver.pipeline():
        yield


def _compile(statement: Any, dialect: Dialect) -> _Compiled:
    # `inline`: an id that the database makes is not fetched back unless the statement says so.
    compiled: Any = (statement.inline() if statement.is_insert else statement).compile(dialect=dialect)
    binds = {name: bound for bound, name in compiled.bind_names.items()}
    names = tuple(compiled.positiontup if compiled.positional else binds)
    columns = list(statement.selected_columns if statement.is_select else statement.exported_columns)
    return _Compiled(
        str(compiled),
        itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],),
        names,
        _those([_taken(binds[name].type, dialect) for name in names]),
        _those([column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]),
        compiled.positional,
    )


def _those(converts: list[_Convert | None]) -> tuple[tuple[int, _Convert], ...]:
    return tuple((place, convert) for place, convert in enumerate(converts) if convert is not None)


def _taken(kind: Any, dialect: Dialect) -> _Convert | None:
    if dialect.name == "sqlite" and isinstance(kind, Date):
        return _day  # What SQLAlchemy's own conversion writes, five times as fast.
    if dialect.name == "sqlite" and isinstance(kind, Instant):
        return partial(kind.process_bind_param, dialect=dialect)
    convert: _Convert | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

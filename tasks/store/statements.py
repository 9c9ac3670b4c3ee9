"""
Statements that every step runs: declared once in SQLAlchemy, compiled once per database, run on the driver's cursor.

A step writes some dozens of small rows. Handing each statement to SQLAlchemy anew costs several times what SQLite
takes to run it (measured: benchmarks/transitions.py), so the compiled text is kept and given to the driver.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Date, Table, bindparam, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

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
    """
    One statement, ready to run. A row gives a value for every name that the statement binds.

    `write` is built per database, for what SQLAlchemy spells differently on each (ON CONFLICT).
    """

    def __init__(self, write: Any) -> None:
        self._write = write if callable(write) else lambda _: write
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, rows: Iterable[Row]) -> None:
        """Run it once for each row."""
        ready = self._for(connection.dialect)
        values = [ready.values(row) for row in rows]
        cursor = connection.connection.cursor()
        try:
            if len(values) == 1:
                cursor.execute(ready.text, values[0])
            elif values:
                cursor.executemany(ready.text, values)
        finally:
            cursor.close()

    def all(self, connection: Connection, row: Row) -> list[tuple[Any, ...]]:
        """Run it once; every row that it gives back."""
        ready = self._for(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(ready.text, ready.values(row))
            return [ready.result(found) for found in cursor.fetchall()]
        finally:
            cursor.close()

    def gather(self, connection: Connection, rows: Iterable[Row]) -> list[tuple[Any, ...]]:
        """Run it once for each row, and gather what each gives back."""
        ready = self._for(connection.dialect)
        values = [ready.values(row) for row in rows]
        cursor: Any = connection.connection.cursor()
        found: list[Any] = []
        try:
            if ready.positional:
                for each in values:
                    found += cursor.execute(ready.text, each).fetchall()
            elif values:
                cursor.executemany(ready.text, values, returning=True)
                found += cursor.fetchall()
                while cursor.nextset():
                    found += cursor.fetchall()
        finally:
            cursor.close()
        return [ready.result(each) for each in found]

    def first(self, connection: Connection, row: Row) -> tuple[Any, ...] | None:
        """Run it once; the first row that it gives back, or None."""
        found = self.all(connection, row)
        return found[0] if found else None

    def _for(self, dialect: Dialect) -> _Compiled:
        ready = self._compiled.get(dialect.name)
        if ready is None:
            ready = self._compiled[dialect.name] = _compile(self._write(dialect.name), dialect)
        return ready


def adding(table: Table, database: str = "") -> Any:
    """
    An INSERT of a whole row, every column bound under its own name, except an id that the database makes.

    Given the name of the database, it is one that knows ON CONFLICT.
    """
    made = table.autoincrement_column
    kind = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}.get(database, insert)
    return kind(table).values({c.name: bindparam(c.name, type_=c.type) for c in table.columns if c is not made})


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
    convert: _Convert | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

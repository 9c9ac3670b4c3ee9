"""
What a step writes: statements declared once in SQLAlchemy, whose text it makes once for each database.

A step writes some dozens of small rows. Handing each statement to SQLAlchemy anew costs more than SQLite takes to run
it (docs/decisions/2026-11-25-what-a-step-writes.md), so the text is kept and given to the driver's cursor: SQLite takes
row by row, PostgreSQL all rows as one JSON text, and so one statement. So is the one question that each step begins
with; all else that is read goes through SQLAlchemy.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import JSON, Column, Connection, Date, Table, Text, bindparam, cast, column, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tasks.store.tables import Instant, as_text

RowValues = Mapping[str, Any]


class Asking:
    """A question for one row, of columns that each database gives back as they are: text and whole numbers."""

    def __init__(self, question: Any) -> None:
        self._question = question
        self._texts: dict[str, tuple[str, Callable[[RowValues], Any]]] = {}

    def first(self, connection: Connection, row: RowValues) -> tuple[Any, ...] | None:
        """The first row by these values, its columns in order; None where there is none."""
        with together(connection):  # With what begins the transaction, where nothing did before.
            cursor = self.sent(connection, row)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found

    def sent(self, connection: Connection, row: RowValues) -> Any:
        """The cursor by which it was sent. What was sent `together` with others has its rows once all of it was."""
        database = connection.dialect.name
        known = self._texts.get(database)
        if known is None:
            compiled = self._question.compile(dialect=connection.dialect)
            spelt = _in_order(compiled.positiontup) if compiled.positional else dict
            known = self._texts[database] = (str(compiled), spelt)
        text, spelt = known
        cursor: Any = connection.connection.cursor()
        cursor.execute(text, spelt(row))
        return cursor


def _in_order(names: Sequence[str]) -> Callable[[RowValues], Any]:
    return lambda row: [row[name] for name in names]


class Writing:
    """A statement, ready to run. A row gives a value for every name that the statement takes, and may hold more."""

    def __init__(self, columns: Sequence[Column[Any]]) -> None:
        self.names = tuple(str(column.name) for column in columns)  # SQLAlchemy's own kind of word is looked up slowly.
        """What the statement takes, in the order of its text."""
        self._columns = columns
        self._values = itemgetter(*self.names)
        self._spelling = [(place, how) for place, column in enumerate(columns) if (how := _spelling(column))]
        self._texts: dict[str, str] = {}

    def run(self, connection: Connection, rows: Iterable[RowValues]) -> int:
        """Run it for the rows. How many it touched in the table, unless it was sent `together` with others."""
        given = list(rows)
        return int(self.sent(connection, given).rowcount) if given else 0

    def sent(self, connection: Connection, given: Sequence[RowValues]) -> Any:
        """
        The cursor by which it was sent for the rows, of which there is one at least; `rowcount` is how many it touched.

        Of what was sent `together` with others that is known once all of it was.
        """
        database = connection.dialect.name
        text = self._texts.get(database)
        if text is None:
            text = self._texts[database] = str(self.statement(database).compile(dialect=connection.dialect))
        cursor: Any = connection.connection.cursor()
        if database == "postgresql":
            cursor.execute(text, {"rows": orjson.dumps(given, default=_as_json).decode()})
        elif len(given) == 1:
            cursor.execute(text, self._spelt(given[0]))
        else:
            cursor.executemany(text, [self._spelt(row) for row in given])
        return cursor

    def statement(self, database: str) -> Any:
        """The statement as SQLAlchemy has it."""
        raise NotImplementedError

    def _binds(self) -> dict[str, Any]:
        return {column.name: bindparam(column.name, type_=column.type) for column in self._columns}

    def _from_json(self) -> Any:
        """The rows of one JSON text, as PostgreSQL reads them."""
        kinds = {own.name: Text() if isinstance(own.type, JSON) else own.type for own in self._columns}
        rows = func.json_to_recordset(cast(bindparam("rows", type_=Text), JSON))
        given = rows.table_valued(*(column(name, kind) for name, kind in kinds.items()))
        return given.render_derived(name="given", with_types=True)

    def _spelt(self, row: RowValues) -> Sequence[Any]:
        values = self._values(row)
        if not self._spelling:
            return values  # type: ignore[no-any-return]
        spelt = list(values)
        for place, how in self._spelling:
            if spelt[place] is not None:
                spelt[place] = how(spelt[place])
        return spelt


class Adding(Writing):
    """
    An INSERT of whole rows, each value under its column's name, except an id that the database makes.

    A JSON column takes text. `finish` puts the end to it: what to do about a row that is there. With `names`, other
    columns stay NULL.
    """

    def __init__(
        self, table: Table, finish: Callable[[Any], Any] = lambda statement: statement, names: Collection[str] = ()
    ) -> None:
        given = names or {column.name for column in table.columns if column is not table.autoincrement_column}
        super().__init__([column for column in table.columns if column.name in given])
        self.table, self._finish = table, finish

    def statement(self, database: str) -> Any:
        """The INSERT, with an end that each database has a word of its own for."""
        adding: Any = sqlite.insert(self.table).values(self._binds())
        if database == "postgresql":
            given = self._from_json().c
            found = [
                cast(given[one.name], JSON) if isinstance(one.type, JSON) else given[one.name] for one in self._columns
            ]
            adding = postgresql.insert(self.table).from_select(self.names, select(*found))
        # `inline`: an id that the database makes is not fetched back.
        return self._finish(adding.inline())


class Changing(Writing):
    """An UPDATE of named columns, row by row, where every key is as given."""

    def __init__(self, table: Table, names: Sequence[str], keys: Sequence[str]) -> None:
        super().__init__([table.c[name] for name in (*names, *keys)])
        self._table, self._changed, self._keys = table, names, keys

    def statement(self, database: str) -> Any:
        """The UPDATE, by the values of each row."""
        given: Any = self._from_json().c if database == "postgresql" else self._binds()
        where = [self._table.c[name] == given[name] for name in self._keys]
        return update(self._table).where(*where).ordered_values(*((name, given[name]) for name in self._changed))


def _spelling(column: Column[Any]) -> Callable[[Any], str] | None:
    """How SQLite's driver is given a value that it does not know as it is."""
    if isinstance(column.type, Instant):
        return as_text
    return date.isoformat if isinstance(column.type, Date) else None


def _as_json(value: date) -> str:
    """A day or a moment of a kind that is not Python's own, as JSON has it."""
    return value.isoformat()


def together(connection: Connection) -> AbstractContextManager[Any]:
    """Send what is asked and written inside without waiting for each answer, where the database can (PostgreSQL)."""
    if connection.dialect.name != "postgresql":
        return _ONE_BY_ONE
    driver: Any = connection.connection.driver_connection
    pipeline: AbstractContextManager[Any] = driver.pipeline()
    return pipeline


_ONE_BY_ONE = nullcontext()

"""
What a step writes: statements declared once in SQLAlchemy, whose text it makes once for each database.

A step writes some dozens of small rows. Handing each statement to SQLAlchemy anew costs more than SQLite takes to run
it (docs/decisions/2026-11-25-what-a-step-writes.md), so the text is kept and given to the driver's cursor: SQLite takes
row by row, PostgreSQL one row as it is and several as one JSON text, and so one statement. So is the one question that
each step begins with; all else that is read goes through SQLAlchemy.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from tasks.store.tables import Instant, as_text

RowValues = Mapping[str, Any]

MANY = 0
"""Of how many rows a statement takes, where it takes as many as there are."""
SEVERAL = 16
"""
The most rows of which PostgreSQL is told how many they are. It cannot see it of a JSON text, takes them for a hundred,
and then reads a table of thousands of rows from end to end to change one of them, where it would have gone by the key.
"""


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
        return _sent(connection, text, spelt(row))


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
        self._texts: dict[tuple[str, int], str] = {}

    def run(self, connection: Connection, rows: Iterable[RowValues]) -> int:
        """Run it for the rows. How many it touched in the table, unless it was sent `together` with others."""
        given = list(rows)
        return int(self.sent(connection, given).rowcount) if given else 0

    def sent(self, connection: Connection, given: Sequence[RowValues]) -> Any:
        """
        The cursor by which it was sent for the rows, of which there is one at least; `rowcount` is how many it touched.

        Of what was sent `together` with others that is known once all of it was.
        """
        if connection.dialect.name == "postgresql":
            text = self._text(connection, len(given) if len(given) <= SEVERAL else MANY)
            if len(given) == 1:
                return _sent(connection, text, self._plain(given[0]))
            return _sent(connection, text, {"rows": orjson.dumps(given, default=_as_json).decode()})
        text = self._text(connection, 1)
        if len(given) == 1:
            return _sent(connection, text, self._spelt(given[0]))
        cursor: Any = connection.connection.cursor()
        cursor.executemany(text, [self._spelt(row) for row in given])
        return cursor

    def _text(self, connection: Connection, rows: int) -> str:
        database = connection.dialect.name
        text = self._texts.get((database, rows))
        if text is None:
            made = self.statement(database, rows).compile(dialect=connection.dialect)
            text = self._texts[database, rows] = str(made)
        return text

    def statement(self, database: str, rows: int = 1) -> Any:
        """The statement as SQLAlchemy has it, for so many rows, or `MANY`; SQLite's is run anew for each."""
        raise NotImplementedError

    def _given(self, rows: int) -> Any:
        """The values of a row by their names; or of rows, as PostgreSQL reads them of one JSON text."""
        if rows == 1:
            return {column.name: bindparam(column.name, type_=column.type) for column in self._columns}
        kinds = {own.name: Text() if isinstance(own.type, JSON) else own.type for own in self._columns}
        read = func.json_to_recordset(cast(bindparam("rows", type_=Text), JSON))
        found: Any = read.table_valued(*(column(name, kind) for name, kind in kinds.items()))
        found = found.render_derived(name="read" if rows else "given", with_types=True)
        return (select(found).limit(literal_column(str(rows))).subquery("given") if rows else found).c

    def _plain(self, row: RowValues) -> RowValues:
        """A row as PostgreSQL's driver takes it: its values by their names."""
        return dict(zip(self.names, self._values(row), strict=True))

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

    def statement(self, database: str, rows: int = 1) -> Any:
        """The INSERT, with an end that each database has a word of its own for."""
        # How many is of no use where nothing is looked for: one text serves for two rows and for a thousand.
        given = self._given(rows if rows == 1 else MANY)
        insert = postgresql.insert if database == "postgresql" else sqlite.insert
        adding: Any = insert(self.table)
        if rows == 1:
            adding = adding.values(given)
        else:
            found = [
                cast(given[one.name], JSON) if isinstance(one.type, JSON) else given[one.name] for one in self._columns
            ]
            adding = adding.from_select(self.names, select(*found))
        # `inline`: an id that the database makes is not fetched back.
        return self._finish(adding.inline())


class Changing(Writing):
    """An UPDATE of named columns, row by row, where every key is as given."""

    def __init__(self, table: Table, names: Sequence[str], keys: Sequence[str]) -> None:
        super().__init__([table.c[name] for name in (*names, *keys)])
        self._table, self._changed, self._keys = table, names, keys

    def statement(self, database: str, rows: int = 1) -> Any:
        """The UPDATE, by the values of each row."""
        given = self._given(rows)
        where = [self._table.c[name] == given[name] for name in self._keys]
        return update(self._table).where(*where).ordered_values(*((name, given[name]) for name in self._changed))


def _sent(connection: Connection, text: str, values: Any) -> Any:
    """The driver's cursor, by which this was sent."""
    cursor: Any = connection.connection.cursor()
    cursor.execute(text, values)
    return cursor


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

"""
Every column of every table of a database searched for canaries, SQLite or PostgreSQL, whatever the tables are.

Read only. Each row is read as text and looked at here, so that both databases are searched alike.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from flows.privacy.canaries import Sought
from flows.privacy.looked import Looked
from tasks.store.session import connect
from tasks.store.whereabouts import address_of, file_of

AT_ONCE = 500
"""Rows."""
BUSY = 30.0
"""Seconds that a file which another program holds is waited for."""
OF_PREFECT = {
    "runs": ("flow_run", "task_run"),
    "states of runs": ("flow_run_state", "task_run_state"),
    "kept answers of cards": ("flow_run_input",),
    "lines of runs' logs": ("log",),
    "artifacts": ("artifact", "artifact_collection"),
    "events": ("events", "event_resources"),
}
"""The tables of Prefect that a person asks after, under the name by which they ask."""
OF_RECORD = {"lines of the ledger": ("ledger",), "messages": ("notices", "notice_facts")}

FoundRow = tuple[str, Sequence[Any]]
"""What names a row, and all that stands in it."""


def search_database(
    url: str, called: str, canaries: Sought, named: dict[str, tuple[str, ...]], *, record: bool = False
) -> Looked:
    """
    Search all of a database; `called` is its name for a person, `named` the tables that are counted by name.

    `record`: what the record keeps openly by its nature is no find in its own database.
    """
    file = file_of(url)
    looked = Looked(f"{called} ({'SQLite' if file else f'PostgreSQL, {address_of(url)}'})")
    for table, columns, rows in _of_file(file) if file else _of_server(url):
        looked.count("tables")
        looked.count("columns", len(columns))
        seen = 0
        for seen, (name, values) in enumerate(rows, 1):  # noqa: B007  counted
            for column, value in _with_canaries(canaries, columns, values):
                found = [one for one in canaries.within(value) if not (record and one.kept_openly)]
                looked.found(found, f"{called}: {table}.{column}, row {name}")
        looked.count("rows", seen)
        for words in (words for words, tables in named.items() if table.rpartition(".")[2] in tables):
            looked.count(words, seen)
    return looked


def _with_canaries(canaries: Sought, columns: Sequence[str], values: Sequence[Any]) -> Iterator[tuple[str, bytes]]:
    """The columns of a row in which a canary stands; nearly always none."""
    held = [_bytes(value) for value in values]
    if canaries.within(b"\0".join(held)):
        yield from zip(columns, held, strict=True)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return b"" if value is None else str(value).encode(errors="surrogatepass")


def _of_file(file: Path) -> Iterator[tuple[str, Sequence[str], Iterable[FoundRow]]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=BUSY)) as connection:
        connection.text_factory = lambda raw: raw.decode(errors="replace")
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            told = connection.execute(f'PRAGMA table_xinfo("{table}")').fetchall()
            columns, keys = [row[1] for row in told], [row[1] for row in told if row[5]]
            shown = ", ".join(f'"{one}"' for one in columns)
            rows = connection.execute(f'SELECT {shown} FROM "{table}"')  # noqa: S608  names of its own
            yield table, columns, _named(rows, columns, keys)


def _of_server(url: str) -> Iterator[tuple[str, Sequence[str], Iterable[FoundRow]]]:
    columns = (
        "SELECT c.table_schema, c.table_name, c.column_name FROM information_schema.columns c "
        "JOIN information_schema.tables t USING (table_schema, table_name) WHERE t.table_type = 'BASE TABLE' "
        "AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, c.ordinal_position"
    )
    engine = connect(url)
    try:
        with engine.connect() as connection:
            of: dict[tuple[str, str], list[str]] = {}
            for schema, table, column in connection.exec_driver_sql(columns):
                of.setdefault((schema, table), []).append(column)
            for (schema, table), held in of.items():
                shown = ", ".join(f'"{column}"::text' for column in held)
                asked = f'SELECT {shown} FROM "{schema}"."{table}"'  # noqa: S608  names of its own
                rows = connection.execution_options(stream_results=True, max_row_buffer=AT_ONCE).exec_driver_sql(asked)
                yield (table if schema == "public" else f"{schema}.{table}"), held, _named(rows, held, [])
    finally:
        engine.dispose()


def _named(rows: Iterable[Any], columns: Sequence[str], keys: Sequence[str]) -> Iterator[FoundRow]:
    """Each row with what names it: its id, or its key, or its number as it is read."""
    names = ["id"] if "id" in columns else list(keys)
    places = [columns.index(name) for name in names]
    for number, row in enumerate(rows, 1):
        yield ("/".join(str(row[place]) for place in places) or str(number)), row

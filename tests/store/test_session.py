"""The connection by which one process writes to a record on SQLite: kept, begun with the lock, closed at the end."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import OperationalError

from tasks.store.session import connect, reading, writing


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the record lies."""
    return tmp_path / "record.db"


def opened(file: Path) -> Engine:
    """A database of one table, so that something can be written."""
    engine = connect(f"sqlite:///{file}", patience=0.2)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE line (words TEXT)"))
    return engine


def driver(connection: Connection) -> Any:
    """What Python's own driver calls the connection."""
    return connection.connection.dbapi_connection


def lines(engine: Engine) -> list[str]:
    """What is written there."""
    with reading(engine) as connection:
        return [str(words) for words in connection.execute(text("SELECT words FROM line")).scalars()]


def add(connection: Connection, words: str) -> None:
    """Write a line."""
    connection.execute(text("INSERT INTO line VALUES (:words)"), {"words": words})


def test_one_connection_writes_and_begins_with_the_lock(file: Path) -> None:
    """Two writes go by the same connection, and each holds the file from its first moment: no other writes then."""
    engine, seen, by = opened(file), [], []
    for words in ("first", "second"):
        with writing(engine) as connection:
            by.append(driver(connection))
            with (
                sqlite3.connect(file, timeout=0, isolation_level=None) as other,
                pytest.raises(sqlite3.OperationalError),
            ):
                other.execute("BEGIN IMMEDIATE")
            other.close()
            add(connection, words)
            seen.append(lines(engine))
    assert by[0] is by[1]
    assert [[], ["first"]] == seen
    assert ["first", "second"] == lines(engine)
    engine.dispose()


def test_a_read_waits_for_nobody_who_writes(file: Path) -> None:
    """It goes by another connection, and sees the record as it was before the write."""
    engine = opened(file)
    with writing(engine) as connection:
        add(connection, "kept")
        assert [] == lines(engine)
    assert ["kept"] == lines(engine)
    engine.dispose()


def test_what_goes_wrong_leaves_nothing_and_the_next_write_goes_on(file: Path) -> None:
    """An error of ours rolls back by the same connection; after an error of the database it is another one."""
    engine, by = opened(file), []
    with pytest.raises(KeyError), writing(engine) as connection:
        by.append(driver(connection))
        add(connection, "not kept")
        raise KeyError
    with pytest.raises(OperationalError), writing(engine) as connection:
        by.append(driver(connection))
        add(connection, "not kept either")
        connection.execute(text("SELECT nothing FROM nowhere"))
    with writing(engine) as connection:
        by.append(driver(connection))
        add(connection, "kept")
    assert by[0] is by[1]
    assert by[1] is not by[2]
    assert ["kept"] == lines(engine)
    engine.dispose()


def test_an_interruption_holds_the_record_no_longer(file: Path) -> None:
    """Ctrl-C comes in after the write began and before anything could roll it back: others write, and so do we."""
    engine = opened(file)

    def interrupted(_: Connection) -> None:
        raise KeyboardInterrupt

    event.listen(engine, "begin", interrupted)  # After our own, which began it.
    with pytest.raises(KeyboardInterrupt), writing(engine):
        pass
    event.remove(engine, "begin", interrupted)
    with sqlite3.connect(file, timeout=0, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    other.close()
    with writing(engine) as connection:
        add(connection, "kept")
    assert ["kept"] == lines(engine)
    engine.dispose()


def test_whoever_stands_behind_another_is_told_too(file: Path) -> None:
    """Somebody of this program holds the record and waits: the next is told that it is held, and waits for no end."""
    engine = opened(file)
    with ThreadPoolExecutor(1) as people:
        with writing(engine) as connection:
            add(connection, "kept")
            with pytest.raises(OperationalError, match="database is locked"):
                people.submit(_sends, engine).result(timeout=60)
        people.submit(_sends, engine).result(timeout=60)
    assert ["kept", "sent"] == lines(engine)
    engine.dispose()


def _sends(engine: Engine) -> None:
    with writing(engine) as connection:
        add(connection, "sent")


def test_the_connection_is_closed_with_the_engine(file: Path) -> None:
    """Nothing holds the file after it was disposed of, so its log is written back; and a write opens it again."""
    engine = opened(file)
    with writing(engine) as connection:
        before = driver(connection)
        add(connection, "one")
    engine.dispose()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        before.execute("SELECT 1")
    assert not Path(f"{file}-wal").exists()
    with writing(engine) as connection:
        add(connection, "two")
    assert ["one", "two"] == lines(engine)
    engine.dispose()
    assert not Path(f"{file}-wal").exists()


def test_a_record_in_memory_keeps_to_its_one_connection() -> None:
    """Another connection would be another record."""
    engine = connect("sqlite://")
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE line (words TEXT)"))
        add(connection, "kept")
    with writing(engine) as connection:
        add(connection, "too")
    assert ["kept", "too"] == lines(engine)
    engine.dispose()

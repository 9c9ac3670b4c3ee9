"""Both databases for the tests of the record: SQLite in a file, and a real PostgreSQL from a wheel."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from benchmarks.transitions import FIRST, path
from sqlalchemy import Engine, text

from safeguarding.law.rulebook import Rulebook
from tasks.record.records import Records, open_record
from tasks.store.sealing import KEY_BYTES, Keyring
from tasks.store.session import connect, writing

Walk = Callable[..., str]


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A migrated record with nothing in it."""
    engine = connect(url)
    yield engine
    engine.dispose()


@pytest.fixture
def keys() -> Keyring:
    """A master key made for one test."""
    return Keyring(os.urandom(KEY_BYTES))


@pytest.fixture
def unguarded(engine: Engine) -> Callable[..., None]:
    """Run statements as somebody who owns the database and has taken its guards away."""

    def run(*statements: str) -> None:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET session_replication_role = replica"))
            else:
                names = (
                    connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
                )
                for name in names:
                    connection.execute(text(f"DROP TRIGGER {name}"))
            for statement in statements:
                connection.execute(text(statement))
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET session_replication_role = DEFAULT"))

    return run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder that holds the master key."""
    return tmp_path / "home"


@pytest.fixture
def records(url: str, home: Path, rulebook: Rulebook) -> Iterator[Records]:
    """A new record under the example partnership's rules."""
    records = open_record(url, home, rulebook, FIRST)
    yield records
    records.engine.dispose()


@pytest.fixture
def walked(records: Records) -> Walk:
    """Takes a review through as many of the seven steps of the benchmark as a test needs."""

    def walk(steps: int = 7, opened: datetime = FIRST) -> str:
        reference = ""
        for command, answers, actor, after in path(records.rulebook, opened.date())[:steps]:
            now = opened + timedelta(days=after)
            if reference:
                records.attempt(reference, command, answers, actor, now)
            else:
                reference = records.open(answers, actor, now).review.reference
        return reference

    return walk


@pytest.fixture
def meddle(records: Records) -> Callable[..., None]:
    """Run statements as somebody who owns the database, takes its guards away, and puts them back."""

    def run(*statements: str) -> None:
        with writing(records.engine) as connection:
            if records.engine.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                for statement in statements:
                    connection.execute(text(statement))
                return
            query = text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
            guarding = connection.execute(query).all()
            for guard in guarding:
                connection.execute(text(f"DROP TRIGGER {guard.name}"))
            for statement in statements:
                connection.execute(text(statement))
            tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
            for guard in guarding:
                if guard.tbl_name in tables:
                    connection.exec_driver_sql(guard.sql)

    return run

"""How the record's tables came to be, step by step: run by `migrate`, never by hand."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, inspect, text

from tasks.store.session import writing

LATEST = "0002"
"""The newest step. A record that stands here is left alone, without loading the migration tool at all."""

LOCK = 0x5AFE
"""Two programs that start at once against one PostgreSQL: the second waits for the first to migrate."""


def version(engine: Engine) -> str | None:
    """The step that the record stands at, or None for an empty database."""
    with engine.connect() as connection:
        return _version(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(engine: Engine) -> None:
    """Bring the record to the newest step, all of it or nothing. Safe to run at every start, by everybody."""
    if version(engine) == LATEST:
        return
    with _alone(engine) as connection:
        if _version(connection) != LATEST:
            _upgrade(connection)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        yield connection


def _upgrade(connection: Connection) -> None:
    # Loading Alembic takes a fifth of a second, which every command would pay and hardly any needs.
    from alembic import command
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", "tasks.store:migrations")
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")

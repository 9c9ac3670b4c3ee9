"""The steps that make the record: whole or not at all, and the same tables that the program speaks of."""

import threading

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from tasks.store.migrations import LATEST, migrate, version
from tasks.store.session import connect, reading
from tasks.store.tables import metadata


def test_the_migrated_record_has_the_tables_of_the_program(engine: Engine) -> None:
    """Nothing to add, take away or change between what the steps made and what the program declares."""
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [] == compare_metadata(context, metadata)


def test_every_index_and_its_condition_is_made(engine: Engine) -> None:
    """The sweep and the sender live by partial indexes: those declared are those in the database."""
    column = {"sqlite": "sql FROM sqlite_master", "postgresql": "indexdef FROM pg_indexes"}[engine.dialect.name]
    with reading(engine) as connection:
        made = {words for words in connection.execute(text(f"SELECT {column}")).scalars() if words}
    declared = [index for table in metadata.tables.values() for index in table.indexes]
    words_of = {index.name: [words for words in made if f"INDEX {index.name} " in words] for index in declared}
    missing = [index.name for index in declared if not words_of[index.name]]
    partial = {index.name for index in declared if index.dialect_options[engine.dialect.name]["where"] is not None}
    whole = [name for name, words in words_of.items() if any("WHERE" in one for one in words) is not (name in partial)]
    assert len(partial) > 3
    assert ([], []) == (missing, whole)


def test_the_newest_step_is_the_one_the_program_looks_for() -> None:
    """A step added to the folder and not to `LATEST` would never run."""
    settings = Config()
    settings.set_main_option("script_location", "tasks.store:migrations")
    settings.set_main_option("path_separator", "os")
    assert [LATEST] == ScriptDirectory.from_config(settings).get_heads()


def test_programs_that_start_at_once_migrate_once(empty_url: str) -> None:
    """The server, the sweep and a command start together on an empty database: one migrates, the others wait."""
    start, faults = threading.Barrier(4), []

    def begin() -> None:
        engine = connect(empty_url)
        start.wait()
        try:
            migrate(engine)
        except DBAPIError as fault:
            faults.append(fault)
        engine.dispose()

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine = connect(empty_url)
    assert ([], LATEST) == (faults, version(engine))
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()

"""How the record's tables came to be, step by step: run by `migrate`, never by hand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, inspect, text

from safeguarding.errors import SafeguardingError
from tasks.store.session import writing

STEPS = {
    "0001": "the ledger and what guards it, the tables for querying, the notices",
    "0002": "a seal over the record as a whole",
    "0003": "answers that were refused after they were sent, kept sealed for a while",
    "0004": "who chairs a review and who is its reviewer, beside where it stands",
    "0005": "who is signed in at the pages, and the codes by which they do",
    "0006": "what is typed on a form of the pages and not sent yet, kept sealed for a while",
    "0007": "whose authenticator is asked for at the pages",
    "0008": "who read which sealed words, and which reviews were entered late",
    "0009": "what an action is for and waits for, its evidence and its impact",
    "0010": "the days of requests and actions as they were put right",
    "0011": "what notices may say in whole rows, found by their review",
}
"""Every step that this program knows, the oldest first, and what it adds."""

LATEST = "0011"
"""The newest step. A record that stands here is left alone, without loading the migration tool at all."""

SEALED_FROM = "0002"
"""The step that brought the seal over the whole. Only a record that stands before it has none yet."""

LOCK = 0x5AFE
"""Two programs that start at once against one PostgreSQL: the second waits for the first to migrate."""


class RecordNewer(SafeguardingError):
    """The record was made, or moved on, by a newer program than this one."""

    code = "record-newer"

    def __init__(self, stands: str) -> None:
        super().__init__(
            f"The record stands at step {stands}, and this program knows steps up to {LATEST}: a newer program has "
            "used it. Put the newer program back, or restore the backup that was made before it. Nothing was changed.",
            stands,
        )


def version(engine: Engine) -> str | None:
    """The step that the record stands at, or None for an empty database."""
    with engine.connect() as connection:
        return _version(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def unsealed_yet(step: str | None) -> bool:
    """Whether a record at this step was made, and not yet by a program that seals."""
    return step is not None and step < SEALED_FROM


def migrate(engine: Engine, then: Callable[[Connection], None] | None = None) -> None:
    """
    Bring the record to the newest step, all of it or nothing. Safe to run at every start, by everybody.

    `then` is done in the same transaction to a record that stood before its seal: moved on and sealed, or neither.

    Raises RecordNewer, and changes nothing, where a newer program has been.
    """
    if known(version(engine)) == LATEST:
        return
    with _alone(engine) as connection:
        stood = known(_version(connection))
        if stood != LATEST:
            _upgrade(connection)
        if then is not None and unsealed_yet(stood):
            then(connection)


def known(step: str | None) -> str | None:
    """The same step. Raises RecordNewer for one that this program does not know."""
    if step is not None and step not in STEPS:
        raise RecordNewer(step)
    return step


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

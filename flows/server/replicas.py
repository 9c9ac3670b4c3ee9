"""
Prefect's server by itself: all of it, one of several replicas of its API, or the one process of its services.

The one-command system starts a server of its own and needs none of this. Replicas share PostgreSQL and Redis, which
Prefect's own settings name; a server that lacks one of them would lose events and run nothing when it should, in
silence, so it is refused.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from config.settings import Settings
from flows.server import login, prefect_settings, samples
from safeguarding.errors import SafeguardingError
from tasks.store import private_files

MIGRATION_LOCK = 7_233_837
"""Any number that nobody else uses: PostgreSQL's name for the lock under which Prefect's tables are made."""
TRY_AGAIN_AFTER = 0.5
"""Seconds."""
PREFECT = (sys.executable, "-m", "prefect")


class Part(Enum):
    """Which part of the server a process is."""

    WHOLE = "whole"
    REPLICA = "replica"
    SERVICES = "services"


class NotShared(SafeguardingError):
    """A part of a server was asked for, and the parts would not hear of each other."""

    code = "server-not-shared"

    def __init__(self, lacking: tuple[str, ...]) -> None:
        super().__init__(f"Several servers must share PostgreSQL and Redis: {'; '.join(lacking)}.", lacking)


def run(home: Path, port: int, part: Part, settings: Settings) -> int:
    """
    Run this part of the server until told to stop; the exit code.

    Raises NotShared, naming all that is missing, SampleSecrets, ServiceLoginUnfit, and NoLogin where the page has none.
    """
    samples.refuse(settings)
    private_files.close(settings.home)
    if part is not Part.SERVICES and not login.present(settings.home):
        raise login.NoLogin(settings.home)
    prefect_settings.prepare(home, port, settings.home)
    if part is not Part.WHOLE and (lacking := _lacking()):
        raise NotShared(lacking)
    if part is Part.SERVICES:
        with _in_turn():
            _upgrade()
        sys.stdout.flush()
        os.execv(sys.executable, [*PREFECT, "server", "services", "start"])  # noqa: S606  our own interpreter

    from flows.server import server

    return server.serve(home, port, webserver_only=part is Part.REPLICA, with_record=True, in_turn=_in_turn)


def _lacking() -> tuple[str, ...]:
    """Everything that replicas must share and these settings do not, by the name of the setting."""
    from prefect.settings import get_current_settings

    server = get_current_settings().server
    modules = {
        "PREFECT_MESSAGING_BROKER": server.events.messaging_broker,
        "PREFECT_MESSAGING_CACHE": server.events.messaging_cache,
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": server.events.causal_ordering,
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": server.concurrency.lease_storage,
    }
    lacking = [f"{name} is {module}" for name, module in modules.items() if "memory" in module]
    if not _on_postgresql():
        lacking.insert(0, "PREFECT_SERVER_DATABASE_CONNECTION_URL names no PostgreSQL (postgresql+asyncpg://...)")
    if not server.docket.url.startswith(("redis", "rediss")):
        lacking.append("PREFECT_SERVER_DOCKET_URL names no Redis (redis://...)")
    packages = {module.partition(".")[0] for module in modules.values()}
    absent = sorted(package for package in packages if importlib.util.find_spec(package) is None)
    lacking += [f"the package {package.replace('_', '-')} is not installed (`make scale`)" for package in absent]
    return tuple(lacking)


def _on_postgresql() -> bool:
    from prefect.settings import get_current_settings

    url = get_current_settings().server.database.connection_url
    return url is not None and url.get_secret_value().startswith("postgresql")


def _upgrade() -> None:
    """Make or upgrade Prefect's tables by its own command. Raises CalledProcessError."""
    subprocess.run([*PREFECT, "server", "database", "upgrade", "--yes"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


@contextmanager
def _in_turn() -> Iterator[None]:
    """
    Within it, no other part that shares this PostgreSQL makes Prefect's tables or its first rows.

    The lock is asked for again and again and never waited for: PostgreSQL builds some indexes only after every
    statement that waits has ended. With SQLite there is one part.
    """
    if not _on_postgresql():
        yield
        return
    from prefect.settings import get_current_settings

    url = get_current_settings().server.database.connection_url
    address = make_url(url.get_secret_value() if url is not None else "").set(drivername="postgresql+psycopg", query={})
    engine = create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            while not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({MIGRATION_LOCK})").scalar():
                time.sleep(TRY_AGAIN_AFTER)
            try:
                yield
            finally:
                connection.exec_driver_sql(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})")
    finally:
        engine.dispose()

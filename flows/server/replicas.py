"""
Prefect's server by itself: all of it, one of several replicas of its API, or the one process of its services.

The one-command system starts a server of its own and needs none of this. Replicas share PostgreSQL and Redis, which
Prefect's own settings name; a server that lacks one of them would lose events and run nothing when it should, in
silence, so it is refused.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys
from enum import Enum
from pathlib import Path

from flows.server import prefect_settings
from safeguarding.errors import SafeguardingError

MIGRATION_LOCK = 7_233_837
"""Any number that nobody else uses: PostgreSQL's name for the lock under which Prefect's tables are made."""
TRY_AGAIN_AFTER = 0.5
"""Seconds."""


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


def run(home: Path, port: int, part: Part) -> int:
    """Run this part of the server until told to stop; the exit code. Raises NotShared, naming all that is missing."""
    prefect_settings.prepare(home, port)
    if part is not Part.WHOLE and (lacking := _lacking()):
        raise NotShared(lacking)
    asyncio.run(_tables())
    if part is Part.SERVICES:
        sys.stdout.flush()
        command = [sys.executable, "-m", "prefect", "server", "services", "start"]
        os.execv(sys.executable, command)  # noqa: S606  our own interpreter, Prefect's own command

    from flows.server import server as prefect_server

    replica = ["--no-services"] if part is Part.REPLICA else []
    return prefect_server.main(["--home", str(home), "--port", str(port), "--with-record", *replica])


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


async def _tables() -> None:
    """
    Prefect's tables and what stands in them from the start, made by one of the parts while the others wait.

    Two replicas would make them at once, and one fail; the services would begin without them, and stay deaf.

    The lock is asked for again and again. One who waited inside PostgreSQL would hold up an index that is made
    beside the others' work, for which the holder of the lock waits in turn.
    """
    if not _on_postgresql():
        return
    from prefect.server.database import provide_database_interface
    from prefect.server.models.block_registration import run_block_auto_registration

    database = provide_database_interface()
    engine = await database.engine()
    async with engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        while not (await connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({MIGRATION_LOCK})")).scalar():
            await asyncio.sleep(TRY_AGAIN_AFTER)
        try:
            await database.create_db()
            async with await database.session() as session:
                await run_block_auto_registration(session=session)
        finally:
            await connection.exec_driver_sql(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})")
    await engine.dispose()

"""
A database of Prefect's with everything registered for the invented partnership, made without a server.

Prefect's own application in this process makes the tables and takes what is registered; `prepared` starts it, with
Prefect's settings in its environment, and takes what was made.
"""

from __future__ import annotations

import asyncio
import sys

from prefect.client.orchestration import PrefectClient
from prefect.server.api.server import create_app

import config
from flows.server import registration, work_pool


async def register() -> None:
    """Register everything in the database of this process's settings, which is made if there is none."""
    server = create_app(webserver_only=True)
    # Its client waits half a minute for what a busy machine needs longer for: begun before it, without a limit.
    async with server.router.lifespan_context(server), PrefectClient(server) as client:
        await work_pool.ensure(client, work_pool.POOL, work_pool.OURS)
        await registration.register(client, config.load(), work_pool.POOL)


def main() -> int:
    """Register everything, and end."""
    asyncio.run(register())
    return 0


if __name__ == "__main__":
    sys.exit(main())

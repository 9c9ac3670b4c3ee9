"""
Every door and card put into the server that is running: after its database was lost, or on the way to stock workers.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from prefect import get_client

from flows import beside_the_stages
from flows.cards import keeping
from flows.cards.desk import Desk
from flows.server import registration, work_pool
from flows.watch import watch
from tasks.record.installation import Installation


@dataclass(frozen=True, slots=True)
class Registered:
    """What is there now: doors, cards and open stages; and what had to be done for it."""

    doors: int
    cards: int
    touched: int
    """Cards that were made, mended or drawn again."""
    pool_made: bool = False


def rebuild(installation: Installation, pool: str | None = None) -> Registered:
    """
    Register every door and make every missing card. Raises ServerAway, LoginWanted or PoolUnfit.

    With a pool, its stock workers run the doors from now on; without, whoever runs them now goes on doing so.
    """
    return asyncio.run(_rebuild(installation, pool))


async def _rebuild(installation: Installation, pool: str | None) -> Registered:
    await work_pool.reach()
    async with get_client() as client:
        made = await work_pool.ensure(client, pool) if pool is not None else False
        registered = await registration.register(
            beside_the_stages.short_forms(installation.rulebook), registration.Sweep(flow=watch), pool
        )
        await registration.find_shown(client)
        faces = await asyncio.to_thread(Desk(installation).faces)
        touched = await keeping.ensure(client, faces)
    return Registered(len(registered), len(faces), touched, made)

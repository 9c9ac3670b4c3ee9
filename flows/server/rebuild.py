"""
Every door and card put into the server that is running: after its database was lost, or on the way to stock workers.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.exceptions import ObjectNotFound

from flows.cards import keeping as cards
from flows.cards.desk import Desk
from flows.server import registration, work_pool
from flows.timed_runs import keeping as duties
from flows.timed_runs import sweeps
from safeguarding.dates.london import now
from tasks.record import sweep_round
from tasks.record.installation import Installation


@dataclass(frozen=True, slots=True)
class Registered:
    """What is there now: doors, cards and open stages; and what had to be done for it."""

    doors: int
    cards: int
    touched: int
    """Cards and timed runs that were made, mended or drawn again."""
    pool_made: bool = False


def rebuild(installation: Installation, pool: str | None = None) -> Registered:
    """
    Register every flow, make every missing card and timed run. Raises ServerAway, LoginWanted or PoolUnfit.

    On this work pool from now on; without one, on the pool that they are on now.
    """
    return asyncio.run(_rebuild(installation, pool))


async def _rebuild(installation: Installation, pool: str | None) -> Registered:
    await work_pool.reach()
    async with get_client() as client:
        pool = pool or await _present_pool(client)
        made = await work_pool.ensure(client, pool)
        registered = await registration.register(client, installation.rulebook, pool)
        await asyncio.to_thread(sweep_round.note_registered, installation, len(registered), now())
        await registration.find_shown(client)
        faces = await asyncio.to_thread(Desk(installation).faces)
        touched = (await cards.ensure(client, faces, deployments=registered)).touched
        moment = now()
        wanted = await asyncio.to_thread(duties.Wanted.by, installation, moment)
        touched += await duties.ensure(client, installation, wanted, moment)
    return Registered(len(registered), len(faces), touched, made)


async def _present_pool(client: PrefectClient) -> str:
    try:
        return (await client.read_deployment_by_name(sweeps.DEPLOYMENT)).work_pool_name or work_pool.POOL
    except ObjectNotFound:
        return work_pool.POOL

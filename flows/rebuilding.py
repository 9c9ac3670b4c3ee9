"""
Every door and card put into the server that is running: after its database was lost, or on the way to stock workers.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from prefect import get_client

from flows import cards, doors, pools, short_forms
from flows.record_desk import RecordDesk
from flows.watch import watch
from flows.wiring import House


@dataclass(frozen=True, slots=True)
class Registered:
    """What is there now: doors, cards and open stages; and what had to be done for it."""

    doors: int
    cards: int
    touched: int
    """Cards that were made, mended or drawn again."""
    pool_made: bool = False


def rebuild(house: House, pool: str | None = None) -> Registered:
    """
    Register every door and make every missing card. Raises ServerAway, LoginWanted or PoolUnfit.

    With a pool, its stock workers run the doors from now on; without, whoever runs them now goes on doing so.
    """
    return asyncio.run(_rebuild(house, pool))


async def _rebuild(house: House, pool: str | None) -> Registered:
    await pools.reach()
    async with get_client() as client:
        made = await pools.ensure(client, pool) if pool is not None else False
        registered = await doors.register(short_forms.short_forms(house.rulebook), doors.Sweep(flow=watch), pool)
        await doors.find_shown(client)
        faces = await asyncio.to_thread(RecordDesk(house).faces)
        touched = await cards.ensure(client, faces)
    return Registered(len(registered), len(faces), touched, made)

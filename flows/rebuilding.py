"""
Every card and schedule brought back from the record, after Prefect's database was lost or replaced.
"""

from __future__ import annotations

import asyncio

from prefect import get_client

from flows import cards, doors, short_forms
from flows.record_desk import RecordDesk
from flows.watch import watch
from flows.wiring import House


def rebuild(house: House) -> int:
    """Register every door again and make every missing card; how many cards there are."""
    return asyncio.run(_rebuild(house))


async def _rebuild(house: House) -> int:
    await doors.register(short_forms.short_forms(house.rulebook), doors.Sweep(flow=watch))
    faces = RecordDesk(house).faces()
    async with get_client() as client:
        await cards.ensure(client, faces)
    return len(faces)

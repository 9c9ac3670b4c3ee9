"""
The sweep: time acts on the record through this flow alone, every quarter of an hour and at start-up.

Finds every rung that is owed, writes the notices and delivers them, then brings the cards and the deadline board
up to date. Idempotent: run twice, at once or after a week off, it owes nobody anything twice.
"""

from __future__ import annotations

import asyncio
from typing import Any

from prefect import State, flow, get_client
from prefect.states import Completed

from flows import board, cards
from flows import desk as desks
from flows.postman import deliver
from flows.quiet import only_an_account
from flows.record_desk import RecordDesk
from flows.wiring import House, now
from safeguarding.clock import london_date, say
from tasks import deadlines


@flow(name="Watch", validate_parameters=False)
async def watch() -> State[Any]:
    """Sweep once."""
    with only_an_account("the sweep"):
        return await _sweep()


async def _sweep() -> State[Any]:
    desk = desks.current()
    if not isinstance(desk, RecordDesk):
        return Completed(message="No record stands behind this desk: nothing to sweep.")
    moment = now()
    house = desk.house
    swept = await asyncio.to_thread(deadlines.sweep, house.records.engine, house.rulebook, moment)
    delivered = await asyncio.to_thread(deliver, house, desk.post)
    rows = await asyncio.to_thread(deadlines.board, house.records.engine, house.rulebook, london_date(moment))
    async with get_client() as client:
        await board.publish(client, [row.cells() for row in rows], board_words(house, len(rows)))
        touched = await cards.ensure(client, await asyncio.to_thread(desk.faces))
    return Completed(
        message=f"{swept.rungs} rungs claimed, {swept.notices} notices written, {delivered.delivered} delivered, "
        f"{touched} cards brought up to date."
    )


def board_words(house: House, rows: int) -> str:
    """What stands above the deadline board."""
    day = say(london_date(now()))
    name = house.rulebook.partnership.name
    return f"**{name}**: {rows} things owed on {day}, most urgent first. References only; times are London's."

"""
The sweep: time acts on the record through this flow alone, every quarter of an hour and at start-up.

Finds every rung that is owed, writes the notices and delivers them, then brings the cards and the deadline board
up to date. Idempotent: run twice, at once or after a week off, it owes nobody anything twice.
"""

from __future__ import annotations

import asyncio
from typing import Any

from prefect import State, flow, get_client
from prefect.states import Completed, Failed

from flows import artifacts, board, cards, escalating, leftovers, plans, reports, short, workings
from flows import desk as desks
from flows.artifacts import Artifact
from flows.quiet import hush, only_an_account
from flows.record_desk import RecordDesk
from flows.sweeping import Round, sweep_once
from flows.wiring import House, now
from safeguarding.clock import london_date


@flow(name="Watch", validate_parameters=False)
async def watch() -> State[Any]:
    """Sweep once."""
    hush()
    with only_an_account("the sweep"):
        return await _sweep()


async def _sweep() -> State[Any]:
    desk = desks.current()
    if not isinstance(desk, RecordDesk):
        return Completed(message="No record stands behind this desk: nothing to sweep.")
    moment = now()
    house = desk.house
    done = await asyncio.to_thread(sweep_once, house, desk.post, moment)
    async with get_client() as client:
        await artifacts.show(client, await asyncio.to_thread(_shown, house))
        await leftovers.free(client, moment)
        await short.forget(client)
        touched = await cards.ensure(client, await asyncio.to_thread(desk.faces))
    await escalating.show(done.told, house.rulebook)
    return outcome(done, touched)


def outcome(done: Round, cards_touched: int) -> State[Any]:
    """
    How the sweep ended. Failed where nothing gets out over a channel or a date could not be worked out.

    A letter that is to be tried again is no failure; a message given up is named, and stays so until it is settled.
    """
    words = f"{done.words}, {cards_touched} cards brought up to date."
    if done.blocked:
        return Failed(name="Cannot send", message="; ".join([*(down.words for down in done.blocked), words]))
    if done.faults:
        return Failed(name="Cannot be worked out", message="; ".join([*done.faults[:3], words]))
    if done.undelivered:
        count = f"{done.undelivered} not delivered: see the delivery report"
        return Completed(name="Some not delivered", message=f"{count}; {words}")
    return Completed(message=words)


def _shown(house: House) -> list[Artifact]:
    """The tables, and the plan and the working of every open review."""
    open_now = [row.reference for row in house.records.list(open_only=True)]
    tables = [*reports.drawn(house, london_date(now())), board.drawn(house)]
    return [*tables, *plans.drawn(house, open_now), *workings.drawn(house, open_now)]

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

from flows.artifacts import artifact, deadline_board, delivery_and_agencies, plan, working
from flows.artifacts.artifact import Artifact
from flows.cards import interrupted, keeping, short_form
from flows.cards.desk import current_desk
from flows.cards.nothing_typed import hush, only_an_account
from safeguarding.dates.london import london_date, now
from tasks import announce
from tasks.record.installation import Installation
from tasks.record.sweep_round import Round, sweep_once


@flow(name="Watch", validate_parameters=False)
async def watch() -> State[Any]:
    """Sweep once."""
    hush()
    with only_an_account("the sweep"):
        return await _sweep()


async def _sweep() -> State[Any]:
    desk = current_desk()
    moment = now()
    installation = desk.installation
    done = await asyncio.to_thread(sweep_once, installation, desk.post, moment)
    async with get_client() as client:
        await artifact.show(client, await asyncio.to_thread(_shown, installation))
        await interrupted.free(client, moment)
        await short_form.forget(client)
        touched = await keeping.ensure(client, await asyncio.to_thread(desk.faces))
    await announce.show(done.told, installation.rulebook)
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


def _shown(installation: Installation) -> list[Artifact]:
    """The tables, and the plan and the working of every open review."""
    open_now = [row.reference for row in installation.records.list(open_only=True)]
    tables = [*delivery_and_agencies.drawn(installation, london_date(now())), deadline_board.drawn(installation)]
    return [*tables, *plan.drawn(installation, open_now), *working.drawn(installation, open_now)]

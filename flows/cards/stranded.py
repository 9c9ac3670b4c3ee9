"""
Answers on cards that nobody can run any more: their deployment was deleted, or the run was cancelled or crashed.

Prefect said that it took the answer. So the record is asked to take it too, under the token that the run would have
used, and then nothing of it is left in Prefect.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort

from flows.cards import dialog
from flows.cards.desk import current_desk
from flows.cards.drawing import read_answer, take_answer
from flows.cards.slot import CARD, Slot
from safeguarding.errors import TransitionRefused
from safeguarding.stages import STEPS
from tasks.events.nothing_typed import account_of
from tasks.store.whereabouts import unavailable

log = logging.getLogger("safeguarding.cards")

ENDED_BADLY = (StateType.CANCELLED, StateType.CRASHED, StateType.FAILED)
LOOKED_AT = 200
"""Cards that ended so, the latest first, at most so many at a look: each of them is rare."""


async def take_in(client: PrefectClient, run: FlowRun) -> bool:
    """
    Have the record take what was answered on this card, if anything was, and erase it; whether there was an answer.

    A record that is away leaves the answer where it is, for the next round: raises what its database raised.
    """
    wait, submitted = await read_answer(client, run.id)
    slot = Slot.of(run)
    if submitted is not None and slot is not None:
        await asyncio.to_thread(_attempted, slot, submitted, f"{run.id}:{wait}")
    await take_answer(client, run.id)
    return submitted is not None


def _attempted(slot: Slot, submitted: Any, token: str) -> None:
    desk = current_desk()
    try:
        chosen = dialog.answer(submitted)
        if chosen.command in STEPS:
            desk.attempt(slot.reference, chosen.command, dict(chosen.fields), chosen.made_on, token)
            log.warning("%s: an answer whose card was taken away is in the record", slot.reference)
    except (dialog.NothingChosen, TransitionRefused):
        return  # A refusal is on record, and the card that takes this one's place says why.
    except Exception as error:
        if unavailable(error, desk.installation.settings.record_url) is not None:
            raise
        log.error("%s: an answer whose card was taken away is erased: %s", slot.reference, account_of(error))


async def settle(client: PrefectClient, seen: set[UUID]) -> int:
    """Take in what lies on cards that ended badly; how many answers. `seen` are those that need no second look."""
    wanted = FlowRunFilter.model_validate({"state": {"type": {"any_": list(ENDED_BADLY)}}, "tags": {"all_": [CARD]}})
    found = 0
    for run in await client.read_flow_runs(flow_run_filter=wanted, sort=FlowRunSort.END_TIME_DESC, limit=LOOKED_AT):
        if run.id not in seen:
            found += await take_in(client, run)
            seen.add(run.id)
    return found

"""
The living card: what runs when Resume is pressed on the waiting run of a stage.

A card holds nothing of its own. It is made already waiting, so that showing it needs no process; pressing Resume
runs `card`, which takes the answer, attempts the step and either completes (the next stage's card is there already)
or waits again and says why.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import UUID

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext
from prefect.flow_runs import asuspend_flow_run
from prefect.input import RunInput
from prefect.input.run_input import Keyset
from prefect.states import Completed

from flows.cards import dialog
from flows.cards.desk import current_desk
from flows.cards.drawing import draw, take_answer, unused_key
from flows.cards.keeping import ensure
from flows.cards.nothing_typed import CardFault, account_of, hush, only_an_account
from flows.cards.slot import Slot
from safeguarding.errors import TransitionRefused
from tasks.announce import announce_step

log = logging.getLogger("safeguarding.cards")
NOT_RECORDED = "**Your answer could not be recorded and nothing was changed** ({account}). Please submit it again."


class _Wait(RunInput):
    """The wait of a card. Its schema is written before the wait begins: a kill between leaves no card without one."""

    @classmethod
    async def asave(cls, keyset: Keyset, flow_run_id: UUID | None = None) -> None:
        """Nothing to save: see `drawing.draw`."""


# --------------------------------------------------------------------------- the body of the seven flows


async def card(stage: str, reference: str) -> State[Any]:
    """
    What runs when Resume is pressed: take the answer, attempt the step, complete or wait again.

    Runs from the top each time. Whatever goes wrong reaches Prefect as a code and the reference, never as form text.
    """
    hush()
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise CardFault("not-in-a-run", reference)
    with only_an_account(reference):
        async with get_client() as client:
            run = await client.read_flow_run(context.flow_run.id)
            slot = Slot.of(run)
            if slot is None or slot.stage != stage or slot.reference != reference:
                return Completed(message="This run is not the card of a review: open the card that is waiting.")
            waiting = await _answered(client, run, slot)
    if waiting is None:
        return Completed(message="The stage is over.")
    await asuspend_flow_run(wait_for_input=_Wait, key=waiting)
    return Completed(message="Nothing was asked.")


async def _answered(client: PrefectClient, run: FlowRun, slot: Slot) -> str | None:
    """Take what was submitted, if anything was; the key of the next wait, or None when the stage is over."""
    desk = current_desk()
    wait, submitted = await take_answer(client, run.id)
    notice = ""
    if submitted is not None:
        notice = await _attempted(slot, submitted, token=f"{run.id}:{wait}")
    face = await asyncio.to_thread(desk.face, slot.reference)
    if face is None or not slot.holds(face):
        if face is not None:
            await ensure(client, [face], only=True)
        return None
    key = unused_key(face)
    await draw(client, run, face, key, notice)
    return key


async def _attempted(slot: Slot, submitted: Any, token: str) -> str:
    """Attempt the step; words to put on the card if the answer could not even be considered."""
    desk = current_desk()
    try:
        chosen = dialog.answer(submitted)
    except dialog.NothingChosen as nothing:
        return f"**Nothing was recorded**: {nothing}."
    fields = dict(chosen.fields)
    try:
        await asyncio.to_thread(desk.attempt, slot.reference, chosen.command, fields, chosen.made_on, token)
    except TransitionRefused:
        announce_step(slot.reference, slot.stage, chosen.command, "refused")
        return ""
    except Exception as error:  # noqa: BLE001  the card must live on, whatever went wrong
        account = account_of(error)
        log.error("%s: %s: %s", slot.reference, chosen.command, account)
        return NOT_RECORDED.format(account=account)
    announce_step(slot.reference, slot.stage, chosen.command, "taken")
    return ""

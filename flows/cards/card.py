"""
The living card: what runs when Resume is pressed on the waiting run of a stage.

A card holds nothing of its own. It is made already waiting, so that showing it needs no process; pressing Resume
runs `card`, which takes the answer, attempts the step and either completes (the next stage's card is there already)
or waits again and says why.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Any

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext
from prefect.exceptions import Pause
from prefect.states import Completed

from flows.cards import dialog
from flows.cards.desk import current_desk
from flows.cards.drawing import draw, take_answer, unused_key, waiting_state
from flows.cards.face import Face, Faces
from flows.cards.keeping import ensure, say_the_end
from flows.cards.slot import Slot
from safeguarding.stages import STEPS
from tasks.events.announce import announce_step
from tasks.events.nothing_typed import CardFault, check_logs, only_an_account
from tasks.steps import take_step

log = logging.getLogger("safeguarding.cards")
NOT_RECORDED = "**Your answer could not be recorded and nothing was changed** ({account}). Please submit it again."


# --------------------------------------------------------------------------- the body of the seven flows


async def card(stage: str, reference: str) -> State[Any]:
    """
    What runs when Resume is pressed: take the answer, attempt the step, complete or wait again.

    Runs from the top each time. Whatever goes wrong reaches Prefect as a code and the reference, never as form text.
    """
    check_logs()
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise CardFault("not-in-a-run", stage)
    run = context.flow_run
    slot = Slot.of(run)
    with only_an_account(stage if slot is None else slot.reference):
        async with get_client() as client:
            if slot is None or slot.stage != stage or slot.reference != reference:
                # Whatever was typed in the place of a reference goes no further, and does not stay.
                await client.update_flow_run(run.id, name="Not a card", parameters={}, tags=[])
                return Completed(message="This run is not the card of a review: open the card that is waiting.")
            await _answered(client, run, slot)
            return Completed(message=await say_the_end(client, run))


async def _wait(client: PrefectClient, run: FlowRun, face: Face, notice: str) -> None:
    """
    Leave the run to wait with this face, by way of Prefect's own rules: raises its Pause.

    As `suspend_flow_run` does, but for the form: that of the steps permitted now, and not that of a class of ours.
    """
    key = unused_key(face)
    result = await client.set_flow_run_state(run.id, waiting_state(key))
    if result.state is None or not result.state.is_paused():
        log.error("%s: Prefect answered %s", run.name, result.model_dump_json())
        raise CardFault("not-suspended", run.name)
    await draw(client, run, face, key, notice)
    raise Pause(state=result.state)


async def _answered(client: PrefectClient, run: FlowRun, slot: Slot) -> None:
    """Take what was submitted, if anything was; wait again unless the stage is over."""
    desk = current_desk()
    wait, submitted = await take_answer(client, run.id)
    notice = ""
    if submitted is not None:
        notice = await _attempted(slot, submitted, token=f"{run.id}:{wait}")
    face = await asyncio.to_thread(desk.face, slot.reference)
    if face is None or not slot.holds(face):
        if face is not None:
            await ensure(client, Faces([face]), only=True)
        return
    await _wait(client, run, face, notice)


async def _attempted(slot: Slot, submitted: Any, token: str) -> str:
    """Attempt the step; words to put on the card if the answer could not even be considered."""
    desk = current_desk()
    try:
        chosen = dialog.answer(submitted)
    except dialog.NothingChosen as nothing:
        return f"**Nothing was recorded**: {nothing}."
    if chosen.command not in STEPS:  # Somebody made it up: a name that was typed goes no further.
        return "**Nothing was recorded**: the answers are not those of a step."
    act = partial(desk.attempt, slot.reference, chosen.command, dict(chosen.fields), chosen.made_on, token)
    try:
        outcome = await take_step(slot.reference, chosen.command, act)
    except CardFault as fault:  # The card must live on, whatever went wrong.
        log.error("%s: %s: %s", slot.reference, chosen.command, fault.account)
        return NOT_RECORDED.format(account=fault.account)
    announce_step(slot.reference, slot.stage, chosen.command, outcome)
    return ""

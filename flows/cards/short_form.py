"""
Short forms: what happens to a review beside the end of a stage, each a deployment with a form of its own.

An agency's return, an action, a corrected date: the manager opens the deployment, presses Run, fills the form. The
form reaches Prefect as the run's parameter and is erased from it before anything else happens.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prefect import Flow, get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed
from prefect.utilities.callables import ParameterSchema
from pydantic import BaseModel

from flows.cards import keeping, story
from flows.cards.desk import current_desk
from flows.cards.dialog import plain
from flows.cards.face import Faces
from safeguarding.errors import TransitionRefused
from safeguarding.shown.card_story import CardLine
from tasks.events.nothing_typed import CardFault, check_logs, only_an_account
from tasks.steps import take_step

log = logging.getLogger("safeguarding.short")

PARAMETER = "form"
TAG = "form"
LONGEST_NAME = 160
"""Letters of the name of a run, which says what was recorded."""
PUT_OFF_BY = timedelta(seconds=20)
"""How far ahead a form must lie to have been put off: the clock of the page may differ from ours by seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortForm:
    """A deployment with a form: the step it takes, the flow that takes it, the form as it is shown."""

    command: str
    flow: Flow[..., Any]
    form: type[BaseModel]
    description: str

    def schema(self) -> ParameterSchema:
        """The form as the page draws it. Not from the flow's signature: choices come from the partnership's file."""
        drawn = plain(self.form)
        definitions = drawn.pop("definitions", {})
        return ParameterSchema(
            title="Parameters",
            type="object",  # said, for the default is left out on the way, and the page then draws raw JSON
            properties={PARAMETER: {"$ref": f"#/definitions/{self.form.__name__}", "title": "Form", "position": 0}},
            required=[PARAMETER],
            definitions={**definitions, self.form.__name__: drawn},
        )


async def take(command: str, form: Any) -> State[Any]:
    """
    Erase the form from Prefect, then take the step. What runs in every short form's flow.

    Ends Completed, or Failed with the reasons of a refusal (which quote nothing that was typed). The check on the
    page can be switched off, so `form` may be anything.
    """
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise CardFault("not-in-a-run", command)
    run, step = context.flow_run, command.replace("_", " ")
    with only_an_account(step):
        async with get_client() as client:
            await client.update_flow_run(run.id, parameters={}, name=step)
            check_logs()
            taken = _Taking(command, form, token=str(run.id))
            try:
                outcome = await take_step(await asyncio.to_thread(taken.shown), command, taken)
            except CardFault as fault:
                log.error("%s: %s", command, fault.account)
                return Failed(name="Not recorded", message=fault.account)
            if outcome == "refused":
                await story.say(client, run, [CardLine(f"Refused, and nothing was changed: {taken.words}", warns=True)])
                return Failed(name="Refused", message=taken.words)
            desk = current_desk()
            face = await asyncio.to_thread(desk.face, taken.reference)
            if face is not None:
                await keeping.ensure(client, Faces([face]), only=True)
            recorded = await asyncio.to_thread(desk.recorded, taken.reference, command)
            name = f"{taken.reference} · {recorded.rstrip('.')}"[:LONGEST_NAME]
            await client.update_flow_run(run.id, name=name, tags=[TAG, taken.reference])
            await story.say(client, run, [CardLine(recorded), *story.where(desk.page_of(taken.reference))])
    return Completed(message=f"Recorded in {taken.reference}.")


class _Taking:
    """One form as it was sent, and what became of it: the answers stay in here."""

    def __init__(self, command: str, form: Any, token: str) -> None:
        fields = {str(name): value for name, value in form.items()} if isinstance(form, Mapping) else {}
        self.reference, self.words = str(fields.pop("reference", "")), ""
        self._command, self._fields, self._token = command, fields, token

    def __call__(self) -> None:
        """Take the step. Raises TransitionRefused, whose words quote nothing that was typed; NoSuchReview."""
        try:
            self.reference = current_desk().submit(self._command, self.reference or None, self._fields, self._token)
        except TransitionRefused as refused:
            self.words = str(refused)
            raise

    def shown(self) -> str:
        """The reference, if it is one that the record knows: anything may have been typed there."""
        return self.reference if current_desk().knows(self.reference) else "a form"


async def refuse_those_put_off(client: PrefectClient, moment: datetime) -> int:
    """
    Erase and end the forms that were put off to later («Start: Later»); how many.

    Prefect would keep in clear until then what was typed, and the record would take it as of a day that nobody named.
    """
    wanted = FlowRunFilter.model_validate(put_off(moment))
    runs = await client.read_flow_runs(flow_run_filter=wanted, limit=200)
    for run in runs:
        await client.update_flow_run(run.id, parameters={}, name="Not recorded: choose «Start: Now»")
        words = "A form is recorded when it is sent: nothing of this one was kept. Fill it in again and choose Now."
        await keeping.put_into(client, run, Failed(name="Refused", message=words))
    return len(runs)


def put_off(moment: datetime) -> dict[str, Any]:
    """The filter of Prefect's that finds forms which are to begin later than a moment."""
    later = (moment + PUT_OFF_BY).isoformat()
    return {
        "state": {"type": {"any_": [StateType.SCHEDULED]}},
        "tags": {"any_": [TAG]},
        "expected_start_time": {"after_": later},
    }


async def forget(client: PrefectClient) -> None:
    """Erase the answers of forms whose run failed before it could: it never began, or its process died."""
    ended = {"state": {"type": {"any_": [StateType.FAILED, StateType.CRASHED, StateType.CANCELLED]}}}
    wanted = FlowRunFilter.model_validate({**ended, "tags": {"any_": [TAG]}})
    for run in await client.read_flow_runs(flow_run_filter=wanted, sort=FlowRunSort.END_TIME_DESC, limit=200):
        if run.parameters:
            await client.update_flow_run(run.id, parameters={})

"""
Timed duty: the moment has come at which the ladder of one duty of the law tells somebody.

Its run stands in Prefect's list of what is coming, under the name of the duty and its day. When the moment is there it
does for this duty what the sweep would, once, and the next run stands at the next moment. Whether the run or the sweep
comes first does not matter: what is told is claimed in the record.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from prefect import State, flow, get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext
from prefect.states import Cancelled, Completed

from flows.cards.desk import current_desk
from flows.timed_runs import keeping
from flows.timed_runs.naming import DutyRun
from safeguarding.dates.london import now, say_moment
from tasks import deadlines
from tasks.events.nothing_typed import CardFault, check_logs, only_an_account
from tasks.record import timed_duties
from tasks.record.installation import Installation
from tasks.record.timed_duties import DutyOver, TimedDuty

OF = "a timed duty"


@flow(name="Timed duty", validate_parameters=False)
async def timed_duty() -> State[Any]:
    """Tell whoever is to be told of one duty now; the next run stands at the next moment."""
    check_logs()
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise CardFault("not-in-a-run", OF)
    with only_an_account(OF):
        async with get_client() as client:
            return await _told(client, context.flow_run)


async def _told(client: PrefectClient, run: FlowRun) -> State[Any]:
    """What this run comes to. Which duty it is for its labels say, once the record knows them for one of its own."""
    desk, moment = current_desk(), now()
    installation, this = desk.installation, DutyRun.of(run)
    stands = await _stands(installation, this) if this is not None else None
    if this is None or stands is None:
        await keeping.forget(client, run)
        return Cancelled(name="Not one of ours", message="A timed duty begins by itself: the record says when.")
    told = None
    if isinstance(stands, TimedDuty):
        told = await deadlines.tell_of_one(installation, moment, stands.key)
        desk.told()
        stands = await _stands(installation, this) or stands
    if isinstance(stands, DutyOver):
        return await keeping.ended(client, run, stands, installation, moment)
    await _next_one(client, installation, stands, run, moment)
    if this.missed:  # Somebody asked for it again: that has not met the duty.
        return keeping.missed_state(stands, installation, moment)
    people = f"{len(told.people)} told" if told is not None and told.people else "Told already"
    when = f"next at {say_moment(stands.next_at)}" if stands.next_at is not None else "nobody is left to be told"
    return Completed(name="Told", message=f"{people}; {when}.")


async def _stands(installation: Installation, this: DutyRun) -> TimedDuty | DutyOver | None:
    return await asyncio.to_thread(timed_duties.one, installation.records.engine, installation.rulebook, this.key)


async def _next_one(
    client: PrefectClient, installation: Installation, duty: TimedDuty, run: FlowRun, moment: datetime
) -> None:
    wanted = await asyncio.to_thread(keeping.Wanted.by, installation, moment)
    await keeping.ensure(client, installation, wanted, moment, [duty.reference], beside=run)

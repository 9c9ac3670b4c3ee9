"""
Timed duty: the moment has come at which the ladder of one duty of the law tells somebody.

Its run stands in Prefect's list of what is coming, under the name of the duty and its day. When the moment is there it
does for this duty what the sweep would, once, and the next run stands at the next moment. Whether the run or the sweep
comes first does not matter: what is told is claimed in the record.
"""

from __future__ import annotations

import asyncio
from typing import Any

from prefect import State, flow, get_client
from prefect.states import Completed

from flows.cards.desk import current_desk
from flows.timed_runs import keeping
from safeguarding.dates.london import now, say_moment
from tasks import deadlines
from tasks.events.nothing_typed import check_logs, only_an_account
from tasks.record import timed_duties
from tasks.record.timed_duties import DutyOver


@flow(name="Timed duty", validate_parameters=False)
async def timed_duty(duty: str) -> State[Any]:
    """Tell whoever is to be told of one duty now; the next run stands at the next moment."""
    check_logs()
    with only_an_account(duty):
        desk, moment = current_desk(), now()
        installation = desk.installation
        told = await deadlines.tell_of_one(installation, moment, duty)
        desk.told()
        stands = await asyncio.to_thread(timed_duties.one, installation.records.engine, installation.rulebook, duty)
        if stands is None:
            return Completed(name="Withdrawn", message="The record does not know this duty.")
        if isinstance(stands, DutyOver):
            return keeping.ended_state(stands, installation)
        async with get_client() as client:
            wanted = await asyncio.to_thread(keeping.Wanted.by, installation, moment)
            await keeping.ensure(client, installation, wanted, moment, [stands.reference])
    people = f"{len(told.people)} told" if told is not None and told.people else "Told already"
    when = f"next at {say_moment(stands.next_at)}" if stands.next_at is not None else "nobody is left to be told"
    return Completed(name="Told", message=f"{people}; {when}.")

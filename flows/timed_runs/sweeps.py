"""
The names of the sweeps: when each is, or was. Prefect gives those that it has put on the list names of its own.
"""

from __future__ import annotations

from datetime import datetime

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import StateType

from flows.cards.keeping import found_runs
from safeguarding.dates.london import say_moment_of_day

DEPLOYMENT = "Watch/Sweep"
"""The full name in Prefect of the deployment of the sweep."""


def name_of(moment: datetime) -> str:
    """`Sweep · Wed 25 Nov 10:15`, London time."""
    return f"Sweep · {say_moment_of_day(moment)}"


async def name_the_others(client: PrefectClient) -> None:
    """Name the sweeps on the list, and those cancelled beside another, by the time at which each is or was."""
    sweep = await client.read_deployment_by_name(DEPLOYMENT)
    never_begun = [StateType.SCHEDULED, StateType.CANCELLED]
    wanted = {"deployment_id": {"any_": [str(sweep.id)]}, "state": {"type": {"any_": never_begun}}}
    for run in await found_runs(client, wanted):
        moment = run.next_scheduled_start_time or run.expected_start_time
        if moment is not None and run.name != name_of(moment):
            await client.update_flow_run(run.id, name=name_of(moment))

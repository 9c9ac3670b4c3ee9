"""
Forms that a killed worker left behind: run again if their answers are still there, else marked as interrupted.

The one-command system sees to this when it starts, for nobody else can be at work then. Where several workers run,
only time tells: a form takes seconds.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import StateType

from flows.cards import keeping
from flows.cards.short_form import TAG

LEFT_AFTER = timedelta(minutes=10)
"""How long a form may be under way before its worker is taken to be gone."""
UNDER_WAY = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]


async def free(client: PrefectClient, moment: datetime) -> int:
    """Free the forms that have been under way for too long as of this moment; how many there were."""
    wanted = FlowRunFilter.model_validate({"state": {"type": {"any_": UNDER_WAY}}, "tags": {"any_": [TAG]}})
    runs = await client.read_flow_runs(flow_run_filter=wanted, limit=200)
    left = [run for run in runs if run.state is not None and moment - run.state.timestamp > LEFT_AFTER]
    await keeping.abandon(client, left)
    return len(left)

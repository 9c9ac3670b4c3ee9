"""
Forms and timed duties that a killed worker left behind: run again if what they were given is still there, else marked
as interrupted.

The one-command system sees to this when it starts, for nobody else can be at work then. Where several workers run,
only time tells: a form takes seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter

from flows.cards import keeping
from flows.cards.work import UNDER_WAY

LEFT_AFTER = timedelta(minutes=10)
"""How long one of them may be under way before its worker is taken to be gone."""


async def free(client: PrefectClient, moment: datetime, tags: Sequence[str]) -> int:
    """Free the runs with one of these tags that have been under way too long as of this moment; how many there were."""
    wanted = FlowRunFilter.model_validate({"state": {"type": {"any_": list(UNDER_WAY)}}, "tags": {"any_": list(tags)}})
    runs = await client.read_flow_runs(flow_run_filter=wanted, limit=200)
    left = [run for run in runs if run.state is not None and moment - run.state.timestamp > LEFT_AFTER]
    await keeping.abandon(client, left)
    return len(left)

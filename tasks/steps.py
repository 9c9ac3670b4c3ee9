"""
Taking a step as a Prefect task: shown by the reference and the name of the step, and by nothing that was typed.

The answers never pass through Prefect: the task is given what takes the step, which already holds them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from prefect import task
from prefect.cache_policies import NO_CACHE

from safeguarding.errors import TransitionRefused
from tasks.events.nothing_typed import only_an_account

TakenOrRefused = Literal["taken", "refused"]


@task(name="Take a step", task_run_name="{reference}: {step}", cache_policy=NO_CACHE)
async def take_step(reference: str, step: str, act: Callable[[], object]) -> TakenOrRefused:
    """Take it, in one transaction; whether it was taken. Not tried again by Prefect: the person is answered first."""
    with only_an_account(reference):
        try:
            await asyncio.to_thread(act)
        except TransitionRefused:
            return "refused"
        return "taken"

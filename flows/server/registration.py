"""
Every flow of the system as a deployment in Prefect: the seven cards, the short forms, the sweep.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.types.entrypoint import EntrypointType

from flows.action_follow_up import action_follow_up
from flows.artifacts import artifact, deadline_board, delivery_and_agencies, plan, working
from flows.cards import drawing
from flows.cards.short_form import TAG, ShortForm
from flows.commissioning import commissioning
from flows.decision import decision
from flows.panel import panel
from flows.publication import publication
from flows.rapid_review import rapid_review
from flows.referral import referral
from safeguarding.dates.london import LONDON

STAGES: tuple[Flow[..., Any], ...] = (
    referral,
    rapid_review,
    decision,
    commissioning,
    panel,
    publication,
    action_follow_up,
)
SWEEP_CRON = "*/15 * * * *"
"""Every quarter of an hour. Cron in London time keeps its hours across both clock changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """The flow that acts when time does, and how often."""

    flow: Flow[..., Any]
    cron: str = SWEEP_CRON
    timezone: str = LONDON.key


async def register(
    short_forms: Sequence[ShortForm] = (), sweep: Sweep | None = None, work_pool: str | None = None
) -> dict[UUID, Flow[..., Any]]:
    """
    Register every door as a deployment and return their flows by id. Registering again changes nothing.

    With a work pool, stock process workers run them; without, a warm runner does. Entrypoints are module paths:
    a file path would import each module twice under two names.
    """
    made: dict[UUID, Flow[..., Any]] = {}
    for flow in STAGES:
        deployment = await _deployment(flow, drawing.named(flow.name), work_pool, tags=["card"])
        made[await _apply(deployment)] = flow
    for short in short_forms:
        deployment = await _deployment(short.flow, short.flow.name, work_pool, tags=[TAG])
        deployment._parameter_openapi_schema = short.schema()
        deployment.description = short.description
        made[await _apply(deployment)] = short.flow
    if sweep is not None:
        deployment = await _deployment(sweep.flow, "Sweep", work_pool, sweep=sweep)
        made[await _apply(deployment)] = sweep.flow
    return made


async def find_shown(client: PrefectClient) -> None:
    """Learn where the tables and pages are that are shown already, so that the cards link straight to them."""
    for known in (
        deadline_board.BOARD,
        delivery_and_agencies.DELIVERY,
        delivery_and_agencies.LEAGUE,
        plan.PREFIX,
        working.PREFIX,
    ):
        await artifact.find(client, known)


async def _deployment(
    flow: Flow[..., Any],
    name: str,
    work_pool: str | None,
    tags: list[str] | None = None,
    sweep: Sweep | None = None,
) -> RunnerDeployment:
    # Prefect takes the schedule and the pool only where there is one.
    options: dict[str, Any] = {} if work_pool is None else {"work_pool_name": work_pool}
    if sweep is not None:
        options["schedule"] = CronSchedule(cron=sweep.cron, timezone=sweep.timezone)
        if work_pool is not None:
            # The warm runner sees to it itself; of several workers' sweeps Prefect lets one run.
            options["concurrency_limit"] = ConcurrencyLimitConfig(
                limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
            )
    made = flow.to_deployment(name, tags=tags, entrypoint_type=EntrypointType.MODULE_PATH, **options)
    deployment: RunnerDeployment = await made if asyncio.iscoroutine(made) else made
    return deployment


async def _apply(deployment: RunnerDeployment) -> UUID:
    made = deployment.apply()
    made = await made if asyncio.iscoroutine(made) else made
    return UUID(str(made))

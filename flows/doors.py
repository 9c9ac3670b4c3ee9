"""
Every door of the system, registered in Prefect: the seven cards, the short forms, the sweep; and what runs them.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from prefect import Flow, get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.types.entrypoint import EntrypointType

from flows import artifacts, board, cards, plans, reports, warm, workings
from flows import desk as desks
from flows.action_follow_up import action_follow_up
from flows.commissioning import commissioning
from flows.decision import decision
from flows.following import Follower
from flows.panel import panel
from flows.publication import publication
from flows.quiet import account_of
from flows.rapid_review import rapid_review
from flows.referral import referral
from flows.short import TAG, ShortForm
from safeguarding.clock import LONDON

log = logging.getLogger("safeguarding.doors")

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


OPENS_WITHIN = 120.0
"""Seconds that a server which goes away while the doors are being opened is waited for."""


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
        deployment = await _deployment(flow, cards.named(flow.name), work_pool, tags=["card"])
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
    for known in (board.BOARD, reports.DELIVERY, reports.LEAGUE, plans.PREFIX, workings.PREFIX):
        await artifacts.find(client, known)


def _away(error: Exception) -> bool:
    """Whether it is the server that does not answer: Prefect's client says so in a plain RuntimeError."""
    return isinstance(error, httpx.HTTPError) or str(error).startswith("Failed to reach API")


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


class Doors:
    """
    The warm runner with everything it needs: registers the doors, mends the cards, then runs what is asked.

    `alone` says that no other runner serves these doors, so that what is under way elsewhere was left by a killed one.
    """

    def __init__(self, short_forms: Sequence[ShortForm] = (), sweep: Sweep | None = None, alone: bool = True) -> None:
        self._short_forms, self._sweep, self._alone = tuple(short_forms), sweep, alone
        self._runner: warm.WarmRunner | None = None
        self._stopped = False

    @property
    def _stale_after(self) -> timedelta:
        return cards.NOW if self._alone else cards.STALE_AFTER

    def stop(self) -> None:
        """Take no new runs and finish those under way."""
        self._stopped = True
        if self._runner is not None:
            self._runner.stop()

    async def run(self, ready: Callable[[int], object]) -> None:
        """
        Run until `stop`; `ready` is called with the number of cards once every open stage has its own.

        A server that goes away while the doors are being opened is waited for; once they are open, the runner waits.
        """
        patience = time.monotonic() + OPENS_WITHIN
        while not self._stopped:
            try:
                await self._open(ready)
                return
            except (httpx.HTTPError, RuntimeError) as error:
                if not _away(error) or time.monotonic() > patience:
                    raise
                log.warning("Prefect's server does not answer (%s); opening the doors again", account_of(error))
                await asyncio.sleep(1)

    async def _open(self, ready: Callable[[int], object]) -> None:
        flows = await register(self._short_forms, self._sweep)
        sweeps = [made for made, flow in flows.items() if self._sweep and flow is self._sweep.flow]
        self._runner = runner = warm.WarmRunner(flows, one_at_a_time=frozenset(sweeps))
        if self._stopped:
            return

        follower = Follower(self._stale_after)

        async def mend() -> int:
            async with get_client() as client:
                return await self._mend(client, list(flows), runner.busy)

        async def follow() -> None:
            async with get_client() as client:
                await follower.look(client, runner.busy)

        async def begin() -> None:
            open_stages = await mend()
            async with get_client() as client:
                await follower.begin(client)
                for sweep in sweeps:
                    await client.create_flow_run_from_deployment(sweep, name="sweep at start-up")
            ready(open_stages)

        await runner.run(begin, mend, follow)

    async def _mend(self, client: PrefectClient, deployments: list[UUID], busy: frozenset[UUID]) -> int:
        """Exactly one card per open stage, and nothing that seems under way and is not; the number of open stages."""
        if self._alone:
            left = await warm.orphans(client, deployments, busy)
            await cards.abandon(client, [run for run in left if cards.Slot.of(run) is None])
        await find_shown(client)
        faces = await asyncio.to_thread(desks.current().faces)
        await cards.ensure(client, faces, busy=busy, stale_after=self._stale_after)
        return len(faces)

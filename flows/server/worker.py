"""
The warm runner: runs flows in this process, a second after they are asked for, instead of a process for each.

It looks for due runs four times a second and runs each in a thread of its own, a few at a time. Losing the isolation
of a process per run is bearable because every flow here is idempotent and the record is ours. Prefect's stock process
worker runs the same flows, slower.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from prefect import Flow, get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import Abort, ObjectNotFound, Pause
from prefect.flow_engine import run_flow_async, run_flow_sync
from prefect.states import Cancelled, Failed, Pending
from prefect.utilities.engine import propose_state

from flows.cards.nothing_typed import account_of, hush

log = logging.getLogger("safeguarding.runner")

LOOK_EVERY = 0.25
"""Seconds between looks for due runs."""
FOLLOW_EVERY = 4
"""Looks from one glance at the record to the next."""
AT_ONCE = 3
"""Runs at once. More only queue for the database: ten at once took twenty seconds each on two cores."""
OVERDUE_AFTER = 16 * 60.0
"""Seconds without a sweep after which the runner asks for one itself: no statutory date may hang on a scheduler."""
LET_FINISH = 20.0
"""Seconds that runs under way are given to finish when the runner is told to stop."""


class WarmRunner:
    """
    Runs the flows of some deployments until told to stop.

    `flows` maps a deployment's id to its flow; the deployments in `one_at_a_time` never run twice at once, and of
    several due runs of such a one only the latest runs (after a week off, one sweep is owed and not seven hundred).
    """

    def __init__(
        self, flows: Mapping[UUID, Flow[..., Any]], one_at_a_time: frozenset[UUID] = frozenset(), at_once: int = AT_ONCE
    ) -> None:
        self._flows = dict(flows)
        self._one_at_a_time = one_at_a_time
        self._threads = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="flow")
        self._at_once = at_once
        self._busy: dict[UUID, UUID] = {}
        self._stopping = threading.Event()
        self._in_doubt = False
        self._last = dict.fromkeys(one_at_a_time, time.monotonic())
        hush()

    @property
    def busy(self) -> frozenset[UUID]:
        """The runs being worked on now."""
        return frozenset(self._busy)

    def stop(self) -> None:
        """Take no new runs; `run` returns when those under way have finished. Safe from a signal handler."""
        self._stopping.set()

    async def run(
        self,
        begin: Callable[[], Awaitable[None]],
        mend: Callable[[], Awaitable[object]],
        follow: Callable[[], Awaitable[None]],
    ) -> None:
        """
        Look for due runs and run them until `stop`. A server that goes away is waited for.

        `begin` is awaited once before the first look; `mend` after a run or a look has failed, when the server
        answers again: a run may have been left half-way; `follow` about once a second while nothing runs.
        """
        looks = 0
        tasks: set[asyncio.Task[None]] = set()
        async with get_client() as client:
            await begin()
            while not self._stopping.is_set():
                try:
                    for run in await self._due(client):
                        task = asyncio.create_task(self._hand_over(run))
                        tasks.add(task)
                        task.add_done_callback(tasks.discard)
                    await self._ask_for_overdue(client)
                    if self._in_doubt:
                        await mend()
                        self._in_doubt = False
                    looks += 1
                    if looks % FOLLOW_EVERY == 0 and not self._busy:
                        await follow()
                    await asyncio.sleep(LOOK_EVERY)
                except Exception as error:  # noqa: BLE001  the runner outlives its server
                    self._in_doubt = True
                    log.warning("Prefect's server does not answer (%s); looking again", account_of(error))
                    await asyncio.sleep(4 * LOOK_EVERY)
            if tasks:
                await asyncio.wait(tasks, timeout=LET_FINISH)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _due(self, client: PrefectClient) -> list[FlowRun]:
        free = self._at_once - len(self._busy)
        if free <= 0:
            return []
        found = await client.get_scheduled_flow_runs_for_deployments(
            list(self._flows), scheduled_before=datetime.now(UTC), limit=50
        )
        waiting = [run for run in found if run.id not in self._busy and run.deployment_id is not None]
        chosen: list[FlowRun] = []
        for run in await self._latest_only(client, waiting):
            if len(chosen) == free:
                break
            deployment = run.deployment_id
            if deployment in self._one_at_a_time and deployment in self._busy.values():
                continue
            if deployment is not None:
                self._last[deployment] = time.monotonic()
                self._busy[run.id] = deployment
                chosen.append(run)
        return chosen

    async def _ask_for_overdue(self, client: PrefectClient) -> None:
        """Ask for a run of what should run every quarter of an hour, should Prefect's scheduler ever fail to."""
        for deployment in self._one_at_a_time:
            if time.monotonic() - self._last[deployment] > OVERDUE_AFTER:
                self._last[deployment] = time.monotonic()
                log.warning("nobody asked for a sweep for %d minutes: asking for one", OVERDUE_AFTER / 60)
                await client.create_flow_run_from_deployment(deployment, name="sweep nobody asked for")

    async def _latest_only(self, client: PrefectClient, runs: list[FlowRun]) -> list[FlowRun]:
        """Of the due runs of a flow that runs one at a time, the latest; the earlier ones are marked as skipped."""
        latest: dict[UUID | None, FlowRun] = {}
        skipped: list[FlowRun] = []
        for run in sorted(runs, key=_expected):
            if run.deployment_id in self._one_at_a_time:
                if run.deployment_id in latest:
                    skipped.append(latest[run.deployment_id])
                latest[run.deployment_id] = run
        for run in skipped:
            await client.set_flow_run_state(run.id, Cancelled(name="Skipped", message="A later one is due too."))
        return [run for run in runs if run not in skipped]

    async def _hand_over(self, run: FlowRun) -> None:
        """Run it in a thread with an event loop of its own: Prefect's engine blocks, and an error stays there."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._in_thread, run)
        except Exception as error:  # noqa: BLE001  one run never ends the runner
            self._in_doubt = True
            log.warning("run %s was left half-way: %s", run.id, account_of(error))
        finally:
            self._busy.pop(run.id, None)

    def _in_thread(self, run: FlowRun) -> None:
        if run.deployment_id is None:
            return
        claimed = asyncio.run(_claim(run.id))
        if claimed is None:
            return
        flow = self._flows[run.deployment_id]
        parameters = claimed.parameters
        if set(parameters) - set(inspect.signature(flow.fn).parameters):
            asyncio.run(_turn_away(claimed.id))
            return
        with contextlib.suppress(Abort, Pause):
            if flow.isasync:
                asyncio.run(_run(flow, claimed, parameters))
            else:
                run_flow_sync(flow=flow, flow_run=claimed, parameters=parameters, return_type="state")


def _expected(run: FlowRun) -> datetime:
    return run.next_scheduled_start_time or run.expected_start_time or datetime.now(UTC)


async def _claim(run_id: UUID) -> FlowRun | None:
    """Claim the run by moving it to Pending: of two runners one is let. None when it is not ours to run."""
    async with get_client() as client:
        try:
            claimed = await propose_state(client, Pending(), flow_run_id=run_id)
            return await client.read_flow_run(run_id) if claimed.is_pending() else None
        except (Abort, ObjectNotFound):
            return None


async def _turn_away(run_id: UUID) -> None:
    """Prefect's engine would repeat the names of parameters that no flow has, and keep their values."""
    async with get_client() as client:
        await client.update_flow_run(run_id, parameters={})
        state: State[Any] = Failed(name="Refused", message="Something else was sent than this form asks for.")
        await client.set_flow_run_state(run_id, state, force=True)


async def _run(flow: Flow[..., Any], run: FlowRun, parameters: dict[str, Any]) -> None:
    await run_flow_async(flow=flow, flow_run=run, parameters=parameters, return_type="state")


async def orphans(client: PrefectClient, deployments: list[UUID], busy: frozenset[UUID]) -> list[FlowRun]:
    """Runs of these deployments that are under way although this, the only runner, does not run them."""
    wanted = {
        "deployment_id": {"any_": deployments},
        "state": {"type": {"any_": [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]}},
    }
    found = await client.read_flow_runs(flow_run_filter=FlowRunFilter.model_validate(wanted), limit=200)
    return [run for run in found if run.id not in busy]

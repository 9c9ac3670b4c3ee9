"""
The worker: Prefect's own kind of worker, which runs flows in its own process instead of a process for each.

It serves a work pool that Prefect's page shows and that can be paused there. Losing the isolation of a process per run
is bearable because every flow here is idempotent and the record is ours; a process for each takes four seconds where
this takes one. `prefect worker start --type safeguarding` starts one more of it; the stock process worker runs the same
flows, slower.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import os
import threading
import time
from concurrent.futures import Future
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State, WorkPool
from prefect.exceptions import Abort, Pause
from prefect.flow_engine import run_flow_async
from prefect.flows import load_flow_from_entrypoint
from prefect.states import Failed
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from flows.server.permitted import strange
from safeguarding.dates.london import now
from tasks.events.nothing_typed import account_of, check_logs

if TYPE_CHECKING:
    from prefect.client.schemas.responses import DeploymentResponse

log = logging.getLogger("safeguarding.worker")

TYPE = "safeguarding"
AT_ONCE = 3
"""Runs at once. More only queue for the database: ten at once took twenty seconds each on two cores."""
QUIET_AFTER = 20.0
"""Seconds without a run after which it looks for one at a slower pace."""
QUIET_PACE = 0.3
"""Seconds; while people work it looks at every turn (`PREFECT_WORKER_QUERY_SECONDS`)."""
SAY_EVERY = 15.0
"""Seconds after which it asks for runs whether any is due or not: a queue that nobody asks for a minute is not ready to
Prefect. Each time it notes that it was asked, for the queue and for every deployment; a count costs a fraction."""
HELD_BACK_FOR = 15.0
"""Seconds for which everything else waits until a run has ended, since one server answers both; most take one."""
GIVEN_UP_AFTER = 900.0
"""Seconds after which a run is held to be stuck and left half-way, its place another's. A sweep comes as often."""
LET_FINISH = 20.0
"""Seconds that runs under way are given to finish when the worker is told to stop."""


class NothingToSet(BaseJobConfiguration):
    """A run in this process has no infrastructure, so there is nothing to set: neither in the pool nor with a run."""

    @classmethod
    async def resolve_for_flow_run(
        cls,
        flow_run: FlowRun,
        *,
        client: PrefectClient,
        work_pool: WorkPool,
        worker_name: str,
        worker_id: UUID | None = None,
        deployment: DeploymentResponse | None = None,
    ) -> NothingToSet:
        """Ask nobody."""
        return cls()


class Ran(BaseWorkerResult):
    """A run was taken to its end or to a wait: Prefect's engine has recorded how."""


class InProcessWorker(BaseWorker[NothingToSet, BaseVariables, Ran]):
    """Runs flows in this process, a few at a time, each in a thread with an event loop of its own."""

    type = TYPE
    job_configuration = NothingToSet

    def __init__(self, work_pool_name: str, **given: Any) -> None:
        given["limit"] = given.get("limit") or AT_ONCE
        super().__init__(work_pool_name, **given)
        self._under_way: dict[UUID, float] = {}
        """Since when each is worked on, by the clock that nobody sets."""
        self._stirred = self._looked = self._asked = float("-inf")
        self.left: set[UUID] = set()
        """Runs that were left half-way, until somebody has looked after them."""
        check_logs()

    @property
    def busy(self) -> frozenset[UUID]:
        """The runs being worked on now."""
        return frozenset(self._under_way)

    @property
    def soon_done(self) -> bool:
        """Whether a run is worked on that began a moment ago: for one that hangs nothing else waits."""
        moment = time.monotonic()
        return any(moment - began < HELD_BACK_FOR for began in list(self._under_way.values()))

    async def get_and_submit_flow_runs(self) -> list[FlowRun]:
        """Look for runs that are due: at every turn while people work, and at a slower pace when all is quiet."""
        turn = time.monotonic()
        if self._under_way:
            self._stirred = turn
        if turn - self._stirred > QUIET_AFTER and turn - self._looked < QUIET_PACE:
            return []
        self._looked = turn
        if turn - self._asked < SAY_EVERY and not await self._any_is_due():
            return []
        self._asked = turn
        if found := await super().get_and_submit_flow_runs():
            self._stirred = turn
        return found

    async def _any_is_due(self) -> bool:
        """Whether a run waits to be begun now, of this pool or of another."""
        due = {"state": {"type": {"any_": ["SCHEDULED"]}}, "next_scheduled_start_time": {"before_": now().isoformat()}}
        answer = await self.client.request("POST", "/flow_runs/count", json={"flow_runs": due})
        return int(answer.json()) > 0

    async def run(
        self,
        flow_run: FlowRun,
        configuration: NothingToSet,
        task_status: Any = None,
    ) -> Ran:
        """Run it in a thread: Prefect's engine blocks, and an error stays there."""
        if task_status is not None:
            task_status.started(os.getpid())
        self._under_way[flow_run.id] = time.monotonic()
        try:
            if (flow := await self._flow_of(flow_run)) is None:
                self._over(flow_run)
            else:
                running = _begun(flow, flow_run)
                running.add_done_callback(lambda _: self._over(flow_run))
                await _ended(running)
        except Exception as error:  # noqa: BLE001  one run never ends the worker
            self._over(flow_run)
            self.left.add(flow_run.id)
            log.warning("run %s was left half-way: %s", flow_run.id, account_of(error))
        return Ran(identifier=str(flow_run.id), status_code=0)

    def _over(self, run: FlowRun) -> None:
        self._under_way.pop(run.id, None)

    async def _flow_of(self, run: FlowRun) -> Flow[..., Any] | None:
        """The flow of the run's deployment; None where the run was turned away."""
        if run.deployment_id is None:
            return None
        found = await self.client.read_deployment(run.deployment_id)
        if strange(found.entrypoint, found.pull_steps, found.path, found.job_variables, run.job_variables):
            await _turn_away(self.client, run, "This is not how the program registered it.")
            return None
        flow = _loaded(str(found.entrypoint))
        if set(run.parameters) - set(inspect.signature(flow.fn).parameters):
            await _turn_away(self.client, run, "Something else was sent than this form asks for.")
            return None
        return flow

    async def finish(self) -> None:
        """Let what is under way come to its end, for a while."""
        until = asyncio.get_running_loop().time() + LET_FINISH
        while self._under_way and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.05)


def _begun(flow: Flow[..., Any], run: FlowRun) -> Future[None]:
    """
    Begin a run in a thread of its own, which does not keep the process from ending.

    One of a pool would: a run whose server lost its database under it never ends, and neither would the program.
    """
    ended: Future[None] = Future()

    def work() -> None:
        try:
            ended.set_result(asyncio.run(_engine(flow, run)))
        except BaseException as error:  # noqa: BLE001  carried to whoever waits for it
            ended.set_exception(error)

    threading.Thread(target=work, name="flow", daemon=True).start()
    return ended


async def _ended(running: Future[None]) -> None:
    """
    Wait for the end of a run. Raises TimeoutError: it hangs.

    Its thread cannot be ended and is left alone: it may still end by itself, which does no harm.
    """
    done, _ = await asyncio.wait({asyncio.wrap_future(running)}, timeout=GIVEN_UP_AFTER)
    if not done:
        raise TimeoutError
    for one in done:
        one.result()


async def _engine(flow: Flow[..., Any], run: FlowRun) -> None:
    with contextlib.suppress(Abort, Pause):
        await run_flow_async(flow=flow, flow_run=run, parameters=run.parameters, return_type="state")


@cache
def _loaded(entrypoint: str) -> Flow[..., Any]:
    """The flow at the path of a module; loaded once."""
    return load_flow_from_entrypoint(entrypoint)


async def _turn_away(client: PrefectClient, run: FlowRun, why: str) -> None:
    """Prefect's engine would repeat the names of parameters that no flow has, and keep their values."""
    await client.update_flow_run(run.id, parameters={})
    state: State[Any] = Failed(name="Refused", message=why)
    await client.set_flow_run_state(run.id, state)

"""
What runs the flows of the one command: everything is registered, cards are mended, then a worker runs what is asked.

A server that goes away is waited for; when it answers again a worker begins anew, and what was left half-way is found.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from uuid import UUID

import httpx
from prefect import get_client
from prefect.client.orchestration import PrefectClient

from flows.cards import keeping, short_form, slot, stranded
from flows.cards.desk import current_desk
from flows.cards.work import Work
from flows.server import lookout, work_pool
from flows.server.following import Follower
from flows.server.lookout import Lookout
from flows.server.registration import find_shown, register
from flows.server.worker import InProcessWorker
from flows.timed_runs import sweeps
from safeguarding.dates.london import london_date, now
from safeguarding.errors import SafeguardingError
from safeguarding.law.rulebook import Rulebook
from tasks.events.nothing_typed import account_of
from tasks.record import sweep_round

log = logging.getLogger("safeguarding.doors")

Ready = Callable[[int, int, Sequence[str]], object]

OPENS_WITHIN = 120.0
"""Seconds that a server which goes away while the doors are being opened is waited for."""
LOOK_EVERY = 1.0
"""Seconds between two glances at the record, while nothing runs."""
LOOK_AGAIN = 0.25
"""The same while people work."""
AGAIN_AFTER = 15.0
"""Seconds after which a card that could not be kept is tried again: what was in the way may be gone."""
ASK_EVERY = 60.0
"""Seconds between two looks whether a sweep is overdue."""
NOT_AGAIN_FOR = timedelta(minutes=10)
"""Between two failed sweeps after which one more is asked for: what is broken for good waits for the quarter's next."""
OVERDUE_AFTER = timedelta(minutes=16)
"""After which a sweep is asked for here: no statutory date may hang on a scheduler."""


class Doors:
    """
    The worker with everything it needs.

    `alone` says that no other worker serves these flows, so that what is under way elsewhere was left by a killed one.
    """

    def __init__(self, *, alone: bool = True) -> None:
        self._alone = alone
        self._stopping = threading.Event()
        self._deployments: Collection[UUID] = ()
        self._since = now()
        self._faults: tuple[str, ...] = ()
        self._again_at = 0.0
        self._asked_after = self._since - 2 * NOT_AGAIN_FOR
        self._settled: set[UUID] = set()
        self._left_half_way = False
        self._serving: Rulebook | None = None

    def _work(self, worker: InProcessWorker | None = None) -> Work:
        """Who is at work: this worker, and where it is alone nobody who began before it did."""
        since = self._since if self._alone else None
        return Work(since=since) if worker is None else Work(worker.busy, frozenset(worker.left), since)

    def stop(self) -> None:
        """Take no new runs and finish those under way. Safe from a signal handler."""
        self._stopping.set()

    async def run(self, ready: Ready) -> None:
        """Run until `stop`; `ready` is called with the open stages, the cards, and what could not be kept."""
        follower = Follower()
        await self._open(follower, ready)
        while not self._stopping.is_set():
            self._since = now()
            worker = InProcessWorker(work_pool.POOL, name=f"this system {os.getpid()}", create_pool_if_not_found=False)
            try:
                await self._serve(worker, follower)
            except Exception as error:  # noqa: BLE001  nothing ends the doors but whoever stops them
                log.warning("The worker stopped (%s); it begins again when Prefect's server answers", account_of(error))
                await self._until_it_answers()
            finally:
                await worker.finish()

    async def _open(self, follower: Follower, ready: Ready) -> None:
        """Register everything and bring every card; a server that goes away meanwhile is waited for, for a while."""
        patience = time.monotonic() + OPENS_WITHIN
        while not self._stopping.is_set():
            try:
                async with get_client() as client:
                    await self._register(client)
                    open_stages = await self._mend(client, self._work())
                    await follower.begin(client)
                    await _ask_for_a_sweep(client)
                    cards = await lookout.cards(client)
            except SafeguardingError:
                raise
            except Exception as error:
                if time.monotonic() > patience:
                    raise
                log.warning("The doors cannot be opened yet (%s); opening them again", account_of(error))
                await asyncio.sleep(LOOK_EVERY)
            else:
                ready(open_stages, cards, self._faults)
                return

    async def _register(self, client: PrefectClient) -> None:
        await work_pool.ensure(client, work_pool.POOL, work_pool.OURS)
        installation = current_desk().installation
        self._deployments = await register(client, installation.rulebook, work_pool.POOL)
        await asyncio.to_thread(sweep_round.note_registered, installation, len(self._deployments), now())

    async def _serve(self, worker: InProcessWorker, follower: Follower) -> None:
        """Let the worker work and look after it, until told to stop or until Prefect's server goes away."""
        work = asyncio.create_task(worker.start(printer=_say_nothing))
        look = asyncio.create_task(self._look_after(worker, follower))
        try:
            await asyncio.wait({work, look}, return_when=asyncio.FIRST_COMPLETED)
            for ended in (look, work):
                if ended.done():
                    ended.result()
            if work.done():
                raise RuntimeError("the worker ended by itself")
        finally:
            for task in (work, look):
                task.cancel()
            await asyncio.gather(work, look, return_exceptions=True)

    async def _look_after(self, worker: InProcessWorker, follower: Follower) -> None:
        """Follow the record, mend what a run left half-way, and ask for a sweep that nobody asked for."""
        ask_at, mended, said = time.monotonic() + ASK_EVERY, False, ""
        outlook = Lookout()
        async with get_client() as client:
            while not self._stopping.is_set():
                try:
                    if await asyncio.to_thread(self._follow):
                        await self._register(client)
                        await _ask_for_a_sweep(client)  # Names stand on every page.
                        mended = False
                    await self._look(client, worker, follower, mended=mended)
                    mended, said = True, ""
                    if not worker.soon_done:
                        await self._glance(client, worker, follower, outlook)
                    if time.monotonic() > ask_at:
                        ask_at = time.monotonic() + ASK_EVERY
                        await self._ask_if_overdue(client)
                except (httpx.TransportError, RuntimeError):  # Prefect's server is away: whoever serves waits for it.
                    raise
                except Exception as error:  # noqa: BLE001  a record that is away for a while must not close the doors
                    if (account := account_of(error)) != said:
                        log.warning("The record cannot be followed (%s); it is looked at again each second", account)
                    said = account
                    mended = mended and not isinstance(error, httpx.HTTPError)
                await self._sleep(LOOK_AGAIN if follower.people_work else LOOK_EVERY)

    def _follow(self) -> bool:
        """Whether other people serve than at the last look: the file was changed, somebody is away, a day began."""
        desk = current_desk()
        changed = desk.follow()
        serving = desk.installation.rulebook.on(london_date(now()))
        changed = changed or (self._serving is not None and serving is not self._serving)
        self._serving = serving
        return changed

    async def _look(self, client: PrefectClient, worker: InProcessWorker, follower: Follower, *, mended: bool) -> None:
        """One look at the record; at the first that succeeds everything is mended, and while a card cannot be kept."""
        again = bool(self._faults) and time.monotonic() > self._again_at
        if (left := frozenset(worker.left)) or not mended or again:
            await self._mend(client, self._work(worker))
            worker.left -= left
            self._left_half_way = self._left_half_way or bool(left)
        if not worker.soon_done:
            await follower.look(client, self._work(worker), lambda: worker.soon_done)

    async def _glance(
        self, client: PrefectClient, worker: InProcessWorker, follower: Follower, outlook: Lookout
    ) -> None:
        """What somebody deleted, cancelled or put off in Prefect's own page is put right within seconds."""
        found = await outlook.glance(client, self._deployments, follower.open_reviews)
        if found.deployments_gone:
            log.warning("A deployment was deleted: everything is registered again")
            await self._register(client)
        if found.put_off:
            await short_form.refuse_those_put_off(client, now())
        if found.ended_badly:
            await short_form.forget(client)
            await stranded.settle(client, self._settled)
        if found.deployments_gone or found.cards_amiss:
            await self._mend(client, self._work(worker))

    async def _ask_if_overdue(self, client: PrefectClient) -> None:
        """
        A sweep that is missing is asked for, and once more a minute after one that could not do everything, or after
        any run that was left half-way: it may have been a sweep, whose rest would wait for the next quarter.
        """
        if self._left_half_way:
            self._left_half_way = False
            await _ask_for_a_sweep(client)
            return
        failed_at = await asyncio.to_thread(sweep_round.in_trouble_since, current_desk().installation, "the sweep")
        if failed_at is not None and abs(failed_at - self._asked_after) > NOT_AGAIN_FOR:
            self._asked_after = failed_at
            await _ask_for_a_sweep(client)
            return
        swept_at = await asyncio.to_thread(current_desk().swept_at)
        # One that lies ahead was made before the clock went back: until it is caught up it says nothing.
        if swept_at is None or abs(now() - swept_at) > OVERDUE_AFTER:
            log.warning("no sweep for %d minutes: asking for one", OVERDUE_AFTER.total_seconds() / 60)
            await _ask_for_a_sweep(client)

    async def _mend(self, client: PrefectClient, work: Work) -> int:
        """Exactly one card per open stage, and nothing that seems under way and is not; the number of open stages."""
        if self._alone:
            left = await keeping.left_behind(client, self._deployments, work)
            await keeping.abandon(client, [run for run in left if slot.Slot.of(run) is None])
        await find_shown(client)
        faces = await asyncio.to_thread(current_desk().faces)
        kept = await keeping.ensure(client, faces, work=work, deployments=self._deployments)
        self._again_at = time.monotonic() + AGAIN_AFTER
        if kept.faults != self._faults:
            for fault in kept.faults:
                log.error("A card cannot be kept: %s", fault)
            installation = current_desk().installation
            await asyncio.to_thread(sweep_round.note_trouble, installation, "the cards", kept.faults, now())
            self._faults = kept.faults
        return len(faces)

    async def _until_it_answers(self) -> None:
        while not self._stopping.is_set():
            with contextlib.suppress(httpx.HTTPError, RuntimeError):
                async with get_client() as client:
                    if await client.api_healthcheck() is None:
                        # Its database may have been emptied meanwhile: without its pool no worker can begin.
                        await self._register(client)
                        return
            await self._sleep(LOOK_EVERY)

    async def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._stopping.is_set():
            await asyncio.sleep(0.05)


async def _ask_for_a_sweep(client: PrefectClient) -> None:
    sweep = await client.read_deployment_by_name(sweeps.DEPLOYMENT)
    await client.create_flow_run_from_deployment(sweep.id, name=sweeps.name_of(now()))


def _say_nothing(*_: object) -> None:
    """A worker prints that it has started; the command says so itself."""

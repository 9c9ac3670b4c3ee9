"""
What runs the flows, with everything it needs: deployments registered, cards mended, then what is asked is run.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import httpx
from prefect import get_client
from prefect.client.orchestration import PrefectClient

from flows.cards import keeping, slot
from flows.cards.desk import current_desk
from flows.cards.following import Follower
from flows.cards.nothing_typed import account_of
from flows.cards.short_form import ShortForm
from flows.server import worker
from flows.server.registration import Sweep, find_shown, register

log = logging.getLogger("safeguarding.doors")


OPENS_WITHIN = 120.0
"""Seconds that a server which goes away while the doors are being opened is waited for."""


def _away(error: Exception) -> bool:
    """Whether it is the server that does not answer: Prefect's client says so in a plain RuntimeError."""
    return isinstance(error, httpx.HTTPError) or str(error).startswith("Failed to reach API")


class Doors:
    """
    The warm runner with everything it needs: registers the doors, mends the cards, then runs what is asked.

    `alone` says that no other runner serves these doors, so that what is under way elsewhere was left by a killed one.
    """

    def __init__(self, short_forms: Sequence[ShortForm] = (), sweep: Sweep | None = None, alone: bool = True) -> None:
        self._short_forms, self._sweep, self._alone = tuple(short_forms), sweep, alone
        self._runner: worker.WarmRunner | None = None
        self._stopped = False

    @property
    def _stale_after(self) -> timedelta:
        return keeping.NOW if self._alone else keeping.STALE_AFTER

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
        self._runner = runner = worker.WarmRunner(flows, one_at_a_time=frozenset(sweeps))
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
            left = await worker.orphans(client, deployments, busy)
            await keeping.abandon(client, [run for run in left if slot.Slot.of(run) is None])
        await find_shown(client)
        faces = await asyncio.to_thread(current_desk().faces)
        await keeping.ensure(client, faces, busy=busy, stale_after=self._stale_after)
        return len(faces)

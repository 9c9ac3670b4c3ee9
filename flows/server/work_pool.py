"""
The server that is running and the work pool that stock workers serve: asked for, found fit, or refused in words.
"""

from __future__ import annotations

from typing import Any

import httpx
from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound, PrefectHTTPStatusError
from prefect.settings import get_current_settings
from prefect.workers.base import BaseWorker
from prefect.workers.process import ProcessWorker

from flows.server.permitted import LOCKED
from flows.server.worker import InProcessWorker
from safeguarding.errors import SafeguardingError

ANSWERS_WITHIN = 10.0
"""Seconds."""
PROCESS, OURS = ProcessWorker.type, InProcessWorker.type
KINDS: dict[str, type[BaseWorker[Any, Any, Any]]] = {PROCESS: ProcessWorker, OURS: InProcessWorker}
"""The kinds of work pool that run the flows of this system."""
POOL = "reviews"
"""The work pool of the one command, as Prefect's page shows it."""


class ServerAway(SafeguardingError):
    """No Prefect server answers where the settings say that one runs."""

    code = "server-away"

    def __init__(self, address: str) -> None:
        super().__init__(
            f"No Prefect server answers at {address}. Start one (`safeguarding server`; `safeguarding up` starts "
            "everything in one), or say where it is by PREFECT_API_URL.",
            address,
        )


class LoginWanted(SafeguardingError):
    """The server answers, and lets in only who knows its login."""

    code = "login-wanted"

    def __init__(self, address: str) -> None:
        super().__init__(
            f"The Prefect server at {address} wants its login: set PREFECT_API_AUTH_STRING to the words that the "
            "server has as PREFECT_SERVER_API_AUTH_STRING.",
            address,
        )


class PoolUnfit(SafeguardingError):
    """There is a work pool of this name, and no worker that runs these flows serves it."""

    code = "pool-unfit"

    def __init__(self, pool: str, kind: str) -> None:
        super().__init__(
            f"The work pool {pool} is of type '{kind}', and these flows are run by workers of type "
            f"{' or '.join(KINDS)}. Choose another name: a pool is made for it.",
            pool,
            kind,
        )


async def reach() -> None:
    """Return once the server has let us in. Raises ServerAway or LoginWanted."""
    api = str(get_current_settings().api.url)
    try:
        address = str(httpx.URL(api).copy_with(userinfo=b""))
    except httpx.InvalidURL:
        raise ServerAway(api) from None
    try:
        async with httpx.AsyncClient(timeout=ANSWERS_WITHIN) as client:
            (await client.get(f"{api.rstrip('/')}/health")).raise_for_status()
    except httpx.HTTPError:
        raise ServerAway(address) from None
    try:
        async with get_client() as prefect:
            await prefect.read_work_pools(limit=1)
    except PrefectHTTPStatusError as error:
        if error.response.status_code != httpx.codes.UNAUTHORIZED:
            raise
        raise LoginWanted(address) from None


async def ensure(client: PrefectClient, pool: str, kind: str | None = None) -> bool:
    """
    A work pool of this name, with nothing to set; whether it had to be made. `kind` is its type, or what it is given.

    Without a kind one that is there is taken as it is, and a missing one is made for stock process workers. Raises
    PoolUnfit for a kind that is none of ours, or another than is asked for.
    """
    try:
        found = await client.read_work_pool(pool)
    except ObjectNotFound:
        wanted = KINDS[kind or PROCESS]
        try:
            await client.create_work_pool(WorkPoolCreate(name=pool, type=wanted.type, base_job_template=LOCKED))
            return True
        except ObjectAlreadyExists:  # A worker that was started before made it just now.
            found = await client.read_work_pool(pool)
    if found.type not in KINDS or kind not in (None, found.type):
        raise PoolUnfit(pool, found.type)
    if found.base_job_template != LOCKED:  # A worker that came first has made it, with a command to set.
        await client.update_work_pool(pool, WorkPoolUpdate(base_job_template=LOCKED))
    return False

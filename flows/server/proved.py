"""
What privacy and durability hang on, proved by its effect once the server stands and before it serves anybody.

Not whether a part is there, but what it does: SQLite is asked what it does with what is deleted, and requests that must
be turned away, or answered by us and not by Prefect, are put through the finished application.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Any

import httpx

from flows.cards import dialog
from flows.server import asgi
from flows.server.asgi import Application, AsgiMessage, Receive, Scope, Send
from flows.server.before_submit import NEEDED
from flows.server.front import CHECK
from flows.server.sqlite import NotInForce, SafeSqlite

InTurn = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Probe:
    """A request that must have this answer, and what it means where it has another."""

    method: str
    path: str
    status: int
    otherwise: str
    sent: Any = None
    says: str = ""
    """What stands in the answer."""
    with_login: bool = True


PROBES = (
    Probe("POST", "/api/flow_runs/filter", 401, "the page answers without a login", sent={}, with_login=False),
    Probe("GET", "/v2/", 404, "the second page, which calls a host elsewhere, is open"),
    Probe("POST", "/api/automations/", 403, "what may be asked of Prefect is not held to the list", sent={}),
    Probe(
        "POST",
        CHECK,
        200,
        "a form is not checked before it is sent, so a refusal would cost what was typed",
        sent={"schema": {"properties": {dialog.STEP: {}}}, "values": {}},
        says=NEEDED,
    ),
)


async def faults_of(application: Application, host: str, service: str) -> Sequence[str]:
    """What the finished application does otherwise than it must, in words; `host`: by which name it is asked."""
    transport: Any = httpx.ASGITransport(app=application)
    login = {"authorization": asgi.basic(service)[1].decode()}
    found = []
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
        for probe in PROBES:
            headers = login if probe.with_login else {}
            said = await client.request(probe.method, probe.path, json=probe.sent, headers=headers)
            words = json.dumps(probe.says)[1:-1]
            if said.status_code != probe.status or words not in said.text:
                found.append(probe.otherwise)
    return found


class Proved:
    """
    Around Prefect's application: nothing is served until SQLite and the `finished` application are as they must be.

    Where they are not, `refused` is called, and nothing is served at all.
    """

    refused: Callable[[], object] = staticmethod(lambda: None)
    finished: Application
    """The application as it will be asked: with all that stands before Prefect's."""

    def __init__(self, application: Application, sqlite: SafeSqlite, service: str, host: str, in_turn: InTurn) -> None:
        self.finished = self._application = application
        self._sqlite, self._service, self._host = sqlite, service, host
        self._turn = ExitStack()
        self._in_turn = in_turn
        self.refusal: NotInForce | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, once it is proved."""
        if scope["type"] != "lifespan":
            if self.refusal is None:
                await self._application(scope, receive, send)
            return

        async def when_proved(message: AsgiMessage) -> None:
            if message["type"] == "lifespan.startup.complete":
                try:
                    # In a task of its own: this one holds a place among those that Prefect serves at once.
                    await asyncio.create_task(self._begin_a_transaction())
                    await asyncio.to_thread(self._sqlite.prove)
                    await asyncio.create_task(self._try_the_whole())
                except NotInForce as refusal:
                    self.refusal = refusal
                    self.refused()
            await asyncio.to_thread(self._turn.close)
            await send(message)

        await asyncio.to_thread(self._turn.enter_context, self._in_turn())
        await self._application(scope, receive, when_proved)

    async def _begin_a_transaction(self) -> None:
        """Have Prefect write something that it would write anyway: the name of the sweep's flow."""
        transport: Any = httpx.ASGITransport(app=self._application)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            says = asgi.basic(self._service)[1].decode()
            answer = await client.post("/api/flows/", json={"name": "Watch"}, headers={"authorization": says})
            if answer.is_error:
                raise NotInForce((f"Prefect's server does not take a flow's name (answer {answer.status_code})",))

    async def _try_the_whole(self) -> None:
        if found := await faults_of(self.finished, self._host, self._service):
            raise NotInForce(tuple(found))

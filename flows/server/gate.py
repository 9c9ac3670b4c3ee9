"""
The gate: the first thing that a request meets. Whoever comes through it has a login, a right address and a place on the
list of what may be asked; whoever does not is told so in words.

Around the front. Prefect's own server behind it knows one login, which is our own processes'; what a person typed is
proved here and goes no further.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flows.server import asgi, permitted
from flows.server.asgi import Answer, Application, AsgiMessage, Headers, Receive, Scope, Send
from flows.server.doorkeeper import Doorkeeper, Unknown
from flows.server.permitted import Who

HTTP = 80
LARGEST = 10 * 2**20
"""Bytes of a request that is looked into."""
CHANGES_NOTHING = ("GET", "HEAD")
CLOSED_PAGES = ("/docs", "/redoc", "/openapi.json")
"""Prefect's own description of its API, which fetches its style from outside."""
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob: data:; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
"""
What the page may load, and from where: itself. A picture in a text, elsewhere, is not fetched. No script stands in the
page itself; `unsafe-eval` is for the graph of a run, which makes its drawing functions so.
"""
SAFE: Headers = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]

NOT_HERE = "This server does not answer to that address. Open the page by the address that the program printed."
FROM_ELSEWHERE = "This was asked by another page than this one, and is refused. Nothing was changed."
NOT_LISTED = (
    "This is not among what the page's login may do: look, answer a card (Resume) and send a short form (Quick run). "
    "Nothing was changed."
)
NOT_FOR_US = "This is not among what the program's own processes do, so it is refused. Nothing was changed."
NO_FORM = "Only a short form, what-if and the sweep are run by hand: cards and duties come from the record."
TOO_LARGE = "This is too large to be taken. Nothing was changed."
NO_JSON = "What was sent cannot be read. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Addresses:
    """By which names the page is reached: `hosts` as a Host header has them, `origins` as a browser says them."""

    hosts: frozenset[str]
    origins: frozenset[str]
    behind_proxy: bool = False
    """Whether a proxy on this machine says whose request it passes on."""

    @classmethod
    def of(cls, host: str, port: int, public: str | None, api: str) -> Addresses:
        """
        Those of this machine at this port, and the one that a proxy has before it.

        `host`: what the server listens on. `public`: where managers reach the page, if elsewhere. `api`: where our own
        processes ask, such as a proxy's inner side; no page comes from there.
        """
        here = {"127.0.0.1", "localhost", "[::1]", *({host} if host not in ("", "0.0.0.0", "::") else ())}  # noqa: S104
        hosts = {f"{name}:{port}".lower() for name in here} | (here if port == HTTP else set())
        origins = {f"http://{one}" for one in hosts}
        if public:
            found = urlsplit(public.lower())
            standard = {"https": 443, "http": HTTP}.get(found.scheme)
            hosts |= {found.netloc} | ({f"{found.netloc}:{standard}"} if found.port is None else set())
            origins.add(f"{found.scheme}://{found.netloc}")
        hosts.add(urlsplit(api.lower()).netloc.rpartition("@")[2])
        return cls(frozenset(hosts), frozenset(origins), bool(public))


class Gate:
    """Around our front; `service` is what our own processes say, to us and to Prefect."""

    def __init__(self, application: Application, addresses: Addresses, doorkeeper: Doorkeeper, service: str) -> None:
        self._application, self._addresses, self._doorkeeper = application, addresses, doorkeeper
        self._authorization = asgi.basic(service)
        self._entrypoints: dict[str, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or say why not."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] != "http":
            await self._application(scope, receive, send)
        else:
            await self._http(scope, receive, _guarded(scope, send))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        if not self._host_is_ours(scope):
            await asgi.answer(send, _refused(403, NOT_HERE))
        elif not _of_api(path):
            await self._page(scope, receive, send)
        elif _from_a_page(scope) and not self._origin_is_ours(scope):
            await asgi.answer(send, _refused(403, FROM_ELSEWHERE))
        elif method in CHANGES_NOTHING and permitted.OPEN.fullmatch(path):
            await self._application(scope, receive, send)
        else:
            await self._let_in(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What the page is made of: no secret, and nothing of the record."""
        if scope["path"].startswith(CLOSED_PAGES):
            await asgi.answer(send, _refused(404, "There is nothing here."))
        elif scope["method"] not in CHANGES_NOTHING:
            await asgi.answer(send, _refused(403, NOT_LISTED))
        else:
            await self._application(scope, receive, send)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = await self._doorkeeper.who(_login(scope), self.whence(scope), from_a_page=_from_a_page(scope))
        if isinstance(found, Unknown):
            await asgi.answer(send, _unknown(found))
            return
        method, path = scope["method"], scope["path"]
        if not permitted.listed(found, method, path):
            await asgi.answer(send, _refused(403, NOT_LISTED if found is Who.PERSON else NOT_FOR_US))
            return
        scope = {**scope, "headers": [*asgi.without(scope["headers"], {b"authorization"}), self._authorization]}
        if permitted.looked_into(found, method, path):
            try:
                scope, receive = await self._looked_into(found, scope, receive)
            except _NotTaken as refused:
                await asgi.answer(send, _refused(refused.status, refused.words))
                return
        await self._application(scope, receive, send)

    async def _looked_into(self, who: Who, scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
        """The same request, once nothing in it is against the rules. Raises _NotTaken."""
        method, path = scope["method"], scope["path"]
        try:
            given = json.loads(await asgi.sent(receive, LARGEST) or b"{}")
        except asgi.TooLarge:
            raise _NotTaken(413, TOO_LARGE) from None
        except (ValueError, RecursionError):
            raise _NotTaken(422, NO_JSON) from None
        if not isinstance(given, dict):
            raise _NotTaken(422, NO_JSON)
        try:
            found = permitted.faults(who, method, path, given)
        except RecursionError:
            raise _NotTaken(422, NO_JSON) from None
        if found:
            raise _NotTaken(403, f"This is refused: {'; '.join(found)}. Nothing was changed.")
        if who is Who.PERSON and (run := permitted.RUN.fullmatch(path)):
            entrypoint = await self._entrypoint(run.group(1), scope)
            if entrypoint is not None and not permitted.FORMS.fullmatch(entrypoint):
                raise _NotTaken(403, NO_FORM)
            given = permitted.a_persons_run(given, sweep=entrypoint == permitted.SWEEP)
        # What was looked at is what is passed on: of a name given twice Prefect might take the other.
        return asgi.with_body(scope, receive, json.dumps(given).encode())

    async def _entrypoint(self, deployment: str, scope: Scope) -> str | None:
        """Which flow a deployment runs: asked of Prefect once, for it keeps its flow. None: there is none such."""
        if deployment not in self._entrypoints:
            asked = {**scope, "method": "GET", "path": f"/api/deployments/{deployment}", "query_string": b""}
            asked = {**asked, "raw_path": asked["path"].encode(), "headers": [self._authorization]}
            said = await asgi.whole(self._application, asked, asgi.nothing)
            if said.status != 200:
                return None  # Prefect says so better.
            if len(self._entrypoints) > 1000:
                self._entrypoints.clear()
            self._entrypoints[deployment] = json.loads(said.body).get("entrypoint") or ""
        return self._entrypoints[deployment]

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Our own processes' alone: a browser says whence it comes, and Prefect asks the others for their login."""
        open_to = permitted.SOCKETS.fullmatch(scope["path"])
        if open_to and self._host_is_ours(scope) and not _from_a_page(scope):
            await self._application(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    # ----------------------------------------------------------------------- whence

    def _host_is_ours(self, scope: Scope) -> bool:
        given = asgi.headers_of(scope, b"host")
        return len(given) == 1 and given[0].lower() in self._addresses.hosts

    def _origin_is_ours(self, scope: Scope) -> bool:
        """Every sign that a browser gives of the page that asks says that it is this one."""
        origins = asgi.headers_of(scope, b"origin")
        referers = [one for one in asgi.headers_of(scope, b"referer") if not origins]
        sites = asgi.headers_of(scope, b"sec-fetch-site")
        ours = self._addresses.origins
        return (
            all(one.lower() in ours for one in origins)
            and all("/".join(one.lower().split("/")[:3]) in ours for one in referers)
            and all(one in ("same-origin", "none") for one in sites)
        )

    def whence(self, scope: Scope) -> Sequence[str]:
        """Who counts as one guesser: the address itself, and the one that a proxy here speaks for."""
        peer = str((scope.get("client") or ("", 0))[0])
        named = asgi.headers_of(scope, b"x-forwarded-for")
        if self._addresses.behind_proxy and named and _is_here(peer):
            return [named[-1].rpartition(",")[2].strip()[:64]]
        return [peer]


class _NotTaken(Exception):
    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


def _is_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _of_api(path: str) -> bool:
    return path == "/api" or path.startswith("/api/")


def _from_a_page(scope: Scope) -> bool:
    """Whether a browser asks for a page of some address; scripts say nothing of the kind."""
    return any(asgi.headers_of(scope, name) for name in (b"origin", b"referer", b"sec-fetch-site"))


def _login(scope: Scope) -> str | None:
    given = asgi.headers_of(scope, b"authorization")
    return asgi.read_basic(given[0]) if len(given) == 1 else None


def _refused(status: int, words: str, headers: Headers | None = None) -> Answer:
    """In words, under the two names that Prefect's page and its client look for."""
    said: dict[str, Any] = {"exception_message": words, "detail": words}
    return Answer(status, [(b"content-type", b"application/json"), *(headers or [])], json.dumps(said).encode())


def _unknown(found: Unknown) -> Answer:
    # 401 with a wait too: Prefect's page then stays at its login, where with 429 it would go on without one.
    wait = [(b"retry-after", str(math.ceil(found.wait)).encode())] if found.wait else []
    return _refused(401, found.words, wait)


def _guarded(scope: Scope, send: Send) -> Send:
    """Every answer says that it is for this page alone, and none lets another origin read it."""
    private = _of_api(scope["path"]) or scope["path"] == "/ui-settings"

    async def guarded(message: AsgiMessage) -> None:
        if message["type"] == "http.response.start":
            ours = {name for name, _ in SAFE} | ({b"cache-control"} if private else set())
            kept = [
                pair
                for pair in asgi.without(message.get("headers", ()), ours)
                if not pair[0].lower().startswith(b"access-control-")
            ]
            stored = [(b"cache-control", b"no-store")] if private else []
            message = {**message, "headers": [*kept, *SAFE, *stored]}
        await send(message)

    return guarded

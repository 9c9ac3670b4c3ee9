"""
The guard: the first thing that a request meets. It answers to its own names alone, takes no form from another page,
lets no answer be shown inside another page or load anything from elsewhere, and shows nobody a traceback.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from tasks.events.nothing_typed import account_of

log = logging.getLogger("safeguarding.pages")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Served = Callable[[Scope, Receive, Send], Awaitable[None]]

GET, HEAD = "GET", "HEAD"
CHANGES_NOTHING = (GET, HEAD)
STATIC = "/static/"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may load, and from where: from here. No script and no style stands in a page itself."""
SAFE = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
BY_HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")
KEPT_AN_HOUR, NEVER_KEPT = (b"cache-control", b"max-age=3600"), (b"cache-control", b"no-store")

NOT_HERE = "These pages do not answer to that address. Open them by the address that the program printed."
FROM_ELSEWHERE = "This was sent by another page than one of these, and is refused. Nothing was changed."
GONE_WRONG = "Something went wrong, and nothing was changed. Go back and try again; if it happens again, tell the unit."


class Guard:
    """Around the application of the pages."""

    def __init__(self, served: Served, hosts: frozenset[str], origins: frozenset[str], *, secure: bool) -> None:
        self._served, self._hosts, self._origins, self._secure = served, hosts, origins, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or say why not."""
        if scope["type"] != "http":
            await self._served(scope, receive, send)
            return
        guarded = _Guarded(send, self._headers(scope), without_body=scope["method"] == HEAD)
        if len(_said(scope, b"host")) != 1 or _said(scope, b"host")[0].lower() not in self._hosts:
            await guarded.says(403, NOT_HERE)
        elif scope["method"] not in CHANGES_NOTHING and not self._is_ours(scope):
            await guarded.says(403, FROM_ELSEWHERE)
        else:
            try:
                await self._served(_as_get(scope), receive, guarded)
            except Exception as error:  # noqa: BLE001  said without a word of what was typed
                log.error("A page could not be made (%s)", account_of(error))
                await guarded.says(500, GONE_WRONG)

    def _is_ours(self, scope: Scope) -> bool:
        """Every sign that a browser gives of the page that asks says that it is one of these."""
        origins = _said(scope, b"origin")
        referers = [] if origins else ["/".join(one.split("/")[:3]) for one in _said(scope, b"referer")]
        sites = _said(scope, b"sec-fetch-site")
        from_here = all(one.lower() in self._origins for one in [*origins, *referers])
        return from_here and all(one in ("same-origin", "none") for one in sites)

    def _headers(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        kept = KEPT_AN_HOUR if scope["path"].startswith(STATIC) else NEVER_KEPT
        return [*SAFE, kept, *([BY_HTTPS_ONLY] if self._secure else [])]


class _Guarded:
    """What an answer goes out by: with the headers of every answer, only once, and with a body where one is wanted."""

    def __init__(self, send: Send, headers: Iterable[tuple[bytes, bytes]], *, without_body: bool) -> None:
        self._send, self._headers, self._without_body, self._begun = send, list(headers), without_body, False

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._begun = True
            ours = {name for name, _ in self._headers}
            theirs = [pair for pair in message.get("headers", ()) if pair[0].lower() not in ours]
            message = {**message, "headers": [*theirs, *self._headers]}
        elif self._without_body and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)

    async def says(self, status: int, words: str) -> None:
        """A short answer in plain words, where no page can be made; nothing where one was begun."""
        if self._begun:
            return
        head = [(b"content-type", b"text/plain; charset=utf-8")]
        await self({"type": "http.response.start", "status": status, "headers": head})
        await self({"type": "http.response.body", "body": words.encode()})


def _as_get(scope: Scope) -> Scope:
    """Whoever asks for the head of an answer alone is answered by whatever answers the whole of it."""
    return {**scope, "method": GET} if scope["method"] == HEAD else scope


def _said(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]

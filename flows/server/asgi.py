"""
The words of ASGI, in which the front speaks with Prefect's application: no library is needed for them.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

AsgiMessage = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[AsgiMessage]]
Send = Callable[[AsgiMessage], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: it is small, and changed before it leaves."""

    status: int
    headers: Headers
    body: bytes


class TooLarge(Exception):
    """More was sent than is read."""


async def sent(receive: Receive, at_most: int | None = None) -> bytes:
    """
    All that was sent with a request. Raises TooLarge beyond so many bytes.

    Of what is too large nothing is kept, though it is read to its end: a page hears no answer before.
    """
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":  # The page has gone: what is left goes to nobody.
            break
        part = message.get("body", b"")
        size += len(part)
        if at_most is not None and size > at_most:
            parts.clear()
        else:
            parts.append(part)
        more = message.get("more_body", False)
    if at_most is not None and size > at_most:
        raise TooLarge
    return b"".join(parts)


async def nothing() -> AsgiMessage:
    """What is received of a request that sends nothing."""
    return {"type": "http.request", "body": b"", "more_body": False}


def with_body(scope: Scope, receive: Receive, body: bytes) -> tuple[Scope, Receive]:
    """The same request, with this sent in the place of what was read from it."""
    pending: list[AsgiMessage] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> AsgiMessage:
        return pending.pop() if pending else await receive()

    headers = [*without(scope["headers"], {b"content-length"}), (b"content-length", str(len(body)).encode())]
    return {**scope, "headers": headers}, again


async def whole(application: Application, scope: Scope, receive: Receive) -> Answer:
    """An application's answer, all of it."""
    status, headers, parts = 500, [], []

    async def take(message: AsgiMessage) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    try:
        await application(scope, receive, take)
    except Exception:
        if not parts:  # It answers a fault of its own with 500, and then raises it all the same.
            raise
    return Answer(status, headers, b"".join(parts))


async def answer(send: Send, whole: Answer) -> None:
    """Send an answer."""
    headers = [*without(whole.headers, {b"content-length"}), (b"content-length", str(len(whole.body)).encode())]
    await send({"type": "http.response.start", "status": whole.status, "headers": headers})
    await send({"type": "http.response.body", "body": whole.body})


def without(headers: Iterable[tuple[bytes, bytes]], names: set[bytes]) -> Headers:
    """The headers but for those of these names, in small letters."""
    return [pair for pair in headers if pair[0].lower() not in names]


def headers_of(scope: Scope, name: bytes) -> list[str]:
    """Every value of a header, of a name in small letters."""
    return [value.decode("latin-1") for found, value in scope["headers"] if found.lower() == name]


def basic(login: str) -> tuple[bytes, bytes]:
    """The header that says a login."""
    return (b"authorization", b"Basic " + b64encode(login.encode()))


def read_basic(given: str) -> str | None:
    """The login that a header says; None where it says none."""
    scheme, _, coded = given.partition(" ")
    try:
        return b64decode(coded.strip(), validate=True).decode() if scheme.lower() == "basic" else None
    except ValueError:
        return None

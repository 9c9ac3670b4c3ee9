"""
Characters that no database can keep, replaced before Prefect's server reads them.

Half of a cut emoji or a stray null in a pasted text, once stored, makes every answer that repeats it fail: the
runner could then no longer read what is due, and one form would stop all of them.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

INSTEAD = "\N{REPLACEMENT CHARACTER}"
SUSPICIOUS = (b"\\ud", b"\\uD", b"\\u0000")
"""How such a character looks in JSON: anything else is passed on untouched, at the cost of a search."""


def whole(found: Any) -> Any:
    """The same value with every half character and null, in names and in words, replaced."""
    if isinstance(found, str):
        paired = found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return paired.replace("\0", INSTEAD)
    if isinstance(found, dict):
        return {whole(name): whole(value) for name, value in found.items()}
    if isinstance(found, list):
        return [whole(value) for value in found]
    return found


class WholeText:
    """Around the server: mends the body of every request that is JSON."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Pass the request on, its body mended."""
        if scope["type"] != "http" or not _carries_json(scope):
            await self._application(scope, receive, send)
            return
        body, last = b"", False
        while not last:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            last = not message.get("more_body", False)
        mended = mend(body)
        headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"content-length"]
        scope = {**scope, "headers": [*headers, (b"content-length", str(len(mended)).encode())]}
        pending: list[Message] = [{"type": "http.request", "body": mended, "more_body": False}]

        async def again() -> Message:
            return pending.pop() if pending else await receive()

        await self._application(scope, again, send)


def _carries_json(scope: MutableMapping[str, Any]) -> bool:
    headers = dict(scope["headers"])
    return scope["method"] in {"POST", "PATCH", "PUT"} and b"json" in headers.get(b"content-type", b"")


def mend(body: bytes) -> bytes:
    """The body with what cannot be kept replaced; as it came where there is nothing, or where it is not JSON."""
    if not any(mark in body for mark in SUSPICIOUS):
        return body
    try:
        return json.dumps(whole(json.loads(body))).encode()
    except ValueError:
        return body

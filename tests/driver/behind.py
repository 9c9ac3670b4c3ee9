"""An application behind the front, for tests of what stands before it: it says what it was asked."""

from __future__ import annotations

from typing import Any


class Behind:
    """The application behind the front: answers as it is told, and remembers what it was asked."""

    def __init__(self, answer: bytes = b"{}", status: int = 200, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        self.answer, self.status, self.headers = answer, status, headers
        self.asked: list[tuple[str, bytes, dict[bytes, bytes]]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One answer, in two pieces."""
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.asked.append((scope["path"], body, dict(scope["headers"])))
        await send({"type": "http.response.start", "status": self.status, "headers": list(self.headers)})
        half = len(self.answer) // 2
        await send({"type": "http.response.body", "body": self.answer[:half], "more_body": True})
        await send({"type": "http.response.body", "body": self.answer[half:]})

"""
The certificates that a server's is checked against, read once for many messages.

To read every certificate that the machine trusts is three quarters of the work of a letter. What was read is kept for
ten minutes, for one address of a server; after that a change of the machine's certificates is seen.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable

KEPT_FOR = 600.0
"""Seconds."""


class KeptContexts:
    """
    The TLS contexts of one kind of server. Safe to share between threads.

    `make` makes one that checks certificates, or one that does not. Neither is ever handed out for the other, nor to
    another server.
    """

    def __init__(self, make: Callable[[bool], ssl.SSLContext], clock: Callable[[], float] = time.monotonic) -> None:
        self._make, self._clock = make, clock
        self._kept: dict[tuple[str, int, bool], tuple[float, ssl.SSLContext]] = {}

    def for_server(self, host: str, port: int, verify: bool) -> ssl.SSLContext:
        """The context for this server, made now or in the ten minutes before."""
        made, context = self._kept.get((host, port, verify), (0.0, None))
        if context is None or self._clock() - made > KEPT_FOR:
            context = self._make(verify)
            self._kept[host, port, verify] = (self._clock(), context)
        return context

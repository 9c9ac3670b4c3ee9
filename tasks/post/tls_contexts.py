"""
The certificates that a mail server's is checked against, read once for many letters.

Apprise makes a TLS context for each letter, and reads every certificate that the machine trusts for it: three
quarters of the work of a letter, also where the connection is a plain one. Here its mail plugin's name `ssl` is given
a stand-in that makes the same context, once in ten minutes for each address of a server. A context is never shared
between two addresses: Apprise switches the check off in it where the address says `verify=no`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

KEPT_FOR = 600.0
"""Seconds, after which a change of the machine's certificates is seen."""

_thread = threading.local()


class _Keeping:
    """The `ssl` library, whose default context is kept for the server of this thread."""

    def __init__(self, library: Any) -> None:
        self._library = library
        self._kept: dict[str, tuple[float, Any]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)

    def create_default_context(self, *given: Any, **how: Any) -> Any:
        """A context as the library makes it."""
        server = getattr(_thread, "server", None)
        if server is None or given or how:
            return self._library.create_default_context(*given, **how)
        made, context = self._kept.get(server, (0.0, None))
        if context is None or time.monotonic() - made > KEPT_FOR:
            context = self._library.create_default_context()
            self._kept[server] = (time.monotonic(), context)
        return context


def keep_contexts(plugin: Any) -> None:
    """Let this module of Apprise use kept contexts. Called again it does nothing."""
    if not isinstance(plugin.ssl, _Keeping):
        plugin.ssl = _Keeping(plugin.ssl)


@contextmanager
def of(server: str) -> Iterator[None]:
    """Within it, this thread's letters go to the mail server with this whole address."""
    _thread.server = server
    try:
        yield
    finally:
        _thread.server = None

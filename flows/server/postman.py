"""
The postman: delivers what the outbox holds, as soon as a door says so and in any case every half minute.

A thread of the running system. Where there is none (stock workers), the sweep delivers every quarter of an hour.
"""

from __future__ import annotations

import logging
import threading

from safeguarding.dates.london import now
from safeguarding.errors import SafeguardingError
from tasks.post.deliver import Postbox
from tasks.record.delivering import deliver
from tasks.record.installation import Installation

log = logging.getLogger("safeguarding.postman")

ROUND_EVERY = 30.0
"""Seconds between two rounds when nobody calls."""


class Postman:
    """Delivers in a thread of its own until `stop`."""

    def __init__(self, installation: Installation, post: Postbox | None = None) -> None:
        self._installation, self._post = installation, post
        self._called, self._stopping = threading.Event(), False
        self._thread = threading.Thread(target=self._rounds, name="postman", daemon=True)

    def start(self) -> None:
        """Begin the rounds."""
        self._thread.start()

    def call(self) -> None:
        """There may be something to deliver: start a round now."""
        self._called.set()

    def stop(self) -> None:
        """Finish the round under way and end."""
        self._stopping = True
        self._called.set()
        self._thread.join(timeout=20)

    def _rounds(self) -> None:
        while not self._stopping:
            self._called.clear()
            try:
                deliver(self._installation, now(), self._post)
            except (SafeguardingError, OSError) as error:
                log.error("the round was given up: %s", type(error).__name__)
            self._called.wait(ROUND_EVERY)

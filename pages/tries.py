"""
How often one browser may try: whoever asks for codes or types them by the hundred waits.

Kept in memory, since it bounds what one process is asked. What bounds the guesses at one mailbox is kept in the record.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

WITHIN = 600.0
"""Seconds."""
AT_MOST = 60
"""Tries of one address on the network in that time: an office shares one, and each person needs two or three."""
REMEMBERED = 4096
"""Addresses at once."""


class Tries:
    """The tries of each address on the network. `clock` counts seconds from anywhere."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, at_most: int = AT_MOST) -> None:
        self._clock, self._at_most = clock, at_most
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def too_often(self, whence: str) -> bool:
        """Note one more try from there; whether it is one too many."""
        now, tries = self._clock(), self._seen.setdefault(whence, deque(maxlen=self._at_most))
        self._seen.move_to_end(whence)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        while tries and tries[0] <= now - WITHIN:
            tries.popleft()
        if len(tries) >= self._at_most:
            return True
        tries.append(now)
        return False

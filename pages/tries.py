"""
How often may be tried from one address on the network: whoever asks for codes or types wrong ones by the hundred waits.

A partnership comes from one address, and on a Monday morning all of it at once: what came to good counts no more, and
whoever is signed in, or at a browser by which they were before, is counted by themselves: one who guesses shuts out
nobody else. Kept in memory, since it bounds what one process is asked. What bounds the guesses at one mailbox is kept
in the record.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

WITHIN = 600.0
"""Seconds."""
AT_MOST = 60
"""Tries that failed, from one address on the network in that time, or of one person or known browser there."""
ASKED_AT_MOST = 300
"""Codes that were asked for from there in that time and by which nobody was signed in: a letter takes its minutes."""
REMEMBERED = 4096
"""Addresses at once."""


class Tries:
    """The tries of each address on the network. `clock` counts seconds from anywhere."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, at_most: int = AT_MOST) -> None:
        self._clock, self._at_most, self._lock = clock, at_most, Lock()
        self._seen: OrderedDict[str, list[tuple[float, str]]] = OrderedDict()

    def too_often(self, whence: str, by: str = "") -> bool:
        """
        Note one more try from there, of this browser or person; whether it is one too many.

        It counts from its beginning, so that many at the same moment are as many as one after the other.
        """
        with self._lock:
            since = self._clock() - WITHIN
            tries = [one for one in self._seen.get(whence, ()) if one[0] > since]
            self._seen[whence] = tries
            self._seen.move_to_end(whence)
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
            if len(tries) >= self._at_most:
                return True
            tries.append((self._clock(), by))
            return False

    def came_good(self, whence: str, by: str = "") -> None:
        """The last try of this browser or person counts no more: that one alone, whoever else tried before it."""
        with self._lock:
            tries = self._seen.get(whence, [])
            place = next((at for at in reversed(range(len(tries))) if tries[at][1] == by), None)
            if place is not None:
                del tries[place]

"""
How slow this machine is now, so that what waits for a running system waits longer where everything takes longer.

Measured and not guessed: a fixed piece of work takes three times as long where two others run tests beside it. Nobody
waits longer than it takes; a wait only ends later where it would have been a failure.
"""

from __future__ import annotations

import hashlib
import time

REFERENCE = 0.005
"""Seconds that the piece of work takes on the machine that the waits were written for, with nothing beside it."""
AT_MOST = 4.0
MEASURED_FOR = 20.0
"""Seconds for which a measurement holds: others begin and end their tests."""

_last: list[tuple[float, float]] = []


def slowness() -> float:
    """How many times longer than on the reference things take now: from 1 to 4; the slowest that was seen lately."""
    moment = time.monotonic()
    _last[:] = [seen for seen in _last if moment - seen[0] < 6 * MEASURED_FOR]
    if not _last or moment - _last[-1][0] > MEASURED_FOR:
        _last.append((moment, min(max(_work() / REFERENCE, 1.0), AT_MOST)))
    return max(seen[1] for seen in _last)


def patience(seconds: float) -> float:
    """So many seconds of the reference, as seconds of this machine as it is now."""
    return seconds * slowness()


def _work() -> float:
    """The seconds that the piece of work takes: the mean of five, for a busy machine is slow by turns."""
    began = time.perf_counter()
    for _ in range(5):
        digest = b""
        for number in range(8_000):
            digest = hashlib.sha256(digest + number.to_bytes(4, "big")).digest()
    return (time.perf_counter() - began) / 5

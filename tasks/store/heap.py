"""
The C library's share of a process's memory: kept in one place, and given back to the machine when it is free.

glibc keeps free memory apart for every few threads, up to eight such places for each processor, and gives back little
of what it ever had. With three processes of a dozen threads each that is tens of megabytes in which nothing lies.
Elsewhere (musl, macOS) there is nothing of this kind to set, and nothing is done.
"""

from __future__ import annotations

import ctypes
import gc
import threading
from collections.abc import Callable

TRIM_ABOVE, MMAP_ABOVE, ARENAS = -1, -3, -8
"""glibc's numbers for what can be set, of its <malloc.h>."""
SIZE = 128 * 1024
"""Bytes: glibc's own beginning for both, which it raises by itself unless it is set."""
GIVEN_BACK_EVERY = 60.0
"""Seconds. It takes some thousandths of a second, and finds most after a start and after Prefect's file was written
anew."""


def keep_in_one_place() -> bool:
    """
    One place for all threads from now on; whether it was so set. Call it before a second thread is begun.

    Python runs one thread at a time, so that they seldom wait for it.
    """
    set_to = _of_glibc("mallopt")
    if set_to is None:
        return False
    return all(set_to(what, value) == 1 for what, value in ((ARENAS, 1), (MMAP_ABOVE, SIZE), (TRIM_ABOVE, SIZE)))


def give_back() -> bool:
    """Let go what nothing holds any more, and give back what is free then; whether anything was."""
    gc.collect()
    trim = _of_glibc("malloc_trim")
    return trim is not None and trim(0) == 1


def keep_giving_back() -> None:
    """Now and again, for as long as this process runs."""
    if _of_glibc("malloc_trim") is not None:
        threading.Thread(target=_give_back_again, name="give-back", daemon=True).start()


def _give_back_again() -> None:
    waiting = threading.Event()
    while not waiting.wait(GIVEN_BACK_EVERY):
        give_back()


def _of_glibc(name: str) -> Callable[..., int] | None:
    """A function of this process's C library; None where that is another one."""
    try:
        found: Callable[..., int] = ctypes.CDLL(None)[name]
    except (AttributeError, OSError, TypeError):
        return None
    return found

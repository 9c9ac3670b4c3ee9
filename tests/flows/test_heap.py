"""
What the C library keeps of a process's memory, and gives back. Each in a process of its own, for it is set for good.
"""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest
from driver.page import surroundings

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has nothing to set")

ARENAS = """
import ctypes, sys, threading
from tasks.store import heap
print(heap.keep_in_one_place() if "set" in sys.argv else "left")
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
together = threading.Barrier(8)
def take():
    together.wait()
    libc.malloc(1000)
    together.wait()
threads = [threading.Thread(target=take) for _ in range(8)]
for one in threads: one.start()
for one in threads: one.join()
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
print(open(sys.argv[1]).read().count("<heap nr="))
"""
GIVEN = """
from pathlib import Path
from tasks.store import heap
import gc
def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
class Holds: pass
gc.disable()
heap.keep_in_one_place()
kept = []
for _ in range(200):
    one = Holds()
    one.itself, one.much = one, [bytearray(4000) for _ in range(50)]
    kept.append(bytearray(4000))
del one
before = held()
print(heap.give_back(), before - held() > 30_000_000)
"""


def ran(code: str, *arguments: str, **environment: str) -> list[str]:
    """The lines that this says."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(
        command, env=surroundings() | environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout.splitlines()


def test_all_threads_take_from_one_place(tmp_path: object) -> None:
    """Eight threads that take memory at once: from one place, where it is so set; from several as glibc is."""
    assert ["True", "1"] == ran(ARENAS, f"{tmp_path}/arenas", "set")
    assert int(ran(ARENAS, f"{tmp_path}/arenas")[-1]) > 1


def test_what_nothing_holds_is_given_back() -> None:
    """Forty megabytes that only hold themselves, between what is kept: the machine has them back."""
    assert ["True True"] == ran(GIVEN)

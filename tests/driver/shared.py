"""What is made once for a whole run of the tests, also where several processes of it run beside each other."""

from __future__ import annotations

import atexit
import os
import tempfile
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path
from shutil import rmtree

FOLDER = "TESTS_SHARED_FOLDER"
"""In the environment: where such things lie. Whoever sets it takes the folder away."""


def begin() -> Callable[[], None]:
    """Make the folder for this process and those that it starts; what takes it away again."""
    made = tempfile.mkdtemp(prefix="tests-shared-")
    os.environ[FOLDER] = made

    def end() -> None:
        os.environ.pop(FOLDER, None)
        rmtree(made, ignore_errors=True)

    return end


@cache
def _folder() -> Path:
    if FOLDER not in os.environ:  # Outside the tests, as in a benchmark.
        atexit.register(begin())
    return Path(os.environ[FOLDER])


@cache
def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """The file of this name, made by whoever is there first; others wait for it."""
    file, making = _folder() / name, _folder() / f"making-{name}"
    with (_folder() / f"{name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not file.exists():
            make(making)
            making.rename(file)
    return file

"""
The processes that the one command starts beside itself: forked from it while it begins, or begun anew.

Prefect's server, the people's pages and the command itself need much of the same, and importing it takes most of a
start. So it is imported once, and what is forked then has it already, in memory that all of them share. A fork takes
along whatever else its parent holds, therefore it comes first: before a record is opened, a thread begun or a key read.
It then does nothing but import what is its own and wait for its order, and ends without a trace where none comes.
Whatever dies later is begun anew, as on machines where nothing can be forked so.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, NoReturn, Protocol

from flows.server import prefect_settings

STANDARD_INPUT, AND_OUTPUTS = 0, (1, 2)
LOOK_EVERY = 0.05
"""Seconds between two looks whether a child that is waited for has ended."""
ENDS_WITHIN = 15.0
"""Seconds that a child which is not needed has to end by itself."""
NAME = Path("/proc/self/comm")
"""Where a process writes by which name `ps` and `top` show it."""
THREADS = Path("/proc/self/task")
"""One entry for each thread of this process, those of libraries too."""


class Child(Protocol):
    """A process that was started here, as `subprocess` speaks of it."""

    @property
    def stdin(self) -> IO[bytes] | None:
        """Our end of its standard input."""

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended. Raises subprocess.TimeoutExpired."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a child is to do: run a module as `python -m` does."""

    module: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: str
    """The file to which its standard output and errors go."""


class Forked:
    """A child that was forked from this process and waits for its order."""

    def __init__(self, process: int, stdin: IO[bytes]) -> None:
        self.pid, self.stdin = process, stdin
        self._code: int | None = None
        self._looking = threading.Lock()

    def told(self, order: Order) -> bool:
        """Give it its order; whether it is still there to take it."""
        try:
            self.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
            self.stdin.flush()
        except OSError:
            return False
        return self.poll() is None

    def poll(self) -> int | None:
        """Its exit code, negative where a signal ended it; None while it runs."""
        with self._looking:
            if self._code is None:
                ended, status = os.waitpid(self.pid, os.WNOHANG)
                if ended:
                    self._code = os.waitstatus_to_exitcode(status)
            return self._code

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended. Raises subprocess.TimeoutExpired."""
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired("a forked child", timeout or 0.0)
            time.sleep(LOOK_EVERY)
        return code

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._send(signal.SIGKILL)

    def dismiss(self) -> None:
        """It is not needed, or not any more: end it and wait for its end."""
        with contextlib.suppress(OSError):
            self.stdin.close()
        self.terminate()
        try:
            self.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            self.wait()

    def _send(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def begin(order: Order, waiting: Forked | None = None) -> Child:
    """
    Have a child do this: the one that waits for its order, if it is there, or a new one.

    It is in a session of its own, so that Ctrl-C reaches this process first, and can tell by its standard input when
    this process is gone.
    """
    if waiting is not None and waiting.told(order):
        return waiting
    with Path(order.log).open("ab") as out:
        return subprocess.Popen(  # noqa: S603  our own interpreter and module
            [sys.executable, "-m", order.module, *order.arguments],
            env=dict(order.environment),
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def can_fork() -> bool:
    """Whether a fork of this process would be whole: it has one thread, and the system has no frameworks of its own."""
    return sys.platform == "linux" and THREADS.is_dir() and len(list(THREADS.iterdir())) == 1


def fork(name: str, modules: Sequence[str]) -> Forked:
    """A child that goes by this name, imports these modules and waits for its order."""
    theirs, ours = os.pipe()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    if (process := os.fork()) == 0:
        _live(name, modules, theirs)
    os.close(theirs)
    return Forked(process, os.fdopen(ours, "wb"))


def bring(modules: Sequence[str], *, tidy: bool = False) -> None:
    """
    Import these modules, for good.

    To look again and again for what of all that could be let go takes a fifth of the time, and would write into memory
    that is shared later. `tidy`: look once, at the end. What importing leaves over is then let go (of Prefect's server
    10 MB); whoever is forked afterwards would write into the gaps, and so share less.
    """
    gc.disable()
    try:
        for module in modules:
            pkgutil.resolve_name(module)
        if tidy:
            gc.collect()
    finally:
        gc.freeze()
        gc.enable()


# --------------------------------------------------------------------------- in the child


def _live(name: str, modules: Sequence[str], orders: int) -> NoReturn:
    """All that a child does, from the fork to its end."""
    code = 1
    try:
        os.setsid()
        os.dup2(orders, STANDARD_INPUT)
        _speak_to(os.devnull)
        os.closerange(max(AND_OUTPUTS) + 1, os.sysconf("SC_OPEN_MAX"))
        with contextlib.suppress(OSError):
            NAME.write_text(name)
        bring(modules, tidy=True)
        code = _do(order) if (order := _awaited()) is not None else 0
    except BaseException:  # noqa: BLE001  nothing of the parent is to be unwound in its child
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def _awaited() -> Order | None:
    """The order, once it comes; None where the parent is gone or needs nothing."""
    line = bytearray()
    while not line.endswith(b"\n"):
        if not (sign := os.read(STANDARD_INPUT, 1)):
            return None
        line += sign
    return Order(**json.loads(line))


def _speak_to(file: str) -> None:
    """Whatever is said from now on goes there."""
    opened = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for output in AND_OUTPUTS:
        os.dup2(opened, output)
    os.close(opened)


def _do(order: Order) -> int:
    """Run the module as a process of its own would; its exit code."""
    prefect_settings.replace_environment(order.environment)
    _speak_to(order.log)
    sys.argv[:] = [order.module, *order.arguments]
    try:
        runpy.run_module(order.module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    return 0

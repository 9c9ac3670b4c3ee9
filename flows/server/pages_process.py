"""
The people's pages as a process beside this one: started, watched, started again if it dies, and ended with this one.
"""

from __future__ import annotations

import logging
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from flows.server.child import Child, Forked, Order, begin

log = logging.getLogger("safeguarding.serve")

READY_WITHIN, STOPS_WITHIN, LOOK_EVERY = 60.0, 10.0, 2.0
"""Seconds."""
REFUSED = 78
"""The exit code of pages that refuse to start: EX_CONFIG, for starting them again would change nothing."""


class PagesProcess:
    """The pages as a child process. Ends only the process that it started."""

    def __init__(
        self,
        port: int,
        url: str,
        log_file: Path,
        environment: Mapping[str, str],
        *,
        demo: bool,
        waiting: Forked | None = None,
    ) -> None:
        self.port, self.url, self.log = port, url, log_file
        self._environment, self._demo, self._waiting = environment, demo, waiting
        self._process: Child | None = None
        self._stopping = threading.Event()
        self._watching = threading.Thread(target=self._watch, name="pages-watch", daemon=True)

    def taken(self) -> bool:
        """Whether another program answers at the port, and still does after one whose parent was killed would not."""
        until = time.monotonic() + STOPS_WITHIN
        while self._listened_at():
            if time.monotonic() > until:
                return True
            time.sleep(0.5)
        return False

    def start(self) -> None:
        """Start it, and look after it from then on. It ends by itself when this process does, however that came."""
        self._begin()
        self._watching.start()

    def answers(self) -> bool:
        """Whether it answers within the time that a start may take."""
        until = time.monotonic() + READY_WITHIN
        while not self._answers():
            if time.monotonic() > until or self._process is None or self._process.poll() == REFUSED:
                return False
            time.sleep(0.2)
        return True

    def stop(self) -> None:
        """End it and wait for its end."""
        self._stopping.set()
        if self._process is None:
            return
        self._watching.join()  # Or it might just be starting another.
        self._process.terminate()
        try:
            self._process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._let_go()

    def _let_go(self) -> None:
        """Close our end of a process that is over."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def _begin(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        arguments = ("--port", str(self.port), "--while-stdin-is-open", *(["--demo"] if self._demo else []))
        order = Order("pages", arguments, self._environment, str(self.log))
        self._process, self._waiting = begin(order, self._waiting), None

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_EVERY):
            if self._process is not None and (code := self._process.poll()) is not None:
                if code == REFUSED:
                    log.error("The people's pages refuse to start (see %s)", self.log)
                    return
                log.warning("The people's pages ended; starting them again (see %s)", self.log)
                self._let_go()
                self._begin()

    def _listened_at(self) -> bool:
        with socket.socket() as asked:
            asked.settimeout(1)
            return asked.connect_ex(("127.0.0.1", self.port)) == 0

    def _answers(self) -> bool:
        try:
            address = f"http://127.0.0.1:{self.port}/static/icon.svg"
            with urllib.request.urlopen(address, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

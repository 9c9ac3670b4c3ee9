"""
The pages in a process of their own: `python -m pages`.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable

import uvicorn

from config.settings import Settings
from pages.application import application
from pages.running import Running
from safeguarding.dates.london import now
from safeguarding.errors import SafeguardingError
from tasks.events.nothing_typed import account_of
from tasks.record.installation import open_installation
from tasks.store import heap, private_files

log = logging.getLogger("safeguarding.pages")

SAYS_SO_EVERY = 300.0
"""Seconds between two notes in the record that the pages are there."""
REFUSED = 78
"""The exit code where it will not start, and starting it again would change nothing: EX_CONFIG."""


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; the exit code. What it refuses to start for is its last line."""
    private_files.make_private()
    heap.keep_in_one_place()
    heap.keep_giving_back()
    parser = argparse.ArgumentParser(prog="python -m pages", description=__doc__)
    parser.add_argument("--host", help="the address of this machine to listen at, if not that of the settings")
    parser.add_argument("--port", type=int, help="the port, if not that of the settings")
    parser.add_argument("--demo", action="store_true", help="offer the invented people of the demo's record by name")
    parser.add_argument("--while-stdin-is-open", action="store_true", help="stop when the starting process is gone")
    asked = parser.parse_args(arguments)
    if asked.while_stdin_is_open:
        threading.Thread(target=_stop_with_parent, name="parent", daemon=True).start()
    settings = Settings()
    port = asked.port or settings.port_of_pages
    try:
        installation = open_installation(now(), settings, make=False, take_up=False)
    except SafeguardingError as refused:
        sys.stderr.write(f"{refused}\n")
        return REFUSED
    with installation:
        running = Running(installation, by_name=asked.demo)
        served = application(running, port)
        # The guard itself looks at what a proxy says, and believes one on this machine only.
        host = asked.host or settings.pages_host
        server = uvicorn.Server(
            uvicorn.Config(served, host=host, port=port, log_level="warning", proxy_headers=False, server_header=False)
        )
        # Uvicorn ends by a signal, and then gives it back to whoever had it before: there is still something to note.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        ended = threading.Event()
        threading.Thread(target=_say_so, args=(running, ended), name="pages-pulse", daemon=True).start()
        server.run()
        ended.set()
        _noted(running.is_gone)
    return 0 if server.started else 1


def _say_so(running: Running, ended: threading.Event) -> None:
    """Say in the record that the pages are there, now and again; where it cannot be written now, later."""
    _noted(running.is_there)
    _noted(running.read_open_words)
    while not ended.wait(SAYS_SO_EVERY):
        _noted(running.is_there)


def _noted(note: Callable[[], None]) -> None:
    try:
        note()
    except Exception as error:  # noqa: BLE001  the pages are there all the same
        log.error("What the pages do beside being asked could not be done (%s)", account_of(error))


def _stop_with_parent() -> None:
    """Standard input ends when the process that holds its other end does, however that came about."""
    while os.read(0, 4096):  # By its number: where the starting process was given none, Python has no name for it.
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())

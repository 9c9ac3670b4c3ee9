"""
One command runs it all: Prefect's server, the cards, the short forms and the sweep, until Ctrl-C.

The server is a process of its own, started here, watched, started again if it dies, and stopped with this one. It is
ready when every open stage of every review has its card. Starting again keeps everything.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from flows.server import prefect_settings
from flows.server.child import Child, Forked, Order, begin
from flows.server.set_aside import set_aside, words
from safeguarding.dates.london import now
from tasks.events.nothing_typed import account_of

log = logging.getLogger("safeguarding.serve")

SERVER_READY_WITHIN = 120.0
SERVER_STOPS_WITHIN = 15.0
LOOK_AT_SERVER_EVERY = 2.0
"""Seconds."""
ASK_SERVER_EVERY = 15.0
SILENT_FOR = 120.0
"""Seconds after which a server that lives and answers nobody is ended: as long as a start may take."""

REFUSED = 78
"""The exit code of a server that refuses to start: EX_CONFIG, for starting it again would change nothing."""


class ServerDidNotStart(RuntimeError):
    """Prefect's server did not answer in time: its log says why. `code`: what the whole ends with."""

    def __init__(self, words: str, code: int) -> None:
        self.code = code
        super().__init__(words)


class Server:
    """Prefect's server as a child process. Ends only the process that it started."""

    def __init__(self, home: Path, port: int, environment: Mapping[str, str], waiting: Forked | None = None) -> None:
        self.home, self.port, self._environment = home, port, environment
        self.log = home / "server.log"
        self._process: Child | None = None
        self._waiting = waiting
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        """Where to look."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """
        Start it: the process that waits for it, or a new one.

        It stops by itself when its standard input ends: however this process dies, no server is left behind.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        arguments = ("--home", str(self.home), "--port", str(self.port), "--while-stdin-is-open", "--with-record")
        order = Order("flows.server.server", arguments, self._environment, str(self.log))
        self._process, self._waiting = begin(order, self._waiting), None

    def healthy(self) -> bool:
        """Whether it answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/api/health", timeout=2) as answer:  # noqa: S310  http, this machine
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def taken(self) -> bool:
        """Whether another server answers here, and still does after one whose parent was killed would have gone."""
        until = time.monotonic() + SERVER_STOPS_WITHIN
        while self.healthy():
            if time.monotonic() > until:
                return True
            time.sleep(0.5)
        return False

    def wait(self) -> None:
        """Until it answers. Raises ServerDidNotStart."""
        until = time.monotonic() + SERVER_READY_WITHIN
        while not self.healthy():
            died = self._process is not None and self._process.poll() is not None
            if died or self._stopping.is_set() or time.monotonic() > until:
                raise self._why_not()
            time.sleep(0.2)

    def _why_not(self) -> ServerDidNotStart:
        said = f"{self._last_words().rstrip('.')} (see {self.log})."
        if self._process is not None and self._process.poll() == REFUSED:
            return ServerDidNotStart(said, REFUSED)
        words = f"Prefect's server did not start: {said}"
        remedy = (
            f"If it complains of its database, delete {self.home / 'prefect.db'}: the record brings every card back."
        )
        return ServerDidNotStart(f"{words} {remedy}", 1)

    def _last_words(self) -> str:
        """What it said last, for whoever started it: a refusal is one line."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        said = next((line for line in reversed(lines) if line.strip()), "it said nothing")
        return said.partition("safeguarding.server: ")[2] or said[:300]

    def watch(self) -> None:
        """Start it again whenever it has died, or lives and answers nobody, until `stop`. Runs in a thread."""
        answered = asked = time.monotonic()
        while not self._stopping.wait(LOOK_AT_SERVER_EVERY):
            moment = time.monotonic()
            if not prefect_settings.keeps_a_port(self.home):
                prefect_settings.keep_port(self.home, self.port)
            if self._process is not None and self._process.poll() is not None:
                log.warning("Prefect's server ended; starting it again (see %s)", self.log)
                self.set_aside()
                self.start()
                answered = moment
            elif moment - asked > ASK_SERVER_EVERY:
                asked = moment
                answered = moment if self.healthy() else answered
                if moment - answered > SILENT_FOR and self._process is not None:
                    log.warning("Prefect's server answers nobody; starting it again (see %s)", self.log)
                    self._process.kill()
                    self._process.wait()

    def set_aside(self) -> str | None:
        """Give a damaged database of Prefect's another name; what is said of it, if so."""
        file = prefect_settings.database_file(self.home)
        aside = set_aside(file, now()) if file is not None else None
        if aside is None:
            return None
        log.warning("%s", words(aside))
        return words(aside)

    def stop(self) -> None:
        """End it and wait for its end."""
        self._stopping.set()
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(SERVER_STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class RunsFlows(Protocol):
    """What runs the flows (`doors.Doors`), named here so that it is imported while the server starts."""

    async def run(self, ready: Callable[[int, int, Sequence[str]], object]) -> None:
        """Run until `stop`; calls `ready` with the number of open stages, of cards, and what could not be kept."""

    def stop(self) -> None:
        """Take no new work and finish what is under way."""


def run(
    home: Path,
    port: int,
    environment: Mapping[str, str],
    open_doors: Callable[[], RunsFlows],
    cards_page: str,
    say: Callable[[str], object] = print,
    waiting: Forked | None = None,
) -> int:
    """
    Run everything until Ctrl-C or SIGTERM; the exit code. `home` is where Prefect keeps its files; what it is set up
    with is prepared already.

    `environment` is the server's: by its settings it finds our record, to try forms against while they are filled in.
    `open_doors` is called while the server starts, when Prefect may be imported: it gives the process its desk and
    returns the doors. `cards_page` is where the cards are. `waiting` is a process that can become the server.
    """
    server = Server(home, port, environment, waiting)
    if server.taken():
        say(f"Something already answers at {server.url}: stop it, or choose another port.")
        return 1
    if (aside := server.set_aside()) is not None:
        say(aside)
    with _asked_to_stop() as asked:
        server.start()
        try:
            doors = open_doors()
            server.wait()
            prefect_settings.keep_port(home, port)
            threading.Thread(target=server.watch, name="server-watch", daemon=True).start()
            return _run_until(asked, doors, cards_page, say)
        except ServerDidNotStart as failed:
            say(str(failed))
            return failed.code
        finally:
            prefect_settings.forget_port(home, port)
            server.stop()


def _run_until(asked: threading.Event, doors: RunsFlows, cards_page: str, say: Callable[[str], object]) -> int:
    """Run the doors in a thread of their own: in the main one Prefect's engine takes SIGTERM for itself."""
    failures: list[Exception] = []

    def ready(open_stages: int, cards: int, faults: Sequence[str]) -> None:
        if cards == open_stages and not faults:
            say(f"Ready: {open_stages} open stages, each waiting on its card at {cards_page}")
        else:
            say(f"Ready: {open_stages} open stages and {cards} cards, NOT one for each, at {cards_page}")
            say("\n".join(f"  cannot be kept: {fault}" for fault in faults))

    def work() -> None:
        try:
            asyncio.run(doors.run(ready))
        except Exception as error:  # noqa: BLE001  carried to the thread that reports it
            failures.append(error)
        finally:
            asked.set()

    thread = threading.Thread(target=work, name="doors")
    thread.start()
    asked.wait()
    doors.stop()
    if not failures:
        say("Stopping: what is under way is finished first.")
    thread.join()
    for error in failures:
        say(f"The doors closed by themselves: {account_of(error)}")
    return 1 if failures else 0


@contextmanager
def _asked_to_stop() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set; a second Ctrl-C is the usual one."""
    asked = threading.Event()

    def ask(number: int, frame: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

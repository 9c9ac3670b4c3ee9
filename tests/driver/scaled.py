"""
The system in parts: PostgreSQL and Redis of this machine, replicas of the server, its services, stock workers, pages.

Everything listens on loopback at ports of its own, keeps its files in one folder and ends with it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import httpx
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from config.settings import Settings
from driver.page import NotAnswered, free_port, surroundings
from driver.speed import patience
from safeguarding.dates.london import now
from tasks.record.installation import Installation, open_installation
from tasks.store.session import connect

POOL = "reviews"
STOPS_WITHIN = 20.0
"""Seconds."""
RESTART_AFTER = 5.0
"""Seconds: `RestartSec` of the units."""
UNPRIVILEGED = "postgres"
"""As whom the databases run when a test runs as root: PostgreSQL refuses root. Debian's package makes this user."""


def programs() -> dict[str, Path | None]:
    """The programs of Debian's packages that the parts need: `initdb` and `postgres`, `redis-server`."""
    newest = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=Path())
    found = {name: newest / name if (newest / name).is_file() else None for name in ("initdb", "postgres")}
    redis = shutil.which("redis-server")
    return {**found, "redis-server": Path(redis) if redis else None}


def missing() -> str:
    """What this machine lacks, in words; nothing where it lacks nothing."""
    return ", ".join(name for name, path in programs().items() if path is None)


class Scaled:
    """
    The parts, each a process; `folder` is their own, and whoever runs the databases may walk through it.

    Letters leave for the mail server at `mail_url`; without one none does. Where it is `durable`, PostgreSQL waits for
    its disk as it does elsewhere, which no test needs and each figure does.
    """

    login = ("unit", "a long login for the test")
    service = ("service", "a-word-of-the-test-for-our-own-processes")

    def __init__(
        self,
        folder: Path,
        *,
        simulation: bool = False,
        replicas: int = 2,
        durable: bool = False,
        mail_url: str = "",
    ) -> None:
        self.folder, self.home = folder, folder / "home"
        self._simulation, self._durable, self._mail_url = simulation, durable, mail_url
        self.postgresql, self.redis = free_port(), free_port()
        self.replicas = tuple(free_port() for _ in range(replicas))
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._as_postgresql: list[str] = []
        self._tended: dict[str, tuple[list[str | Path], dict[str, str]]] = {}
        self._tender: threading.Thread | None = None
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        """Where the page is: at the second replica, so that the first may die."""
        return self.api(1)

    def api(self, replica: int) -> str:
        """Where a replica is."""
        return f"http://127.0.0.1:{self.replicas[replica]}"

    def database(self, name: str) -> str:
        """The address of one of the two databases."""
        return f"postgresql://{UNPRIVILEGED}@127.0.0.1:{self.postgresql}/{name}"

    @cached_property
    def installation(self) -> Installation:
        """The record behind it, opened by this process too."""
        return open_installation(
            now(),
            Settings(home=self.home, partnership=None, database_url=self.database("record")),
            simulation=self._simulation,
        )

    def environment(self, replica: int = 0) -> dict[str, str]:
        """All that an operator sets: as in `deployments/scaled.env`."""
        word = ":".join(self.service)
        mail = {"SAFEGUARDING_SECRET_MAIL_URL": self._mail_url} if self._mail_url else {}
        return (
            surroundings()
            | mail
            | {
                "SAFEGUARDING_HOME": str(self.home),
                "SAFEGUARDING_DATABASE_URL": self.database("record"),
                "PREFECT_SERVER_DATABASE_CONNECTION_URL": self.database("prefect").replace("://", "+asyncpg://"),
                "PREFECT_MESSAGING_BROKER": "prefect_redis.messaging",
                "PREFECT_MESSAGING_CACHE": "prefect_redis.messaging",
                "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
                "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
                "PREFECT_REDIS_MESSAGING_URL": f"redis://127.0.0.1:{self.redis}/0",
                "PREFECT_SERVER_DOCKET_URL": f"redis://127.0.0.1:{self.redis}/1",
                "PREFECT_SERVER_API_AUTH_STRING": word,
                "PREFECT_API_AUTH_STRING": word,
                "PREFECT_API_URL": f"{self.api(replica)}/api",
                "PREFECT_HOME": str(self.home / "prefect"),
                "PREFECT_WORKER_QUERY_SECONDS": "2",
                "PREFECT_LOGGING_LEVEL": "WARNING",
                "PREFECT_LOGGING_CONFIG_PATH": str(resources.files("flows.server").joinpath("logging.yml")),
                "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
                "DO_NOT_TRACK": "1",
            }
        )

    # ----------------------------------------------------------------------- starting and stopping

    def start(self) -> Self:
        """Start the databases, then the three parts of the server at once; return when every replica answers."""
        self.databases()
        self.installation.records.list()
        kept = self.command("login", typed=":".join(self.login))
        if kept.returncode:
            raise NotAnswered(kept.stderr)
        for number, port in enumerate(self.replicas):
            self._ours(f"replica-{number}", "server", "--no-services", "--port", str(port))
        self._ours("services", "server", "--services-only")
        for number in range(len(self.replicas)):
            self._until(f"replica-{number}", lambda number=number: self._healthy(number))
        return self

    def work(self, *names: str) -> None:
        """Start stock workers, each at a replica of its own."""
        prefect = Path(sys.executable).with_name("prefect")
        for number, name in enumerate(names):
            command: list[str | Path] = [prefect, "worker", "start", "--pool", POOL, "--limit", "3", "--name", name]
            environment = self.environment(number % len(self.replicas))
            self._begin(name, command, environment=environment)
            self._tended[name] = (command, environment)
        if self._tender is None:
            self._tender = threading.Thread(target=self._tend, name="tender", daemon=True)
            self._tender.start()

    def rest(self, *names: str) -> None:
        """Stop these workers, or other parts, as their operator would; nothing starts them again."""
        for name in names:
            self._tended.pop(name, None)
        self._stop(names)

    def people_pages(self, *ports: int) -> None:
        """Start the people's pages at these ports; the demo's people sign in by name. Returns when all answer."""
        for port in ports:
            command: list[str | Path] = [sys.executable, "-m", "pages", "--demo", "--port", str(port)]
            self._begin(f"pages-{port}", command, environment=self.environment())
        for port in ports:
            self._until(f"pages-{port}", lambda port=port: self._answers(f"http://127.0.0.1:{port}/sign-in"))

    def _tend(self) -> None:
        """Start a worker again that ended by itself, as `Restart=on-failure` of its unit does."""
        while not self._stopping.wait(RESTART_AFTER):
            for name, (command, environment) in tuple(self._tended.items()):
                process = self.running.get(name)
                if process is not None and process.poll() not in (None, 0) and not self._stopping.is_set():
                    self._begin(name, command, environment=environment)

    def command(self, *words: str, typed: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a command of ours to its end, in the operator's environment; `typed` is what it reads."""
        command = [str(Path(sys.executable).with_name("safeguarding")), *words]
        environment = self.environment() | changes
        return subprocess.run(
            command, input=typed, env=environment, cwd=self.folder, capture_output=True, text=True, check=False
        )

    def kill(self, name: str) -> None:
        """SIGKILL to one of the processes."""
        self.running[name].kill()
        self.running.pop(name).wait()

    def stop(self) -> None:
        """End every process that was started here, the databases last, each as its operator would."""
        self._stopping.set()
        if self._tender is not None:
            self._tender.join()
        self.installation.close()
        databases = ("postgresql", "redis")
        self._stop([name for name in self.running if name not in databases])
        self._stop(list(databases))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.stop()

    def logs(self) -> Iterator[Path]:
        """What each process printed."""
        return (path for path in self.folder.glob("*.log"))

    def kept_in_redis(self) -> bytes:
        """Every byte that Redis holds now."""
        with Redis(port=self.redis) as redis:
            redis.save()
        return (self.folder / "databases" / "dump.rdb").read_bytes()

    # ----------------------------------------------------------------------- one process

    def databases(self) -> None:
        """Start PostgreSQL and Redis, with an empty database for the record and one for Prefect."""
        data = self.folder / "databases"
        data.mkdir()
        if os.geteuid() == 0:
            self.folder.chmod(0o711)
            shutil.chown(data, UNPRIVILEGED)
        found = {name: str(path) for name, path in programs().items()}
        made = ["-D", str(data / "postgresql"), "-U", UNPRIVILEGED, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        self._begin("initdb", [found["initdb"], "--no-sync", *made], plain=True)
        if self.running.pop("initdb").wait():
            raise NotAnswered((self.folder / "initdb.log").read_text())
        quick = [] if self._durable else ["-c", "fsync=off"]
        here = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200"]
        at = ["-D", str(data / "postgresql"), "-p", str(self.postgresql)]
        self._as_postgresql = [found["postgres"], *at, *quick, *here]
        self._begin("postgresql", self._as_postgresql, plain=True)
        bound = ["--bind", "127.0.0.1", "--port", str(self.redis), "--dir", str(data)]
        self._begin("redis", [found["redis-server"], *bound, "--save", "", "--rdbcompression", "no"], plain=True)
        self._until("redis", self._redis_answers)
        self._until("postgresql", self._made_both)

    def kill_postgresql(self) -> None:
        """PostgreSQL dies as a machine dies that loses its power: it says goodbye to nobody."""
        process = self.running.pop("postgresql")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def postgresql_again(self) -> None:
        """Start it again on what it left; it mends that by itself, and answers after a while."""
        self._begin("postgresql", self._as_postgresql, plain=True)

    def _redis_answers(self) -> bool:
        try:
            with Redis(port=self.redis) as redis:
                return bool(redis.ping())
        except RedisError:
            return False

    def _made_both(self) -> bool:
        engine = connect(self.database("postgres")).execution_options(isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                for name in ("record", "prefect"):
                    connection.execute(text(f"CREATE DATABASE {name}"))
            return True
        except OperationalError:
            return False
        finally:
            engine.dispose()

    def _healthy(self, replica: int) -> bool:
        return self._answers(f"{self.api(replica)}/api/health")

    def _answers(self, address: str) -> bool:
        try:
            return httpx.get(address, timeout=2).is_success
        except httpx.HTTPError:
            return False

    def _ours(self, name: str, *words: str) -> None:
        self._begin(name, [Path(sys.executable).with_name("safeguarding"), *words], environment=self.environment())

    def _begin(
        self,
        name: str,
        command: Sequence[str | Path],
        environment: dict[str, str] | None = None,
        plain: bool = False,
    ) -> None:
        out: IO[bytes]
        with (self.folder / f"{name}.log").open("ab") as out:
            self.running[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=environment or surroundings(),
                start_new_session=True,
                user=UNPRIVILEGED if plain and os.geteuid() == 0 else None,
            )

    def _until(self, name: str, there: Callable[[], bool], within: float = 90.0) -> None:
        until = time.monotonic() + patience(within)
        while not there():
            if self.running[name].poll() is not None or time.monotonic() > until:
                said = (self.folder / f"{name}.log").read_text(errors="replace")
                raise NotAnswered(f"{name} did not start: {said[-2000:]}")
            time.sleep(0.1)

    def _stop(self, names: Sequence[str]) -> None:
        alive = [self.running.pop(name) for name in names if name in self.running]
        for process in alive:
            process.send_signal(signal.SIGINT)
        for process in alive:
            try:
                process.wait(patience(STOPS_WITHIN))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

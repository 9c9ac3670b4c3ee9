"""
The real system started by its own command, and a manager's hands on its page, for the tests and the benchmarks.

What the page sends when a button is pressed is sent here without a browser: the same calls, the same forms.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import httpx

from config.settings import Settings
from driver.shared import made_once
from driver.speed import patience
from flows.cards.dialog import submission
from flows.demo.answers import answer, signer
from flows.privacy.filling import as_offered, filled
from flows.server import prepared
from safeguarding.dates.london import LONDON, now
from safeguarding.review.review import Review
from safeguarding.stages import STEPS
from tasks.record.installation import Installation, open_installation

Json = dict[str, Any]

READY_WITHIN = 150.0
ANSWERED_WITHIN = 45.0
DRAWN_WITHIN = 5.0
"""Seconds, on a machine that does nothing else (`driver.speed`). Nobody waits longer than it takes."""
UNFINISHED = ("SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING")
FINISHED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


class NotAnswered(AssertionError):
    """The page waited too long, or showed something else than one card."""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def surroundings() -> dict[str, str]:
    """The environment of this process without what a developer has set for the system itself."""
    # Buffered, as under systemd: what a person waits for must be said at once by the program itself.
    ours = ("PREFECT_", "SAFEGUARDING_", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def hears_ctrl_c() -> None:
    """For a program that is to be stopped by it: ignored by whoever starts the tests, it would be here too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def named(login: str) -> tuple[str, str]:
    """A login as an HTTP client takes it: the name and the words."""
    name, _, words = login.strip().partition(":")
    return name, words


class Served(Protocol):
    """A system that runs somewhere, as a manager's page and the tests need it."""

    @property
    def url(self) -> str:
        """Where the page is."""

    @property
    def login(self) -> tuple[str, str]:
        """The name and the words with which the page lets somebody in."""

    @property
    def service(self) -> tuple[str, str]:
        """What the system's own processes say instead."""

    @property
    def installation(self) -> Installation:
        """The record behind it."""


def prepared_prefect() -> Path:
    """What Prefect begins with, as it is made where the program is installed."""
    return made_once("prefect", prepared.make)


def empty_prefect() -> Path:
    """A database of Prefect's without a row, as Prefect itself makes it."""
    return prepared_prefect() / prepared.TABLES


class System:
    """`safeguarding demo` in a process of its own, on a record of its own, with its messages caught."""

    def __init__(self, home: Path, *, simulation: bool = True) -> None:
        self.home, self.port, self._simulation = home, free_port(), simulation
        self.log = home.parent / f"{home.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What an operator sets for this system and the commands beside it."""
        return {"SAFEGUARDING_HOME": str(self.home), "SAFEGUARDING_PREFECT_PORT": str(self.port)}

    @property
    def words(self) -> Sequence[str]:
        """What the command is asked."""
        return ("demo", "--home", str(self.home))

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def login(self) -> tuple[str, str]:
        """What the demo prints at each start."""
        return named((self.home / "demo-login").read_text())

    @property
    def service(self) -> tuple[str, str]:
        """What its own processes say."""
        return named((self.home / "service.login").read_text())

    @property
    def process(self) -> int | None:
        """The process of the command; None before it was started."""
        return None if self._process is None else self._process.pid

    @property
    def prefect(self) -> Path:
        """Where Prefect keeps its files."""
        return self.home / "prefect"

    @cached_property
    def settings(self) -> Settings:
        """The settings that the command has."""
        return Settings(home=self.home, partnership=None, database_url=None, prefect_port=self.port)

    @cached_property
    def installation(self) -> Installation:
        """The record behind it, opened by this process too."""
        return open_installation(now(), self.settings, simulation=self._simulation)

    def begin(self) -> None:
        """Start the command, without waiting for it."""
        command = [str(Path(sys.executable).with_name("safeguarding")), *self.words]
        with self.log.open("ab") as out:
            self._began_at = out.tell()
            self._process = subprocess.Popen(
                [*command, "--port", str(self.port)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=self.home.parent,
                env=surroundings() | self.environment,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Until it says that it is ready. Raises NotAnswered with the end of its log."""
        until = time.monotonic() + patience(READY_WITHIN)
        while b"Ready: " not in (said := self.log.read_bytes()[self._began_at :]):
            if self._process is None or self._process.poll() is not None or time.monotonic() > until:
                raise NotAnswered(f"the system did not start: {said[-2000:].decode(errors='replace')}")
            time.sleep(0.05)

    def start(self) -> Self:
        """Start the command and wait until it is ready."""
        self.begin()
        self.wait()
        return self

    def revive(self) -> None:
        """Wait until it is ready; if it could not start (what was shot still held the port), start it again."""
        try:
            self.wait()
        except NotAnswered:
            self.start()

    def stop(self) -> int:
        """Stop it as Ctrl-C does; its exit code."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        return self._process.wait(patience(60))

    def kill_server(self) -> None:
        """SIGKILL to Prefect's server and the pages; the command starts others."""
        if self._process is None or self._process.poll() is not None:
            return
        # Of every thread: the one that watches is the parent of a server that was started again.
        for children in Path(f"/proc/{self._process.pid}/task").glob("*/children"):
            for child in children.read_text().split():
                os.kill(int(child), signal.SIGKILL)

    @contextmanager
    def doors_held(self) -> Iterator[None]:
        """SIGSTOP to the command: the server answers, and nobody brings back what is gone meanwhile."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def kill_doors(self) -> None:
        """SIGKILL to the command: its runner and its sweep are gone, and the server stops by itself."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """SIGKILL to all of it."""
        self.kill_server()
        self.kill_doors()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            self.kill()
        self.installation.close()


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of an answer: the run, whether it is over, the words on the card that waits, and how long it took."""

    run: Json
    over: bool
    words: str
    seconds: float


def drawn(run: Json) -> bool:
    """Whether a run waits and its form and words lie under the wait: Prefect drops what lay there before."""
    key = run["state"]["state_details"]["pause_key"]
    return run["state"]["type"] == "PAUSED" and str(run["labels"].get("safeguarding.words")).startswith(f"{key}/")


class Manager:
    """
    What a manager does on the page of a system.

    `looks_every`: seconds between two looks at what is waited for. Each takes the server ten milliseconds, which who
    looks without a pause takes from what they wait for.
    """

    def __init__(self, system: Served, *, looks_every: float = 0.1) -> None:
        self.system, self._looks_every = system, looks_every
        self.api = httpx.Client(base_url=f"{system.url}/api", timeout=patience(30), auth=system.login)
        self.service = httpx.Client(base_url=f"{system.url}/api", timeout=patience(30), auth=system.service)
        """What an operator or one of the system's own processes could do to Prefect, and no manager."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.api.close()
        self.service.close()

    @property
    def today(self) -> date:
        """The day it is in London."""
        return self.now.date()

    @property
    def now(self) -> datetime:
        """The moment it is."""
        return datetime.now(LONDON)

    def read(self, reference: str) -> Review:
        """The review as the record has it."""
        return self.system.installation.records.read(reference)

    # ----------------------------------------------------------------------- by another door than the page

    def opened_elsewhere(self, **changes: Any) -> str:
        """A review opened as the command line does, so that Prefect has not heard of it; its reference."""
        raw = answer("open_referral", None, self.today, **changes)
        records = self.system.installation.records
        return records.open(raw, signer(STEPS["open_referral"].by), self.now).review.reference

    def taken_elsewhere(self, reference: str, *steps: str) -> None:
        """Take these steps as the command line does."""
        for step in steps:
            raw = answer(step, self.read(reference), self.today)
            self.system.installation.records.attempt(reference, step, raw, signer(STEPS[step].by), self.now)

    # ----------------------------------------------------------------------- looking

    def runs(self, *tags: str, states: Sequence[str] = UNFINISHED) -> list[Json]:
        """Every run with all these tags in one of these states."""
        wanted: Json = {"state": {"type": {"any_": list(states)}}, "tags": {"all_": list(tags)}}
        found: list[Json] = []
        while True:  # Prefect answers 200 at most, and one system serves many files of tests.
            page = {"flow_runs": wanted, "limit": 200, "offset": len(found), "sort": "ID_DESC"}
            more = self._ok(self.api.post("/flow_runs/filter", json=page))
            found += more
            if len(more) < 200:
                return found

    def card(self, reference: str) -> Json:
        """The one card of a review, which waits. Raises NotAnswered if there is another number of them."""
        until = time.monotonic() + patience(DRAWN_WITHIN)
        while True:
            found = self.runs("card", reference)
            if [run["state"]["type"] for run in found] != ["PAUSED"]:
                raise NotAnswered(f"{reference}: {[(run['name'], run['state']['name']) for run in found]}")
            if drawn(found[0]):
                return found[0]
            if time.monotonic() > until:
                raise NotAnswered(f"{reference}: the card has no face")
            time.sleep(self._looks_every)

    def asked(self, run: Json) -> Json:
        """The form of a card, as the page draws it."""
        return self._input(run, "schema")

    def words(self, run: Json) -> str:
        """The words above the form of a card."""
        return str(self._input(run, "description"))

    def _input(self, run: Json, part: str) -> Any:
        """What lies under a wait; where another system draws it again at this moment, once that is done."""
        until = time.monotonic() + patience(DRAWN_WITHIN)
        while True:
            key = run["state"]["state_details"]["pause_key"]
            found = self.api.get(f"/flow_runs/{run['id']}/input/suspended-{key}-{part}")
            if found.status_code != httpx.codes.NOT_FOUND or time.monotonic() > until:
                return self._ok(found)
            time.sleep(self._looks_every)
            run = self._ok(self.api.get(f"/flow_runs/{run['id']}"))

    def _ok(self, response: httpx.Response) -> Any:
        response.raise_for_status()
        return response.json()

    # ----------------------------------------------------------------------- answering a card

    def form(self, run: Json, step: str, review: Review | None, day: date, **changes: Any) -> Json:
        """What the page would send for a card: the example's answer to this step, in the words of the form."""
        drawn = self.asked(run)
        version = int(next(iter(drawn["definitions"][step]["properties"])).split("__v")[1].split("__")[0])
        sent = submission(step, version, filled(step, review, day, **changes))
        return {"step": as_offered(sent["step"], drawn["definitions"][step], drawn["definitions"])}

    def resume(self, run: Json, sent: Any) -> httpx.Response:
        """Press Submit."""
        return self._send(f"/flow_runs/{run['id']}/resume", {"run_input": sent})

    def tried(self, drawn: Json, sent: Any) -> Json:
        """What the page asks when Submit is pressed, before it sends anything; what is wrong with the form."""
        return self._ok(self._send("/ui/schemas/validate", {"schema": drawn, "values": sent}))  # type: ignore[no-any-return]

    def answer(self, reference: str, step: str, day: date | None = None, **changes: Any) -> Seen:
        """Open the card of a review, take this step with the example's answer, and wait for what comes of it."""
        run = self.card(reference)
        sent = self.form(run, step, self.read(reference), day or self.today, **changes)
        began = time.monotonic()
        said = self._ok(self.resume(run, sent))
        if said["status"] != "ACCEPT":
            raise NotAnswered(f"{reference}: {step}: {said}")
        return self.outcome(run, began)

    def outcome(self, run: Json, began: float | None = None) -> Seen:
        """Wait until the run is over or waits again. Raises NotAnswered."""
        key = run["state"]["state_details"]["pause_key"]
        began = time.monotonic() if began is None else began
        within = patience(ANSWERED_WITHIN)
        while time.monotonic() < began + within:
            now = self._ok(self.api.get(f"/flow_runs/{run['id']}"))
            state = now["state"]
            if state["type"] in FINISHED:
                return Seen(now, True, str(state["message"]), time.monotonic() - began)
            if state["type"] == "PAUSED" and state["state_details"]["pause_key"] != key and drawn(now):
                return Seen(now, False, self.words(now), time.monotonic() - began)
            time.sleep(self._looks_every)
        raise NotAnswered(f"{run['name']} is still {state['name']}")

    def next_card(self, reference: str, before: Json) -> Json:
        """Wait for the card that takes the place of this one. Raises NotAnswered."""
        until = time.monotonic() + patience(ANSWERED_WITHIN)
        while time.monotonic() < until:
            found = self.runs("card", reference)
            if len(found) == 1 and found[0]["id"] != before["id"] and drawn(found[0]):
                return found[0]
            time.sleep(self._looks_every)
        raise NotAnswered(f"{reference}: no card after {before['name']}")

    # ----------------------------------------------------------------------- short forms and the sweep

    def fill_in(self, step: str, reference: str | None, day: date | None = None, **changes: Any) -> Json:
        """Open the deployment of a short form, fill it in, press Submit and wait; the run that took it."""
        deployment = self.deployment(step)
        return self.finished(self.submit(deployment, self.short_form(deployment, step, reference, day, **changes)))

    def referred(self, day: date | None = None, **changes: Any) -> str:
        """Open a referral by its form; the reference of the review."""
        return str(self.fill_in("open_referral", None, day, **changes)["name"]).split(" · ")[0]

    def deployment(self, step: str) -> Json:
        """The deployment of a short form by its step, and that of the sweep by `sweep`."""
        entry = "flows.watch.watch" if step == "sweep" else f"flows.beside_the_stages.{step}"
        found = self._ok(self.api.post("/deployments/filter", json={"limit": 200}))
        return next(one for one in found if one["entrypoint"] == entry)

    def short_form(
        self, deployment: Json, step: str, reference: str | None, day: date | None = None, **changes: Any
    ) -> Json:
        """The parameters that the page would send."""
        drawn = deployment["parameter_openapi_schema"]
        review = self.read(reference) if reference else None
        given = {**filled(step, review, day or self.today, **changes), "reference": reference}
        return {"form": as_offered(given, drawn["properties"]["form"], drawn["definitions"])}

    def submit(self, deployment: Json, parameters: Json) -> Json:
        """Run a deployment with these parameters; the run."""
        return self._ok(self.ask(deployment, {"parameters": parameters}))  # type: ignore[no-any-return]

    def ask(self, deployment: Json, sent: Json, *, as_service: bool = False) -> httpx.Response:
        """Press Run, with whatever is sent."""
        scheduled = {"state": {"type": "SCHEDULED"}, **sent}
        client = self.service if as_service else self.api
        return self._send(f"/deployments/{deployment['id']}/create_flow_run", scheduled, client)

    def _send(self, path: str, body: Json, client: httpx.Client | None = None) -> httpx.Response:
        """As a browser would: a lone surrogate too, which httpx refuses to write."""
        return (client or self.api).post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})

    def finished(self, run: Json) -> Json:
        """Wait until a run is over. Raises NotAnswered."""
        until = time.monotonic() + patience(ANSWERED_WITHIN)
        while run["state"]["type"] not in FINISHED:
            if time.monotonic() > until:
                raise NotAnswered(f"{run['name']} is still {run['state']['name']}")
            time.sleep(self._looks_every)
            run = self._ok(self.api.get(f"/flow_runs/{run['id']}"))
        return run

    def sweep(self) -> Json:
        """Ask for a sweep and wait for one that is not cancelled because another runs."""
        while (swept := self.finished(self.submit(self.deployment("sweep"), {})))["state"]["type"] == "CANCELLED":
            pass
        return swept

"""
The system in parts with 1, 2 and 4 of whatever part multiplies: how much more it does, on this one machine.

What runs is what `docs/deploying.md` has: PostgreSQL, which waits for its disk, and Redis of this machine, replicas of
the server, its services, stock workers and the people's pages, each a process. In every round each number has its
turn, in another order each time, and what several do is set beside what one did in the same round. Measured are cards
answered (each is run by a worker), a sweep (of which one runs at a time, whatever the number of workers), forms filled
in and sent at the pages, what a page of Prefect asks the replicas, letters by postmen on one outbox, and steps by
processes that have nothing but the record. Beside each stands which part spends how much CPU on one piece, which says
where it bends: two cores have two seconds of it in each second. What fails is named, and the rest is measured all the
same. The table in `docs/performance.md` and the drawing `docs/in_parts.svg` are written anew (`--docs FOLDER`: in
another folder).
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from driver.filling import Filler
from driver.page import Json, Manager, free_port
from driver.scaled import POOL, Scaled, missing
from driver.visitor import Remote

from benchmarks import curves, letters, paired, start
from benchmarks.at_once import in_threads, postman, together, walked
from benchmarks.curves import Several
from benchmarks.due_again import Outbox, Overdue, made
from benchmarks.paired import Took
from benchmarks.resumes import ADULT, PATH
from flows.demo.answers import answer

MANY = (1, 2, 4)
DOCS = Path(__file__).parents[2] / "docs"
PAGE, DRAWING, MARK = "performance.md", "in_parts.svg", "in parts"
MANAGER = "alex_example"
HERE, OTHERS = "who asks", "the processes"
CARDS, SWEEPS, FORMS, ASKED = (
    "cards answered, by workers",
    "a sweep, by workers",
    "forms sent, by pages",
    "lists of cards, by replicas",
)
LETTERS, ALONE = "letters, by postmen", "steps, by processes on the record alone"
WHYS: Mapping[str, tuple[str, str]] = {
    CARDS: ("a card answered, until the next one waits", "a process is started for each, and imports Prefect"),
    SWEEPS: ("a sweep", "one at a time, by design"),
    FORMS: ("a form opened, filled in, checked and sent", "pages are made; writers take turns at the seal"),
    ASKED: ("a list of cards", "Prefect makes JSON of rows"),
    LETTERS: ("a letter", "each is written, claimed and recorded by one postman"),
    ALONE: ("a step", "each moves the one row that seals the record"),
}
"""Each kind of work with what one piece of it is and why it bends, in the order of the table."""
SWEPT = ("Completed", "Cannot send")
"""How a sweep ends that did all: the invented partnership's Teams workflows are nowhere, and its letters leave."""


@dataclass(frozen=True)
class Amounts:
    """How much of each kind of work a turn has."""

    rounds: int = 3
    cards: int = 24
    people: int = 16
    forms: int = 4
    """Of each of the people."""
    lists: int = 160
    letters: int = 800
    steps: int = 120
    """Reviews of seven steps."""
    overdue: int = 20


@dataclass
class Measured:
    """What was found: a rate by kind, number and round; and the CPU of one piece where one works alone."""

    rates: dict[str, dict[int, list[float | None]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    cpu: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    pieces: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    faults: list[str] = field(default_factory=list)

    def all(self) -> list[Several]:
        """As they are shown."""
        found = []
        for name, (piece, why) in WHYS.items():
            cpu = {part: spent / self.pieces[name] for part, spent in self.cpu[name].items()}
            found.append(Several(name, piece, why, self.rates[name], cpu))
        return found


class Turns:
    """The system and all that is asked of it; `measured` says what came of it."""

    def __init__(self, parts: Scaled, folder: Path, amounts: Amounts, ports: Sequence[int]) -> None:
        self.parts, self.folder, self.amounts, self.ports = parts, folder, amounts, ports
        self.measured = Measured()
        self.manager = Manager(parts)
        self.overdue = Overdue(parts.installation, amounts.overdue)
        self.for_cards = [[self.opened() for _ in range(amounts.cards)] for _ in range(amounts.rounds)]
        self.for_forms = [self.opened() for _ in range(amounts.people)]
        self._registered()
        self.outbox = Outbox(parts, folder / "outbox", amounts.letters)
        made(parts, "alone")

    def opened(self) -> str:
        """One more review, of which Prefect has not heard yet."""
        return self.manager.opened_elsewhere(**ADULT)

    def _registered(self) -> None:
        done = self.parts.command("register", "--pool", POOL)
        if done.returncode:
            raise SystemExit(done.stderr)
        # The services ask for a sweep every quarter of an hour: here only whoever measures does.
        sweeps = self.manager.deployment("sweep")
        self.manager.service.post(f"/deployments/{sweeps['id']}/pause_deployment").raise_for_status()

    # ------------------------------------------------------------------ a turn

    def warm(self) -> None:
        """A sweep that is not counted: the first one sends what the referrals owe, and draws all that is drawn once."""
        self.parts.work("worker-first")
        self._until_online(["worker-first"])
        self.manager.sweep()
        self.parts.rest("worker-first")

    def take(self, round_: int, place: int, many: int) -> None:
        """Everything by so many, as the turn at this place of a round."""
        names = [f"worker-{round_}-{many}-{number}" for number in range(many)]
        try:
            self.parts.work(*names)
            self._until_online(names)
            self._one(CARDS, many, self.amounts.cards, self._cards(self.for_cards[round_], PATH[place]))
            self._one(SWEEPS, many, 1, self._sweep)
        finally:
            self.parts.rest(*names)
        self._one(FORMS, many, self.amounts.people * self.amounts.forms, self._forms(many))
        self._one(ASKED, many, self.amounts.lists, self._lists(many))
        self._one(LETTERS, many, self.amounts.letters, lambda: self.outbox.emptied(many))
        self._one(ALONE, many, self.amounts.steps * 7, lambda: self._alone(f"{round_} {many}", many))

    def _one(self, name: str, many: int, pieces: int, work: Callable[[], Took]) -> None:
        """
        One kind of work. `work` gives the seconds that count, and the CPU of processes of its own.

        What fails is named, and others follow.
        """
        before, rates = self._spent(), self.measured.rates[name][many]
        try:
            took = work()
        except (Exception, SystemExit) as fault:  # noqa: BLE001  whatever it was, the others are measured
            traceback.print_exc()
            self.measured.faults.append(f"{name}, {many} at once: {str(fault) or type(fault).__name__}"[:150])
            rates.append(None)
            return
        rates.append(pieces / took.seconds)
        if many == 1:
            self.measured.pieces[name] += pieces
            for part, spent in {**self._spent(), OTHERS: took.cpu}.items():
                self.measured.cpu[name][part] += spent - before.get(part, 0.0)
        print(f"  {name:<28} {many} at once: {pieces} in {took.seconds:6.1f} s", flush=True)

    def _spent(self) -> dict[str, float]:
        """The seconds of CPU of each part until now, and of this process, which asks."""
        mine = os.times()
        found = {HERE: mine.user + mine.system}
        for name, process in self.parts.running.items():
            part = name.partition("-")[0]
            found[part] = found.get(part, 0.0) + sum(map(start.cpu, start.processes(process.pid)))
        return found

    def _until_online(self, names: Sequence[str]) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            found = self.manager.service.post(f"/work_pools/{POOL}/workers/filter", json={}).raise_for_status().json()
            if set(names) <= {one["name"] for one in found}:
                return
            time.sleep(0.2)
        raise SystemExit(f"not all of {names} work")

    # ------------------------------------------------------------------ the kinds of work

    def _cards(self, references: Sequence[str], step: str) -> Callable[[], Took]:
        """All cards answered at once; the seconds until every next card waits."""

        def work() -> Took:
            waiting = [(reference, self.manager.card(reference)) for reference in references]
            forms = [
                self.manager.form(card, step, self.manager.read(reference), self.manager.today)
                for reference, card in waiting
            ]
            began = time.perf_counter()
            for (_, card), form in zip(waiting, forms, strict=True):
                if self.manager.resume(card, form).json()["status"] != "ACCEPT":
                    raise SystemExit(f"a card did not take {step}")
            for reference, card in waiting:
                self._next(reference, card)
            return Took(time.perf_counter() - began, 0.0)

        return work

    def _next(self, reference: str, before: Json) -> None:
        until = time.monotonic() + 600
        while time.monotonic() < until:
            found = self.manager.runs("card", reference)
            if [one["state"]["type"] for one in found] == ["PAUSED"] and found[0]["id"] != before["id"]:
                return
            time.sleep(0.1)
        raise SystemExit(f"{reference}: no card after {before['name']}")

    def _sweep(self) -> Took:
        """A sweep that finds the same dates due each time."""
        self.overdue.again()
        began = time.perf_counter()
        swept = self.manager.sweep()["state"]
        seconds = time.perf_counter() - began
        if swept["name"] not in SWEPT or self.overdue.fired() < self.amounts.overdue:
            raise SystemExit(f"{swept['name']}: {swept['message']}")
        return Took(seconds, 0.0)

    def _forms(self, many: int) -> Callable[[], Took]:
        """Everybody fills in and sends one form after the other, each at pages of their own among so many."""

        def one(number: int) -> None:
            reference = self.for_forms[number]
            browser = Remote(f"http://127.0.0.1:{self.ports[number % many]}")
            browser.get("/sign-in")
            browser.post("/sign-in/by-name", person=MANAGER)
            for _ in range(self.amounts.forms):
                form = Filler(browser)
                form.open(f"/reviews/{reference}/do/record_meeting")
                form.whole(answer("record_meeting", self.manager.read(reference), self.manager.today))
                form.send()
                if "/recorded/" not in browser.path:
                    raise SystemExit(f"not recorded: {browser.words[:300]}")
            browser.close()

        return lambda: in_threads(one, self.amounts.people, self.amounts.people)

    def _lists(self, many: int) -> Callable[[], Took]:
        """What a page of Prefect asks, of so many replicas by turns."""
        asked = {"flow_runs": {"tags": {"all_": ["card"]}, "state": {"type": {"any_": ["PAUSED"]}}}, "limit": 50}

        def work() -> Took:
            with ExitStack() as stack:
                addresses = [self.parts.api(number) for number in range(many)]
                lines = [httpx.Client(base_url=one, auth=self.parts.login, timeout=120) for one in addresses]
                at = [stack.enter_context(line) for line in lines]

                def one(number: int) -> None:
                    at[number % many].post("/api/flow_runs/filter", json=asked).raise_for_status()

                return in_threads(one, self.amounts.lists, 8)

        return work

    def _alone(self, name: str, many: int) -> Took:
        reviews = str(self.amounts.steps // many)
        url, home = self.parts.database("alone"), str(self.folder / "alone")
        return together([["--walk", url, home, f"{name} {number}", reviews] for number in range(many)], None)


# --------------------------------------------------------------------------- all of it


def measure(amounts: Amounts) -> Measured:
    """Start the parts, and take every turn."""
    ports = [free_port() for _ in range(MANY[-1])]
    with (
        tempfile.TemporaryDirectory(prefix="scaled-", ignore_cleanup_errors=True) as folder,
        letters.mail_server(Path(folder)) as server,
        Scaled(Path(folder), simulation=True, replicas=MANY[-1], durable=True, mail_url=server.url) as parts,
    ):
        parts.start()
        turns = Turns(parts, Path(folder), amounts, ports)
        parts.people_pages(*ports)
        turns.warm()
        for round_ in range(amounts.rounds):
            print(f"round {round_ + 1} of {amounts.rounds}", flush=True)
            for place in range(len(MANY)):
                turns.take(round_, place, MANY[(round_ + place) % len(MANY)])
        turns.manager.__exit__(None, None, None)
        return turns.measured


def written(docs: Path, measured: Measured, machine: str) -> None:
    """The table into its page, and the drawing beside it."""
    found = measured.all()
    curves.put_in(docs / PAGE, MARK, curves.told(curves.table_of_several(found, MANY), machine, measured.faults))
    curves.draw_several(found, MANY, docs / DRAWING)


def main() -> int:
    """Measure, print the table, and write it and the drawing; how much failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path, default=DOCS, help="the folder with performance.md and in_parts.svg")
    parser.add_argument("--rounds", type=int, default=Amounts.rounds)
    parser.add_argument("--cards", type=int, default=Amounts.cards, help="that are answered at once")
    parser.add_argument("--postman", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--walk", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.postman:
        postman()
        return 0
    if asked.walk:
        url, home, name, reviews = asked.walk
        walked(url, Path(home), name, int(reviews))
        return 0
    if lacking := missing():
        raise SystemExit(f"this machine lacks {lacking} (Debian's packages postgresql and redis-server)")
    # So do the parts, which are stopped by it, also where a shell began this behind it and had it ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    machine = paired.machine()
    print(f"In parts. {machine}", flush=True)
    measured = measure(Amounts(rounds=asked.rounds, cards=asked.cards))
    print(curves.table_of_several(measured.all(), MANY))
    print(f"load average as it ended {os.getloadavg()[0]:.1f}")
    print("\n".join(f"FAILED: {one}" for one in measured.faults))
    written(asked.docs, measured, machine)
    return len(measured.faults)


if __name__ == "__main__":
    sys.exit(main())

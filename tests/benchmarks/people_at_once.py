"""
Thirty people at the pages at once, on a record of two hundred reviews, beside sweeps that follow each other.

The pages run as a process of their own, as they do elsewhere; so does the sweep, each time an hour later, so that it
has rungs to claim and notices to write. Everybody asks for one page after the other and thinks in between. Printed for
each page: median and 95th percentile, the ratio to the floor, a bare FastAPI page that the same people ask for,
and the CPU time of one request when nobody else asks, which is the steadier figure on a machine that others use.
The aim: a median of every page under 100 ms on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import httpx
import uvicorn
from driver.page import free_port
from fastapi import FastAPI

from config.settings import Settings
from flows.demo.demo import tell_all
from safeguarding.dates.london import now
from tasks.record.installation import open_installation
from tasks.record.sweep import sweep

PEOPLE, SECONDS, REVIEWS = 30, 60, 200
THINKS = (1.0, 3.0)
"""Seconds between an answer and the next press, at least and at most."""
ALONE = 20
"""Requests of each page for its CPU time."""
AIM = 0.1
"""Seconds."""
FLOOR = "the floor: a bare page"
TICK = os.sysconf("SC_CLK_TCK")


PAGES: Mapping[str, str] = {
    "what needs me": "/",
    "all reviews": "/reviews",
    "a search": "/reviews",
    "a review": "/reviews/{reference}",
    "the picture of its plan": "/reviews/{reference}/plan.svg",
    "a form, opened": "/reviews/{reference}/onward",
    "your sign-in": "/your-sign-in",
    FLOOR: "",
}


@dataclass
class Person:
    """Somebody at a browser of their own: where the floor is, and the reviews that they may see."""

    client: httpx.AsyncClient
    floor: str
    token: str
    sees: list[str]
    random: Random

    async def ask(self, name: str) -> float:
        """Ask for a page of this name, of a review one of theirs by chance; the seconds until all of it was there."""
        path = self.floor if name == FLOOR else PAGES[name].format(reference=self.random.choice(self.sees))
        began = time.perf_counter()
        if name == "a search":
            answer = await self.client.post(path, data={"token": self.token, "q": "child"})
        else:
            answer = await self.client.get(path)
        took = time.perf_counter() - began
        if answer.status_code not in (200, 404) or (answer.status_code == 404 and "plan.svg" not in path):
            raise SystemExit(f"{name}: {path} answered {answer.status_code}")
        return took

    async def works(self, until: float, found: dict[str, list[float]]) -> None:
        """One page after the other, with a thought in between."""
        names = [name for name in PAGES for _ in range(3 if name in ("what needs me", "a review") else 1)]
        await asyncio.sleep(self.random.uniform(0, THINKS[1]))
        while time.monotonic() < until:
            name = self.random.choice(names)
            found[name].append(await self.ask(name))
            await asyncio.sleep(self.random.uniform(*THINKS))


async def arrived(address: str, floor: str, person: str, number: int) -> Person | None:
    """Somebody of the demo, signed in; None for whoever sees no review."""
    # A browser asks again where the server has let go of a connection; this one lets go of it first.
    limits, headers = httpx.Limits(keepalive_expiry=2.0), {"origin": address}
    client = httpx.AsyncClient(base_url=address, headers=headers, limits=limits, follow_redirects=True, timeout=120)
    token = _token(await client.get("/sign-in"))
    await client.post("/sign-in/by-name", data={"token": token, "person": person})
    page = await client.get("/reviews")
    sees = sorted(set(re.findall(r'href="/reviews/([A-Z]+-\d+-\d+)"', page.text)))
    if not sees:
        await client.aclose()
        return None
    return Person(client, floor, _token(page), sees, Random(number))


def _token(page: httpx.Response) -> str:
    found = re.search(r'name="token" value="(\w+)"', page.text)
    return found.group(1) if found else ""


# --------------------------------------------------------------------------- what runs beside


def filled(settings: Settings, reviews: int) -> list[str]:
    """A record with the demo's reviews, again and again; who is in its partnership."""
    moment = now()
    with open_installation(moment, settings, simulation=True) as installation:
        while len(installation.records.list()) < reviews:
            tell_all(installation, moment)
        return [person.id for person in installation.rulebook.partnership.people]


def sweeps() -> None:
    """Sweep after sweep, each an hour later, until this process is ended."""
    moment = now()
    with open_installation(moment, Settings(), make=False, take_up=False) as installation:
        while True:
            moment += timedelta(hours=1)
            sweep(installation.records.engine, installation.rulebook, moment)
            time.sleep(1)


def bare(port: int) -> None:
    """The floor: one page without anything."""
    app = FastAPI()
    app.get("/")(lambda: {"bare": True})
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


@contextmanager
def beside(settings: Settings, *command: str) -> Iterator[int]:
    """A process beside this one; its id."""
    environment = {**os.environ, **settings.as_environment()}
    running = subprocess.Popen([sys.executable, "-m", *command], env=environment)
    try:
        yield running.pid
    finally:
        running.terminate()
        running.wait()


def cpu(process: int) -> float:
    """The seconds of CPU that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


# --------------------------------------------------------------------------- measured


async def measured(address: str, floor: str, ids: list[str], process: int, asked: argparse.Namespace) -> None:
    """Print the table."""
    await _until(f"{address}/sign-in")
    await _until(floor)
    came = [await arrived(address, floor, person, number) for number, person in enumerate(ids)]
    people = [one for one in came if one is not None][: asked.people]
    alone = {}
    for name in [one for one in PAGES if one != FLOOR]:
        began = cpu(process)
        for _ in range(ALONE):
            await people[0].ask(name)
        alone[name] = (cpu(process) - began) / ALONE
    found: dict[str, list[float]] = defaultdict(list)
    until, began = time.monotonic() + asked.seconds, cpu(process)
    await asyncio.gather(*(one.works(until, found) for one in people))
    busy = (cpu(process) - began) / asked.seconds
    for one in people:
        await one.client.aclose()
    count, middle = sum(map(len, found.values())), statistics.median(found[FLOOR])
    print(
        f"{len(people)} people, {count} requests in {asked.seconds} s; the pages used {100 * busy:.0f} % of a processor"
    )
    print(f"{'page':<26} {'asked':>6} {'median':>10} {'95 of 100':>10} {'to the floor':>13} {'CPU, alone':>11}")
    for name in PAGES:
        took = sorted(found[name])
        late = took[min(len(took) - 1, round(0.95 * len(took)))]
        own = f"{1000 * alone[name]:>8.1f} ms" if name in alone else ""
        half = statistics.median(took)
        print(
            f"{name:<26} {len(took):>6} {1000 * half:>7.1f} ms {1000 * late:>7.1f} ms {half / middle:>13.1f} {own:>11}"
        )
    print(f"aim: a median under {1000 * AIM:.0f} ms; load average {' '.join(f'{one:.1f}' for one in os.getloadavg())}")


async def _until(address: str) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(600):
            try:
                if (await client.get(address)).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.2)
    raise SystemExit(f"nothing answers at {address}")


def main() -> None:
    """Make the record, start what runs beside, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--reviews", type=int, default=REVIEWS)
    parser.add_argument("--home", type=Path, help="a folder to keep the record in, and to take it from again")
    parser.add_argument("--sweeps", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--bare", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.sweeps:
        sweeps()
    if asked.bare:
        bare(asked.bare)
        return
    with ExitStack() as stack:
        home = asked.home or Path(stack.enter_context(tempfile.TemporaryDirectory())) / "home"
        settings = Settings().model_copy(update={"home": home, "database_url": None, "partnership": None})
        ids = filled(settings, asked.reviews)
        port, bare_port = free_port(), free_port()
        process = stack.enter_context(beside(settings, "pages", "--demo", "--port", str(port)))
        stack.enter_context(beside(settings, "benchmarks.people_at_once", "--sweeps"))
        stack.enter_context(beside(settings, "benchmarks.people_at_once", "--bare", str(bare_port)))
        asyncio.run(measured(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{bare_port}/", ids, process, asked))


if __name__ == "__main__":
    main()

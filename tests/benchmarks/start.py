"""
How long a start takes, and what the whole holds at rest: the real `safeguarding demo`, its first start and its second.

In a home folder of its own, each with the seconds until «Ready» and the CPU seconds of all its processes until then,
which are the steadier figure on a machine that others use; then the memory of each process once it has been at rest for
a while, what they share counted once (PSS), and the CPU that it takes at rest. The aims, on a machine that does nothing
else: Ready within 10 s the first time and within 6 s again, 350 MB at rest. `--up` starts `safeguarding up` instead, on
an empty record of the invented partnership's rules.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from driver.page import System

from flows.server import login

FIRST_AIM, AGAIN_AIM, MEMORY_AIM = 10.0, 6.0, 350.0
"""Seconds, and megabytes."""
RESTS = 60.0
TICK = os.sysconf("SC_CLK_TCK")


class Up(System):
    """`safeguarding up` on a record of its own."""

    @property
    def words(self) -> Sequence[str]:
        """What the command is asked."""
        return ("up",)


def processes(first: int) -> list[int]:
    """A process and all that it began, and those that these began."""
    found = [first]
    for children in Path(f"/proc/{first}/task").glob("*/children"):
        for child in children.read_text().split():
            found += processes(int(child))
    return found


def cpu(process: int) -> float:
    """The CPU seconds of a process and of what it waited for."""
    said = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, said[11:15])) / TICK


def memory(process: int) -> float:
    """Its megabytes, of what is shared its share."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def named(process: int) -> str:
    """By which name it is shown."""
    return Path(f"/proc/{process}/comm").read_text().strip()


def started(system: System, name: str, aim: float) -> list[int]:
    """Start it, and print how long that took; its processes."""
    began = time.monotonic()
    system.start()
    took = time.monotonic() - began
    assert system.process is not None
    found = processes(system.process)
    worked = {f"{named(one)}": cpu(one) for one in found}
    each = ", ".join(f"{who} {seconds:.1f}" for who, seconds in worked.items())
    over = "" if took < aim else "   OVER THE AIM"
    print(f"{name:<14} {took:6.1f} s until Ready {sum(worked.values()):6.1f} s CPU ({each}){over}", flush=True)
    return found


def at_rest(found: Sequence[int], rests: float) -> None:
    """Print what the processes hold, and what they do while nobody asks anything."""
    time.sleep(rests)
    before = sum(map(cpu, found))
    time.sleep(rests)
    worked = 100 * (sum(map(cpu, found)) - before) / rests
    held = {named(one): memory(one) for one in found}
    each = ", ".join(f"{who} {megabytes:.0f}" for who, megabytes in held.items())
    over = "" if sum(held.values()) < MEMORY_AIM else "   OVER THE AIM"
    print(f"{'at rest':<14} {sum(held.values()):6.0f} MB ({each}), {worked:.1f} % of one core{over}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--up", action="store_true")
    parser.add_argument("--rests", type=float, default=RESTS)
    asked = parser.parse_args()
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"on {platform.node()} with {os.cpu_count()} cores, load average as it began {load}")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        with (Up if asked.up else System)(home) as system:
            if asked.up:
                home.mkdir(mode=0o700)
                login.keep(home, login.invented())
            started(system, "the first time", FIRST_AIM)
            system.stop()
            at_rest(started(system, "again", AGAIN_AIM), asked.rests)


if __name__ == "__main__":
    main()

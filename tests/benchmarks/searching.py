"""
Searching over two thousand reviews: reading what is held openly for the first time, and each kind of search then.

The reviews are the demo's longest, copied (`benchmarks.registers`). Printed are seconds, the median of several times
but for what is only done once, and how many reviews were found. The aim for a search at the pages is under 1 s.
"""

from __future__ import annotations

import os
import re
import statistics
import time
from collections.abc import Callable

from driver.visitor import PORT, Visitor

from benchmarks.registers import AT, TIMES, asked_for, copied
from benchmarks.review_page import taken
from pages.application import application
from pages.running import Running
from tasks.record.installation import Installation

AIM = 1.0
"""Seconds."""
ASKED: dict[str, dict[str, str]] = {
    "a pseudonym": {"q": "child c"},
    "a word of most": {"q": "police"},
    "a word of none": {"q": "wrenathorpe"},
    "a phrase and days": {"q": '"for what they know"', "since": "2026-10-01"},
    "agency and stage": {"agency": "police", "stage": "stage:panel"},
    "a person": {"person": "glenn_sample"},
    "sealed, of one review": {"q": "CSPR-2026-005 hand", "sealed": "yes"},
    "sealed, too many": {"q": "hand", "sealed": "yes"},
}


def once(what: str, do: Callable[[], object]) -> None:
    """Do something once, and print how long it took."""
    began = time.perf_counter()
    do()
    print(f"{what:<28} {time.perf_counter() - began:7.2f} s once", flush=True)


def measure(installation: Installation, times: int) -> None:
    """Print the table."""
    running = Running(installation, by_name=True, clock=lambda: AT)
    visitor = Visitor(application(running, PORT))
    once("what is held openly", running.read_open_words)
    visitor.get("/sign-in")
    visitor.post("/sign-in/by-name", person="alex_example")
    once("the list of all reviews", lambda: visitor.get("/reviews"))
    for what, fields in ASKED.items():
        took = taken(lambda fields=fields: visitor.post("/reviews", **fields), times)
        middle = statistics.median(one.seconds for one in took)
        found = re.search(r"(\d+) found", visitor.words) or re.search("(too many)", visitor.words)
        over = "" if middle < AIM else "   OVER THE AIM"
        print(f"{what:<28} {middle:7.2f} s, found: {found[1] if found else '?'}{over}", flush=True)


def main() -> None:
    """Make the reviews, and print the table."""
    asked = asked_for(__doc__, TIMES)
    with copied(asked.reviews) as installation:
        measure(installation, asked.times)
    print(f"load average {' '.join(f'{one:.1f}' for one in os.getloadavg())}")


if __name__ == "__main__":
    main()

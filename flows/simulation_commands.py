"""What `safeguarding simulate` does: two years in two minutes, on a record that is thrown away."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from flows.commands import Said

Arguments = argparse.Namespace


def simulate(arguments: Arguments) -> Said:
    """Simulate and judge. The exit code is 1 if anybody who was owed something was not told, or was told twice."""
    from flows.simulation.report import simulate as lived_through

    with tempfile.TemporaryDirectory(prefix="safeguarding-simulation-", ignore_cleanup_errors=True) as folder:
        report = lived_through(arguments.seed, arguments.years, arguments.reviews, Path(folder))
    return Said(report.words, report.data, code=0 if report.acquitted else 1)


def register(command: Any) -> None:
    """Add the command to the menu."""
    made = command(
        "simulate", simulate, "Live through two invented years, and prove that everybody owed heard once and in time."
    )
    made.add_argument("--years", type=float, default=2.0, help="how long (2 unless given)")
    made.add_argument("--reviews", type=int, default=300, help="how many reviews are opened (300 unless given)")
    made.add_argument("--seed", type=int, default=1, help="the same seed gives the same years")

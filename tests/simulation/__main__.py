"""
Two invented years in two minutes, on a record that is thrown away: `make simulate YEARS=2 SEED=11`.

The exit code is 1 if anybody who was owed something was not told, or was told twice.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from simulation.report import simulate


def main(given: Sequence[str] | None = None) -> int:
    """Live through it, judge it, print what was counted."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--years", type=float, default=2.0, help="how long (2 unless given)")
    parser.add_argument("--reviews", type=int, default=300, help="how many reviews are opened (300 unless given)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same years")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    asked = parser.parse_args(given)
    with tempfile.TemporaryDirectory(prefix="safeguarding-simulation-", ignore_cleanup_errors=True) as folder:
        report = simulate(asked.seed, asked.years, asked.reviews, Path(folder))
    print(json.dumps(report.data, default=str, indent=2) if asked.json else "\n".join(report.words))
    return 0 if report.acquitted else 1


if __name__ == "__main__":
    sys.exit(main())

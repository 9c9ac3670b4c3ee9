"""
Every benchmark, one after the other, each in a process of its own so that none counts the memory of another.

`python -m benchmarks` runs all; `python -m benchmarks clock` runs one.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
RUNS = 'if __name__ == "__main__":'
"""What a module has that prints a benchmark, and a helper has not."""


def names() -> list[str]:
    """The benchmarks, in the order of their names."""
    return [path.stem for path in sorted(HERE.glob("[a-z]*.py")) if RUNS in path.read_text()]


def main() -> int:
    """Run those asked for, or all; how many failed."""
    failed = 0
    for name in sys.argv[1:] or names():
        print(f"\n=== {name} {'=' * (70 - len(name))}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent, check=False)
        failed += done.returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())

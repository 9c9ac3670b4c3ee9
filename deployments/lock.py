"""
Write the lock files `requirements*.lock`: every package pinned, with hashes, naming no host.

Run by `make lock`. `requirements.lock` holds what the system runs on and the builder that installs it; the others hold
only what is needed beside it: by several servers (`-scale`) and by the tests (`-test`), resolved against the first so
that all agree.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = [
    sys.executable,
    "-m",
    "piptools",
    "compile",
    "--quiet",
    "--generate-hashes",
    "--allow-unsafe",
    "--strip-extras",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
]


def compile_lock(target: str, *arguments: str) -> None:
    """Resolve into one lock file; stop at the first failure."""
    subprocess.run([*COMPILE, "--output-file", target, *arguments], cwd=ROOT, check=True)  # noqa: S603


BESIDE = {"scale": ("scale",), "test": ("scale", "test", "bench")}
"""The other lock files, and the extras that each is resolved for. What an earlier one holds, a later one leaves out."""


def main() -> None:
    """Every lock, then drop from each what those before it already hold."""
    compile_lock("requirements.lock", "--extra", "build", "pyproject.toml")
    held = _entries(ROOT / "requirements.lock")
    for name, extras in BESIDE.items():
        path = ROOT / f"requirements-{name}.lock"
        asked = [word for extra in ("build", *extras) for word in ("--extra", extra)]
        compile_lock(path.name, *asked, "--constraint", "requirements.lock", "pyproject.toml")
        found = _entries(path)
        path.write_text("\n".join(text for package, text in found.items() if package not in held) + "\n")
        held |= found


def _entries(path: Path) -> dict[str, str]:
    """Each pinned package of a lock file with its lines."""
    entries: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text().splitlines():
        if line and not line.startswith((" ", "#")):
            name = line.split("==")[0]
        if line and not line.startswith("#"):
            entries.setdefault(name, []).append(line)
    return {name: "\n".join(lines) for name, lines in entries.items()}


if __name__ == "__main__":
    main()

"""
Write `requirements.lock` and `requirements-test.lock`: every package pinned, with hashes, naming no host.

Run by `make lock`. The first holds what the system runs on and the builder that installs it; the second what
the tests need beside it, resolved against the first so that both agree.
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


def main() -> None:
    """Both locks, then drop from the test lock what the runtime lock already holds."""
    compile_lock("requirements.lock", "--extra", "build", "pyproject.toml")
    extras = [word for extra in ("build", "test", "bench") for word in ("--extra", extra)]
    compile_lock("requirements-test.lock", *extras, "--constraint", "requirements.lock", "pyproject.toml")
    runtime = _entries(ROOT / "requirements.lock")
    test = _entries(ROOT / "requirements-test.lock")
    extra = [text for name, text in test.items() if name not in runtime]
    (ROOT / "requirements-test.lock").write_text("\n".join(extra) + "\n")


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

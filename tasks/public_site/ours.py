"""
Which files of a folder were written here: `files.json` says so, with a digest of each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

WRITTEN = "files.json"
"""The file that says which files of the folder were written here, and what was in each."""


def written_in(folder: Path) -> Mapping[str, str]:
    """The files that were written here, each with its digest; nothing where the folder does not say it."""
    try:
        said = json.loads((folder / WRITTEN).read_bytes())
    except (OSError, ValueError):
        return {}
    found = said.get("written") if isinstance(said, dict) else None
    return {str(name): str(digest) for name, digest in found.items()} if isinstance(found, dict) else {}


def not_ours(folder: Path) -> list[str]:
    """What lies there and was not written here, or is not as it was written. Raises OSError."""
    there = sorted(path.name for path in folder.iterdir())
    ours = written_in(folder)
    return [name for name in there if name != WRITTEN and not _is_as_written(folder / name, ours.get(name))] or (
        [WRITTEN] if there == [WRITTEN] and not ours else []
    )


def said_of(files: Mapping[str, bytes]) -> bytes:
    """What `files.json` says of these files."""
    written = {name: _digest(content) for name, content in sorted(files.items())}
    return json.dumps({"written": written}, indent=1).encode() + b"\n"


def _is_as_written(file: Path, digest: str | None) -> bool:
    return digest is not None and not file.is_symlink() and file.is_file() and _digest(file.read_bytes()) == digest


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()

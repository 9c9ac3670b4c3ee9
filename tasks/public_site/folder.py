"""
The folder of the public register: whoever hosts it finds the whole of one day there, and never half of two.

It is written beside its place and moved there. What is in the folder and was not written here is left alone: it is
named, and nothing is written.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from safeguarding.errors import SafeguardingError

WRITTEN = "files.json"
"""The file that says which files of the folder were written here, and what was in each."""
FOR_EVERYBODY, FOLDER_FOR_EVERYBODY = 0o644, 0o755
"""A web server reads it under a name of its own."""
NAMED = 5
"""How many files a refusal names."""


class SiteNotWritten(SafeguardingError):
    """The public register was to be written where something of somebody else lies, or where nothing can be written."""

    code = "site-not-written"

    def __init__(self, folder: str, why: str) -> None:
        super().__init__(f"{folder} {why}. Nothing was written.", folder, why)


def look_at(folder: Path) -> None:
    """Whether the register may be written there. Raises SiteNotWritten, in words that name what is in the way."""
    try:
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise SiteNotWritten(str(folder), "is there already, and is no folder")
        if not folder.absolute().parent.is_dir():
            raise SiteNotWritten(str(folder), "cannot be made: there is no folder in which it would lie")
        if folder.is_dir() and (strange := _not_ours(folder)):
            more = f" and {len(strange) - NAMED} more" if len(strange) > NAMED else ""
            names = f"{', '.join(strange[:NAMED])}{more}"
            raise SiteNotWritten(
                str(folder),
                f"holds what was not written here, or was changed since: {names}. Take it away, or name another folder",
            )
    except (OSError, ValueError) as error:
        raise SiteNotWritten(str(folder), f"cannot be looked at: {_why(error)}") from None


def write_site(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the whole register in the place of the one before. Raises SiteNotWritten: the one before is there then."""
    look_at(folder)
    place, draft, old = folder.absolute(), None, None
    try:
        draft = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent))
        for name, content in {**files, WRITTEN: _said(files)}.items():
            _write(draft / name, content)
        draft.chmod(FOLDER_FOR_EVERYBODY)
        if place.is_dir():
            old = place.with_name(f"{draft.name}.before")
            place.rename(old)
        draft.rename(place)
    except (OSError, ValueError) as error:
        if old is not None and not place.exists():
            old.rename(place)
        raise SiteNotWritten(str(folder), f"cannot be written: {_why(error)}") from None
    finally:
        for left in (draft, old):
            if left is not None and left.exists():
                shutil.rmtree(left, ignore_errors=True)


def _not_ours(folder: Path) -> list[str]:
    """What lies there and was not written here, or is not as it was written."""
    there = sorted(path.name for path in folder.iterdir())
    ours = _ours(folder)
    return [name for name in there if name != WRITTEN and not _is_as_written(folder / name, ours.get(name))] or (
        [WRITTEN] if there == [WRITTEN] and not ours else []
    )


def _ours(folder: Path) -> Mapping[str, str]:
    try:
        said = json.loads((folder / WRITTEN).read_bytes())
    except (OSError, ValueError):
        return {}
    found = said.get("written") if isinstance(said, dict) else None
    return {str(name): str(digest) for name, digest in found.items()} if isinstance(found, dict) else {}


def _is_as_written(file: Path, digest: str | None) -> bool:
    return digest is not None and not file.is_symlink() and file.is_file() and _digest(file.read_bytes()) == digest


def _said(files: Mapping[str, bytes]) -> bytes:
    written = {name: _digest(content) for name, content in sorted(files.items())}
    return json.dumps({"written": written}, indent=1).encode() + b"\n"


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _write(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FOR_EVERYBODY), "wb") as opened:
        opened.write(content)
    file.chmod(FOR_EVERYBODY)  # Whatever this process keeps from others by default.


def _why(error: OSError | ValueError) -> str:
    said = error.strerror if isinstance(error, OSError) else None
    return said or "no folder can have this name"

"""
The folder of the public register: whoever hosts it finds the whole of one day there, and never half of two.

It is written beside its place, for its owner's eyes, and moved there. What is in the folder and was not written here is
left alone: it is named, and nothing is written. What a making that was killed left beside it goes with the next one.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from safeguarding.errors import SafeguardingError

WRITTEN = "files.json"
"""The file that says which files of the folder were written here, and what was in each."""
FOR_EVERYBODY, FOLDER_FOR_EVERYBODY = 0o644, 0o755
"""A web server reads it under a name of its own."""
FOLDER_FOR_ITS_OWNER = 0o700
"""Until it is in its place, and once it is not any more."""
PART, BEFORE = ".part", ".before"
"""How the names end of what lies beside the folder while it is made: the new one, and the one before."""
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
    with ExitStack() as held:
        try:
            _remove_leftovers(place)
            draft = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=PART, dir=place.parent))
            held.enter_context(_held(draft))
            for name, content in {
                WRITTEN: _said(files),
                **files,
            }.items():  # That it is ours is known from the first on.
                _write(draft / name, content)
            if place.is_dir():
                held.enter_context(_held(place))
                old = place.with_name(f"{draft.name}{BEFORE}")
                place.rename(old)
                old.chmod(FOLDER_FOR_ITS_OWNER)
            draft.rename(place)
            place.chmod(FOLDER_FOR_EVERYBODY)
        except (OSError, ValueError) as error:
            if old is not None and not place.exists():
                old.rename(place)
                place.chmod(FOLDER_FOR_EVERYBODY)
            raise SiteNotWritten(str(folder), f"cannot be written: {_why(error)}") from None
        finally:
            for left in (draft, old):
                if left is not None and left.exists():
                    shutil.rmtree(left, ignore_errors=True)


def _remove_leftovers(place: Path) -> None:
    """Remove what a making of this folder that was killed left beside it: what is ours and nobody holds."""
    form = re.compile(rf"\.{re.escape(place.name)}\.[a-z0-9_]{{8}}{re.escape(PART)}(?:{re.escape(BEFORE)})?")
    for path in [one for one in place.parent.iterdir() if form.fullmatch(one.name)]:
        with suppress(OSError), _held(path):
            if _is_leftover(path):
                shutil.rmtree(path, ignore_errors=True)


def _is_leftover(path: Path) -> bool:
    """Whether a folder has nothing in it, or what was written here and nothing else, its files whole or not."""
    there = {file.name for file in path.iterdir()}
    return there <= {WRITTEN, *_ours(path)} and all(file.is_file() and not file.is_symlink() for file in path.iterdir())


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a folder, so that no other making takes it for a leftover. Raises OSError for a link or a held one."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)


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

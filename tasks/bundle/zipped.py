"""
A zip that is written whole or not at all, and never over something that is there.
"""

from __future__ import annotations

import errno
import io
import os
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from safeguarding.dates.london import london_clock, london_date
from safeguarding.errors import SafeguardingError

OWN_EYES = 0o600 << 16
"""Who may read a file once it is unpacked: its owner."""


class FileThere(SafeguardingError):
    """Something lies already where a file was to be written."""

    code = "file-there"

    def __init__(self, file: str) -> None:
        super().__init__(f"{file} is there already, and was left as it is: name another file.", file)


def must_be_free(file: Path) -> None:
    """Raises FileThere where something lies already, and OSError where no file can be written."""
    if not file.name or file.is_symlink() or file.exists():
        raise FileThere(str(file))
    if not file.parent.is_dir():
        raise NotADirectoryError(errno.ENOENT, "there is no such folder", str(file.parent))


def packed(folder: str, files: Mapping[str, bytes], now: datetime) -> bytes:
    """The zip: every file under one folder, by its name there."""
    stamp = stamp_of(now)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", stamp)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, OWN_EYES
            archive.writestr(entry, content)
    return made.getvalue()


def stamp_of(now: datetime) -> tuple[int, int, int, int, int, int]:
    """A moment as a zip has it: by the clock in London."""
    day, clock = london_date(now), london_clock(now)
    return (day.year, day.month, day.day, clock.hour, clock.minute, clock.second)


def put(file: Path, content: bytes) -> None:
    """Write a new file, for its owner's eyes, beside its place and then into it. Raises FileThere, and OSError."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        _into_place(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def _into_place(draft: Path, file: Path) -> None:
    try:
        os.link(draft, file)  # Unlike a renaming it never takes the place of another file.
    except FileExistsError:
        raise FileThere(str(file)) from None
    except OSError:  # A stick or a share that knows no second name for a file.
        must_be_free(file)
        draft.replace(file)

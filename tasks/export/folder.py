"""
A folder of registers: one CSV file each, one workbook, one JSON file, and what every column means.

It is written beside its place and put there whole, so that nobody finds half of it. A folder that has anything in it is
left alone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from safeguarding.errors import SafeguardingError
from tasks.export.tables import COLUMNS, EXPLAINED, RegisterMade, csv_of, explained, json_of
from tasks.export.workbook import workbook_of

WORKBOOK, AS_JSON = "registers.xlsx", "registers.json"
OWN_EYES = 0o600


class ExportNotWritten(SafeguardingError):
    """The registers were to be written where something lies already, or where nothing can be written."""

    code = "export-not-written"

    def __init__(self, folder: str, why: str) -> None:
        super().__init__(f"{folder} {why}. Name a new folder: nothing was written.", folder, why)


def look_at(folder: Path) -> None:
    """Whether a folder can be made there, before anything is read. Raises ExportNotWritten, in words."""
    try:
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise ExportNotWritten(str(folder), "is there already, and is no folder")
        if folder.is_dir() and any(folder.iterdir()):
            raise ExportNotWritten(str(folder), "has files in it already")
        if not folder.absolute().parent.is_dir():
            raise ExportNotWritten(str(folder), "cannot be made: there is no folder in which it would lie")
    except (OSError, ValueError) as error:
        raise ExportNotWritten(str(folder), f"cannot be looked at: {_why(error)}") from None


def write_folder(folder: Path, made: Sequence[RegisterMade], about: Mapping[str, str]) -> list[str]:
    """Write the registers; the names of the files. Raises ExportNotWritten, and has then left nothing."""
    look_at(folder)
    return write_files(folder, files_of(made, about))


def write_files(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write files into a folder of their own; their names. Raises ExportNotWritten, and has then left nothing."""
    look_at(folder)
    place = folder.absolute()
    draft: Path | None = None
    try:
        draft = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent))
        for name, content in files.items():
            _write(draft / name, content)
        draft.replace(place)  # An empty folder that is there already gives way; one with files in it does not.
    except (OSError, ValueError) as error:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
        raise ExportNotWritten(str(folder), f"cannot be written: {_why(error)}") from None
    return sorted(files)


def _write(file: Path, content: bytes) -> None:
    """For the eyes of its owner alone, as the folder is."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN_EYES), "wb") as opened:
        opened.write(content)


def files_of(made: Sequence[RegisterMade], about: Mapping[str, str]) -> dict[str, bytes]:
    """Every file by its name."""
    files = {f"{one.register.name}.csv": csv_of(one.heads, one.rows) for one in made}
    files[f"{COLUMNS}.csv"] = csv_of(EXPLAINED, explained(made))
    files[WORKBOOK] = workbook_of(made)
    files[AS_JSON] = json_of(made, about)
    return files


def _why(error: OSError | ValueError) -> str:
    said = error.strerror if isinstance(error, OSError) else None
    return said or "no folder can have this name"

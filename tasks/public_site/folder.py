"""
The folder of the public register: whoever hosts it finds the whole of one day there, and never half of two.

It is written beside its place, for its owner's eyes, and changes places with the one before in one go. What is in the
folder and was not written here is left alone: it is named, and nothing is written.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path

from safeguarding.errors import SafeguardingError
from tasks.public_site.beside import BEFORE, NEW, beside
from tasks.public_site.exchanging import exchange
from tasks.public_site.ours import WRITTEN, not_ours, said_of

FOR_EVERYBODY, FOLDER_FOR_EVERYBODY = 0o644, 0o755
"""A web server reads it under a name of its own."""
NAMED = 5
"""How many files a refusal names."""
IN_TWO_MOVES = (
    "This disk cannot exchange two folders at once: for a moment there was none. A machine that stops in that moment "
    "leaves none; write it again then."
)


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
        if folder.is_dir() and (strange := not_ours(folder)):
            more = f" and {len(strange) - NAMED} more" if len(strange) > NAMED else ""
            names = f"{', '.join(strange[:NAMED])}{more}"
            raise SiteNotWritten(
                str(folder),
                f"holds what was not written here, or was changed since: {names}. Take it away, or name another folder",
            )
    except (OSError, ValueError) as error:
        raise SiteNotWritten(str(folder), f"cannot be looked at: {_why(error)}") from None


def write_site(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """
    Write the whole register in the place of the one before; what could not be done as it should be, in words.

    Raises SiteNotWritten: the one before is there then.
    """
    look_at(folder)
    place, said = folder.absolute(), list[str]()
    try:
        with beside(place) as (there, untidy):
            new = there / NEW
            new.mkdir()
            # That it is ours is known from the first file on.
            for name, content in {WRITTEN: said_of(files), **files}.items():
                _write(new / name, content)
            new.chmod(FOLDER_FOR_EVERYBODY)  # Whatever this process keeps from others: nobody enters what is around it.
            said += _put(new, place, there / BEFORE)
        return said + untidy
    except (OSError, ValueError) as error:
        raise SiteNotWritten(str(folder), f"cannot be written: {_why(error)}") from None


def _put(new: Path, place: Path, before: Path) -> list[str]:
    """Put the new one in its place, and the one before out of it; what was not done as it should be, in words."""
    if not place.is_dir():
        new.rename(place)
        return []
    if exchange(new, place):
        return []
    place.rename(before)
    try:
        new.rename(place)
    except OSError:
        if not place.exists():
            before.rename(place)
        raise
    return [IN_TWO_MOVES]


def _write(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FOR_EVERYBODY), "wb") as opened:
        opened.write(content)
    file.chmod(FOR_EVERYBODY)  # Whatever this process keeps from others by default.


WHY = {
    errno.EACCES: "this user may not write beside it",
    errno.EPERM: "this user may not write beside it",
    errno.EROFS: "its disk cannot be written to",
    errno.ENOSPC: "its disk is full",
    errno.EDQUOT: "this user's share of its disk is full",
    errno.EBUSY: "it is a disk of its own, which cannot be moved: name a folder inside it",
    errno.EXDEV: "it is a disk of its own, which cannot be moved: name a folder inside it",
    errno.ENOTEMPTY: "somebody else wrote it in the same moment",
    errno.EEXIST: "somebody else wrote it in the same moment",
}
"""What stands in the way, in words, for what the system says."""


def _why(error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):
        return "no folder can have this name"
    return WHY.get(error.errno or 0) or error.strerror or "no folder can have this name"

"""
What lies beside the folder of the public register while it is made: the new one and the one before, in a folder that
only its owner may enter. What a making that was killed left there goes with the next one.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tasks.public_site.ours import WRITTEN, written_in

NEW, BEFORE = "new", "before"
"""The two folders that may be in it."""
HELD: Final = "held"
"""The file that a making holds for as long as it runs. A file, since a network disk locks no folder."""
PART = ".part"
"""How its name ends."""
AGAIN: Final = 3
"""How often it is made again, where another making took it for a leftover before it was held."""
BUSY = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES})
"""What the system says of a lock that somebody else has; of anything else it keeps none."""


class Unlockable(OSError):
    """The disk keeps no locks, so nobody can say whether a making still runs."""


@contextmanager
def beside(place: Path) -> Iterator[tuple[Path, list[str]]]:
    """
    A folder beside the place, held, and what could not be tidied, in words; gone when it is left. Raises OSError.

    Leftovers of this place are taken away first, where it can be known that no making has them any more.
    """
    said: list[str] = []
    there, held = _made(place)
    try:
        try:
            _lock(held)
        except Unlockable:
            said.append(
                "This disk keeps no locks. What a making that was killed may have left beside the folder was not "
                f"looked for: its name begins with .{place.name}. and ends with {PART}. It may be taken away by hand."
            )
        else:
            said += _take_leftovers(place, there)
        yield there, said
    finally:
        os.close(held)
        _clear_all(there)
        if there.exists():
            said.append(f"{there} could not be taken away: it holds what was not written here.")


def _made(place: Path) -> tuple[Path, int]:
    """A new folder that only its owner may enter, and the file in it that is to be held."""
    for left in reversed(range(AGAIN)):
        there = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=PART, dir=place.parent))
        try:
            return there, os.open(there / HELD, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except FileNotFoundError:
            if not left:
                raise
    raise AssertionError(AGAIN)


def _lock(held: int) -> None:
    """Hold a file. Raises BlockingIOError where somebody has it, Unlockable where nobody can."""
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise (BlockingIOError if error.errno in BUSY else Unlockable)(*error.args) from None


def _take_leftovers(place: Path, mine: Path) -> list[str]:
    """Take away what a making of this place that was killed left; what is not ours stays, and is named."""
    form = re.compile(rf"\.{re.escape(place.name)}\.[a-z0-9_]{{8}}{re.escape(PART)}")
    found = sorted(one for one in place.parent.iterdir() if one != mine and form.fullmatch(one.name))
    said = []
    for there in found:
        if there.is_symlink() or not _is_left(there):
            continue
        _clear_all(there)
        if there.exists():
            said.append(f"{there} stays: it holds what was not written here. Take it away by hand if it is not needed.")
    return said


def _is_left(there: Path) -> bool:
    """Whether no making has a folder any more: nobody holds its file, or there is none."""
    try:
        held = os.open(there / HELD, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return there.is_dir()
    except OSError:
        return False
    try:
        _lock(held)
    except OSError:
        return False
    finally:
        os.close(held)
    return True


def _clear_all(there: Path) -> None:
    """Take away what was written here, and the folder, if nothing else is in it."""
    for name in (NEW, BEFORE):
        if not (there / name).is_symlink():
            _clear(there / name)
    with suppress(OSError):
        if not {one.name for one in there.iterdir()} - {HELD}:
            (there / HELD).unlink(missing_ok=True)
            there.rmdir()


def _clear(folder: Path) -> None:
    """Take away a register: its files, last the one that says that they are ours, so that this can be gone on with."""
    for name in written_in(folder):
        with suppress(OSError, ValueError):
            if (folder / name).parent == folder and name != WRITTEN:
                (folder / name).unlink()
    with suppress(OSError):
        if not {one.name for one in folder.iterdir()} - {WRITTEN}:
            (folder / WRITTEN).unlink(missing_ok=True)
            folder.rmdir()

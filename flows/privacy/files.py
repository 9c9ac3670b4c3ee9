"""
Files and processes searched for canaries: every file under a folder, letters as their reader has them, what a running
process prints into, and the command lines and environments of this user's processes.
"""

from __future__ import annotations

import email
import email.policy
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from flows.privacy.canaries import Sought
from flows.privacy.looked import Looked

PIECE, OVERLAP = 16 * 2**20, 4096
"""Bytes of a file that are looked at together, and those that are looked at twice."""
PROCESSES = Path("/proc")
LETTER, CAUGHT = ".eml", "caught"


def search_files(paths: Iterable[Path], place: str, canaries: Sought, record: Path | None) -> Looked:
    """Search these files, whatever they are; `record` is the record's own, which keeps some answers openly."""
    looked = Looked(place)
    for path in paths:
        try:
            found = {one.word: one for piece in _pieces(path) for one in canaries.within(piece)}
            if path.suffix == LETTER:
                found |= {one.word: one for one in canaries.within(_as_read(path))}
            size = path.stat().st_size
        except FileNotFoundError:  # It was there a moment ago.
            continue
        except OSError as error:
            looked.could_not.append(f"{path} ({error.strerror})")
            continue
        looked.count("files")
        looked.count("bytes", size)
        if path.suffix == ".log":
            looked.count("logs")
        if CAUGHT in path.parts:
            looked.count("caught messages")
        of_record = record is not None and path.name.startswith(record.name) and path.parent == record.parent
        looked.found((one for one in found.values() if not (of_record and one.kept_openly)), str(path))
    return looked


def under(folders: Iterable[Path]) -> Iterator[Path]:
    """Every file under these folders, once."""
    seen: set[Path] = set()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and (whole := path.resolve()) not in seen:
                seen.add(whole)
                yield path


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        before = b""
        while piece := file.read(PIECE):
            yield before + piece
            before = piece[-OVERLAP:]


def _as_read(path: Path) -> bytes:
    """What the parts of a letter say, once their coding is undone."""
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    parts = [part.get_payload(decode=True) for part in letter.walk() if not part.is_multipart()]
    return b"\n".join(part for part in parts if isinstance(part, bytes))


# --------------------------------------------------------------------------- processes


def search_processes(canaries: Sought) -> Looked:
    """Search what is shown of this user's processes: how each was started, and its environment."""
    looked = Looked("the list of processes")
    for process in _processes():
        for what in ("cmdline", "environ"):
            held = _read(process / what)
            if held is not None:
                looked.count("command lines" if what == "cmdline" else "environments")
                looked.found(canaries.within(held), f"{what} of process {process.name}")
    if not looked.counted:
        looked.could_not.append("this machine shows no list of processes under /proc")
    return looked


def printed_into(homes: Iterable[Path]) -> tuple[list[Path], list[str]]:
    """
    The files outside these folders that the system's processes write into, such as a log of what they print; and in
    words those that print where nothing can be read back.
    """
    homes = [home.resolve() for home in homes]
    files: dict[Path, None] = {}
    elsewhere: dict[str, None] = {}
    for process in _processes():
        opened = dict(_opened(process))
        if not _of_the_system(process, homes, opened.values()):
            continue
        for number, target in opened.items():
            if not target.startswith("/"):  # A pipe or a socket: a journal, or another process.
                if number in ("1", "2"):
                    elsewhere[f"what process {process.name} prints goes to a {target.partition(':')[0]}"] = None
            elif not any(home in Path(target).parents for home in homes) and _is_written(process, number):
                files[process / "fd" / number if target.endswith(" (deleted)") else Path(target)] = None
    return list(files), list(elsewhere)


def _processes() -> Iterator[Path]:
    if not PROCESSES.is_dir():
        return
    mine = os.getpid()
    for process in PROCESSES.iterdir():
        if process.name.isdecimal() and int(process.name) != mine:
            yield process


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:  # Another user's, or it has ended.
        return None


def _opened(process: Path) -> Iterator[tuple[str, str]]:
    try:
        for number in os.listdir(process / "fd"):  # noqa: PTH208  its links lead nowhere a path could follow
            yield number, os.readlink(process / "fd" / number)  # noqa: PTH115
    except OSError:
        return


def _of_the_system(process: Path, homes: Iterable[Path], opened: Iterable[str]) -> bool:
    """Whether a process has a file of these folders open, or was told of one of them."""
    told = (_read(process / "environ") or b"").split(b"\0")
    named = [value for name, _, value in (one.partition(b"=") for one in told) if name in (b"PREFECT_HOME", HOME)]
    opened = list(opened)
    return any(str(home).encode() in named or any(one.startswith(f"{home}/") for one in opened) for home in homes)


HOME = b"SAFEGUARDING_HOME"


def _is_written(process: Path, number: str) -> bool:
    """Whether an open file is a file, and was opened to be written."""
    try:
        kind = (process / "fd" / number).stat().st_mode
        told = (process / "fdinfo" / number).read_text()
    except OSError:
        return False
    flags = next((line.split()[1] for line in told.splitlines() if line.startswith("flags:")), "0")
    return stat.S_ISREG(kind) and int(flags, 8) & os.O_ACCMODE != os.O_RDONLY

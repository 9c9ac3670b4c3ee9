"""
What a backup holds: its own list of names, sizes and digests, and how it is unpacked within bounds.

A backup comes from somewhere else, and may have been damaged or made up on the way. So nothing is unpacked that is not
on its list, larger than it says, or missing; and what was changed is said to be, in words, before anything is put in
place.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from safeguarding.errors import SafeguardingError
from tasks.store.sealing import KEY_FILE

RECORD, HEADS, DEPARTURES = "record.sqlite3", "heads.json", "departures.log"
LIST = "contents.json"
MARK = b"safeguarding backup 1"
"""The comment of a zip that has a list: where it stands, the list has to be there."""
HELD = (RECORD, HEADS, DEPARTURES, KEY_FILE)

_LINE, _HEX = 64, b"0123456789abcdef"
"""The letters of a digest: how many, and which."""
SMALL = 50_000_000
"""Bytes that any backup may unpack to."""
TIMES = 100
"""How much larger than its zip it may be: a record is packed to a fifth, a file of zeros to a thousandth."""
LARGEST_LIST = 10_000
SPARE = 50_000_000
"""Bytes of the disk that stay free while it is unpacked."""

_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OverflowError,
)
"""What `zipfile` raises for bytes that are no zip, or are no longer one."""


class BackupUnfit(SafeguardingError):
    """A backup cannot be written where it was to be, or what was given is none."""

    code = "backup-unfit"

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file}: {why}.", file, why)


class Marked(zipfile.ZipFile):
    """A new backup, which says that its list has to be in it."""

    def __init__(self, lines: IO[bytes]) -> None:
        super().__init__(lines, "w", zipfile.ZIP_DEFLATED)
        self.comment = MARK


def listed(files: Sequence[Path]) -> str:
    """The list of these files, as it is put into a backup."""
    named = {file.name: {"bytes": file.stat().st_size, "sha256": _digest(file)} for file in files}
    return json.dumps({"format": MARK.decode(), "files": named}, indent=1) + "\n"


def unpack(file: Path, folder: Path) -> Sequence[str]:
    """
    Put what a backup holds into a folder, and say what is to be known of it. Raises BackupUnfit.

    A backup of an earlier program has no list: it is taken all the same, and what it holds and lacks is said.
    """
    if not file.exists():
        raise BackupUnfit(str(file), "there is no such file")
    if not file.is_file():  # A pipe or a device would be read for ever.
        raise BackupUnfit(str(file), "it is no file")
    try:
        with zipfile.ZipFile(file) as packed:
            members = _members(file, packed, folder)
            if LIST not in members:
                if packed.comment == MARK:
                    raise BackupUnfit(str(file), f"it is damaged: its list of contents ({LIST}) is not in it")
                _copy(packed, members, folder)
                return (_without_list(members),)
            wanted = _wanted(file, packed, members)
            _copy(packed, members, folder)
    except OSError as error:
        raise BackupUnfit(str(file), f"it cannot be read or unpacked: {error.strerror or 'it is damaged'}") from None
    except _BROKEN:
        raise BackupUnfit(str(file), "it is no backup, or is damaged") from None
    if changed := [name for name, digest in wanted.items() if _digest(folder / name) != digest]:
        raise BackupUnfit(str(file), f"it is damaged: {' and '.join(changed)} in it is not as it was written")
    return ()


def _members(file: Path, packed: zipfile.ZipFile, folder: Path) -> dict[str, zipfile.ZipInfo]:
    """What is in it by name, none twice, none unknown, none in a way that no backup is packed, all within bounds."""
    infos = packed.infolist()
    names = [info.filename for info in infos]
    if RECORD not in names:
        raise BackupUnfit(str(file), "it holds no record")
    if len(set(names)) < len(names) or set(names) - {*HELD, LIST}:
        raise BackupUnfit(str(file), "it is damaged, or no backup of this program: it holds files that no backup holds")
    if any(info.flag_bits & 1 for info in infos):
        raise BackupUnfit(str(file), "it is locked by a password, as no backup of this program is: unpack it first")
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
        raise BackupUnfit(str(file), "it is packed in a way in which no backup of this program is")
    whole = sum(info.file_size for info in infos)
    if whole > max(SMALL, TIMES * file.stat().st_size):
        raise BackupUnfit(str(file), f"it would unpack to {whole // 1_000_000} MB, more than a backup of its size can")
    free = shutil.disk_usage(folder).free
    if whole > free - SPARE:
        words = (
            f"it unpacks to {whole // 1_000_000} MB, and the disk of {folder.parent} has {free // 1_000_000} MB left"
        )
        raise BackupUnfit(str(file), words)
    return {info.filename: info for info in infos}


def _wanted(file: Path, packed: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> dict[str, str]:
    """The digests of its list, of everything that is there. Raises BackupUnfit where it lists something else."""
    try:
        held = packed.open(LIST).read(LARGEST_LIST)
        files: dict[str, dict[str, Any]] = json.loads(held)["files"]
        sizes = {name: one["bytes"] for name, one in files.items()}
        wanted = {name: one["sha256"] for name, one in files.items()}
    except (KeyError, TypeError, AttributeError, RecursionError):
        raise BackupUnfit(str(file), "it is damaged: its list of contents cannot be read") from None
    there = {name: info.file_size for name, info in members.items() if name != LIST}
    if missing := sorted(sizes.keys() - there.keys()):
        raise BackupUnfit(
            str(file), f"it is damaged: {' and '.join(missing)} is not in it, and was when it was written"
        )
    if sizes != there:
        raise BackupUnfit(str(file), "it is damaged: what it holds is not what it lists")
    return wanted


def _copy(packed: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], folder: Path) -> None:
    """Unpack what is held, never more of it than its size says."""
    for name, info in members.items():
        with packed.open(info) as source, (folder / name).open("wb") as target:
            left = info.file_size + 1
            while left > 0 and (part := source.read(min(left, 1 << 20))):
                target.write(part)
                left -= len(part)
        if left != 1:
            raise zipfile.BadZipFile


def _without_list(members: Mapping[str, zipfile.ZipInfo]) -> str:
    lacks = " and ".join(name for name in (HEADS, DEPARTURES) if name not in members)
    more = f" It holds no {lacks}." if lacks else ""
    again = " What had left may be sent a second time, unless the home folder has that file." if lacks else ""
    return f"This backup has no list of what it holds, as those of an earlier program have none.{more}{again}"


def _digest(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as opened:
        while part := opened.read(1 << 20):
            found.update(part)
    return found.hexdigest()


# --------------------------------------------------------------------------- what had left


def departures(file: Path) -> list[bytes]:
    """The whole lines of a log of what has left; a line that was cut short is none. Empty where there is no file."""
    if not file.is_file():
        return []
    return [line for line in file.read_bytes().split() if len(line) == _LINE and not line.translate(None, _HEX)]


def log_is_sound(file: Path) -> bool:
    """Whether a log of what has left holds nothing but its digests."""
    return not file.exists() or not file.read_bytes().translate(None, _HEX + b"\r\n")

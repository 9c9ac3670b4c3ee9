"""
Files for their owner alone: what is made from now on, and what an earlier start left open to others on the machine.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from safeguarding.errors import SafeguardingError

OURS_ALONE = 0o077
"""The bits of a file's mode that let anybody but its owner in."""
KEPT = ("record.sqlite3*", "master.key", "login", "demo-login", "service.login", "*.log", "prefect*", "caught")
"""What this program keeps in its home folder; whatever else lies there belongs to somebody else."""


class FilesOpenToOthers(SafeguardingError):
    """Files of the record may be read by others on this machine, and this user cannot close them."""

    code = "files-open-to-others"

    def __init__(self, files: tuple[str, ...]) -> None:
        first = ", ".join(files[:5])
        more = f" and {len(files) - 5} more" if len(files) > 5 else ""
        super().__init__(
            f"Others on this machine may read {first}{more}, and this user may not change that. Make this user their "
            "owner (chown), or close them (chmod go=), then start again.",
            files,
        )


def make_private() -> None:
    """From now on every file and folder that this process or its children make is for its owner alone."""
    os.umask(OURS_ALONE)


def close(home: Path) -> int:
    """
    Close the home folder, and whatever of ours lies in it, to everybody but its owner; how many stood open.

    Links are left as they are. Raises FilesOpenToOthers, naming what cannot be closed.
    """
    if os.name != "posix" or not home.is_dir():
        return 0
    closed, stuck = 0, []
    for path in (home, *_ours(home)):
        try:
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode) or not mode & OURS_ALONE:
                continue
            path.chmod(stat.S_IMODE(mode) & ~OURS_ALONE)
            closed += 1
        except FileNotFoundError:  # Folded away meanwhile: a write-ahead log, a letter that was moved.
            continue
        except PermissionError:
            stuck.append(str(path))
    # Inside a folder that nobody else may enter it does not matter how a file stands.
    if stuck and home.stat().st_mode & OURS_ALONE:
        raise FilesOpenToOthers(tuple(stuck))
    return closed


def _ours(home: Path) -> Iterator[Path]:
    for pattern in KEPT:
        for top in home.glob(pattern):
            yield top
            if top.is_dir() and not top.is_symlink():
                for folder, folders, files in os.walk(top):
                    yield from (Path(folder) / name for name in (*folders, *files))


def write_once(file: Path, words: str) -> bool:
    """Make this file with these words, for its owner alone, unless there is one; whether it was made. Never half."""
    fresh = _fresh(file, words)
    try:
        os.link(fresh, file)
    except FileExistsError:
        return False
    finally:
        fresh.unlink()
    return True


def replace(file: Path, words: str) -> None:
    """The file with these words in the place of what it held, for its owner alone. Never half."""
    _fresh(file, words).replace(file)


def _fresh(file: Path, words: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(f"{words}\n")
        opened.flush()
        os.fsync(opened.fileno())
    return fresh

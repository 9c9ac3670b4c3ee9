"""
What Prefect begins with, made once where the program is installed: `python -m flows.server.prepared`.

Its tables take Prefect's sixty steps seconds to make, its page is copied file by file, and each form of ours is put in
by a call of its own. A first start copies what was made of all that: of a partnership's own system the tables without
a row, of the invented one, whose forms are the same everywhere, with everything that is registered. What has changed
since is registered again as at any start. Where nothing was made, where it is of another release of Prefect, or where
Prefect keeps its tables elsewhere than in its own file, Prefect makes them itself as ever.
"""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Collection
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from shutil import copyfile, copytree

from flows.server import prefect_settings

TABLES, DEMO = "tables.db", "demo.db"
"""Prefect's database without a row, and as it is once the forms of the invented partnership are registered."""
STEPS = "alembic_version"
"""The table in which Prefect notes by which steps its tables were made."""
REGISTERED = (
    *(STEPS, "flow", "deployment", "deployment_schedule", "work_pool", "work_queue"),
    "concurrency_limit_v2",
)
"""The tables with what registering writes: no key, no session, no run, and nothing of a person."""
BEGUN = ".begun-"
"""How the folder is called in which something is until it is whole."""


def prepared_folder() -> Path:
    """Where lies what was made where this program is installed."""
    return Path(sys.prefix) / "share" / "safeguarding" / f"prefect-{version('prefect')}"


def begin_with(home: Path, *, invented: bool) -> None:
    """
    Give Prefect what it begins with, where its files in `home` have none and what was made is whole.

    `invented`: it is the invented partnership's. Each is copied under a name of its own and put in its place at once: a
    start that is killed meanwhile leaves nothing that the next one would meet, and of two at once one is first. What
    cannot be copied Prefect makes itself.
    """
    file, made = prefect_settings.database_file(home), prepared_folder() / (DEMO if invented else TABLES)
    if file is not None and not file.exists() and _is_whole(made):
        with contextlib.suppress(OSError), tempfile.TemporaryDirectory(dir=home, prefix=BEGUN) as beside:
            begun = Path(beside) / file.name
            copyfile(made, begun)
            begun.chmod(0o600)
            file.hardlink_to(begun)  # Not in the place of one that another start may have opened.
    page, made = prefect_settings.page_folder(home), prepared_folder() / prefect_settings.PAGE
    if made.exists() and not page.exists():
        with contextlib.suppress(OSError), tempfile.TemporaryDirectory(dir=home, prefix=BEGUN) as beside:
            copytree(made, Path(beside) / page.name, copy_function=copyfile).rename(page)


def _is_whole(file: Path) -> bool:
    """Whether a database is there and nothing of it is missing."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            return bool(opened.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def stands(file: Path) -> bool:
    """Whether the tables in this file are as this release of Prefect makes them, as far as what was made here tells."""
    here = _steps_of(file)
    return here is not None and here == _steps_of(prepared_folder() / TABLES)


def _steps_of(file: Path) -> frozenset[str] | None:
    """Up to which steps the tables of a file were made; None where it cannot be read or has none."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            return frozenset(step for (step,) in opened.execute(f"SELECT version_num FROM {STEPS}")) or None  # noqa: S608
    except sqlite3.Error:
        return None


# --------------------------------------------------------------------------- where the program is installed


def make(folder: Path) -> None:
    """
    Make all of it, for whoever may run the program to read; once whole it takes the place of what was made before.

    Raises CalledProcessError, OSError, sqlite3.Error.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        home = Path(beside) / "prefect"
        home.mkdir()
        alone = prefect_settings.for_preparing(home)
        command = [sys.executable, "-m", "flows.server.registered_beforehand"]
        subprocess.run(command, check=True, capture_output=True, env=alone)  # noqa: S603  our own interpreter
        made = Path(beside) / "made"
        made.mkdir(mode=0o755)
        keep_of(home / prefect_settings.FILE, REGISTERED, made / DEMO)
        keep_of(home / prefect_settings.FILE, (STEPS,), made / TABLES)
        (home / prefect_settings.PAGE).rename(made / prefect_settings.PAGE)
        for one in (made, *made.rglob("*")):
            one.chmod(0o755 if one.is_dir() else 0o644)
        if folder.exists():
            folder.rename(Path(beside) / "before")
        made.rename(folder)


def keep_of(whole: Path, tables: Collection[str], file: Path) -> None:
    """A copy of a database of Prefect's in which only these tables have rows, and nothing is left of the others."""
    with closing(sqlite3.connect(whole)) as source, closing(sqlite3.connect(file, isolation_level=None)) as copy:
        source.backup(copy)
        found = [name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in found:
            if name not in tables:
                copy.execute(f'DELETE FROM "{name}"')  # noqa: S608  a name that the database itself gave
        copy.execute("VACUUM")
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def main() -> int:
    """
    Make it where this program is installed.

    The program is whole without it, and starts some seconds later: a failure is told, and undoes nothing.
    """
    try:
        make(prepared_folder())
    except (subprocess.CalledProcessError, OSError, sqlite3.Error) as failed:
        sys.stderr.write(f"Nothing is prepared for a first start, which takes some seconds more: {_why(failed)}\n")
    return 0


def _why(failed: Exception) -> str:
    """What an attempt failed for, in one line."""
    if not isinstance(failed, subprocess.CalledProcessError):
        return str(failed)
    said = failed.stderr.decode(errors="replace").splitlines()
    return next((line for line in reversed(said) if line[:1].isalpha()), "it did not say why")


if __name__ == "__main__":
    sys.exit(main())

"""
Prefect's tables, made once where the program is installed: `python -m flows.server.prepared`.

Making them takes Prefect's sixty steps seconds; a first start copies them instead. Where there is no such file, where
it is of another release of Prefect, or where Prefect keeps its tables elsewhere than in its own file, Prefect makes
them itself as ever.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from shutil import copyfile

from flows.server import prefect_settings


def prepared_file() -> Path:
    """Where the tables lie that were made where this program is installed."""
    return Path(sys.prefix) / "share" / "safeguarding" / f"prefect-{version('prefect')}.db"


def begin_with(home: Path) -> None:
    """Give Prefect the tables to begin with, if its files in `home` have none and they were made."""
    file, made = prefect_settings.database_file(home), prepared_file()
    if file is None or file.exists() or not made.exists():
        return
    begun = file.with_name(f"{file.name}.{os.getpid()}")
    copyfile(made, begun)
    begun.chmod(0o600)
    begun.replace(file)


def make(file: Path) -> None:
    """Have Prefect make its tables in a new file, with no row of its own. Raises CalledProcessError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        made = Path(folder) / "made.db"
        alone = prefect_settings.for_tables_alone(Path(folder), made)
        command = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"]
        subprocess.run(command, check=True, capture_output=True, env=alone)  # noqa: S603  our own interpreter
        with closing(sqlite3.connect(made)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        made.replace(file)


def main() -> int:
    """Make them where this program is installed, for whoever may run it to read: there is no row in them."""
    make(prepared_file())
    prepared_file().chmod(0o644)
    return 0


if __name__ == "__main__":
    sys.exit(main())

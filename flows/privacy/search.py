"""
Everywhere that words could have gone: both databases, every file of the home folders, what the processes print into,
the messages, and the list of processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings
from flows.privacy import files, tables
from flows.privacy.canaries import Canaries
from flows.privacy.looked import Looked, Trace
from flows.server import prefect_settings
from tasks.store.whereabouts import file_of

PREFECT, RECORD = "Prefect's database", "the record"


@dataclass(frozen=True, slots=True)
class Places:
    """Where a system keeps what it keeps."""

    settings: Settings
    prefect: Path
    """The folder of Prefect's files."""
    database: str
    """The address of Prefect's database."""

    @classmethod
    def of(cls, settings: Settings) -> Places:
        """Those of the system that runs with these settings and this environment."""
        prefect = prefect_settings.files_of(settings)
        database = prefect_settings.database() or f"sqlite:///{(prefect / 'prefect.db').absolute()}"
        return cls(settings, prefect, database)

    def searched(self, canaries: Canaries) -> Searched:
        """Search all of them, once."""
        record = file_of(self.settings.record_url)
        homes = [self.settings.home, self.prefect]
        outside, elsewhere = files.printed_into(homes)
        kept_in = [file for file in (file_of(self.database), record) if file is not None]
        beside = [path for file in kept_in for path in file.parent.glob(f"{file.name}*")]
        of_home = list(dict.fromkeys([*files.under(homes), *_not_under(homes, beside)]))
        looked = [
            tables.search_database(self.database, PREFECT, canaries, tables.OF_PREFECT),
            tables.search_database(self.settings.record_url, RECORD, canaries, tables.OF_RECORD, record=True),
            files.search_files(of_home, f"every file under {self.settings.home}", canaries, record),
            files.search_files(outside, "what the processes print into", canaries, record),
            files.search_processes(canaries),
        ]
        return Searched([one for one in looked if one.counted or one.could_not], elsewhere)


def _not_under(homes: Sequence[Path], paths: Sequence[Path]) -> list[Path]:
    whole = [home.resolve() for home in homes]
    return [path for path in paths if path.is_file() and not any(home in path.resolve().parents for home in whole)]


@dataclass(frozen=True, slots=True)
class Searched:
    """What one search looked at; and what the processes print where nothing can be read back."""

    looked: list[Looked]
    elsewhere: list[str]

    @property
    def traces(self) -> list[Trace]:
        """Everything that was found."""
        return [trace for one in self.looked for trace in one.traces]

    @property
    def could_not(self) -> list[str]:
        """What lies there and could not be read."""
        return [words for one in self.looked for words in one.could_not]

"""
The system as a door finds it: the settings, the law and the record opened as one.
"""

from __future__ import annotations

from datetime import datetime
from types import TracebackType
from typing import Self

import config
from config.settings import Settings
from safeguarding.dates.working_days import Calendar
from safeguarding.errors import NotASimulation
from safeguarding.law.rulebook import Rulebook
from tasks.record.records import Records, open_record
from tasks.store import private_files
from tasks.store.session import BUSY_SECONDS


class Installation:
    """
    The system as a door finds it: settings, law and record. Whoever opens it closes it: `with open_installation(...)`.

    No dataclass: Prefect looks into those that a task is given, and would walk through the rulebook each time.
    """

    __slots__ = ("records", "rulebook", "settings")

    def __init__(self, settings: Settings, rulebook: Rulebook, records: Records) -> None:
        self.settings, self.rulebook, self.records = settings, rulebook, records

    def at(self, given: datetime | None, now: datetime) -> datetime:
        """The moment of an entry. Raises NotASimulation if another than now is given for a real record."""
        if given is None:
            return now
        if not self.records.identity().simulation:
            raise NotASimulation
        return given

    def under(self, calendar: Calendar) -> Installation:
        """The same record with its days counted by another list of bank holidays; closed with this one."""
        rulebook = self.rulebook.model_copy(update={"calendar": calendar})
        return Installation(self.settings, rulebook, self.records.under(rulebook))

    def close(self) -> None:
        """Let go of the record's database. Whatever is asked afterwards opens it again."""
        self.records.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.close()


def open_installation(
    now: datetime,
    settings: Settings | None = None,
    *,
    make: bool = True,
    simulation: bool = False,
    patience: float = BUSY_SECONDS,
) -> Installation:
    """
    The settings of this process, the partnership's rulebook, and the record, made if there is none.

    `patience` is how many seconds a record that another program holds is waited for.
    With `make=False` nothing is made, neither a record nor its key nor a folder: raises NoRecord where none is.
    """
    private_files.make_private()
    settings = settings or Settings()
    rulebook = config.load(settings.partnership)
    if make:
        settings.make_home()
    records = open_record(
        settings.record_url,
        settings.home,
        rulebook,
        now,
        secret=lambda: config.settings.secret("MASTER_KEY"),
        make=make,
        simulation=simulation,
        patience=patience,
    )
    return Installation(settings, rulebook, records)

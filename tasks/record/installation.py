"""
The system as a door finds it: the settings, the law and the record opened as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import config
from config.settings import Settings
from safeguarding.errors import NotASimulation
from safeguarding.law.rulebook import Rulebook
from tasks.record.records import Records, open_record


@dataclass(frozen=True, slots=True)
class Installation:
    """The system as a door finds it: settings, law and record."""

    settings: Settings
    rulebook: Rulebook
    records: Records

    def at(self, given: datetime | None, now: datetime) -> datetime:
        """The moment of an entry. Raises NotASimulation if another than now is given for a real record."""
        if given is None:
            return now
        if not self.records.identity().simulation:
            raise NotASimulation
        return given


def open_installation(now: datetime, settings: Settings | None = None, *, simulation: bool = False) -> Installation:
    """The settings of this process, the partnership's rulebook, and the record, made if there is none."""
    settings = settings or Settings()
    rulebook = config.load(settings.partnership)
    settings.home.mkdir(parents=True, exist_ok=True)
    records = open_record(
        settings.record_url,
        settings.home,
        rulebook,
        now,
        secret=config.settings.secret("MASTER_KEY"),
        simulation=simulation,
    )
    return Installation(settings, rulebook, records)

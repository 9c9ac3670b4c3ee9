"""
Where the rooms are joined: the settings open the record, and the record becomes the desk that the doors use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import config
from config.settings import Settings
from safeguarding.errors import NotASimulation
from safeguarding.rulebook import Rulebook
from tasks.records import Records, open_record


def now() -> datetime:
    """The moment it is: asked at the doors and nowhere below them."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """The system as a door finds it: settings, law and record."""

    settings: Settings
    rulebook: Rulebook
    records: Records

    def at(self, given: datetime | None) -> datetime:
        """The moment of an entry. Raises NotASimulation if another than now is given for a real record."""
        if given is None:
            return now()
        if not self.records.identity().simulation:
            raise NotASimulation
        return given


def open_house(settings: Settings | None = None, *, simulation: bool = False) -> House:
    """The settings of this process, the partnership's rulebook, and the record, made if there is none."""
    settings = settings or Settings()
    rulebook = config.load(settings.partnership)
    settings.home.mkdir(parents=True, exist_ok=True)
    records = open_record(
        settings.record_url,
        settings.home,
        rulebook,
        now(),
        secret=config.settings.secret("MASTER_KEY"),
        simulation=simulation,
    )
    return House(settings, rulebook, records)

"""
The system as a door finds it: the settings, the law and the record opened as one.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import config
from config import bank_holidays
from config.partnership_files import MOST_FILES
from config.settings import Settings
from safeguarding.dates.working_days import Calendar
from safeguarding.errors import Fault, NotASimulation, RulebookInvalid
from safeguarding.law.rulebook import Rulebook
from tasks.record import partnership_file
from tasks.record.partnership_file import InForce
from tasks.record.records import Records, open_record
from tasks.store import private_files
from tasks.store.session import BUSY_SECONDS, reading
from tasks.store.whereabouts import NoRecord

LOOK_EVERY = 0.9
"""Seconds between two glances at the file and at the partnership's chain."""
SETTLES = 1.0
"""Seconds that a file has to lie as it was saved before it is looked at."""


class Installation:
    """
    The system as a door finds it: settings, law and record. Whoever opens it closes it: `with open_installation(...)`.

    No dataclass: Prefect looks into those that a task is given, and would walk through the rulebook each time.
    """

    __slots__ = ("_line", "_looked", "_looking", "_seen", "records", "refused", "rulebook", "settings")

    def __init__(self, settings: Settings, rulebook: Rulebook, records: Records) -> None:
        self.settings, self.rulebook, self.records = settings, rulebook, records
        self.refused: tuple[Fault, ...] = ()
        """Why the partnership's file as it is now is not in force: the one before it is."""
        self._seen, self._line, self._looked = signature(settings.partnership), 0, 0.0
        self._looking = threading.Lock()

    def at(self, given: datetime | None, now: datetime) -> datetime:
        """The moment of an entry. Raises NotASimulation if another than now is given for a real record."""
        if given is None:
            return now
        if not self.records.identity().simulation:
            raise NotASimulation
        return given

    def put_in_force(self, now: datetime, *, take_up: bool = True) -> None:
        """
        Bring the file and the record together, and use what then holds. Raises RulebookInvalid where nothing does.

        Without `take_up` a changed file is looked at and stays out of force.
        """
        self._seen = signature(self.settings.partnership)
        self._use(partnership_file.put_in_force(self.records, self.settings.partnership, now, take_up=take_up))

    def follow(self, now: datetime) -> bool:
        """
        Take up what was changed since the last look: the partnership's file, once it is saved and in order, and who
        is away. Whether anything is otherwise now. Costs a glance, and at most one in a second.
        """
        if time.monotonic() - self._looked < LOOK_EVERY or not self._looking.acquire(blocking=False):
            return False
        try:
            return self._follow(now)
        finally:
            self._looked = time.monotonic()
            self._looking.release()

    def _follow(self, now: datetime) -> bool:
        there = signature(self.settings.partnership)
        before = (self.rulebook, self.refused)
        if there != self._seen and not just_saved(there, now):
            self.put_in_force(now)
        else:
            self.follow_chain()
        return before[0] is not self.rulebook or before[1] != self.refused

    def follow_chain(self) -> None:
        """Use what the partnership's chain says now, where a line was added to it."""
        with reading(self.records.engine) as connection:
            moved = partnership_file.chain_length(connection) != self._line
        if moved:
            self._use(partnership_file.by_the_chain(self.records, self.rulebook)._replace(refused=self.refused))

    def _use(self, found: InForce) -> None:
        self._line, self.refused = found.line, found.refused
        if found.rulebook is not self.rulebook:
            self.rulebook = found.rulebook
            self.records.use(found.rulebook)

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


Signature = tuple[tuple[str, int, int], ...]
"""The files of a partnership by name, moment of saving and size: what a glance can tell."""


def signature(partnership: Path | None) -> Signature:
    """How the partnership's files stand on the disk; nothing for those that come with the program."""
    if partnership is None:
        return ()
    try:
        files = [partnership] if not partnership.is_dir() else sorted(partnership.rglob("*.y*ml"))[:MOST_FILES]
        own = bank_holidays.own_list(partnership)
        files += [own] if own is not None else []
        found = [(str(file), file.stat()) for file in files]
    except OSError:
        return (("", 0, 0),)
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


def just_saved(there: Signature, now: datetime) -> bool:
    """Whether one of the files was saved a moment ago: an editor may still be writing the others."""
    latest = max((moment for _, moment, _ in there), default=0)
    return abs(now.timestamp() - latest / 1_000_000_000) < SETTLES


def open_installation(
    now: datetime,
    settings: Settings | None = None,
    *,
    make: bool = True,
    simulation: bool = False,
    patience: float = BUSY_SECONDS,
    take_up: bool = True,
) -> Installation:
    """
    The settings of this process, the partnership's rulebook, and the record, made if there is none.

    `patience` is how many seconds a record that another program holds is waited for.
    With `make=False` nothing is made, neither a record nor its key nor a folder: raises NoRecord where none is.
    A file that has faults, or would take from open work what it needs, is not taken up: the one before it stays in
    force (`refused` says why). Raises RulebookInvalid where there is none before it.
    Without `take_up` a file that was changed is left out of force, whatever it says.
    """
    private_files.make_private()
    settings = settings or Settings()
    invalid: RulebookInvalid | None = None
    try:
        rulebook = config.load(settings.partnership)
    except RulebookInvalid as found:
        # The record may hold the file that was in force before. Until it is read the law alone is needed.
        invalid, rulebook, make = found, config.load(), False
    if make:
        settings.make_home()
    try:
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
    except NoRecord:
        if invalid is not None:
            raise invalid from None
        raise
    installation = Installation(settings, rulebook, records)
    try:
        installation.put_in_force(now, take_up=take_up)
    except BaseException:
        installation.close()
        raise
    return installation

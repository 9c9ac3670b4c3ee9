"""A record restored from a backup: whoever was told since is not told again, and whoever was not is."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from config.settings import Settings
from flows.demo.answers import answer, signer
from flows.demo.demo import CaughtPost
from flows.demo.post_catcher import Catcher
from safeguarding.dates.london import LONDON, now
from safeguarding.stages import STEPS
from tasks.post.sent_log import LEFT_ALREADY, Departures
from tasks.record.installation import Installation, open_installation
from tasks.record.sweep_round import sweep_once
from tasks.store import outbox
from tasks.store.tables import notices


def at(day: int, hour: int = 10) -> datetime:
    """A moment of March 2026; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, tzinfo=LONDON)


class Office:
    """A home folder with its record, which can be put aside and put back, and a catcher that outlives both."""

    def __init__(self, home: Path, catcher: Catcher) -> None:
        self.home, self.catcher = home, catcher
        self.installation = self._open()

    def _open(self) -> Installation:
        return open_installation(now(), Settings(home=self.home, partnership=None, database_url=None), simulation=True)

    def _close(self) -> None:
        self.installation.close()

    def take(self, step: str, reference: str, moment: datetime, **changes: object) -> str:
        """Take a step with the example's answer; the reference."""
        records, actor = self.installation.records, signer(STEPS[step].by)
        review = records.read(reference) if reference else None
        raw = answer(step, review, moment.date(), **changes)
        if not reference:
            return records.open(raw, actor, moment).review.reference
        return records.attempt(reference, step, raw, actor, moment).review.reference

    def sweep(self, moment: datetime) -> None:
        """Sweep and deliver as of a moment."""
        sweep_once(self.installation, CaughtPost(self.catcher), moment)

    def back_up(self) -> None:
        """Copy the record, as the manual says: the record and nothing beside it."""
        self._close()
        shutil.copy(self.home / "record.sqlite3", self.home.parent / "backup.sqlite3")
        self.installation = self._open()

    def restore(self) -> None:
        """Put the copy back."""
        self._close()
        for log in self.home.glob("record.sqlite3-*"):
            log.unlink()
        # Whoever puts a copy back by hand says so: without this it is refused, as older than what was here.
        (self.home / "sealed.json").unlink()
        shutil.copy(self.home.parent / "backup.sqlite3", self.home / "record.sqlite3")
        self.installation = self._open()

    @property
    def caught(self) -> int:
        """How many letters and Teams messages have arrived over all its lives."""
        return self.catcher.caught.mail + self.catcher.caught.teams

    def outcomes(self, occasion: str) -> list[tuple[str, str | None]]:
        """What became of the notices of an occasion."""
        with self.installation.records.engine.connect() as connection:
            rows = connection.execute(outbox.FULL.where(notices.c.occasion == occasion).order_by(notices.c.id))
            return [(row.status, row.reason) for row in rows]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with nothing in its record."""
    with Catcher(tmp_path / "caught") as catcher:
        office = Office(tmp_path / "home", catcher)
        yield office
        office._close()


def test_what_was_told_after_the_backup_is_not_told_again(office: Office, tmp_path: Path) -> None:
    """
    The local authority knows on Monday the 2nd; the notification is due on the 9th. The backup is of the 2nd.
    Reminders leave on the days before; then the disk is lost and the backup put back. What is owed again nobody hears
    again; on the 10th the date is missed, and everybody owed that hears it. All in all as many messages have arrived
    as where nothing was ever lost.
    """
    reference = office.take("assess_notification", office.take("open_referral", "", at(2)), at(2))
    office.sweep(at(2, 12))
    office.back_up()
    for day in (4, 6, 9):
        office.sweep(at(day))
    reminded, arrived = office.outcomes("reminder"), office.caught

    office.restore()
    assert reminded and [] == office.outcomes("reminder")
    for day in (4, 6, 9):
        office.sweep(at(day))
    assert arrived == office.caught
    assert len(reminded) == len(office.outcomes("reminder"))
    assert ("delivered", LEFT_ALREADY) in office.outcomes("reminder")
    assert ("delivered", None) not in office.outcomes("reminder")

    office.sweep(at(10))
    office.sweep(at(10, 11))
    assert ("delivered", None) in office.outcomes("due_missed")
    assert "referral" == office.installation.records.read(reference).stage.value
    with Catcher(tmp_path / "other" / "caught") as catcher:
        spared = Office(tmp_path / "other" / "home", catcher)
        spared.take("assess_notification", spared.take("open_referral", "", at(2)), at(2))
        for moment in (at(2, 12), at(4), at(6), at(9), at(10)):
            spared.sweep(moment)
        assert spared.caught == office.caught
        spared._close()


def test_a_step_recorded_anew_under_the_same_number_is_told(office: Office) -> None:
    """
    After the backup the case was closed as not serious. Restored, the review goes on from the line before, and is
    assessed instead: other words under the same number of the ledger, which everybody owed hears.
    """
    reference = office.take("open_referral", "", at(2), concern="learning request")
    office.sweep(at(2, 11))
    office.back_up()
    office.take("close_not_serious", reference, at(2, 12))
    office.sweep(at(2, 13))
    arrived = office.caught

    office.restore()
    office.take("assess_notification", reference, at(2, 14))
    office.sweep(at(2, 15))

    assert arrived < office.caught


def test_another_record_in_the_same_folder_is_another_matter(office: Office) -> None:
    """A record that is made new has the same first reference: its people hear, whatever the one before told."""
    office.take("open_referral", "", at(2))
    office.sweep(at(2, 11))
    arrived = office.caught
    office._close()
    for file in office.home.glob("record.sqlite3*"):
        file.unlink()
    (office.home / "master.key").unlink()
    (office.home / "sealed.json").unlink()
    office.installation = office._open()

    office.take("open_referral", "", at(2))
    office.sweep(at(2, 11))

    assert 2 * arrived == office.caught


def test_two_senders_read_what_the_other_noted(tmp_path: Path, office: Office) -> None:
    """Two processes on one machine: what one has sent, the other finds; and nothing in the file can be read."""
    reference = office.take("open_referral", "", at(2))
    with office.installation.records.engine.connect() as connection:
        row = connection.execute(outbox.FULL).first()
    assert row is not None
    one, other = (Departures(tmp_path / "departures.log", "a record") for _ in range(2))
    assert not other.holds(row)

    one.note(row)

    assert one.holds(row) and other.holds(row)
    assert not Departures(tmp_path / "departures.log", "another").holds(row)
    assert reference not in (tmp_path / "departures.log").read_text()

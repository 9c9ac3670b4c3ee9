"""The disk fills up under the running system; a second system is started on the home of the first."""

import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from driver.page import Manager, NotAnswered, System, free_port
from driver.whole import faults, of_the_record
from sqlalchemy.exc import SQLAlchemyError

from safeguarding.errors import SafeguardingError
from tasks.store.whereabouts import unavailable

pytestmark = pytest.mark.prefect

DISK = 1500
"""Megabytes of a disk of its own: what a new system takes, and as much room as `health` asks for."""
WITHIN = 240.0
"""Seconds until all is as it must be again."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=0700", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_leaves_nothing_half_written_and_is_outlived(disk: Path) -> None:
    """
    Not a byte is left: a step is refused in words, or is whole in the record. Once there is room again everything goes
    on by itself, without a start.
    """
    with System(disk / "home").start() as own, Manager(own) as manager:
        reference = manager.opened_elsewhere()
        filled = disk / "filled"
        with suppress(OSError), filled.open("wb", buffering=0) as file:
            while file.write(bytes(1_000_000)):
                pass
        before, refusal = len(own.installation.records.list()), ""
        for _ in range(200):
            try:
                manager.opened_elsewhere(summary="Long words about nobody. " * 790)
            except SafeguardingError as refused:
                refusal = str(refused)
            except (SQLAlchemyError, sqlite3.Error) as error:
                told = unavailable(error, own.settings.record_url)
                assert told is not None, repr(error)
                refusal = str(told)
            if refusal:
                break
            before += 1
        with suppress(httpx.HTTPError, NotAnswered, KeyError):
            manager.answer(reference, "assess_notification")

        assert "the disk is full, and nothing was written" in refusal
        assert [] == of_the_record(own)
        assert before == len(own.installation.records.list())
        filled.unlink()

        assert [] == faults(own, manager, WITHIN)
        if "awareness_recorded" not in [event.kind for event in own.installation.records.events(reference)]:
            manager.answer(reference, "assess_notification")
        assert [] == faults(own, manager, WITHIN)


def test_two_systems_on_one_home_do_nothing_twice(tmp_path: Path) -> None:
    """Started once more by mistake, at another port: both pages serve, each step is taken once, each card is one."""
    first = System(tmp_path / "home").start()
    with first, Manager(first) as manager:
        second = System(tmp_path / "home")
        second.port = free_port()
        with second.start(), Manager(second) as other:
            references = [manager.referred(), other.referred()]
            hands = [
                threading.Thread(target=one.answer, args=(reference, "assess_notification"))
                for one, reference in ((manager, references[0]), (other, references[1]))
            ]
            for hand in hands:
                hand.start()
            for hand in hands:
                hand.join()
            assert [] == faults(second, other, WITHIN)
            for reference in references:
                kinds = [event.kind for event in first.installation.records.events(reference)]
                assert 1 == kinds.count("awareness_recorded"), kinds
        assert [] == faults(first, manager, WITHIN)

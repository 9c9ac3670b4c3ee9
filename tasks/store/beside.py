"""
What is noted beside the record, in the home folder: which record this is, and how far it had come when last sealed.

A record that is gone, emptied or older than this is not silently begun anew: its references would be given out twice.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import orjson

from safeguarding.errors import SafeguardingError
from tasks.store.sealing import KEY_FILE
from tasks.store.seals import Seal

FILE = "sealed.json"
WIDTH = 320
"""Bytes of the note: more than it ever needs."""


class RecordGone(SafeguardingError):
    """The record's key or the note of it is there, and the record is not: it was deleted or emptied."""

    code = "record-gone"

    def __init__(self, home: str, where: str) -> None:
        super().__init__(
            f"There was a record here: {home} holds what belongs to it, and {where} is gone or empty. No new one was "
            "made, since it would give references out twice. Put the backup back: `safeguarding restore FILE`. Only if "
            f"no review was ever recorded here, move {KEY_FILE} and {FILE} to another folder and do this again.",
            home,
            where,
        )


class RecordOlder(SafeguardingError):
    """The record was put back to an earlier day, or another one was put in its place."""

    code = "record-older"

    def __init__(self, home: str, why: str) -> None:
        super().__init__(
            f"This record is not the one that was here last: {why}. It was not opened. If somebody put an older copy "
            "back by mistake, put the newer one back. If it is all that is left, bring it in by `safeguarding restore "
            f"FILE` in an empty folder, or move {FILE} out of {home}: what was recorded after it is then to be "
            "recorded again.",
            home,
            why,
        )
        self.why = why


class RecordUnsealed(SafeguardingError):
    """The record stands where every record is sealed, and its seal is gone: it is not sealed again as it is found."""

    code = "record-unsealed"

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The record in {where} has no seal, and every record of this step has one: it was taken away by other "
            "means, perhaps with reviews. It was not opened and not sealed as it is. Restore the newest backup into an "
            "empty place: `safeguarding restore FILE`. If this record is all that is left, pack its file as "
            "record.sqlite3 into a zip, and restore that with --anyway: it says what is missing, and the new seal says "
            "since when it holds.",
            where,
        )


@dataclass(frozen=True, slots=True)
class Noted:
    """How far a record had come when it was last sealed."""

    record: str
    writes: int
    reviews: int
    lines: int
    seal: str


class Beside:
    """The note of one home folder. Safe to share between threads and processes."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._file = home / FILE

    def read(self) -> Noted | None:
        """What is noted; None where nothing is, or nothing that can be read."""
        try:
            return Noted(**json.loads(self._file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def note(self, seal: Seal | None) -> None:
        """
        The record has come so far. Called after each line is committed, so it may lag behind the record, never lead.

        A full disk or a folder that is gone loses the note and not the line, which is written.
        """
        if seal is None:
            return
        noted = {name: getattr(seal, name) for name in Noted.__slots__}
        words = orjson.dumps(noted).ljust(WIDTH)
        with suppress(OSError):
            try:
                handle = os.open(self._file, os.O_WRONLY)
            except FileNotFoundError:
                handle = os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                # Over what is there and as long as that, in one go: nobody ever reads half of it.
                os.pwrite(handle, words, 0)
            finally:
                os.close(handle)

    @property
    def was_here(self) -> bool:
        """Whether there was a record: a note of it is left, or its key."""
        return self._file.exists() or (self.home / KEY_FILE).exists()

    def compare(self, seal: Seal | None, noted: Noted | None) -> None:
        """
        Raises RecordOlder where this record is another than the one noted, or an earlier day of it.

        What is noted is read before the seal is: a line that is written between the two is no sign of an older record.
        """
        if noted is None:
            return
        if seal is None:
            raise RecordOlder(str(self.home), "it has no seal, and the one that was here was sealed")
        if noted.record != seal.record:
            raise RecordOlder(str(self.home), "it is another record")
        if noted.writes > seal.writes:
            lines = noted.lines - seal.lines
            some = f"{lines} line{'' if lines == 1 else 's'} of the ledger" if lines > 0 else "what was sealed last"
            raise RecordOlder(str(self.home), f"it lacks {some}")

"""
What has left this machine, noted beside the record: so that a record restored from a backup tells nobody twice.

A backup knows nothing of what was sent after it was made. One line for each message, written as soon as it has left
and before the record says so; a sender looks there before it sends. The lines are digests: they say nothing to
whoever reads them. A sender that was killed between the two finds its letter noted as well.
"""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from safeguarding.notices.notice import Occasion

_OF_A_RUNG = (Occasion.REMINDER.value, Occasion.DUE_MISSED.value)
_OF_A_DAY = (Occasion.DIGEST.value, Occasion.WEEKLY_SUMMARY.value)
LEFT_ALREADY = "it had left already: it is noted beside the record"


class Departures:
    """
    The messages of one record that have left this machine. Safe to share between threads and processes.

    `file` is where they are noted; `record` is the identity of the record, for another record may be put in its place.
    """

    def __init__(self, file: Path, record: str) -> None:
        self._file, self._record = file, record
        self._noted: set[str] = set()
        self._read_to = 0
        self._one_at_a_time = threading.Lock()

    def holds(self, notice: Any, returned: datetime | None = None) -> bool:
        """Whether this person was sent the same over the same channel, and it has not come back since (`returned`)."""
        with self._one_at_a_time:
            self._read_on()
            return self._digest(notice, returned) in self._noted

    def note(self, notice: Any, returned: datetime | None = None) -> None:
        """This has left; again, if it came back before."""
        with self._one_at_a_time, self._file.open("a") as lines:
            lines.write(f"{self._digest(notice, returned)}\n")

    def _read_on(self) -> None:
        """Read what was noted since, by this sender or another."""
        if not self._file.exists():
            self._noted.clear()
            self._read_to = 0
            return
        with self._file.open("rb") as lines:
            lines.seek(self._read_to)
            # A line that is still being written ends in no newline: it is read the next time.
            whole, newline, _ = lines.read().rpartition(b"\n")
        self._noted.update(whole.decode().split())
        self._read_to += len(whole) + len(newline)

    def _digest(self, notice: Any, returned: datetime | None) -> str:
        again = f"|{returned.isoformat()}" if returned else ""
        return hashlib.sha256(f"{self._record}|{_same(notice)}{again}".encode()).hexdigest()


def _same(notice: Any) -> str:
    """
    What makes two notices the same to whoever gets them.

    A rung is the same while the date is; how the date stands changes from day to day. There is one digest a day. What
    is told of a step is the same only if it says the same: a restored record goes on from an earlier line, and what is
    recorded anew there under the same number is told.
    """
    if notice.occasion in _OF_A_RUNG:
        about = str(notice.context.get("due_on", ""))
    elif notice.occasion in _OF_A_DAY:
        about = ""
    else:
        about = json.dumps(notice.context, sort_keys=True, default=str)
    return "|".join((notice.key, notice.occasion, about, notice.person, notice.channel))

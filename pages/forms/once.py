"""
That a form which is sent twice is recorded once: its presses one after the other, and what was recorded of it before.
"""

from __future__ import annotations

from itertools import count
from threading import Lock
from typing import NamedTuple

from tasks.record import drafts
from tasks.record.records import Records

LOCKS = 64
"""Submissions that are taken in side by side; two of them share a lock now and then, and wait a moment."""


class SentBefore(NamedTuple):
    """What a submission recorded: of which review, from which line to which."""

    reference: str
    first: int
    last: int


class OneAtATime:
    """Presses of the same submission wait for each other: the second of a double click sees what the first did."""

    def __init__(self) -> None:
        self._locks = [Lock() for _ in range(LOCKS)]

    def of(self, submission: str) -> Lock:
        """What the presses of one submission wait at."""
        return self._locks[hash(submission) % LOCKS]


def row_token(token: str, number: int) -> str:
    """What names the line of one row of a submission of several; the first is named as the submission is."""
    return f"{token}.{number}" if number else token


def sent_before(records: Records, token: str) -> SentBefore | None:
    """What a submission recorded, of one row or several; None where it was not sent, or was refused."""
    found = first = drafts.sent_before(records, token)
    for number in count(1):
        if found is None or first is None:
            break
        last = found
        found = drafts.sent_before(records, row_token(token, number))
    return SentBefore(first[0], first[1], last[1]) if first is not None else None

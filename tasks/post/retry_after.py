"""
Leaving a Teams workflow alone for as long as it asks: the Retry-After of a refusal.

What was asked is kept in the record, so that other letters to the same workflow, other senders and a sender started
anew all wait.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from sqlalchemy import Connection

from tasks.store import heartbeat

LONGEST_WAIT = timedelta(hours=4)
"""What a server asks for beyond this is not believed: a deadline would pass before anybody heard."""

_LEFT_ALONE = "left alone: "


def wait(header: str, now: datetime) -> timedelta:
    """
    How long a Retry-After asks to wait: seconds, or until an HTTP date (RFC 9110, 10.2.3).

    Nothing for what cannot be read or is past; never longer than `LONGEST_WAIT`.
    """
    words = header.strip()
    if words.isascii() and words.isdigit():
        seconds = min(int(words[:9]), LONGEST_WAIT.total_seconds())
        return timedelta(seconds=seconds)
    try:
        until = parsedate_to_datetime(words)
    except ValueError:
        return timedelta()
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), LONGEST_WAIT)


# --------------------------------------------------------------------------- kept in the record


def leave_alone(connection: Connection, workflow: str, until: datetime) -> None:
    """The workflow with this name (of its secret) is to be left alone until a moment, or longer if it asked before."""
    if (before := left_alone(connection).get(workflow)) is None or before < until:
        heartbeat.beat(connection, f"{_LEFT_ALONE}{workflow}", until)


def left_alone(connection: Connection) -> dict[str, datetime]:
    """Every workflow that ever asked to be left alone, and until when."""
    return {
        name.removeprefix(_LEFT_ALONE): until
        for name, until in heartbeat.all_that_begin(connection, _LEFT_ALONE).items()
    }

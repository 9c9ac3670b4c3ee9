"""
Diary entries as an iCalendar file (RFC 5545): what Outlook and every other diary reads.

Whole days and no hours, so no clock change can move one to two in the morning; they take up no time, ring no bell
and name nobody. The same entries give the same file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from safeguarding.shown.diary import DiaryEntry

TYPE = "text/calendar"
PRODUCT = "-//Safeguarding reviews//Statutory dates//EN"
LINE = 75
"""Octets: RFC 5545 folds what is longer."""


def write(entries: Iterable[DiaryEntry], record: str, name: str, link: str = "") -> str:
    """
    The file. `record` is the identity of the record, which makes the names of its entries unique in the world;
    `name` is what a diary calls it; `link` is where a reader finds the cards.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
        *(line for entry in entries for line in _event(entry, record, link)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(entry: DiaryEntry, record: str, link: str) -> Iterator[str]:
    changed = _moment(entry.changed_at)
    yield "BEGIN:VEVENT"
    yield f"UID:{_name(entry.name)}@{record}"
    yield f"SEQUENCE:{entry.moved}"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"DTSTART;VALUE=DATE:{_day(entry.day)}"
    yield f"DTEND;VALUE=DATE:{_day(entry.day + timedelta(days=1))}"
    yield f"SUMMARY:{_text(entry.summary)}"
    yield f"DESCRIPTION:{_text(entry.description)}"
    yield f"CATEGORIES:{'Law or guidance' if entry.statutory else 'Local'}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "X-MICROSOFT-CDO-BUSYSTATUS:FREE"
    if link:
        yield f"URL:{link}/runs?tag={entry.reference}"
    yield "END:VEVENT"


def _name(words: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-._" else "." for letter in words)


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, each after the first behind a space; no letter is cut in two."""
    piece, room = "", LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield piece
            piece, room = " ", LINE - 1
        piece += letter
        room -= size
    yield piece

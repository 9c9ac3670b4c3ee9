"""
Diary entries as an iCalendar file (RFC 5545): what Outlook and every other diary reads.

Whole days and no hours, so no clock change can move one to two in the morning; they take up no time, ring no bell
and name nobody. The same entries give the same file.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from safeguarding.shown.diary import DiaryEntry

if TYPE_CHECKING:
    from icalendar import Event

TYPE = "text/calendar"
EVERY = timedelta(hours=1)
"""How often a diary that follows the file looks again."""
PRODUCT = "-//Safeguarding reviews//Statutory dates//EN"


def write(entries: Iterable[DiaryEntry], record: str, name: str, link: str = "") -> str:
    """
    The file. `record` is the identity of the record, which makes the names of its entries unique in the world;
    `name` is what a diary calls it; `link` is where a reader finds the cards.
    """
    # It brings all that a diary can hold: whoever writes no diary file does without.
    from icalendar import Calendar, vDuration, vText

    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODUCT)
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")  # RFC 5546, section 3.2: without it Outlook may enter again what it has
    calendar.add("REFRESH-INTERVAL", EVERY, parameters={"VALUE": "DURATION"})  # RFC 7986, section 5.7
    calendar.add("X-PUBLISHED-TTL", vDuration(EVERY))  # the same, as Outlook has it
    calendar.add("X-WR-CALNAME", vText(name))
    for entry in entries:
        calendar.add_component(_event(entry, record, link))
    written: bytes = calendar.to_ical(sorted=False)  # as it was added: a name and a number first
    return written.decode()


def _event(entry: DiaryEntry, record: str, link: str) -> Event:
    from icalendar import Event

    changed = entry.changed_at.astimezone(UTC)
    event = Event()
    event.add("UID", f"{_name(entry.name)}@{record}")
    event.add("SEQUENCE", entry.moved)
    event.add("DTSTAMP", changed)
    event.add("LAST-MODIFIED", changed)
    event.add("DTSTART", entry.day)
    event.add("DTEND", entry.day + timedelta(days=1))
    event.add("SUMMARY", entry.summary)
    event.add("DESCRIPTION", entry.description)
    event.add("CATEGORIES", ["Law or guidance" if entry.statutory else "Local"])
    event.add("STATUS", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
    if link:
        event.add("URL", f"{link}/runs?tag={entry.reference}")
    return event


def _name(words: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-._" else "." for letter in words)

"""
Sealed words are read: that somebody reads them is noted first, and then they are given.

What is noted outlives the words: of a review that was erased it still says who had read what, and when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from tasks.record.records import Records
from tasks.store import readings
from tasks.store.readings import NotedReading, ReadingsWanted, Text, WordsRead
from tasks.store.session import reading as one_moment

AT_A_TIME = 50
"""Readings on a page."""


PROOFS = {
    "code": "a code sent to their mailbox",
    "authenticator": "their authenticator",
    "demo": "their name alone, as the demo offers",
    "machine": "the command line, which asks nobody who they are",
    "named": "the name they gave at the command line, which proves nothing",
}
"""How it is known who read, in words."""
NAMED_AT_THE_MACHINE = "named"
"""How it is known who took registers out at the command line: they said so."""
AT_THE_MACHINE = "at_the_machine"
"""Who is on record for what the command line shows, which asks nobody who they are."""


class ReadingLine(NamedTuple):
    """One reading on a line of the list."""

    number: int
    at: datetime
    who: str
    how: str
    reference: str
    """Empty where it is about every review."""
    what: str
    texts: str


def read_words(records: Records, reading: WordsRead, now: datetime) -> Mapping[Text, str]:
    """
    Note that somebody reads these texts of a review, and give them. Raises NoSuchReview, and SealBroken for a text that
    does not open: that it was asked for is on record all the same.
    """
    records.note_reading(reading, now.astimezone(UTC))
    lines = {line for line, _ in reading.texts}
    found = {event.sequence: event.sealed for event in records.events(reading.reference, unseal=True, lines=lines)}
    return {(line, name): found[line][name] for line, name in reading.texts if name in found.get(line, {})}


def who_read(
    records: Records, asked: ReadingsWanted, skip: int = 0, limit: int = AT_A_TIME
) -> tuple[list[NotedReading], int]:
    """The readings that are looked for, the newest first, and how many there are in all."""
    with one_moment(records.engine) as connection:
        return readings.noted(connection, asked, limit, skip), readings.count(connection, asked)


def readers(records: Records) -> list[tuple[str, str]]:
    """Everybody who ever read something, by id and by what they were called last."""
    with one_moment(records.engine) as connection:
        return readings.readers(connection)


def read_at_the_machine(records: Records, reference: str, what: str, texts: Sequence[Text], now: datetime) -> None:
    """Note that sealed words are about to be shown at this machine's command line; nothing where there are none."""
    if texts:
        name = "Somebody at this machine"
        reading = WordsRead(AT_THE_MACHINE, name, "machine", reference, what, texts)
        records.note_reading(reading, now.astimezone(UTC))


def line_of(noted: NotedReading) -> ReadingLine:
    """A reading in words: who, how that is known, of which review, which lines and questions."""
    one = noted.reading
    lines = sorted({line for line, _ in one.texts})
    texts = f"{len(one.texts)} text{'' if len(one.texts) == 1 else 's'} of line{'' if len(lines) == 1 else 's'} "
    numbers = ", ".join(str(line) for line in lines)
    said = texts + numbers if one.texts else "no sealed word"
    how = PROOFS.get(one.proof, one.proof)
    return ReadingLine(noted.number, noted.at, one.name, how, one.reference, one.what, said)

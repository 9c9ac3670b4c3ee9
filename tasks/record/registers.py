"""
The registers of a record, read at one moment; and who took them out of it, which is noted before anything is given.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from safeguarding.errors import NoSuchReview
from safeguarding.registers.known import RecordKnown
from safeguarding.registers.registers import REGISTERS
from safeguarding.review.states import Track
from tasks.record.records import Records
from tasks.store.readings import WordsRead
from tasks.store.register_parts import read_known
from tasks.store.session import reading

EVERY_REVIEW = ""
"""What stands for the reference where every review is meant."""


def read_registers(
    records: Records,
    today: date,
    names: Collection[str] = tuple(REGISTERS),
    reference: str | None = None,
    tracks: Collection[Track] = tuple(Track),
) -> Mapping[str, Sequence[Any]]:
    """
    The rows of these registers by name, as they stand on a day (London): of every review of these tracks, or of one.

    Raises NoSuchReview.
    """
    wanted = [REGISTERS[name] for name in names]
    with reading(records.engine) as connection:
        known = read_known(connection, records.rulebook, wanted, reference)
    known = _of_tracks(known, tracks)
    if reference is not None and not known.reviews:
        raise NoSuchReview(reference)
    return {one.name: one.rows(known, today) for one in wanted}


def _of_tracks(known: RecordKnown, tracks: Collection[Track]) -> RecordKnown:
    return replace(known, reviews={name: one for name, one in known.reviews.items() if one.track in tracks})


def note_taken_out(
    records: Records, person: str, name: str, proof: str, what: str, now: datetime, reference: str = EVERY_REVIEW
) -> None:
    """Note that somebody takes registers out of the record, among the readings: no sealed word is with them."""
    records.note_reading(WordsRead(person, name, proof, reference, what, ()), now.astimezone(UTC))

"""
The registers of a record, read at one moment; and who took them out of it, which is noted before anything is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from safeguarding.errors import NoSuchReview
from safeguarding.registers.known import RecordKnown
from safeguarding.registers.registers import REGISTERS, Register
from safeguarding.review.states import Track
from tasks.record.by_review import KeptByReview
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
        known = read_known(connection, records.rulebook, wanted, None if reference is None else [reference])
    known = _of_tracks(known, tracks)
    if reference is not None and not known.reviews:
        raise NoSuchReview(reference)
    return {one.name: one.rows(known, today) for one in wanted}


def _of_tracks(known: RecordKnown, tracks: Collection[Track]) -> RecordKnown:
    return replace(known, reviews={name: one for name, one in known.reviews.items() if one.track in tracks})


class KeptRegisters:
    """The rows of every register that is a page, kept review by review until it moves. Safe among threads."""

    def __init__(self) -> None:
        pages = (one for one in REGISTERS.values() if one.at_the_pages)
        self._rows = {one.name: KeptByReview([one], partial(_by_review, one)) for one in pages}

    def rows(self, records: Records, today: date, name: str, references: Collection[str]) -> list[Any]:
        """The rows of a register of these reviews, as `read_registers` has them on a day (London)."""
        with reading(records.engine) as connection:
            made = self._rows[name].all(connection, records.rulebook, today)
        order = sorted(made) if REGISTERS[name].by_reference else made
        return [row for reference in order if reference in references for row in made[reference]]


def _by_review(register: Register, known: RecordKnown, today: date) -> Mapping[str, Sequence[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in register.rows(known, today):
        found[row.reference].append(row)
    return found


def note_taken_out(
    records: Records, person: str, name: str, proof: str, what: str, now: datetime, reference: str = EVERY_REVIEW
) -> None:
    """Note that somebody takes registers out of the record, among the readings: no sealed word is with them."""
    records.note_reading(WordsRead(person, name, proof, reference, what, ()), now.astimezone(UTC))

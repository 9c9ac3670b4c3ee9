"""The registers of a record, as the doors read them and made of whole reviews: both are to be the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from safeguarding.registers.known import ClockKnown, RecordKnown, ReviewKnown
from safeguarding.registers.lines import as_they_stand
from safeguarding.registers.registers import REGISTERS
from safeguarding.shown.agency_answers import requests_of
from tasks.record.records import Records
from tasks.store.letters_sent import letters_of
from tasks.store.register_parts import read_known
from tasks.store.session import reading


def whole(records: Records) -> RecordKnown:
    """What is known of every review, made of whole reviews: folded from every line of their ledgers."""
    reviews = [records.read(row.reference) for row in records.list()]
    return RecordKnown(
        rulebook=records.rulebook,
        reviews={one.reference: ReviewKnown.of(one) for one in reviews},
        clocks=[
            ClockKnown.of(one.reference, duty) for one in reviews for duty in one.duties if duty.ended != "superseded"
        ],
        requests=[
            asked._replace(window="")
            for one in sorted(reviews, key=lambda review: review.reference)
            for asked in requests_of(one, records.rulebook)
        ],
        actions={one.reference: one.actions for one in reviews if one.actions},
        letters=sorted(
            (letter for one in reviews for letter in letters_of(records.engine, one.reference)),
            key=lambda letter: letter.number,
        ),
        lines={one.reference: as_they_stand(records.events(one.reference)) for one in reviews},
    )


def rows(records: Records, name: str, today: date) -> list[Any]:
    """The rows of a register as the doors read them: from the tables, and the lines of a few kinds."""
    register = REGISTERS[name]
    with reading(records.engine) as connection:
        return list(register.rows(read_known(connection, records.rulebook, [register]), today))


def sound(records: Records, today: date) -> bool:
    """Whether every register is the same, read from the tables and made of whole reviews."""
    known = whole(records)
    return all(list(one.rows(known, today)) == rows(records, one.name, today) for one in REGISTERS.values())

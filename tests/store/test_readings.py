"""Who read which sealed words: noted before they are given, for good, and whatever is done to it is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from benchmarks.transitions import FIRST
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tasks.record import heads
from tasks.record.reading import read_words, readers, who_read
from tasks.record.records import Records
from tasks.store import readings, sealing
from tasks.store.readings import ReadingsWanted, WordsRead
from tasks.store.session import writing

Walk = Callable[..., str]
Meddle = Callable[..., None]


def said(records: Records) -> list[str]:
    """What proving the record says."""
    return [str(fault) for fault in records.verify()]


def read(records: Records, reference: str, days: int = 0, person: str = "alex_example") -> dict[tuple[int, str], str]:
    """Somebody reads the summary of the referral."""
    reading = WordsRead(person, person.title(), "code", reference, "Referral received", [(1, "summary")])
    return dict(read_words(records, reading, FIRST + timedelta(days=days)))


def test_a_reading_is_noted_and_the_words_are_given(records: Records, walked: Walk) -> None:
    """Who, which texts, of which review, when, by which proof; the words themselves are in no column."""
    reference = walked(2)
    words = read(records, reference)
    assert [(1, "summary")] == list(words) and words[1, "summary"]
    (noted,), count = who_read(records, ReadingsWanted())
    assert (1, 1) == (noted.number, count)
    assert ("alex_example", "code", reference, [(1, "summary")]) == (
        noted.reading.person,
        noted.reading.proof,
        noted.reading.reference,
        list(noted.reading.texts),
    )
    with records.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM readings")).all()
    assert words[1, "summary"] not in str(rows)
    assert [] == said(records)


def test_it_is_noted_before_anything_is_given(records: Records, walked: Walk, meddle: Meddle) -> None:
    """A text that does not open was asked for all the same: the reading stands."""
    reference = walked(1)
    spoilt = 'UPDATE ledger SET sealed = replace(sealed, \'"summary":"\', \'"summary":"AAAA\')'
    meddle(spoilt)
    with pytest.raises(sealing.SealBroken):
        read(records, reference)
    assert 1 == who_read(records, ReadingsWanted())[1]


def test_they_are_found_by_review_person_and_day(records: Records, walked: Walk) -> None:
    """The newest first, a page at a time; a day is one of London."""
    first, second = walked(1), walked(1)
    for day, reference, person in ((0, first, "a"), (1, second, "a"), (1, first, "b")):
        read(records, reference, day, person)
    assert [3, 2, 1] == [one.number for one in who_read(records, ReadingsWanted())[0]]
    assert [2] == [one.number for one in who_read(records, ReadingsWanted(), skip=1, limit=1)[0]]
    assert [3, 1] == [one.number for one in who_read(records, ReadingsWanted(reference=first))[0]]
    assert [2, 1] == [one.number for one in who_read(records, ReadingsWanted(person="a"))[0]]
    on_the_second = ReadingsWanted(day=(FIRST + timedelta(days=1)).date())
    assert [3, 2] == [one.number for one in who_read(records, on_the_second)[0]]
    assert [("a", "A"), ("b", "B")] == readers(records)


@pytest.mark.parametrize("statement", ["UPDATE readings SET person = 'nobody'", "DELETE FROM readings"])
def test_the_database_refuses_to_change_one(records: Records, walked: Walk, statement: str) -> None:
    """By whatever program it is asked."""
    read(records, walked(1))
    with pytest.raises(DBAPIError, match="a reading is noted for good"), writing(records.engine) as connection:
        connection.execute(text(statement))


def test_the_database_takes_none_out_of_its_place(records: Records, walked: Walk) -> None:
    """One that leaves a gap, or does not hold the hash of the one before it."""
    read(records, walked(1))
    row = "SELECT {}, at, person, name, proof, reference, what, texts, {}, hash FROM readings"
    for number, previous in ((3, "hash"), (2, "'x'")):
        with pytest.raises(DBAPIError, match="follows the one before it"), writing(records.engine) as connection:
            connection.execute(text(f"INSERT INTO readings {row.format(number, previous)}"))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE readings SET person = 'x' WHERE number = 2", "number 2 .* does not say what it said"),
        ("DELETE FROM readings WHERE number = 2", "number 2 .* it was removed$"),
        ("DELETE FROM readings WHERE number = 3", "number 3 .* it was removed from the end"),
        ("UPDATE readings SET hash = 'x' WHERE number = 3", "number 3 .* does not say what it said"),
        ("DELETE FROM heads WHERE reference = 'READINGS'", "the head of the readings is gone"),
    ],
)
def test_what_is_changed_all_the_same_is_found(
    records: Records, walked: Walk, meddle: Meddle, statement: str, words: str
) -> None:
    """Altered, taken out of the middle or off the end, by somebody who took the guards away and put them back."""
    import re

    reference = walked(1)
    for day in range(3):
        read(records, reference, day)
    assert [] == said(records)
    meddle(statement)
    assert any(re.search(words, one.rstrip(".")) for one in said(records)), said(records)


def test_readings_put_back_to_an_earlier_day_are_found(records: Records, walked: Walk, meddle: Meddle) -> None:
    """Row and head as they were a day before: their chain holds, and the seal over the whole record does not."""
    reference = walked(1)
    read(records, reference)
    with records.engine.connect() as connection:
        head = connection.execute(text("SELECT * FROM heads WHERE reference = 'READINGS'")).one()
    read(records, reference, 1)
    meddle(
        "DELETE FROM readings WHERE number = 2",
        f"UPDATE heads SET sequence = 1, hash = '{head.hash}', seal = '{head.seal}' WHERE reference = 'READINGS'",
    )
    assert ["The record: the head or the key of a review was exchanged since it was sealed."] == said(records)


def test_the_heads_that_leave_prove_the_readings_too(records: Records, walked: Walk, meddle: Meddle) -> None:
    """The root of the day is over the readings as well; a reading that is no longer there is told by what left."""
    reference = walked(1)
    read(records, reference)
    moment = FIRST + timedelta(days=1)
    kept = records.with_keys(lambda connection, keys: heads.taken(connection, keys, moment))
    assert kept is not None and 1 == kept["reviews"] and 1 == kept["lines"] and 1 == kept["heads"]["READINGS"][0]
    read(records, reference, 1)
    gone = records.with_keys(lambda connection, keys: list(heads.against(connection, keys, kept)))
    assert [] == gone
    meddle("DELETE FROM readings")
    found = records.with_keys(lambda connection, keys: [str(one) for one in heads.against(connection, keys, kept)])
    assert ["The record: it had 1 readings of sealed words on 2026-01-06, and some of them are gone."] == [
        one.replace(str(moment.date()), "2026-01-06") for one in found
    ]


def test_two_who_read_at_once_are_both_noted(records: Records, walked: Walk) -> None:
    """Each under a number of their own, and the chain holds."""
    from concurrent.futures import ThreadPoolExecutor

    reference = walked(1)
    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda number: read(records, reference, 0, f"p{number}"), range(8)))
    assert list(range(8, 0, -1)) == [one.number for one in who_read(records, ReadingsWanted())[0]]
    assert [] == said(records)


def test_the_chain_of_readings_is_no_reviews_name() -> None:
    """References have figures and a dash: no review is ever called so."""
    assert "-" not in readings.READINGS

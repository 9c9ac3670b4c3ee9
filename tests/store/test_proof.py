"""Proving the record: what somebody with the database and without the key may do to it, and how it is found."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from benchmarks.transitions import FIRST, path
from driver.tables import NEW_OF_ACTIONS
from sqlalchemy import select, text

from safeguarding.errors import TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.ladder import Ladders
from tasks.record import claim_rungs
from tasks.record import sweep as swept
from tasks.record.records import Records, open_record
from tasks.store import guards, ledger, seals
from tasks.store.beside import FILE, RecordGone, RecordOlder, RecordUnsealed
from tasks.store.migrations import LATEST, RecordNewer, version
from tasks.store.owed import running_duties, with_agencies
from tasks.store.sealing import MasterKeyMissing
from tasks.store.session import reading, writing
from tasks.store.tables import as_text, deadlines, metadata, record, rungs

Walk = Callable[..., str]
Meddle = Callable[..., None]


def said(records: Records) -> list[str]:
    """What proving the record says."""
    return [str(fault) for fault in records.verify()]


def copy_of(records: Records, reference: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of a review, as somebody may keep them who wants to put them back."""
    with reading(records.engine) as connection:
        tables = [table for table in metadata.tables.values() if "reference" in table.c and table.name != "notices"]
        return {
            table.name: [dict(r._mapping) for r in connection.execute(select(table).where(_mine(table, reference)))]
            for table in tables
        }


def _mine(table: Any, reference: str) -> Any:
    return table.c.reference == reference


def test_a_review_put_back_whole_to_an_earlier_day_is_found(records: Records, walked: Walk, meddle: Meddle) -> None:
    """Lines, head, seal, tables and all, as they were two steps before: every chain holds, and the whole does not."""
    walked(4)
    reference = walked(3)
    kept = copy_of(records, reference)
    command, answers, actor, after = path(records.rulebook, FIRST.date())[3]
    records.attempt(reference, command, answers, actor, FIRST + timedelta(days=after))
    assert [] == said(records)

    meddle(*(f"DELETE FROM {name} WHERE reference = '{reference}'" for name in kept))
    with writing(records.engine) as connection:
        for name, rows in kept.items():
            if rows:
                if name == "notice_facts":
                    continue
                connection.execute(metadata.tables[name].insert(), rows)

    words = "The record: was sealed with 2 reviews and 8 lines and holds 2 reviews and 7 lines"
    assert [words] == [one.rpartition(":")[0] for one in said(records)]


def test_the_newest_review_deleted_with_its_counters_is_found(records: Records, walked: Walk, meddle: Meddle) -> None:
    """No gap is left, and no counter knows of it; the seal does."""
    walked(2)
    reference = walked(2)
    names = [name for name, table in metadata.tables.items() if "reference" in table.c]
    meddle(
        *(f"DELETE FROM {name} WHERE reference = '{reference}'" for name in names),
        "UPDATE counters SET last = last - 1",
    )
    words = "The record: was sealed with 2 reviews and 4 lines and holds 1 review and 2 lines"
    assert [words] == [one.rpartition(":")[0] for one in said(records)]


def test_everything_deleted_is_found(records: Records, walked: Walk, meddle: Meddle) -> None:
    """All that names a review is gone, counters too: «0 reviews» does not hold."""
    walked(2)
    names = [name for name, table in metadata.tables.items() if "reference" in table.c or name == "counters"]
    meddle(*(f"DELETE FROM {name}" for name in names))
    words = "The record: was sealed with 1 review and 2 lines and holds 0 reviews and 0 lines"
    assert [words] == [one.rpartition(":")[0] for one in said(records)]
    meddle("DELETE FROM seals")
    assert ["The record: its seal was taken away"] == [one.partition(",")[0] for one in said(records)]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE reviews SET state = 'closed_not_serious', open = {no}", "state, open is False and should be True"),
        ("UPDATE deadlines SET next_rung_at = NULL", "next rung at is nothing and should be 2026-03-"),
        ("UPDATE deadlines SET due_on = '2030-01-01'", "due on is 2030-01-01 and should be 2026-03-"),
        ("DELETE FROM deadlines", "is missing, and the ledger gives it"),
        ("UPDATE reviews SET head_hash = 'f'", "where the review stands is not what the ledger gives: head hash"),
    ],
)
def test_a_table_that_says_something_else_is_found_and_made_again(
    records: Records, walked: Walk, meddle: Meddle, statement: str, words: str
) -> None:
    """A review closed, reminders silenced, dates moved past the program: no line is touched, and each row is named."""
    reference = walked(3)
    meddle(statement.format(no="false" if records.engine.dialect.name == "postgresql" else "0"))
    found = said(records)
    assert found and {reference} == {one.partition(":")[0] for one in found}
    assert [] != [one for one in found if words in one], found
    assert {reference} == {str(one).partition(":")[0] for one in records.verify(reference)}
    records.rebuild()
    assert [] == said(records)


def test_reminders_noted_as_told_that_nobody_was_told_are_found(records: Records, walked: Walk, meddle: Meddle) -> None:
    """Silenced in another way: every rung to come is noted as climbed, and nothing is left to climb."""
    reference = walked(1)
    ladder = Ladders(records.rulebook)
    for duty in records.read(reference).running():
        key = f"'{reference}', '{duty.rule}', '{duty.subject}', {duty.occurrence}, {duty.started_at}"
        for rung, _ in ladder(duty.rule, duty.counted_from, duty.due_on):
            at = "'2026-03-02 09:30:00+00:00'"
            meddle(f"INSERT INTO rungs VALUES ({key}, '{rung.id}', {at}, {at})")
    meddle("UPDATE deadlines SET next_rung_at = NULL")
    assert [reference] == sorted({one.partition(":")[0] for one in said(records) if "is noted as told" in one})


@pytest.mark.parametrize("noted", ["all, as of the far future", "those to come, together with a true one"])
def test_reminders_silenced_after_somebody_was_told_are_found_and_told_again(
    records: Records, walked: Walk, meddle: Meddle, noted: str
) -> None:
    """
    Some reminders have truly gone out. Then every other rung of their dates is noted as told, at a moment of the future
    or at that of the true one, and nothing is left to climb: each is named, and once rebuilt the people hear.
    """
    reference = walked(1)
    soon = FIRST + timedelta(days=2)
    swept.sweep(records.engine, records.rulebook, soon)
    assert [] == said(records)
    ladder, added = Ladders(records.rulebook), 0
    with reading(records.engine) as connection:
        told = connection.execute(select(rungs)).all()
    assert told
    for row in {row.rule: row for row in told}.values():
        duty = next(one for one in records.read(reference).running() if one.rule == row.rule)
        key = f"'{reference}', '{duty.rule}', '{duty.subject}', {duty.occurrence}, {duty.started_at}"
        at = "2036-01-01T00:00:00" if "far" in noted else as_text(row.claimed_at)
        for rung, _ in ladder(duty.rule, duty.counted_from, duty.due_on):
            if rung.id not in {one.rung for one in told if one.rule == row.rule}:
                meddle(f"INSERT INTO rungs VALUES ({key}, '{rung.id}', '2026-03-01T09:00:00', '{at}')")
                added += 1
        meddle(f"UPDATE deadlines SET next_rung_at = NULL WHERE rule = '{duty.rule}'")
    assert added
    late = FIRST + timedelta(days=60)

    found = said(records)

    assert added == len([one for one in found if "is noted as told" in one])
    assert [] != [one for one in found if "next rung at is nothing and should be" in one]
    records.rebuild()
    assert [] == said(records)
    assert {row.rule for row in told} <= {one.rule for one in swept.sweep(records.engine, records.rulebook, late).told}
    assert [] == said(records)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM notices WHERE occasion IN ('reminder', 'due_missed')", "no message of it was written to anybody"),
        ("UPDATE rungs SET fires_at = '2036-01-01T09:00:00'", "its time, 2036-01-01 09:00, had not come"),
        ("UPDATE rungs SET occurrence = 9", "is noted as told, and no ledger gives it"),
    ],
)
def test_a_rung_without_its_messages_or_before_its_time_is_named(
    records: Records, walked: Walk, meddle: Meddle, statement: str, words: str
) -> None:
    """Its messages taken out before they left, its moment moved, its date none that there is."""
    reference = walked(1)
    swept.sweep(records.engine, records.rulebook, FIRST + timedelta(days=2))
    meddle(statement)
    assert [reference] == sorted({one.partition(":")[0] for one in said(records) if words in one})


def test_a_rung_that_owed_nobody_a_message_says_so_and_holds(records: Records, walked: Walk, meddle: Meddle) -> None:
    """Nobody whom it calls could be reached: the reason is in the record, and proving it finds nothing."""
    walked(1)
    with writing(records.engine) as connection:
        due = deadlines.c.next_rung_at <= FIRST + timedelta(days=2)
        owed = with_agencies(connection, connection.execute(running_duties().where(due)).all(), due)
        climbs, _ = claim_rungs.climbed(
            owed, {}, records.rulebook, Ladders(records.rulebook), FIRST + timedelta(days=2)
        )
        assert climbs
        claim_rungs.claim(connection, [replace(climb, drafts=()) for climb in climbs], FIRST + timedelta(days=2))
    assert [] == said(records)
    meddle("DELETE FROM notice_facts WHERE CAST(context AS TEXT) LIKE '%nobody%'")
    assert sum(len(climb.rungs) for climb in climbs) == len(
        [one for one in said(records) if "no message of it was written" in one]
    )


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE review_keys SET wrapped = NULL, destroyed_at = NULL", "was destroyed by other means"),
        ("UPDATE review_keys SET wrapped = 'c3dhcHBlZA=='", "was exchanged by other means"),
        ("DELETE FROM review_keys", "was taken away by other means"),
    ],
)
def test_a_key_that_is_gone_or_another_is_found(
    records: Records, walked: Walk, meddle: Meddle, statement: str, words: str
) -> None:
    """The first of these the database's own guards allow: with the key the text of a review would be gone for good."""
    reference = walked(2)
    meddle(statement)
    found = said(records)
    assert [True] == [words in one for one in found if one.startswith(reference)]
    assert ["The record: the head or the key of a review was exchanged since it was sealed."] == [
        one for one in found if one.startswith("The record")
    ]


def test_a_mark_as_simulation_is_found_and_buys_nothing(records: Records, walked: Walk, meddle: Meddle) -> None:
    """A real record marked as a simulation would take lines of any date: it is named, and still takes none."""
    walked(2)
    meddle(f"UPDATE record SET simulation = {'true' if records.engine.dialect.name == 'postgresql' else '1'}")
    words = "The record: it was marked as a simulation by other means: it was made as the other."
    assert [words] == said(records)
    assert not records.identity().simulation


def test_a_seal_made_without_the_key_is_found_and_not_made_good_by_writing_on(
    records: Records, walked: Walk, meddle: Meddle
) -> None:
    """Counts and sum set to what is there: the next step is taken, and the seal stays broken."""
    walked(2)
    meddle("UPDATE seals SET lines = 1, seal = 'a guess'")
    assert "The record: its seal was changed by somebody without the key." in said(records)
    walked(2)
    assert "The record: its seal was changed by somebody without the key." in said(records)


def test_a_guard_that_was_taken_away_is_named(records: Records, walked: Walk) -> None:
    """The record has the guards of our list and no others; the ledger's taken away, or on PostgreSQL switched off."""
    walked(2)
    with reading(records.engine) as connection:
        assert guards.GUARDS[connection.dialect.name] == guards.there(connection)
    postgresql = records.engine.dialect.name == "postgresql"
    name = "ledger_append_only" if postgresql else "ledger_no_update"
    switched = f"ALTER TABLE ledger DISABLE TRIGGER {name}" if postgresql else f"DROP TRIGGER {name}"
    with writing(records.engine) as connection:
        connection.execute(text(switched))
    words = f"The record: 1 guard was taken away by other means ({name})"
    assert [words] == [one.rpartition(":")[0] for one in said(records)]


def test_a_counter_set_back_is_found(records: Records, walked: Walk, meddle: Meddle) -> None:
    """The next reference and the next pseudonym would be given twice."""
    walked(1)
    meddle("UPDATE counters SET last = 0")
    words = ["the counter of CSPR-2026 stands at 0", "the counter of Child stands at 0"]
    assert words == [one.split(": ")[1].split(",")[0] for one in said(records)]


def test_a_line_is_never_dated_before_the_one_it_follows(records: Records, walked: Walk) -> None:
    """The clock went back: by two minutes, the line takes the moment before; by an hour, it is refused in words."""
    reference = walked(1)
    command, answers, actor, _ = path(records.rulebook, FIRST.date())[1]
    with pytest.raises(TransitionRefused, match="a line is never dated before the one it follows"):
        records.attempt(reference, command, answers, actor, FIRST - timedelta(hours=1))
    assert 1 == len(records.events(reference))
    taken = records.attempt(reference, command, answers, actor, FIRST - timedelta(minutes=2))
    assert FIRST == taken.event.at


def test_a_line_dated_before_the_one_it_follows_is_found(records: Records, walked: Walk) -> None:
    """Written by a program that holds the key and does not look: its hashes are right, its date is not."""
    reference = walked(2)
    with writing(records.engine) as connection:
        last = ledger.after(connection, reference, 1)[-1]
        event = ledger.as_event(last).model_copy(
            update={"sequence": 3, "at": FIRST - timedelta(days=40), "sealed": {}, "duties": (), "marks": ()}
        )
        ledger.append(connection, ledger.Head(reference, 2, last.hash), event, None, records._keys)
    assert f"{reference}: line 3 of the ledger is broken: it is dated before the line that it follows." in said(records)


# --------------------------------------------------------------------------- the record that is not the one


def test_a_record_that_is_gone_beside_its_key_is_not_begun_anew(
    url: str, home: Path, records: Records, walked: Walk, rulebook: Rulebook
) -> None:
    """Deleted, or emptied: refused with what to do, and nothing is made; the note beside it or the key is enough."""
    walked(1)
    records.engine.dispose()
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        for one in file.parent.glob("record.db*"):
            one.unlink()
        for emptied in (False, True):
            if emptied:
                file.touch()
            with pytest.raises(RecordGone, match="safeguarding restore FILE"):
                open_record(url, home, rulebook, FIRST)
        assert 0 == file.stat().st_size
        (home / FILE).unlink()
    else:
        with records.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    with pytest.raises(RecordGone):
        open_record(url, home, rulebook, FIRST)


def test_a_record_with_no_row_left_is_not_begun_anew(
    url: str, home: Path, records: Records, walked: Walk, meddle: Meddle, rulebook: Rulebook
) -> None:
    """The tables are there, and every row of every one of them is gone."""
    walked(1)
    meddle(*(f"DELETE FROM {name}" for name in metadata.tables))
    with pytest.raises(RecordGone):
        open_record(url, home, rulebook, FIRST)


def test_a_record_put_back_to_an_earlier_day_is_refused(tmp_path: Path, home: Path, rulebook: Rulebook) -> None:
    """The whole file of yesterday, which proves itself to the letter: the home folder knows how far it had come."""
    file = tmp_path / "record.db"
    made = open_record(f"sqlite:///{file}", home, rulebook, FIRST)
    steps = path(rulebook, FIRST.date())
    reference = made.open(steps[0][1], steps[0][2], FIRST).review.reference
    made.engine.dispose()
    shutil.copy(file, tmp_path / "yesterday.db")
    made.attempt(reference, steps[1][0], steps[1][1], steps[1][2], FIRST)
    made.engine.dispose()
    for one in tmp_path.glob("record.db*"):
        one.unlink()
    shutil.copy(tmp_path / "yesterday.db", file)
    with pytest.raises(RecordOlder, match="it lacks 1 line of the ledger"):
        open_record(f"sqlite:///{file}", home, rulebook, FIRST)


def test_another_record_under_the_same_key_is_refused(
    url: str, home: Path, records: Records, meddle: Meddle, rulebook: Rulebook
) -> None:
    """An empty record with the fingerprint of the key, which anybody can read, and no seal, as an old one has none."""
    meddle("UPDATE record SET id = 'another'")
    with pytest.raises(RecordOlder, match="it is another record"):
        open_record(url, home, rulebook, FIRST)
    meddle("DELETE FROM seals")
    with pytest.raises(RecordOlder, match="it has no seal"):
        open_record(url, home, rulebook, FIRST)


def test_a_record_of_a_newer_program_is_refused_in_words(
    url: str, home: Path, records: Records, meddle: Meddle, rulebook: Rulebook
) -> None:
    """The program was put back to an older one: it says so, and changes nothing."""
    meddle("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(RecordNewer, match="step 0099"):
        open_record(url, home, rulebook, FIRST)


BACK_TO_0001 = (
    "DROP INDEX notice_facts_of_review",
    "DROP TABLE seals",
    "DROP TABLE kept_answers",
    "DROP TABLE sign_in_codes",
    "DROP TABLE sessions",
    "DROP TABLE drafts",
    "DROP TABLE authenticators",
    "DROP TABLE readings",
    "ALTER TABLE reviews DROP COLUMN chair",
    "ALTER TABLE reviews DROP COLUMN reviewer",
    "ALTER TABLE reviews DROP COLUMN entered_on",
    *(f"ALTER TABLE actions DROP COLUMN {name}" for name in NEW_OF_ACTIONS),
    "UPDATE alembic_version SET version_num = '0001'",
)
"""What the record is without, as the first program made it."""


def test_a_record_made_before_seals_is_sealed_once(
    url: str, home: Path, records: Records, walked: Walk, meddle: Meddle, rulebook: Rulebook
) -> None:
    """At the first opening, as it is found; the seal says since when, for what went before cannot be seen from it."""
    walked(2)
    meddle(*BACK_TO_0001)
    (home / FILE).unlink()
    again = open_record(url, home, rulebook, FIRST + timedelta(days=9))
    found = again.seal()
    assert found is not None
    assert (1, 2, FIRST + timedelta(days=9)) == (found.reviews, found.lines, found.since)
    assert [] == list(again.verify())
    again.engine.dispose()


def test_a_record_whose_seal_was_taken_is_not_sealed_again_as_it_is_found(
    url: str, home: Path, records: Records, walked: Walk, meddle: Meddle, rulebook: Rulebook
) -> None:
    """
    The newest review is taken out with its counters, the seal and the note beside it: on this machine, or on a new one
    with the key alone. It is refused in words, twice, and nothing is sealed; a step set back to an early one is, too,
    where heads of a sealed record are kept.
    """
    walked(2)
    reference = walked(2)
    names = [name for name, table in metadata.tables.items() if "reference" in table.c]
    meddle(*(f"DELETE FROM {name} WHERE reference = '{reference}'" for name in names), "DELETE FROM seals")
    meddle("UPDATE counters SET last = last - 1")
    (home / FILE).unlink()
    for _ in range(2):
        with pytest.raises(RecordUnsealed, match=r"not sealed as it is.*safeguarding restore FILE"):
            open_record(url, home, rulebook, FIRST)
    with reading(records.engine) as connection:
        assert seals.stands(connection) is None

    meddle(*BACK_TO_0001)
    (home / "heads").mkdir()
    (home / "heads" / "heads-2026-03-02.json").touch()
    with pytest.raises(RecordOlder, match="it has no seal, and"):
        open_record(url, home, rulebook, FIRST)


def test_an_early_record_without_its_key_is_moved_on_only_with_it(
    url: str, home: Path, records: Records, walked: Walk, meddle: Meddle, rulebook: Rulebook
) -> None:
    """A new machine, an empty home, the database on its server: the key has to be brought, and nothing was changed."""
    walked(1)
    meddle(*BACK_TO_0001)
    with pytest.raises(MasterKeyMissing):
        open_record(url, home.with_name("another"), rulebook, FIRST)
    assert "0001" == version(records.engine)
    (home / FILE).unlink()
    open_record(url, home, rulebook, FIRST).engine.dispose()
    assert LATEST == version(records.engine)


def test_the_seal_costs_the_same_however_many_reviews_there_are(records: Records, walked: Walk) -> None:
    """It is moved on and not made anew: one row read and one written for each line."""
    for _ in range(3):
        walked(2)
    with reading(records.engine) as connection:
        seal = seals.stands(connection)
        assert seal is not None and seal.holds(records._keys)
        made_as = connection.execute(select(record.c.id)).scalar_one()
    assert (3, 6, 7, made_as) == (seal.reviews, seal.lines, seal.writes, seal.record)

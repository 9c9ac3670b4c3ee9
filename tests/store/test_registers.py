"""The registers on either database: what is read set by set is what the whole ledger says, and what is kept as well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from benchmarks.transitions import FIRST
from driver.registers import rows, sound
from driver.taught import take
from sqlalchemy import update

from safeguarding.registers.registers import REGISTERS
from tasks.record.records import Records
from tasks.record.registers import KeptRegisters, read_registers
from tasks.store.session import writing
from tasks.store.tables import deadlines

TODAY = date(2027, 3, 1)
PAGES = [name for name, one in REGISTERS.items() if one.at_the_pages]


def test_both_ways_of_reading_agree(records: Records, walked: Callable[..., str]) -> None:
    """Two reviews, one as far as its decision: each the same from the tables and from every line, and of one."""
    walked(2)
    second = walked()
    assert sound(records, TODAY)
    assert rows(records, "decisions", TODAY) and rows(records, "requests", TODAY)
    for name, found in read_registers(records, TODAY, REGISTERS, second).items():
        assert list(found) == [row for row in rows(records, name, TODAY) if row.reference == second], name


def differ(kept: KeptRegisters, records: Records, today: date = TODAY) -> list[str]:
    """The registers of which what was kept is not what is read, row by row."""
    every = [row.reference for row in records.list()]
    return [name for name in PAGES if kept.rows(records, today, name, every) != rows(records, name, today)]


def test_what_is_kept_of_a_register_moves_with_each_review(records: Records, walked: Callable[..., str]) -> None:
    """
    After each step, also of a review opened earlier than one before it by reference, and on another day: as it is read
    anew. Of some reviews, theirs alone.
    """
    kept = KeptRegisters()
    first = walked(opened=FIRST + timedelta(days=3))
    assert [] == differ(kept, records)
    second = walked(5)
    references = [row.reference for row in records.list()]
    assert [second, first] == references, "by opening; by reference it is the other way about"
    assert [] == differ(kept, records)
    for step in ("record_return", "record_meeting"):
        take(records, second, step, FIRST + timedelta(days=20))
        assert [] == differ(kept, records), step
    assert [] == differ(kept, records, TODAY + timedelta(days=400))
    for name in PAGES:
        theirs = [row for row in rows(records, name, TODAY) if row.reference == second]
        assert theirs == kept.rows(records, TODAY, name, [second]), name
    assert kept.rows(records, TODAY, "timeliness", [first]) and not kept.rows(records, TODAY, "timeliness", [])


def test_a_register_is_read_again_under_another_partnerships_file(records: Records, walked: Callable[..., str]) -> None:
    """An agency is called otherwise from now on: no review has moved, and every row has the new name."""
    kept, _ = KeptRegisters(), walked()
    assert [] == differ(kept, records)
    partnership = records.rulebook.partnership
    renamed = [one.model_copy(update={"name": f"{one.name} anew"}) for one in partnership.agencies]
    partnership = partnership.model_copy(update={"agencies": tuple(renamed)})
    records.use(records.rulebook.model_copy(update={"partnership": partnership}))
    assert [] == differ(kept, records)
    asked = kept.rows(records, TODAY, "requests", [row.reference for row in records.list()])
    assert asked and all(row.agency.endswith(" anew") for row in asked)


def test_what_was_kept_of_damaged_tables_is_read_again_once_they_are_made_again(
    records: Records, walked: Callable[..., str]
) -> None:
    """Somebody changes rows by other means, and a register is read; `ledger rebuild` writes no line, and mends them."""
    walked()
    right, kept = rows(records, "timeliness", TODAY), KeptRegisters()
    for _ in range(2):
        with writing(records.engine) as connection:
            connection.execute(update(deadlines).values(due_on=date(2020, 1, 1)))
        damaged = KeptRegisters()
        assert [] == differ(damaged, records) and right != rows(records, "timeliness", TODAY)
        records.rebuild()
        assert right == rows(records, "timeliness", TODAY)
        assert [] == [*differ(damaged, records), *differ(kept, records)]

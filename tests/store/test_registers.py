"""The registers on either database: what is read set by set is what the whole ledger says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from driver.registers import rows, sound

from safeguarding.registers.registers import REGISTERS
from tasks.record.records import Records
from tasks.record.registers import read_registers

TODAY = date(2027, 3, 1)


def test_both_ways_of_reading_agree(records: Records, walked: Callable[..., str]) -> None:
    """Two reviews, one as far as its decision: each the same from the tables and from every line, and of one."""
    walked(2)
    second = walked()
    assert sound(records, TODAY)
    assert rows(records, "decisions", TODAY) and rows(records, "requests", TODAY)
    for name, found in read_registers(records, TODAY, REGISTERS, second).items():
        assert list(found) == [row for row in rows(records, name, TODAY) if row.reference == second], name

"""
Whatever stands in a workbook that moves in, or becomes of its bytes: faults in words, all of it or nothing.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from driver.moving import SHEETS, small_mix, written
from driver.tries import tries
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from sqlalchemy import func, select

import config
from flows.cli import faults
from flows.cli.main import main
from safeguarding.dates.london import london_date, now
from safeguarding.moving_in.plan import planned
from safeguarding.moving_in.rows import read_rows
from safeguarding.moving_in.sheets import SHEETS as ASKED
from safeguarding.review.events import Actor
from tasks.moving_in.workbook import WorkbookRefused, read_workbook
from tasks.record.installation import open_installation
from tasks.store.tables import ledger

pytestmark = [pytest.mark.long, pytest.mark.random]

CANARY = "Violet was hurt"
KNOWN = ["SCR 2019/2", "RR 2026/1", "children", "adults", "closed", "rapid review", "published", "Housing", "returned"]
ODD = ["=1+1", "=CANARY", "#N/A", "#REF!", "46328", "2026-02-30", "01/02/2019", " ", "x" * 32_767]
DAYS = st.dates(date(1900, 3, 1), date(9999, 12, 31))
"""Those that a workbook can hold."""
CELLS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | DAYS
    | st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31))  # noqa: DTZ001  as a workbook has them
    | st.times()
    | st.timedeltas(timedelta(), timedelta(days=900))
    | st.sampled_from(
        [*KNOWN, CANARY, "=1+1", "=CANARY", "#N/A", "#REF!", "46328", "2026-02-30", "01/02/2019", " ", "x" * 32_767]
    )
    | st.text(max_size=12).filter(lambda words: not ILLEGAL_CHARACTERS_RE.search(words))
)
PLACES = st.tuples(st.sampled_from(SHEETS), st.integers(1, 8), st.integers(1, 8))
ACTOR = Actor(person="alex_example")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An empty record, and a filled workbook beside it."""
    folder = tmp_path_factory.mktemp("workbooks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAFEGUARDING_HOME", str(folder))
        for name in ("DATABASE_URL", "CONFIG", "PARTNERSHIP", "SECRET_MAIL_URL"):
            patch.delenv(f"SAFEGUARDING_{name}", raising=False)
        open_installation(now()).close()
        written(folder / "filled.xlsx", small_mix())
        yield folder


def lines_kept() -> int:
    """How many lines the ledger has."""
    with open_installation(now(), make=False) as made, made.records.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(ledger)).scalar_one())


@tries(25, suppress_health_check=list(HealthCheck))
@given(typed=st.dictionaries(PLACES, CELLS, max_size=12))
@example(typed={})
@example(typed={("Dates", 2, 3): time(9, 30), ("Actions", 2, 5): True, ("Reviews", 3, 3): timedelta(days=3)})
def test_any_cells_are_taken_whole_or_named(home: Path, typed: dict[tuple[str, int, int], Any]) -> None:
    """Each fault has its sheet and row, and repeats nothing that was typed; the preview and the taking in agree."""
    book = load_workbook(home / "filled.xlsx")
    for (sheet, row, column), value in typed.items():
        book[sheet].cell(row, column).value = value
    file = home / "moving-in.xlsx"
    book.save(file)

    rows, of_sheets = read_workbook(file)
    rulebook, today = config.load().on(london_date(now())), london_date(now())
    read = read_rows(rows, rulebook, today)
    tried = [one for one in read.filled if one.key not in read.spoilt]
    plan = planned(tried, [*of_sheets, *read.faults], file.name, ACTOR, now(), rulebook)
    for fault in plan.faults:
        assert re.match(r"(Reviews|Dates|Requests|Actions)(, row \d+)?(, [A-Z][a-z ]+)?: .+", str(fault)), str(fault)
        assert fault.sheet in {sheet.title for sheet in ASKED} and CANARY not in fault.why

    before = lines_kept()
    preview = main(["import", str(file), "--as", "alex_example"])
    assert before == lines_kept()
    accepted = main(["import", str(file), "--as", "alex_example", "--accept"])
    assert preview == accepted and accepted in (0, 1), faults.NOTED_IN
    assert before <= lines_kept() if accepted == 0 else before == lines_kept()
    if plan.faults:
        assert 1 == accepted


@tries(40, suppress_health_check=list(HealthCheck))
@given(at=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=4), cut=st.integers(0, 400))
def test_any_bytes_are_read_or_refused(home: Path, at: list[tuple[float, bytes]], cut: int) -> None:
    """A file that a disk or a mail server has spoilt: its rows, or a refusal in words."""
    held = bytearray((home / "filled.xlsx").read_bytes())
    for where, other in at:
        place = int(where * len(held))
        held[place : place + len(other)] = other
    file = home / "spoilt.xlsx"
    file.write_bytes(held[: len(held) - cut])
    try:
        rows, found = read_workbook(file)
    except WorkbookRefused as refused:
        assert str(refused).startswith("spoilt.xlsx: the file ")
    else:
        read_rows(rows, config.load(), london_date(now()))
        assert all(one.sheet for one in found)


def test_the_filled_workbook_itself_has_no_fault(home: Path) -> None:
    """So that what is found above is what was typed."""
    rows, found = read_workbook(home / "filled.xlsx")
    assert [] == [*found, *read_rows(rows, config.load(), london_date(now())).faults]
    assert {*SHEETS} == {*load_workbook(BytesIO((home / "filled.xlsx").read_bytes())).sheetnames[:4]}

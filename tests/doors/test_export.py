"""The registers as files: whole or not at all, opened by others with the right types, and never computed."""

from __future__ import annotations

import csv
import io
import json
import warnings
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from driver.terminal import Terminal
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date, now
from safeguarding.registers.registers import FORMAT_VERSION, REGISTERS
from safeguarding.registers.requests import RequestInRegister
from safeguarding.stages import STEPS
from tasks.export.folder import ExportNotWritten, write_folder
from tasks.export.plain_cells import as_text, one_cell, would_be_computed
from tasks.export.tables import RegisterMade, csv_of, json_of
from tasks.export.workbook import workbook_of
from tasks.record.installation import open_installation

ROW = RequestInRegister(
    reference="CSPR-2026-001",
    track="children",
    agency="Exampleshire Police",
    purpose="information",
    asked_on=date(2026, 11, 30),
    acknowledged_on=None,
    due_on=date(2026, 12, 9),
    ended_on=date(2026, 12, 11),
    state="returned",
    returned=True,
    nil_return=False,
    gone_on_without=False,
    late=True,
    late_working_days=2,
    days_taken=9,
    year=2026,
)
PLANTED = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "  =1+1", "＝1+1", '=HYPERLINK("http://x","y")')
COLUMNS = {
    "decisions": "reference track pseudonym decision outcome state criteria learning_route decided_on decided_by "
    "signed_by signed_as signed_for known_by authority dissent dissented absent by_deputy year line",
    "reviews": "reference track pseudonym state stage stands ended opened_on entered_on stage_since closed_on next_due "
    "overdue law_missed year",
    "publications": "reference track pseudonym what state decided_on published_on past_12_months reviewer_named "
    "repository_on taken_down_on year line public_until after_its_year",
    "breaches": "reference track rule title of law set_by due_on met_on state late_working_days late_calendar_days "
    "deferred deferral_ground reason_given reason_ground year",
    "deferrals": "reference track rule title state ground recorded_on sent_to expected_on year line",
    "requests": "reference track agency purpose asked_on acknowledged_on due_on ended_on state returned nil_return "
    "gone_on_without late late_working_days days_taken year",
    "timeliness": "reference track rule title of occurrence law set_by counted_from due_on met_on state "
    "late_working_days late_calendar_days year counted_from_event how_counted edition",
    "actions": "reference track action agency owner due_on status moved_on evidence verified_by done late "
    "late_working_days year"
    " themes recommendation lesson role priority waits_for blocked evidence_at first_due_on postponed"
    " impact impact_on what_now next_look_on",
    "recommendations": "reference track recommendation agency themes findings made_on due_on decision decided_on "
    "actions done year line",
    "dissemination": "reference track sharing what agency how sent_on due_on state answered_on people late "
    "late_working_days year line",
    "letters": "reference track number occasion about written_on to by outcome delivered_on tries became year",
}
"""The columns as other people's reports know them."""


def made(**changes: Any) -> RegisterMade:
    """The register of requests with one row."""
    return RegisterMade(REGISTERS["requests"], [ROW._replace(**changes)])


def csv_rows(content: bytes) -> list[dict[str, str]]:
    """A CSV file as Python's own reader has it."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet(content: bytes, name: str = "requests") -> list[tuple[Any, ...]]:
    """The cells of a sheet, row by row."""
    return list(load_workbook(io.BytesIO(content))[name].iter_rows())


# --------------------------------------------------------------------------- what stands in a cell


def test_columns_keep_their_names_and_their_places() -> None:
    """
    A report made on one export opens the next: no column goes, moves or is called otherwise. A new one is put at the
    end, here too; anything else needs another version of the format.
    """
    assert 1 == FORMAT_VERSION
    assert COLUMNS == {name: " ".join(column.name for column in one.columns) for name, one in REGISTERS.items()}


def test_the_document_says_of_every_column_what_it_means() -> None:
    """docs/export.md has each column of each register, in its order, with its unit and meaning, and none besides."""
    said = (Path(__file__).resolve().parents[2] / "docs" / "export.md").read_text()
    for name, register in REGISTERS.items():
        part = said.partition(f"### {register.title}: `{name}`\n")[2].partition("\n### ")[0]
        assert part.startswith(f"\n{register.about}\n"), name
        rows = [f"| `{one.name}` | {one.unit} | {one.meaning} |" for one in register.columns]
        assert rows == [line for line in part.splitlines() if line.startswith("| `")], name


@given(st.text())
@example("=1+1").via("what the issue names")
@example("#N/A")
@example("_x0041_")
@example("\ud800\ufffe\x00")
@example('"')
@example("'=1")
def test_whatever_a_text_is_it_stays_text(words: str) -> None:
    """Read back by others it is the same text in one line, and nothing that a spreadsheet computes."""
    one = made(agency=words)
    (row,) = csv_rows(csv_of(one.heads, one.rows))
    assert as_text(words) == row["agency"]
    assert not would_be_computed(row["agency"])
    assert row["agency"].removeprefix("'") == one_cell(words).removeprefix("'")

    cell = sheet(workbook_of([one]))[1][2]
    assert (one_cell(words) or None) == cell.value
    assert cell.data_type not in ("f", "e")
    (kept,) = json.loads(json_of([one], {}))["registers"]["requests"]["rows"]
    assert words.encode("utf-8", "replace").decode() == kept["agency"]


@pytest.mark.parametrize("words", PLANTED)
def test_a_planted_formula_is_not_computed(words: str) -> None:
    """In CSV an apostrophe stands before it; in a workbook it is a text that is marked as one, also when edited."""
    one = made(agency=words)
    (row,) = csv_rows(csv_of(one.heads, one.rows))
    assert row["agency"].startswith("'")
    cell = sheet(workbook_of([one]))[1][2]
    assert ("s", True) == (cell.data_type, cell.quotePrefix)
    frame = pd.read_csv(io.BytesIO(csv_of(one.heads, one.rows)))
    assert [row["agency"]] == [*frame["agency"]]


def test_a_text_is_not_divided_by_another_separator() -> None:
    """A program that takes semicolons for separators too finds each text in quotation marks, and no formula."""
    content = csv_of(("a", "b"), [("x;=1+1", "y\t=1+1")]).decode("utf-8-sig")
    assert '"x;=1+1","y =1+1"\r\n' == content.splitlines(keepends=True)[1]


def test_numbers_days_and_yes_or_no_stay_what_they_are() -> None:
    """In CSV, in a workbook and for pandas; a minus before a number is no formula."""
    one = made(late_working_days=-3)
    (row,) = csv_rows(csv_of(one.heads, one.rows))
    assert ("-3", "2026-11-30", "TRUE", "FALSE", "") == (
        row["late_working_days"],
        row["asked_on"],
        row["late"],
        row["nil_return"],
        row["acknowledged_on"],
    )
    cells = dict(zip(one.heads, (cell.value for cell in sheet(workbook_of([one]))[1]), strict=True))
    assert (-3, datetime(2026, 11, 30), True, None) == (  # noqa: DTZ001  a day, as the workbook has it
        cells["late_working_days"],
        cells["asked_on"],
        cells["late"],
        cells["acknowledged_on"],
    )
    frame = pd.read_csv(io.BytesIO(csv_of(one.heads, one.rows)), parse_dates=["asked_on", "due_on"])
    assert ("int64", "bool") == (str(frame["days_taken"].dtype), str(frame["late"].dtype))
    assert str(frame["asked_on"].dtype).startswith("datetime64")
    assert csv_of(one.heads, one.rows).startswith(b"\xef\xbb\xbf"), "by which Excel knows UTF-8"


# --------------------------------------------------------------------------- a folder, whole or not at all


def test_a_folder_with_files_in_it_is_left_alone(tmp_path: Path) -> None:
    """Nothing in it is touched, and nothing is put beside it."""
    place = tmp_path / "there"
    place.mkdir()
    (place / "mine.txt").write_text("mine")
    with pytest.raises(ExportNotWritten, match=r"has files in it already\. Name a new folder: nothing was written"):
        write_folder(place, [made()], {})
    assert ["mine.txt"] == [file.name for file in place.iterdir()]
    assert ["there"] == [file.name for file in tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("no/such/folder", "there is no folder in which it would lie"),
        ("x" * 250, "cannot be written: File name too long"),
        ("x" * 300, "cannot be looked at: File name too long"),
        ("nul\0", "no folder can have this name"),
        ("file", "is there already, and is no folder"),
    ],
)
def test_what_cannot_be_written_leaves_nothing(tmp_path: Path, name: str, why: str) -> None:
    """A folder that nobody can make is refused in words, and no half of one is left."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ExportNotWritten, match=why):
        write_folder(tmp_path / name, [made()], {})
    assert ["file"] == [file.name for file in tmp_path.iterdir()]


def test_an_empty_folder_may_be_there(tmp_path: Path) -> None:
    """It is filled, with every file."""
    place = tmp_path / "there"
    place.mkdir()
    assert {"columns.csv", "registers.json", "registers.xlsx", "requests.csv"} == {*write_folder(place, [made()], {})}
    assert {"columns.csv", "registers.json", "registers.xlsx", "requests.csv"} == {
        file.name for file in place.iterdir()
    }


# --------------------------------------------------------------------------- the command


@pytest.fixture
def record(terminal: Terminal) -> Terminal:
    """A record with a child's referral and one that closed as no serious case."""
    moment = now()
    with open_installation(moment) as made_now:
        today, records = london_date(moment), made_now.records
        opening = signer(STEPS["open_referral"].by)
        records.open(answer("open_referral", None, today, summary="Canary Sparrow fell."), opening, moment)
        raw = answer("open_referral", None, today, concern="learning request")
        reference = records.open(raw, opening, moment).review.reference
        closing = answer("close_not_serious", None, today)
        records.attempt(reference, "close_not_serious", closing, signer(STEPS["close_not_serious"].by), moment)
    return terminal


def test_the_whole_export_opens_with_the_right_types(record: Terminal, tmp_path: Path) -> None:
    """A file and a sheet each, and what every column means; read by pandas, with the same rows in all three."""
    place = tmp_path / "registers"
    code, out, _ = record("export", str(place), "--as", "alex_example")
    assert 0 == code and "Reviews: 2 rows" in out and "Decisions: 1 row\n" in out
    said = json.loads((place / "registers.json").read_text())
    assert (FORMAT_VERSION, False, "every review") == (said["format_version"], said["sealed_words"], said["of"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = pd.read_excel(place / "registers.xlsx", sheet_name=None)
    meanings = pd.read_csv(place / "columns.csv")
    for name, register in REGISTERS.items():
        frame = pd.read_csv(place / f"{name}.csv")
        heads = [column.name for column in register.columns]
        assert heads == [*frame.columns] == [*book[name].columns], name
        assert len(frame) == len(book[name]) == len(said["registers"][name]["rows"]), name
        assert heads == [*meanings[meanings["register"] == name]["column"]], name
    assert ["not met"] == [*book["decisions"]["criteria"]]
    assert str(book["reviews"]["opened_on"].dtype).startswith("datetime64")
    assert all(b"Canary" not in file.read_bytes() for file in place.iterdir())


def test_one_review_alone(record: Terminal, tmp_path: Path) -> None:
    """Its rows and no other's; one that is not there is refused, and nothing is written or noted."""
    data = record.data(
        "export",
        str(tmp_path / "one"),
        "--as",
        "alex_example",
        "--review",
        f"CSPR-{now().year}-001",
    )
    assert 1 == data["rows"]["reviews"] and 0 == data["rows"]["decisions"]
    code, _, complaint = record("export", str(tmp_path / "none"), "--as", "alex_example", "--review", "CSPR-2026-999")
    assert 1 == code and "No review has the reference" in complaint
    assert not (tmp_path / "none").exists()
    assert 1 == len(record.data("readings"))


def test_that_it_was_asked_for_is_noted(record: Terminal, tmp_path: Path) -> None:
    """Who, what and how that is known, among the readings; the record is as it was otherwise."""
    record("export", str(tmp_path / "registers"), "--as", "alex_example")
    _, out, _ = record("readings")
    assert "Alex Example read the registers, exported without sealed words, of every review (no sealed word)" in out
    assert "the name they gave at the command line" in out
    assert 0 == record("ledger", "verify")[0]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--as", "glenn_sample"), "Glenn Sample may not take this step"),
        (("--as", "nobody_here"), "the signer is not in the partnership's file"),
    ],
)
def test_it_is_the_units_to_ask_for(record: Terminal, tmp_path: Path, words: tuple[str, ...], why: str) -> None:
    """Nobody else is given it, nothing is written, and nothing is noted as taken out."""
    code, _, complaint = record("export", str(tmp_path / "registers"), *words)
    assert 1 == code and why in complaint
    assert not (tmp_path / "registers").exists()
    assert [] == record.data("readings")


def test_without_a_name_it_is_asked_wrongly(record: Terminal, tmp_path: Path) -> None:
    """Who asks is part of the question."""
    code, _, complaint = record("export", str(tmp_path / "registers"))
    assert 2 == code and "needs --as PERSON" in complaint

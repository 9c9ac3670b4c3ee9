"""A partnership moves in by a workbook: looked at first, taken in whole or not at all, once, and without a letter."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from driver.moving import OF_2018, SHEETS, ago, small_mix, today, written
from driver.terminal import Terminal
from openpyxl import load_workbook
from sqlalchemy import func, select

from flows.demo.answers import answer, signer
from safeguarding.dates.london import now
from safeguarding.stages import STEPS
from tasks.record import sweep
from tasks.record.installation import open_installation
from tasks.store.tables import ledger, notice_facts, notices, reviews

AS = ("--as", "alex_example")
Asked = Callable[..., tuple[int, str, str]]


@pytest.fixture
def moves_in(terminal: Terminal) -> Asked:
    """Imports a workbook of these rows: the exit code, what is said, what is complained of."""

    def asked(rows: Any, *words: str, change: Any = lambda _: None, name: str = "moving-in.xlsx") -> Any:
        return terminal("import", written(terminal.home / name, rows, change), *AS, *words)

    return asked


def counted(of: Any) -> int:
    """How many rows a table of the record has."""
    with open_installation(now()) as made, made.records.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(of)).scalar_one())


def test_the_template_offers_what_the_partnerships_file_has(terminal: Terminal) -> None:
    """Four sheets to fill with lists to choose from, every column explained; one that is there is left alone."""
    file = terminal.home / "empty.xlsx"
    assert 0 == terminal("import", "--template", str(file))[0]
    book = load_workbook(file)
    assert [*SHEETS, "What to write", "Choices"] == book.sheetnames
    lists = {str(one.sqref).split(":")[0]: one.formula1 for one in book["Actions"].data_validations.dataValidation}
    column = lists["C2"].split("$")[1]
    assert "Alex Example" in [cell.value for cell in book["Choices"][column]]
    explained = {(row[0].value, row[1].value) for row in book["What to write"].iter_rows(min_row=2)}
    assert {(sheet, cell.value) for sheet in SHEETS for cell in book[sheet][1]} == explained
    needed = {row[1].value: (row[2].value, row[4].value) for row in book["What to write"].iter_rows(2, 11)}
    assert "yes, but of a referral" == needed["Guidance"][0] and "Working Together 2023" in needed["Guidance"][1]
    assert ("of a referral", "no") == (needed["Referred by"][0], needed["Pseudonym"][0])
    code, _, said = terminal("import", "--template", str(file))
    assert (1, True) == (code, "is there already" in said)


def test_a_preview_says_what_comes_in_and_what_becomes_owed_and_records_nothing(
    moves_in: Asked, terminal: Terminal
) -> None:
    """Two open, two closed; the rapid review is owed by its own days, the late action is overdue."""
    code, out, err = moves_in(small_mix())
    assert (0, "") == (code, err)
    assert "4 reviews would come in (2 open, 2 closed), 4 actions, 3 requests." in out
    assert "RR 2026/1 (Rapid review):" in out and "SAR 2025/4 (Panel):" in out
    assert "(A02, Exampleshire Police)" in out and "overdue by" in out
    assert "Long over" not in out and "SCR 2019/2" not in out
    assert "no review" in terminal("list")[1].lower() or [] == terminal.data("list")


def test_it_is_taken_in_marked_and_nothing_twice(moves_in: Asked, terminal: Terminal) -> None:
    """Each says from which file and on which day; the second run adds no line, a row more alone comes in."""
    assert 0 == moves_in(small_mix(), "--accept")[0]
    listed = {row["reference"]: row["state"] for row in terminal.data("list")}
    assert ["closed", "closed", "in_review", "rapid_review"] == sorted(listed.values())
    adult = next(name for name, state in listed.items() if state == "in_review")
    shown = terminal("show", adult)[1]
    assert "Its reference before: SAR 2025/4." in shown and "Taken over from moving-in.xlsx on" in shown
    assert "nobody was written to about it" in shown
    assert ["agreed", "agreed", "done before"] == [
        action["status"] for action in terminal.data("actions", "list", adult)
    ]
    lines = counted(ledger)

    code, out, _ = moves_in(small_mix(), "--accept")
    assert (0, True, lines) == (code, "4 are here already" in out, counted(ledger))
    more = small_mix()
    more["Reviews"].append(("sar  2025/5", "adults", ago(100), more["Reviews"][1][3], "commissioning", "One more."))
    code, out, _ = moves_in(more, "--accept", name="again.xlsx")
    assert (0, True, lines + 1) == (code, "1 review came in" in out, counted(ledger))
    assert 0 == terminal("ledger", "verify")[0]


def test_no_letter_leaves_and_the_next_sweep_owes_what_it_should(moves_in: Asked) -> None:
    """Nothing is written on the day; the night after the unit has one letter about both open reviews."""
    assert 0 == moves_in(small_mix(), "--accept")[0]
    assert 0 == counted(notices)
    with open_installation(now()) as made:
        records = made.records
        sweep.sweep(records.engine, records.rulebook, now())
        assert 0 == counted(notices)
        sweep.sweep(records.engine, records.rulebook, now() + timedelta(days=1))
        with records.engine.connect() as connection:
            entered = connection.execute(select(notices.c.person).where(notices.c.occasion == "taken_over")).all()
            known = dict(connection.execute(select(reviews.c.reference, reviews.c.state)).all())
        assert [("role:business_unit",)] == entered
        child = records.read(next(name for name, state in known.items() if state == "rapid_review"))
        assert child.live("C05")[0].anchored_on == ago(10)
        assert ["housing"] == list(child.waiting_on("information"))
        adult = records.read(next(name for name, state in known.items() if state == "in_review"))
        owed = {(duty.subject, duty.due_on) for duty in adult.live("local.x.action_done")}
        assert {("A01", today() + timedelta(days=30)), ("A02", ago(40))} == owed
        assert all(not records.read(name).live() for name, state in known.items() if state == "closed")


def test_what_was_added_to_a_review_that_is_here_is_named_and_not_lost(moves_in: Asked, terminal: Terminal) -> None:
    """
    A new action, a request and a day, a changed stage and a changed day: each by sheet and row, in the preview and when
    it is accepted; a row that came in is not, in whatever order it stands now.
    """
    assert 0 == moves_in(small_mix(), "--accept")[0]
    out = moves_in(small_mix())[1]
    assert "not taken in" not in out and "There is nothing to take in." in out and "--accept" not in out
    lines = counted(ledger)
    more = small_mix()
    owner = ("SAR 2025/4", "Exampleshire Police", "Casey Example")
    more["Actions"] = [
        more["Actions"][2],
        more["Actions"][0],
        (*owner, "Another.", ago(3), None),
        *more["Actions"][1::2],
    ]
    more["Actions"].append((*owner, "Train the desk again.", ago(40), None))
    more["Requests"].append(("RR 2026/1", "Housing", "report", ago(2), None, None))
    more["Dates"] += [("SAR 2025/4", "report accepted", ago(20)), ("RR 2026/1", "report owed by", ago(-9))]
    more["Dates"].pop(2)
    more["Reviews"][2] = (*more["Reviews"][2][:2], date(2019, 2, 2), *more["Reviews"][2][3:])
    named = [("Reviews", 4), ("Dates", 7), ("Dates", 8), ("Requests", 5), ("Actions", 4), ("Actions", 7)]
    adult = next(row["reference"] for row in terminal.data("list") if row["state"] == "in_review")
    for words in ((), ("--accept",)):
        code, out, _ = moves_in(more, *words, name="more.xlsx")
        assert (0, True) == (code, "6 rows of them say what was not taken in with them, and is not now:" in out), out
        found = [line for line in out.splitlines() if "is here already, as " in line]
        assert sorted(f"  {sheet}, row {row}: " for sheet, row in named) == sorted(
            line[: line.index(":") + 2] for line in found
        )
        assert f"  Actions, row 4: SAR 2025/4 is here already, as {adult}: record what is new or changed" in out
        assert lines == counted(ledger)


OF_A_CHILD = "serious harm, abuse or neglect known or suspected"
OF_AN_ADULT = "serious abuse or neglect of an adult"


def referrals() -> Any:
    """A child's referral of ten days ago, and an adult's of half a year ago, beside the other reviews."""
    rows = small_mix()
    rows["Reviews"] += [
        ("REF 1", "children", ago(10), None, "referral", "A child.", None, "family", None, OF_A_CHILD),
        ("REF 2", "adults", ago(180), None, "referral", "Hurt.", None, "agency", "Housing", OF_AN_ADULT),
    ]
    return rows


def test_a_referral_comes_in_as_one_that_was_under_way(moves_in: Asked, terminal: Terminal) -> None:
    """
    It stands at its referral, says from where it came, and owes what the law counts from then. What was done before is
    recorded with its day and writes to nobody; the night after, it is in the unit's letter with the others.
    """
    code, out, err = moves_in(referrals())
    assert (0, "") == (code, err)
    assert "6 reviews would come in (4 open, 2 closed)" in out and "REF 1 (Referral):" in out
    assert 0 == moves_in(referrals(), "--accept")[0]
    listed = {row["reference"]: row["state"] for row in terminal.data("list")}
    child, adult = sorted(name for name, state in listed.items() if state == "referred")
    assert ("CSPR", "SAR") == (child[:4], adult[:3])
    shown = terminal("show", adult, "--unseal")[1]
    assert "It was under way before it came into this record." in shown
    assert "as a referral. Its reference before: REF 2." in shown and "Taken over from moving-in.xlsx on" in shown
    assert "already under way since" in shown and "nobody was written to about it" in shown and "Hurt." in shown
    with open_installation(now()) as made:
        records = made.records
        assert ago(180) == records.read(adult).marks[0].on
        raw = answer("accept_referral", records.read(adult), ago(150))
        records.attempt(adult, "accept_referral", raw, signer(STEPS["accept_referral"].by), now())
        assert "screening" == records.read(adult).state.value
        sweep.sweep(records.engine, records.rulebook, now())
        assert 0 == counted(notices)
        sweep.sweep(records.engine, records.rulebook, now() + timedelta(days=1))
        about = select(notice_facts.c.context).join(notices, notices.c.key == notice_facts.c.key)
        with records.engine.connect() as connection:
            (facts,) = connection.execute(about.where(notices.c.person == "role:business_unit")).scalars()
        assert 4 == len(facts["taken_in"].splitlines())
        assert {child, adult} < {line.split(" · ")[0] for line in facts["taken_in"].splitlines()}
    assert 0 == terminal("ledger", "verify")[0]
    again = referrals()
    again["Reviews"][5] = (*again["Reviews"][5][:7], "family", None, OF_AN_ADULT)
    out = moves_in(again)[1]
    assert "6 are here already" in out and f"Reviews, row 7: REF 2 is here already, as {adult}" in out
    assert 1 == out.count("is here already, as")


def test_a_referral_without_its_answers_or_with_those_of_others_is_named(moves_in: Asked) -> None:
    """By whom, what, which agency, a day before today, no guidance; no rows of it elsewhere, none of this of others."""
    rows = referrals()
    rows["Reviews"][4] = ("REF 1", "children", ago(10), OF_2018, "referral", "A child.")
    rows["Reviews"][5] = (*rows["Reviews"][5][:9], "something else")
    hurt = (None, "referral", "Hurt.", None)
    rows["Reviews"] += [
        ("REF 3", "adults", today(), *hurt, "other", None, OF_AN_ADULT),
        ("REF 4", "adults", ago(9), *hurt, "agency", None, OF_AN_ADULT),
        ("OLD 1", "adults", ago(9), None, "commissioning", "Hurt.", None, "other"),
    ]
    rows["Dates"].append(("REF 1", "published", ago(2)))
    rows["Requests"].append(("REF 1", "Housing", "information", ago(2), None, None))
    rows["Actions"].append(("REF 1", "Housing", "Casey Example", "To do.", ago(2), None))
    code, _, err = moves_in(rows)
    assert 1 == code
    for words in (
        "Reviews, row 6, Referred by: is empty: write one of 'agency', 'member of the public'",
        "Reviews, row 6, What is referred: is empty: write one of 'death, abuse or neglect",
        "Reviews, row 6, Guidance: is not asked of a referral: leave it empty",
        "Reviews, row 7, What is referred: is none of the choices",
        "Reviews, row 8, Began on: under way since",
        "Reviews, row 9, Referring agency: which agency referred?",
        "Reviews, row 10, Guidance: is empty",
        "Reviews, row 10, Referred by: is not asked of any review but one that stands at 'referral': leave it empty",
        "Dates, row 8, Our reference: stands at 'referral': record this at its page once it is here",
        "Requests, row 5, Our reference: stands at 'referral'",
        "Actions, row 6, Our reference: stands at 'referral'",
    ):
        assert f"  {words}" in err, (words, err)
    assert 0 == counted(reviews)


PLANTED: tuple[tuple[str, int, str, int, Any, str], ...] = (
    ("Reviews", 2, "Track", 2, "grown-ups", "write one of 'children', 'adults'"),
    ("Reviews", 3, "Guidance", 4, "Working Together 2018", "is not of the track 'adults'"),
    ("Reviews", 4, "Guidance", 4, "Working Together 2023", "is in force from Fri 15 Dec 2023"),
    ("Reviews", 4, "Began on", 3, "01/02/2019", "is no day: write a date of Excel"),
    ("Reviews", 5, "Summary", 6, None, "is empty: write what is known"),
    ("Reviews", 5, "Our reference", 1, "SCR 2019/2", "stands in row 4 already"),
    ("Dates", 2, "Day", 3, today() + timedelta(days=3), "lies in the future"),
    ("Dates", 3, "Day", 3, ago(900), "lies before the review began (row 3 of Reviews)"),
    ("Dates", 5, "What", 2, "went to press", "is none of the choices"),
    ("Dates", 6, "Our reference", 1, "SCR 1/1", "is no reference of the sheet Reviews"),
    ("Dates", 7, "Day", 3, "=TODAY()", "holds a formula"),
    ("Requests", 2, "Agency", 2, "Polcie", "is none of the choices"),
    ("Requests", 3, "Answered on", 5, ago(12), "lies before it was asked"),
    ("Requests", 4, "Answer", 6, None, "is empty: an answer has its day"),
    ("Actions", 2, "Owner", 3, "Nobody Known", "choose one of the list"),
    ("Actions", 3, "Due on", 5, "46328", "is no day"),
    ("Actions", 5, "Done on", 6, None, "is empty, and the review is closed"),
    ("Actions", 4, "What", 4, "x" * 20_001, "has 20,001 letters"),
)
"""Faults, one each: where it stands, the number of the column, what is typed, what is said."""


@pytest.mark.parametrize(("sheet", "row", "column", "at", "typed", "words"), PLANTED)
def test_a_fault_is_named_by_sheet_row_and_column(
    sheet: str, row: int, column: str, at: int, typed: Any, words: str, moves_in: Asked
) -> None:
    """With what to write, and nothing comes in."""
    code, out, err = moves_in(small_mix(), "--accept", change=lambda book: plant(book, sheet, row, at, typed))
    line = next((one for one in err.splitlines() if one.startswith(f"  {sheet}, row {row}, {column}: ")), "")
    assert (1, "", True) == (code, out, words in line), err
    assert 0 == counted(reviews)


def test_every_fault_is_named_at_once_and_nothing_is_taken_in(moves_in: Asked) -> None:
    """Faults in all four sheets in one refusal, and nothing of what was typed is in it."""
    planted = [PLANTED[number] for number in (0, 3, 8, 10, 11, 14)]

    def change(book: Any) -> None:
        for sheet, row, _, at, typed, _ in planted:
            plant(book, sheet, row, at, typed)

    code, _, err = moves_in(small_mix(), "--accept", change=change)
    assert 1 == code
    for sheet, row, column, _, typed, _ in planted:
        assert f"  {sheet}, row {row}, {column}: " in err
        assert str(typed) not in err
    assert 0 == counted(reviews)


def plant(book: Any, sheet: str, row: int, at: int, typed: Any) -> None:
    """Type something into a cell."""
    book[sheet].cell(row, at).value = typed


def test_who_may_not_and_where_a_sheet_is_missing(terminal: Terminal, moves_in: Asked) -> None:
    """An agency's lead takes nothing in; a sheet that was renamed and a column that was deleted are named."""
    file = written(terminal.home / "moving-in.xlsx", small_mix())
    code, _, err = terminal("import", file, "--as", "casey_lead")
    assert (1, True) == (code, "may not take this step" in err), err

    def change(book: Any) -> None:
        book["Requests"].title = "Asked"
        book["Actions"].delete_cols(5)
        book["Dates"]["D1"].value = "day"
        book["Reviews"]["H1"].value = "Colour"

    code, _, err = moves_in(small_mix(), change=change)
    assert (1, True) == (code, "Requests: this sheet is missing" in err), err
    assert "Actions, row 1: these columns are missing: Due on" in err
    assert "Dates, row 1: these columns stand there twice: Day" in err
    assert "Reviews, row 1: has columns besides, which would be left out (number 8)" in err


def test_what_stands_below_the_last_row_that_is_read_is_named(moves_in: Asked) -> None:
    """A row at the very end of a sheet is not left out without a word; nor are rows after an empty one."""

    def change(book: Any) -> None:
        book["Dates"]["A60000"].value = "SCR 2019/2"

    code, _, err = moves_in(small_mix(), change=change)
    assert (1, True) == (code, "Dates, row 50001: is past the last row that is read" in err), err
    code, out, _ = moves_in(small_mix(), change=lambda book: book["Actions"].insert_rows(3, 5))
    assert (0, True) == (code, "4 actions" in out)


def zipped(**parts: bytes) -> bytes:
    """A zip of these parts."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (b"", "is no workbook that can be read"),
        (b"PK\x03\x04 and no more", "is no workbook that can be read"),
        (zipped(a=b"0" * 100_000_001), "holds more than 100,000,000 bytes when it is opened"),
        (zipped(inner=zipped(a=b"0" * 10_000)), "holds a zip file inside"),
        (zipped(**{f"p{number}": b"" for number in range(301)}), "has more than 300 parts"),
        (zipped(a=b'<!DOCTYPE x [<!ENTITY a "b">]>'), "declares a document type"),
        (zipped(a=b"words"), "is no workbook that can be read"),
    ],
    ids=["nothing", "no zip", "a bomb", "a zip in it", "many parts", "entities", "no workbook"],
)
def test_a_file_that_is_none_or_would_grow_is_refused(held: bytes, words: str, terminal: Terminal) -> None:
    """In words, before it is opened."""
    file = Path(terminal.home / "moving-in.xlsx")
    file.write_bytes(held)
    code, _, err = terminal("import", str(file), *AS)
    assert (1, True) == (code, words in err), err
    assert "Traceback" not in err


def test_a_name_of_the_file_that_the_record_cannot_keep_is_refused(terminal: Terminal) -> None:
    """It stands in the history of each review: no name of two words."""
    code, _, err = terminal("import", written(terminal.home / "Jo Bloggs.xlsx", small_mix()), *AS)
    assert (1, True) == (code, "Give the workbook another name" in err), err

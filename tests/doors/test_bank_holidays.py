"""The bank holidays change: the government's list is taken in, or one day that was proclaimed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import govuk_bank_holidays
import pytest
from driver.terminal import Terminal

import config
from config import bank_holidays
from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date, now
from safeguarding.dates.working_days import next_working_day
from safeguarding.stages import STEPS
from tasks.record.installation import Installation, open_installation

MANAGER = "alex_example"
SHIPPED = config.load().calendar


def official(**changes: str | None) -> dict[str, Any]:
    """GOV.UK's file, with the holidays of these days (`d2026_12_14`) put in, or taken out where None."""
    data = json.loads(files(govuk_bank_holidays).joinpath("bank-holidays.json").read_text("utf-8"))
    events = data["england-and-wales"]["events"]
    for name, title in changes.items():
        day = name.removeprefix("d").replace("_", "-")
        events[:] = [event for event in events if event["date"] != day]
        events += [{"title": title, "date": day, "notes": "", "bunting": True}] if title else []
    return data


@pytest.fixture
def folder(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A partnership with a folder of its own."""
    folder = terminal.home / "partnership"
    shutil.copytree(str(files("config").joinpath("partnership")), folder)
    monkeypatch.setenv("SAFEGUARDING_CONFIG", str(folder))
    return folder


@pytest.fixture
def record(folder: Path) -> Iterator[Installation]:
    """A record with one adult review: dates run in working days from today."""
    with open_installation(now()) as made:
        raw = answer("open_referral", None, london_date(now()), track="adults", agency="hospital_trust")
        raw["concern"] = "death of an adult, abuse or neglect suspected"
        made.records.open(raw, signer(STEPS["open_referral"].by), now() - timedelta(minutes=5))
        yield made


def written(terminal: Terminal, data: Any, encoding: str = "utf-8") -> str:
    """The path of a file that holds this."""
    path = terminal.home / "bank-holidays.json"
    path.write_text(json.dumps(data), encoding)
    return str(path)


def test_the_governments_file_as_it_is_changes_no_day(terminal: Terminal, folder: Path) -> None:
    """The file as GOV.UK publishes it, with a mark before it as Notepad writes it: earlier years, and the same days."""
    path = written(terminal, official(), "utf-8-sig")
    code, out, _ = terminal("calendar", "import", path)
    assert (0, True, False) == (code, "It begins with Sun 1 Jan 2012" in out, "New: " in out), out
    assert 0 == terminal("calendar", "import", path, "--accept")[0]
    assert "Nothing would change." in terminal("calendar", "import", path)[1]


def test_a_proclaimed_holiday_is_shown_and_then_moves_the_dates(terminal: Terminal, record: Installation) -> None:
    """
    The next working day becomes a holiday. Before it is accepted the list and every date that would move are shown and
    nothing changes; then the list lies in the partnership's folder, the dates have moved, and the ledger holds.
    """
    day = next_working_day(london_date(now()), SHIPPED)
    data = official(**{f"d{day:%Y_%m_%d}": "Bank holiday of an invented occasion"})
    before = {duty.rule: duty.due_on for duty in record.records.read("SAR-2026-001").running()}
    path = written(terminal, data)
    code, out, _ = terminal("calendar", "import", path)
    assert 0 == code and "Bank holiday of an invented occasion" in out and "would move" in out
    assert not bank_holidays.own_file(record.settings.partnership or Path()).exists()

    code, _, err = terminal("calendar", "import", path, "--accept")
    assert (1, True) == (code, "say why and who" in err)
    code, _, err = terminal("calendar", "import", path, "--accept", "--reason", "It was proclaimed.", "--as", "nobody")
    assert (1, True) == (code, err.startswith("Nothing was changed. SAR-2026-001: ")), err
    assert not bank_holidays.own_file(record.settings.partnership or Path()).exists()

    code, out, err = terminal("calendar", "import", path, "--accept", "--reason", "It was proclaimed.", "--as", MANAGER)
    assert (0, True) == (code, "Accepted: 1 reviews" in out), out + err
    after = {duty.rule: duty.due_on for duty in record.records.read("SAR-2026-001").running()}
    assert before.keys() == after.keys() and any(after[rule] > before[rule] for rule in before)
    assert all(after[rule] >= before[rule] for rule in before)
    code, out, _ = terminal("recompute")
    assert (0, True) == (code, "No running date would move." in out)
    assert 0 == terminal("ledger", "verify")[0]


def test_the_folder_changes_after_a_list_was_taken_in(terminal: Terminal, record: Installation) -> None:
    """Somebody marries, another day is proclaimed, the list is taken away: every command goes on."""
    folder = record.settings.partnership or Path()
    moved = ("--accept", "--reason", "It was proclaimed.", "--as", MANAGER)

    def all_is_well() -> None:
        for words in (("list",), ("partnership", "changes"), ("partnership", "history"), ("ledger", "verify")):
            code, out, err = terminal(*words)
            assert 0 == code, f"{words}: {out}{err}"

    assert 0 == terminal("calendar", "add", "2026-12-14", "A holiday of state", *moved)[0]
    all_is_well()
    people = folder / "people.yaml"
    people.write_text(people.read_text().replace("name: Alex Example", "name: Alex Example-Smith", 1))
    all_is_well()
    assert 0 == terminal("calendar", "add", "2026-12-15", "Another holiday of state", *moved)[0]
    all_is_well()
    bank_holidays.own_file(folder).unlink()
    all_is_well()


def test_one_day_can_be_added_without_a_file(terminal: Terminal, folder: Path) -> None:
    """Nine days before a holiday of state the business manager types its day and name; no record is there yet."""
    code, out, err = terminal("calendar", "add", "2026-12-14", "A holiday of state", "--accept")
    assert (0, True) == (code, "New: Mon 14 Dec 2026, A holiday of state" in out), out + err
    assert "Tue 15 Dec 2026" in terminal("due", "C01", "2026-12-07")[1]
    for wrong, why in (
        (("2026-12-14", "Again"), "is in the list already: A holiday of state"),
        (("2031-01-02", "Too far"), "import the government's"),
        (("2026-12-15", " "), "give the name of the holiday"),
    ):
        code, _, err = terminal("calendar", "add", *wrong)
        assert (1, True) == (code, why in err), err


OF_2029 = [f"d2029_{day}" for day in ["01_01", "03_30", "04_02", "05_07", "05_28", "08_27", "12_25", "12_26"]]


def test_a_new_year_of_which_a_day_is_missing_is_not_taken_in(terminal: Terminal, folder: Path) -> None:
    """Christmas alone would make every other holiday of its year a working day: the year is named, nothing is taken."""
    code, out, err = terminal(
        "calendar", "import", written(terminal, official(d2029_12_25="Christmas Day")), "--accept"
    )
    assert (1, True) == (code, "has 1 of 2029" in out + err), (out, err)
    assert not (folder / bank_holidays.FILE).exists()


def test_an_excerpt_of_a_year_that_is_counted_adds_its_days_and_takes_none_away(
    terminal: Terminal, folder: Path
) -> None:
    """
    Three lines of GOV.UK's file with the mark before it, one of them a holiday of state that was proclaimed nine days
    ahead: it is shown, and taken in beside all the others of the year (cases 35 and 36).
    """
    held = (("2026-01-01", "New Year's Day"), ("2026-12-28", "Boxing Day"), ("2026-12-14", "A holiday of state"))
    events = [{"title": title, "date": day, "notes": "", "bunting": True} for day, title in held]
    data = {"england-and-wales": {"division": "england-and-wales", "events": events}, "scotland": {"events": []}}
    path = written(terminal, data, "utf-8-sig")
    code, out, err = terminal("calendar", "import", path)
    assert (0, True) == (code, "New: Mon 14 Dec 2026, A holiday of state" in out), out + err
    assert "Of 2026 the file has fewer than the 8 holidays of a year: they are added, and none is taken away" in out
    assert 0 == terminal("calendar", "import", path, "--accept")[0]
    counted = config.load(folder).calendar.holidays
    assert {date(2026, 12, 14), *SHIPPED.holidays} == set(counted)


def test_a_list_that_reaches_further_moves_the_end(terminal: Terminal, folder: Path) -> None:
    """The government adds 2029: a date that could not be counted can be, and the years before it stay."""
    assert 1 == terminal("due", "C05", "2028-12-20")[0]
    later = official(**dict.fromkeys(OF_2029, "Bank holiday"))
    code, out, _ = terminal("calendar", "import", written(terminal, later), "--accept")
    assert (0, True) == (code, "It reaches to Mon 31 Dec 2029" in out), out
    assert 0 == terminal("due", "C05", "2028-12-20")[0]
    assert set(SHIPPED.holidays) < set(config.load(folder).calendar.holidays)


def test_a_list_that_lacks_holidays_is_taken_only_when_that_is_meant(terminal: Terminal, folder: Path) -> None:
    """Half a file: what would be lost is named, and a holiday that was moved needs one word more."""
    path = written(terminal, official(d2027_05_03=None, d2027_05_07="Early May bank holiday, moved"))
    code, _, err = terminal("calendar", "import", path, "--accept")
    assert (1, True) == (code, "lacks 1 bank holidays that are counted today: Mon 3 May 2027" in err)
    assert not bank_holidays.own_file(folder).exists()
    assert 0 == terminal("calendar", "import", path, "--accept", "--take-away")[0]
    assert date(2027, 5, 7) in config.load(folder).calendar.holidays


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "must hold keys with values"),
        ({"scotland": {"events": []}}, "it has no 'england-and-wales'"),
        ({"division": "scotland", "events": [{"title": "St Andrew", "date": "2026-11-30"}]}, "list of 'scotland'"),
        ({"england-and-wales": {"events": []}}, "at least 1 item"),
        ({"england-and-wales": 7}, "should be a valid list"),
        ({"england-and-wales": {"events": [{"title": "", "date": "14/12/2026"}, {"date": 20261214}]}}, "14/12/2026"),
        ({"events": [{"title": "a", "date": "2026-01-01"}, {"title": "b", "date": "2026-01-01"}]}, "2 times"),
        ({"events": [{"title": "a", "date": "2035-01-01"}]}, "the years from 2029"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_place(data: Any, said: str, terminal: Terminal, folder: Path) -> None:
    """Every fault of it at once, each with its place; the list in force stays."""
    code, _, err = terminal("calendar", "import", written(terminal, data))
    assert (1, True) == (code, said in err), err
    assert "Traceback" not in err and "nobody foresaw" not in err


def test_the_invented_partnership_has_no_folder_for_a_list(terminal: Terminal) -> None:
    """Nothing of the program is written over: whoever has no folder is told to make one."""
    code, _, err = terminal("calendar", "add", "2026-12-14", "A holiday", "--accept")
    assert (1, True) == (code, "set SAFEGUARDING_CONFIG to your own" in err)


def test_a_newer_program_brings_the_newer_list(terminal: Terminal, folder: Path) -> None:
    """Of the partnership's list and the one that is shipped that one counts which was taken later."""
    own = bank_holidays.own_file(folder)
    own.parent.mkdir()
    older = SHIPPED.model_copy(update={"taken_on": SHIPPED.taken_on - timedelta(days=1), "holidays": {}})
    own.write_text(older.model_dump_json())
    assert SHIPPED.digest == config.load(folder).calendar.digest
    own.write_text(older.model_copy(update={"taken_on": SHIPPED.taken_on}).model_dump_json())
    assert SHIPPED.digest != config.load(folder).calendar.digest
    own.write_text("{")
    assert (1, True) == ((said := terminal("check"))[0], str(own) in said[1]), said

"""The yearly account at the command line: whole or not at all, noted, refused in words, and readable in LibreOffice."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import pytest
from driver.terminal import Terminal

from tasks.record.installation import Installation

ASKED = ("--track", "children", "--year", "2026", "--as", "alex_example")
FILES = ["account.docx", "account.html", "figures.csv", "figures.html", "lists.csv"]


def test_the_draft_is_written_with_the_list_behind_each_number(
    terminal: Terminal, decided: Installation, reference: str, tmp_path: Path
) -> None:
    """One folder; each number of `figures.csv` is that of the lines in `lists.csv`; that it was asked for is noted."""
    folder = tmp_path / "account"
    said = terminal.data("yearly-account", str(folder), *ASKED)
    assert FILES == said["files"] == sorted(path.name for path in folder.iterdir())
    numbers = {row["figure"]: int(row["number"]) for row in _rows(folder / "figures.csv")}
    behind = [row["figure"] for row in _rows(folder / "lists.csv")]
    assert numbers == {key: behind.count(key) for key in numbers}
    assert 1 == numbers["referrals"]
    assert any(reference in row["reference"] for row in _rows(folder / "lists.csv"))
    page = (folder / "figures.html").read_text()
    assert all(f'id="{key}"' in page for key in numbers)
    assert "the yearly account" in str(terminal.data("readings"))


def test_where_small_numbers_are_hidden_no_list_is_written(
    terminal: Terminal, decided: Installation, reference: str, tmp_path: Path
) -> None:
    """The account and its numbers alone, no review named in any of them, and it is said."""
    folder = tmp_path / "account"
    code, said, _ = terminal("yearly-account", str(folder), *ASKED, "--suppress-below", "5")
    assert 0 == code and "no list is written" in said
    assert ["account.docx", "account.html", "figures.csv"] == sorted(path.name for path in folder.iterdir())
    assert reference not in (folder / "account.html").read_text() + (folder / "figures.csv").read_text()


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_everything_that_is_wrong_is_said_at_once(terminal: Terminal, decided: Installation, tmp_path: Path) -> None:
    """A partner, an adult year from September, numbers below 2: three reasons, and no folder."""
    folder = tmp_path / "account"
    wrong = ("--track", "adults", "--year", "2026", "--month", "9", "--as", "glenn_sample", "--suppress-below", "2")
    code, _, complaint = terminal("yearly-account", str(folder), *wrong)
    assert 1 == code and not folder.exists()
    for words in ("from 1 April: leave the month out", "from 3 to 100", "business manager"):
        assert words in complaint, complaint


def test_a_folder_with_files_in_it_is_left_alone(terminal: Terminal, decided: Installation, tmp_path: Path) -> None:
    """Nothing is written over, and nothing is noted as taken."""
    (tmp_path / "mine.txt").write_text("mine")
    code, _, complaint = terminal("yearly-account", str(tmp_path), *ASKED)
    assert 1 == code and "has files in it already" in complaint
    assert "the yearly account" not in str(terminal.data("readings"))


def test_a_report_is_recorded_as_published_and_sent(terminal: Terminal, decided: Installation) -> None:
    """Owed first; published and sent, what is left is said; the partnership's history has both; a wrong one is none."""
    assert "this record began, which knows of none" in terminal("yearly-report", "owed")[1]
    about = ("--track", "children", "--year", "2024", "--on", "2026-05-04", "--as", "alex_example")
    code, said, _ = terminal("yearly-report", "published", *about)
    assert 0 == code and "due Tue 4 May 2027" in said
    assert "to be sent to Child Safeguarding Practice Review Panel, What Works body" in said
    code, said, _ = terminal("yearly-report", "sent", *about, "--to", "national_panel")
    assert 0 == code and "to be sent to What Works body" in said
    code, _, complaint = terminal("yearly-report", "sent", *about, "--to", "local_healthwatch")
    assert 1 == code and "national_panel, what_works_body" in complaint
    history = terminal("partnership", "history")[1]
    assert 1 == history.count("Yearly report published") == history.count("Yearly report sent")
    assert "published on Mon 4 May 2026" in terminal("yearly-report", "owed")[1]


@pytest.mark.office
def test_libreoffice_opens_the_draft(terminal: Terminal, decided: Installation, tmp_path: Path) -> None:
    """Every heading and number is read; no field is left unfilled."""
    folder = tmp_path / "account"
    assert 0 == terminal("yearly-account", str(folder), *ASKED)[0]
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "txt:Text"]
    made = [*command, "--outdir", str(tmp_path), str(folder / "account.docx")]
    subprocess.run(made, check=True, timeout=120, capture_output=True)
    said = (tmp_path / "account.txt").read_text()
    assert all(one in said for one in ("yearly account", "What this draft does not hold", "Dates of law or guidance"))
    assert not [one for one in ("{", "XXX", "Error") if one in said]

"""Sealed words that leave with an export: for whoever may read the whole record, with a reason, and noted before."""

from __future__ import annotations

import json
import shutil
import stat
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from driver.moving import small_mix, written
from driver.terminal import Terminal
from openpyxl import load_workbook
from sqlalchemy import text

from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date, now
from safeguarding.registers.words import WORDS
from safeguarding.review.events import Actor
from safeguarding.stages import STEPS
from tasks.record.erasing import erase_text
from tasks.record.installation import open_installation

REASON = "request of a coroner"
SEALED = ("--as", "alex_example", "--sealed", "--reason", REASON)
COLUMNS = "reference track pseudonym line recorded_on kind step about of question words"


@pytest.fixture
def record(terminal: Terminal) -> Terminal:
    """Reviews that were taken over, with actions, and a child's referral."""
    assert 0 == terminal("import", written(terminal.home / "moving-in.xlsx", small_mix()), *SEALED[:2], "--accept")[0]
    moment = now()
    with open_installation(moment) as made:
        opening = signer(STEPS["open_referral"].by)
        summary = "=Canary Sparrow fell.\n\nThen she was seen."
        made.records.open(answer("open_referral", None, london_date(moment), summary=summary), opening, moment)
    return terminal


def words_in(place: Path) -> pd.DataFrame:
    """The table of the words, as pandas reads it."""
    return pd.read_csv(place / "words.csv", keep_default_na=False)


def test_its_columns_keep_their_names_and_are_explained() -> None:
    """As those of the registers: none goes, moves or is called otherwise, and docs/export.md has each."""
    assert COLUMNS == " ".join(column.name for column in WORDS.columns)
    said = (Path(__file__).resolve().parents[2] / "docs" / "export.md").read_text()
    part = said.partition(f"### {WORDS.title}: `{WORDS.name}`\n")[2]
    assert part.startswith(f"\n{WORDS.about} Only with `--sealed`.\n")
    rows = [f"| `{one.name}` | {one.unit} | {one.meaning} |" for one in WORDS.columns]
    assert rows == [line for line in part.splitlines() if line.startswith("| `")]


def test_every_sealed_text_is_a_row_and_each_is_noted(record: Terminal, tmp_path: Path) -> None:
    """The referral, what each action says, in all three kinds of file; who took what is in the list, text by text."""
    place = tmp_path / "words"
    code, out, err = record("export", str(place), *SEALED)
    assert (0, "") == (code, err)
    assert "Sealed words of 5 reviews are in them, with names: keep the folder closed." in out
    frame = words_in(place)
    with open_installation(now()) as made:
        references = [row.reference for row in made.records.list()]
        kept = {
            (one, event.sequence, name): words
            for one in references
            for event in made.records.events(one, unseal=True)
            for name, words in event.sealed.items()
        }
    content = json.loads((place / "registers.json").read_text())
    assert len(kept) == len(frame) == len(content["registers"]["words"]["rows"])
    said = frame[frame["about"] == "action"]
    assert {"Audit the contacts.", "Train the desk.", "Write to all.", "Done long ago."} == {*said["words"]}
    assert {"A01", "A02", "A03"} == {*said["of"]}
    (referral,) = frame[frame["words"].str.contains("Canary")].to_dict("records")
    assert "'=Canary Sparrow fell.  Then she was seen." == referral["words"], "a text, and no formula"
    cells = [cell for row in load_workbook(place / "registers.xlsx")["words"].iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert content["sealed_words"] is True
    assert "=Canary Sparrow fell.\n\nThen she was seen." in {
        row["words"] for row in content["registers"]["words"]["rows"]
    }

    with open_installation(now()) as made, made.records.engine.connect() as connection:
        noted = connection.execute(text("SELECT reference, person, what, texts FROM readings")).all()
    theirs = [(one, *text_) for one, _, what, texts in noted if "the sealed words" in what for text_ in as_list(texts)]
    assert {*kept} == {*theirs} and len(kept) == len(theirs)
    assert {"alex_example"} == {row.person for row in noted}
    shown = record("readings")[1]
    assert f"Alex Example read the sealed words, exported ({REASON}), of {references[0]} (" in shown
    assert 0 == record("ledger", "verify")[0]


def as_list(texts: Any) -> list[list[Any]]:
    """The texts of a reading, as the database has them."""
    return json.loads(texts) if isinstance(texts, str) else texts


def test_the_files_are_for_their_owner_alone(record: Terminal, tmp_path: Path) -> None:
    """The folder and each file, and nothing is written over what is there."""
    place = tmp_path / "words"
    assert 0 == record("export", str(place), *SEALED)[0]
    assert {0o700} == {stat.S_IMODE(place.stat().st_mode)}
    assert {0o600} == {stat.S_IMODE(file.stat().st_mode) for file in place.iterdir()}
    before = (place / "words.csv").read_bytes()
    code, _, err = record("export", str(place), *SEALED)
    assert (1, True, before) == (code, "has files in it already" in err, (place / "words.csv").read_bytes())


def test_it_is_noted_also_where_the_writing_fails(
    record: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full once the words are opened: nothing is left of them, and the list says who asked for them."""

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tasks.export.folder.tempfile.mkdtemp", full)
    code, _, err = record("export", str(tmp_path / "words"), *SEALED)
    assert (1, True) == (code, "cannot be written: No space left on device" in err)
    assert not [one for one in tmp_path.iterdir() if "words" in one.name]
    assert 5 == record("readings")[1].count("read the sealed words, exported")


def test_nothing_is_opened_before_it_is_noted(record: Terminal, tmp_path: Path) -> None:
    """The list cannot be written to: the words are not given, and no file is."""
    with open_installation(now()) as made, made.records.engine.begin() as connection:
        connection.execute(
            text("CREATE TRIGGER full BEFORE INSERT ON readings BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
        )
    code, _, _ = record("export", str(tmp_path / "words"), *SEALED)
    assert 0 != code and not (tmp_path / "words").exists()


def test_an_erased_text_says_so_and_is_not_noted_as_read(record: Terminal, tmp_path: Path) -> None:
    """The key of a closed review is destroyed: its rows stand there with «erased», and nobody read anything of it."""
    with open_installation(now()) as made:
        closed = next(row.reference for row in made.records.list() if not row.open)
        erase_text(made.records, closed, Actor(person="alex_example"), "morgan_specimen", now(), "order of a court")
    assert 0 == record("export", str(tmp_path / "words"), *SEALED)[0]
    frame = words_in(tmp_path / "words")
    mine = frame[frame["reference"] == closed]
    assert len(mine) and {"erased"} == {*mine["words"]}
    assert "erased" not in {*frame[frame["reference"] != closed]["words"]}
    assert f"exported ({REASON}), of {closed}" not in record("readings")[1]


def test_one_review_alone(record: Terminal, tmp_path: Path) -> None:
    """Its words and no other's, and only it is noted."""
    reference = next(row["reference"] for row in record.data("list") if row["state"] == "in_review")
    data = record.data("export", str(tmp_path / "words"), *SEALED, "--review", reference)
    assert 4 == data["rows"]["words"]
    assert {reference} == {*words_in(tmp_path / "words")["reference"]}
    assert 1 == record("readings")[1].count("read the sealed words, exported")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--as", "alex_example", "--sealed"), "say with --reason why the sealed words are taken out: 'request of a"),
        (("--as", "alex_example", "--reason", REASON), "--reason says why sealed words are taken out: give --sealed"),
        (("--as", "casey_lead", *SEALED[2:]), "may not take this step"),
        ((*SEALED[:3], "--reason", "curiosity"), "curiosity"),
    ],
)
def test_who_may_not_or_says_not_why_is_answered_in_words(
    record: Terminal, tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    """Nothing is written, and nothing is noted as read."""
    code, _, err = record("export", str(tmp_path / "words"), *words)
    assert (True, True) == (code in (1, 2), why in err), err
    assert not (tmp_path / "words").exists()
    assert [] == record.data("readings")


def test_the_words_of_reviews_that_are_not_theirs_stay_out(
    record: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A manager who holds the post for children covers for the other track: its registers come, its words do not."""
    mine = tmp_path / "ours"
    shutil.copytree(str(files("config").joinpath("partnership")), mine)
    people = (mine / "people.yaml").read_text("utf-8")
    limited = people.replace("[business_manager]", "[{role: business_manager, track: children}]", 1)
    (mine / "people.yaml").write_text(limited, "utf-8")
    monkeypatch.setenv("SAFEGUARDING_CONFIG", str(mine))
    code, out, err = record("export", str(tmp_path / "words"), *SEALED)
    assert (0, True) == (code, "Of 2 more, which you may not read whole, there is none." in out), err
    assert {"children"} == {*words_in(tmp_path / "words")["track"]}
    adult = next(row["reference"] for row in record.data("list") if row["reference"].startswith("SAR"))
    code, _, err = record("export", str(tmp_path / "none"), *SEALED, "--review", adult)
    assert (1, True) == (code, f"Alex Example may not read {adult} whole" in err), err

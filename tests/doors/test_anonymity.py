"""A draft is looked over at the command line: for whoever may read the whole record, noted first, nothing kept."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from driver.drafts import leaking, paragraph, word_file
from driver.printed import words_in
from driver.terminal import Terminal
from openpyxl import load_workbook

from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date, now
from safeguarding.review.events import Actor
from safeguarding.stages import STEPS
from tasks.anonymity.looking import WHAT
from tasks.record.erasing import erase_text
from tasks.record.installation import Installation, open_installation
from tasks.record.reading import who_read
from tasks.store.readings import ReadingsWanted

REFERENCE = f"CSPR-{now().year}-001"
AS_ALEX = ("--as", "alex_example")
SEALED, UNSAID, DRAFTED = "Peregrine", "Nightjarovemi", "Zephyrinova"
"""A sealed word that the draft has, one that it has not, and a word of the draft alone."""


@pytest.fixture
def record(terminal: Terminal) -> Iterator[Installation]:
    """One referral whose summary has two words of nobody."""
    made, moment = open_installation(now()), now() - timedelta(minutes=5)
    raw = answer("open_referral", None, london_date(moment), summary=f"Then {SEALED} was seen by {UNSAID}.")
    made.records.open(raw, signer(STEPS["open_referral"].by), moment)
    yield made
    made.close()


@pytest.fixture
def draft(tmp_path: Path) -> str:
    """A draft with a sealed word, a word of its own and an age."""
    path = tmp_path / "draft.docx"
    path.write_bytes(word_file(paragraph(f"Later {SEALED}, aged 7, told {DRAFTED}.")))
    return str(path)


def noted(record: Installation) -> list[tuple[str, str, str, str, int]]:
    """What is on record: who, by which proof, of which review, what, how many texts."""
    found = [one.reading for one in who_read(record.records, ReadingsWanted())[0]]
    return [(one.person, one.proof, one.reference, one.what, len(one.texts)) for one in found]


def words_of(file: Path) -> str:
    """The words of a list that was written."""
    if file.suffix == ".xlsx":
        return str(list(load_workbook(file)["details"].values))
    return words_in(file.read_bytes()) if file.suffix == ".pdf" else file.read_text()


def test_a_draft_is_looked_over_and_that_is_noted(terminal: Terminal, record: Installation, draft: str) -> None:
    """What it is not stands first; then how many by kind, and each with its place, words and why."""
    code, out, err = terminal("anonymity", REFERENCE, draft, *AS_ALEX)
    assert (0, "") == (code, err)
    assert out.startswith("This aid does not find everything, and it decides nothing")
    assert "Names: 1 known to the record, 0 exact, 1 may be\n" in out
    assert "Ages and births: 0 known to the record, 1 exact, 0 may be\n" in out
    assert f"paragraph 1: Later [{SEALED}], aged 7, told {DRAFTED}." in out
    assert "Names; known to the record. It stands in the sealed words of this review too." in out
    assert [("alex_example", "named", REFERENCE, WHAT)] == [one[:-1] for one in noted(record)]
    assert 0 < noted(record)[0][-1]
    _, out, _ = terminal("readings", REFERENCE)
    assert "to look a draft over before it is published" in out and DRAFTED not in out


def test_the_same_as_data_and_as_files(terminal: Terminal, record: Installation, draft: str, tmp_path: Path) -> None:
    """JSON, a workbook, a PDF and a page: the list is in each, and nothing stands at the place of a file before."""
    data = terminal.data("anonymity", REFERENCE, draft, *AS_ALEX)
    assert [SEALED, "aged 7", DRAFTED] == [one["words"] for one in data["details"]]
    for ending in ("xlsx", "pdf", "html"):
        file = tmp_path / f"list.{ending}"
        code, out, _ = terminal("anonymity", REFERENCE, draft, "--file", str(file), *AS_ALEX)
        assert (0, True, False) == (code, "for your eyes only" in out, DRAFTED in out)
        assert 0o600 == file.stat().st_mode & 0o777
        code, _, err = terminal("anonymity", REFERENCE, draft, "--file", str(file), *AS_ALEX)
        assert (1, True) == (code, "is there already" in err)
    rows = list(load_workbook(tmp_path / "list.xlsx")["details"].values)
    assert ("heading", "where") == rows[0][:2] and [SEALED, "aged 7", DRAFTED] == [row[3] for row in rows[1:]]
    for words in (words_in((tmp_path / "list.pdf").read_bytes()), (tmp_path / "list.html").read_text()):
        assert SEALED in words and "does not find everything" in " ".join(words.split())
    assert "ends in .xlsx, .pdf or .html" in terminal("anonymity", REFERENCE, draft, "--file", "x.doc", *AS_ALEX)[2]


def test_names_are_looked_for_besides(terminal: Terminal, record: Installation, draft: str, tmp_path: Path) -> None:
    """From a list, one a line; a list that is none says why by its line."""
    names = tmp_path / "names.txt"
    names.write_text(f"Quill {DRAFTED}\n")
    _, out, _ = terminal("anonymity", REFERENCE, draft, "--also", str(names), *AS_ALEX)
    assert "Names; known to the record. It stands in the list of names that you gave." in out and "Quill" not in out
    names.write_text("x" * 200)
    code, _, err = terminal("anonymity", REFERENCE, draft, "--also", str(names), *AS_ALEX)
    assert (1, True) == (code, "line 1 has more than 120 letters" in err)


@pytest.mark.parametrize("person", ["casey_lead", "robin_example", "nobody_known"])
def test_it_is_for_whoever_reads_the_whole_record(
    terminal: Terminal, record: Installation, draft: str, person: str
) -> None:
    """Nobody else: nothing is opened, noted or shown."""
    code, out, err = terminal("anonymity", REFERENCE, draft, "--as", person)
    assert (1, "", True) == (code, out, "it is for whoever may read the whole record" in " ".join(err.split()))
    assert [] == noted(record)


def test_what_is_no_draft_is_refused_before_anything_is_opened(
    terminal: Terminal, record: Installation, tmp_path: Path
) -> None:
    """A PDF, a file that is not there, another review: words, and nothing is noted."""
    file = tmp_path / f"{DRAFTED}.docx"
    file.write_bytes(b"%PDF-1.7")
    code, _, err = terminal("anonymity", REFERENCE, str(file), *AS_ALEX)
    assert (1, True, False) == (code, "The file is a PDF" in err, DRAFTED in err)
    assert "There is no file at that place" in terminal("anonymity", REFERENCE, str(tmp_path / "no.docx"), *AS_ALEX)[2]
    file.write_bytes(leaking())
    assert "No review has the reference CSPR-1999-001" in terminal("anonymity", "CSPR-1999-001", str(file), *AS_ALEX)[2]
    assert [] == noted(record)


def test_erased_words_are_said_to_be_gone(terminal: Terminal, record: Installation, draft: str) -> None:
    """The draft is looked over by what is left, and that is said."""
    step, today = "close_not_serious", london_date(now())
    raw = answer("open_referral", None, today, summary=f"Of {SEALED}.", concern="learning request")
    reference = record.records.open(raw, signer(STEPS["open_referral"].by), now()).review.reference
    raw = answer(step, record.records.read(reference), today)
    record.records.attempt(reference, step, raw, signer(STEPS[step].by), now())
    erase_text(record.records, reference, Actor(person="alex_example"), "morgan_specimen", now(), "order of a court")
    _, out, _ = terminal("anonymity", reference, draft, *AS_ALEX)
    assert "The sealed words of this review are erased" in out and "known to the record." not in out
    assert [0] == [one[-1] for one in noted(record)]


def test_nothing_is_kept_of_the_draft_and_no_sealed_word_is_shown(
    terminal: Terminal,
    record: Installation,
    draft: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not in the record's files, its logs or a temporary folder; a sealed word that the draft has not, nowhere."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    _, out, err = terminal("anonymity", REFERENCE, draft, *AS_ALEX)
    assert DRAFTED in out and SEALED in out
    shown = out + err + str(terminal.data("anonymity", REFERENCE, draft, *AS_ALEX))
    for ending in ("xlsx", "pdf", "html"):
        file = tmp_path / f"list.{ending}"
        terminal("anonymity", REFERENCE, draft, "--file", str(file), *AS_ALEX)
        shown += words_of(file)
        file.unlink()
    assert UNSAID not in shown and UNSAID.lower() not in shown
    Path(draft).unlink()
    there = [path for path in tmp_path.rglob("*") if path.is_file()]
    for word in (DRAFTED, UNSAID):
        assert [] == [path for path in there if word.encode() in path.read_bytes()]
        assert word not in caplog.text
    assert there and [] == [*temporary.iterdir()]

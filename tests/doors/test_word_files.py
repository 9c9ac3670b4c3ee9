"""Our own pages as Word files: what a word processor, a screen reader and a person find in them."""

from __future__ import annotations

import io
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from safeguarding.shown.bundle.paper import heading, listed, paper, picture, table, words
from tasks.word.chart import Bar, bars, read_out
from tasks.word.document import word_file

NOW = datetime(2027, 4, 12, 9, 30, tzinfo=UTC)
DRAWN = [Bar("In time", 41), Bar("Late, with reasons", 3)]


def page() -> str:
    """A page with one of everything."""
    chart = picture(bars("Rapid reviews", DRAWN), read_out("Rapid reviews", DRAWN))
    rows = [["CSPR-2026-001", "on the day"], ["CSPR-2026-002", "2 working days late"]]
    said = (heading("How it went"), words("A & B <were> asked."), listed(["One", "Two"]))
    return paper("Yearly account", *said, table(["Review", "When"], rows), chart)


def test_everything_is_in_its_own_form() -> None:
    """Headings are headings, a table repeats its head, a picture says what it shows; nothing is lost, nothing read."""
    made = Document(io.BytesIO(word_file(page(), "Exampleshire", "Draft", NOW)))
    said = [(one.style.name, one.text) for one in made.paragraphs if one.text]
    assert ("Heading 1", "Yearly account") in said and ("Heading 2", "How it went") in said
    assert ("Normal", "A & B <were> asked.") in said and ("List Bullet", "Two") in said
    (there,) = made.tables
    assert [["Review", "When"], ["CSPR-2026-001", "on the day"], ["CSPR-2026-002", "2 working days late"]] == [
        [cell.text for cell in row.cells] for row in there.rows
    ]
    assert "w:tblHeader" in there.rows[0]._tr.xml
    (drawn,) = made.inline_shapes
    assert "Rapid reviews: In time 41; Late, with reasons 3." == drawn._inline.docPr.get("descr")
    assert "Draft · made on 12 Apr 2027" in made.sections[0].footer.paragraphs[0].text
    assert ("Yearly account", "Exampleshire", "en-GB") == (
        made.core_properties.title,
        made.core_properties.author,
        made.core_properties.language,
    )


def test_it_carries_nothing_that_it_does_not_need() -> None:
    """No picture of somebody else's page, nothing twice, no style that nobody uses: a few kilobytes, and it opens."""
    file = word_file(paper("Yearly account", heading("How it went"), listed(["One"])), "Exampleshire", "Draft", NOW)
    with zipfile.ZipFile(io.BytesIO(file)) as there:
        names = there.namelist()
        assert sum(one.file_size for one in there.infolist()) < 60_000
    assert not [name for name in names if "thumbnail" in name or "customXml" in name or "WithEffects" in name]
    styles = {one.name for one in Document(io.BytesIO(file)).styles}
    assert {"Normal", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "Table Grid"} <= styles and len(styles) < 30


def test_a_chart_stays_on_the_page_of_its_table() -> None:
    """The last rows, and what parts them from the picture, keep with what comes next; the paragraphs before do not."""
    made = Document(io.BytesIO(word_file(page(), "Exampleshire", "Draft", NOW)))
    (there,) = made.tables
    assert all(
        one.paragraph_format.keep_with_next for row in there.rows for cell in row.cells for one in cell.paragraphs
    )
    chart = next(number for number, one in enumerate(made.paragraphs) if one._p.xpath(".//w:drawing"))
    assert made.paragraphs[chart - 1].paragraph_format.keep_with_next
    assert not next(one for one in made.paragraphs if one.text == "Two").paragraph_format.keep_with_next


def test_the_same_page_is_the_same_file() -> None:
    """Made twice it is the same to the byte, so that a digest of it means something."""
    assert word_file(page(), "Exampleshire", "Draft", NOW) == word_file(page(), "Exampleshire", "Draft", NOW)


@pytest.mark.hypothesis
@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_whatever_was_typed_is_in_it_as_words(typed: str) -> None:
    """Signs that no file may hold are left out; all others come back as they were, and the file opens."""
    made = Document(io.BytesIO(word_file(paper("T", words("x" + typed)), "E", "D", NOW)))
    kept = " ".join("".join(sign for sign in " ".join(f"x{typed}".split()) if sign.isprintable()).split())
    assert kept in [" ".join(one.text.split()) for one in made.paragraphs]


@pytest.mark.office
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    """LibreOffice reads the file and finds every word of it; no field is left unfilled."""
    file = tmp_path / "page.docx"
    file.write_bytes(word_file(page(), "Exampleshire", "Draft", NOW))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "txt:Text"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(file)], check=True, timeout=120, capture_output=True)
    said = (tmp_path / "page.txt").read_text()
    assert all(one in said for one in ("Yearly account", "A & B <were> asked.", "2 working days late", "One"))
    assert "{" not in said and "Error" not in said

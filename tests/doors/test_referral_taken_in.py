"""A referral form that comes back filled in is opened as it was written, and nobody types it again."""

from __future__ import annotations

import io
import zipfile
from copy import deepcopy
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from driver.filled_form import CHILD, filled_form
from driver.terminal import Terminal

from safeguarding.law.rulebook import Rulebook
from safeguarding.review.states import Track
from safeguarding.shown.referral_filled import FormNotOurs, filled_referral
from safeguarding.shown.referral_form import referral_form
from tasks.word.tables_in import WordUnreadable, rows_in

ADULT = {
    "Agency or organisation": "Somebody's own charity",
    "Name of the adult": "Olga Specimen",
    "Had the adult needs for care": "yes|She had carers twice a day.",
}


def test_a_childs_form_is_opened_with_every_word_of_it(terminal: Terminal, rulebook: Rulebook, tmp_path: Path) -> None:
    """The agency and what is referred are read as they are offered; all else is sealed, whole, where it belongs."""
    file = tmp_path / "referral.docx"
    file.write_bytes(filled_form(rulebook.partnership, Track.CHILDREN, CHILD))
    code, said, wrong = terminal("open-from", str(file), "--as", "alex_example")
    assert (0, "") == (code, wrong) and "CSPR-" in said and "Every word of its text and its tables was taken in" in said
    reference = said.partition(":")[0]
    _, shown, _ = terminal("show", reference, "--unseal")
    for answer in CHILD.values():
        for words in answer.rstrip(".").split("\n"):
            assert words in shown or words.startswith(("Serious harm", "Exampleshire Police")), words
    assert "Exampleshire Police" in shown
    assert "Otto" not in terminal("show", reference)[1]


def test_whatever_was_written_anywhere_on_it_is_taken_in(rulebook: Rulebook) -> None:
    """Below and between tables, in added rows, under a question, in a second copy, in a sign: each is there once."""
    made = Document(io.BytesIO(filled_form(rulebook.partnership, Track.CHILDREN, CHILD)))
    who, child, known = made.tables
    made.add_paragraph("Below: the neighbour saw it.")
    made.paragraphs[2].insert_paragraph_before("Between: urgent.")
    added = known.add_row().cells
    added[0].text, added[1].text = "Doctor", "Added: Dr Sample"
    who.cell(2, 0).text = "2. NAME AND ROLE\nLeft: duty desk"
    who.cell(1, 0).text = "1) agency OR organisation"
    row = next(row for row in known.rows if row.cells[0].text.startswith("What happened"))
    goes_on = deepcopy(row._tr)
    row._tr.addnext(goes_on)
    on = next(row for row in known.rows if row._tr is goes_on)
    on.cells[0].text, on.cells[1].text = "", "Goes on: next day."
    second = deepcopy(child.rows[1]._tr)
    child._tbl.append(second)
    child.rows[-1].cells[1].text = "Second child: Bertie Sample"
    sign = OxmlElement("w:sym")
    sign.set(qn("w:char"), "F0FE")
    child.rows[5].cells[1].paragraphs[0].add_run("Told: ")._r.append(sign)
    held = io.BytesIO()
    made.save(held)
    filled = filled_referral(rows_in(held.getvalue()), rulebook.partnership)
    every = "\n".join(filled.answers.values())
    wanted = ("Below: the", "Between: urgent", "Doctor: Added: Dr Sample", "Left: duty", "16:20.\nGoes on: next day.")
    for words in (*wanted, "Second child: Bertie", "Told: [not read: a sign]", *CHILD.values()):
        assert every.count(words) == 1, words
    assert filled.answers["agency"] and "by secure mail" not in every and "Who refers" not in every
    assert any("[not read" in one for one in filled.left)


def test_what_it_leaves_open_is_named_and_nothing_is_recorded(
    terminal: Terminal, rulebook: Rulebook, tmp_path: Path
) -> None:
    """An agency that is none of ours, and nothing said of what is referred: both are said, and both can be given."""
    file = tmp_path / "adult.docx"
    file.write_bytes(filled_form(rulebook.partnership, Track.ADULTS, ADULT))
    code, said, wrong = terminal("open-from", str(file), "--as", "alex_example")
    assert (1, "") == (code, said) and "Somebody's own charity" in wrong and "not written as it is offered" in wrong
    assert not terminal.data("list")
    concern = "serious abuse or neglect of an adult"
    code, said, wrong = terminal(
        *("open-from", str(file), "--as", "alex_example", "--concern", concern, "--agency", "housing")
    )
    assert (0, "") == (code, wrong)
    assert "yes. She had carers twice a day." in terminal("show", said.partition(":")[0], "--unseal")[1]


def test_what_is_no_form_of_ours_is_refused_in_words(rulebook: Rulebook) -> None:
    """An empty form, another document, no Word file, one that would grow: none says a word of what stands in it."""
    ours = rulebook.partnership
    with pytest.raises(FormNotOurs, match="nothing is filled in"):
        filled_referral(rows_in(filled_form(ours, Track.ADULTS, {})), ours)
    with pytest.raises(FormNotOurs, match="it is not our referral form"):
        filled_referral([["Something else", "Canary"]], ours)
    for held in (b"", b"Canary", b"PK\x03\x04Canary"):
        with pytest.raises(WordUnreadable, match=r"no Word file \(\.docx\)") as refused:
            rows_in(held)
        assert "Canary" not in str(refused.value)
    large = io.BytesIO()
    with zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("word/document.xml", b" " * 20_000_001)
    with pytest.raises(WordUnreadable, match="larger than a form"):
        rows_in(large.getvalue())
    entities = io.BytesIO()
    with zipfile.ZipFile(entities, "w") as zipped:
        zipped.writestr("word/document.xml", b'<!DOCTYPE d [<!ENTITY a "aaaa">]><d>&a;</d>')
    with pytest.raises(WordUnreadable):
        rows_in(entities.getvalue())


def test_a_childs_form_asks_of_a_child_and_nothing_of_section_44(rulebook: Rulebook) -> None:
    """And each form offers what may be referred on its track."""
    child, adult = (referral_form(rulebook.partnership, track) for track in (Track.CHILDREN, Track.ADULTS))
    assert "section 44" not in child and "what the child said and felt" in child
    assert "serious harm, abuse or neglect known or suspected" in child and "of an adult" not in child
    assert "serious abuse or neglect of an adult" in adult and "care leaver" not in adult


def test_a_small_file_of_very_many_pieces_and_rows_is_read_whole() -> None:
    """A few kilobytes unpack to one paragraph of thirty thousand pieces and three thousand rows: all in their order."""
    pieces, rows = 30_000, 3_000
    cells = "".join(f"<w:tr><w:tc><w:p><w:r><w:t>{n}</w:t></w:r></w:p></w:tc></w:tr>" for n in range(rows))
    body = f"<w:p><w:r>{'<w:t>ab</w:t>' * pieces}</w:r></w:p><w:tbl>{cells}</w:tbl>"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", f'<w:document xmlns:w="urn:w"><w:body>{body}</w:body></w:document>')
    read = rows_in(held.getvalue())
    assert [["ab" * pieces], *([f"{n}\n"] for n in range(rows))] == read


def test_what_is_no_words_is_named_where_it_stands() -> None:
    """A list of an older form, another file put inside, a tab of another kind: two are said, one is a space."""
    body = "<w:p><w:r><w:t>born</w:t><w:ptab/><w:t>died</w:t></w:r></w:p><w:p><w:r><w:ddList/></w:r></w:p><w:altChunk/>"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("word/document.xml", f'<w:document xmlns:w="urn:w"><w:body>{body}</w:body></w:document>')
    read = rows_in(held.getvalue())
    assert [["born died"], ["[not read: a list to choose from]"], ["[not read: a file inside it]"]] == read

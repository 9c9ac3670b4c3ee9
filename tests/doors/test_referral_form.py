"""The form by which an agency refers an adult: section 44 limb by limb, as a page and as a Word file."""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document
from driver.terminal import Terminal

from safeguarding.law.rulebook import Rulebook
from safeguarding.review.legal_tests import ADULT_REVIEW
from safeguarding.shown.blocks import blocks_of
from safeguarding.shown.referral_form import LIMBS, referral_form, send_it_to
from safeguarding.stages import STEPS

MAILBOX = "unit@exampleshire.example"


def rows_of(page: str) -> list[list[str]]:
    """Every row of every table of the page."""
    return [row for block in blocks_of(page) if block["kind"] == "table" for row in block["rows"]]


def questions(page: str) -> list[str]:
    """The first cell of every row of the page."""
    return [row[0].replace("\u200b", "") for row in rows_of(page)]


def test_it_asks_every_limb_of_section_44_in_the_words_of_the_decision(rulebook: Rulebook) -> None:
    """What an agency answers can be entered as it came; no limb is left out, and where it goes is said."""
    page = referral_form(rulebook.partnership)
    asked = questions(page)
    form = STEPS["decide_adult_review"].form
    for limb in LIMBS:
        assert any(one.startswith(str(form.model_fields[limb].title)) for one in asked), limb
    assert set(LIMBS) == set(ADULT_REVIEW.asks)
    assert any("what the adult wanted" in one for one in asked)
    assert MAILBOX == send_it_to(rulebook.partnership)
    assert MAILBOX in page
    assert "Sealed" not in page, "what only concerns the record is not said to an agency"


def test_every_answer_is_left_open(rulebook: Rulebook) -> None:
    """A form that is handed out holds no answer: of each row the question alone."""
    rows = rows_of(referral_form(rulebook.partnership))
    assert rows
    assert all(not any(row[1:]) for row in rows)


def test_it_is_written_as_word_and_as_a_page(terminal: Terminal, tmp_path: Path) -> None:
    """By the ending of the file; nothing is overwritten, and another ending is refused in words."""
    for name in ("referral.docx", "referral.html"):
        code, said, _ = terminal("referral-form", str(tmp_path / name))
        assert (0, True) == (code, "written" in said)
    made = Document(io.BytesIO((tmp_path / "referral.docx").read_bytes()))
    assert "Referral for a safeguarding adults review" == made.paragraphs[0].text
    assert 4 == len(made.tables)
    assert MAILBOX in (tmp_path / "referral.html").read_text()
    assert 1 == terminal("referral-form", str(tmp_path / "referral.html"))[0]
    code, _, wrong = terminal("referral-form", str(tmp_path / "referral.odt"))
    assert (1, True) == (code, "ends in .docx (Word) or .html" in wrong)


def test_the_word_file_has_room_to_write(terminal: Terminal, tmp_path: Path) -> None:
    """The column of the answers takes two thirds of the page, and an account has as many lines as on the page."""
    terminal("referral-form", str(tmp_path / "child.docx"), "--track", "children")
    known = Document(str(tmp_path / "child.docx")).tables[2]
    question, answer = (int(one) for one in known._tbl.xpath("./w:tblGrid/w:gridCol/@w:w"))
    assert 0.65 < answer / (question + answer) < 0.67
    (row,) = [row for row in known.rows if row.cells[0].text.startswith("What happened")]
    assert 6 == len(row.cells[1].paragraphs)

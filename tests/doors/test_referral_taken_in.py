"""A referral form that comes back filled in is opened as it was written, and nobody types it again."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
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
    assert (0, "") == (code, wrong) and "CSPR-" in said and "Nothing on it was lost" in said
    reference = said.partition(":")[0]
    _, shown, _ = terminal("show", reference, "--unseal")
    for answer in CHILD.values():
        for words in answer.rstrip(".").split("\n"):
            assert words in shown or words.startswith(("Serious harm", "Exampleshire Police")), words
    assert "Exampleshire Police" in shown
    assert "Otto" not in terminal("show", reference)[1]


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

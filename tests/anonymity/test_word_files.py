"""A Word file is read part by part, within bounds; what is no such file gets a sentence that says what to do."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict

import docx
import pytest
from driver.drafts import BY_HAND, DRAWN, LEAKS, leaking, paragraph, part, run, word_file, zipped_as_word
from driver.tries import tries
from hypothesis import given
from hypothesis import strategies as st

from safeguarding.anonymity.looking_over import look_over
from safeguarding.anonymity.said import draft_page, lines_of
from tasks.anonymity import faults, word_parts
from tasks.anonymity import word_file as reader
from tasks.anonymity.faults import DraftUnreadable
from tasks.anonymity.reading_draft import NamesUnfit, draft_of, names_of


def where(held: bytes) -> list[tuple[int, int, str]]:
    """Of each detail of a file its page, its paragraph and its words."""
    return [(one.page, one.number, one.words) for one in look_over(draft_of(held)).details]


def test_each_part_of_a_file_is_read_and_named() -> None:
    """Deleted words, hidden text, remarks, who changed it, properties, links: that is where leaks are."""
    found = look_over(draft_of(leaking()))
    there = defaultdict(list)
    for one in found.details:
        there[one.part].append(one.words)
    missing = [(name, words) for name, leaks in LEAKS.items() for words in leaks if words not in there[name]]
    assert [] == missing, dict(there)
    (unread,) = found.draft.unread
    assert unread.startswith("Not looked over: 1 picture in the file")


def test_pages_are_those_that_word_drew() -> None:
    """The break lies in the middle of a paragraph; one set by hand is drawn too, and counts once."""
    second = paragraph("He was aged 7 and ", DRAWN, " she was aged 9.")
    held = word_file(paragraph("Aged 5."), second, paragraph(BY_HAND), paragraph(DRAWN, "Aged 3."))
    assert [(1, 1, "Aged 5"), (1, 2, "aged 7"), (2, 2, "aged 9"), (3, 3, "Aged 3")] == where(held)


def test_pages_by_breaks_set_by_hand_or_none() -> None:
    """Each is said plainly."""
    by_hand = word_file(paragraph("Aged 5."), paragraph(BY_HAND, "Aged 3."))
    assert [(1, 1, "Aged 5"), (2, 2, "Aged 3")] == where(by_hand)
    assert [(0, 1, "Aged 5")] == where(word_file(paragraph("Aged 5.")))
    said = [draft_page(look_over(draft_of(one)), "CSPR-2026-001", "") for one in (by_hand, word_file(paragraph("x")))]
    assert "apart from the breaks that somebody set by hand" in said[0]
    assert "The file does not say where its pages end, so each place is told by its number" in said[1]


def test_a_name_over_several_runs_is_one_word() -> None:
    """Word cuts words into runs wherever it likes."""
    held = word_file(paragraph("later the aunt told ", run("Barthol"), run("om", "<w:b/>"), run("ew"), " of it"))
    assert [(0, 1, "Bartholomew")] == where(held)


def test_words_for_an_older_word_are_not_told_twice() -> None:
    """A text box stands twice in the file."""
    box = f"<w:txbxContent>{paragraph('Aged 5.')}</w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    (one,) = look_over(draft_of(word_file(paragraph(f"<w:r>{both}</w:r>")))).details
    assert ("text boxes", "Aged 5") == (one.part, one.words)


def test_the_same_words_are_one_line_on_a_page() -> None:
    """How often they stand there is said."""
    found = look_over(draft_of(word_file(paragraph("Aged 5, aged 5."), paragraph("Aged 5."))))
    (line,) = lines_of(found)
    assert (3, "The text, by paragraph", "paragraph 1") == (line.times, line.heading, line.where)


def test_a_file_of_the_library_is_read() -> None:
    """With a table, a header and its author; as python-docx writes it."""
    made = docx.Document()
    made.add_paragraph("He was aged 7.")
    made.add_table(1, 1).cell(0, 0).text = "24 Marsh Lane"
    made.sections[0].header.paragraphs[0].text = "Ring 07700 900123"
    made.core_properties.author = "Ottoline Quist"
    held = io.BytesIO()
    made.save(held)
    found = {(one.part, one.words) for one in look_over(draft_of(held.getvalue())).details}
    assert {
        ("", "aged 7"),
        ("", "24 Marsh Lane"),
        ("header", "07700 900123"),
        ("properties of the file", "Ottoline Quist"),
    } <= found


def encrypted() -> bytes:
    """A zip whose entry says that it is closed with a password."""
    held, name = bytearray(word_file(paragraph("x"))), b"word/document.xml"
    held[held.find(name) - 30 + 6] |= 1
    held[held.rfind(name) - 46 + 8] |= 1
    return bytes(held)


ENTITIES = f'<!DOCTYPE x [<!ENTITY a "{"a" * 50}"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
UNREADABLE = [
    (b"", "empty"),
    (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old Word"),
    (b"%PDF-1.7 x", "PDF"),
    (b"{\\rtf1 x}", "other"),
    (b"PK\x03\x04" + b"x" * 100, "damaged"),
    (word_file(paragraph("x"))[:-30], "damaged"),
    (zipped_as_word({"xl/workbook.xml": "<x/>"}), "no Word file"),
    (zipped_as_word({"word/document.xml": "<w:document"}), "damaged"),
    (zipped_as_word({"word/document.xml": ENTITIES}), "damaged"),
    (zipped_as_word({"word/document.xml": part("document")}, zipfile.ZIP_LZMA), "damaged"),
    (encrypted(), "closed"),
    (b"\x89PNG\r\n\x1a\n\0\0", "other"),
    ("caf\u00e9 Nightjarovemi".encode("cp1252"), "not UTF-8"),
]


@pytest.mark.parametrize(("held", "why"), UNREADABLE, ids=[f"{why}-{n}" for n, (_, why) in enumerate(UNREADABLE)])
def test_what_is_no_draft_says_what_to_do(held: bytes, why: str) -> None:
    """Of no word in it, whatever it is."""
    with pytest.raises(DraftUnreadable) as refused:
        draft_of(held)
    assert why == refused.value.why and str(refused.value).startswith("Nothing was looked over. ")
    assert "Nightjarovemi" not in str(refused.value) and refused.value.__cause__ is None


def test_a_file_that_would_grow_is_refused_before_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too much in one part, in all of them, too many parts, too many elements, too many letters, too many bytes."""
    grows = zipped_as_word({"word/document.xml": part("document", "<w:body>", " " * 60_000, "</w:body>")})
    assert len(grows) < 2_000
    for place, name, bound, held, why in (
        (reader, "LARGEST_PART", 50_000, grows, "too large inside"),
        (reader, "LARGEST_WHOLE", 50_000, grows, "too large inside"),
        (reader, "MOST_FILES", 1, grows, "too large inside"),
        (word_parts, "MOST_ELEMENTS", 5, word_file(*[paragraph("x")] * 9), "too large inside"),
    ):
        with monkeypatch.context() as patched, pytest.raises(DraftUnreadable) as refused:
            patched.setattr(place, name, bound)
            draft_of(held)
        assert why == refused.value.why, name
    with pytest.raises(DraftUnreadable, match="five hundred pages"):
        draft_of(b"a " * (faults.MOST_LETTERS // 2 + 9))
    with pytest.raises(DraftUnreadable, match="larger than 20 million bytes"):
        draft_of(b"a" * (faults.LARGEST + 1))


@tries(100)
@given(held=st.binary(max_size=200), cut=st.integers(0, 3000), at=st.integers(0, 3000))
def test_no_bytes_bring_it_down(held: bytes, cut: int, at: int) -> None:
    """Anything, and a Word file with anything in the middle of it: a draft, or words that say why there is none."""
    good = leaking()
    for one in (held, b"PK\x03\x04" + held, good[: at % len(good)] + held + good[(at + cut) % len(good) :]):
        try:
            look_over(draft_of(one))
        except DraftUnreadable as why:
            assert "Nothing was looked over." in str(why)


def test_a_list_of_names_is_read_or_refused_by_its_lines() -> None:
    """One a line, empty lines left out; a line that is too long is named by its number."""
    assert ("Ottoline Quist", "Barnaby") == names_of(b"\xef\xbb\xbfOttoline Quist\r\n\r\n Barnaby \r\n")
    with pytest.raises(NamesUnfit, match=r"line 2 has more than 120 letters") as refused:
        names_of(b"Barnaby\n" + b"x" * 121)
    assert "Barnaby" not in str(refused.value)
    with pytest.raises(NamesUnfit, match="line 1: is not UTF-8"):
        names_of("Ren\u00e9e".encode("cp1252"))
    with pytest.raises(NamesUnfit, match="more than 2000 names"):
        names_of(b"ab\n" * 2001)

"""A draft is sent to its page and looked over: who may, what they read, that it is noted first and kept nowhere."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from driver.drafts import LEAKS, leaking, paragraph, word_file
from driver.filling import Filler
from driver.tries import tries
from driver.visitor import Visitor
from hypothesis import given
from hypothesis import strategies as st

from pages import uploads
from pages.uploads import Uploaded
from pages.visits import Stopped
from tasks.anonymity import faults
from tasks.anonymity.looking import WHAT
from tasks.record.installation import Installation
from tasks.record.reading import who_read
from tasks.store.readings import ReadingsWanted

Somebody = Callable[[str], Filler]
AT_PANEL, AT = "CSPR-2026-005", "/reviews/CSPR-2026-005/anonymity"
DRAFTED = "Zephyrinova"
"""A word of the draft alone."""
SEALED = "already in hand"
"""Words of a sealed text that the draft has not."""


def noted(installation: Installation) -> list[tuple[str, str, str]]:
    """What is on record: who, by which proof, what."""
    found = [one.reading for one in who_read(installation.records, ReadingsWanted(AT_PANEL))[0]]
    return [(one.person, one.proof, one.what) for one in found]


def test_a_draft_is_looked_over_and_that_is_noted(alex: Visitor, installation: Installation) -> None:
    """The page says what the aid is not; then how many of what, and each with its words, strength and why."""
    alex.get(AT)
    assert "It does not find everything and decides nothing" in alex.words and [] == noted(installation)
    assert 'enctype="multipart/form-data"' in alex.page.text
    page = alex.upload(AT, ("draft", leaking()))
    assert 200 == page.status_code and page.headers["cache-control"] == "no-store"
    for words in ("This aid does not find everything", "Page 2", "Hidden text", "1 picture in the file"):
        assert words in alex.words
    for leak in (leak for leaks in LEAKS.values() for leak in leaks):
        assert f"<mark>{leak}</mark>" in page.text, leak
    assert [("alex_example", "code", WHAT)] == noted(installation)
    alex.get(f"/readings?review={AT_PANEL}")
    assert "to look a draft over before it is published" in alex.words
    assert DRAFTED not in alex.page.text


def test_names_typed_besides_are_looked_for_and_given_back(alex: Visitor) -> None:
    """To look over the next draft with them; too long a line is said at its box, and the draft is asked for again."""
    alex.get(AT)
    held = word_file(paragraph(f"So {DRAFTED.lower()} was seen by {DRAFTED}."))
    page = alex.upload(AT, ("draft", held), names=f"{DRAFTED}\n")
    assert "It stands in the list of names that you gave." in alex.words and f">{DRAFTED}\n</textarea>" in page.text
    page = alex.upload(AT, ("draft", b"%PDF-1.7"), names="x" * 121)
    assert 422 == page.status_code and 'href="#draft"' in page.text and 'href="#names"' in page.text
    assert "line 1 has more than 120 letters" in alex.words and "The file is a PDF" in alex.words


def test_the_link_stands_where_there_may_be_a_draft(alex: Visitor, installation: Installation) -> None:
    """From the panel on, for whoever may use it; at a referral there is none yet."""
    for row in installation.records.list():
        there = f'href="/reviews/{row.reference}/anonymity"' in alex.get(f"/reviews/{row.reference}").text
        assert there == (row.stage.value in ("panel", "publication", "action_follow_up")), row.reference


@pytest.mark.parametrize("person", ["casey_lead", "robin_example"])
def test_it_is_for_whoever_reads_the_whole_record(somebody: Somebody, installation: Installation, person: str) -> None:
    """Who sees the review and may not read all of it is told so, has no link, and sends a draft in vain."""
    visitor = somebody(person).visitor
    assert 200 == visitor.get(f"/reviews/{AT_PANEL}").status_code and AT not in visitor.page.text
    assert 403 == visitor.get(AT).status_code and "Nothing was opened." in visitor.words
    assert 403 == visitor.upload(AT, ("draft", leaking())).status_code
    assert [] == noted(installation) and "Ottoline" not in visitor.page.text


def test_nothing_is_looked_over_without_a_draft_or_from_an_old_page(alex: Visitor, installation: Installation) -> None:
    """No file, no form, a page that was open too long, a stranger: words, and nothing is noted."""
    alex.get(AT)
    assert (422, True) == (alex.upload(AT, None).status_code, "Choose the draft" in alex.words)
    assert 422 == alex.upload(AT, ("draft", b"")).status_code
    assert 400 == alex.post(AT, draft="typed").status_code
    alex.get(AT)
    assert 403 == alex.upload(AT, ("draft", leaking()), token="x" * 20).status_code
    alex.get(AT)
    alex.client.cookies.clear()
    alex.upload(AT, ("draft", leaking()))
    assert "/sign-in" == alex.path
    assert [] == noted(installation)


def test_too_large_a_draft_is_said_and_far_too_large_a_one_ends(
    alex: Visitor, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At its box; of five times as much nothing more is read."""
    alex.get(AT)
    monkeypatch.setattr("pages.anonymity.LARGEST", 1_000)
    monkeypatch.setattr("pages.anonymity.LARGEST_LIST", 0)
    assert (422, True) == (
        alex.upload(AT, ("draft", b"x" * 2_000)).status_code,
        "is larger than 20 million" in alex.words,
    )
    assert 413 == alex.upload(AT, ("draft", b"x" * 9_000)).status_code
    assert [] == noted(installation) and 20_000_000 == faults.LARGEST


def test_nothing_is_kept_and_no_sealed_word_is_shown(
    alex: Visitor,
    installation: Installation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not in the record, a temporary folder or a log; what the draft has not is in no answer."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    alex.get(AT)
    larger = f"Later {DRAFTED}, aged 7, was seen.\n\n{'x' * 1_200_000}"  # Than what other readers keep in memory.
    page = alex.upload(AT, ("draft", larger.encode()), names="Quillfeather")
    assert DRAFTED in page.text and SEALED not in page.text
    assert [] == [*temporary.iterdir()]
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        held = path.read_bytes()
        assert DRAFTED.encode() not in held and b"Quillfeather" not in held, path
    assert DRAFTED not in caplog.text and "Quillfeather" not in caplog.text


@tries(100)
@given(held=st.binary(max_size=300), cut=st.integers(0, 400))
def test_no_form_brings_it_down(held: bytes, cut: int) -> None:
    """Anything between the marks, and a form that ends anywhere: fields, or a page that says it is none."""
    whole = (
        b'--m\r\nContent-Disposition: form-data; name="token"\r\n\r\nx\r\n--m\r\n'
        b'Content-Disposition: form-data; name="draft"; filename="a"\r\n\r\n' + held + b"\r\n--m--\r\n"
    )
    for one in (held, whole, whole[:cut], whole[cut:]):
        try:
            found = uploads._read(one, b"m")
        except Stopped as stopped:
            assert 400 == stopped.answer.status_code
        else:
            assert isinstance(found, Uploaded)
    if b"\r\n--m" not in held:
        assert Uploaded({"token": "x"}, {"draft": held}) == uploads._read(whole, b"m")

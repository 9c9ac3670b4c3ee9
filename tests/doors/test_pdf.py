"""A PDF: words that are only words, tags for a screen reader, the same each time; and the command that writes one."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest
from driver.printed import reader_of, root_of, tags_in, words_in
from driver.terminal import Terminal

from safeguarding.shown.blocks import blocks_of, title_of
from safeguarding.shown.bundle.paper import command, heading, listed, paper, table, words
from tasks.pdf.setting import OnPaper, pdf

AT = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
LANGUAGE = (
    "#panic()",
    "$x^2$ and $",
    "*bold* _slanted_ `raw` @somebody",
    "back\\slash \\u{41} \\",
    "<label> & &amp; <b>",
    "= no heading",
    "- no item",
    "// no comment /* nor this",
    '#import "@preview/anything:1.0.0": *',
    '#read("/etc/passwd") ${x} {{ y }}',
    "]] [[ ) ( } {",
)


def set_of(*parts: str, simulation: bool = False, at: datetime = AT) -> bytes:
    """A PDF of one page or several."""
    return pdf(OnPaper(parts, "Exampleshire Partnership", "CSPR-2026-005", simulation), at)


@pytest.mark.parametrize("said", LANGUAGE)
def test_whatever_is_written_is_only_words(said: str) -> None:
    """In the title, a heading, a paragraph, a list, a typed line, the head of a table and a cell: each as it stands."""
    page = paper(
        f"T {said}", heading(f"H {said}"), words(f"P {said}"), listed([f"L {said}"]), command(f"C {said}"),
        table((f"A {said}", "B"), [(f"D {said}", "")]),
    )  # fmt: skip
    made = set_of(page)
    there = words_in(made)
    for sign in "THPLCAD":
        assert f"{sign} {said}" in there, there
    assert f"T {said}" == reader_of(made).metadata.title  # type: ignore[union-attr]


def test_a_screen_reader_finds_its_way() -> None:
    """The language, the title, who wrote it and when; headings, a list, a table with heads; marked as tagged, as UA."""
    page = paper("A title", heading("One"), heading("Two", 3), listed(["a", "b"]), table(("X", "Y"), [("1", "2")]))
    made = set_of(page)
    root, about = root_of(made), reader_of(made).metadata
    assert about is not None
    assert ("en-GB", True) == (root["/Lang"], root["/MarkInfo"]["/Marked"])
    assert ("A title", "Exampleshire Partnership", AT) == (about.title, about.author, about.creation_date)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    tags = tags_in(made)
    assert (1, 1, 1, 2, 1, 2, 2) == tuple(tags[one] for one in ("H1", "H2", "H3", "LI", "Table", "TH", "TD"))
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_the_same_pages_at_the_same_moment_are_the_same_bytes() -> None:
    """And at another moment they say so."""
    page = paper("A title", words("Words."))
    assert set_of(page) == set_of(page)
    assert "made on 30 Nov 2026 at 10:30" in words_in(set_of(page))
    assert "made on 1 Jun 2026 at 11:30" in words_in(set_of(page, at=datetime(2026, 6, 1, 10, 30, tzinfo=UTC)))


def test_a_table_of_four_hundred_rows_has_its_head_on_each_page() -> None:
    """Every row is there, and no page is without the head, its number, the reference and what it is."""
    rows = [(f"row-{number}", "Words of some length that need a line of their own", "x") for number in range(400)]
    made = set_of(paper("Long", table(("First", "Second", "Third"), rows)), simulation=True)
    pages = [" ".join(page.extract_text().split()) for page in reader_of(made).pages]
    assert 3 < len(pages)
    for number, said in enumerate(pages, 1):
        for there in ("First", "Third", f"page {number} of {len(pages)}", "CSPR-2026-005", "THIS IS A SIMULATION"):
            assert there in said, (there, number)
    whole = " ".join(pages).split()
    assert [] == [row for row, _, _ in rows if row not in whole]
    assert 400 == tags_in(made)["TR"] - 1


def test_a_word_without_an_end_stays_on_the_page() -> None:
    """In a heading, a paragraph and narrow columns: it goes on in the next line, and nothing of it is lost."""
    heads, long = ("A", "B", "C", "D", "E", "F"), "x" * 700
    said = words_in(set_of(paper(long, words(long), table(heads, [[long] * 6]))))
    pieces = [one for one in said.split() if "xx" in one]
    of_cells = pieces[-6 * 700 // 24 :]
    assert 8 * 700 == sum(map(len, pieces))
    assert (True, True) == (max(map(len, pieces)) < 110, max(map(len, of_cells)) <= 24)


@pytest.mark.parametrize(
    "said", ["שלום עולם", "مرحبا بالعالم", "Zażółć gęślą jaźń, ŵ ŷ, Ґ, Ωμέγα", "Ünïcödé «quotes» →"]
)
def test_other_scripts_are_set_and_tagged(said: str) -> None:
    """Right to left, Polish, Welsh, Greek: with the fonts that are brought along."""
    made = set_of(paper("A title", words(said)))
    assert b"pdfuaid" in root_of(made)["/Metadata"].get_object().get_data()
    assert sorted(said.replace(" ", "")) == sorted(words_in(made).split("A title")[1].split("CSPR")[0].replace(" ", ""))


@pytest.mark.parametrize("said", ["A smile \U0001f600 here", "中文 text", "bell \x07 and \u202e turned", "\ufffe"])
def test_a_sign_that_no_font_has_costs_only_itself(said: str) -> None:
    """It is a PDF all the same, tagged, with the words around it; without the mark of PDF/UA it says so."""
    made = set_of(paper("A title", words(said, "The next one.")))
    assert root_of(made)["/MarkInfo"]["/Marked"]
    assert "The next one." in words_in(made) and 1 == tags_in(made)["H1"]
    marked = b"pdfuaid" in root_of(made)["/Metadata"].get_object().get_data()
    assert marked != ("stands as an empty box" in words_in(made))


def test_what_sets_it_fetches_and_reads_nothing() -> None:
    """The one file of Typst takes no package, no file and no code from words."""
    text = (resources.files("tasks.pdf") / "page.typ").read_text()
    assert [] == [word for word in ("import", "@", "include", "read(", "eval", "plugin", "http") if word in text]


def test_a_page_is_read_as_its_blocks() -> None:
    """What the browser alone reads is left out, and words outside of everything are a paragraph."""
    page = (
        "<html><head><title>t</title><style>b{}</style></head><body>Loose <b>words</b><h1>A  title</h1><p></p></body>"
    )
    blocks = blocks_of(page)
    assert ["paragraph", "heading"] == [one["kind"] for one in blocks]
    assert ("Loose words", "A title") == (blocks[0]["words"], title_of(blocks))


# --------------------------------------------------------------------------- the command


def test_page_decision_and_dates_are_written(terminal: Terminal, reference: str, tmp_path: Path) -> None:
    """Each says what it is, is for its owner's eyes, and holds no sealed word."""
    wanted = {
        ("review.pdf",): "What is owed, and what was met",
        ("decision.pdf", "--decision", "7"): "deputy of a delegated safeguarding partner",
        ("dates.pdf", "--dates"): "Working day 15 is",
    }
    for (name, *options), said in wanted.items():
        file = tmp_path / name
        code, _, err = terminal("pdf", reference, str(file), *options)
        assert (0, "", 0o600) == (code, err, stat.S_IMODE(file.stat().st_mode))
        there = words_in(file.read_bytes())
        assert said in there and "Nightjarovemi" not in there and "SIMULATION" not in there


def test_it_is_refused_in_words(terminal: Terminal, reference: str, tmp_path: Path) -> None:
    """A line that is no decision: which are; a file that is there; both kinds at once; no such review."""
    file = str(tmp_path / "a.pdf")
    code, _, err = terminal("pdf", reference, file, "--decision", "2")
    assert (1, f"Line 2 of {reference} is no decision. Decisions stand on: 3, 7.\n") == (code, err)
    code, _, err = terminal("pdf", reference, file, "--decision", "7", "--dates")
    assert (2, True) == (code, "exclude each other" in err)
    assert 1 == terminal("pdf", "CSPR-1999-001", file)[0] and not Path(file).exists()
    Path(file).write_text("mine")
    assert 1 == terminal("pdf", reference, file)[0] and "mine" == Path(file).read_text()

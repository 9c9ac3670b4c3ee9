"""Digest, briefing and leaflet as files: approved wordings in them and nothing else, and Word opens them."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from docx import Document
from driver.canary import CANARY
from driver.taught import child_review, share, take
from driver.terminal import Terminal

import config
from safeguarding.dates.london import now
from safeguarding.law.citation import Confidence
from safeguarding.law.contact import Contact
from safeguarding.review.states import Track
from safeguarding.sharing.briefing import briefing_of
from safeguarding.sharing.items import ItemKnown, ReviewTaught
from safeguarding.sharing.leaflet import leaflet_page
from safeguarding.shown.blocks import BREAK, blocks_of
from tasks.record.installation import Installation, open_installation
from tasks.record.reading import who_read
from tasks.store.readings import ReadingsWanted

LESSON, ADVICE, ABOUT = "Ask why a child was not brought.", "Name a lead in each school.", "A child was not seen."
PERIOD = ("--from", "2020-01-01", "--to", "2040-12-31")
PLAIN = 75
"""The reading ease (Flesch) under which no leaflet may fall: 60 to 70 is called plain English, more is easier."""
LONGEST_SENTENCE = 40
"""Words of the longest sentence of a leaflet."""


@pytest.fixture
def shared(terminal: Terminal) -> Iterator[tuple[Installation, str]]:
    """A published review with sealed words of every kind; three wordings approved, one not, one withdrawn."""
    with open_installation(now()) as made:
        reference, _ = child_review(made.records, now() - timedelta(days=200))
        share(made.records, reference, now(), L01=LESSON, R01=ADVICE, summary=ABOUT, A01="Withdrawn words.")
        share(made.records, reference, now(), approved=False, F01="Words that wait.")
        take(made.records, reference, "withdraw_wordings", now(), wordings=["W04"])
        yield made, reference


def inside(file: Path) -> str:
    """Everything that a Word file holds, unzipped, or an HTML file, as text."""
    if file.suffix == ".html":
        return file.read_text()
    with zipfile.ZipFile(file) as zipped:
        return " ".join(zipped.read(name).decode("utf-8", "replace") for name in zipped.namelist())


def nothing_else(folder: Path) -> None:
    """Both files hold what was approved, and no sealed word, no wording that waits or was withdrawn."""
    files = sorted(folder.iterdir())
    assert [".docx", ".html"] == [one.suffix for one in files]
    for file in files:
        said = inside(file)
        assert LESSON in said and ADVICE in said and ABOUT in said
        for secret in (CANARY, CANARY.upper(), "Withdrawn words", "Words that wait"):
            assert secret not in said, (file.name, secret)


def test_the_digest_is_written_and_says_what_it_lacks(terminal: Terminal, shared: tuple[Installation, str]) -> None:
    """Word and HTML with approved wordings alone; what waits is said at the terminal; that it was made is noted."""
    made, reference = shared
    folder = terminal.home / "digest"
    code, out, _ = terminal("digest", str(folder), *PERIOD, "--as", "alex_example")
    assert 0 == code, out
    assert f"no wording is approved yet: {reference} F01, {reference} A01." in out
    nothing_else(folder)
    styles = [one.style.name for one in Document(str(folder / "digest.docx")).paragraphs]
    assert {"Heading 1", "Heading 2", "Heading 3", "List Bullet"} <= {*styles}
    noted = [(one.reading.what, one.reading.person) for one in who_read(made.records, ReadingsWanted())[0]]
    assert [("approved wordings, as a digest,", "alex_example")] == noted


def test_the_briefing_is_written_and_says_what_it_lacks(terminal: Terminal, shared: tuple[Installation, str]) -> None:
    """Under its heads; what is not approved is named to whoever makes it."""
    made, reference = shared
    folder = terminal.home / "briefing"
    code, out, _ = terminal("briefing", reference, str(folder), "--as", "alex_example")
    assert 0 == code, out
    assert "Not approved yet, so not in it: F01, A01." in out and "What was found, What has changed" in out
    nothing_else(folder)
    assert "Why it matters" in inside(folder / "briefing.html")
    noted = [one.reading.reference for one in who_read(made.records, ReadingsWanted())[0]]
    assert [reference] == noted


@pytest.mark.parametrize("simulation", [True, False])
def test_what_is_of_a_simulation_says_so(terminal: Terminal, simulation: bool) -> None:
    """Above all else of a digest and a briefing as HTML, at the foot of the Word files; of a real one nowhere."""
    with open_installation(now(), simulation=simulation) as made:
        reference, _ = child_review(made.records, now() - timedelta(days=200))
        share(made.records, reference, now(), L01=LESSON)
        for words in (("digest", "digest", *PERIOD), ("briefing", reference, "briefing")):
            folder = terminal.home / words[0]
            placed = [str(folder) if word == words[0] else word for word in words[1:]]
            code, out, err = terminal(words[0], *placed, "--as", "alex_example")
            assert 0 == code, (out, err)
            page = inside(folder / f"{words[0]}.html")
            assert simulation == ("THIS IS A SIMULATION" in page.partition("<h1>")[0])
            assert simulation == ("from a simulation" in inside(folder / f"{words[0]}.docx"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("digest", "DIR", "--from", "2026-02-01", "--to", "2026-01-01", "--as", "alex_example"), "before it begins"),
        (("digest", "DIR", *PERIOD, "--theme", "nonsense", "--as", "alex_example"), "a theme is not known"),
        (("digest", "DIR", *PERIOD, "--as", "glenn_sample"), "of the business unit"),
        (("digest", "DIR", *PERIOD, "--as", "nobody_known"), "of the business unit"),
        (("briefing", "REVIEW", "DIR", "--as", "nobody_known"), "who may see the review"),
        (("briefing", "CSPR-2020-001", "DIR", "--as", "alex_example"), "No review has"),
        (("leaflet", "HERE", "--track", "adults"), "has files in it already"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    terminal: Terminal, shared: tuple[Installation, str], words: tuple[str, ...], said: str
) -> None:
    """A period that ends before it begins, a theme or a person that there is not, somebody whose it is not."""
    _, reference = shared
    places = {"DIR": str(terminal.home / "new"), "HERE": str(terminal.home), "REVIEW": reference}
    code, out, err = terminal(*(places.get(word, word) for word in words))
    assert 1 == code and said in (out + err), (out, err)
    assert not (terminal.home / "new").exists()


def test_nothing_approved_is_no_briefing(terminal: Terminal) -> None:
    """It is refused, and says how a wording comes to be approved."""
    with open_installation(now()) as made:
        reference, _ = child_review(made.records, now() - timedelta(days=200), last="commission_review")
        code, out, err = terminal("briefing", reference, str(terminal.home / "new"), "--as", "alex_example")
    assert 1 == code and "no wording of it is approved" in (out + err)
    assert not (terminal.home / "new").exists()


# --------------------------------------------------------------------------- the leaflet


@pytest.mark.parametrize("track", ["adults", "children"])
def test_the_leaflet_is_filled_and_large(terminal: Terminal, track: str) -> None:
    """The partnership's name and mailbox stand in it, no field is left unfilled, and its type is of 14 points."""
    folder = terminal.home / "leaflet"
    code, out, _ = terminal("leaflet", str(folder), "--track", track)
    assert 0 == code, out
    for file in folder.iterdir():
        said = inside(file)
        assert "Exampleshire Safeguarding Partnership" in said and "unit@exampleshire.example" in said
        assert not re.search(r"\[[A-Za-z ]+\]|\{\{|XX|TODO", re.sub("<style>.*?</style>", "", said, flags=re.S))
        for absent in ("Telephone", "Post:", "Website"):
            assert absent not in said
    assert 14 == Document(str(folder / "leaflet.docx")).styles["Normal"].font.size.pt
    assert "advocate" in inside(folder / "leaflet.html") or track == "children"


OWN_TEST = {
    Track.CHILDREN: (
        "a child has died or was seriously harmed, and abuse or neglect is known or suspected",
        "We look at what can be learnt",
    ),
    Track.ADULTS: (
        "We must hold one when the adult has died, and it is known or suspected that abuse or neglect was the cause",
        "when the adult is alive, and serious abuse or neglect is known or suspected",
        "cause for concern about how services worked together",
        "We may hold one in other cases",
    ),
}
"""When a review is held, as the law of each track has it (Children Act 2004 s.16B(9); Care Act 2014 s.44(1)-(4))."""


@pytest.mark.parametrize("track", [*Track])
def test_a_leaflet_has_the_test_of_its_own_track_and_promises_what_can_be_kept(track: Track) -> None:
    """What the other track asks is not in it; who may read what a family tells is said, and a court may ask for it."""
    said = leaflet_page(track, config.load(), date(2026, 12, 1))
    assert all(words in said for words in OWN_TEST[track])
    assert not any(words in said for other in Track if other is not track for words in OWN_TEST[other])
    assert ("We must hold one" in said) == (track is Track.ADULTS)
    unkept = ("Only people who work", "Nothing bad", "help that you get will stay", "before others", "voice message")
    for promised in (*unkept, "or where you like", "We will tell you how it goes on", "We will ask you what you think"):
        assert promised not in said
    assert ("before it is published" in said and "We must publish it, unless" in said) or track is Track.ADULTS
    assert "A court, a coroner or an inspector may ask for it." in said
    assert "You do not have to take part. You do not have to say why." in said


def test_how_far_the_law_is_checked_is_told_to_whoever_makes_the_leaflet(terminal: Terminal) -> None:
    """A family reads the names of the law and no tag; the command prints each with its tag."""
    folder = terminal.home / "leaflet"
    code, out, _ = terminal("leaflet", str(folder), "--track", "adults")
    behind = inside(folder / "leaflet.html").partition("The law behind")[2]
    tags = [one.words for one in Confidence]
    assert 0 == code and "Care Act 2014" in behind and not any(tag in behind for tag in tags)
    assert "Care Act 2014" in out and any(tag in " ".join(out.split()) for tag in tags)


def test_the_leaflet_has_whatever_contacts_there_are() -> None:
    """Telephone, post and website of the partnership's file; an address of its own goes before the unit's mailbox."""
    rulebook = config.load()
    ways = {"telephone": "01234 567890", "address": "1 Example Street", "website": "https://exampleshire.example"}
    contact = Contact(email="families@exampleshire.example", **ways)
    there = rulebook.partnership.model_copy(update={"contact": contact})
    page = leaflet_page(Track.ADULTS, rulebook.model_copy(update={"partnership": there}), date(2026, 12, 1))
    for way in (*ways.values(), "families@exampleshire.example"):
        assert way in page
    assert "unit@exampleshire.example" not in page


@pytest.mark.parametrize("track", [*Track])
def test_the_leaflet_is_plain_english(track: Track) -> None:
    """Its reading ease is above the bound, and no sentence is long. Contacts and citations are no sentences of ours."""
    said: list[str] = []
    for block in blocks_of(leaflet_page(track, config.load(), date(2026, 12, 1))):
        if block["kind"] == "heading" and block["words"].startswith("Whom can you ask"):
            break
        said += block.get("items") or [block["words"]]
    sentences = [one for part in said for one in re.split(r"(?<=[.?:]) ", part.replace(BREAK, "")) if one]
    words = [word for one in sentences for word in re.findall(r"[A-Za-z']+", one)]
    ease = 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * sum(map(syllables, words)) / len(words)
    assert ease > PLAIN
    assert max(len(one.split()) for one in sentences) <= LONGEST_SENTENCE
    assert syllables("review") == 2 and syllables("service") == 2 and syllables("advocate") == 3


def syllables(word: str) -> int:
    """The syllables of an English word, counted by its groups of vowels: a silent e at its end is none."""
    word = word.lower()
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and len(re.findall("[aeiouy]+", word)) > 1
    return max(1, len(re.findall("[aeiouy]+", word)) - silent)


@pytest.mark.parametrize(
    ("track", "day", "numbers"),
    [
        (Track.CHILDREN, date(2026, 12, 1), ["6 months", "1 year"]),
        (Track.ADULTS, date(2026, 12, 1), ["6 months"]),
        (Track.ADULTS, date(2014, 12, 1), []),
    ],
)
def test_every_number_in_it_is_that_of_a_rule(track: Track, day: date, numbers: list[str]) -> None:
    """The six months, and of a child's review the year: as the rules have them on the day; before them, none."""
    body = leaflet_page(track, config.load(), day).partition("<main>")[2].partition("The law behind")[0]
    assert numbers == re.findall(r"\d+ \w+", body)


@pytest.mark.office
def test_libreoffice_opens_each_of_them(terminal: Terminal, shared: tuple[Installation, str], tmp_path: Path) -> None:
    """It reads every file and finds its words."""
    _, reference = shared
    terminal("digest", str(tmp_path / "a"), *PERIOD, "--as", "alex_example")
    terminal("briefing", reference, str(tmp_path / "b"), "--as", "alex_example")
    terminal("leaflet", str(tmp_path / "c"), "--track", "children")
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "txt:Text"]
    files = [str(next((tmp_path / name).glob("*.docx"))) for name in "abc"]
    subprocess.run([*command, "--outdir", str(tmp_path), *files], check=True, timeout=120, capture_output=True)
    for name, words in (("digest", LESSON), ("briefing", ADVICE), ("leaflet", "You may say no")):
        assert words in (tmp_path / f"{name}.txt").read_text()


def test_a_briefing_tells_the_themes_of_what_is_shared_alone() -> None:
    """Of an item that nobody approved no theme is told, and «other» is none; with no theme the head is left out."""
    on, waits = date(2026, 12, 1), ("not_brought",)
    items = [
        ItemKnown("L", "L01", "lesson", on, ("information_sharing", "other"), words=LESSON),
        ItemKnown("F", "F01", "finding", on, waits),
    ]
    told = ReviewTaught("CSPR-2026-001", Track.CHILDREN, items, "", None)
    page = briefing_of(told, config.load().partnership).page
    assert "This one is about: Information sharing.</p>" in page
    told = ReviewTaught("CSPR-2026-001", Track.CHILDREN, [items[0]._replace(themes=("other",)), items[1]], "", None)
    assert "Why it matters" in briefing_of(told, config.load().partnership).left_out

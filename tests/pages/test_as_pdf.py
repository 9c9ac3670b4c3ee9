"""A review as a PDF at the pages: its page, a decision, its dates; for whoever may read it, sealed words sealed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from driver.printed import words_in
from driver.visitor import Clock, Visitor

from flows.demo.answers import answer
from pages.guard import Guard
from safeguarding.dates.london import london_date
from safeguarding.review.proof import signed_in
from tasks.record.installation import Installation
from tasks.record.reading import who_read
from tasks.store.readings import ReadingsWanted

DISSENT = "CSPR-2026-005"
HERE = f"/reviews/{DISSENT}"


def test_each_is_had_from_a_link_of_the_page(alex: Visitor, installation: Installation) -> None:
    """Every link to a PDF on the review's page leads to one that says what it is; and none of it is a reading."""
    links = sorted(set(re.findall(r'href="([^"]+\.pdf)"', alex.get(HERE).text)))
    said = {}
    for link in links:
        page = alex.get(link)
        head = page.headers
        kept = head["content-type"], head["cache-control"]
        assert (200, ("application/pdf", "no-store")) == (page.status_code, kept), link
        assert re.fullmatch(r'attachment; filename="CSPR-2026-005-[\w-]+-2026-11-30\.pdf"', head["content-disposition"])
        said[link] = words_in(page.content)
    assert {f"{HERE}/review.pdf", f"{HERE}/dates.pdf"} < set(links)
    assert "What is owed, and what was met" in said[f"{HERE}/review.pdf"]
    assert "Working day 15 is" in said[f"{HERE}/dates.pdf"]
    decisions = [words for link, words in said.items() if "/decisions/" in link]
    assert any("Dissents" in words and "How each partner stood" in words for words in decisions)
    assert all(f"{DISSENT} · made on 30 Nov 2026 at 10:30" in words for words in said.values())
    assert all("THIS IS A SIMULATION" in words for words in said.values())
    assert 0 == who_read(installation.records, ReadingsWanted(DISSENT))[1]


def test_sealed_words_stay_sealed(alex: Visitor, installation: Installation) -> None:
    """No sealed word of any line is in any of them."""
    words = [word for event in installation.records.events(DISSENT, unseal=True) for word in event.sealed.values()]
    links = sorted(set(re.findall(r'href="([^"]+\.pdf)"', alex.get(HERE).text)))
    said = "".join(words_in(alex.get(link).content) for link in links)
    assert words and [] == [word for word in words if len(word) > 20 and " ".join(word.split()) in said]


@pytest.mark.parametrize("what", ["review.pdf", "dates.pdf", "decisions/7.pdf"])
def test_they_are_for_whoever_may_read_the_page(
    visitor: Visitor, newest: Callable[[], str], installation: Installation, what: str
) -> None:
    """A stranger is led to sign in; an agency's lead has those of the review that they were asked in, and no others."""
    assert "/sign-in" == visitor.get(f"{HERE}/{what}").url.path
    visitor.sign_in("casey@police.example", newest)
    theirs, others = set(), set()
    for row in installation.records.list():
        may = 200 == visitor.get(f"/reviews/{row.reference}").status_code
        got = visitor.get(f"/reviews/{row.reference}/{what.replace('decisions/7', 'decisions/0')}")
        if "decisions" in what:
            assert 404 == got.status_code
        else:
            assert may == (200 == got.status_code), row.reference
        (theirs if may else others).add(row.reference)
    assert theirs and others


@pytest.mark.parametrize("line", ["1", "0", "999999", "9" * 30, "x", "-7", "٧"])
def test_a_line_that_is_no_decision_is_not_there(alex: Visitor, line: str) -> None:
    """Words, and nothing else."""
    assert 404 == alex.get(f"{HERE}/decisions/{line}.pdf").status_code


def test_how_somebody_signed_is_not_in_it_before_it_is_decided(
    installation: Installation, served: Guard, newest: Callable[[], str], clock: Clock
) -> None:
    """Whoever is not asked sees on paper what the page shows: that a position was signed, and not which."""
    at = "/reviews/CSPR-2026-006"
    raw = answer("propose_review_decision", installation.records.read("CSPR-2026-006"), london_date(clock.at))
    for step, given, person in (
        ("propose_review_decision", raw, "alex_example"),
        ("sign_position", {"position": "dissent", "reasons": "As the minutes say."}, "glenn_sample"),
    ):
        installation.records.attempt("CSPR-2026-006", step, given, signed_in(person, "code"), clock.at)
    said = {}
    for address in ("sam@council.example", "alex@exampleshire.example"):
        visitor = Visitor(served).sign_in(address, newest)
        said[address] = "issent" in words_in(visitor.get(f"{at}/review.pdf").content)
    assert {"sam@council.example": False, "alex@exampleshire.example": True} == said

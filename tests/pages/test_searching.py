"""Searching at the pages: who finds what, by which choices; sealed words by a tick, noted first, and in no address."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from driver.filling import Filler
from driver.visitor import Visitor, words_of

from flows.demo.answers import answer
from pages import reviews
from safeguarding.dates.london import london_date
from safeguarding.review.proof import signed_in
from tasks.record import searching
from tasks.record.installation import Installation
from tasks.record.reading import who_read
from tasks.record.searching import WHAT
from tasks.store.readings import ReadingsWanted

CLOSED, DISSENT, TO_DECIDE = "CSPR-2026-003", "CSPR-2026-005", "CSPR-2026-006"
SEALED = "in hand"
"""Words of the reasons of a dissent."""
Somebody = Callable[[str], Filler]


def looks(visitor: Visitor, q: str = "", **fields: str) -> list[str]:
    """Somebody fills the form and presses Search: the references that are found, in their order."""
    visitor.get("/reviews")
    visitor.post("/reviews", q=q, **fields)
    return re.findall(
        r'class="reviews__name"><a class="govuk-link" href="/reviews/([A-Z]+-\d+-\d+)"', visitor.page.text
    )


def noted(installation: Installation) -> list[tuple[str, str, str, str]]:
    """What is on record: who, by which proof, of which review, what; the newest first."""
    found = [one.reading for one in who_read(installation.records, ReadingsWanted())[0]]
    return [(one.person, one.proof, one.reference, one.what) for one in found]


def test_choices_narrow_it_and_each_says_why(alex: Visitor) -> None:
    """Words with an agency and a stage: the newest first, each with its reasons and links to the lines."""
    there = looks(alex, "police asked", agency="police", stage="stage:decision", since="2026-10-01")
    assert [TO_DECIDE, "SAR-2026-003", CLOSED] == there
    assert "3 found for «police asked»; agency: Exampleshire Police; stage: Decision; under way from" in alex.words
    assert f'href="/reviews/{TO_DECIDE}#line-5">line 5' in alex.page.text
    assert "Stage: Decision, the last before it closed" in alex.words
    assert 'id="line-5"' in alex.get(f"/reviews/{TO_DECIDE}").text


def test_the_address_has_nothing_of_it_in_words(alex: Visitor) -> None:
    """Nor of what was chosen; the way back finds the same again, with the form as it was filled."""
    there = looks(alex, "", agency="police", open="closed")
    found = str(alex.page.url)
    assert there and not [one for one in ("police", "closed", "agency") if one in found]
    alex.get(f"/reviews/{CLOSED}")
    assert CLOSED in (alex.get(found) and alex.words)
    assert re.search(r'<option value="police" selected>', alex.page.text)
    assert "More ways to look (2 chosen)" in alex.words
    assert 'search__more">' in alex.page.text, "folded in, above what was found"


def test_the_longest_search_fits_an_address(alex: Visitor) -> None:
    """A hundred signs beyond the plain ones, with a choice of everything: the way back knows all of it."""
    words = "\U0001f642" * 99 + "x"
    choices = {"agency": "police", "person": "glenn_sample", "track": "children", "stage": "stage:action_follow_up"}
    looks(alex, words, **choices, open="open", since="2026-01-01", until="2026-12-31", when="published")
    assert "0 found for" in alex.words and f'value="{words}"' in alex.page.text


def test_nothing_asked_lists_every_review(alex: Visitor) -> None:
    """As before: open ones first, then those that are closed."""
    looks(alex, "  ", when="under way")
    assert ("/reviews", b"") == (alex.path, alex.page.url.query)
    assert "All reviews" in alex.words and "Closed" in alex.words


@pytest.mark.parametrize("person", ["casey_lead", "lane_lead", "pat_specimen", "sam_sample", "jules_lead"])
def test_nobody_finds_or_counts_what_they_may_not_see(
    somebody: Somebody, installation: Installation, person: str
) -> None:
    """By no word, choice or day; what there is to choose from speaks of their reviews alone."""
    visitor = somebody(person).visitor
    mine = set(re.findall(r"/reviews/([A-Z]+-\d+-\d+)", visitor.get("/reviews").text))
    hidden = {one.reference for one in installation.records.list()} - mine
    assert mine and hidden
    for fields in (
        {"q": "the"},
        {"q": "on"},
        {"q": "2026"},
        {"open": "open"},
        {"since": "2026-01-01"},
        {"q": "police"},
    ):
        there = looks(visitor, **fields)
        assert {*there} <= mine, fields
        count = re.search(r"(\d+) found", visitor.words)
        assert count and int(count[1]) == len(there), fields
    for one in hidden:
        assert [] == looks(visitor, one)
        assert "Nothing that you may see fits." in visitor.words


def test_what_an_agency_may_choose_from_is_of_its_own_reviews(somebody: Somebody) -> None:
    """Housing has to do with adults alone: no agency, stage or answer of a child's review is offered."""
    visitor = somebody("lane_lead").visitor
    visitor.get("/reviews")
    assert 'value="adults"' in visitor.page.text and 'value="children"' not in visitor.page.text
    assert "looked-after" not in visitor.page.text
    looks(visitor, agency="childrens_social_care")
    assert (422, True) == (visitor.page.status_code, "There is no such agency in what you may see." in visitor.words)


def test_how_partners_have_signed_is_found_by_nobody_else(
    somebody: Somebody, installation: Installation, clock: Callable[[], object]
) -> None:
    """Until the decision stands: not by its word, nor by the reasons that are sealed."""
    records, moment = installation.records, clock()
    raw = answer("propose_review_decision", records.read(TO_DECIDE), london_date(moment))  # type: ignore[arg-type]
    records.attempt(TO_DECIDE, "propose_review_decision", raw, signed_in("alex_example", "code"), moment)  # type: ignore[arg-type]
    against = {"position": "dissent", "reasons": "Ours were overheard."}
    records.attempt(TO_DECIDE, "sign_position", against, signed_in("harper_sample", "code"), moment)  # type: ignore[arg-type]
    unit, director = somebody("alex_example").visitor, somebody("sam_sample").visitor
    assert [TO_DECIDE] == looks(unit, "dissents", stage="stage:decision")
    assert [] == looks(director, "dissents", stage="stage:decision")
    assert [TO_DECIDE] == looks(unit, f"{TO_DECIDE} overheard", sealed="yes")
    assert [] == looks(director, f"{TO_DECIDE} overheard", sealed="yes")
    assert "were looked through" in director.words


# --------------------------------------------------------------------------- sealed words


def test_sealed_words_are_looked_through_by_a_tick(
    alex: Visitor, installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    """Found where they stand, with no word of them; noted; the address is that of the form, and leads to nothing."""
    assert [] == looks(alex, SEALED)
    assert [] == noted(installation)
    assert [DISSENT] == looks(alex, SEALED, sealed="yes", stage="stage:commissioning")
    assert ("/reviews", b"") == (alex.path, alex.page.url.query)
    assert re.search(r"Sealed words: [^.]*Reasons line 13 of CSPR-2026-005", alex.words)
    assert "already in hand" not in alex.words
    assert "sealed texts of 1 review were looked through. That you read them is noted under Who read what" in alex.words
    assert [("alex_example", "code", DISSENT, WHAT)] == noted(installation)
    assert SEALED not in caplog.text
    assert not re.search(r'name="sealed"[^>]*checked', alex.page.text), "a tick is good for one look"
    assert f"Alex Example read {WHAT} of {DISSENT}" in words_of(alex.get("/readings").text)


def test_the_tick_is_offered_to_those_alone_who_may_read_all(somebody: Somebody, installation: Installation) -> None:
    """A partner and an appointed reviewer; not an agency, which is refused where it ticks one all the same."""
    for person, theirs in (("glenn_sample", True), ("pat_specimen", True), ("casey_lead", False)):
        assert theirs is ('name="sealed"' in somebody(person).visitor.get("/reviews").text), person
    police = somebody("casey_lead").visitor
    assert [] == looks(police, "the", sealed="yes")
    assert (422, True) == (police.page.status_code, reviews.NOT_THEIRS in police.words)
    assert [] == noted(installation)


def test_an_appointed_reviewer_looks_in_their_own_alone(somebody: Somebody, installation: Installation) -> None:
    """The reviews to which they were appointed, and nothing is said of others."""
    pat = somebody("pat_specimen").visitor
    looks(pat, "the", sealed="yes")
    appointed = {
        one.reference for one in installation.records.list() if installation.records.read(one.reference).reviewer
    }
    assert {one[2] for one in noted(installation)} == appointed
    assert {("pat_specimen", "demo")} == {one[:2] for one in noted(installation)}


def test_without_words_nothing_is_opened(alex: Visitor, installation: Installation) -> None:
    """Everything wrong is named at once, each leading to its box; the form stands as it was filled."""
    looks(alex, "%", sealed="yes", since="2026-02-30", until="yesterday", agency="none", person="<b>")
    assert 422 == alex.page.status_code
    for name, words in {
        "q": reviews.NO_WORDS,
        "since": "First day: enter it as year, month and day",
        "until": "Last day: enter it as",
        "agency": "There is no such agency",
        "person": "There is no such person",
    }.items():
        if name != "q":
            assert re.search(rf'<li><a href="#{name}">{words}', unescape(alex.page.text)), name
    assert 'search__more" open>' in alex.page.text and re.search(r'name="sealed"[^>]*checked', alex.page.text)
    assert 'value="2026-02-30"' in alex.page.text and "<b>" not in alex.page.text
    looks(alex, "%", sealed="yes")
    assert reviews.NO_WORDS in alex.words
    assert [] == noted(installation)


def test_too_many_at_once(alex: Visitor, installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said how to narrow it, and nothing was noted."""
    monkeypatch.setattr(searching, "MOST_REVIEWS", 3)
    looks(alex, "the", sealed="yes")
    assert "No sealed word was looked through: 12 reviews are too many at once." in alex.words
    assert [] == noted(installation)


def test_a_press_from_another_page_opens_nothing(alex: Visitor, installation: Installation) -> None:
    """Nor one without what our own forms send along."""
    alex.get("/reviews")
    alex.post("/reviews", q="the", sealed="yes", token="none")
    assert 403 == alex.page.status_code
    alex.get("/reviews")
    alex.post("/reviews", q="the", sealed="yes", headers={"origin": "https://elsewhere.example"})
    assert 403 == alex.page.status_code
    assert [] == noted(installation)


# --------------------------------------------------------------------------- many


def test_what_is_found_is_paged(alex: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """By addresses that do not say it; numbers that are none lead to the first page, those beyond to the last."""
    monkeypatch.setattr(reviews, "AT_A_TIME", 5)
    first = looks(alex, "on")
    assert (5, True) == (len(first), "12 found for «on», page 1 of 3." in alex.words)
    (after,) = re.findall(r'rel="next" href="([^"]+)"', alex.page.text)
    alex.get(unescape(after))
    assert "page 2 of 3" in alex.words and 'start="6"' in alex.page.text
    found = unescape(after).rpartition("&")[0]
    for page, shown in (("99999999", 1), ("x", 1), ("0", 1), ("٣", 1), ("999", 3)):
        assert f"page {shown} of 3" in (alex.get(f"{found}&page={page}") and alex.words), page


def test_the_choices_are_folded_in_above_what_was_found(alex: Visitor) -> None:
    """Words alone: which day is meant is sent with them, and is no choice; a day is. Nothing found: they are open."""
    looks(alex, "police", when="under way")
    assert 'search__more">' in alex.page.text and "chosen)" not in alex.words
    looks(alex, "police", when="under way", since="2026-10-01")
    assert 'search__more">' in alex.page.text and "More ways to look (1 chosen)" in alex.words
    looks(alex, "police", when="published", until="2020-01-01")
    assert 'search__more" open>' in alex.page.text and "More ways to look (2 chosen)" in alex.words

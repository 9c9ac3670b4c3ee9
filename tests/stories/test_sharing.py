"""A digest and a briefing hold what was approved to be shared, of whom it may be told, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from driver.canary import CANARY
from driver.taught import child_review, share, take

from safeguarding.review.events import Actor
from safeguarding.review.states import Track
from safeguarding.sharing.briefing import NothingToShare
from safeguarding.sharing.digest import DigestAsked, digest_page
from tasks.record.erasing import erase_text
from tasks.sharing.making import make_briefing, make_digest

START = datetime(2026, 2, 2, 10, 0, tzinfo=UTC)
YEAR = DigestAsked(date(2026, 1, 1), date(2026, 12, 31))
LESSON, ADVICE, DONE = "Ask why a child was not brought.", "Name a lead in each school.", "Each school has a lead."


def digest(records, asked=YEAR, today=date(2026, 12, 1)):
    """The digest as it is made, and its page."""
    made = make_digest(records, records.rulebook, asked, tuple(Track), today)
    return made, digest_page(made, records.rulebook.partnership)


@pytest.fixture
def review(records):
    """A review that was published in July, with its learning, none of it approved to be shared; and when that was."""
    return child_review(records, START)


def test_a_digest_holds_approved_wordings_and_names_the_rest_to_its_maker(records, review) -> None:
    """Two are approved, one is written, one is not: two stand in the digest by theme; the others are told beside."""
    reference, now = review
    share(records, reference, now, L01=LESSON, A01=DONE)
    share(records, reference, now, approved=False, R01=ADVICE)
    made, page = digest(records)
    assert ["F01", "R01"] == [one.number for one in made.waiting]
    assert LESSON in page and DONE in page and ADVICE not in page and CANARY not in page
    assert "Was not brought" in page and f"from {reference}" in page and "F01" not in page
    assert "also about: Information sharing" in page and "agreed" in page, "the action has the recommendation's themes"
    assert "Where to read more" in page and "published on" in page


def test_of_a_review_that_is_not_published_only_its_learning_is_told(records) -> None:
    """Its reference and pseudonym stand nowhere; once it is published it is named."""
    reference, now = child_review(records, START, last="sign_report")
    share(records, reference, now, L01=LESSON, summary="What it was about.")
    made, page = digest(records)
    pseudonym = records.read(reference).pseudonym
    assert LESSON in page and "from a review about a child" in page
    assert reference not in page and pseudonym not in page and "Where to read more" not in page
    briefing = make_briefing(records, records.rulebook, reference, date(2026, 12, 1)).page
    assert LESSON in briefing and reference not in briefing and pseudonym not in briefing
    assert 1 == made.count


def test_what_is_withdrawn_is_told_no_more(records, review) -> None:
    """The digest that is made afterwards does not have it, nor does the briefing."""
    reference, now = review
    share(records, reference, now, L01=LESSON, F01="Nobody asked.")
    assert LESSON in digest(records)[1]
    take(records, reference, "withdraw_wordings", now, wordings=["W01"])
    assert LESSON not in digest(records)[1]
    assert LESSON not in make_briefing(records, records.rulebook, reference, date(2026, 12, 1)).page
    take(records, reference, "withdraw_wordings", now, wordings=["W02"])
    with pytest.raises(NothingToShare, match="no wording of it is approved"):
        make_briefing(records, records.rulebook, reference, date(2026, 12, 1))


def test_what_is_approved_too_late_for_one_digest_is_in_the_next(records, review) -> None:
    """A lesson of February is approved in October: the digest of the spring lacks it, that of the autumn has it."""
    reference, _ = review
    spring = DigestAsked(date(2026, 1, 1), date(2026, 6, 30))
    autumn = DigestAsked(date(2026, 9, 1), date(2026, 12, 31))
    assert "L01" in [one.number for one in digest(records, spring)[0].waiting]
    assert [] == digest(records, autumn)[0].waiting and "Nothing that may be shared" in digest(records, autumn)[1]
    share(records, reference, datetime(2026, 10, 5, 10, tzinfo=UTC), L01=LESSON)
    assert LESSON in digest(records, autumn)[1]


@pytest.mark.parametrize(
    ("changed", "there"),
    [
        ({"themes": ("was_not_brought",)}, True),
        ({"themes": ("information_sharing",)}, True),
        ({"themes": ("neglect",)}, False),
        ({"track": Track.CHILDREN}, True),
        ({"track": Track.ADULTS}, False),
        ({"last": date(2026, 1, 31)}, False),
    ],
)
def test_it_is_narrowed_by_theme_track_and_period(records, review, changed, there) -> None:
    """An item stands under the first of its themes that was asked for; what does not fit is not there."""
    reference, now = review
    share(records, reference, now, L01=LESSON)
    made, page = digest(records, YEAR._replace(**changed))
    assert there == (LESSON in page)
    if changed.get("themes") and there:
        assert [*changed["themes"]] == [*made.by_theme]


HELD = {
    "in progress": ("What is being done", "What is being done"),
    "reopened": ("What is being done", "What is being done"),
    "verified": ("What was done", "6. What has changed"),
    "withdrawn": (None, None),
    "superseded": (None, None),
}
"""How an action stands, and under which head of a digest and of a briefing it is told then; None for nowhere."""


@pytest.mark.parametrize("status", HELD)
def test_only_what_was_done_is_told_as_done(records, review, status) -> None:
    """An action that is open is told as one; one that was given up is told nowhere, and is not waited for."""
    reference, now = review
    share(records, reference, now, L01=LESSON, A01=DONE)
    if status == "reopened":
        take(records, reference, "update_action", now, action="A01", status="verified")
    take(records, reference, "update_action", now, action="A01", status=status)
    made, page = digest(records)
    briefing = make_briefing(records, records.rulebook, reference, date(2026, 12, 1))
    for said, head in zip((page, briefing.page), HELD[status], strict=True):
        assert head == head_over(said, DONE), status
    assert "6. What has changed" not in briefing.page or status == "verified"
    assert "A01" not in [*[one.number for one in made.waiting], *briefing.not_approved]


def head_over(page: str, words: str) -> str | None:
    """The head under which words stand on a page; None where they do not."""
    before, there, _ = page.partition(words)
    return re.findall(r"<h[23]>(.*?)</h[23]>", before)[-1] if there else None


def test_a_briefing_has_seven_heads_and_says_what_it_lacks(records, review) -> None:
    """With everything approved there are seven; with a lesson alone four fall away and are named, with what waits."""
    reference, now = review
    share(records, reference, now, L01=LESSON)
    today = date(2026, 12, 1)
    first = make_briefing(records, records.rulebook, reference, today)
    assert ["the summary", "F01", "R01", "A01"] == first.not_approved
    assert ["Background", "What was found", "What was recommended", "What has changed"] == first.left_out
    share(records, reference, now, F01="Nobody asked.", R01=ADVICE, A01=DONE, summary="One part.\n\nAnother part.")
    take(records, reference, "update_action", now, action="A01", status="verified")
    whole = make_briefing(records, records.rulebook, reference, today)
    assert 7 == whole.page.count("<h2>") and [] == [*whole.not_approved, *whole.left_out]
    assert "<p>One part.</p><p>Another part.</p>" in whole.page and CANARY not in whole.page
    assert not whole.too_long
    share(records, reference, now, L01="word " * 790)
    assert make_briefing(records, records.rulebook, reference, today).too_long


def test_an_erased_review_shares_nothing(records) -> None:
    """Its key is gone: the digest neither has its words nor waits for any."""
    reference, now = child_review(records, START, last="close_review")
    share(records, reference, now, L01=LESSON)
    assert 1 == digest(records)[0].count
    erase_text(records, reference, Actor(person="alex_example"), "morgan_specimen", now, "order of a court")
    made, page = digest(records)
    assert (0, []) == (made.count, made.waiting) and LESSON not in page
    with pytest.raises(NothingToShare, match=f"The words of {reference} were erased"):
        make_briefing(records, records.rulebook, reference, date(2026, 12, 1))

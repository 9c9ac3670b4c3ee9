"""What is shared of reviews on either database: only the wordings that are shared are opened, and no word is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from driver.taught import child_review, share, take

from safeguarding.review.events import Actor
from safeguarding.review.states import Track
from safeguarding.sharing.digest import DigestAsked, LearningDigest, digest_page
from tasks.record.erasing import erase_text
from tasks.record.records import Records
from tasks.sharing.making import KeptTaught, make_digest
from tasks.store.sealing import SealBroken

START = datetime(2026, 2, 2, 10, 0, tzinfo=UTC)
YEAR = DigestAsked(date(2026, 1, 1), date(2026, 12, 31))
TODAY = date(2026, 12, 1)
LESSON, OTHER, ABOUT = "Ask why a child was not brought.", "Ask the school too.", "What it was about."
BROKEN = json.dumps({"wording": "A" * 64})
"""A sealed wording that opens with no key."""


def digest(records: Records, kept: KeptTaught | None = None, asked: DigestAsked = YEAR) -> LearningDigest:
    """The digest as it is made."""
    return make_digest(records, records.rulebook, asked, tuple(Track), TODAY, kept)


def test_what_is_kept_of_reviews_makes_the_same_digest_as_reading_them(records: Records) -> None:
    """Written, approved, replaced, withdrawn, erased, opened beside: after each the same digest as without it."""
    kept, (reference, now) = KeptTaught(), child_review(records, START, last="close_review")

    def same(count: int, *said: str) -> None:
        made = digest(records, kept)
        assert made == digest(records) and made.count == count
        page = digest_page(made, records.rulebook.partnership)
        assert all((words in page) is (words in said) for words in (LESSON, OTHER, ABOUT))

    same(0)
    share(records, reference, now, approved=False, L01=LESSON)
    same(0)
    take(records, reference, "approve_wordings", now, wordings=["W01"], approved_on=now.date())
    same(1, LESSON)
    share(records, reference, now, summary=ABOUT)
    same(1, LESSON, ABOUT)
    share(records, reference, now, L01=OTHER)
    same(1, OTHER, ABOUT)
    second, later = child_review(records, START, last="sign_report")
    share(records, second, later, L01=LESSON)
    same(2, OTHER, ABOUT, LESSON)
    take(records, second, "withdraw_wordings", later, wordings=["W01"])
    same(1, OTHER, ABOUT)
    erase_text(records, reference, Actor(person="alex_example"), "morgan_specimen", now, "order of a court")
    same(0)


def test_only_what_is_shared_is_opened(records: Records, meddle: Callable[..., None]) -> None:
    """
    The wordings of one review open no more. A digest to which they do not belong, by its days, theme or track, is made
    all the same; one to which they belong says which review it is.
    """
    first, now = child_review(records, START)
    share(records, first, now, L01=LESSON, summary=ABOUT)
    second, later = child_review(records, START + timedelta(days=200), last="sign_report")
    share(records, second, later, L01=OTHER, summary=ABOUT)
    meddle(f"UPDATE ledger SET sealed = '{BROKEN}' WHERE reference = '{second}' AND kind = 'wording_written'")
    early = YEAR._replace(last=(START + timedelta(days=190)).date())
    assert 1 == digest(records, asked=early).count
    for asked in (YEAR._replace(themes=("neglect",)), YEAR._replace(track=Track.ADULTS)):
        assert 0 == digest(records, asked=asked).count
    with pytest.raises(SealBroken, match=second):
        digest(records)


def test_no_word_is_kept(records: Records) -> None:
    """What is kept between two looks holds neither an approved wording nor anything else that is sealed."""
    kept, (reference, now) = KeptTaught(), child_review(records, START)
    share(records, reference, now, L01=LESSON, summary=ABOUT)
    assert 1 == digest(records, kept).count
    held = repr(vars(kept))
    assert reference in held and "L01" in held
    assert not [words for words in (LESSON, ABOUT) if words in held]

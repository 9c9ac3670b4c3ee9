"""Drafts of forms: sealed to their writer, review and step; gone with the review's key; kept over a new master key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from benchmarks.transitions import FIRST, referral
from sqlalchemy import text

from safeguarding.review.events import Actor
from tasks.record import drafts
from tasks.record.erasing import erase_text
from tasks.record.records import Records
from tasks.record.sweep import sweep
from tasks.store import drafts as kept
from tasks.store.sealing import Keyring
from tasks.store.session import reading, writing

Walk = Callable[..., str]
WORDS = '{"boxes": {"summary": ["Violet was hurt."]}}'


@pytest.fixture
def mine(walked: Walk) -> tuple[str, str, str]:
    """Whose a draft is: a manager's, on a review that was just referred."""
    return ("alex_example", walked(1), "record_meeting")


def test_a_draft_is_its_writer_s_alone(records: Records, mine: tuple[str, str, str]) -> None:
    """Written over by the next, read by nobody else, put in nobody else's place, over after thirty days."""
    assert drafts.keep(records, mine, "first", FIRST)
    assert drafts.keep(records, mine, WORDS, FIRST)
    found = drafts.read(records, mine, FIRST)
    assert found is not None
    assert WORDS == found.words
    assert drafts.read(records, ("glenn_sample", *mine[1:]), FIRST) is None
    assert [(mine[1], mine[2])] == [row[:2] for row in drafts.of_person(records, "alex_example", FIRST)]
    assert [] == list(drafts.of_person(records, "glenn_sample", FIRST))
    with writing(records.engine) as connection:
        assert "Violet" not in str(connection.execute(text("SELECT * FROM drafts")).all())
        connection.execute(text("UPDATE drafts SET person = 'glenn_sample'"))
    assert drafts.read(records, ("glenn_sample", *mine[1:]), FIRST) is None, "it is sealed to its place"
    with writing(records.engine) as connection:
        connection.execute(text("UPDATE drafts SET person = 'alex_example'"))
    assert drafts.read(records, mine, FIRST + timedelta(days=29)) is not None
    assert drafts.read(records, mine, FIRST + timedelta(days=30)) is None
    sweep(records.engine, records.rulebook, FIRST + timedelta(days=30))
    assert [] == _rows(records)
    assert [] == list(records.verify())


def test_a_draft_goes_with_the_text_of_its_review(records: Records) -> None:
    """Once the text is erased nothing is left of it, and nothing more can be kept; without a review it is kept."""
    manager, partner = Actor(person="alex_example"), Actor(person="glenn_sample")
    day = FIRST.date().isoformat()
    opened = records.open(referral([day], "education") | {"concern": "learning request"}, manager, FIRST)
    mine = ("alex_example", opened.review.reference, "record_meeting")
    assert drafts.keep(records, mine, WORDS, FIRST)
    closing = {"decided_on": day, "reason": "None.", "learning_route": "none", "acknowledged_on": day}
    owed = [{"what": "everything_else", "becomes": "dropped", "reason": "It ends."}]
    records.attempt(mine[1], "close_not_serious", closing | {"still_owed": owed}, partner, FIRST)
    later = FIRST + timedelta(days=400)
    erase_text(records, mine[1], manager, "morgan_specimen", later, "order of a court")
    assert [] == _rows(records)
    assert not drafts.keep(records, mine, WORDS, later)
    assert drafts.keep(records, ("alex_example", kept.NEW, "open_referral"), WORDS, later)


def test_a_draft_without_a_review_is_kept_over_a_new_master_key(records: Records) -> None:
    """Its own key is wrapped again: the new master key opens it, and the old one no more."""
    whose, new = ("alex_example", kept.NEW, "open_referral"), Keyring(bytes(32))
    assert drafts.keep(records, whose, WORDS, FIRST)

    def turned(_: object, old: Keyring) -> Keyring:
        with writing(records.engine) as connection:
            kept.wrap_again(connection, old, new)
        return old

    old = records.with_keys(turned)
    with reading(records.engine) as connection:
        found = kept.read(connection, new, whose, FIRST)
        assert found is not None
        assert WORDS == found.words
        assert kept.read(connection, old, whose, FIRST) is None


def _rows(records: Records) -> list[str]:
    with reading(records.engine) as connection:
        return list(connection.execute(text("SELECT step FROM drafts")).scalars())

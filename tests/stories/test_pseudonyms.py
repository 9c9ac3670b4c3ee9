"""How the person of a review is spoken of: by letters, from the partnership's list, or as the unit chooses."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from driver.partnership import example_as_one, with_local

import config
from config import RulebookInvalid
from safeguarding.errors import TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.shown import card
from safeguarding.stages import STEPS
from tasks.record import board

DAY = date(2026, 11, 20)
ADULT = {"track": "adults", "agency": "hospital_trust"}


@pytest.fixture
def rulebook(tmp_path: Path, request: pytest.FixtureRequest) -> Rulebook:
    """The example partnership with pseudonyms as a story has them."""
    return loaded(tmp_path, request.param)


def loaded(path: Path, pseudonyms: dict[str, Any]) -> Rulebook:
    """The example partnership with these pseudonyms."""
    return config.load(with_local(path, example_as_one()["local"], pseudonyms=pseudonyms))


LISTED = {"how": "listed", "children": ["Alder", "Birch"], "adults": ["Rowan"], "beside_reference": True}
CHOSEN = {"how": "chosen"}


@pytest.mark.parametrize("rulebook", [LISTED], indirect=True)
def test_a_list_is_given_out_in_its_order_and_never_twice(partnership) -> None:
    """Two trees for children and one for adults; after that by letters, and the record proves whole."""
    children = [partnership.hears_of(DAY).review.pseudonym for _ in range(3)]
    adults = [partnership.hears_of(DAY, **ADULT).review.pseudonym for _ in range(2)]

    assert (["Alder", "Birch", "Child C"], ["Rowan", "Adult B"]) == (children, adults)
    assert () == tuple(partnership.records.verify())


@pytest.mark.parametrize("rulebook", [LISTED], indirect=True)
def test_it_stands_beside_the_reference_where_the_partnership_says_so(partnership) -> None:
    """On the name of the card and on the board."""
    case = partnership.hears_of(DAY)
    book = case.records.rulebook
    assert card.card_name(case.review, DAY, book).startswith("CSPR-2026-001 · Alder · Referral")
    assert {"CSPR-2026-001 (Alder)"} == {row.cells()["Review"] for row in board.board(case.records.engine, book, DAY)}


@pytest.mark.parametrize("rulebook", [CHOSEN], indirect=True)
def test_the_unit_chooses_at_opening_or_leaves_it(partnership) -> None:
    """A word of its own, tidied; left empty, the next by letters; nowhere beside the reference unless it is said."""
    chosen = partnership.hears_of(DAY, pseudonym="  Hazel ")
    assert "Hazel" == chosen.review.pseudonym
    assert "Hazel" not in card.card_name(chosen.review, DAY, chosen.records.rulebook)
    assert "Child B" == partnership.hears_of(DAY).review.pseudonym


@pytest.mark.parametrize("rulebook", [CHOSEN], indirect=True)
def test_no_two_reviews_share_one(partnership) -> None:
    """On either track, whatever the capitals; the refusal says whose it is; and no letter is given out twice."""
    partnership.hears_of(DAY, pseudonym="Hazel")
    with pytest.raises(TransitionRefused, match="the person of CSPR-2026-001 is spoken of so"):
        partnership.hears_of(DAY, pseudonym="HAZEL", **ADULT)
    assert "Child C" == partnership.hears_of(DAY, pseudonym="Child C").review.pseudonym
    assert "Child D" == partnership.hears_of(DAY).review.pseudonym
    assert 3 == len(partnership.records.list())


@pytest.mark.parametrize("rulebook", [CHOSEN], indirect=True)
@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("\u00c9lan", "\u00c9lan"),
        ("\u00c9lan", "\u00e9lan"),
        ("\u00c9lan", "E\u0301lan"),
        ("O\u2019Hara", "o'hara"),
        ("Alder", "\uff21lder"),
    ],
    ids=["the same", "small letters", "an accent of its own", "Word's apostrophe", "broad letters"],
)
def test_what_a_reader_cannot_tell_apart_is_given_once(partnership, first: str, again: str) -> None:
    """Names of Wales and Ireland begin with letters whose capitals a database may not know."""
    partnership.hears_of(DAY, pseudonym=first)
    with pytest.raises(TransitionRefused, match="the person of CSPR-2026-001 is spoken of so"):
        partnership.hears_of(DAY, pseudonym=again)


ACCENTS = {"how": "listed", "children": ["\u00c9lan", "\u0174yn"]}


@pytest.mark.parametrize("rulebook", [ACCENTS], indirect=True)
def test_a_list_with_accents_is_given_out_in_its_order(partnership) -> None:
    """Two reviews are never both called \u00c9lan."""
    assert ["\u00c9lan", "\u0174yn", "Child C"] == [partnership.hears_of(DAY).review.pseudonym for _ in range(3)]


@pytest.mark.parametrize("rulebook", [{"how": "lettered"}], indirect=True)
def test_where_they_are_given_out_none_is_typed(partnership) -> None:
    """The question is answered in words; without an answer it is as it always was."""
    with pytest.raises(TransitionRefused, match="your partnership's pseudonyms are given out: leave it empty"):
        partnership.hears_of(DAY, pseudonym="Hazel")
    assert "Child A" == partnership.hears_of(DAY).review.pseudonym


@pytest.mark.parametrize("step", ["open_referral", "carry_in"])
def test_the_question_stands_on_a_form_only_where_they_are_chosen(tmp_path: Path, step: str) -> None:
    """Elsewhere nobody is asked for a word that would be refused."""
    for pseudonyms, asked in ((CHOSEN, True), (LISTED, False), ({}, False)):
        form = card.signed_form(STEPS[step], None, loaded(tmp_path, pseudonyms))
        assert asked is ("pseudonym" in form.model_fields)


@pytest.mark.parametrize("rulebook", [CHOSEN], indirect=True)
@pytest.mark.parametrize("typed", ["The girl who lived at number four", "<b>", "a" * 21])
def test_what_is_no_pseudonym_is_refused(partnership, typed: str) -> None:
    """A sentence, a sign, a word too long for a card."""
    with pytest.raises(TransitionRefused):
        partnership.hears_of(DAY, pseudonym=typed)


@pytest.mark.parametrize("rulebook", [CHOSEN], indirect=True)
@pytest.mark.parametrize(
    ("typed", "words"),
    [("#1", "begins with a letter and goes on in letters, figures, spaces"), ("\u0410lder", "Cyrillic letters among")],
    ids=["a sign", "a letter that looks like another"],
)
def test_the_refusal_says_how_a_pseudonym_is_written(partnership, typed: str, words: str) -> None:
    """What it says is so: a space is taken; and letters of two alphabets that look the same are named."""
    with pytest.raises(TransitionRefused, match=words):
        partnership.hears_of(DAY, pseudonym=typed)


@pytest.mark.parametrize(
    ("given", "key", "words"),
    [
        ({"how": "listed"}, "pseudonyms", "needs a list"),
        ({"how": "listed", "children": ["Ash", "ash"]}, "pseudonyms", "given twice: ash"),
        ({"how": "chosen", "adults": ["Ash"]}, "pseudonyms", "only where it says 'how: listed'"),
        ({"how": "listed", "children": ["<Ash>"]}, "pseudonyms.children[0]", "such as Alder"),
    ],
)
def test_a_slip_in_the_file_is_named(tmp_path: Path, given: dict[str, Any], key: str, words: str) -> None:
    """Each under its key, with what to type."""
    with pytest.raises(RulebookInvalid) as caught:
        loaded(tmp_path, given)
    assert [key] == [fault.key for fault in caught.value.faults]
    assert words in caught.value.faults[0].problem

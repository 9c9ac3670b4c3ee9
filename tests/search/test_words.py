"""Words that are looked for are found whatever their capitals, accents and dashes; several, and a phrase."""

from __future__ import annotations

import unicodedata

import pytest
from driver.tries import tries
from hypothesis import assume, given
from hypothesis import strategies as st

from safeguarding.search.words import folded, holds, plainly, terms_of

pytestmark = pytest.mark.random

LINE = "The Children’s lead, Zoë O'Neill-Brown, re–assessed the well-being plan (CSPR-2026-003) on Mon 30 Nov."


def found(looked_for: str, text: str = LINE) -> bool:
    """Whether a text has all that is looked for."""
    terms = terms_of(looked_for)
    return bool(terms) and all(holds(folded(text), term) for term in terms)


@pytest.mark.parametrize(
    "looked_for",
    [
        "ZOE",
        "zoë",
        "childrens lead",
        "o’neill",
        "oneill brown",
        "O'NEILL-BROWN",
        "reassessed",
        "re-assessed",
        "re assessed",
        "wellbeing",
        "well—being",
        "cspr2026003",
        "2026-003",
        "plan lead",
        "assess",
        '"well-being plan"',
        "“wellbeing plan”",
        "«lead zoe»",
        "on",
        "30 nov",
    ],
)
def test_it_is_found(looked_for: str) -> None:
    """By capitals, accents and dashes of any kind, in any order, by the beginning of a word, as a phrase."""
    assert found(looked_for)


@pytest.mark.parametrize(
    "looked_for",
    ["zoes", "neil brow lead x", '"plan well-being"', '"well-being pla"', "ssessed", "no", "3", "%", "", '""', "- –"],
)
def test_it_is_not_found(looked_for: str) -> None:
    """A word that is not there, the middle of one, a phrase in another order or cut off, a short word's beginning."""
    assert not found(looked_for)


def test_a_quotation_mark_that_is_not_closed_is_a_sign() -> None:
    """What follows it are words."""
    assert terms_of('lead "plan well') == terms_of("lead plan well")
    assert terms_of('lead lead "lead"') == terms_of('lead "lead"')


TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)


@tries(200)
@given(TEXTS, TEXTS, st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12), st.booleans())
def test_every_word_of_a_text_is_found_in_it(before: str, after: str, word: str, large: bool) -> None:
    """Whatever stands around it, typed in small or capital letters, with its accents apart or not."""
    assume(plainly(word))
    typed = unicodedata.normalize("NFD" if large else "NFC", word.upper() if large else word)
    assume(folded(typed).apart == folded(word).apart)  # «ß» in capitals is «SS», but not every letter goes both ways.
    assert found(typed, f"{before} {word} {after}")
    assert found(f'"{typed}"', f"{before} {word} {after}")


@tries(200)
@given(TEXTS)
def test_a_text_looks_the_same_looked_at_twice(text: str) -> None:
    """What was made plain once is plain: no capital, accent, dash or sign is left in it."""
    once = folded(text)
    assert (once.apart, once.apart) == folded(once.apart)
    assert once.joined == folded(once.joined).apart
    assert once.apart == once.apart.casefold() and "  " not in once.apart.strip()


@tries(200)
@given(TEXTS)
def test_a_whole_text_is_found_in_itself(text: str) -> None:
    """As words and as a phrase, if there is a letter or figure in it at all."""
    plain = text.replace('"', " ").translate({ord(sign): " " for sign in "“”«»"})
    assert found(plain, text) is bool(terms_of(plain))
    assert found(f'"{plain}"', text) is bool(terms_of(plain))

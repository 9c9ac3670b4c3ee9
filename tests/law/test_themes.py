"""The themes of learning: the program's list, and a partnership's own beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from driver.partnership import example_as_one, with_local

import config
from safeguarding.errors import RulebookInvalid
from safeguarding.law.themes import THEMES, theme_words
from safeguarding.review.choices import choices

OWN = {"id": "own.county_lines", "words": "County lines"}


def test_a_partnerships_own_theme_stands_beside_the_list(tmp_path: Path) -> None:
    """It is offered with the others; one that has left the file is spoken of by its id."""
    book = config.load(with_local(tmp_path, example_as_one()["local"], themes=[OWN]))
    offered = choices("themes", None, book)
    assert [*THEMES.items(), ("own.county_lines", "County lines")] == offered
    assert ["County lines", "Neglect", "Modern slavery"] == [
        theme_words(one, book.partnership.themes) for one in ("own.county_lines", "neglect", "own.modern_slavery")
    ]


@pytest.mark.parametrize(
    ("themes", "key"),
    [
        ([OWN, OWN], "themes[own.county_lines].id"),
        ([{"id": "neglect", "words": "Ours"}], "themes[neglect].id"),
        ([{"id": "own.long", "words": "x" * 81}], "themes[own.long].words"),
        ([{"id": f"own.t{n}", "words": f"T {n}"} for n in range(61)], "themes"),
    ],
    ids=["twice", "of the list", "too long", "too many"],
)
def test_a_theme_that_does_not_fit_is_named(tmp_path: Path, themes: list[dict[str, str]], key: str) -> None:
    """Twice the same id, an id of the program's list, too many words, too many themes."""
    with pytest.raises(RulebookInvalid) as caught:
        config.load(with_local(tmp_path, example_as_one()["local"], themes=themes))
    assert key in {fault.key for fault in caught.value.faults}

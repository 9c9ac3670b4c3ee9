"""
How the person of a review is spoken of: by letters, by a list of the partnership's, or as the unit chooses at opening.
"""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from safeguarding.as_typed import looks, mixes_letters, with_straight_apostrophes
from safeguarding.values import FromFile, tidy

PSEUDONYM = r"^[^\W\d_][\w' -]*$"
"""How a pseudonym is written: it begins with a letter, and no sentence fits."""
PSEUDONYM_WORDS = "begins with a letter and goes on in letters, figures, spaces, - and ', such as Alder or Child A"
"""The same in words."""
LONGEST = 20
"""Letters of a pseudonym: it stands beside the reference."""
MOST = 1_000
"""Pseudonyms of one list."""


def as_kept(given: Any) -> Any:
    """A pseudonym in one line, with the keyboard's apostrophe; what is no words as it is."""
    words = tidy(given)
    return with_straight_apostrophes(words) if isinstance(words, str) else words


def of_one_kind(pseudonym: str) -> str:
    """The same; ValueError where some of its letters only look like those of another."""
    if script := mixes_letters(pseudonym):
        raise ValueError(f"has {script} letters among Latin ones that look the same: type it anew")
    return pseudonym


Pseudonym = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST, pattern=PSEUDONYM),
    BeforeValidator(as_kept),
    AfterValidator(of_one_kind),
]
Listed = Annotated[tuple[Pseudonym, ...], Field(max_length=MOST)]


class Pseudonyms(FromFile):
    """How they are given out, and whether they stand beside the reference on cards and the board."""

    how: Literal["lettered", "listed", "chosen"] = "lettered"
    """By letters (Child A), from the lists below in their order, or as the unit types it at opening."""
    children: Listed = ()
    adults: Listed = ()
    beside_reference: bool = False

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        names = Counter(looks(name) for name in (*self.children, *self.adults))
        if twice := sorted(name for name, times in names.items() if times > 1):
            raise ValueError(f"one pseudonym is of one review: given twice: {', '.join(twice)}")
        if self.how == "listed" and not names:
            raise ValueError("'listed' needs a list, under 'children' or 'adults'")
        if self.how != "listed" and names:
            raise ValueError("a list of pseudonyms is given out only where it says 'how: listed'")
        return self

    def of_track(self, track: str) -> tuple[str, ...]:
        """The list of a track, in the order in which it is given out."""
        return self.children if track == "children" else self.adults

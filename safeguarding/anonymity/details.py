"""
What is found in a draft: of which kind, how strongly it points at somebody, and why.
"""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import NamedTuple

AROUND = 45
"""Signs of the draft that are shown before and after what was found."""


class DetailKind(Enum):
    """Of which kind a detail is, in words."""

    NAME = "Names"
    DATE = "Days and dates"
    TIME = "Times of day"
    AGE = "Ages and births"
    PLACE = "Places"
    AGENCY = "Agencies and the area"
    NUMBER = "Numbers and addresses"
    RARE = "Rare details"


class Strength(IntEnum):
    """How strongly a detail points at somebody; the strongest is the largest."""

    MAY_BE = 1
    EXACT = 2
    KNOWN = 3

    @property
    def words(self) -> str:
        """In words."""
        return {1: "may be", 2: "exact", 3: "known to the record"}[self.value]


class Spot(NamedTuple):
    """Something found in a passage: from which sign to which, and what it is."""

    start: int
    end: int
    kind: DetailKind
    why: str
    strength: Strength = Strength.EXACT
    same: str = ""
    """What it says, however it is written: a day as 2025-03-03, 03-03 without its year."""


class DraftDetail(NamedTuple):
    """A detail as it is shown: where it stands, its words as the draft has them, and why it matters."""

    page: int
    """0 where the file does not tell pages."""
    number: int
    """Of the paragraph or the line; 0 where it has none."""
    part: str
    before: str
    words: str
    after: str
    kind: DetailKind
    strength: Strength
    why: str


def shown_around(text: str, start: int, end: int) -> tuple[str, str]:
    """A few words of the draft before and after a place, whole words where there are any."""
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    if start > AROUND and " " in before:
        before = before[before.index(" ") + 1 :]
    if end + AROUND < len(text) and " " in after:
        after = after[: after.rindex(" ")]
    return " ".join(before.split()) + _gap(before[-1:]), _gap(after[:1]) + " ".join(after.split())


def _gap(sign: str) -> str:
    return " " if sign.isspace() else ""

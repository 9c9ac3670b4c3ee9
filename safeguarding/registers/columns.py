"""
The columns of a register: each has a name that stays, a meaning and a unit, and holds no words that somebody sealed.

A register that is read again after a year has the same columns under the same names; a new one is put at the end.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple, Protocol, get_args, get_type_hints

Cell = str | int | bool | date | None
"""What stands in a column of a row: words, a number, yes or no, a day, or nothing."""
CountedIn = Literal[
    "text", "code", "reference", "day", "year", "yes or no", "number", "working days", "calendar days", "line"
]
"""
What a column is counted or written in. A code is one of few answers; a reference is a review's; a line is a number of
the review's ledger.
"""


class Column(NamedTuple):
    """One column of a register: what it is called, what it means, what it is counted in."""

    name: str
    meaning: str
    unit: CountedIn


class Means(NamedTuple):
    """What a field of a row means, and in what it is counted. A row is the tuple of its cells, in their order."""

    meaning: str
    unit: CountedIn


class Described(Protocol):
    """A table by what it is called, what it holds and what its columns mean: a register, or the sealed words."""

    @property
    def name(self) -> str:
        """As a file, a sheet and an address have it."""

    @property
    def title(self) -> str:
        """As a page has it."""

    @property
    def about(self) -> str:
        """What it holds, in a sentence."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, in their order."""


def columns_of(row: type) -> tuple[Column, ...]:
    """The columns of a kind of row, in their order."""
    found = get_type_hints(row, include_extras=True)
    return tuple(Column(name, *one) for name, kind in found.items() for one in get_args(kind) if isinstance(one, Means))

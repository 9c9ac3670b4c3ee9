"""
Figures of which each is the length of the list behind it, the tables they stand in, and the sums that they obey.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Literal, NamedTuple

ALL = "All"
"""The words of the last row of a table, where it has the sums of the others."""


class Behind(NamedTuple):
    """One thing that was counted: the review, and which thing of it."""

    reference: str
    item: str = ""
    """Such as `R02`, or the id of a duty; empty where the review itself was counted."""
    said: str = ""
    """What the list says of it beside, in words that nobody typed."""

    @property
    def same(self) -> tuple[str, str]:
        """What makes it the same thing in another list."""
        return (self.reference, self.item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of an account, with what it counts."""

    key: str
    """As an address has it: letters, digits and dashes."""
    words: str
    behind: tuple[Behind, ...]

    @property
    def number(self) -> int:
        """How many things are behind it."""
        return len(self.behind)

    @property
    def references(self) -> tuple[str, ...]:
        """The review of each thing that was counted, in their order."""
        return tuple(one.reference for one in self.behind)


class Sum(NamedTuple):
    """What several figures come to together: so much as others do, or more where one thing may be counted twice."""

    parts: tuple[str, ...]
    of: tuple[str, ...]
    overlaps: bool = False
    """Whether the parts may come to more: a lesson may have several themes, and has at least one."""


class FigureRow(NamedTuple):
    """A row of a table: its words, and the figures by their keys."""

    words: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTable:
    """Figures beside each other."""

    title: str
    about: str = ""
    """How it was counted, in a sentence."""
    head: tuple[str, ...]
    """The head of each column, that of the words first."""
    rows: tuple[FigureRow, ...]
    drawn: Literal["", "rows", "last row"] = ""
    """Of what a picture stands beside it: its first column of figures, or its last row without the first of those."""


@dataclass(slots=True)
class Figures:
    """Every figure of an account as it is counted, and the sums that they obey."""

    made: dict[str, Figure] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)

    def add(self, key: str, words: str, behind: Iterable[Behind]) -> str:
        """A figure more; its key, with a number behind it where another has that key already."""
        if key in self.made:
            key = next(one for n in count(2) if (one := f"{key}-{n}") not in self.made)
        self.made[key] = Figure(key=key, words=words, behind=tuple(behind))
        return key

    def parted(self, of: str, parts: Sequence[tuple[str, str, Iterable[Behind]]]) -> tuple[str, ...]:
        """The parts of a figure by key, words and what is behind each: together they are what it is. Their keys."""
        keys = tuple(self.add(*part) for part in parts)
        self.sums.append(Sum(keys, (of,)))
        return keys

    def there(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Those of these figures that were made."""
        return tuple(key for key in keys if key in self.made)

    def table(self, title: str, about: str, keys: Iterable[str], head: str = "", *, drawn: bool = False) -> FigureTable:
        """A table of one column, a row for each of these figures."""
        rows = tuple(FigureRow(self.made[key].words, (key,)) for key in keys)
        return FigureTable(
            title=title, about=about, head=(head or title, "Number"), rows=rows, drawn="rows" if drawn else ""
        )


class Counted(NamedTuple):
    """The figures of an account by their keys, their tables in order, and the sums that they obey."""

    figures: Mapping[str, Figure]
    tables: Mapping[str, Sequence[FigureTable]]
    """By the part of the account that they stand in."""
    sums: Sequence[Sum]

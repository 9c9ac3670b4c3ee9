"""
Small numbers that are not shown, and what else is then not shown, so that none of them can be worked out.

A number from 1 to below the least that is shown reads «fewer than n». Whoever has the others, and the sums that they
obey, is to find at least two numbers that it may be. So for each that is hidden another set of numbers is looked for
that agrees with everything shown and has another number there; where there is none, one number more is hidden, the
smallest that stands in a sum with it. Nought hides nothing, and is shown. No list behind any number is given then: the
list behind a whole says of each thing which part it is of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from safeguarding.yearly.figures import Figure, Sum

NOT_SHOWN = "not shown"
LEAST, MOST = 3, 100
"""Below which a number may be hidden at the least: «fewer than 2» would say that it is 1; and at the most."""
LOOKED_AT = 4_000
"""Steps after which another set of numbers is looked for no more: one number more is hidden instead."""


class ToldNumbers(NamedTuple):
    """How each figure is told."""

    words: Mapping[str, str]
    """Each figure by its key: its number, or what stands in its place."""
    hidden: frozenset[str]
    below: int | None = None
    """The least number that is shown, of those that are not nought; None where every number is."""

    def shown(self, key: str) -> bool:
        """Whether the number itself is told."""
        return key not in self.hidden

    @property
    def listed(self) -> bool:
        """Whether lists are given: the list behind a whole would tell each of its hidden parts."""
        return self.below is None


def fault_of(below: int | None) -> list[str]:
    """What is wrong with the least number that is to be shown, in words; nothing where it is one or none is asked."""
    fits = below is None or LEAST <= below <= MOST
    return [] if fits else [f"the least number that is shown is from {LEAST} to {MOST}"]


def told(figures: Mapping[str, Figure], sums: Sequence[Sum], below: int | None) -> ToldNumbers:
    """Every figure as its number, or with those hidden that are smaller than `below` and what would give them away."""
    if below is None:
        return ToldNumbers({key: str(one.number) for key, one in figures.items()}, frozenset())
    made = _Hiding(figures, sums, below)
    made.hide()
    words = {key: made.words(key) for key in figures}
    return ToldNumbers(words, frozenset(key for key in figures if made.hidden(key)), below)


class _Hiding:
    """What is hidden so far. Figures that count the same things are one number here, whatever they are called."""

    def __init__(self, figures: Mapping[str, Figure], sums: Sequence[Sum], below: int) -> None:
        self._below = below
        first: dict[Collection[tuple[str, str]], str] = {}
        self._as: dict[str, str] = {}
        for key, one in figures.items():
            alike = frozenset(thing.same for thing in one.behind)
            same = len(alike) == one.number and one.number
            self._as[key] = first.setdefault(alike, key) if same else key
        self._number = {key: one.number for key, one in figures.items() if self._as[key] == key}
        self._small = {key for key, number in self._number.items() if 0 < number < below}
        self._fewer, self._unsaid = set(self._small), set[str]()
        self._sums: list[dict[str, int]] = [self._weights(one, place) for place, one in enumerate(sums)]
        self._in: dict[str, list[int]] = {}
        for place, weights in enumerate(self._sums):
            for key in weights:
                self._in.setdefault(key, []).append(place)

    def _weights(self, one: Sum, place: int) -> dict[str, int]:
        """A sum as what each number counts for in it: together they come to nothing."""
        weights: dict[str, int] = {}
        for keys, sign in ((one.parts, 1), (one.of, -1)):
            for key in keys:
                weights[self._as[key]] = weights.get(self._as[key], 0) + sign
        if one.overlaps:  # By how much the parts come to more: nobody is told.
            over = f"over {place}"
            self._number[over] = sum(weight * self._number[key] for key, weight in weights.items())
            weights[over] = -1
            self._unsaid.add(over)
        return {key: weight for key, weight in weights.items() if weight}

    def hidden(self, key: str) -> bool:
        key = self._as.get(key, key)
        return key in self._fewer or key in self._unsaid

    def words(self, key: str) -> str:
        key = self._as[key]
        if key in self._unsaid:
            return NOT_SHOWN
        return f"fewer than {self._below}" if key in self._fewer else str(self._number[key])

    def hide(self) -> None:
        """Hide more until every small number may be another one."""
        # Where all beside it but noughts reads «not shown», each of those numbers may be twice as great: it is safe.
        safe = set[str]()
        while given_away := next((key for key in sorted(self._small - safe) if not self._may_be_another(key)), None):
            if not self._hide_beside(given_away):
                safe.add(given_away)

    # ----------------------------------------------------------------------- another set of numbers

    def _may_be_another(self, key: str) -> bool:
        self._left = LOOKED_AT
        return any(self._within(key, by) and self._agrees({key: by}) for by in (1, -1))

    def _within(self, key: str, by: int) -> bool:
        number = self._number[key] + by
        return 1 <= number < self._below if key in self._fewer else number >= 0

    def _agrees(self, moved: Mapping[str, int]) -> bool:
        """Whether the sums hold with these numbers moved, or can be made to by moving others that are hidden."""
        self._left -= 1
        if self._left < 0:
            return False
        off = next(self._off(moved), None)
        if off is None:
            return True
        weights, by = off
        return any(
            self._agrees({**moved, key: -by * weight})
            for key, weight in weights.items()
            if abs(weight) == 1 and key not in moved and self.hidden(key) and self._within(key, -by * weight)
        )

    def _off(self, moved: Mapping[str, int]) -> Iterator[tuple[Mapping[str, int], int]]:
        for place in sorted({place for key in moved for place in self._in.get(key, ())}):
            weights = self._sums[place]
            if by := sum(weights[key] * change for key, change in moved.items() if key in weights):
                yield weights, by

    # ----------------------------------------------------------------------- hiding more

    def _hide_beside(self, key: str) -> bool:
        """Hide one number more that stands in a sum with it, near before far, and no nought; whether there was one."""
        near = self._around(key)
        shown = [one for one in near if not self.hidden(one) and self._number[one]]
        fewer = [one for one in near if one in self._fewer and one != key]
        more = sorted((self._number[one], one) for one in shown)
        if more:
            self._unsaid.add(more[0][1])
        elif fewer or key in self._fewer:
            one = max(fewer, key=lambda other: (self._number[other], other)) if fewer else key
            self._fewer.discard(one)
            self._unsaid.add(one)
        else:
            return False
        return True

    def _around(self, key: str) -> list[str]:
        """The numbers in its own sums; where all of those are hidden, in theirs, and on."""
        seen, edge = {key}, [key]
        while edge:
            found = {one for has in edge for place in self._in.get(has, ()) for one in self._sums[place]} - seen
            seen |= found
            if any(not self.hidden(one) and self._number[one] for one in found):
                return sorted(seen - {key})
            edge = [one for one in found if self.hidden(one)]
        return sorted(seen)

"""
Which clocks give way to a partnership's own step: those whose number no source sets.

Where a partnership has a date of its own between the same two things, the invented number of this product would only
break first. The duty stays, shown and cited; its clock is the partnership's. A number of the law never gives way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from safeguarding.dates.counting import UNCOUNTED, Kind
from safeguarding.law.citation import Level
from safeguarding.law.rule import Rule

TRACKS = ("children", "adults")


class GivenWay(NamedTuple):
    """The rules as they are counted, and those of them that gave way as they were, for the rows that name them."""

    rules: tuple[Rule, ...]
    given_way: tuple[Rule, ...]


def given_way(rules: Iterable[Rule], shipped: Collection[str]) -> GivenWay:
    """
    The rules with each clock taken away whose number is this product's own and for which the partnership has another.

    `shipped` are the ids of the local steps that the program brings and the partnership's list does not name.
    """
    rules = tuple(rules)
    theirs = [rule for rule in rules if rule.level is Level.LOCAL and not rule.track_only and rule.id not in shipped]
    counted: list[Rule] = []
    gone: list[Rule] = []
    for rule in rules:
        taken = _tracks_taken(rule, theirs) if _may_give_way(rule, shipped) else set()
        if not taken:
            counted.append(rule)
            continue
        gone.append(rule)
        left = [track for track in TRACKS if track in _tracks(rule) - taken]
        if left:
            counted.append(rule.model_copy(update={"track": left[0]}))
        elif rule.level is not Level.LOCAL:
            counted.append(rule.model_copy(update={"track_only": True}))
    return GivenWay(tuple(counted), tuple(gone))


def in_place_of(rule: Rule, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The partnership's own steps that are counted in place of a rule that gave way."""
    others = (other for other in rules if other.id != rule.id and not other.track_only)
    return tuple(other for other in others if _same(rule, other) and _tracks(other) & _tracks(rule))


def stands_in_for(rule: Rule, given_way: Iterable[Rule], rules: Iterable[Rule]) -> Rule | None:
    """The duty of an Act, regulations or guidance whose clock a partnership's own step is; None where it is of none."""
    rules = tuple(rules)
    return next((law for law in given_way if law.statutory and rule in in_place_of(law, rules)), None)


def _may_give_way(rule: Rule, shipped: Collection[str]) -> bool:
    if rule.track_only or rule.counts.unit in UNCOUNTED:
        return False
    if rule.level is Level.LOCAL:
        return rule.id in shipped
    ours = rule.number_level in (Level.DESIGN_DEFAULT, Level.LOCAL)
    return ours and not rule.bars_closing and rule.counts.kind is not Kind.GATE


def _tracks_taken(rule: Rule, theirs: Iterable[Rule]) -> set[str]:
    return {track for other in theirs if _same(rule, other) for track in _tracks(other) & _tracks(rule)}


def _same(rule: Rule, other: Rule) -> bool:
    """Whether a local step is between the same two things, for the same whom."""
    between = (rule.starts, rule.settled_by, rule.per_subject)
    return other.level is Level.LOCAL and between == (other.starts, other.settled_by, other.per_subject)


def _tracks(rule: Rule) -> set[str]:
    return set(TRACKS) if rule.track == "both" else {rule.track}

"""
Which date of the law a local step serves, without being told: the one counted from the same day, for what comes after.
"""

from __future__ import annotations

from collections.abc import Iterable

from safeguarding.dates.counting import UNCOUNTED, Direction, Kind
from safeguarding.law.milestones import MILESTONES
from safeguarding.law.rule import Rule

_ORDER = {name: number for number, name in enumerate(MILESTONES)}


def serves(rule: Rule, rules: Iterable[Rule]) -> Rule | None:
    """
    The rule of the law that a step of ours serves, counted from the same day: the one for the same thing, else one that
    ends the step, else the last one for something that comes later. None for a date of the law, or where there is none.
    """
    if rule.date_is_law or rule.anchor is None:
        return None
    found = [law for law in rules if is_a_limit(law) and law.anchor == rule.anchor and _one_track(rule, law)]
    same = [law for law in found if law.settled_by == rule.settled_by]
    ending = [law for law in found if law.settled_by in rule.ends]
    later = [law for law in found if comes_before(rule, law)]
    return next(iter(same or ending), None) or max(later, key=lambda law: _place(law), default=None)


def is_a_limit(rule: Rule) -> bool:
    """Whether a rule is a last day of law or guidance that a whole review works towards, and not one agency's own."""
    forward = rule.counts.direction is Direction.FORWARD and rule.counts.kind is Kind.MAXIMUM
    clock = not rule.track_only and not rule.per_subject and rule.counts.unit not in UNCOUNTED
    return rule.date_is_law and forward and clock


def comes_before(rule: Rule, law: Rule) -> bool:
    """Whether what a step waits for happens before what a duty waits for, in the course of a review."""
    return rule.settled_by in _ORDER and _place(rule) < _place(law)


def _place(rule: Rule) -> int:
    return _ORDER.get(str(rule.settled_by), len(_ORDER))


def _one_track(rule: Rule, law: Rule) -> bool:
    return "both" in (rule.track, law.track) or rule.track == law.track

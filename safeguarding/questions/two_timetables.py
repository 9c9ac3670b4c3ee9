"""
Two days for the same thing: the one of law or guidance and the partnership's own, and which binds for what.
"""

from __future__ import annotations

from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook


def twins(rule: Rule, rulebook: Rulebook) -> tuple[Rule, ...]:
    """
    The other rules that count from the same to the same: of a day of ours those of the law, of the law's those of ours.
    """
    begun = rulebook.rules if rule.track == "both" else rulebook.started_by(rule.starts or "", rule.track)
    return tuple(
        other
        for other in begun
        if other.date_is_law is not rule.date_is_law and not other.track_only and _same(rule, other)
    )


def which_binds(rule: Rule, rulebook: Rulebook) -> tuple[str, ...]:
    """What is said of a date beside which another runs for the same thing, in sentences; mostly nothing."""
    return tuple(_beside(rule, other) for other in twins(rule, rulebook)) if not rule.track_only else ()


def _beside(rule: Rule, other: Rule) -> str:
    beside = filter(None, (other.said_id, other.counts_in(other.editions[-1]).words))
    counted = f"{other.title} ({', '.join(beside)})"
    if rule.date_is_law:
        return (
            f"Beside it runs the partnership's own: {counted}. It gives no more time here: past this day what "
            f"{rule.number_level.words} asks is owed all the same."
        )
    return (
        f"Beside it runs {counted}, a day of {other.number_level.words}, which this one neither moves nor replaces: "
        "past that day the reasons are recorded. This day is the partnership's own and may be extended."
    )


def _same(rule: Rule, other: Rule) -> bool:
    between = (rule.starts, rule.settled_by, rule.per_subject)
    tracks = "both" in (rule.track, other.track) or rule.track == other.track
    return tracks and rule.starts is not None and between == (other.starts, other.settled_by, other.per_subject)

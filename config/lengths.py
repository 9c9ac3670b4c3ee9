"""
A partnership's own lengths, given to the duties of which no source sets the time; whatever cannot be is named.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from safeguarding.errors import Fault
from safeguarding.law.own_length import why_not, with_length
from safeguarding.law.partnership import Partnership
from safeguarding.law.rule import Rule

Placed = list[tuple[str, Rule]]


def lengthened(placed: Placed, partnership: Partnership | None, file: str) -> tuple[Placed, list[Fault]]:
    """The rules, each with its file, with the partnership's lengths; and what is wrong with those, by their key."""
    given = partnership.lengths if partnership is not None else ()
    rules = {rule.id: rule for _, rule in placed}
    wrong: list[Fault] = []
    changed: set[str] = set()
    for one in sorted(given, key=lambda one: one.since or date.min):
        rule = rules.get(one.rule)
        words = (
            why_not(rule, one) if rule is not None else "is not the id of a duty: `safeguarding rules list` has them"
        )
        if rule is None or words:
            wrong.append(Fault(file, f"lengths[{one.rule}].rule", words))
        else:
            rules[one.rule] = with_length(rule, one)
            changed.add(one.rule)
    days = Counter((one.rule, one.since) for one in given)
    twice = dict.fromkeys(name for (name, _), times in days.items() if times > 1)
    wrong += [Fault(file, f"lengths[{name}].rule", "has more than one length, from the same day on") for name in twice]
    return [(place, rules[rule.id] if rule.id in changed else rule) for place, rule in placed], wrong

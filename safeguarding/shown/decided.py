"""
Why a legal test came out as it did: the row of the table, its provision, and how far that was checked.

Read from the open facts of a line of the ledger. A line that an earlier version wrote names no provision, and says
nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from safeguarding.dates.working_days import say
from safeguarding.law.citation import Confidence
from safeguarding.law.roles import ROLES
from safeguarding.review.as_arranged import DECIDED_BY, POSITIONS
from safeguarding.review.review import Review

TOLD = {
    "other_told_on": "The authority of the other area, named with the decision",
    "other_board_told_on": "The Safeguarding Adults Board that has the duty, named with the decision",
}
"""Whose case it is, where it is another's, and the question on which day they were told."""


def decided_words(facts: Mapping[str, Any]) -> list[str]:
    """The findings that a line keeps, one sentence each: the provision first, then the basis, then the tag in words."""
    found = [facts[name] for name in ("panel", "notice") if isinstance(facts.get(name), Mapping)] or [facts]
    lines = [_sentence(one) for one in found if "provision" in one and "basis" in one]
    lines += _who_decided(facts)
    unknown = facts.get("unknown") or ()
    if lines and unknown:
        lines.append(f"Not known: {', '.join(str(question).replace('_', ' ') for question in unknown)}.")
    told = [(who, facts[day]) for day, who in TOLD.items() if lines and facts.get(day)]
    return lines + [f"{who}, was told on {say(date.fromisoformat(day))}." for who, day in told]


ADVICE = {"agree": "for it", "dissent": "against it", "absent": "nothing, being absent"}


def _who_decided(facts: Mapping[str, Any]) -> list[str]:
    """Who decided, where it was not the partners together, and what each of them advised."""
    if DECIDED_BY not in facts:
        return []
    given = sorted(facts.get(POSITIONS, {}).items())
    said = [f"{partner.replace('_', ' ')} {ADVICE[one['position']]}" for partner, one in given]
    who = ROLES.get(facts[DECIDED_BY], facts[DECIDED_BY])
    return [f"Decided by the {who}; the partners advised: {', '.join(said)}."]


def _sentence(finding: Mapping[str, Any]) -> str:
    result = str(finding.get("result", finding.get("finding", ""))).replace("_", " ")
    tag = Confidence(finding["confidence"])
    why = f"{finding['provision']}. {_begun(finding['basis'])}"
    return f"{result.capitalize()} (row {finding['row']}): {why}. [{tag.value}: {tag.words}]"


def _begun(basis: str) -> str:
    return basis[:1].upper() + basis[1:]


def last_decided(review: Review) -> list[str]:
    """The same of the last decision of a review, on whichever question; nothing where none was taken."""
    kinds = ("notification_decided", "decided")
    taken = [line.kind for line in review.history if line.kind in kinds]
    return decided_words(review.facts[taken[-1]]) if taken else []

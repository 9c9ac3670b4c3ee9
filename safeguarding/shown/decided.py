"""
Why a legal test came out as it did: the row of the table, its provision, and how far that was checked.

Read from the open facts of a line of the ledger. A line that an earlier version wrote names no provision, and says
nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safeguarding.law.citation import Confidence
from safeguarding.review.review import Review


def decided_words(facts: Mapping[str, Any]) -> list[str]:
    """The findings that a line keeps, one sentence each: the provision first, then the basis, then the tag in words."""
    found = [facts[name] for name in ("panel", "notice") if isinstance(facts.get(name), Mapping)] or [facts]
    lines = [_sentence(one) for one in found if "provision" in one and "basis" in one]
    unknown = facts.get("unknown") or ()
    if lines and unknown:
        lines.append(f"Not known: {', '.join(str(question).replace('_', ' ') for question in unknown)}.")
    return lines


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

"""
Why a legal test came out as it did, by which provision; and, apart from it, how far that was checked.

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


RESULTS = {
    "notify_panel": "Notify the national Panel",
    "notify_secretary_of_state": "Notify the Secretary of State",
    "not_a_sar": "No safeguarding adults review",
    "mandatory": "A mandatory review",
    "discretionary": "A discretionary review",
}
"""What a test comes to, where its name is no words for a reader."""


def decided_words(facts: Mapping[str, Any]) -> list[str]:
    """The findings that a line keeps, one sentence each: what the test comes to, why, and by which provision."""
    lines = [_sentence(one) for one in _found(facts)]
    lines += _who_decided(facts)
    unknown = facts.get("unknown") or ()
    if lines and unknown:
        lines.append(f"Not known: {', '.join(str(question).replace('_', ' ') for question in unknown)}.")
    told = [(who, facts[day]) for day, who in TOLD.items() if lines and facts.get(day)]
    return lines + [f"{who}, was told on {say(date.fromisoformat(day))}." for who, day in told]


def checked_words(facts: Mapping[str, Any]) -> list[str]:
    """
    How far the law behind each finding was checked: the provision, the row of the test, the tag in words and as it is.

    It is carried with every finding, and stands apart: no reader needs it in the middle of a sentence.
    """
    return [_checked(one) for one in _found(facts)]


def _found(facts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = [facts[name] for name in ("panel", "notice") if isinstance(facts.get(name), Mapping)] or [facts]
    return [one for one in found if "provision" in one and "basis" in one]


ADVICE = {"agree": "for it", "dissent": "against it", "absent": "nothing, being absent"}


def _who_decided(facts: Mapping[str, Any]) -> list[str]:
    """Who decided, where it was not the partners together, and what each of them advised."""
    if DECIDED_BY not in facts:
        return []
    given = sorted((facts.get(POSITIONS) or {}).items())
    said = [f"{partner.replace('_', ' ')} {ADVICE[one['position']]}" for partner, one in given]
    who = ROLES.get(facts[DECIDED_BY], facts[DECIDED_BY])
    return [f"Decided by the {who}; the partners advised: {', '.join(said)}."]


def _sentence(finding: Mapping[str, Any]) -> str:
    came_to = str(finding.get("result", finding.get("finding", "")))
    result = RESULTS.get(came_to, came_to.replace("_", " ").capitalize())
    return f"{result}: {finding['basis']} ({finding['provision']})."


def _checked(finding: Mapping[str, Any]) -> str:
    tag = Confidence(finding["confidence"])
    what = f"{finding['provision']}, row {finding['row']} of the legal test"
    return f"How far the law is checked: {what}: {tag.words} [{tag.value}]."


def last_decided(review: Review) -> list[str]:
    """Both of the last decision of a review, on whichever question; nothing where none was taken."""
    kinds = ("notification_decided", "decided")
    taken = [line.kind for line in review.history if line.kind in kinds]
    facts = review.facts[taken[-1]] if taken else {}
    return [*decided_words(facts), *checked_words(facts)]

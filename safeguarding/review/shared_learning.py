"""
What was sent to agencies of what was learnt, and which of them read or discussed it.

An agency's answer is owed under a key of its own, `D01:police`: what was sent, and by which agency.
"""

from __future__ import annotations

import re

from safeguarding.review.learning_entries import LearningRead, LearningShared
from safeguarding.review.learnt import SharedLearning, SharingAnswer

LEARNING_READ = "local.x.learning_read"
"""The rule by which an agency's word is owed."""
_KEY = re.compile(r"(D[0-9]+):(.+)")


def answer_key(sharing: str, agency: str) -> str:
    """What an agency's answer is owed under."""
    return f"{sharing}:{agency}"


def of_key(key: str) -> tuple[str, str]:
    """What was sent, and the agency, of such a key."""
    number, _, agency = key.partition(":")
    return number, agency


def agency_of(subject: str) -> str:
    """The agency by its id that owes what a duty is about: the subject itself, or the agency of an answer's key."""
    found = _KEY.fullmatch(subject)
    return found.group(2) if found else subject


def with_sharing(
    shared: tuple[SharedLearning, ...], entry: LearningShared | LearningRead
) -> tuple[SharedLearning, ...]:
    """What was sent, after one more entry."""
    if isinstance(entry, LearningShared):
        return (*shared, SharedLearning(id=entry.sharing, **entry.model_dump(exclude={"entry", "sharing"})))
    said = SharingAnswer(agency=entry.agency, outcome=entry.outcome, on=entry.on, people=entry.people)
    return tuple(
        one.model_copy(update={"answers": (*(a for a in one.answers if a.agency != said.agency), said)})
        if one.id == entry.sharing
        else one
        for one in shared
    )

"""
The wordings that wait for an approval, and whom they wait for: whoever may approve them and neither wrote them nor
typed them in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.review.as_arranged import as_arranged, may_sign
from safeguarding.review.concerned import Concerned
from safeguarding.review.whole_record import reads_whole
from safeguarding.stages.beside.wordings import APPROVE_WORDINGS


class WordingsWaiting(NamedTuple):
    """The wordings of one review that nobody has approved or withdrawn."""

    whom: Concerned
    """The review."""
    written_by: Mapping[str, Set[str]]
    """Who wrote each and who typed it in, by its number."""


class ToApprove(NamedTuple):
    """The wordings of one review that wait for one person, by their numbers."""

    reference: str
    numbers: tuple[str, ...]

    @property
    def words(self) -> str:
        """That they wait, in words without the review."""
        return f"{', '.join(self.numbers)} {'waits' if len(self.numbers) == 1 else 'wait'} to be approved"


def wait_for(person: Person, waiting: Iterable[WordingsWaiting], partnership: Partnership) -> list[ToApprove]:
    """What waits for somebody. `partnership` is the one of the day."""
    found = []
    for one in waiting:
        numbers = tuple(number for number, by in one.written_by.items() if person.id not in by)
        if numbers and _may_approve(person, one.whom, partnership):
            found.append(ToApprove(one.whom.reference, numbers))
    return found


def _may_approve(person: Person, whom: Concerned, partnership: Partnership) -> bool:
    there = partnership.for_track(whom.track.value)
    now = there.known(person.id)
    if now is None or not reads_whole(person, whom, partnership):
        return False
    return may_sign(now, as_arranged(APPROVE_WORDINGS, whom.track.value, there), there)

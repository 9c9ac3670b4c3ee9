"""
What would come of a workbook: each review carried in on paper, with what becomes owed, or why it is refused.

Pure: nothing is recorded. The same step is taken here that takes the review in afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from safeguarding import lifecycle
from safeguarding.duties.entered_late import taken_over
from safeguarding.errors import TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import Identity
from safeguarding.moving_in.rows import Filled
from safeguarding.moving_in.sheets import RowFault
from safeguarding.review.events import Actor
from safeguarding.review.fold import fold
from safeguarding.review.review import Duty, Review

STEP = "carry_in"
"""The step by which a review comes in, and whose it is; a referral is opened by the same people."""
_NUMBERED = {"what is owed, number": "open_duties", "what was asked, number": "asked"}
_OF_A_NUMBER = re.compile(r"(what is owed, number|what was asked, number) ([0-9]+): ")


class Planned(NamedTuple):
    """A review that would come in."""

    filled: Filled
    review: Review

    @property
    def owed(self) -> tuple[Duty, ...]:
        """What becomes owed by it, the soonest first."""
        return tuple(sorted(self.review.running(), key=lambda duty: (duty.due_on, duty.rule, duty.subject)))


@dataclass(frozen=True, slots=True)
class ComesOfIt:
    """What would come of a workbook."""

    comes_in: tuple[Planned, ...]
    faults: tuple[RowFault, ...]


def planned(
    filled: Sequence[Filled], faults: Sequence[RowFault], source: str, actor: Actor, now: datetime, rulebook: Rulebook
) -> ComesOfIt:
    """What would come of these reviews, of which no cell is wrong, beside the faults: and what the step refuses."""
    comes_in, found = [], list(faults)
    for one in filled:
        try:
            event = lifecycle.attempt(None, one.step, one.form, actor, now, rulebook, None, Identity("new", ""))
        except TransitionRefused as refused:
            found += [_fault(one, words) for words in refused.unmet]
            continue
        comes_in.append(Planned(one, fold((taken_over(event, source, one.key),))))
    return ComesOfIt(tuple(comes_in), tuple(found))


def _fault(one: Filled, words: str) -> RowFault:
    """What the step refuses, at the row that it is about where it names one by its number."""
    row = one.row
    if found := _OF_A_NUMBER.match(words):
        rows = one.open_duties if _NUMBERED[found[1]] == "open_duties" else one.asked
        row, words = rows[int(found[2]) - 1], words[found.end() :]
    column = next((column for sign, column in _COLUMNS.items() if sign in words), "")
    return RowFault(row.sheet, row.number, column if row is one.row else "", words)


_COLUMNS = {
    "what is referred is not": "What is referred",
    "which agency referred": "Referring agency",
    "under way since": "Began on",
    "that began before": "Began on",
    "is in the future": "Began on",
    "is not of the track": "Guidance",
    "is in force from": "Guidance",
    "rapid review": "Stands at",
    "that is closed": "Stands at",
    "pseudonym": "Pseudonym",
}
"""The column of a review's row that a refusal is about, by words of the refusal."""

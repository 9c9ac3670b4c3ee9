"""
What a review holds of what was learnt and of what is done about it, as it stands: items with their numbers and themes.

The words of each are sealed in the ledger; what may be read of them by others is a wording that somebody approved.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from safeguarding.values import Frozen

DONE_BEFORE = "done before"
"""The status of an action that was done before its review came into this record; nobody verified it here."""

DONE = frozenset({"verified", "embedded", "superseded", "withdrawn", DONE_BEFORE})
"""The statuses in which nothing more is owed on an action."""

LEFT = frozenset({"superseded", "withdrawn"})
"""The statuses of an action that was given up and not done."""
WILL_NOT = "will not be implemented"
"""The decision on a recommendation by which nothing is done for it."""


class Lesson(Frozen):
    """What was learnt: its themes, by their ids."""

    id: str
    themes: tuple[str, ...]


class ReviewFinding(Frozen):
    """What was found: from which lessons, its themes."""

    id: str
    lessons: tuple[str, ...]
    themes: tuple[str, ...]


class Recommendation(Frozen):
    """What was recommended: to which agency, from which findings, and what was decided on it."""

    id: str
    agency: str
    """Empty where it is made to none of the list: to whom is sealed then."""
    findings: tuple[str, ...]
    themes: tuple[str, ...]
    due_on: date | None = None
    decision: Literal["", "accepted", "will not be implemented"] = ""


SUMMARY = "summary"
"""The item of a wording that is of the review as a whole."""


class Wording(Frozen):
    """A wording of one item that others may read once it is approved. The words are sealed in its line."""

    id: str
    item: str
    """The lesson, finding, recommendation or action; `summary` for the review as a whole."""
    line: int
    """The line that holds it."""
    by: str
    """Who wrote it."""
    entered_by: str = ""
    """Who typed it in for a meeting, where that was another than who wrote it."""
    approved_by: str = ""
    approved_on: date | None = None
    approved_at: int = 0
    """The line that approved it; 0 before."""
    withdrawn: bool = False

    @property
    def hands(self) -> frozenset[str]:
        """Everybody who had a hand in it: none of them approves it."""
        return frozenset({self.by, self.entered_by} - {""})

    @property
    def shareable(self) -> bool:
        """Whether it was approved and not withdrawn."""
        return bool(self.approved_by) and not self.withdrawn

    @property
    def stands(self) -> str:
        """How it stands, in words."""
        return "withdrawn" if self.withdrawn else "approved" if self.approved_by else "not approved yet"


class QualityMark(Frozen):
    """What was last found of one quality marker, and in which assessment (Q01): its day is that of its mark."""

    marker: str
    answer: Literal["met", "partly", "not yet", "not applicable"]
    assessment: str


class SharingAnswer(Frozen):
    """What an agency said to what was sent to it."""

    agency: str
    outcome: Literal["read", "discussed in team", "no reply wanted any more"]
    on: date
    people: int | None = None


class SharedLearning(Frozen):
    """Something of what was learnt that went to agencies, with what each said to it."""

    id: str
    what: str
    agencies: tuple[str, ...]
    on: date
    how: str
    answer_by: date
    answers: tuple[SharingAnswer, ...] = ()

    def answer_of(self, agency: str) -> SharingAnswer | None:
        """What an agency said last; None before."""
        return next((one for one in self.answers if one.agency == agency), None)


class Action(Frozen):
    """An action of the plan: its owner, its date, its status and the grade of its evidence."""

    id: str
    agency: str
    owner: str
    due_on: date
    status: str = "agreed"
    grade: int = 0
    verified_by: str = ""
    moved_on: date | None = None
    recommendation: str = ""
    """The recommendation that it is for; empty where none was named."""
    lesson: str = ""
    """The lesson that it answers at once; empty where none was named."""
    themes: tuple[str, ...] = ()
    """Those of its recommendation, or of its lesson."""
    role: str = ""
    """In which role its owner has it; empty where none was said."""
    priority: str = ""
    """high, medium or low; empty where none was said."""
    blocked_by: tuple[str, ...] = ()
    """The actions that are done before it."""
    blocked: bool = False
    """Whether something else is in its way, which is said in sealed words."""
    evidence: str = ""
    """The reference of its latest evidence, or where that is kept."""
    added_by: str = ""
    adding_entered_by: str = ""
    """Who typed in for a meeting that it was added; empty where whoever added it did, or nobody can say."""
    submitted_by: tuple[str, ...] = ()
    """Everybody who submitted evidence of it: none of them verifies it."""
    evidence_entered_by: tuple[str, ...] = ()
    """Everybody who typed in for a meeting that evidence of it was submitted; nor do they verify it."""
    owned_before: tuple[str, ...] = ()
    """Everybody who owned it before its owner of now; nor do they verify it."""
    had_before: tuple[str, ...] = ()
    """The agencies that had it before."""
    first_due_on: date | None = None
    """The day that it had first, where it has another one now."""
    postponed: int = 0
    """How often its day was moved to a later one."""
    impact: str = ""
    """What was seen when its impact was looked at last; empty before."""
    impact_on: date | None = None
    what_now: str = ""
    """Where no change was seen, what is done about that."""

    @property
    def done(self) -> bool:
        """Whether nothing more is owed on it."""
        return self.status in DONE

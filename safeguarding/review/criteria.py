"""
What a legal test is: a table of rows, each of which says what must be answered how, what follows, and on what basis.

Answers are «yes», «no» or «not known». Rows are read from the top; the first that fits decides. Where a row above
it might fit, were something known that is not, and would say something else, information is asked for: «not known»
never falls through to «not met», and what is certain either way does not wait for it. The tables are `legal_tests`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from safeguarding.review.forms import LimbAnswer
from safeguarding.review.states import State, Track

YES: Final = "yes"
NO: Final = "no"
NOT_KNOWN: Final = "not known"


class Result(StrEnum):
    """What a table can say."""

    NOTIFY_PANEL = "notify_panel"
    OTHER_AREA_NOTIFIES = "other_area_notifies"
    NOTIFY_SECRETARY_OF_STATE = "notify_secretary_of_state"
    NO_NOTIFICATION = "no_notification"
    MANDATORY = "mandatory"
    DISCRETIONARY = "discretionary"
    NOT_A_SAR = "not_a_sar"
    ANOTHER_BOARD = "another_board"
    LOCAL_REVIEW = "local_review"
    NO_LOCAL_REVIEW = "no_local_review"
    OPEN_CHOICE = "open_choice"
    SUITABLE = "suitable"
    NOT_SUITABLE = "not_suitable"
    ASK_FOR_INFORMATION = "ask_for_information"


NO_PROVISION: Final = "no provision of an Act or regulations"
"""What a row names where nothing in force asks for what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    One row: the answers it needs (a question not named may have any answer), the result, and why.

    `provision` is the Act or the regulations by number, or says that there is none; `basis` is the sentence that a
    person reads; `confidence` is how far the source was checked, as the tags of the rules say it. `marks` are the
    milestones that follow, from which the rulebook knows which duties begin; `ends_as` are the states to which the case
    may then come. `found` are milestones that these answers are themselves, and `without` the ids of duties that would
    follow from these milestones and that the law does not ask for here.
    """

    number: str
    when: Mapping[str, str]
    result: Result
    provision: str
    basis: str
    confidence: str
    marks: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    ends_as: tuple[State, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """
    A decision table. `asks`: each question that its rows name, as the sentence that is true where the answer is «yes».
    `must_know`: questions that must be known before the last row is read. `begins` says when the duties of a row begin.
    """

    number: str
    name: str
    asks: Mapping[str, str]
    rows: tuple[Row, ...]
    otherwise: Row
    must_know: frozenset[str] = frozenset()
    track: Track = Track.CHILDREN
    begins: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a table said of these answers: the row, the result, its provision and basis, and what is not known."""

    result: Result
    row: str
    provision: str
    basis: str
    confidence: str
    unknown: tuple[str, ...] = field(default=())

    @property
    def facts(self) -> dict[str, str]:
        """What a line of the ledger keeps of it, so that the decision can be explained for good."""
        return {"row": self.row, "provision": self.provision, "basis": self.basis, "confidence": self.confidence}


def decide(table: Table, answers: Mapping[str, LimbAnswer]) -> Finding:
    """
    Read the table with these answers.

    Returns ASK_FOR_INFORMATION, naming what is not known, where an unknown answer could change the outcome. Raises
    KeyError if a question that a row asks has no answer at all: a form cannot leave one blank.
    """
    might: list[tuple[Row, tuple[str, ...]]] = []
    for row in table.rows:
        given = {question: answers[question] for question in row.when}
        if any(answer not in (NOT_KNOWN, row.when[question]) for question, answer in given.items()):
            continue
        unknown = tuple(question for question, answer in given.items() if answer == NOT_KNOWN)
        if not unknown:
            return _found(table, row, might)
        might.append((row, unknown))
    if unknown := tuple(q for q in sorted(table.must_know) if answers[q] == NOT_KNOWN):
        return _ask(table, unknown)
    return _found(table, table.otherwise, might)


def _found(table: Table, row: Row, might: list[tuple[Row, tuple[str, ...]]]) -> Finding:
    """The row that fits, unless one before it might and would say something else."""
    unknown = [question for other, asked in might if other.result is not row.result for question in asked]
    if unknown:
        return _ask(table, tuple(dict.fromkeys(unknown)))
    return Finding(row.result, row.number, row.provision, row.basis, row.confidence)


def _ask(table: Table, unknown: tuple[str, ...]) -> Finding:
    basis = f"{table.name} Not known never means not met: ask, then decide again"
    return Finding(Result.ASK_FOR_INFORMATION, "not known", NO_PROVISION, basis, "D", unknown)


def any_of(*answers: LimbAnswer) -> LimbAnswer:
    """«yes» if one of them is, «not known» if none is but one might be, else «no»."""
    if YES in answers:
        return YES
    return NOT_KNOWN if NOT_KNOWN in answers else NO

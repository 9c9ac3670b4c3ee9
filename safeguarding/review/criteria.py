"""
The legal tests as tables: each row says what must be answered how, what follows, and on what basis.

Answers are «yes», «no» or «not known». Rows are read from the top; the first that fits decides. A row that
might fit, were something known that is not, stops the reading: then information is asked for. «Not known»
never falls through to «not met».
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from safeguarding.review.forms import LimbAnswer

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
    LOCAL_REVIEW = "local_review"
    NO_LOCAL_REVIEW = "no_local_review"
    OPEN_CHOICE = "open_choice"
    SUITABLE = "suitable"
    NOT_SUITABLE = "not_suitable"
    ASK_FOR_INFORMATION = "ask_for_information"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the answers it needs (a question not named may have any answer), the result and its basis."""

    number: str
    when: Mapping[str, str]
    result: Result
    basis: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table. `unless_known`: questions that must be known before any row but the first is read."""

    name: str
    rows: tuple[Row, ...]
    must_know: frozenset[str] = frozenset()
    otherwise: Row | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a table said of these answers: the row, the result, the basis, and what is not known."""

    result: Result
    row: str
    basis: str
    confidence: str
    unknown: tuple[str, ...] = field(default=())


def decide(table: Table, answers: Mapping[str, LimbAnswer]) -> Finding:
    """
    Read the table with these answers.

    Returns ASK_FOR_INFORMATION, naming what is not known, as soon as an unknown answer could change the
    outcome. Raises KeyError if a question that a row asks has no answer at all: a form cannot leave one blank.
    """
    for row in table.rows:
        given = {question: answers[question] for question in row.when}
        if any(answer not in (NOT_KNOWN, row.when[question]) for question, answer in given.items()):
            continue
        unknown = tuple(question for question, answer in given.items() if answer == NOT_KNOWN)
        if not unknown:
            return Finding(row.result, row.number, row.basis, row.confidence)
        return _ask(table, unknown)
    if unknown := tuple(q for q in sorted(table.must_know) if answers[q] == NOT_KNOWN):
        return _ask(table, unknown)
    last = table.otherwise
    if last is None:
        raise ValueError(f"{table.name}: no row fits these answers")
    return Finding(last.result, last.number, last.basis, last.confidence)


def _ask(table: Table, unknown: tuple[str, ...]) -> Finding:
    basis = f"{table.name}: not known never means not met; ask, then decide again"
    return Finding(Result.ASK_FOR_INFORMATION, "not known", basis, "D", unknown)


_S16C: Final = "Children Act 2004 s.16C(1)"

NOTIFICATION: Final = Table(
    name="Must the local authority notify the national Panel?",
    rows=(
        Row(
            "4",
            {"abuse_or_neglect": YES, "died_or_seriously_harmed": YES, "in_another_english_area": YES},
            Result.OTHER_AREA_NOTIFIES,
            "the authority where it happened notifies and leads (national Panel, frequently asked questions)",
            "V2",
        ),
        Row(
            "1-2",
            {"abuse_or_neglect": YES, "died_or_seriously_harmed": YES, "in_this_area": YES},
            Result.NOTIFY_PANEL,
            f"{_S16C}: abuse or neglect known or suspected; died or seriously harmed in the area",
            "V2",
        ),
        Row(
            "3",
            {"abuse_or_neglect": YES, "died_or_seriously_harmed": YES, "normally_resident_here": YES},
            Result.NOTIFY_PANEL,
            f"{_S16C}: normally resident in the area, harmed outside England",
            "V2",
        ),
        Row(
            "5",
            {"died": YES, "looked_after": YES},
            Result.NOTIFY_SECRETARY_OF_STATE,
            "a looked-after child's death is notified whether or not abuse or neglect is suspected",
            "V",
        ),
        Row(
            "6",
            {"died": YES, "care_leaver": YES},
            Result.NOTIFY_SECRETARY_OF_STATE,
            "a care leaver's death, 18 to 24, should be notified; test for an adult review too",
            "V2",
        ),
    ),
    must_know=frozenset({"abuse_or_neglect", "died_or_seriously_harmed", "died", "looked_after", "care_leaver"}),
    otherwise=Row("7-8", {}, Result.NO_NOTIFICATION, "no notification to the Panel; consider local learning", "V2"),
)
"""Decision table DT-1. Abuse or neglect counts as «yes» when known or suspected. The duty is the authority's."""

_S44: Final = "Care Act 2014 s.44"

ADULT_REVIEW: Final = Table(
    name="Must a Safeguarding Adults Review be arranged?",
    rows=(
        Row("5", {"needs": NO}, Result.NOT_A_SAR, f"{_S44}(1): no needs for care and support", "V"),
        Row("1", {"needs": YES, "concern": YES, "died": YES}, Result.MANDATORY, f"{_S44}(1) and (2)", "V"),
        Row("2", {"needs": YES, "concern": YES, "alive": YES}, Result.MANDATORY, f"{_S44}(1) and (3)", "V"),
    ),
    must_know=frozenset({"needs", "concern", "died", "alive"}),
    otherwise=Row("3-4", {}, Result.DISCRETIONARY, f"{_S44}(4): a review may be arranged in any other case", "V"),
)
"""Decision table DT-5. Self-neglect counts as abuse or neglect; a prior section 42 enquiry is not required [V2]."""

_REG11: Final = "S.I. 2018/789 reg.11"

LOCAL_REVIEW: Final = Table(
    name="Should a local child safeguarding practice review be commissioned?",
    rows=(
        Row(
            "4",
            {"serious_case": NO},
            Result.OPEN_CHOICE,
            "not a serious case: a discretionary review or other learning",
            "K",
        ),
        Row(
            "1",
            {"serious_case": YES, "any_criterion": YES, "new_learning": YES},
            Result.LOCAL_REVIEW,
            f"{_REG11}: a criterion is met and new learning is likely",
            "V",
        ),
        Row(
            "2",
            {"serious_case": YES, "any_criterion": YES, "new_learning": NO},
            Result.NO_LOCAL_REVIEW,
            f"{_REG11} met, and the rapid review has captured the learning",
            "V2",
        ),
    ),
    must_know=frozenset({"serious_case", "any_criterion"}),
    otherwise=Row("2", {}, Result.OPEN_CHOICE, f"{_REG11}: the list is open, so reasons decide", "V"),
)
"""Decision table DT-2. The criteria are factors to take into account, not a score: reasons are needed either way."""

REVIEWER: Final = Table(
    name="Is this reviewer suitable?",
    rows=(
        Row(
            "conflict",
            {"conflict_of_interest": YES},
            Result.NOT_SUITABLE,
            "a real or perceived conflict of interest",
            "K",
        ),
        Row(
            "suitable",
            {
                "knowledge_of_reviews": YES,
                "knowledge_of_research": YES,
                "sees_complex_circumstances": YES,
                "avoids_hindsight": YES,
                "communicates": YES,
                "conflict_of_interest": NO,
            },
            Result.SUITABLE,
            "every quality considered and present, no conflict of interest",
            "K",
        ),
    ),
    must_know=frozenset({"conflict_of_interest"}),
    otherwise=Row("quality", {}, Result.NOT_SUITABLE, "a quality that the guidance asks for is missing", "K"),
)
"""Decision table DT-4, from Working Together 2018, «Commissioning a reviewer»: text not yet checked."""


def any_of(*answers: LimbAnswer) -> LimbAnswer:
    """«yes» if one of them is, «not known» if none is but one might be, else «no»."""
    if YES in answers:
        return YES
    return NOT_KNOWN if NOT_KNOWN in answers else NO


def flip(answer: LimbAnswer) -> LimbAnswer:
    """The answer to the opposite question; not known stays not known."""
    return {"yes": NO, "no": YES}.get(answer, NOT_KNOWN)  # type: ignore[return-value]

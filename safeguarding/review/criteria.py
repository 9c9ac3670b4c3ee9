"""
The legal tests as tables: each row says what must be answered how, what follows, and on what basis.

Answers are «yes», «no» or «not known». Rows are read from the top; the first that fits decides. Where a row above
it might fit, were something known that is not, and would say something else, information is asked for: «not known»
never falls through to «not met», and what is certain either way does not wait for it. Rows stand in the order of the
statute, and each names its provision; what rests on guidance, on practice or on nothing that was read says so.
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


NO_PROVISION: Final = "no provision of an Act or regulations"
"""What a row names where nothing in force asks for what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    One row: the answers it needs (a question not named may have any answer), the result, and why.

    `provision` is the Act or the regulations by number, or says that there is none; `basis` is the sentence that a
    person reads; `confidence` is how far the source was checked, as the tags of the rules say it.
    """

    number: str
    when: Mapping[str, str]
    result: Result
    provision: str
    basis: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Table:
    """
    A decision table. `asks`: each question that its rows name, as the sentence that is true where the answer is «yes».
    `must_know`: questions that must be known before the last row is read.
    """

    number: str
    name: str
    asks: Mapping[str, str]
    rows: tuple[Row, ...]
    otherwise: Row
    must_know: frozenset[str] = frozenset()


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


# --------------------------------------------------------------------------- children: whom to notify

_S16C: Final = "Children Act 2004 s.16C(1)"

_CHILD_AND_ABUSE: Final = {"under_18": YES, "abuse_or_neglect": YES, "died_or_seriously_harmed": YES}
"""What both limbs of section 16C ask for: a child, whom the authority knows or suspects to be abused or neglected."""

NOTIFICATION: Final = Table(
    number="DT-1a",
    name="Must the local authority notify the national Panel?",
    asks={
        "under_18": "the person was under 18",
        "abuse_or_neglect": "abuse or neglect is known or suspected",
        "died_or_seriously_harmed": "the child died or was seriously harmed",
        "in_this_area": "it happened in this area",
        "normally_resident_here": "it happened outside England, and the child normally lives in this area",
        "in_another_english_area": "it happened in another English authority's area",
    },
    rows=(
        Row(
            number="1-2",
            when={**_CHILD_AND_ABUSE, "in_this_area": YES},
            result=Result.NOTIFY_PANEL,
            provision=f"{_S16C}(a)",
            basis="abuse or neglect of a child is known or suspected, and the child died or was seriously harmed in "
            "the local authority's area",
            confidence="V",
        ),
        Row(
            number="3",
            when={**_CHILD_AND_ABUSE, "normally_resident_here": YES},
            result=Result.NOTIFY_PANEL,
            provision=f"{_S16C}(b)",
            basis="abuse or neglect of a child is known or suspected, and the child died or was seriously harmed "
            "outside England while normally resident in the area",
            confidence="V",
        ),
        Row(
            number="4",
            when={**_CHILD_AND_ABUSE, "in_another_english_area": YES},
            result=Result.OTHER_AREA_NOTIFIES,
            provision=f"{_S16C}(a)",
            basis="the duty to notify is that of the authority in whose area it happened; that it leads is the "
            "national Panel's answer to a frequently asked question [V2]",
            confidence="V",
        ),
    ),
    otherwise=Row(
        number="7-8",
        when={},
        result=Result.NO_NOTIFICATION,
        provision=_S16C,
        basis="section 16C asks for a child, abuse or neglect known or suspected, and a death or serious harm in the "
        "area or, of a child resident there, outside England. A death in a regulated setting has no national duty of "
        "its own: local practice only",
        confidence="V",
    ),
)
"""
Decision table DT-1, rows 1 to 4 and 7 to 8: the duty to notify the Panel. Abuse or neglect counts as «yes» when known
or suspected. The duty is the authority's. Age and place are limbs of the duty, and of nothing else.
"""

NOTICE_OF_DEATH: Final = Table(
    number="DT-1b",
    name="Must the Secretary of State and Ofsted be told of the death?",
    asks={
        "died": "the person died",
        "looked_after": "the child was looked after by this local authority",
        "care_leaver": "the person was a care leaver of 18 to 24",
    },
    rows=(
        Row(
            number="5",
            when={"died": YES, "looked_after": YES},
            result=Result.NOTIFY_SECRETARY_OF_STATE,
            provision="Children Act 1989 Sch.2 para 20(1)(a)",
            basis="the authority looking after a child notifies the child's death, wherever the child died and "
            "whether or not abuse or neglect is suspected",
            confidence="V",
        ),
        Row(
            number="6",
            when={"died": YES, "care_leaver": YES},
            result=Result.NOTIFY_SECRETARY_OF_STATE,
            provision=f"{NO_PROVISION}: guidance",
            basis="the death of a care leaver of 18 to 24 should be notified; an adult in law, so the test for a "
            "safeguarding adults review is applied as well",
            confidence="V2",
        ),
    ),
    otherwise=Row(
        number="none",
        when={},
        result=Result.NO_NOTIFICATION,
        provision="Children Act 1989 Sch.2 para 20(1)",
        basis="neither a child looked after by this authority nor a care leaver has died",
        confidence="V",
    ),
)
"""
Decision table DT-1, rows 5 and 6: the notice of a death. It is owed beside whatever the Panel is owed, and not instead.
"""

# --------------------------------------------------------------------------- adults: section 44

_S44: Final = "Care Act 2014 s.44"

ADULT_REVIEW: Final = Table(
    number="DT-5",
    name="Must a Safeguarding Adults Review be arranged?",
    asks={
        "needs": "the adult, of 18 or over and in the area, had needs for care and support",
        "concern": "there is reasonable cause for concern about how partners worked together",
        "died": "the adult died, and it is known or suspected that abuse or neglect was the cause",
        "alive": "the adult lives, and serious abuse or neglect is known or suspected",
    },
    rows=(
        Row(
            number="5",
            when={"needs": NO},
            result=Result.NOT_A_SAR,
            provision=f"{_S44}(1)",
            basis="no needs for care and support",
            confidence="V",
        ),
        Row(
            number="1",
            when={"needs": YES, "concern": YES, "died": YES},
            result=Result.MANDATORY,
            provision=f"{_S44}(1) and (2)",
            basis="reasonable cause for concern about how partners worked together, and the death is known or "
            "suspected to result from abuse or neglect",
            confidence="V",
        ),
        Row(
            number="2",
            when={"needs": YES, "concern": YES, "alive": YES},
            result=Result.MANDATORY,
            provision=f"{_S44}(1) and (3)",
            basis="reasonable cause for concern about how partners worked together, and serious abuse or neglect of "
            "the living adult is known or suspected",
            confidence="V",
        ),
    ),
    otherwise=Row(
        number="3-4",
        when={},
        result=Result.DISCRETIONARY,
        provision=f"{_S44}(4)",
        basis="a review may be arranged in any other case",
        confidence="V",
    ),
    must_know=frozenset({"needs", "concern", "died", "alive"}),
)
"""Decision table DT-5. Self-neglect counts as abuse or neglect; a prior section 42 enquiry is not required [V2]."""

# --------------------------------------------------------------------------- children: a local review

_S16F: Final = "Children Act 2004 s.16F(1)"
_REG11: Final = "S.I. 2018/789 reg.11"
_MET: Final = {"serious_case": YES, "importance_to_area": YES, "any_criterion": YES}

LOCAL_REVIEW: Final = Table(
    number="DT-2",
    name="Should a local child safeguarding practice review be commissioned?",
    asks={
        "serious_case": "it is a serious child safeguarding case",
        "importance_to_area": "it raises issues of importance in relation to the area",
        "any_criterion": "one of the criteria of regulation 11(a) to (d) is met",
        "new_learning": "new learning is likely, beyond what the rapid review captured",
    },
    rows=(
        Row(
            number="4",
            when={"serious_case": NO},
            result=Result.OPEN_CHOICE,
            provision=f"{NO_PROVISION}: guidance",
            basis="not a serious child safeguarding case: a discretionary review or other learning",
            confidence="K",
        ),
        Row(
            number="4a",
            when={"serious_case": YES, "importance_to_area": NO},
            result=Result.OPEN_CHOICE,
            provision=f"{_S16F}(a)",
            basis="no issues of importance in relation to the area: section 16F does not ask for a review",
            confidence="V",
        ),
        Row(
            number="1",
            when={**_MET, "new_learning": YES},
            result=Result.LOCAL_REVIEW,
            provision=f"{_S16F}; {_REG11}",
            basis="issues of importance in relation to the area, and a criterion to be taken into account is met; a "
            "review follows where the partners consider it appropriate. That new learning points to one is our own "
            "reading: no source joins the two",
            confidence="D",
        ),
        Row(
            number="2",
            when={**_MET, "new_learning": NO},
            result=Result.NO_LOCAL_REVIEW,
            provision=f"{_S16F}; {_REG11}",
            basis="issues of importance in relation to the area, and a criterion to be taken into account is met; the "
            "rapid review has captured the learning",
            confidence="V2",
        ),
    ),
    otherwise=Row(
        number="2a",
        when={},
        result=Result.OPEN_CHOICE,
        provision=f"{_S16F}; {_REG11}",
        basis="the list of criteria is open, so reasons decide",
        confidence="V",
    ),
    must_know=frozenset({"serious_case", "importance_to_area", "any_criterion"}),
)
"""Decision table DT-2. The criteria are factors to take into account, not a score: reasons are needed either way."""

# --------------------------------------------------------------------------- the reviewer

_QUALITIES: Final = "S.I. 2018/789 reg.12 asks for an appointment; of qualities it says nothing: guidance, not read"

REVIEWER: Final = Table(
    number="DT-4",
    name="Is this reviewer suitable?",
    asks={
        "conflict_of_interest": "there is a real or perceived conflict of interest",
        "knowledge_of_reviews": "has knowledge and practice of reviews, with practitioners and families",
        "knowledge_of_research": "has knowledge of relevant research",
        "sees_complex_circumstances": "recognises complex circumstances",
        "avoids_hindsight": "views practice as it was at the time, not by hindsight",
        "communicates": "communicates findings effectively",
    },
    rows=(
        Row(
            number="conflict",
            when={"conflict_of_interest": YES},
            result=Result.NOT_SUITABLE,
            provision=_QUALITIES,
            basis="a real or perceived conflict of interest",
            confidence="K",
        ),
        Row(
            number="suitable",
            when={
                "knowledge_of_reviews": YES,
                "knowledge_of_research": YES,
                "sees_complex_circumstances": YES,
                "avoids_hindsight": YES,
                "communicates": YES,
                "conflict_of_interest": NO,
            },
            result=Result.SUITABLE,
            provision=_QUALITIES,
            basis="every quality considered and present, no conflict of interest",
            confidence="K",
        ),
    ),
    otherwise=Row(
        number="quality",
        when={},
        result=Result.NOT_SUITABLE,
        provision=_QUALITIES,
        basis="a quality that the guidance asks for is missing",
        confidence="K",
    ),
    must_know=frozenset({"conflict_of_interest"}),
)
"""Decision table DT-4, from Working Together 2018, «Commissioning a reviewer»: text not yet checked."""

TABLES: Final = (NOTIFICATION, NOTICE_OF_DEATH, LOCAL_REVIEW, REVIEWER, ADULT_REVIEW)
"""Every decision table."""


def any_of(*answers: LimbAnswer) -> LimbAnswer:
    """«yes» if one of them is, «not known» if none is but one might be, else «no»."""
    if YES in answers:
        return YES
    return NOT_KNOWN if NOT_KNOWN in answers else NO

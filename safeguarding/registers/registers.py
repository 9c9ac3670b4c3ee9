"""
The registers, in their order: what each is called, which rows it has, how it is narrowed and what it is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from safeguarding.duties.retention import CLOSED, ERASED
from safeguarding.registers.actions import ActionRow, action_rows
from safeguarding.registers.breaches import BreachRow, DeferralRow, breach_rows, deferral_rows
from safeguarding.registers.columns import Column, columns_of
from safeguarding.registers.decisions import DecisionRow, decision_kinds, decision_rows
from safeguarding.registers.dissemination import DISSEMINATED, DisseminationRow, dissemination_rows
from safeguarding.registers.known import RecordKnown
from safeguarding.registers.letters import LetterRow, letter_rows
from safeguarding.registers.publications import MARKED, PublicationRow, publication_rows
from safeguarding.registers.recommendations import HOLDING, KINDS, RecommendationRow, recommendation_rows
from safeguarding.registers.requests import RequestInRegister, request_rows
from safeguarding.registers.reviews import CLOSING, COUNTED, ReviewInRegister, review_rows
from safeguarding.registers.timeliness import LATE, DateRow, date_rows
from safeguarding.stages import STEPS

FORMAT_VERSION = 1
"""Of the columns: it goes up only where one is renamed, removed or comes to mean something else."""

MadeOf = Literal["clocks", "requests", "actions", "letters", "lines", "events"]
"""A part of what is known that a register is made of, beside the reviews."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One register."""

    name: str
    """As a file, a sheet and an address have it."""
    title: str
    about: str
    """What it holds, in a sentence."""
    row: type
    made: Callable[[RecordKnown, date], Sequence[Any]]
    needs: frozenset[MadeOf]
    kinds: Callable[[], frozenset[str]] = frozenset
    """The kinds of line that it is made of, beside those that correct a date or take a step back."""
    holding: tuple[str, ...] = ()
    """Of those kinds only lines in which one of these stands, as the ledger writes it; every line where it is empty."""
    day: str
    """The column whose day puts a row within the past twelve months."""
    state: str = "state"
    agency: str = ""
    """The column of the agency, where rows are an agency's; else nothing."""
    themes: str = ""
    """The column of the themes, several divided by a semicolon, where rows have any; else nothing."""
    by_reference: bool = False
    """Whether its rows stand in the order of their reviews' references; else in that in which those were opened."""
    at_the_pages: bool = True
    """Whether it is a page too. Where it is not it is a file, and the review's own page has its rows."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, in their order."""
        return columns_of(self.row)

    def rows(self, known: RecordKnown, today: date) -> Sequence[Any]:
        """Every row, as it stands on a day (London)."""
        return self.made(known, today)


@cache
def _marking(*marks: str) -> frozenset[str]:
    return frozenset(step.kind for step in STEPS.values() if step.marks & {*marks})


def _published() -> frozenset[str]:
    return _marking(*MARKED) | {ERASED}


def _closed() -> frozenset[str]:
    return _marking(CLOSED)


def _explained() -> frozenset[str]:
    return _marking("deferral_recorded", "reason_given")


_MARKED = (*(f'"name":"{mark}"' for mark in MARKED), '"second":')
"""What stands in the lines of publications; an erasing, which makes no mark, names the second who agreed to it."""
_WHY = ('"entry":"deferral"', '"entry":"reason"')

REGISTERS: dict[str, Register] = {
    one.name: one
    for one in (
        Register(
            name="decisions",
            title="Decisions",
            about="Every decision that stands: what, who, when, by which provision, who dissented, and where the "
            "criteria are not met the learning route.",
            row=DecisionRow,
            made=lambda known, today: decision_rows(known),
            needs=frozenset({"lines"}),
            kinds=decision_kinds,
            day="decided_on",
            state="criteria",
        ),
        Register(
            name="reviews",
            title="Reviews",
            about="Every review there ever was: where it stands, or how it ended.",
            row=ReviewInRegister,
            made=lambda known, today: review_rows(known, date_rows(known, today, COUNTED)),
            needs=frozenset({"clocks", "lines"}),
            kinds=_closed,
            holding=CLOSING,
            day="opened_on",
        ),
        Register(
            name="publications",
            title="Publications",
            about="What was published of which review and when, and what was decided not to be.",
            row=PublicationRow,
            made=publication_rows,
            needs=frozenset({"lines"}),
            kinds=_published,
            holding=_MARKED,
            day="published_on",
        ),
        Register(
            name="breaches",
            title="Breaches",
            about="Every date that was missed, the law's and the partnership's own, and whether the record says why.",
            row=BreachRow,
            made=lambda known, today: breach_rows(known, date_rows(known, today, LATE)),
            needs=frozenset({"clocks", "lines"}),
            kinds=_explained,
            holding=_WHY,
            day="due_on",
            by_reference=True,
        ),
        Register(
            name="deferrals",
            title="Deferrals and reasons",
            about="Every deferral of a date of the law, and every reason given after one had passed.",
            row=DeferralRow,
            made=lambda known, today: deferral_rows(known),
            needs=frozenset({"lines"}),
            kinds=_explained,
            holding=_WHY,
            day="recorded_on",
        ),
        Register(
            name="requests",
            title="Requests by agency",
            about="What each agency was asked for, whether it answered, and by how much it was late.",
            row=RequestInRegister,
            made=request_rows,
            needs=frozenset({"requests"}),
            day="asked_on",
            agency="agency",
            by_reference=True,
        ),
        Register(
            name="timeliness",
            title="Timeliness by duty",
            about="Every date that was ever owed, whether it was met, and by how much it was late.",
            row=DateRow,
            made=date_rows,
            needs=frozenset({"clocks"}),
            day="due_on",
            by_reference=True,
        ),
        Register(
            name="actions",
            title="Actions",
            about="Every action: whose it is, by when, how it stands and on what evidence. What it says is sealed.",
            row=ActionRow,
            made=action_rows,
            needs=frozenset({"actions", "clocks"}),
            day="due_on",
            state="status",
            agency="agency",
            themes="themes",
        ),
        Register(
            name="recommendations",
            title="Recommendations",
            about="Every recommendation: to whom, on which themes, what was decided, which actions answer it. What it "
            "says is sealed.",
            row=RecommendationRow,
            made=lambda known, today: recommendation_rows(known),
            needs=frozenset({"actions", "lines"}),
            kinds=lambda: KINDS,
            holding=HOLDING,
            day="made_on",
            state="decision",
            agency="agency",
            themes="themes",
        ),
        Register(
            name="dissemination",
            title="Dissemination",
            about="What was sent to which agency of what was learnt, and whether it was read or discussed there.",
            row=DisseminationRow,
            made=dissemination_rows,
            needs=frozenset({"clocks", "lines"}),
            kinds=lambda: DISSEMINATED,
            day="sent_on",
            agency="agency",
        ),
        Register(
            name="letters",
            title="Letters",
            about="Every letter and message about a review: to whom, about what, and whether it arrived.",
            row=LetterRow,
            made=lambda known, today: letter_rows(known),
            needs=frozenset({"letters"}),
            day="written_on",
            state="outcome",
            at_the_pages=False,  # Ninety a review and more: nobody pages through those of all reviews.
        ),
    )
}
"""Every register by its name."""

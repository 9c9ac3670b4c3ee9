"""
The register of decisions: every decision that stands, with those that end a case without a review and its learning.

A joint decision is the partners' together; where the partnership's file has somebody else decide, it is theirs. What
was taken back as a wrong step is no decision, and has no row: the ledger keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple

from safeguarding.dates.london import london_date
from safeguarding.law.partnership import Partnership
from safeguarding.law.roles import ROLES
from safeguarding.registers.columns import Means
from safeguarding.registers.known import RecordKnown, ReviewKnown
from safeguarding.registers.lines import StandingLine
from safeguarding.review.as_arranged import DECIDED_BY, POSITIONS
from safeguarding.review.criteria import Result
from safeguarding.review.events import Event
from safeguarding.review.proof import how_known
from safeguarding.review.states import State
from safeguarding.stages import STEPS

TOGETHER = "the safeguarding partners together"
Criteria = Literal["met", "not met", "may be reviewed", "for another area", ""]
FOUND: dict[str, Criteria] = {
    Result.NOTIFY_PANEL: "met",
    Result.OTHER_AREA_NOTIFIES: "for another area",
    Result.NO_NOTIFICATION: "not met",
    Result.MANDATORY: "met",
    Result.DISCRETIONARY: "may be reviewed",
    Result.NOT_A_SAR: "not met",
    Result.ANOTHER_BOARD: "for another area",
    Result.LOCAL_REVIEW: "met",
    Result.NO_LOCAL_REVIEW: "not met",
    Result.OPEN_CHOICE: "may be reviewed",
}
"""Whether the criteria of a legal test are met, by what the test came to."""
NOT_MET_BY_KIND = ("not_serious_case", "notification_withdrawn")
"""The kinds of line that say by themselves that the criteria are not met."""
LEARNING = {
    "no local review: learning captured": "captured in the rapid review",
    "no local review: actions to follow up": "actions that are followed up",
    "other learning": "learning in another way",
}
"""The learning route that an outcome is by itself, where the form asks for no other."""
OUTCOMES = ("outcome", "answer", "what", "publish", "becomes", "to", "because", "why", "ground")
"""The questions whose coded answer says what was decided, of the forms that have one; the first that was answered."""
DAYS = ("decided_on", "accepted_on", "closed_on", "removed_on", "on", "told_on", "known_on")
"""The questions for the day of a decision, of the forms that have one; the first that was answered."""
OF_ITS_OWN = "deferral_recorded"
"""The kind of decision that has a register of its own."""


class DecisionRow(NamedTuple):
    """One decision that stands."""

    reference: Annotated[str, Means("The review.", "reference")]
    track: Annotated[str, Means("The track of the review: children or adults.", "code")]
    pseudonym: Annotated[str, Means("How the person of the review is spoken of.", "text")]
    decision: Annotated[str, Means("What kind of decision it is, as the history of the review calls it.", "code")]
    outcome: Annotated[str, Means("What was decided: the coded answer; empty where the kind says it all.", "code")]
    state: Annotated[str, Means("Where the review stood by it; empty where it did not move.", "code")]
    criteria: Annotated[
        Criteria,
        Means(
            "What the legal test found on the answers given: met, not met, may be reviewed (the law leaves the "
            "choice), for another area, or empty where none was applied.",
            "code",
        ),
    ]
    learning_route: Annotated[
        str,
        Means(
            "Where no review follows, by which way there is learning all the same: as it was chosen; else empty.",
            "code",
        ),
    ]
    decided_on: Annotated[date, Means("The day of the decision, as it was put right since.", "day")]
    decided_by: Annotated[
        str,
        Means(
            "Whose decision it is: the safeguarding partners together, or the role of whoever decides alone.", "text"
        ),
    ]
    signed_by: Annotated[str, Means("Who signed it, as they were called then.", "text")]
    signed_as: Annotated[str, Means("In which roles they signed, as the partnership's file then had them.", "text")]
    signed_for: Annotated[str, Means("For which partner or agency they signed; else empty.", "text")]
    known_by: Annotated[str, Means("How it is known that it was they.", "code")]
    authority: Annotated[
        str, Means("The provision of the law by which the test decides; empty where none is named.", "text")
    ]
    dissent: Annotated[bool, Means("Whether a partner dissented.", "yes or no")]
    dissented: Annotated[
        str, Means("Which partners dissented, divided by a semicolon; their reasons are sealed.", "text")
    ]
    absent: Annotated[str, Means("Which partners were absent, divided by a semicolon.", "text")]
    by_deputy: Annotated[str, Means("For which partners a deputy spoke, divided by a semicolon.", "text")]
    year: Annotated[int, Means("The calendar year of the decision.", "year")]
    line: Annotated[int, Means("The line of the review's ledger that says so.", "line")]


@cache
def decision_kinds() -> frozenset[str]:
    """The kinds of line that may be a decision."""
    steps = (step for step in STEPS.values() if step.decision or POSITIONS in step.form.model_fields)
    return frozenset(step.kind for step in steps) - {OF_ITS_OWN}


@cache
def _decides_always(kind: str) -> bool:
    return any(step.decision for step in STEPS.values() if step.kind == kind)


def decision_rows(known: RecordKnown) -> list[DecisionRow]:
    """Every decision that stands, by review and in their order."""
    return [row for review in known.reviews.values() for row in _of_a_review(known, review)]


def _of_a_review(known: RecordKnown, review: ReviewKnown) -> Iterator[DecisionRow]:
    for line in known.lines.get(review.reference, ()):
        event = line.event
        if event.kind in decision_kinds() and (_decides_always(event.kind) or event.facts.get(POSITIONS)):
            yield _row(line, review, known.rulebook.partnership)


def _row(line: StandingLine, review: ReviewKnown, partnership: Partnership) -> DecisionRow:
    event, on = line.event, _day(line)
    positions = _Positions(event, partnership)
    signer = event.who(event.actor.person)
    person = partnership.ever(event.actor.person)
    roles = signer.roles if signer else person.roles if person else ()
    return DecisionRow(
        reference=review.reference,
        track=review.track.value,
        pseudonym=review.pseudonym,
        decision=event.title,
        outcome=_outcome(event),
        state=State(event.to).words if event.to else "",
        criteria=_criteria(event),
        learning_route=_learning(event),
        decided_on=on,
        decided_by=_whose(event, roles),
        signed_by=signer.name if signer else person.name if person else event.actor.person,
        signed_as=_roles(roles),
        signed_for=_whom(signer.of if signer else (person.partner or "") if person else "", partnership),
        known_by=how_known(event.actor),
        authority="; ".join(dict.fromkeys(str(one["provision"]) for one in _findings(event) if "provision" in one)),
        dissent=bool(positions.of("dissent")),
        dissented=positions.of("dissent"),
        absent=positions.of("absent"),
        by_deputy=positions.by_deputy,
        year=on.year,
        line=event.sequence,
    )


class _Positions:
    """The positions of the partners that a line holds, each partner by its name."""

    def __init__(self, event: Event, partnership: Partnership) -> None:
        self._event, self._partnership = event, partnership
        self._given: Mapping[str, Mapping[str, Any]] = event.facts.get(POSITIONS) or {}

    def of(self, position: str) -> str:
        """The partners that took a position."""
        return self._named(partner for partner, one in self._given.items() if one.get("position") == position)

    @property
    def by_deputy(self) -> str:
        """The partners for whom a deputy spoke."""
        return self._named(partner for partner, one in self._given.items() if self._is_deputy(one.get("person")))

    def _is_deputy(self, person: Any) -> bool:
        named = self._event.who(str(person)) if person else None
        return named is not None and "deputy_partner" in named.roles

    def _named(self, partners: Iterator[str]) -> str:
        return "; ".join(_whom(partner, self._partnership) for partner in partners)


def _day(line: StandingLine) -> date:
    given = next((day for name in DAYS if (day := line.answered(name)) is not None), None)
    return given or london_date(line.event.at)


def _outcome(event: Event) -> str:
    given = next((said for name in OUTCOMES if isinstance(said := event.facts.get(name), str) and said), "")
    if not given and event.kind == "notification_decided":
        given = next((str(one["result"]) for one in _findings(event) if "result" in one), "")
    return given.replace("_", " ")


def _findings(event: Event) -> list[Mapping[str, Any]]:
    found = [event.facts[name] for name in ("panel", "notice") if isinstance(event.facts.get(name), Mapping)]
    return found or [event.facts]


def _criteria(event: Event) -> Criteria:
    if event.kind in NOT_MET_BY_KIND:
        return "not met"
    found = _findings(event)[0]
    return FOUND.get(str(found.get("finding", found.get("result", ""))), "")


def _learning(event: Event) -> str:
    route = event.facts.get("learning_route")
    return str(route) if isinstance(route, str) else LEARNING.get(str(event.facts.get("outcome", "")), "")


def _whose(event: Event, roles: tuple[str, ...]) -> str:
    decided_by = event.facts.get(DECIDED_BY)
    if isinstance(decided_by, str):
        return ROLES.get(decided_by, decided_by.replace("_", " "))
    return TOGETHER if event.facts.get(POSITIONS) else _roles(roles)


def _roles(roles: tuple[str, ...]) -> str:
    return "; ".join(ROLES.get(role, role.replace("_", " ")) for role in roles)


def _whom(of: str, partnership: Partnership) -> str:
    """A partner or an agency by its name; nothing where there is none."""
    named = next((one.name for one in partnership.partners if one.id == of), None)
    agency = partnership.agency_named(of) if of and named is None else None
    return named or (agency.name if agency else of.replace("_", " "))

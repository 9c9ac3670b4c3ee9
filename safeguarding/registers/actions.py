"""
The register of actions: whose each is, by when, how it stands and on what evidence. What it says is sealed.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

from safeguarding.law.partnership import Partnership
from safeguarding.registers.columns import Means
from safeguarding.registers.known import RecordKnown, ReviewKnown
from safeguarding.registers.timeliness import working_days_late
from safeguarding.review.review import Action
from safeguarding.review.words import agency_name
from safeguarding.stages.beside.actions import GRADES

EVIDENCE = {grade: words for words, grade in GRADES.items()}
"""The best evidence of an action in words, by its grade."""


class ActionRow(NamedTuple):
    """One action of a review."""

    reference: Annotated[str, Means("The review.", "reference")]
    track: Annotated[str, Means("The track of the review: children or adults.", "code")]
    action: Annotated[str, Means("The number of the action within its review, such as A01.", "text")]
    agency: Annotated[str, Means("Whose action it is: the agency, by its name today.", "text")]
    owner: Annotated[str, Means("Who owns it, by name.", "text")]
    due_on: Annotated[date, Means("The day by which it is owed.", "day")]
    status: Annotated[
        str,
        Means(
            "agreed, in progress, evidence submitted, verified, embedded, superseded, withdrawn, reopened, or done "
            "before (it came into this record as done).",
            "code",
        ),
    ]
    moved_on: Annotated[date | None, Means("The day of its last change of status; empty before the first.", "day")]
    evidence: Annotated[str, Means("The best evidence that was recorded: none, assertion, document and on.", "code")]
    verified_by: Annotated[str, Means("Who verified it, by name; empty where nobody did.", "text")]
    done: Annotated[bool, Means("Whether nothing more is owed on it.", "yes or no")]
    late: Annotated[bool, Means("Whether it is not done and its day has passed.", "yes or no")]
    late_working_days: Annotated[
        int | None,
        Means(
            "By how many working days its day has passed; 0 where it is done or not late; empty outside the years "
            "whose bank holidays are known.",
            "working days",
        ),
    ]
    year: Annotated[int, Means("The calendar year of the day by which it is owed.", "year")]


def action_rows(known: RecordKnown, today: date) -> list[ActionRow]:
    """Every action as it stands on a day (London), by review and number."""
    return [
        _row(one, review, known, today)
        for review in known.reviews.values()
        for one in known.actions.get(review.reference, ())
    ]


def _row(action: Action, review: ReviewKnown, known: RecordKnown, today: date) -> ActionRow:
    partnership, late = known.rulebook.partnership, not action.done and today > action.due_on
    return ActionRow(
        reference=review.reference,
        track=review.track.value,
        action=action.id,
        agency=agency_name(action.agency, partnership),
        owner=_name(action.owner, partnership),
        due_on=action.due_on,
        status=action.status,
        moved_on=action.moved_on,
        evidence=EVIDENCE.get(action.grade, ""),
        verified_by=_name(action.verified_by, partnership),
        done=action.done,
        late=late,
        late_working_days=working_days_late(action.due_on, today, known.rulebook.calendar) if late else 0,
        year=action.due_on.year,
    )


def _name(person: str, partnership: Partnership) -> str:
    """A person as the file calls or called them; nothing where there is none."""
    known = partnership.ever(person) if person else None
    return known.name if known is not None else person

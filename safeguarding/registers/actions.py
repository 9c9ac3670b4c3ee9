"""
The register of actions: whose each is, by when, how it stands and on what evidence. What it says is sealed.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import date
from typing import Annotated, NamedTuple

from safeguarding.law.partnership import Partnership
from safeguarding.law.roles import ROLES
from safeguarding.law.themes import theme_words
from safeguarding.registers.columns import Means
from safeguarding.registers.known import RecordKnown, ReviewKnown
from safeguarding.registers.timeliness import working_days_late
from safeguarding.review.impact import LOOKS
from safeguarding.review.learnt import Action
from safeguarding.review.words import agency_name
from safeguarding.stages.beside.action_updates import GRADES

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
    themes: Annotated[
        str, Means("The themes of the recommendation or the lesson that it is for, divided by a semicolon.", "text")
    ]
    recommendation: Annotated[str, Means("The recommendation that it is for, by number; empty where none is.", "text")]
    lesson: Annotated[str, Means("The lesson that it answers at once, by number; empty where none is.", "text")]
    role: Annotated[str, Means("In which role its owner has it; empty where none was said.", "text")]
    priority: Annotated[str, Means("high, medium or low; empty where none was said.", "code")]
    waits_for: Annotated[
        str,
        Means("The actions that are done before it and are not done, divided by a semicolon.", "text"),
    ]
    blocked: Annotated[bool, Means("Whether something else is in its way, which is said in sealed words.", "yes or no")]
    evidence_at: Annotated[str, Means("The reference of its latest evidence, or where that is kept.", "text")]
    first_due_on: Annotated[date, Means("The day by which it was owed first.", "day")]
    postponed: Annotated[int, Means("How often its day was moved to a later one.", "number")]
    impact: Annotated[
        str,
        Means(
            "What was seen when its impact was looked at last: change seen, no change seen, too early to say; empty "
            "before.",
            "code",
        ),
    ]
    impact_on: Annotated[date | None, Means("The day of that look; empty before.", "day")]
    what_now: Annotated[str, Means("Where no change was seen, what is done about that.", "code")]
    next_look_on: Annotated[
        date | None, Means("The day by which its impact is to be looked at next; empty where no look is due.", "day")
    ]


def action_rows(known: RecordKnown, today: date) -> list[ActionRow]:
    """Every action as it stands on a day (London), by review and number."""
    rows: list[ActionRow] = []
    looks = _next_looks(known)
    for review in known.reviews.values():
        actions = known.actions.get(review.reference, ())
        undone = {one.id for one in actions if not one.done}
        rows += [_row(one, review, undone, looks.get((review.reference, one.id)), known, today) for one in actions]
    return rows


def _next_looks(known: RecordKnown) -> dict[tuple[str, str], date]:
    """The next look at the impact of each action that is to be looked at, by review and action."""
    looks = {rule.id for rule in known.rulebook.rules if rule.settled_by in LOOKS}
    found: dict[tuple[str, str], date] = {}
    for clock in known.clocks:
        if clock.rule in looks and not clock.ended:
            key = (clock.reference, clock.subject)
            found[key] = min(found.get(key, clock.due_on), clock.due_on)
    return found


def _row(
    action: Action, review: ReviewKnown, undone: Set[str], next_look: date | None, known: RecordKnown, today: date
) -> ActionRow:
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
        themes="; ".join(theme_words(one, partnership.themes) for one in action.themes),
        recommendation=action.recommendation,
        lesson=action.lesson,
        role=ROLES.get(action.role, action.role),
        priority=action.priority,
        waits_for="; ".join(one for one in action.blocked_by if one in undone),
        blocked=action.blocked,
        evidence_at=action.evidence,
        first_due_on=action.first_due_on or action.due_on,
        postponed=action.postponed,
        impact=action.impact,
        impact_on=action.impact_on,
        what_now=action.what_now,
        next_look_on=next_look,
    )


def _name(person: str, partnership: Partnership) -> str:
    """A person as the file calls or called them; nothing where there is none."""
    known = partnership.ever(person) if person else None
    return known.name if known is not None else person

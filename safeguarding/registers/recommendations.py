"""
The register of recommendations: to whom each is made, about which themes, what was decided, which actions answer it.

What each says, and why one will not be implemented, is sealed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, NamedTuple

from safeguarding.law.themes import theme_words
from safeguarding.registers.columns import Means
from safeguarding.registers.known import RecordKnown, ReviewKnown
from safeguarding.registers.lines import StandingLine
from safeguarding.review.learning_entries import ActionAdded, RecommendationDecided, RecommendationRecorded
from safeguarding.review.learnt import DONE, LEFT, Action
from safeguarding.review.words import agency_name

KINDS = frozenset({"recommendation_recorded", "recommendation_decided", "action_added"})
"""The kinds of line by which this register is made."""
HOLDING = ('"entry":"recommendation_recorded"', '"entry":"recommendation_decided"', '"recommendation":"R')
"""What stands in those of their lines that are about a recommendation."""
NOT_DECIDED = "not decided"


class RecommendationRow(NamedTuple):
    """One recommendation of a review."""

    reference: Annotated[str, Means("The review.", "reference")]
    track: Annotated[str, Means("The track of the review: children or adults.", "code")]
    recommendation: Annotated[str, Means("The number of the recommendation within its review, such as R01.", "text")]
    agency: Annotated[
        str,
        Means("To which agency it is made, by its name today; empty where to whom is sealed (a body outside).", "text"),
    ]
    themes: Annotated[str, Means("Its themes, divided by a semicolon.", "text")]
    findings: Annotated[str, Means("The findings that it comes from, divided by a semicolon.", "text")]
    made_on: Annotated[date, Means("The day on which it was made.", "day")]
    due_on: Annotated[date | None, Means("The day by which it is to be done; empty where none was named.", "day")]
    decision: Annotated[str, Means("accepted, will not be implemented, or not decided.", "code")]
    decided_on: Annotated[date | None, Means("The day of that decision; empty before.", "day")]
    actions: Annotated[str, Means("The actions that are for it, by number, divided by a semicolon.", "text")]
    done: Annotated[
        bool,
        Means(
            "Whether every action for it is verified or embedded, without those withdrawn or replaced; no where none "
            "is left.",
            "yes or no",
        ),
    ]
    year: Annotated[int, Means("The calendar year in which it was made.", "year")]
    line: Annotated[int, Means("The line of the review's ledger that says so.", "line")]


def recommendation_rows(known: RecordKnown) -> list[RecommendationRow]:
    """Every recommendation that stands, by review and number."""
    return [row for review in known.reviews.values() for row in _of_a_review(review, known)]


def _of_a_review(review: ReviewKnown, known: RecordKnown) -> Iterator[RecommendationRow]:
    lines = known.lines.get(review.reference, ())
    entries = [(line, entry) for line in lines for entry in line.entries]
    decided = {one.recommendation: one for _, one in entries if isinstance(one, RecommendationDecided)}
    answers = {one.action: one.recommendation for _, one in entries if isinstance(one, ActionAdded)}
    for line, one in entries:
        if isinstance(one, RecommendationRecorded):
            actions = [a for a in known.actions.get(review.reference, ()) if answers.get(a.id) == one.recommendation]
            yield _row(review, line, one, decided.get(one.recommendation), actions, known)


def _row(
    review: ReviewKnown,
    line: StandingLine,
    made: RecommendationRecorded,
    decided: RecommendationDecided | None,
    actions: Sequence[Action],
    known: RecordKnown,
) -> RecommendationRow:
    partnership, left = known.rulebook.partnership, [one for one in actions if one.status not in LEFT]
    return RecommendationRow(
        reference=review.reference,
        track=review.track.value,
        recommendation=made.recommendation,
        agency=agency_name(made.agency, partnership) if made.agency else "",
        themes="; ".join(theme_words(one, partnership.themes) for one in made.themes),
        findings="; ".join(made.findings),
        made_on=made.on,
        due_on=made.due_on,
        decision=decided.decision if decided else NOT_DECIDED,
        decided_on=decided.on if decided else None,
        actions="; ".join(one.id for one in actions),
        done=bool(left) and all(one.status in DONE for one in left),
        year=made.on.year,
        line=line.event.sequence,
    )

"""
The register of dissemination: what went to which agency of what was learnt, and whether it was read or discussed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, NamedTuple

from safeguarding.registers.columns import Means
from safeguarding.registers.known import RecordKnown, ReviewKnown
from safeguarding.registers.lines import StandingLine
from safeguarding.registers.timeliness import working_days_late
from safeguarding.review.entries_put_right import day_of
from safeguarding.review.learning_entries import LearningRead, LearningShared
from safeguarding.review.shared_learning import LEARNING_READ, answer_key
from safeguarding.review.words import agency_name

DISSEMINATED = frozenset({"learning_shared", "learning_read"})
"""The kinds of line by which this register is made."""
NO_WORD = "no word yet"
LET_OFF = "no reply wanted any more"


class DisseminationRow(NamedTuple):
    """Something that was sent to one agency."""

    reference: Annotated[str, Means("The review.", "reference")]
    track: Annotated[str, Means("The track of the review: children or adults.", "code")]
    sharing: Annotated[str, Means("The number of what was sent within its review, such as D01.", "text")]
    what: Annotated[
        str, Means("What was sent: the report, a briefing, a digest, a presentation or something else.", "code")
    ]
    agency: Annotated[str, Means("The agency that it was sent to, by its name today.", "text")]
    how: Annotated[str, Means("How it was sent.", "code")]
    sent_on: Annotated[date, Means("The day on which it was sent.", "day")]
    due_on: Annotated[
        date, Means("The day by which it was to be read or discussed, as it was named or extended.", "day")
    ]
    state: Annotated[str, Means("no word yet, read, discussed in team, or no reply wanted any more.", "code")]
    answered_on: Annotated[
        date | None, Means("The day on which it was read or discussed; empty where there is no word of it.", "day")
    ]
    people: Annotated[
        int | None, Means("How many people read or discussed it; empty where it was not counted.", "number")
    ]
    late: Annotated[
        bool, Means("Whether it was first read after that day, or has not been and the day has passed.", "yes or no")
    ]
    late_working_days: Annotated[
        int | None,
        Means(
            "By how many working days; 0 where it is not late; empty outside the years whose bank holidays are known.",
            "working days",
        ),
    ]
    year: Annotated[int, Means("The calendar year in which it was sent.", "year")]
    line: Annotated[int, Means("The line of the review's ledger that says it was sent.", "line")]


def dissemination_rows(known: RecordKnown, today: date) -> list[DisseminationRow]:
    """Everything that was sent, agency by agency, by review and number."""
    due = {(clock.reference, clock.subject): clock.due_on for clock in known.clocks if clock.rule == LEARNING_READ}
    return [row for review in known.reviews.values() for row in _of_a_review(review, known, due, today)]


def _of_a_review(
    review: ReviewKnown, known: RecordKnown, due: Mapping[tuple[str, str], date], today: date
) -> Iterator[DisseminationRow]:
    lines = known.lines.get(review.reference, ())
    said: dict[tuple[str, str], list[LearningRead]] = {}
    for line in lines:
        for one in line.entries:
            if isinstance(one, LearningRead):
                said.setdefault((one.sharing, one.agency), []).append(one)
    for line in lines:
        for one in line.entries:
            if isinstance(one, LearningShared):
                for agency in one.agencies:
                    key = answer_key(one.sharing, agency)
                    days = {"answer_by": due.get((review.reference, key), one.answer_by)}
                    days["on"] = day_of(("learning_shared",), key, line.marks, one.on)
                    theirs = said.get((one.sharing, agency), ())
                    yield _row(review, line, one.model_copy(update=days), agency, theirs, known, today)


def _row(
    review: ReviewKnown,
    line: StandingLine,
    sent: LearningShared,
    agency: str,
    answers: Sequence[LearningRead],
    known: RecordKnown,
    today: date,
) -> DisseminationRow:
    last = answers[-1] if answers else None
    let_off = last is not None and last.outcome == LET_OFF
    first = min((one.on for one in answers if one.outcome != LET_OFF), default=None)
    late = not let_off and (first or today) > sent.answer_by
    return DisseminationRow(
        reference=review.reference,
        track=review.track.value,
        sharing=sent.sharing,
        what=sent.what,
        agency=agency_name(agency, known.rulebook.partnership),
        how=sent.how,
        sent_on=sent.on,
        due_on=sent.answer_by,
        state=last.outcome if last else NO_WORD,
        answered_on=last.on if last and not let_off else None,
        people=last.people if last else None,
        late=late,
        late_working_days=working_days_late(sent.answer_by, first or today, known.rulebook.calendar) if late else 0,
        year=sent.on.year,
        line=line.event.sequence,
    )

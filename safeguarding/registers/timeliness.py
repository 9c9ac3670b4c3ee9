"""
The register of timeliness: every date that was ever owed, whether it was met, and by how much it was late.

A day that was moved is one row, by the day that counted in the end. A minimum («at least a year») is nothing that is
owed, and has none. What is too late for a planned day of publication is late for nothing yet: that day moves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Annotated, Literal, NamedTuple, get_args

from safeguarding.dates.counting import Kind
from safeguarding.dates.working_days import Calendar, working_days_between
from safeguarding.duties.lateness import only_planned
from safeguarding.errors import HorizonPassed, LawNotFound
from safeguarding.law.rulebook import Rulebook
from safeguarding.registers.columns import Means
from safeguarding.registers.known import ClockKnown, RecordKnown, ReviewKnown
from safeguarding.review.words import subject_words

SET_BY = (
    "What sets the day: the level of its source, or the partnership itself. Of a duty of the law whose day another "
    "source or this product chose, both."
)
OURSELVES = "the partnership itself"
"""Who sets a day that is the partnership's own, or of a rule that the rulebook has no more."""

HowMet = Literal["met", "met late", "overdue", "running", "standing still", "fell away"]
"""How a date stands. `fell away`: it ended without being met, because it was owed no more."""
LATE: tuple[HowMet, ...] = ("met late", "overdue")
"""The states of a date that was missed."""


class DateRow(NamedTuple):
    """One date that was or is owed."""

    reference: Annotated[str, Means("The review.", "reference")]
    track: Annotated[str, Means("The track of the review: children or adults.", "code")]
    rule: Annotated[
        str, Means("The id of the duty's rule; one that begins with local. is the partnership's own.", "code")
    ]
    title: Annotated[str, Means("What is owed: the title of the rule.", "text")]
    of: Annotated[str, Means("Whose it is, where each agency or action has a date of its own; else empty.", "text")]
    occurrence: Annotated[int, Means("Which time it was owed, counted from 1.", "number")]
    law: Annotated[bool, Means("Whether an Act, regulations or guidance set the day itself.", "yes or no")]
    set_by: Annotated[str, Means(SET_BY, "text")]
    counted_from: Annotated[date, Means("The day of the event from which it is counted.", "day")]
    due_on: Annotated[date, Means("The day on which it was or is due.", "day")]
    met_on: Annotated[date | None, Means("The day on which it was met; empty where it was not.", "day")]
    state: Annotated[
        HowMet,
        Means(
            "met, met late, overdue (not met, and its day has passed), running, standing still (a local date that is "
            "suspended) or fell away (owed no more, without being met).",
            "code",
        ),
    ]
    late_working_days: Annotated[
        int | None,
        Means(
            "By how many working days it was met late or is overdue by now; 0 where it is not late; empty where it "
            "fell away, stands still or lies outside the years whose bank holidays are known.",
            "working days",
        ),
    ]
    late_calendar_days: Annotated[int | None, Means("The same in calendar days.", "calendar days")]
    year: Annotated[int, Means("The calendar year of the day on which it was or is due.", "year")]
    counted_from_event: Annotated[str, Means("What happened on the day from which it is counted.", "text")]
    how_counted: Annotated[
        str,
        Means(
            "How the day follows from it, such as within 15 working days; empty where the rulebook has the rule no "
            "more.",
            "text",
        ),
    ]
    edition: Annotated[str, Means("The edition of the rule by which it is counted.", "code")]


class _RuleKnown(NamedTuple):
    title: str
    law: bool
    set_by: str
    minimum: bool


def date_rows(known: RecordKnown, today: date, states: Collection[HowMet] = get_args(HowMet)) -> list[DateRow]:
    """Every date that was ever owed, or those in these states, as it stands on a day (London); by review and day."""
    found = list(_rows(known, today, states))
    return sorted(found, key=lambda row: (row.reference, row.due_on, row.rule, row.of, row.occurrence))


def _rows(known: RecordKnown, today: date, states: Collection[HowMet]) -> Iterator[DateRow]:
    rules: dict[str, _RuleKnown] = {}
    counts: dict[tuple[str, str], str] = {}
    for clock in known.clocks:
        review, state = known.reviews.get(clock.reference), state_of(clock, today)
        if review is None or state not in states:
            continue
        if clock.rule not in rules:
            rules[clock.rule] = _rule(clock.rule, known.rulebook)
        by = clock.rule, clock.edition
        if by not in counts:
            counts[by] = _how_counted(clock, known.rulebook)
        if not rules[clock.rule].minimum:
            yield _row(clock, state, review, rules[clock.rule], counts[by], known.rulebook, today)


def _how_counted(clock: ClockKnown, rulebook: Rulebook) -> str:
    """The count of a clock by its edition, in words; nothing where the rulebook has lost the rule or its law."""
    try:
        rule = rulebook.rule(clock.rule)
        return rule.counts_in(rule.edition_of(clock.edition, clock.anchored_on)).words
    except LawNotFound:
        return ""


def _rule(rule: str, rulebook: Rulebook) -> _RuleKnown:
    try:
        known = rulebook.rule(rule)
    except LawNotFound:  # The rulebook has lost the rule: the date was owed all the same, and is shown by its id.
        return _RuleKnown(rule, False, OURSELVES, False)
    set_by = known.level_words if known.statutory else known.number_level.words if known.date_is_law else OURSELVES
    return _RuleKnown(known.title, known.date_is_law, set_by, known.counts.kind is Kind.MINIMUM)


def _row(
    clock: ClockKnown,
    state: HowMet,
    review: ReviewKnown,
    rule: _RuleKnown,
    how_counted: str,
    rulebook: Rulebook,
    today: date,
) -> DateRow:
    until = (clock.ended_on or today) if state in LATE else clock.due_on
    counted = state not in ("fell away", "standing still")
    return DateRow(
        reference=clock.reference,
        track=review.track.value,
        rule=clock.rule,
        title=rule.title,
        of=subject_words(clock.subject, rulebook.partnership) if clock.subject else "",
        occurrence=clock.occurrence,
        law=rule.law,
        set_by=rule.set_by,
        counted_from=clock.anchored_on,
        due_on=clock.due_on,
        met_on=clock.ended_on if clock.ended == "settled" else None,
        state=state,
        late_working_days=working_days_late(clock.due_on, until, rulebook.calendar) if counted else None,
        late_calendar_days=(until - clock.due_on).days if counted else None,
        year=clock.due_on.year,
        counted_from_event=rulebook.milestone_words(clock.anchor),
        how_counted=how_counted,
        edition=clock.edition,
    )


def state_of(clock: ClockKnown, today: date) -> HowMet:
    """How a date stands on a day (London)."""
    match clock.ended:
        case "settled":
            late = clock.ended_on is not None and clock.ended_on > clock.due_on and not only_planned(clock.anchor)
            return "met late" if late else "met"
        case "suspended":
            return "standing still"
        case "":
            return "overdue" if today > clock.due_on else "running"
    return "fell away"


def working_days_late(due_on: date, until: date, calendar: Calendar) -> int | None:
    """The working days after a due day up to another, none before it; None outside the bank holidays that are known."""
    if until <= due_on:
        return 0
    try:
        return working_days_between(due_on, until, calendar)
    except HorizonPassed:
        return None

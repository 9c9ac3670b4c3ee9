"""
The registers of breaches and of deferrals: each date that was missed, and why, as far as the record says so.

A reason moves no date and hides none. It was told as a deferral where the date was still to be met, or given after the
event; its words are sealed, and the ground is a coded answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, NamedTuple

from safeguarding.errors import LawNotFound
from safeguarding.law.rulebook import Rulebook
from safeguarding.registers.columns import Means
from safeguarding.registers.known import RecordKnown
from safeguarding.registers.lines import StandingLine
from safeguarding.registers.timeliness import LATE, SET_BY, DateRow
from safeguarding.review.events import DeferralMade, ReasonGiven


class BreachRow(NamedTuple):
    """One date that was missed: met late, or not met by now."""

    reference: Annotated[str, Means("The review.", "reference")]
    track: Annotated[str, Means("The track of the review: children or adults.", "code")]
    rule: Annotated[
        str, Means("The id of the duty's rule; one that begins with local. is the partnership's own.", "code")
    ]
    title: Annotated[str, Means("What was owed: the title of the rule.", "text")]
    of: Annotated[str, Means("Whose it is, where each agency or action has a date of its own; else empty.", "text")]
    law: Annotated[
        bool,
        Means(
            "Whether an Act, regulations or guidance set the day itself. To pass a day that the partnership set is by "
            "itself no breach of the law.",
            "yes or no",
        ),
    ]
    set_by: Annotated[str, Means(SET_BY, "text")]
    due_on: Annotated[date, Means("The day on which it was due.", "day")]
    met_on: Annotated[date | None, Means("The day on which it was met; empty where it is not yet.", "day")]
    state: Annotated[str, Means("met late, or overdue (not met yet).", "code")]
    late_working_days: Annotated[
        int | None,
        Means("By how many working days; empty outside the years whose bank holidays are known.", "working days"),
    ]
    late_calendar_days: Annotated[int | None, Means("The same in calendar days.", "calendar days")]
    deferred: Annotated[bool, Means("Whether a deferral of this duty is on record for the review.", "yes or no")]
    deferral_ground: Annotated[str, Means("The ground of the last deferral; empty where there is none.", "code")]
    reason_given: Annotated[bool, Means("Whether a reason was given after the event.", "yes or no")]
    reason_ground: Annotated[str, Means("The ground of the last reason given after the event; else empty.", "code")]
    year: Annotated[int, Means("The calendar year of the day on which it was due.", "year")]


class DeferralRow(NamedTuple):
    """One deferral, told before the day or after it, or one reason that was given after the event."""

    reference: Annotated[str, Means("The review.", "reference")]
    track: Annotated[str, Means("The track of the review: children or adults.", "code")]
    rule: Annotated[str, Means("The id of the duty's rule.", "code")]
    title: Annotated[str, Means("What is owed: the title of the rule.", "text")]
    state: Annotated[str, Means("deferral (still to be met then), or reason given after the event.", "code")]
    ground: Annotated[str, Means("The ground, as it was chosen; the reasons themselves are sealed.", "code")]
    recorded_on: Annotated[date, Means("The day on which the reasons were sent, decided on or given.", "day")]
    sent_to: Annotated[str, Means("To whom they were sent, divided by a semicolon; empty where to nobody.", "text")]
    expected_on: Annotated[date | None, Means("The day on which it was then expected; none of a reason.", "day")]
    year: Annotated[int, Means("The calendar year in which it was recorded.", "year")]
    line: Annotated[int, Means("The line of the review's ledger that says so.", "line")]


class _Why(NamedTuple):
    reference: str
    line: int
    ground: str
    entry: DeferralMade | ReasonGiven


def breach_rows(known: RecordKnown, dates: Iterable[DateRow]) -> list[BreachRow]:
    """Every date that was missed, by review and due day; `dates` are those of the other register that are late."""
    deferred: dict[tuple[str, str], str] = {}
    given: dict[tuple[str, str], str] = {}
    for one in _why(known):
        into = deferred if isinstance(one.entry, DeferralMade) else given
        into[one.reference, one.entry.rule] = one.ground
    return [_breach(row, deferred, given) for row in dates if row.state in LATE]


def _breach(row: DateRow, deferred: dict[tuple[str, str], str], given: dict[tuple[str, str], str]) -> BreachRow:
    of = (row.reference, row.rule)
    return BreachRow(
        reference=row.reference,
        track=row.track,
        rule=row.rule,
        title=row.title,
        of=row.of,
        law=row.law,
        set_by=row.set_by,
        due_on=row.due_on,
        met_on=row.met_on,
        state=row.state,
        late_working_days=row.late_working_days,
        late_calendar_days=row.late_calendar_days,
        deferred=of in deferred,
        deferral_ground=deferred.get(of, ""),
        reason_given=of in given,
        reason_ground=given.get(of, ""),
        year=row.year,
    )


def deferral_rows(known: RecordKnown) -> list[DeferralRow]:
    """Every deferral and every reason given after the event, by review and in the order of the lines."""
    return [_deferral(one, known) for one in _why(known)]


def _deferral(why: _Why, known: RecordKnown) -> DeferralRow:
    entry = why.entry
    return DeferralRow(
        reference=why.reference,
        track=known.reviews[why.reference].track.value,
        rule=entry.rule,
        title=_title(entry.rule, known.rulebook),
        state="deferral" if isinstance(entry, DeferralMade) else "reason given after the event",
        ground=why.ground,
        recorded_on=entry.on,
        sent_to="; ".join(to.replace("_", " ") for to in entry.sent_to),
        expected_on=entry.expected_on if isinstance(entry, DeferralMade) else None,
        year=entry.on.year,
        line=why.line,
    )


def _why(known: RecordKnown) -> Iterator[_Why]:
    for reference in known.reviews:
        for line in known.lines.get(reference, ()):
            yield from _of_a_line(reference, line)


def _of_a_line(reference: str, line: StandingLine) -> Iterator[_Why]:
    for entry in line.entries:
        if isinstance(entry, ReasonGiven):
            yield _Why(reference, line.event.sequence, entry.ground, entry)
        elif isinstance(entry, DeferralMade):
            yield _Why(reference, line.event.sequence, str(line.event.facts.get("ground") or ""), entry)


def _title(rule: str, rulebook: Rulebook) -> str:
    try:
        return rulebook.rule(rule).title
    except LawNotFound:
        return rule

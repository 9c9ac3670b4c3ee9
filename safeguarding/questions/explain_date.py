"""
A date of one review explained: who recorded the event it is counted from, each day counted and each skipped, what
took the place of what and why, what would have changed it, and what to do if it cannot be met.

For a chair, a partner or an inspector who asks «why the 12th and not the 11th?». Sealed reasons stay sealed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from safeguarding.dates.counting import Counts, Unit
from safeguarding.dates.day_by_day import Working, work_out
from safeguarding.dates.working_days import add_working_days, say
from safeguarding.duties.earlier_text import noted
from safeguarding.duties.superseding import opened_on
from safeguarding.duties.suspension import (
    Bound,
    counted_again,
    how_it_stands,
    lost_by,
    time_suspended,
)
from safeguarding.errors import HorizonPassed, LawNotFound, SafeguardingError
from safeguarding.law.roles import ROLES
from safeguarding.law.rule import Edition, Rule
from safeguarding.law.rulebook import Rulebook, conventions
from safeguarding.questions.explain_rule import held_back_words
from safeguarding.questions.explained_in_words import capped_at, in_words, last_closed
from safeguarding.questions.explanation import AnchorEvent, DutyRow, Explained
from safeguarding.questions.other_count import stretch_lines
from safeguarding.review.events import Event
from safeguarding.review.proof import how_known, how_signed_in, is_own
from safeguarding.review.review import Deferral, Duty, Review
from safeguarding.review.words import subject_words
from safeguarding.stages.discretionary import is_discretionary
from safeguarding.stages.report_sent import ofsted_waits

SPOKEN_OF = {"national_panel": "national Panel", "secretary_of_state": "Secretary of State"}
"""To whom the reasons of a deferral went, as they are spoken of."""


class DutyNotStarted(SafeguardingError):
    """A review in which the duty asked about has never been owed."""

    code = "duty-not-started"

    def __init__(self, reference: str, rule: str, why: str) -> None:
        self.reference = reference
        super().__init__(f"{reference}: {why}", reference, rule, why)


def explain_duty(
    review: Review, events: Sequence[Event], asked: str, rulebook: Rulebook, today: date, subject: str | None = None
) -> tuple[Explained, ...]:
    """
    A date of a review explained, by the rule's id or name: one answer, or one for each agency or action.

    `events` are the lines of the review's ledger. Of an occurrence that recurs the latest is explained. Raises
    LawNotFound for a rule that does not exist and DutyNotStarted for one that this review has never owed.
    """
    rule = rulebook.rule(asked)
    rows = [duty for duty in review.duties if duty.rule == rule.id and subject in (None, duty.subject)]
    if not rows:
        raise DutyNotStarted(review.reference, rule.id, _not_started(review, rule, subject, rulebook))
    latest = {duty.subject: duty for duty in rows if duty.ended != "superseded"}
    return tuple(explained(review, events, duty, rulebook, today) for duty in latest.values())


def _not_started(review: Review, rule: Rule, subject: str | None, rulebook: Rulebook) -> str:
    if subject is not None and any(duty.rule == rule.id for duty in review.duties):
        known = ", ".join(sorted({duty.subject for duty in review.duties if duty.rule == rule.id and duty.subject}))
        return (
            f"{rule.title} ({rule.id}) was never owed by '{subject}'. It is or was owed by: {known or 'nobody named'}."
        )
    if rule.track not in ("both", review.track.value):
        return f"{rule.title} ({rule.id}) belongs to the other track."
    if rule.track_only or rule.starts is None:
        return f"{rule.title} ({rule.id}) has no clock: it is shown and cited only."
    return f"{rule.title} ({rule.id}) is not owed yet. It begins when {rulebook.milestone_words(rule.starts)}."


def explained(
    review: Review, events: Sequence[Event], duty: Duty, rulebook: Rulebook, today: date, *, names: bool = True
) -> Explained:
    """
    One row of a duty explained. Without `names`, whoever recorded it is known by their role: for a page in Prefect.

    Raises LawNotFound and HorizonPassed, where the rulebook no longer reaches it.
    """
    rule = rulebook.rule(duty.rule)
    edition = rule.edition_of(duty.edition, duty.anchored_on)
    opening = opened_on(duty, rule, review)
    made = Explained.model_validate(
        {
            **_law(rule, edition),
            "reference": review.reference,
            "held_back": held_back_words(rule, duty.anchored_on),
            "subject": duty.subject,
            "whose": subject_words(duty.subject, rulebook.partnership) if duty.subject else "",
            "anchor": _recorded(duty.anchor, duty.anchored_on, duty, events, rulebook, names),
            "opened": _recorded(str(rule.starts), opening, duty, events, rulebook, names) if opening else None,
            "due_on": duty.due_on,
            "state": duty.ended or ("suspended" if duty.suspended else "owed"),
            "standing": None if duty.ended else how_it_stands(duty, rule.counts.kind, today, rulebook.calendar),
            "working": work_out(_counted_from(duty, rule), rule.counts_in(edition), rulebook.calendar),
            "remainder": _remainder(duty, rulebook),
            "stops": duty.stops,
            "suspended_working_days": time_suspended(duty, today, rulebook.calendar).working_days,
            "rows": tuple(_row(row) for row in review.duties if row.key == duty.key),
            "deferrals": _deferrals(review, duty, rulebook),
            "conventions": conventions(rule, rulebook.partnership.choices),
            "stretch": stretch_lines(review, rulebook, rule.id),
            "not_given_back": sum(lost_by(stop, rulebook.calendar) for stop in duty.stops),
            "would_change": _would_change(review, duty, rule, edition, rulebook),
            "words": (),
        }
    )
    words = in_words(made, duty, rule, edition, rulebook, today, discretionary=is_discretionary(review))
    return made.model_copy(update={"words": tuple(words)})


def _law(rule: Rule, edition: Edition) -> dict[str, Any]:
    """The rule and its edition, with how far each is checked."""
    return {
        "rule": rule.id,
        "name": rule.name,
        "title": rule.title,
        "level": rule.level_words,
        "statutory": rule.statutory,
        "edition": edition.name,
        "in_force_from": edition.from_day,
        "citations": edition.citations,
        "confidence": edition.confidence,
        "confidence_words": edition.confidence.words,
        "length_confidence": edition.length_tag,
        "length_confidence_words": edition.length_tag.words,
        "counts": rule.counts_in(edition).words,
        "on_miss": rule.advice,
    }


def _counted_from(duty: Duty, rule: Rule) -> date:
    """The day that the working begins with: an agreed date is itself the day."""
    return duty.due_on if rule.counts.unit is Unit.AGREED_DATE else duty.anchored_on


def _recorded(name: str, on: date, duty: Duty, events: Sequence[Event], rulebook: Rulebook, names: bool) -> AnchorEvent:
    """The latest line, up to the one that wrote the row, that says that this happened on this day."""
    lines = [
        event
        for event in events
        if event.sequence <= duty.started_at
        and any(m.name == name and m.on == on and m.subject in ("", duty.subject) for m in event.marks)
    ]
    words = rulebook.milestone_words(name)
    if not lines:
        return AnchorEvent(milestone=name, words=words, on=on, line=0)
    line = lines[-1]
    # A line of an earlier program says no name: then the file as it is today is all there is.
    who = line.who(line.actor.person) or rulebook.partnership.ever(line.actor.person)
    role = "the " + ", ".join(ROLES.get(role, role) for role in who.roles) if who else "somebody no longer in the file"
    name_or_role = (who.name if who else line.actor.person) if names else role
    return AnchorEvent(
        milestone=name,
        words=words,
        on=on,
        line=line.sequence,
        recorded_at=line.at,
        recorded_by=line.actor.person if names else "",
        by=name_or_role,
        attestation=how_signed_in(line.actor) or line.actor.attestation.value,
        how=how_known(line.actor),
        minute=line.actor.minute if names and not is_own(line.actor) else "",  # typed by a person: it stays in there
    )


def _row(duty: Duty) -> DutyRow:
    return DutyRow(
        occurrence=duty.occurrence,
        anchored_on=duty.anchored_on,
        due_on=duty.due_on,
        edition=duty.edition,
        calendar=duty.calendar,
        line=duty.started_at,
        ended=duty.ended,
        ended_on=duty.ended_on,
        ended_at=duty.ended_at,
        why=duty.why,
        stops=duty.stops,
    )


def _deferrals(review: Review, duty: Duty, rulebook: Rulebook) -> tuple[str, ...]:
    """The reasons on record beside the date, and that it ran on another text, where that was noted."""
    waits = (f"{ofsted_waits(review)}.",) if duty.rule in ("C13", "C14") and ofsted_waits(review) else ()
    return (
        waits
        + noted(review, rulebook, duty.rule)
        + tuple(
            f"Deferral recorded on {say(made.on)}, sent to {_to(made.sent_to)}: {_expected(made)}. "
            "The reasons are sealed in the record. The date stands."
            for made in review.deferrals
            if made.rule == duty.rule
        )
    )


def _expected(made: Deferral) -> str:
    if made.expected_on is None:
        return "it waits for an event whose day is not known"
    return f"now expected on {say(made.expected_on)}"


def _to(bodies: Sequence[str]) -> str:
    """Bodies outside the partnership as they are spoken of."""
    return " and ".join(f"the {SPOKEN_OF.get(one, one)}" for one in bodies)


# --------------------------------------------------------------------------- what would have changed it


def _would_change(review: Review, duty: Duty, rule: Rule, edition: Edition, rulebook: Rulebook) -> tuple[str, ...]:
    unit, calendar = rule.counts.unit, rulebook.calendar
    what = rulebook.milestone_words(duty.anchor)
    if unit is Unit.AGREED_DATE:
        return ("Only another day agreed by the same people, recorded with its reason.",)
    lines = []
    try:
        days = [add_working_days(duty.anchored_on, step, calendar) for step in (-1, 1)]
        dues = [_through(review, duty, rule, edition, day, rulebook) for day in days]
        lines.append(
            f"The day counted from ({what}): {say(days[0])} would have given {say(dues[0])}, and {say(days[1])} "
            f"would have given {say(dues[1])}. A wrong day is put right with 'Correct a date'; both stay on record."
        )
    except (HorizonPassed, LawNotFound):
        lines.append(f"The day counted from ({what}), put right with 'Correct a date'; both stay on record.")
    if unit in (Unit.WORKING_DAYS, Unit.AS_SOON_AS_POSSIBLE):
        first, last = sorted((duty.anchored_on, duty.due_on))
        lines.append(f"A bank holiday added or taken away between {say(first)} and {say(last)}.")
    lines.append(
        "No trial, inquest or other review: nothing found stops this clock. Reasons for delay go into a deferral."
        if rule.statutory
        else "A suspension, on a ground and until it is looked at again: it is the partnership's own date."
    )
    return tuple(lines)


def _through(review: Review, duty: Duty, rule: Rule, edition: Edition, day: date, rulebook: Rulebook) -> date:
    if duty.extended is not None:
        return duty.due_on
    due_on = rule.due_on(day, rulebook.calendar, edition=edition)
    bound = _bound_from(review, duty, day, rulebook)
    return counted_again(day, due_on, duty.stops, rulebook.calendar, bound)[0]


def _bound_from(review: Review, duty: Duty, day: date, rulebook: Rulebook) -> Bound | None:
    """What a date is capped at if its anchor had happened on a day: a bound counted from the same event moves too."""
    bound = capped_at(duty)
    if bound is None:
        return None
    law = rulebook.rule(bound.rule)
    row = [row for row in review.duties if row.rule == law.id and row.due_on == bound.on][-1:]
    if not row or (row[0].anchor, row[0].anchored_on) != (duty.anchor, duty.anchored_on):
        return bound
    edition = law.edition_of(row[0].edition, row[0].anchored_on)
    return Bound(law.id, law.due_on(day, rulebook.calendar, edition=edition))


def _remainder(duty: Duty, rulebook: Rulebook) -> Working | None:
    """What was left when it last went on, counted again from that day; None if it was never suspended."""
    if not any(stop.until for stop in duty.stops):
        return None
    stop = last_closed(duty)
    unit = Unit.WORKING_DAYS if stop.unit == "working days" else Unit.CALENDAR_DAYS
    return work_out(max(duty.counted_from, duty.anchored_on), Counts(unit=unit, length=stop.left), rulebook.calendar)

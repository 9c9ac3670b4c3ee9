"""
The dates of a review as entries of a diary: what is owed on which day, and whose day it is.

An entry is named for good by what is owed (reference, rule, agency or action, occurrence), so that a diary that has
it already is corrected when the day moves. It carries the reference, the rule and the day; nobody's name.
"""

from __future__ import annotations

from datetime import date, datetime

from safeguarding.dates.counting import Kind
from safeguarding.dates.working_days import on_or_before, say
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.notice import fitting
from safeguarding.notices.owed import Owed, due_in_words, owed_words
from safeguarding.notices.recipients import owners
from safeguarding.questions.plan_lines import Plan
from safeguarding.review.review import Duty, Review
from safeguarding.values import Frozen, Moment


class DiaryEntry(Frozen):
    """One date of one review."""

    reference: str
    rule: str
    subject: str = ""
    occurrence: int = 1
    day: date
    summary: str
    description: str
    statutory: bool
    moved: int = 0
    """How often it was superseded or cancelled: grows with each change, so that the latest wins."""
    changed_at: Moment
    """When the line of the ledger was written that last changed it."""
    cancelled: bool = False
    owners: tuple[str, ...] = ()
    stage: str = ""

    @property
    def name(self) -> str:
        """What names it for good within one record."""
        parts = (self.reference, self.rule, self.subject, str(self.occurrence))
        return "-".join(part for part in parts if part).lower()


def entries(review: Review, rulebook: Rulebook) -> tuple[DiaryEntry, ...]:
    """
    Every date that a review still owes, and every one that fell away without being met (as cancelled).

    What was met is no entry any more; a «not before» never was one, and a suspended date is none until it goes on.
    """
    written = {line.sequence: line.at for line in review.history}
    superseded: dict[tuple[str, str, int], int] = {}
    for duty in review.duties:
        superseded[duty.key] = superseded.get(duty.key, 0) + (duty.ended == "superseded")
    return tuple(
        _entry(duty, review, rulebook, superseded[duty.key], written)
        for duty in review.duties
        if duty.ended not in ("superseded", "settled") and not duty.guard
    )


def _entry(duty: Duty, review: Review, rulebook: Rulebook, superseded: int, written: dict[int, datetime]) -> DiaryEntry:
    rule = rulebook.rule(duty.rule)
    owed = Owed.of(duty, review)
    # Cancelled and taken up again carries the same number twice; the time of the change then decides, as RFC 5546 says.
    cancelled = bool(duty.ended) or duty.suspended is not None
    return DiaryEntry(
        reference=review.reference,
        rule=rule.id,
        subject=duty.subject,
        occurrence=duty.occurrence,
        day=duty.due_on,
        summary=f"{review.reference}: {owed_words(owed, rule, rulebook.partnership)}",
        description=_described(duty, rule, rulebook),
        statutory=rule.date_is_law,
        moved=superseded + cancelled,
        changed_at=written.get(duty.ended_at or duty.started_at, review.opened_at),
        cancelled=cancelled,
        owners=tuple(person.id for person in owners(owed, rulebook)),
        stage=rule.stage,
    )


def _described(duty: Duty, rule: Rule, rulebook: Rulebook) -> str:
    edition = rule.edition_of(duty.edition, duty.anchored_on)
    lines = [f"{rule.title} ({rule.id}), {rule.counts_in(edition).words}, counted from {say(duty.anchored_on)}."]
    calendar = rulebook.calendar
    if (window := due_in_words(duty, rule, calendar)) != say(duty.due_on):
        lines.append(f"Its window: {window}.")
    if duty.due_on <= calendar.last and (reason := calendar.why_not(duty.due_on)):
        aim = say(on_or_before(duty.due_on, calendar))
        lines.append(f"{say(duty.due_on)} is not a working day ({reason}): aim for {aim}.")
    source = fitting([edition.words]) or fitting([edition.name_words]) or edition.number.instrument[:200]
    lines += [f"Source: {source}.", f"Checked: {edition.caution or edition.length_tag.words}."]
    return "\n".join(lines)


def of_person(found: tuple[DiaryEntry, ...], person: str) -> tuple[DiaryEntry, ...]:
    """The entries of which a person is the owner."""
    return tuple(entry for entry in found if person in entry.owners)


def of_panel(found: tuple[DiaryEntry, ...]) -> tuple[DiaryEntry, ...]:
    """The entries of the review panel: its meetings and everything of the panel's stage."""
    return tuple(entry for entry in found if entry.stage == "panel")


def planned(plan: Plan, now: datetime) -> tuple[DiaryEntry, ...]:
    """The days of a plan as entries, each on the working day to do it; what is done has none."""
    name = plan.reference or f"plan-{plan.title.split(',')[0]}-{plan.begins_on}"
    counted: dict[tuple[str, str], int] = {}
    made = []
    for line in plan.lines:
        if line.ended or line.kind is Kind.MINIMUM:
            continue
        number = counted[line.rule, line.subject] = counted.get((line.rule, line.subject), 0) + 1
        room = f" {line.slack_words[:1].upper()}{line.slack_words[1:]}." if line.slack_words else ""
        limit = "" if line.plan_on == line.due_on else f" The limit is {say(line.due_on)}."
        limit += f" Its window: {line.days}." if line.opens_on else ""
        made.append(
            DiaryEntry(
                reference=name,
                rule=line.rule,
                subject=line.subject,
                occurrence=number,
                day=line.plan_on,
                summary=f"{plan.reference or 'Plan'}: {line.title}{f' ({line.subject})' if line.subject else ''}",
                description=f"{line.owner[:1].upper()}{line.owner[1:]}.{room}{limit} From: {line.because}.",
                statutory=line.statutory,
                changed_at=now,
            )
        )
    return tuple(made)

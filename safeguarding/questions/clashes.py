"""
What is wrong with a plan: a gate that cannot be met or would be broken, a publication taken down within its year, a
date in the Christmas week, two meetings of one panel on a day.

Found by looking at the dates as they would be; nothing here moves any.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from safeguarding.dates.counting import Direction, Kind
from safeguarding.dates.working_days import say
from safeguarding.law.citation import Level
from safeguarding.law.milestones import MILESTONES
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.advance_copy import plans_the_full_report
from safeguarding.review.review import Duty, Review
from safeguarding.review.states import Track
from safeguarding.stages.report_sent import TO_ALL, is_met
from safeguarding.values import Frozen

if TYPE_CHECKING:
    from safeguarding.questions.supposed import Supposed

CHRISTMAS = ((12, 24), (1, 1))
"""
The week in which nobody answers: 24 December to 1 January, both included. A design default, and no rule: a working
day between them is a working day, and a date there stands.
"""

MEETINGS = {
    "rapid_review_meeting_held": "the rapid review meeting",
    "panel_meeting_held": "the review panel",
    "recommendation_made": "the safeguarding adults review group",
}
"""The milestones that are a meeting, and who meets."""

AFTER = {"advance_copy_sent": "report_accepted", "justification_sent": "report_accepted"}
"""What must have happened before a gate can be met."""

What = Literal[
    "gate cannot be met",
    "gate broken",
    "before its day",
    "met late",
    "already past",
    "after the law's date",
    "Christmas week",
    "two meetings in a day",
]


class Clash(Frozen):
    """One thing that does not fit."""

    kind: What
    on: date
    reference: str
    rule: str = ""
    words: str
    new: bool
    """Whether the supposition brings it about: if not, it is there today already."""
    design_default: bool = False


def clashes_of(
    before: Review,
    after: Review,
    supposed: Sequence[Supposed],
    rulebook: Rulebook,
    today: date,
    others: Sequence[Review] = (),
) -> list[Clash]:
    """Everything that does not fit in a review as it would be, the earliest day first; on a day, the law first."""
    there = {(clash.kind, clash.on, clash.rule) for clash in _found(before, (), rulebook, today, others)}
    each = {(clash.kind, clash.on, clash.rule): clash for clash in _found(after, supposed, rulebook, today, others)}
    found = [clash.model_copy(update={"new": key not in there}) for key, clash in each.items()]
    # What was met late before is history: only what the supposition itself makes late is a clash.
    found = [clash for clash in found if clash.new or clash.kind != "met late"]
    return sorted(found, key=lambda clash: (clash.on, not clash.new, clash.design_default, clash.kind, clash.rule))


def _found(
    review: Review, supposed: Sequence[Supposed], rulebook: Rulebook, today: date, others: Sequence[Review]
) -> Iterator[Clash]:
    for duty in review.running():
        rule = rulebook.rule(duty.rule)
        yield from _gates(review, duty, rule, rulebook, today)
        yield from _past(review, duty, rule, today)
        yield from _after_the_law(review, duty, rule, rulebook)
        if in_christmas_week(duty.due_on):
            words = f"{rule.title} ({rule.id}) falls on {say(duty.due_on)}, in the Christmas week"
            yield _clash("Christmas week", duty.due_on, review, rule.id, words, design_default=True)
    yield from _late(review, rulebook)
    yield from _too_early(review, rulebook)
    for one in supposed:
        if one.event == "published" and review.track is Track.CHILDREN:
            yield from _published_through_a_gate(review, one.on, rulebook)
        if in_christmas_week(one.on):
            words = f"It is supposed that {one.words}, in the Christmas week"
            yield _clash("Christmas week", one.on, review, one.event, words, design_default=True)
    yield from _meetings(review, supposed, rulebook, others)


def in_christmas_week(day: date) -> bool:
    """Whether a day is from 24 December to 1 January."""
    begins, ends = CHRISTMAS
    return (day.month, day.day) >= begins or (day.month, day.day) <= ends


def _clash(kind: What, on: date, review: Review, rule: str, words: str, *, design_default: bool = False) -> Clash:
    return Clash(
        kind=kind,
        on=on,
        reference=review.reference,
        rule=rule,
        words=f"{words} (24 December to 1 January: a design default, no rule)." if design_default else words,
        new=True,
        design_default=design_default,
    )


def _gates(review: Review, duty: Duty, rule: Rule, rulebook: Rulebook, today: date) -> Iterator[Clash]:
    """A gate counted back from a planned day whose own day has gone, or comes before what it waits for."""
    if rule.counts.kind is not Kind.GATE or rule.counts.direction is not Direction.BACKWARD:
        return
    waits_for = AFTER.get(str(rule.settled_by))
    ready = review.happened(waits_for) if waits_for else None
    if duty.due_on < today:
        why = f"that day has passed (today is {say(today)})"
    elif ready is not None and duty.due_on < ready:
        why = f"{rulebook.milestone_words(str(waits_for))} only on {say(ready)}"
    else:
        return
    words = (
        f"{rule.title} ({rule.id}) would have to be met by {say(duty.due_on)}, but {why}: {say(duty.anchored_on)} "
        "is too early a day."
    )
    yield _clash("gate cannot be met", duty.due_on, review, rule.id, words)


def _published_through_a_gate(review: Review, on: date, rulebook: Rulebook) -> Iterator[Clash]:
    """Publication on a day for which the copies or the reasons have not gone in time: the step would be refused."""
    full = plans_the_full_report(review)
    plan = "publication_planned_full" if full else "publication_planned_improvements_only"
    for rule in rulebook.rules:
        if rule.starts != plan or rule.counts.kind is not Kind.GATE or rule.track_only:
            continue
        # Ofsted's copy is guidance's and bars nothing: the gate is what the Secretary of State and the Panel have.
        of_law = rule.settled_by == TO_ALL
        settled_by = "advance_copy_sent" if of_law else str(rule.settled_by)
        done, latest = review.happened(settled_by), rule.due_on(on, rulebook.calendar)
        if not is_met(review, f"{rule.id}b" if of_law else rule.id):
            done = None  # what went was for another plan, or of an earlier text
        # Where the number is our own default, only that it was done at all is the gate.
        in_time = done is not None and (done <= latest or rule.number_level is Level.DESIGN_DEFAULT)
        if not in_time:
            went = (
                f"it would go on {say(done)}"
                if done
                else f"it is not known that {rulebook.milestone_words(settled_by)}"
            )
            words = (
                f"{rule.title} ({rule.id}) is a gate: for publication on {say(on)} it had to be met by {say(latest)}, "
                f"and {went}. Publishing would be refused: move the day."
            )
            yield _clash("gate broken", on, review, rule.id, words)
    accepted = review.happened("report_accepted")
    if accepted is None or accepted > on:
        words = f"Publication on {say(on)} would come before {MILESTONES['report_accepted']}."
        yield _clash("gate broken", on, review, "report_accepted", words)


def _too_early(review: Review, rulebook: Rulebook) -> Iterator[Clash]:
    """A minimum that ends before its day: a publication taken down within its year."""
    for duty in review.duties:
        if duty.guard and duty.ended == "settled" and duty.ended_on is not None and duty.ended_on < duty.due_on:
            rule = rulebook.rule(duty.rule)
            words = (
                f"{rule.title} ({rule.id}) may not end before {say(duty.due_on)}; on {say(duty.ended_on)} is too "
                f"early. {' '.join(rule.advice)}"
            ).rstrip()
            yield _clash("before its day", duty.ended_on, review, rule.id, words)


def _past(review: Review, duty: Duty, rule: Rule, today: date) -> Iterator[Clash]:
    if duty.due_on < today and rule.counts.kind not in (Kind.GATE, Kind.AIM):
        words = f"{rule.title} ({rule.id}) would have been due on {say(duty.due_on)}, which has passed."
        yield _clash("already past", duty.due_on, review, rule.id, words)


def _late(review: Review, rulebook: Rulebook) -> Iterator[Clash]:
    """A date that is met only after it has passed."""
    for duty in review.duties:
        if duty.ended == "settled" and not duty.guard and duty.ended_on is not None and duty.ended_on > duty.due_on:
            rule = rulebook.rule(duty.rule)
            words = f"{rule.title} ({rule.id}), due {say(duty.due_on)}, would be met late, on {say(duty.ended_on)}."
            yield _clash("met late", duty.due_on, review, rule.id, words)


def _after_the_law(review: Review, duty: Duty, rule: Rule, rulebook: Rulebook) -> Iterator[Clash]:
    for bound in review.running(rulebook.bound(rule)) if rulebook.bound(rule) else ():
        if duty.due_on > bound.due_on:
            words = (
                f"{rule.title} ({say(duty.due_on)}) falls after {rulebook.rule(bound.rule).title} "
                f"({bound.rule}, {say(bound.due_on)}), which nothing moves."
            )
            yield _clash("after the law's date", duty.due_on, review, rule.id, words)


def _meetings(
    review: Review, supposed: Iterable[Supposed], rulebook: Rulebook, others: Sequence[Review]
) -> Iterator[Clash]:
    """Two meetings of the same people on one day: in this review, or in this one and another."""
    days: dict[tuple[str, date], list[str]] = defaultdict(list)
    mine = {*_meeting_days(review, rulebook)}
    for one in supposed:
        if one.event in MEETINGS:
            mine.add((_who(one.event, review), one.on, one.event))
    for who, on, event in sorted(mine):
        days[who, on].append(f"{event.removesuffix('_held').replace('_', ' ')} of {review.reference}")
    for other in others:
        for who, on, event in _meeting_days(other, rulebook):
            if other.reference != review.reference and (who, on) in days:
                days[who, on].append(f"{event.removesuffix('_held').replace('_', ' ')} of {other.reference}")
    for (who, on), which in sorted(days.items()):
        if len(which) > 1:
            names = who if who in MEETINGS.values() else "a review panel under one chair"
            words = f"{names[:1].upper()}{names[1:]} would meet twice on {say(on)}: {' and '.join(which)}."
            yield _clash("two meetings in a day", on, review, who, words)


def _meeting_days(review: Review, rulebook: Rulebook) -> Iterator[tuple[str, date, str]]:
    for duty in review.running():
        event = str(rulebook.rule(duty.rule).settled_by)
        if event in MEETINGS:
            yield _who(event, review), duty.due_on, event


def _who(event: str, review: Review) -> str:
    """Who meets: a review's panel is its chair's, and one chair may have several."""
    if event != "panel_meeting_held":
        return MEETINGS[event]
    return review.facts.get("commissioned", {}).get("chair") or review.reference

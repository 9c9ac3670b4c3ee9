"""
What the page of a card itself says, above which the form is opened: the story so far, what is owed, what is overdue.

And once its stage is over: how it ended, and what comes next. People by their roles, nothing that somebody typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from safeguarding.dates.counting import Kind
from safeguarding.dates.working_days import say
from safeguarding.duties.suspension import suspended_words
from safeguarding.errors import LawNotFound
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.owed import due_in_words
from safeguarding.review.events import Event
from safeguarding.review.fold import fold
from safeguarding.review.review import Duty, Review
from safeguarding.review.states import Stage
from safeguarding.review.words import agency_name, subject_words
from safeguarding.shown.history.by_role import history_by_role, told_by_role, untyped

MOST = 60
"""Lines of the story on one card, the latest: the page of the review has all of them."""


class CardLine(NamedTuple):
    """One line of a card's page: when it was so, whether it warns, in words."""

    words: str
    warns: bool = False
    at: datetime | None = None
    """The moment of what happened; nothing for what stands now."""


def story(review: Review, events: Iterable[Event], rulebook: Rulebook) -> tuple[CardLine, ...]:
    """What was done so far, one sentence a step, the first one first, each with the dates it met."""
    lines = history_by_role(review, events, rulebook)
    left_out = max(len(lines) - MOST, 0)
    said = [
        CardLine(
            " ".join((f"{line.sequence}. {line.sentence}", *line.further, *line.checked, f"Recorded by: {line.who}.")),
            at=line.at,
        )
        for line in lines[left_out:]
    ]
    if left_out:
        said.insert(0, CardLine(f"{left_out} earlier lines are on the page of the review.", at=lines[left_out].at))
    return tuple(said)


def stands(review: Review, today: date, rulebook: Rulebook) -> tuple[CardLine, ...]:
    """
    What is owed now, the dates of law and guidance first, and what is waited for.

    Words that are the same each day until something happens or a day passes: they are written once.
    """
    owed = sorted(review.running(), key=lambda duty: (not _is_law(duty, rulebook), duty.due_on, duty.key))
    said = [_owed(duty, today, rulebook) for duty in owed]
    said += [
        CardLine(f"Not counted: {_what(duty, rulebook)}, {suspended_words(duty.stops[-1])}.")
        for duty in review.suspended()
    ]
    if waiting := review.waiting_on():
        names = ", ".join(agency_name(agency, rulebook.partnership) for agency in waiting)
        said.append(CardLine(f"No return yet from {names}."))
    return tuple(said)


def _owed(duty: Duty, today: date, rulebook: Rulebook) -> CardLine:
    what = _what(duty, rulebook)
    if today <= duty.due_on:
        return CardLine(f"Owed: {what}, due {_due(duty, rulebook)}.")
    if _is_aim(duty, rulebook):
        return CardLine(f"Past its aim: {what}, aimed at {say(duty.due_on)}.")
    return CardLine(f"OVERDUE: {what}, was due {say(duty.due_on)}.", warns=True)


def _what(duty: Duty, rulebook: Rulebook) -> str:
    about = f": {subject_words(duty.subject, rulebook.partnership)}" if duty.subject else ""
    try:
        rule = rulebook.rule(duty.rule)
    except LawNotFound:  # A step of the partnership's own that left its file: the date is owed all the same.
        return f"{duty.rule}{about}"
    whose = rule.number_level.words if rule.date_is_law else "a day of our own"
    return f"{rule.title}{about} ({whose if rule.id.startswith('local.') else f'{rule.id}, {whose}'})"


def _due(duty: Duty, rulebook: Rulebook) -> str:
    try:
        return due_in_words(duty, rulebook.rule(duty.rule), rulebook.calendar)
    except LawNotFound:
        return say(duty.due_on)


def _is_law(duty: Duty, rulebook: Rulebook) -> bool:
    try:
        return rulebook.rule(duty.rule).date_is_law
    except LawNotFound:
        return False


def _is_aim(duty: Duty, rulebook: Rulebook) -> bool:
    try:
        return rulebook.rule(duty.rule).counts.kind is Kind.AIM
    except LawNotFound:
        return False


# --------------------------------------------------------------------------- how a stage ended


class Ended(NamedTuple):
    """How one entry of a stage ended: by which step, told in a sentence, and what came next."""

    name: str
    """The name of its card from then on: `CSPR-2026-003 · Decision · over: Decision recorded`."""
    sentence: str
    onward: str
    closed: bool


def how_it_ended(events: Iterable[Event], stage: str, entry: int, rulebook: Rulebook) -> Ended | None:
    """How this entry of a stage ended; None while it is open, or where it was never entered."""
    review: Review | None = None
    entered = False
    for event in events:
        review = fold([event], review)
        here = review.open and (review.stage.value, review.entry) == (stage, entry)
        if entered and not here:
            return _ended(event, review, Stage(stage), rulebook)
        entered = here
    return None


def _ended(event: Event, review: Review, stage: Stage, rulebook: Rulebook) -> Ended:
    told = told_by_role(event, review, rulebook)
    decided = untyped(event).facts.get("outcome")
    what = f"{event.title}: {decided}" if isinstance(decided, str) else event.title
    name = f"{review.reference} · {stage.named(review.track)} · over: {what}"
    onward = f"Next: {review.stage_title}" if review.open else f"The review is closed: {review.state.ended_how}"
    sentence = " ".join((told.sentence, *told.further, *told.checked, f"Recorded by: {told.who}."))
    return Ended(name, sentence, f"{onward}.", not review.open)

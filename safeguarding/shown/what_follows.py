"""
What lines of the ledger change, in words: where the review goes, which dates begin and end, who is told.

The same before a step is sent, of the lines that it would write, and afterwards, of those that were written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from safeguarding.dates.london import london_date
from safeguarding.dates.working_days import say
from safeguarding.errors import LawNotFound, SafeguardingError
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.deputies import SHARED
from safeguarding.notices.owed import due_in_words
from safeguarding.notices.step_notices import notices_for
from safeguarding.review.events import DutyEnded, DutyStarted, Event
from safeguarding.review.fold import fold
from safeguarding.review.review import Duty, Review
from safeguarding.review.words import subject_words


class DateBegun(NamedTuple):
    """A date that begins: what is owed, when, and whether its very day is set by law or guidance."""

    what: str
    due: str
    law: bool


class WhatFollows(NamedTuple):
    """What follows from lines of the ledger, each in words."""

    moves: str
    """Where the review goes; empty where it stays."""
    begins: tuple[DateBegun, ...]
    ends: tuple[str, ...]
    told: tuple[str, ...]
    """Who is sent a letter or a message, by name."""


def what_follows(events: Sequence[Event], before: Review | None, rulebook: Rulebook) -> WhatFollows:
    """What follows from lines that lead on from a review; `before` is None where the first of them opens it."""
    review, started, ended = before, [], []
    told: dict[str, None] = {}
    for event in events:
        after = fold([event], review)
        there = rulebook.on(london_date(event.at)).for_track(after.track.value)
        started += [one for one in event.duties if isinstance(one, DutyStarted) and not one.guard]
        ended += [_ended_words(one, there) for one in event.duties if isinstance(one, DutyEnded)]
        told |= dict.fromkeys(_told(event, review, after, there))
        review = after
    if review is None:
        return WhatFollows("", (), (), ())
    begun = tuple(_begun(review, started, rulebook.for_track(review.track.value)))
    return WhatFollows(_moves(before, review), begun, tuple(dict.fromkeys(ended)), tuple(told))


def _moves(before: Review | None, after: Review) -> str:
    if not after.open:
        return f"The review is closed: {after.state.ended_how}."
    if before is None:
        return f"A review is opened. It begins at {after.stage_title.lower()}."
    if not before.open:
        return f"The review is open again, at {after.stage_title.lower()}."
    if before.stage is not after.stage:
        return f"The review moves from {before.stage_title.lower()} to {after.stage_title.lower()}."
    return f"The review goes on to «{after.state.words}»." if before.state is not after.state else ""


def _begun(after: Review, started: Iterable[DutyStarted], rulebook: Rulebook) -> Iterable[DateBegun]:
    running = {duty.key: duty for duty in after.running()}
    keys = [(one.rule, one.subject, one.occurrence) for one in started]
    found = [running[key] for key in dict.fromkeys(keys) if key in running]
    for duty in sorted(found, key=lambda one: (not _is_law(one, rulebook), one.due_on, one.rule, one.subject)):
        try:
            rule = rulebook.rule(duty.rule)
            due = due_in_words(duty, rule, rulebook.calendar)
        except SafeguardingError:
            due = say(duty.due_on)
        yield DateBegun(_named(duty.rule, duty.subject, rulebook), due, _is_law(duty, rulebook))


def _is_law(duty: Duty, rulebook: Rulebook) -> bool:
    try:
        return rulebook.rule(duty.rule).date_is_law
    except LawNotFound:
        return False


def _ended_words(one: DutyEnded, rulebook: Rulebook) -> str:
    how = "met" if one.change == "settled" else "falls away"
    return f"{_named(one.rule, one.subject, rulebook)}: {how}"


def _named(rule: str, subject: str, rulebook: Rulebook) -> str:
    try:
        title = rulebook.rule(rule).title
    except LawNotFound:
        title = rule
    return f"{title}: {subject_words(subject, rulebook.partnership)}" if subject else title


def _told(event: Event, before: Review | None, after: Review, rulebook: Rulebook) -> tuple[str, ...]:
    try:
        letters = notices_for(event, before, after, rulebook)
    except SafeguardingError:  # Beyond the bank holidays no morning is known for them.
        return ()
    return tuple(dict.fromkeys(_person(letter.person, rulebook) for letter in letters))


def _person(one: str, rulebook: Rulebook) -> str:
    if one.startswith(SHARED):
        role = one.removeprefix(SHARED)
        return f"the shared mailbox of the {ROLES.get(role, role.replace('_', ' '))}"
    known = rulebook.partnership.ever(one)
    return known.name if known else one

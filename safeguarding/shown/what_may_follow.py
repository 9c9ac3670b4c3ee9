"""
What a step can change, in words, before anybody has answered its form: where the review goes, which dates it is about.

For forms that are sent from their one page. Which of these dates begin and end depends on what is answered: the check
of the answers says that exactly.
"""

from __future__ import annotations

from typing import NamedTuple

from safeguarding.dates.working_days import say
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.review import Review
from safeguarding.review.states import STAGE_OF
from safeguarding.review.step import Step
from safeguarding.review.words import subject_words

MOST = 5
"""So many dates are named; of the others it is said how many there are."""


class WhatMayFollow(NamedTuple):
    """What can follow from a step, each in words."""

    moves: str
    """Where the review goes; empty where it stays."""
    ends: tuple[str, ...]
    """The running dates that it can end, with the day on which each is due."""
    begins: tuple[str, ...]
    """The dates that it can begin."""


def what_may_follow(step: Step, review: Review | None, rulebook: Rulebook) -> WhatMayFollow:
    """What can follow from a step; `review` is None where the step opens it. `rulebook` is that of the day."""
    if review is None:
        return WhatMayFollow("A review is opened.", (), ())
    track = review.track.value
    settled = {rule.id: rule for mark in sorted(step.marks) for rule in rulebook.settled_by(mark, track)}
    running = sorted(
        (duty for duty in review.running() if duty.rule in settled),
        key=lambda duty: (not settled[duty.rule].date_is_law, duty.due_on, duty.rule, duty.subject),
    )
    ends = [_owed(settled[one.rule].title, one.subject, say(one.due_on), rulebook) for one in running]
    begun = {rule.id: rule.title for mark in sorted(step.marks) for rule in rulebook.started_by(mark, track)}
    return WhatMayFollow(_moves(step, review), _few(ends), _few(list(dict.fromkeys(begun.values()))))


def _moves(step: Step, review: Review) -> str:
    ways = sorted(step.leads_to - {review.state})
    if len(ways) != 1 or ways[0] not in STAGE_OF:
        return ""
    there = STAGE_OF[ways[0]]
    if there is review.stage:
        return f"The review goes on to «{ways[0].words}»."
    return f"The review moves from {review.stage_title.lower()} to {there.named(review.track).lower()}."


def _owed(title: str, subject: str, due: str, rulebook: Rulebook) -> str:
    of = f": {subject_words(subject, rulebook.partnership)}" if subject else ""
    return f"{title}{of}, due {due}"


def _few(lines: list[str]) -> tuple[str, ...]:
    more = len(lines) - MOST
    return (*lines[:MOST], f"and {more} more") if more > 0 else tuple(lines)

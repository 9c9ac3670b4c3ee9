"""
How long a review's text is kept, and what stands against erasing it: until somebody decides otherwise, legal hold.

Two named people decide, and two erase: the business manager, and a second who answers for the partnership.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

import pendulum

from safeguarding.dates.london import london_date
from safeguarding.dates.working_days import say
from safeguarding.law.partnership import Partnership, RetentionClass
from safeguarding.review.events import DutyEnded
from safeguarding.review.review import Review

Ground = Literal["end of retention", "order of a court", "upheld request for erasure"]

CLOSED = "closed"
"""What happened on the day on which a review closed."""
DECIDED = "retention_decided"
"""The kind of the line that says how long a review's text is kept."""
ERASED = "sealed_text_erased"
"""The kind of the line that says a review's key was destroyed."""
REVIEW_ERASED = "the review was erased"
"""Why a duty of a review ends whose text is erased, and why no step is taken on it."""
HOLD = "legal_hold"
"""The class of every review of which nothing else was decided: nothing of it is erased but by order of a court."""

FIRST = frozenset({"business_manager"})
"""Who may decide how long a text is kept, and have it erased."""
SECOND = frozenset({"lead_partner", "delegated_partner", "deputy_partner", "independent_chair"})
"""Who has to agree, by name."""


def is_erased(review: Review) -> bool:
    """Whether the text of a review was erased: nothing more can be written about it."""
    return ERASED in review.facts


def class_of(review: Review, partnership: Partnership) -> RetentionClass | None:
    """The class that was decided last, if the partnership's file still has it; None while the review is on hold."""
    decided = review.facts.get(DECIDED, {}).get("class")
    return next((known for known in partnership.retention if known.id == decided), None)


def closed_on(review: Review) -> date | None:
    """The day (London) on which a closed review was closed; None while it is open."""
    return None if review.open else last_closed_on(review)


def last_closed_on(review: Review) -> date | None:
    """
    The day (London) on which a review was closed last, also where it was opened again since; None if it never was.

    As its form gave it, or as it was put right since: it may have been recorded days later.
    """
    if not review.closed_at:
        return None
    recorded = london_date(review.history[review.closed_at - 1].at)
    return next((mark.on for mark in review.made_by(review.closed_at) if mark.name == CLOSED), recorded)


def kept_until(review: Review, partnership: Partnership) -> date | None:
    """The day from which a closed review's text need no longer be kept; None while it is open or on hold."""
    kept = class_of(review, partnership)
    closed = closed_on(review)
    if kept is None or closed is None:
        return None
    return _date(pendulum.date(closed.year, closed.month, closed.day).add(years=kept.years))


def _date(day: date) -> date:
    return date(day.year, day.month, day.day)


def against_erasing(review: Review, ground: Ground, partnership: Partnership, today: date) -> Iterator[str]:
    """Everything in the review that stands against erasing its text on this ground, in words."""
    if review.open:
        yield "the review is still open"
    if ground == "order of a court":
        return
    kept = class_of(review, partnership)
    if kept is None:
        yield "it is on legal hold: `safeguarding retain` decides otherwise, or a court orders it"
    elif ground == "end of retention":
        until = kept_until(review, partnership)
        if until is not None and today < until:
            yield f"it is kept until {say(until)} ({kept.words}, {kept.years} years)"


def ended_by_erasing(review: Review, today: date) -> tuple[DutyEnded, ...]:
    """The end, on the day (London) on which a review is erased, of every duty that it still has."""
    return tuple(
        DutyEnded(
            change="cancelled",
            rule=duty.rule,
            subject=duty.subject,
            occurrence=duty.occurrence,
            on=today,
            why=REVIEW_ERASED,
        )
        for duty in review.duties
        if not duty.ended
    )


def not_seconded(first: str, second: str, partnership: Partnership) -> Iterator[str]:
    """Why somebody cannot be the second of two, in words; nothing if they can."""
    person = partnership.known(second)
    if second == first:
        yield "two different people have to be named"
    elif person is None:
        yield "the second person is not in the partnership's file"
    elif not SECOND & set(person.roles):
        roles = ", ".join(sorted(role.replace("_", " ") for role in SECOND))
        yield f"{person.name} may not be the second, who is one of: {roles}"

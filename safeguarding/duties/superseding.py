"""
How one row of a clock takes the place of another: the old row stays with the reason, the new one carries the rest.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from safeguarding.law.rule import Rule
from safeguarding.review.events import DutyEnded, DutyStarted
from safeguarding.review.review import Duty, Review

_CARRIED = frozenset(
    {
        "rule",
        "subject",
        "occurrence",
        "anchor",
        "anchored_on",
        "due_on",
        "edition",
        "calendar",
        "guard",
        "stops",
        "extended",
    }
)


def again(duty: Duty, why: str, **changes: Any) -> DutyStarted:
    """The row that supersedes a duty's row for this reason: the same, apart from what changes."""
    return DutyStarted.model_validate({**dict(_carried(duty)), **changes, "replaces": why})


def _carried(duty: Duty) -> dict[str, Any]:
    return {name: value for name, value in duty if name in _CARRIED}


def ended_again(duty: Duty, on: date, why: str = "") -> DutyEnded:
    """The end of a row that has ended, for the row that supersedes it; for the same reason, unless another is given."""
    end = {"change": duty.ended, "on": on, "why": why or duty.why}
    return DutyEnded.model_validate(end | duty.model_dump(include={"rule", "subject", "occurrence"}))


def same_day_before(review: Review, duty: Duty) -> tuple[int, ...]:
    """The lines that wrote earlier rows of the same clock for the same day, the last first; none on most rows."""
    same = [row for row in reversed(review.duties) if row.rule == duty.rule and row.due_on == duty.due_on]
    earlier = (row for row in same if row.key == duty.key and row.started_at < duty.started_at)
    day = (duty.counted_from, duty.due_on)
    return tuple(row.started_at for row in earlier if (row.counted_from, row.due_on) == day)


def opened_on(duty: Duty, rule: Rule, review: Review) -> date | None:
    """The day on which a duty opened, where that is not the day it is counted from; else None."""
    if rule.counts_from is None or rule.starts is None or duty.anchor == rule.starts:
        return None
    return review.happened(rule.starts, duty.subject if rule.per_subject else None)

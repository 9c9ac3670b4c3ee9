"""
The stretch line: the same count from the other day from which some count it. A line to aim for; it binds nobody.

Partnerships count the rapid review from different days (awareness, or the notification being sent). One is chosen,
with its source; the other is always shown beside it.
"""

from __future__ import annotations

from datetime import date

from safeguarding.dates.working_days import say
from safeguarding.law.milestones import MILESTONES
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.review import Review
from safeguarding.values import Frozen


class StretchLine(Frozen):
    """A date that is shown and not owed."""

    rule: str
    title: str
    counted_from: str
    anchored_on: date
    due_on: date

    @property
    def words(self) -> str:
        """The line in a sentence."""
        return (
            f"{self.title} ({self.rule}), counted instead from {say(self.anchored_on)} "
            f"({MILESTONES[self.counted_from]}): {say(self.due_on)}. A line to aim for: it binds nobody."
        )


def stretch_lines(review: Review, rulebook: Rulebook, rule: str = "") -> tuple[StretchLine, ...]:
    """
    The other line of each date that is owed, or was, and may be counted from more than one day.

    Of one rule if asked. None where the other day has not come.
    """
    found: list[StretchLine] = []
    for known in rulebook.rules:
        if not known.starts_options or rule not in ("", known.id):
            continue
        if not rule and not review.live(known.id):
            continue
        for other in known.starts_options:
            day = review.happened(other)
            if other != known.starts and day is not None:
                due_on = known.due_on(day, rulebook.calendar)
                found.append(
                    StretchLine(rule=known.id, title=known.title, counted_from=other, anchored_on=day, due_on=due_on)
                )
    return tuple(found)

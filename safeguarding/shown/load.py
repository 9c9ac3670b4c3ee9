"""
How much is due in each of the next weeks, and on whom it waits: for whoever looks after many reviews at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from safeguarding.errors import LawNotFound
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.owed import Owed, presses
from safeguarding.notices.recipients import NOBODY_ELSE
from safeguarding.review.words import agency_name

WEEKS = 8
"""Those that are looked ahead, the present one first."""


class WeekOfWork(NamedTuple):
    """The dates that fall due in one week, Monday to Sunday; of the present week from today on."""

    begins: date
    ends: date
    law: int
    """Those whose very day is set by law or guidance."""
    own: int


class WaitedFor(NamedTuple):
    """Somebody on whom dates wait: how many are overdue, due this week, and due in the weeks after it."""

    who: str
    overdue: int
    this_week: int
    later: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.overdue + self.this_week + self.later


class Load(NamedTuple):
    """What is due, by week and by whom it waits for; `overdue` are those of before, of law and of ours."""

    overdue: tuple[int, int]
    weeks: tuple[WeekOfWork, ...]
    waits_for: tuple[WaitedFor, ...]

    @property
    def most(self) -> int:
        """The dates of the fullest week."""
        return max(week.law + week.own for week in self.weeks)


def load_of(owed: Iterable[Owed], rulebook: Rulebook, today: date) -> Load:
    """The load from a day on, of the dates that somebody is to meet. `rulebook` is the one of the day."""
    monday = today - timedelta(days=today.weekday())
    until = monday + timedelta(weeks=WEEKS)
    counted, waiting = Counter[tuple[int, bool]](), Counter[tuple[str, int]]()
    for one in owed:
        try:
            rule = rulebook.rule(one.rule)
        except LawNotFound:  # The rulebook has lost the rule: the date is owed all the same.
            law, who = False, ROLES[NOBODY_ELSE]
        else:
            if not presses(rule):
                continue
            law, who = rule.date_is_law, ROLES.get(rule.owner, rule.owner.replace("_", " "))
        if one.due_on >= until:
            continue
        if rulebook.partnership.is_agency(one.agency):
            who = agency_name(one.agency, rulebook.partnership)
        week = -1 if one.due_on < today else (one.due_on - monday).days // 7
        counted[week, law] += 1
        waiting[who, min(week, 1)] += 1
    weeks = [
        WeekOfWork(
            max(today, monday + timedelta(weeks=n)),
            monday + timedelta(weeks=n, days=6),
            counted[n, True],
            counted[n, False],
        )
        for n in range(WEEKS)
    ]
    people = {who for who, _ in waiting}
    rows = [WaitedFor(who, waiting[who, -1], waiting[who, 0], waiting[who, 1]) for who in people]
    ordered = sorted(rows, key=lambda row: (-row.overdue, -row.total, row.who))
    return Load((counted[-1, True], counted[-1, False]), tuple(weeks), tuple(ordered))

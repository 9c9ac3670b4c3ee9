"""
The open actions as tables: one by one by their day, and counted by agency and by theme. References and numbers only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from safeguarding.dates.working_days import say
from safeguarding.registers.actions import ActionRow

NO_THEME = "Without a theme"
DIVIDED = "; "
"""What divides several themes in one cell."""


def by_due(rows: Iterable[ActionRow]) -> list[dict[str, str]]:
    """Every open action, the one due soonest first."""
    return [
        {
            "Review": one.reference,
            "Action": one.action,
            "Agency": one.agency,
            "Due": say(one.due_on),
            "Late": f"{one.late_working_days} working days" if one.late else "",
            "Status": one.status,
            "Priority": one.priority,
            "Waits for": one.waits_for,
            "Themes": one.themes,
        }
        for one in _soonest(rows)
    ]


def by_agency(rows: Iterable[ActionRow]) -> list[dict[str, str | int]]:
    """How many open actions each agency has, how many of them are late, and which is due next; the most late first."""
    found: dict[str, list[ActionRow]] = defaultdict(list)
    for one in _soonest(rows):
        found[one.agency].append(one)
    return _counted("Agency", found)


def by_theme(rows: Iterable[ActionRow]) -> list[dict[str, str | int]]:
    """The same by theme. An action on several themes is counted under each."""
    found: dict[str, list[ActionRow]] = defaultdict(list)
    for one in _soonest(rows):
        for theme in one.themes.split(DIVIDED) if one.themes else (NO_THEME,):
            found[theme].append(one)
    return _counted("Theme", found)


def _soonest(rows: Iterable[ActionRow]) -> list[ActionRow]:
    return sorted((one for one in rows if not one.done), key=lambda one: (one.due_on, one.reference, one.action))


def _counted(what: str, found: dict[str, list[ActionRow]]) -> list[dict[str, str | int]]:
    counted = [(name, sum(one.late for one in theirs), theirs) for name, theirs in found.items()]
    ordered = sorted(counted, key=lambda one: (-one[1], -len(one[2]), one[0]))
    return [
        {what: name, "Open": len(theirs), "Late": late, "Next due": _next(theirs)} for name, late, theirs in ordered
    ]


def _next(theirs: Sequence[ActionRow]) -> str:
    """The day and the number of the first that is not late; nothing where all are."""
    to_come = next((one for one in theirs if not one.late), None)
    return f"{say(to_come.due_on)}: {to_come.reference} {to_come.action}" if to_come is not None else ""

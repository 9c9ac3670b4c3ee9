"""
What a question to Prefect may ask for at most, where somebody with the page's login asks it.

Prefect passes on what it is asked: a number that no database holds, a moment before the calendar, a pattern of sixty
thousand signs or a history in a million steps ends in a fault of its own, or keeps its one event loop from everybody
else. The page asks for nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

LARGEST_NUMBER = 2**31 - 1
LONGEST_WORD = 2_000
"""Characters; SQLite takes no pattern of more than fifty thousand."""
MOST_VALUES = 2_000
"""In one list: the page asks for two hundred."""
MOST_STEPS = 1_000
"""Of a history; the page draws some dozens."""
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def faults(path: str, asked: Mapping[str, Any]) -> list[str]:
    """Everything that is too much in a question, in words; none of them repeats a value."""
    found = list(dict.fromkeys(_of(asked)))
    if path.endswith("/history") and not found and _steps(asked) > MOST_STEPS:
        found.append(f"a history in more than {MOST_STEPS:,} steps")
    return found


def _of(asked: Any) -> list[str]:
    if isinstance(asked, Mapping):
        return [*(fault for one in asked.items() for part in one for fault in _of(part)), *_size(asked)]
    if isinstance(asked, list):
        return [*(fault for one in asked for fault in _of(one)), *_size(asked)]
    if isinstance(asked, int | float):
        return [] if abs(asked) <= LARGEST_NUMBER else ["a number that is too large"]
    if isinstance(asked, str):
        if len(asked) > LONGEST_WORD:
            return [f"a text of more than {LONGEST_WORD:,} characters"]
        return [] if _in_the_calendar(asked) else ["a moment that lies too far away"]
    return []


def _size(asked: Mapping[str, Any] | list[Any]) -> list[str]:
    return [f"more than {MOST_VALUES:,} values at once"] if len(asked) > MOST_VALUES else []


def _in_the_calendar(word: str) -> bool:
    """Whether it is no moment, or one that can be counted from in any zone."""
    moment = _moment(word)
    return moment is None or EARLIEST <= moment <= LATEST


def _moment(word: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(word))
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _steps(asked: Mapping[str, Any]) -> float:
    """In how many steps a history is asked for; 0 where Prefect will say itself that something is missing."""
    begin, end = _moment(asked.get("history_start")), _moment(asked.get("history_end"))
    try:
        step = timedelta(seconds=float(asked.get("history_interval_seconds", "none")))
    except (TypeError, ValueError, OverflowError):
        return 0.0
    if begin is None or end is None or step < timedelta(seconds=1):
        return 0.0
    return (end - begin) / step

"""
London: the one place that names the time zone, asks what time it is, and reads and says days and moments.

Moments are kept in UTC; the law counts dates in London. `pendulum` knows the zone, its clock changes and the calendar.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import pendulum

from safeguarding.errors import SafeguardingError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

LONDON = pendulum.timezone("Europe/London")
"""The time zone of the law."""


def now() -> datetime:
    """The moment it is, in UTC. Asked at the doors, and nowhere below them: there, time is an argument."""
    return pendulum.now("UTC")


@lru_cache(maxsize=8192)
def london_date(moment: datetime) -> date:
    """The date in London at a moment: 23:30 UTC on 30 June is 1 July. Refuses a moment without its zone."""
    local = _local(moment)
    return date(local.year, local.month, local.day)


def london_clock(moment: datetime) -> time:
    """What the clocks of London show at a moment. Refuses a moment without its zone."""
    return _local(moment).time()


def london_moment(day: date, clock: time) -> datetime:
    """The moment at which the clocks of London show this on a day."""
    return datetime.combine(day, clock, LONDON)


# --------------------------------------------------------------------------- read, where people type


def read_day(text: str) -> date:
    """A day as it is typed: 2026-12-18, and nothing shorter, longer or in another order. Raises ValueError."""
    try:
        day = pendulum.from_format(text, "YYYY-MM-DD") if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"'{text}' is not a date such as 2026-12-18")
    return date(day.year, day.month, day.day)


def read_moment(text: str) -> datetime:
    """
    A moment as it is typed: 2026-12-18T10:00, or with its zone, 2026-12-18T10:00Z; without one it is London's time.

    Raises ValueError: for words, for an hour without its day and for a day without its hour.
    """
    try:
        found = pendulum.parse(text, tz=LONDON, exact=True) if text[:1].isdigit() else None
    except ValueError:
        found = None
    if not isinstance(found, pendulum.DateTime):
        raise ValueError(f"'{text}' is not a time such as 2026-12-18T10:00")
    return found


# --------------------------------------------------------------------------- said, where people read


@lru_cache(maxsize=8192)
def say_moment(moment: datetime, *, weekday: bool = False) -> str:
    """A moment in full, London time: `23 Nov 2026 at 10:20`, or `Mon 23 Nov 2026 10:20` with its weekday."""
    form = "ddd D MMM YYYY HH:mm" if weekday else "D MMM YYYY [at] HH:mm"
    return pendulum.instance(moment).in_timezone(LONDON).format(form)


def say_moment_briefly(moment: datetime) -> str:
    """A moment of this year, London time: `23 Nov 10:20`."""
    return pendulum.instance(moment).in_timezone(LONDON).format("DD MMM HH:mm")


def say_moment_of_day(moment: datetime) -> str:
    """A moment by its day and hour, London time: `Wed 25 Nov 10:15`."""
    return pendulum.instance(moment).in_timezone(LONDON).format("ddd D MMM HH:mm")


def say_span(span: timedelta) -> str:
    """A span of time in its largest units, whole minutes: `46 minutes`, `3 hours`, `2 days 4 hours`."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    whole = pendulum.duration(minutes=minutes if minutes < 180 else minutes // 60 * 60)
    return " ".join(whole.in_words(separator="|").split("|")[:2])


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        words = f"{moment.isoformat()} does not say its time zone, so its date in London is not known."
        raise SafeguardingError(words, words)
    return moment.astimezone(LONDON)

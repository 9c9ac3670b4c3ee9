"""
London: the one place that names the time zone. Moments are kept in UTC; the law counts dates in London.
"""

from __future__ import annotations

from datetime import date, datetime

import pendulum

from safeguarding.errors import SafeguardingError

LONDON = pendulum.timezone("Europe/London")
"""The time zone of the law."""


def now() -> datetime:
    """The moment it is, in UTC. Asked at the doors, and nowhere below them: there, time is an argument."""
    return pendulum.now("UTC")


def london_date(moment: datetime) -> date:
    """The date in London at a moment: 23:30 UTC on 30 June is 1 July. Refuses a moment without its zone."""
    if moment.tzinfo is None:
        words = f"{moment.isoformat()} does not say its time zone, so its date in London is not known."
        raise SafeguardingError(words, words)
    local = moment.astimezone(LONDON)
    return date(local.year, local.month, local.day)

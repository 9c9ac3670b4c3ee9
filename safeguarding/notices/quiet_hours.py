"""
When a reminder may leave: not in quiet hours, and only on a working day.
"""

from __future__ import annotations

from datetime import datetime

from safeguarding.dates.london import london_clock, london_date, london_moment
from safeguarding.dates.working_days import Calendar, next_working_day
from safeguarding.law.partnership import Partnership

# --------------------------------------------------------------------------- when it may leave


def next_morning(now: datetime, partnership: Partnership, calendar: Calendar) -> datetime:
    """
    The first moment from `now` on at which a reminder may leave: now, or the next working morning.

    Held in quiet hours and on any day that is not a working day; beyond the bank holidays every weekday is one.
    """
    calendar = calendar.provisional
    today, clock = london_date(now), london_clock(now)
    working = calendar.is_working_day(today)
    if working and not partnership.is_quiet(clock):
        return now
    morning = partnership.working_morning
    if partnership.is_quiet(morning):  # A record may hold such a file from before it was refused.
        morning = partnership.quiet_hours.end
    before = working and clock < morning
    return london_moment(today if before else next_working_day(today, calendar), morning)

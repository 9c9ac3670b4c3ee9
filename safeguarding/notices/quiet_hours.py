"""
When a reminder may leave: not in quiet hours, and only on a working day.
"""

from __future__ import annotations

from datetime import datetime

from safeguarding.dates.london import LONDON
from safeguarding.dates.working_days import Calendar, next_working_day
from safeguarding.law.partnership import Partnership

# --------------------------------------------------------------------------- when it may leave


def next_morning(now: datetime, partnership: Partnership, calendar: Calendar) -> datetime:
    """
    The first moment from `now` on at which a reminder may leave: now, or the next working morning.

    Held in quiet hours and on any day that is not a working day. Raises HorizonPassed beyond the bank holidays.
    """
    local = now.astimezone(LONDON)
    working = calendar.is_working_day(local.date())
    if working and not partnership.is_quiet(local.time()):
        return now
    before = working and local.time() < partnership.working_morning
    day = local.date() if before else next_working_day(local.date(), calendar)
    return datetime.combine(day, partnership.working_morning, tzinfo=LONDON)

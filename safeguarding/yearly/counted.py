"""
Every figure of an account, counted from what is known, in tables by the part of the account that they stand in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from safeguarding.registers.known import RecordKnown
from safeguarding.registers.recommendations import recommendation_rows
from safeguarding.review.states import Track
from safeguarding.yearly.change_counted import change
from safeguarding.yearly.course import course_of
from safeguarding.yearly.dates_counted import timeliness
from safeguarding.yearly.figures import Counted, Figures
from safeguarding.yearly.known import YearKnown, learnt_of
from safeguarding.yearly.learning_counted import learning
from safeguarding.yearly.period import TwelveMonths
from safeguarding.yearly.reviews_counted import publications, referrals, reviews


def year_known(
    record: RecordKnown, track: Track, period: TwelveMonths, today: date, agreed: Mapping[tuple[str, str], date]
) -> YearKnown:
    """What an account is made of; `record` holds the reviews of that track alone, `agreed` is that of YearKnown."""
    lessons, findings = learnt_of(record)
    return YearKnown(
        record=record,
        track=track,
        period=period,
        today=today,
        agreed=agreed,
        courses={name: course_of(record.lines.get(name, ())) for name in record.reviews},
        recommendations=recommendation_rows(record),
        lessons=lessons,
        findings=findings,
    )


def counted(known: YearKnown) -> Counted:
    """Every figure, each the length of the list behind it."""
    figures = Figures()
    tables = {
        "Referrals and decisions": referrals(known, figures),
        "Reviews": reviews(known, figures),
        "Publications": publications(known, figures),
        "Dates kept and missed": timeliness(known, figures),
        "Learning": learning(known, figures),
        "Change, quality and sharing": change(known, figures),
    }
    return Counted(figures.made, tables, figures.sums)

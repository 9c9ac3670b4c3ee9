"""
How the agencies answer, read from the record: every request of the last year with its day, and the league.

Two queries, however many reviews there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, select

from safeguarding.law.rulebook import Rulebook
from safeguarding.shown import agency_answers
from safeguarding.shown.agency_answers import AgencyAnswer, AgencyStanding, Days
from tasks.store.session import reading
from tasks.store.tables import deadlines, requests

SINCE = timedelta(days=365)
"""How far back the league looks."""


def asked_of_agencies(
    connection: Connection,
    rulebook: Rulebook,
    of_requests: Sequence[ColumnElement[bool]] = (),
    of_days: Sequence[ColumnElement[bool]] = (),
) -> list[AgencyAnswer]:
    """
    Requests with their days, by review and in the order in which they were made. The conditions narrow the one table
    and the other to the same reviews; without them all are read.
    """
    rules = agency_answers.rules_of(rulebook)
    asked = (
        select(
            requests.c.reference,
            requests.c.agency,
            requests.c.purpose,
            requests.c.asked_on,
            requests.c.acknowledged_on,
            requests.c.outcome,
            requests.c.answered_on,
        )
        .where(*of_requests)
        .order_by(requests.c.reference, requests.c.number)
    )
    owed = select(
        deadlines.c.reference, deadlines.c.subject, deadlines.c.rule, deadlines.c.occurrence, deadlines.c.due_on
    ).where(deadlines.c.rule.in_(rules), deadlines.c.ended.not_in(("superseded", "suspended")), *of_days)
    rows = [tuple(row) for row in connection.execute(asked)]
    days: Days = defaultdict(list)
    for reference, agency, rule, occurrence, due_on in connection.execute(owed):
        days[reference, agency, rules[rule]].append((occurrence, due_on))
    return agency_answers.with_days(rows, days)


def asked_since(engine: Engine, rulebook: Rulebook, since: date) -> list[AgencyAnswer]:
    """Every request made on or after a day, by review and in the order in which they were made."""
    theirs = select(requests.c.reference).where(requests.c.asked_on >= since)
    with reading(engine) as connection:
        found = asked_of_agencies(
            connection, rulebook, [requests.c.reference.in_(theirs)], [deadlines.c.reference.in_(theirs)]
        )
    return [request for request in found if request.asked_on >= since]


def agency_league(engine: Engine, rulebook: Rulebook, today: date) -> list[AgencyStanding]:
    """The league of the last year, as it stands on this day (London)."""
    asked = asked_since(engine, rulebook, today - SINCE)
    return agency_answers.league(asked, today, rulebook.calendar, rulebook.partnership)

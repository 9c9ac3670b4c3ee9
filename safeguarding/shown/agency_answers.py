"""
What agencies were asked and how they answer: the state of each request, and the league of the agencies.

Derived from the record whenever it is asked for; late is never stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from statistics import median
from typing import NamedTuple

from safeguarding.dates.working_days import Calendar, say, working_days_between
from safeguarding.law.partnership import Partnership
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.review import Review
from safeguarding.review.words import agency_name, tells_of_own_life
from safeguarding.stages.beside.agencies import ANSWERED

ANSWERS = ("returned", "nil return")
"""The outcomes that are an answer. A nil return («nothing known») is one."""


class AgencyAnswer(NamedTuple):
    """One request to one agency, with the day by which it is owed if a clock runs for it."""

    reference: str
    agency: str
    purpose: str
    asked_on: date
    due_on: date | None
    acknowledged_on: date | None
    outcome: str
    on: date | None
    window: str = ""
    """Of a day that ends a window both days, as people write them; else empty."""
    daily_life: str = ""
    """
    Whether the return tells of the child's daily life, or of what the adult wanted, in words. Empty where that was not
    asked or not answered, and wherever the requests of all reviews are read at once.
    """

    def late(self, today: date) -> bool:
        """Whether it was answered, or given up, after its day, or its day has passed without an answer."""
        if self.due_on is None or self.outcome == "refused":
            return False
        return (self.on or today) > self.due_on

    def state(self, today: date) -> str:
        """Requested, acknowledged, late, returned, nil return, refused or excused."""
        if self.outcome != "waiting":
            return self.outcome
        if self.late(today):
            return "late"
        return "acknowledged" if self.acknowledged_on else "requested"

    def words(self, today: date) -> str:
        """The state with its days: «late, was due Wed 9 Dec 2026; acknowledged Tue 1 Dec 2026»."""
        state = self.state(today)
        if self.outcome != "waiting":
            tells = f"; {self.daily_life}" if self.daily_life else ""
            return (f"{state} {say(self.on)}" + (" (late)" if self.late(today) else "") if self.on else state) + tells
        day = self.window or (say(self.due_on) if self.due_on else "")
        due = f", {'was due' if state == 'late' else 'due'} {day}" if day else ""
        seen = self.acknowledged_on
        return f"{state}{due}" + (f"; acknowledged {say(seen)}" if seen and state == "late" else "")


class AgencyStanding(NamedTuple):
    """One agency's line of the league."""

    agency: str
    name: str
    asked: int
    returned: int
    nil: int
    refused: int
    excused: int
    """The review went on without it, for a recorded reason."""
    waiting: int
    acknowledged: int
    """Of those it is waited for, how many it has acknowledged."""
    late: int
    median_working_days: float | None
    """From the request to the answer; None while there is no answer."""

    def cells(self) -> dict[str, str | int | float]:
        """The line as the league shows it, column by column."""
        days = self.median_working_days
        return {
            "Agency": self.name,
            "Asked": self.asked,
            "Returned": self.returned,
            "Nil return": self.nil,
            "Late": self.late,
            "Refused": self.refused,
            "Gone on without": self.excused,
            "Waiting for": self.waiting,
            "of these acknowledged": self.acknowledged,
            "Median working days": "" if days is None else days,
        }


def league(
    requests: Iterable[AgencyAnswer], today: date, calendar: Calendar, partnership: Partnership
) -> list[AgencyStanding]:
    """
    One line for each agency that was asked, the one most often late first.

    Raises HorizonPassed for a request outside the bank holidays.
    """
    by_agency: dict[str, list[AgencyAnswer]] = defaultdict(list)
    for request in requests:
        by_agency[request.agency].append(request)
    lines = [_standing(agency, asked, today, calendar, partnership) for agency, asked in by_agency.items()]
    return sorted(lines, key=lambda line: (-line.late, -line.waiting, -line.asked, line.name))


def _standing(
    agency: str, asked: list[AgencyAnswer], today: date, calendar: Calendar, partnership: Partnership
) -> AgencyStanding:
    outcomes = [request.outcome for request in asked]
    days = [working_days_between(r.asked_on, r.on, calendar) for r in asked if r.outcome in ANSWERS and r.on]
    waiting = [request for request in asked if request.outcome == "waiting"]
    return AgencyStanding(
        agency=agency,
        name=agency_name(agency, partnership),
        asked=len(asked),
        returned=outcomes.count("returned"),
        nil=outcomes.count("nil return"),
        refused=outcomes.count("refused"),
        excused=outcomes.count("excused"),
        waiting=len(waiting),
        acknowledged=sum(request.acknowledged_on is not None for request in waiting),
        late=sum(request.late(today) for request in asked),
        median_working_days=float(median(days)) if days else None,
    )


def rules_of(rulebook: Rulebook) -> dict[str, str]:
    """The duties that an agency owes when it is asked, each with what it is asked for."""
    purposes = {mark: purpose for purpose, mark in ANSWERED.items()}
    return {
        rule.id: purposes[rule.settled_by]
        for rule in rulebook.rules
        if rule.per_subject and rule.settled_by in purposes and not rule.track_only
    }


def requests_of(review: Review, rulebook: Rulebook) -> list[AgencyAnswer]:
    """The requests of one review in the order in which they were made, each with its day or its window."""
    rules = rules_of(rulebook)
    days: Days = defaultdict(list)
    words: dict[tuple[str, str, date], str] = {}
    for duty in review.duties:
        if duty.rule in rules and duty.ended != "superseded" and duty.suspended is None:
            days[review.reference, duty.subject, rules[duty.rule]].append((duty.occurrence, duty.due_on))
            rule = rulebook.rule(duty.rule)
            due = rule.due_words(duty.anchored_on, duty.due_on, duty.edition, rulebook.calendar)
            if due != say(duty.due_on):
                words[duty.subject, rules[duty.rule], duty.due_on] = due
    asked = [(r.agency, r.purpose, r.asked_on, r.acknowledged_on, r.outcome, r.on) for r in review.requests]
    read = with_days([(review.reference, *row) for row in asked], days)
    found = [
        one._replace(daily_life=tells_of_own_life(r.daily_life, review.track))
        for one, r in zip(read, review.requests, strict=True)
    ]
    return [
        one._replace(window=words.get((one.agency, one.purpose, one.due_on), "")) if one.due_on is not None else one
        for one in found
    ]


def how_they_stand(requests: Iterable[AgencyAnswer], today: date, partnership: Partnership) -> str:
    """For a card: which of those waited for are late, and which have said that they have the request."""
    found: dict[str, list[str]] = {"late": [], "acknowledged": []}
    for request in requests:
        name = agency_name(request.agency, partnership)
        if request.outcome == "waiting" and request.state(today) in found:
            found[request.state(today)].append(name)
    return "".join(f" {state.capitalize()}: {', '.join(names)}." for state, names in found.items() if names)


Days = dict[tuple[str, str, str], list[tuple[int, date]]]
"""Review, agency, purpose -> the occurrence and the due day of each clock of it."""
RequestRow = tuple[str, str, str, date, date | None, str, date | None]
"""A request without its day: review, agency, purpose, asked, acknowledged, outcome, answered."""


def with_days(rows: Iterable[RequestRow], days: Days) -> list[AgencyAnswer]:
    """Each request with the soonest day owed for it: the n-th request for a thing is the n-th occurrence."""
    asked: dict[tuple[str, str, str], int] = defaultdict(int)
    found = []
    for reference, agency, purpose, asked_on, acknowledged_on, outcome, on in rows:
        key = (reference, agency, purpose)
        asked[key] += 1
        due = [day for occurrence, day in days.get(key, ()) if occurrence == asked[key]]
        due_on = min(due, default=None)
        found.append(AgencyAnswer(reference, agency, purpose, asked_on, due_on, acknowledged_on, outcome, on))
    return found

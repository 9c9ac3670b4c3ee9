"""
The oracle of the digests: who was owed one on which morning, from the ledger and the partnership's file alone.

The first sweep of a working morning owes one to each person who has one and has something in it; the first of a week
its summaries. Nobody is owed a second, and nobody one with nothing in it. It shares no code with what writes them.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from safeguarding.dates.london import LONDON
from simulation.law_by_day import DAY, Law, Place
from simulation.oracle import Clock, called, moment

OF_A_DAY = ("digest", "weekly_summary")
USUAL = {"business_manager": "digest", "delegated_partner": "weekly_summary"}
CHOSEN = {"daily": "digest", "weekly": "weekly_summary", "none": ""}
SEE_ALL = {
    *("business_manager", "business_unit", "independent_chair"),
    *("delegated_partner", "deputy_partner", "lead_partner"),
}
DECIDE = {
    "notification_decision": {"local_authority_dcs", "delegated_partner"},
    "decision": {"delegated_partner"},
    "sign_off": {"delegated_partner"},
    "acceptance": {"delegated_partner"},
}
"""The states in which a decision is owed, and by whom."""

AHEAD = 5
"""Working days that «this week» reaches."""


class Written(Protocol):
    """A digest as the record has it."""

    @property
    def key(self) -> str:
        """What names it for good."""

    @property
    def place(self) -> Place | None:
        """Where it goes."""

    @property
    def created(self) -> datetime:
        """When it was written."""

    @property
    def named(self) -> str:
        """The notice in the words of a fault."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A span of time in which a review stood where a decision is owed."""

    state: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """A digest to one place, written by one sweep."""

    at: datetime
    key: str
    place: Place
    must: bool
    """False where a step in the very moment of the sweep makes both right: that it is there, and that it is not."""


def standings(record: sqlite3.Connection) -> list[Standing]:
    """Every span in which a review waited for a decision, from the lines of the ledger."""
    moves: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    query = "SELECT reference, at, body FROM ledger ORDER BY reference, sequence"
    for reference, at, body in record.execute(query):
        if to := json.loads(body).get("to"):
            moves[reference].append((moment(at), to))
    found = []
    for moved in moves.values():
        ends = [at for at, _ in moved[1:]]
        found += [Standing(to, at, end) for (at, to), end in zip(moved, [*ends, None], strict=True) if to in DECIDE]
    return found


def over(key: str) -> datetime:
    """When the day (or the week) of a digest ends, by the day that its key names."""
    kind, day = key.split(":")[:2]
    end = date.fromisoformat(day) + DAY * (7 if kind == "weekly_summary" else 1)
    return datetime.combine(end, time(0), LONDON)


class Book:
    """What is known of a finished simulation, and the digests that it owed."""

    def __init__(
        self, law: Law, clocks: Iterable[Clock], states: Sequence[Standing], failed_since: datetime | None
    ) -> None:
        self.law, self.states, self.failed_since = law, states, failed_since
        self.pressing = [clock for clock in clocks if _presses(clock.rule)]
        self.mornings = 0
        self.silent = 0
        """How many times somebody who has a digest had nothing in it."""

    def owed(self, sweeps: Iterable[datetime]) -> list[Due]:
        """Every digest that these sweeps owed."""
        found: list[Due] = []
        seen: set[str] = set()
        for sweep in sweeps:
            if not self.law.is_morning(sweep):
                continue
            today = sweep.astimezone(LONDON).date()
            monday = today - timedelta(days=today.weekday())
            self.mornings += f"digest:{today}" not in seen
            for kind, day in zip(OF_A_DAY, (today, monday), strict=True):
                if f"{kind}:{day}" not in seen:
                    seen.add(f"{kind}:{day}")
                    found += self._morning(kind, day, sweep, today)
        return found

    def _morning(self, kind: str, day: date, at: datetime, today: date) -> Iterable[Due]:
        until = self.law.after(today, AHEAD)
        near = [clock for clock in self.pressing if clock.began <= at and clock.due_on <= until]
        near = [clock for clock in near if clock.ended is None or clock.ended >= at]
        law = self.law.on(today)
        for who, person in law.people.items():
            if _kind(person) != kind:
                continue
            surely, perhaps = self._something(who, person, near, at)
            self.silent += not perhaps
            for hearer in self._hearers(who, today) if perhaps else ():
                key = f"{kind}:{day}" if hearer == who else f"{kind}:{day}:{who}"
                yield Due(at, key, law.places(hearer)[0], surely)

    def _something(self, who: str, person: dict[str, Any], near: Sequence[Clock], at: datetime) -> tuple[bool, bool]:
        """Whether there is surely something in somebody's digest, and whether there may be."""
        roles = set(person["roles"])
        clocks = near if roles & SEE_ALL else [c for c in near if who in called({"to": ["owner"]}, c, self.law, at)]
        spans = [(clock.began, clock.ended) for clock in clocks]
        spans += [(s.since, s.until) for s in self.states if _decides(person, s.state)]
        if "business_manager" in roles and self.failed_since is not None:
            spans.append((self.failed_since, None))
        surely = any(since < at and (until is None or until > at) for since, until in spans)
        return surely, any(since <= at and (until is None or until >= at) for since, until in spans)

    def _hearers(self, who: str, today: date) -> list[str]:
        """Who stands in for somebody who is away, if anybody is there; else they themselves."""
        law = self.law.on(today)
        return law.stand_ins(who, today) or [who] if law.is_away(who, today) else [who]


def _decides(person: dict[str, Any], state: str) -> bool:
    """Whether a decision is somebody's: of whom to notify, theirs alone who speak for the local authority."""
    roles, whose = set(person["roles"]), person.get("partner")
    ours = state != "notification_decision" or "local_authority_dcs" in roles or whose == "local_authority"
    return bool(DECIDE[state] & roles) and ours


def _kind(person: dict[str, Any]) -> str:
    if "digest" in person:
        return CHOSEN[person["digest"]]
    return next((USUAL[role] for role in person["roles"] if role in USUAL), "")


def _presses(rule: dict[str, Any]) -> bool:
    return rule["counts"].get("kind") != "minimum" and not rule.get("track_only")


def compared(owed: Iterable[Due], written: Iterable[Written]) -> list[str]:
    """Every digest that is missing, written twice, or owed to nobody."""
    found: Counter[tuple[datetime, str, Place | None]] = Counter()
    names = {}
    for notice in written:
        line = (notice.created, notice.key, notice.place)
        found[line] += 1
        names[line] = notice.named
    faults = []
    for due in owed:
        number = found.pop((due.at, due.key, due.place), 0)
        words = f"{due.key} at {due.at:%Y-%m-%d %H:%M} to {due.place[1]}"
        if number > 1:
            faults.append(f"{words}: written {number} times")
        elif due.must and not number:
            faults.append(f"{words}: no digest was written")
    return faults + [f"{names[line]} at {line[0]:%Y-%m-%d %H:%M}: no digest was owed" for line in found]

"""
The oracle: who was owed which rung, and when, worked out again from the ledger and the partnership's file alone.

It shares no code with what sweeps and sends: it reads the rows of the ledger and the YAML themselves, counts days
one by one, and knows the rules of the ladder from the words of the statutory reference.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from math import ceil
from pathlib import Path
from typing import Any

import yaml

from safeguarding.dates.london import LONDON

STATUTORY = {"statute", "regulation", "guidance", "panel_guidance"}
DAY = timedelta(days=1)
Place = tuple[str, str]
"""A channel, and the address or the Teams workflow at its end: where somebody really hears."""


class Law:
    """The rules, the bank holidays and the partnership, as the files have them."""

    def __init__(self, partnership: Path) -> None:
        shipped = resources.files("config")
        self.file: dict[str, Any] = yaml.safe_load(partnership.read_text())
        rules = [
            yaml.safe_load(rule.read_text())
            for track in ("children", "adults")
            for rule in (shipped / "rules" / track).iterdir()
            if rule.name.endswith(".yaml")
        ]
        self.rules: dict[str, dict[str, Any]] = {rule["id"]: rule for rule in [*rules, *self.file["local"]]}
        calendar = json.loads((shipped / "calendars" / "england-and-wales.json").read_text())
        self.holidays = {date.fromisoformat(day) for day in calendar["holidays"]}
        self.people = {person["id"]: person for person in self.file["people"]}
        self.agencies = {agency["id"]: agency for agency in self.file["agencies"]}
        self.morning = time.fromisoformat(self.file["working_morning"])
        self.quiet = tuple(time.fromisoformat(self.file["quiet_hours"][end]) for end in ("from", "to"))

    # ----------------------------------------------------------------------- days and hours

    def works(self, day: date) -> bool:
        """Whether it is a working day."""
        return day.weekday() < 5 and day not in self.holidays

    def after(self, day: date, number: int) -> date:
        """The so-manieth working day after a day."""
        while number:
            day += DAY
            number -= self.works(day)
        return day

    def before(self, day: date, number: int) -> date:
        """The so-manieth working day before a day."""
        while number:
            day -= DAY
            number -= self.works(day)
        return day

    def may_remind(self, moment: datetime) -> bool:
        """Whether a reminder may leave: in the day, on a working day, in London."""
        local = moment.astimezone(LONDON)
        start, end = self.quiet
        night = local.time() >= start or local.time() < end
        return self.works(local.date()) and not night

    def is_morning(self, moment: datetime) -> bool:
        """Whether a reminder that has waited must leave now: its working morning has begun."""
        return self.may_remind(moment) and moment.astimezone(LONDON).time() >= self.morning

    # ----------------------------------------------------------------------- people

    def holders(self, role: str, agency: str) -> list[str]:
        """Who is meant by a role: people by id, and the role's shared mailbox as `role:...`."""
        if role in ("agency_lead", "agency_director"):
            known = self.agencies.get(agency)
            return [known["lead" if role == "agency_lead" else "director"]] if known else []
        shared = [f"role:{role}" for channel in self.file.get("channels", ()) if channel["role"] == role]
        return [*(who for who, person in self.people.items() if role in person["roles"]), *shared]

    def present(self, who: str, day: date) -> list[str]:
        """Who hears for somebody on a day: themselves, their deputies, or themselves and the business manager."""
        if not self.is_away(who, day):
            return [who]
        deputies = [d for d, p in self.people.items() if p.get("deputy_for") == who and not self.is_away(d, day)]
        for role in ("business_manager", "business_unit"):
            cover = [p for p in self.people if role in self.people[p]["roles"] and p != who]
            cover = [p for p in cover if not self.is_away(p, day)]
            if cover:
                break
        return deputies or [who, *cover]

    def is_away(self, who: str, day: date) -> bool:
        """Whether somebody is marked away."""
        away = self.people.get(who, {}).get("away")
        return bool(away and away["from"] <= day <= away["to"])

    def places(self, who: str) -> list[Place]:
        """Where somebody, or a role's shared mailbox, hears."""
        if who.startswith("role:"):
            channel = next(c for c in self.file["channels"] if f"role:{c['role']}" == who)
            ways = [way for way in ("email", "teams") if channel.get(way)]
            return [(way, channel[way]) for way in ways]
        person = self.people[who]
        wants = person.get("wants", "email")
        return [(way, person[way]) for way in (("email", "teams") if wants == "both" else (wants,))]


@dataclass(slots=True, kw_only=True)
class Clock:
    """One row of one duty while it ran, as the ledger tells it."""

    key: str
    """Reference, rule, subject, occurrence and line: what every notice of it begins with."""
    reference: str
    rule: dict[str, Any]
    agency: str
    owner: str
    counted_from: date
    due_on: date
    began: datetime
    ended: datetime | None = None

    @property
    def statutory(self) -> bool:
        """Whether law or guidance sets its very day."""
        return (self.rule.get("time_level") or self.rule["level"]) in STATUTORY


@dataclass(frozen=True, slots=True)
class Telling:
    """What one sweep owed of one clock: to these places once each, for one of these rungs."""

    at: datetime
    rungs: tuple[str, ...]
    places: dict[Place, frozenset[str]]
    """Each place with the rungs that call somebody who hears there."""
    at_once: bool
    """Whether it is a statutory day that has passed: then no hour is forbidden."""


# --------------------------------------------------------------------------- what the ledger tells


def clocks(record: sqlite3.Connection, law: Law) -> list[Clock]:
    """Every clock that ever ran, from the lines of the ledger."""
    found: list[Clock] = []
    lines = defaultdict(list)
    for reference, sequence, at, body in record.execute(
        "SELECT reference, sequence, at, body FROM ledger ORDER BY reference, sequence"
    ):
        lines[reference].append((sequence, moment(at), json.loads(body)))
    for reference, chain in lines.items():
        found += _of_review(reference, chain, law)
    return found


def moment(text: str) -> datetime:
    """A moment as the record keeps it: UTC, without saying so."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _of_review(reference: str, chain: Iterable[tuple[int, datetime, dict[str, Any]]], law: Law) -> Iterator[Clock]:
    running: dict[tuple[str, str, int], Clock] = {}
    actions: dict[str, dict[str, Any]] = {}
    for sequence, at, body in chain:
        actions |= {entry["action"]: entry for entry in body.get("entries", ()) if entry["entry"] == "action_added"}
        for change in body.get("duties", ()):
            rule, subject = change["rule"], change.get("subject", "")
            occurrence = change.get("occurrence", 1)
            old = running.pop((rule, subject, occurrence), None)
            if old is not None:
                old.ended = at
            stops = change.get("stops", ())
            stands_still = bool(stops) and stops[-1].get("until") is None
            if change["change"] != "started" or change.get("guard") or stands_still:
                continue
            action = actions.get(subject, {})
            clock = Clock(
                key=f"{reference}:{rule}:{subject}:{occurrence}:{sequence}",
                reference=reference,
                rule=law.rules[rule],
                agency=action.get("agency", subject),
                owner=action.get("owner", ""),
                counted_from=date.fromisoformat(stops[-1]["until"] if stops else change["anchored_on"]),
                due_on=date.fromisoformat(change["due_on"]),
                began=at,
            )
            running[rule, subject, occurrence] = clock
            yield clock


# --------------------------------------------------------------------------- the ladder, again


def rungs(clock: Clock, law: Law) -> list[tuple[datetime, dict[str, Any]]]:
    """The rungs of a clock with the moment of each, soonest first."""
    counts = clock.rule["counts"]
    if clock.rule.get("track_only") or counts.get("kind") == "minimum" or counts["unit"] == "none":
        return []
    ladder = [r for r in law.file["ladder"] if r.get("applies_to", "all") in ("all", _kind(clock))]
    if own := counts.get("warn"):
        ladder = [r for r in ladder if not {"share", "working_days_left"} & set(r["when"])]
        ladder += [{"id": f"reminder_{n}_left", "when": {"working_days_left": n}, "to": ["owner"]} for n in own]
    timed = [(at, rung) for rung in ladder if (at := _moment_of(rung, clock, law)) is not None]
    return sorted(timed, key=lambda pair: pair[0])


def _kind(clock: Clock) -> str:
    return "statutory" if clock.statutory else "local"


def _moment_of(rung: dict[str, Any], clock: Clock, law: Law) -> datetime | None:
    """A statutory day is missed at midnight; everything else is heard on a working morning."""
    (when, number), *_ = rung["when"].items()
    start, due = clock.counted_from, clock.due_on
    last = due if law.works(due) else law.before(due, 1)
    if when == "missed" and clock.statutory:
        return datetime.combine(due + DAY, time(0), LONDON)
    day: date | None = None
    if when == "missed":
        day = law.after(due, 1)
    elif when == "working_days_late":
        day = law.after(due, number)
    elif when == "working_days_left":
        day = law.before(last, number)
        day = None if start <= due and day <= start else day
    elif when == "share":
        allowance = sum(law.works(start + DAY * n) for n in range(1, (due - start).days + 1))
        day = min(law.after(start, ceil(round(allowance * number, 6))), last) if allowance else None
    return None if day is None else datetime.combine(day, law.morning, LONDON)


def called(rung: dict[str, Any], clock: Clock, law: Law) -> list[str]:
    """Whom a rung calls; the business manager if it calls nobody who exists."""
    found: list[str] = []
    for role in rung["to"]:
        if role != "owner":
            found += law.holders(role, clock.agency)
        elif clock.owner in law.people:
            found.append(clock.owner)
        else:
            found += law.holders("agency_lead", clock.agency) or law.holders(clock.rule["owner"], "")
    return found or law.holders("business_manager", "")


# --------------------------------------------------------------------------- what was owed


@dataclass(slots=True)
class Owed:
    """What one clock owed, sweep by sweep; and what it may have owed, where a step and a sweep met in one moment."""

    clock: Clock
    ways: list[list[Telling]] = field(default_factory=list)


def owed(clock: Clock, sweeps: list[datetime], law: Law) -> Owed:
    """
    Every telling that a clock owed, given when the sweeps ran.

    Rungs that passed while nobody swept, or before the clock was recorded, are told together: everybody on any of
    them once. A step recorded in the very moment of a sweep may count before it or after it: both ways are right.
    A clock that has run out when it is recorded tells in the moment of the step, and waits for no sweep.
    """
    ladder = rungs(clock, law)
    made = Owed(clock)
    late = clock.due_on < clock.began.astimezone(LONDON).date() and clock.ended != clock.began
    at_once = [clock.began] if late else []
    # `bisect_left` counts a sweep in the moment of the step as after it, `bisect_right` as before it.
    for begins in dict.fromkeys((bisect_left(sweeps, clock.began), bisect_right(sweeps, clock.began))):
        for ends in _ends(clock, sweeps):
            made.ways.append(list(_tellings(clock, ladder, [*at_once, *sweeps[begins:ends]], law)))
    return made


def _ends(clock: Clock, sweeps: list[datetime]) -> tuple[int, ...]:
    if clock.ended is None:
        return (len(sweeps),)
    return tuple(dict.fromkeys((bisect_left(sweeps, clock.ended), bisect_right(sweeps, clock.ended))))


def _tellings(
    clock: Clock, ladder: list[tuple[datetime, dict[str, Any]]], sweeps: Iterable[datetime], law: Law
) -> Iterator[Telling]:
    waiting = list(ladder)
    for sweep in sweeps:
        if not waiting:
            return
        due = [rung for at, rung in waiting if at <= sweep]
        if not due:
            continue
        waiting = waiting[len(due) :]
        today = sweep.astimezone(LONDON).date()
        places: dict[Place, set[str]] = defaultdict(set)
        for rung in due:
            for who in called(rung, clock, law):
                for hearer in law.present(who, today):
                    for place in law.places(hearer):
                        places[place].add(rung["id"])
        yield Telling(
            sweep,
            tuple(rung["id"] for rung in due),
            {place: frozenset(ids) for place, ids in places.items()},
            clock.statutory and clock.due_on < today,
        )

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
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from math import ceil
from typing import Any

from safeguarding.dates.london import LONDON
from simulation.law_by_day import DAY, Law, Place

STATUTORY = {"statute", "regulation", "guidance", "panel_guidance"}


@dataclass(slots=True, kw_only=True)
class Clock:
    """One row of one duty while it ran, as the ledger tells it."""

    key: str
    """Reference, rule, subject, occurrence and line: what every notice of it begins with."""
    reference: str
    rule: dict[str, Any]
    agency: str
    owners: list[tuple[datetime, str]]
    """Who owns the action that it is about, from when."""
    counted_from: date
    due_on: date
    began: datetime
    ended: datetime | None = None
    appointed: list[tuple[datetime, dict[str, str]]] = field(default_factory=list)
    """Who chairs the review and who is its reviewer, from when: of those who hold these roles nobody else hears."""

    def holds(self, role: str, at: datetime) -> str:
        """Who was appointed in a role by a moment; nobody in any but these two."""
        return next((posts.get(role, "") for since, posts in reversed(self.appointed) if since <= at), "")

    def owner(self, at: datetime) -> str:
        """Who owned its action at a moment; nobody where it is about none."""
        return next((who for since, who in reversed(self.owners) if since <= at), "")

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
    appointed: list[tuple[datetime, dict[str, str]]] = []
    for sequence, at, body in chain:
        posts = _appointed(body, appointed[-1][1] if appointed else {})
        appointed += [(at, posts)] if posts else []
        for entry in body.get("entries", ()):
            if entry["entry"] in ("action_added", "action_changed"):
                actions[entry["action"]] = entry
                for clock in running.values():
                    if clock.owners and clock.key.split(":")[2] == entry["action"]:
                        clock.owners.append((at, entry["owner"]))
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
                owners=[(at, action["owner"])] if action else [],
                counted_from=date.fromisoformat(stops[-1]["until"] if stops else change["anchored_on"]),
                due_on=date.fromisoformat(change["due_on"]),
                began=at,
                appointed=appointed,
            )
            running[rule, subject, occurrence] = clock
            yield clock


def _appointed(body: dict[str, Any], before: dict[str, str]) -> dict[str, str]:
    """Who is appointed by a line, beside those that were; nothing where it says nothing of it."""
    facts, marks = body.get("facts", {}), {mark["name"] for mark in body.get("marks", ())}
    if "reviewer_removed" in marks:
        return {**before, "lead_reviewer": ""}
    if "reviewer_appointed" not in marks:  # The chair may be named by a line of their own.
        return {**before, "review_panel_chair": facts["chair"]} if facts.get("chair") else {}
    chair = facts.get("chair") or before.get("review_panel_chair", "")
    return {"review_panel_chair": chair, "lead_reviewer": facts.get("reviewer_in_file") or ""}


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


def called(rung: dict[str, Any], clock: Clock, law: Law, at: datetime) -> list[str]:
    """Whom a rung calls at a moment, of those who serve on its day; the business manager if nobody is there."""
    law = law.on(at.astimezone(LONDON).date())

    def held(role: str, agency: str) -> list[str]:
        one = clock.holds(role, at)
        return [one] if one in law.people else law.holders(role, agency)

    found: list[str] = []
    for role in rung["to"]:
        if role != "owner":
            found += held(role, clock.agency)
        elif clock.owner(at) in law.people:
            found.append(clock.owner(at))
        else:
            found += law.holders("agency_lead", clock.agency) or held(clock.rule["owner"], "")
    return found or law.holders("business_manager", "")


# --------------------------------------------------------------------------- what was owed


@dataclass(slots=True)
class Owed:
    """What one clock owed, sweep by sweep; and what it may have owed, where a step and a sweep met in one moment."""

    clock: Clock
    ways: list[list[Telling]] = field(default_factory=list)


def owed(clock: Clock, sweeps: list[datetime], law: Law, told: Collection[str] = ()) -> Owed:
    """
    Every telling that a clock owed, given when the sweeps ran, and which of its rungs were `told` before it began: of
    an earlier row for the same day, which a step taken back or a closing in error had ended.

    Rungs that passed while nobody swept, or before the clock was recorded, are told together: everybody on any of
    them once. A step recorded in the very moment of a sweep may count before it or after it: both ways are right.
    A clock that has run out when it is recorded tells in the moment of the step, and waits for no sweep.
    """
    ladder = [(at, rung) for at, rung in rungs(clock, law) if rung["id"] not in told]
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
            for who in called(rung, clock, law, sweep):
                for hearer in law.on(today).present(who, today):
                    for place in law.on(today).places(hearer):
                        places[place].add(rung["id"])
        yield Telling(
            sweep,
            tuple(rung["id"] for rung in due),
            {place: frozenset(ids) for place, ids in places.items()},
            clock.statutory and clock.due_on < today,
        )

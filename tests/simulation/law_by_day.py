"""
The rules, the bank holidays and the partnership, as the files have them on each day of a simulation.

It reads the YAML itself, and works out who serves, which agencies there are and who stands in for whom without a line
of the code that it judges.
"""

from __future__ import annotations

import copy
import json
from datetime import date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from safeguarding.dates.london import LONDON

DAY = timedelta(days=1)
VERSION = "partnership from "
"""How the name of a file begins that was in force from a day, beside the last."""
Place = tuple[str, str]
"""A channel, and the address or the Teams workflow at its end: where somebody really hears."""
POSTS = {"agency_lead": ("lead", "director"), "agency_director": ("director", "lead")}
"""The posts of an agency that are called, each with the one that covers it."""
COVERS = ("business_manager", "business_unit")


class Law:
    """The files of a partnership, one after the other, and the law that is shipped."""

    def __init__(self, partnership: Path) -> None:
        shipped = resources.files("config")
        self.file: dict[str, Any] = yaml.safe_load(partnership.read_text())
        self.files = [
            (date.fromisoformat(path.stem.removeprefix(VERSION)), yaml.safe_load(path.read_text()))
            for path in sorted(partnership.parent.glob(f"{VERSION}*.yaml"))
        ] or [(date.min, self.file)]
        rules = [
            yaml.safe_load(rule.read_text())
            for track in ("children", "adults")
            for rule in (shipped / "rules" / track).iterdir()
            if rule.name.endswith(".yaml")
        ]
        brought = yaml.safe_load((shipped / "rules" / "relied_on" / "steps.yaml").read_text())["local"]
        self.rules: dict[str, dict[str, Any]] = {rule["id"]: rule for rule in [*rules, *brought]}
        for entry in self.file["local"]:  # Of a step that the program brings it may say its length alone.
            self.rules[entry["id"]] = {**self.rules.get(entry["id"], {}), **entry}
        calendar = json.loads((shipped / "calendars" / "england-and-wales.json").read_text())
        self.holidays = {date.fromisoformat(day) for day in calendar["holidays"]}
        self.morning = time.fromisoformat(self.file["working_morning"])
        self.quiet = tuple(time.fromisoformat(self.file["quiet_hours"][end]) for end in ("from", "to"))
        self._days: dict[date, Law] = {}
        self.people: dict[str, dict[str, Any]] = {}
        """Those who serve, each with the roles of the day: of a day, see `on`."""
        self.agencies: dict[str, dict[str, Any]] = {}

    def on(self, day: date) -> Law:
        """The same with the people and the agencies of a day in London."""
        if day not in self._days:
            found = copy.copy(self)
            found.file = [file for since, file in self.files if since <= day or since == self.files[0][0]][-1]
            serving = {person["id"]: _roles(person, day) for person in found.file["people"] if _there(person, day)}
            found.people = {
                person["id"]: {**person, "roles": serving[person["id"]]}
                for person in found.file["people"]
                if serving.get(person["id"])
            }
            found.agencies = {agency["id"]: agency for agency in found.file["agencies"] if _there(agency, day)}
            self._days[day] = found
        return self._days[day]

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

    # ----------------------------------------------------------------------- people of a day

    def holders(self, role: str, agency: str) -> list[str]:
        """Who is meant by a role: people by id, and the role's shared mailbox as `role:...`."""
        if role in POSTS:
            found, doing = [], self.doing_the_work_of(agency)
            for here in doing:
                posts = [self.agencies[here].get(post) for post in POSTS[role]]
                found += [who for who in posts if who in self.people][:1]
            known = doing or any(one["id"] == agency for one in self.file["agencies"])
            return found or (self._covering() if known else [])
        shared = [f"role:{role}" for channel in self.file.get("channels", ()) if channel["role"] == role]
        return [*(who for who, person in self.people.items() if role in person["roles"]), *shared]

    def doing_the_work_of(self, agency: str) -> list[str]:
        """The agencies of the day that do what one owes: itself, or those that it went into, however often."""
        every = {one["id"]: one for one in self.file["agencies"]}
        found: dict[str, None] = {}
        left, seen = [agency], set[str]()
        while left:
            here = left.pop(0)
            if here in self.agencies:
                found[here] = None
            elif here not in seen:
                left += every.get(here, {}).get("into", [])
                left += [one for one, known in every.items() if here in known.get("formerly", ())]
            seen.add(here)
        return list(found)

    def present(self, who: str, day: date) -> list[str]:
        """
        Who hears for somebody on a day: themselves; who covers, or deputises, to any degree; or themselves and the
        business manager, or while the whole unit is away its shared mailbox.
        """
        if not self.is_away(who, day):
            return [who]
        for role in COVERS:
            cover = [p for p in self.people if role in self.people[p]["roles"] and p != who]
            cover = [p for p in cover if not self.is_away(p, day)]
            if cover:
                break
        unit = [f"role:{channel['role']}" for channel in self.file.get("channels", ()) if channel["role"] in COVERS]
        return self.stand_ins(who, day) or [who, *(cover or unit)]

    def stand_ins(self, who: str, day: date) -> list[str]:
        """Who stands in for somebody: the cover named, else the deputies; of those who are away too, theirs."""
        level, seen = [who], {who}
        while level:
            covers = [one["cover"] for person in level for one in self._away(person, day) if one.get("cover")]
            deputies = [p for one in level for p, other in self.people.items() if other.get("deputy_for") == one]
            for others in (covers, deputies):
                there = [p for p in dict.fromkeys(others) if p in self.people and p not in seen]
                if there := [p for p in there if not self.is_away(p, day)]:
                    return there
            level = [p for p in dict.fromkeys([*covers, *deputies]) if p not in seen]
            seen |= {*level}
        return []

    def is_away(self, who: str, day: date) -> bool:
        """Whether somebody is marked away."""
        return bool(self._away(who, day))

    def _away(self, who: str, day: date) -> list[dict[str, Any]]:
        given = self.people.get(who, {}).get("away") or []
        spans = [given] if isinstance(given, dict) else given
        return [span for span in spans if span["from"] <= day <= span["to"]]

    def _covering(self) -> list[str]:
        found = ([who for who, person in self.people.items() if role in person["roles"]] for role in COVERS)
        return next(filter(None, found), [])

    def places(self, who: str) -> list[Place]:
        """Where somebody, or a role's shared mailbox, hears."""
        if who.startswith("role:"):
            channel = next(c for c in self.file["channels"] if f"role:{c['role']}" == who)
            ways = [way for way in ("email", "teams") if channel.get(way)]
            return [(way, channel[way]) for way in ways]
        person = self.people[who]
        wants = person.get("wants", "email")
        return [(way, person[way]) for way in (("email", "teams") if wants == "both" else (wants,))]

    def place(self, who: str, channel: str, at: datetime) -> Place | None:
        """Where somebody hears over a channel at a moment; None where the file in force has no such place."""
        law = self.on(at.astimezone(LONDON).date())
        if who.startswith("role:"):
            return next((place for place in law.places(who) if place[0] == channel), None)
        address = law.people.get(who, {}).get(channel)
        return (channel, address) if address else None


def _there(one: dict[str, Any], day: date) -> bool:
    return one.get("from", date.min) <= day <= one.get("until", date.max)


def _roles(person: dict[str, Any], day: date) -> list[str]:
    """The roles that somebody holds on a day."""
    now = [
        role if isinstance(role, str) else role["role"]
        for role in person["roles"]
        if isinstance(role, str) or role.get("from", date.min) <= day <= role.get("to", date.max)
    ]
    return list(dict.fromkeys(now))

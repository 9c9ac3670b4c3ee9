"""
What was answered about a new partnership, judged as one: everything wrong is named at once, where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any, TypeVar

from config.new_partnership.partners_given import (
    APART,
    TRACKS,
    PartnerGiven,
    by_type,
    each_its_id,
    faults_of_partners,
    own_councils,
    plain,
    read_agree,
    read_councils,
    read_decides,
    read_further,
    read_part_of,
    read_partner,
)
from config.new_partnership.questions import (
    AGENCIES,
    AGENCY_ROLES,
    PART_OF,
    PARTNER_NAMES,
    PARTNER_ROLES,
    PEOPLE,
    QUESTIONS,
)
from safeguarding.as_typed import looks
from safeguarding.errors import Fault
from safeguarding.law.partnership import QuietHours, TimeOfDay
from safeguarding.law.roles import ONE_TRACK, ROLES
from safeguarding.mailbox import Mailbox, read_mailbox
from safeguarding.values import Name, Sentence

T = TypeVar("T")

_SERVER = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
MORNING = time(9, 0)
"""Of a partnership that did not say."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table as it was given: its words by their column, and what a fault calls the row."""

    place: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Given:
    """Everything as it was given, before it is judged."""

    source: str
    """The file, or the terminal."""
    answers: Mapping[str, str]
    """By the key of the question."""
    places: Mapping[str, str] = field(default_factory=dict)
    """What a fault calls the place of an answer; the words of the question, where nothing is said."""
    people: tuple[TableRow, ...] = ()
    agencies: tuple[TableRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person, with all the roles that they were given; several rows of one name and address are one person."""

    name: str
    email: str | None
    roles: tuple[str, ...]
    partner: str | None = None
    deputy_for: str = ""
    """The name of the person whom they stand in for."""
    authority: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class AgencyGiven:
    """An agency with its lead and its director, either of whom may not be known yet, and of which partner it is."""

    name: str
    lead: Somebody | None = None
    director: Somebody | None = None
    partner: str = ""
    """The id of a partner, `none` where it is of none, empty where that was not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIsKnown:
    """What is known of a new partnership. What is None or empty is a gap."""

    name: str
    tracks: tuple[str, ...]
    councils: str
    partners: tuple[PartnerGiven, ...]
    decides: str
    unit_mailbox: str | None
    agree: int | None
    working_morning: time | None
    quiet_from: time | None
    quiet_to: time | None
    mail_server: str
    sender: str | None
    people: tuple[Somebody, ...]
    agencies: tuple[AgencyGiven, ...]

    def spoken_for(self) -> dict[str, str]:
        """Every partner by its id, with what it is called: the three, or two councils for one, and the further ones."""
        own = {one.id: one.name for one in self.partners if one.kind != "further"}
        usual = {key: name for key, name in PARTNER_NAMES.items() if not own or key != "local_authority"}
        return {**own, **usual, **{one.id: one.name for one in self.partners if one.kind == "further"}}

    def roles_needed(self) -> Iterator[str]:
        """The roles that a partnership of these tracks has."""
        for role in ROLES:
            if ONE_TRACK.get(role) in (None, *self.tracks):
                yield role


# --------------------------------------------------------------------------- one answer


def read_tracks(text: str) -> tuple[str, ...]:
    """children, adults or both. Raises ValueError."""
    words = set(re.findall(r"[a-z]+", text.lower())) - {"and"}
    if words == {"children", "adults"}:
        return TRACKS["both"]
    if len(words) != 1 or not words <= set(TRACKS):
        raise ValueError("is none of: children, adults, both")
    return TRACKS[words.pop()]


def read_server(text: str) -> str:
    """The name of a mail server. Raises ValueError for anything else, a password above all, and repeats nothing."""
    if not _SERVER.fullmatch(text):
        raise ValueError("is no name of a server, such as mail.example.org: give it without a password or an address")
    return text.lower()


def read_roles(text: str) -> tuple[str, ...]:
    """The roles of one person, by their names in the program or on its pages. Raises ValueError."""
    found = []
    for word in filter(None, (word.strip() for word in APART.split(text))):
        role = _ROLES.get(plain(word))
        if role is None:
            raise ValueError(f"holds a word that is no role; the roles are: {', '.join(ROLES)}")
        if role in AGENCY_ROLES:
            raise ValueError(f"holds {role}: write whoever leads or directs an agency with the agency")
        found.append(role)
    if not found:
        raise ValueError("is empty: everybody has a role at least")
    return tuple(dict.fromkeys(found))


_ROLES = {plain(word.replace("_", " ")): role for role, words in ROLES.items() for word in (role, words)}

read_name, read_sentence, read_time = by_type(Name), by_type(Sentence), by_type(TimeOfDay)
read_address = by_type(Mailbox)

READERS: dict[str, Callable[[str], Any]] = {
    "name": read_name,
    "tracks": read_tracks,
    "councils": read_councils,
    "further": read_further,
    "decides": read_decides,
    "unit_mailbox": read_address,
    "agree": read_agree,
    "working_morning": read_time,
    "quiet_from": read_time,
    "quiet_to": read_time,
    "mail_server": read_server,
    "sender": lambda text: read_mailbox(text, of_this_machine=True),
}
"""What makes an answer of the words of each question; each raises ValueError in words that follow the question's."""


# --------------------------------------------------------------------------- all of it


def judged(given: Given, faults: list[Fault]) -> WhatIsKnown | None:
    """What was answered, or None with everything that is wrong with it added, each with its place."""
    found: dict[str, Any] = {}
    known = len(faults)
    for question in QUESTIONS:
        text, place = given.answers.get(question.key, "").strip(), given.places.get(question.key, question.words)
        if text:
            found[question.key] = _read(READERS[question.key], text, given.source, place, faults)
        elif question.needed:
            faults.append(Fault(given.source, place, "is empty: this cannot be left open"))
    begins, ends, morning = (found.get(key) for key in ("quiet_from", "quiet_to", "working_morning"))
    if begins and ends and QuietHours.model_validate({"from": begins, "to": ends}).hold(morning or MORNING):
        place = given.places.get("quiet_from", "quiet hours")
        words = f"the working morning ({morning or MORNING:%H:%M}) lies in the quiet hours: are the two exchanged?"
        faults.append(Fault(given.source, place, words))
    councils = own_councils(found.get("councils") or ())
    both = each_its_id((*councils, *(found.get("further") or ())))
    councils, further = both[: len(councils)], both[len(councils) :]
    others = {one.id: one.name for one in (*councils, *further)}
    people = [one for row in given.people if (one := _person(row, given.source, others, faults))]
    spoken = {one.partner for one in people}
    own = tuple(one for one in councils if spoken & {one.id for one in councils})
    faults += faults_of_partners((*own, *further), spoken, found, given.source, given.places)
    agencies = [found_one for row in given.agencies if (found_one := _agency(row, given.source, others, faults))]
    faults += _faults_between(people, agencies, found.get("tracks") or TRACKS["both"], given.source)
    if len(faults) > known:
        return None
    names = [question.key for question in QUESTIONS if question.key != "further"]
    settled = {key: found.get(key) for key in names} | {
        "tracks": found.get("tracks") or TRACKS["both"],
        "councils": ", ".join(found.get("councils") or ()),
        "partners": (*own, *further),
        "decides": found.get("decides") or "partners",
        "mail_server": found.get("mail_server") or "",
    }
    return WhatIsKnown(**settled, people=_as_one(people), agencies=tuple(agencies))


def _read(by: Callable[[str], T], text: str, source: str, place: str, faults: list[Fault]) -> T | None:
    try:
        return by(text)
    except ValueError as wrong:
        faults.append(Fault(source, place, str(wrong)))
        return None


def _person(row: TableRow, source: str, others: Mapping[str, str], faults: list[Fault]) -> Somebody | None:
    name, email, roles, partner, principal, authority = (row.words.get(column, "").strip() for column in PEOPLE)

    def read(by: Callable[[str], T], text: str, column: str) -> T | None:
        return _read(by, text, source, f"{row.place}, {column}", faults) if text else None

    held = _read(read_roles, roles, source, f"{row.place}, {PEOPLE[2]}", faults) or ()
    speaks_for = read(lambda text: read_partner(text, others), partner, PEOPLE[3])
    if set(held) & set(PARTNER_ROLES) and not partner:
        faults.append(
            Fault(
                source,
                f"{row.place}, {PEOPLE[3]}",
                f"is empty: {', '.join((*PARTNER_NAMES.values(), *others.values()))}?",
            )
        )
    if "deputy_partner" in held and not principal:
        faults.append(Fault(source, f"{row.place}, {PEOPLE[4]}", "is empty: the name of whom they stand in for?"))
    if not name:
        faults.append(Fault(source, f"{row.place}, {PEOPLE[0]}", "is empty"))
    return Somebody(
        name=read(read_name, name, PEOPLE[0]) or "",
        email=read(read_address, email, PEOPLE[1]),
        roles=held,
        partner=speaks_for,
        deputy_for=read(read_name, principal, PEOPLE[4]) or "",
        authority=read(read_sentence, authority, PEOPLE[5]) or "",
        place=row.place,
    )


def _agency(row: TableRow, source: str, others: Mapping[str, str], faults: list[Fault]) -> AgencyGiven | None:
    name = row.words.get(AGENCIES[0], "").strip()
    if not name:
        faults.append(Fault(source, f"{row.place}, {AGENCIES[0]}", "is empty"))
    held: list[Somebody | None] = []
    for column, address, role in (
        (AGENCIES[1], AGENCIES[2], "agency_lead"),
        (AGENCIES[3], AGENCIES[4], AGENCY_ROLES[1]),
    ):
        who, email = row.words.get(column, "").strip(), row.words.get(address, "").strip()
        if email and not who:
            faults.append(Fault(source, f"{row.place}, {column}", "is empty, and an address is given"))
        given_name = _read(read_name, who, source, f"{row.place}, {column}", faults) if who else None
        mailbox = _read(read_address, email, source, f"{row.place}, {address}", faults) if email else None
        held.append(Somebody(given_name, mailbox, (role,), place=row.place) if given_name else None)
    called = _read(read_name, name, source, f"{row.place}, {AGENCIES[0]}", faults) if name else None
    part_of = row.words.get(PART_OF, "").strip()
    known = part_of and _read(
        lambda text: read_part_of(text, others), part_of, source, f"{row.place}, {PART_OF}", faults
    )
    lead, director = held
    return AgencyGiven(called, lead, director, known or "") if called else None


def _faults_between(
    people: list[Somebody], agencies: list[AgencyGiven], tracks: tuple[str, ...], source: str
) -> Iterator[Fault]:
    """What each row does not say for itself: names twice, a deputy of nobody, no business manager."""
    seen: dict[str, Somebody] = {}
    for person in (*people, *(one for agency in agencies for one in (agency.lead, agency.director) if one)):
        other = seen.setdefault(looks(person.name), person)
        if person.name and other.email and person.email and other.email != person.email:
            why = f"{person.name} stands in {other.place} too, with another address: is it the same person?"
            yield Fault(
                source, f"{person.place}, {PEOPLE[1]}", f"{why} Give both rows one address, or one a fuller name"
            )
        elif person.partner and other.partner and person.partner != other.partner:
            yield Fault(source, f"{person.place}, {PEOPLE[3]}", f"is another partner than in {other.place}")
    for person in people:
        principal = seen.get(looks(person.deputy_for)) if person.deputy_for else None
        if person.deputy_for and principal is None:
            yield Fault(source, f"{person.place}, {PEOPLE[4]}", "names nobody who stands among the people")
        elif principal is not None and looks(principal.name) == looks(person.name):
            yield Fault(source, f"{person.place}, {PEOPLE[4]}", "is the person themselves")
        elif principal is not None and principal.partner != person.partner and "deputy_partner" in person.roles:
            yield Fault(source, f"{person.place}, {PEOPLE[4]}", "is somebody who speaks for another partner")
        for role in person.roles:
            if ONE_TRACK.get(role) not in (None, *tracks):
                why = f"holds {role}, which belongs to reviews of {ONE_TRACK[role]}: does the partnership run them?"
                yield Fault(source, f"{person.place}, {PEOPLE[2]}", why)
    if not any("business_manager" in person.roles and person.email for person in people):
        why = "nobody is business_manager with an address: somebody has to hear of what nobody else hears of"
        yield Fault(source, "People", why)
    if not agencies:
        yield Fault(source, "Agencies", "none is given: at least one")
    called: dict[str, str] = {}
    for agency in agencies:
        if called.setdefault(looks(agency.name), agency.name) is not agency.name:
            yield Fault(source, "Agencies", f"{agency.name} is given twice")


def _as_one(people: list[Somebody]) -> tuple[Somebody, ...]:
    """Each person once, with the roles of all their rows."""
    found: dict[str, Somebody] = {}
    for person in people:
        before = found.get(looks(person.name))
        found[looks(person.name)] = (
            person
            if before is None
            else replace(
                before,
                email=before.email or person.email,
                roles=tuple(dict.fromkeys((*before.roles, *person.roles))),
                partner=before.partner or person.partner,
                deputy_for=before.deputy_for or person.deputy_for,
                authority=before.authority or person.authority,
            )
        )
    return tuple(found.values())

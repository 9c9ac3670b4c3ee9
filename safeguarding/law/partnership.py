"""
The partnership's own file: its people, agencies, channels, quorum, ladder and choices.

Everything that a partnership may change without a programmer, apart from the law. Secrets are named here and
kept elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, time
from functools import cached_property
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from safeguarding.as_typed import looks
from safeguarding.law.local_question import MOST_QUESTIONS, LocalQuestion
from safeguarding.law.period import Away, Id, Period, Term
from safeguarding.law.rung import Rung
from safeguarding.mailbox import Mailbox
from safeguarding.values import ID, FromFile, Key, Name, Sentence, Tidy

Partner = Literal["local_authority", "police", "integrated_care_board"]
PARTNERS: tuple[Partner, ...] = ("local_authority", "police", "integrated_care_board")
"""The three statutory safeguarding partners, equal in their duty."""
PARTNER_ROLES = ("lead_partner", "delegated_partner", "deputy_partner")
"""Who may speak for a partner: its lead, its delegates and their deputies."""
COVERS = ("business_manager", "business_unit")
"""Who hears where nobody else is there to hear: the first of these roles that somebody holds."""
MOST_DAYS = 40
"""Days of which it is remembered how the partnership stands on them."""

V = TypeVar("V")


def _several(given: Any) -> Any:
    """One absence, or a list of them."""
    return [given] if isinstance(given, Mapping | Away) else () if given is None else given


PART_OF_A_SETTING = r"^[A-Za-z0-9_-]+$"
"""How the name of a secret is written: it is part of a setting's name and of a file's."""


_CLOCK = re.compile(r"\s*([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?\s*")


def _time_of_day(given: Any) -> Any:
    if isinstance(given, str) and (clock := _CLOCK.fullmatch(given)):
        hour, minute, second = (int(part or 0) for part in clock.groups())
        return time(hour, minute, second)
    if isinstance(given, time):
        return given
    raise ValueError('give the hour and the minute, from 00:00 to 23:59, such as "18:00" or "09:00"')


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
"""A time of day in London."""
SecretName = Annotated[str, StringConstraints(pattern=PART_OF_A_SETTING, max_length=60)]
"""The name under which the environment holds a secret; never the secret."""


Often = Literal["daily", "weekly", "none"]


class Person(Period):
    """Somebody who acts in the system, from when until when. The same person may hold several roles."""

    id: Id = Field(pattern=ID, max_length=60)
    name: Name
    formerly: tuple[Name, ...] = ()
    """Names that they had before: says that it is the same person where name and address change at once."""
    email: Mailbox | None = None
    roles: tuple[Key, ...] = Field(min_length=1)
    terms: tuple[Term, ...] = ()
    """Those of their roles that they hold for a time. In the file they stand among the roles."""
    partner: Partner | None = None
    """For a lead, delegated or deputy partner: which of the three they speak for."""
    agency: Id | None = None
    agencies: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    """Of which agencies they are the lead or the director besides, where one person serves several."""
    teams: SecretName | None = None
    wants: Literal["email", "teams", "both"] = "email"
    deputy_for: Id | None = None
    authority: Sentence = ""
    """How the deputy's authority was recorded, so that it can be shown years later."""
    away: Annotated[tuple[Away, ...], BeforeValidator(_several), Field(max_length=100)] = ()
    """While they are away their cover or their deputy hears in their place, and is told so."""
    digest: Often | None = None
    """How often they have a digest; if it is not said, their role says it."""

    @model_validator(mode="before")
    @classmethod
    def _roles_for_a_time(cls, given: Any) -> Any:
        """A role with its days is a term; its name stands among the roles all the same."""
        roles = given.get("roles") if isinstance(given, Mapping) else None
        if not isinstance(roles, list) or not any(isinstance(role, Mapping) for role in roles):
            return given
        terms = [role for role in roles if isinstance(role, Mapping)]
        if any(not isinstance(term.get("role"), str) for term in terms):
            raise ValueError("a role for a time is written {role: lead_partner, from: 2026-04-01, to: 2027-03-31}")
        names = dict.fromkeys(role["role"] if isinstance(role, Mapping) else role for role in roles)
        always = {role for role in roles if isinstance(role, str)}
        return {**given, "roles": list(names), "terms": [term for term in terms if term["role"] not in always]}

    def is_away(self, day: date) -> bool:
        """Whether they are marked away on a day (London)."""
        return any(away.holds(day) for away in self.away)

    def roles_on(self, day: date) -> tuple[str, ...]:
        """The roles that are theirs on a day (London)."""
        if not self.holds(day):
            return ()
        timed = {term.role for term in self.terms}
        now = {term.role for term in self.terms if term.holds(day)}
        return tuple(role for role in self.roles if role not in timed or role in now)

    def serves(self, agency: Id) -> bool:
        """Whether they are a lead or a director of this agency."""
        return agency in (self.agency, *self.agencies)


class Agency(Period):
    """
    A relevant agency, from when until when: its safeguarding lead (the first to be chased), its director (the second).

    A post that is vacant is left out: the other hears, and where there is none the business manager.
    """

    id: Id = Field(pattern=ID, max_length=30)
    name: Name
    lead: Id | None = None
    director: Id | None = None
    formerly: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    """The ids of agencies whose work this one has taken over, by a merger or under a new id."""
    into: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    """Of an agency that ends: the ids of those that take over what it owes."""


class SharedMailbox(FromFile):
    """A shared mailbox or Teams channel of a role, beside what its people want for themselves."""

    role: Key
    email: Mailbox | None = None
    teams: SecretName | None = None


class Recipient(FromFile):
    """A body outside the partnership that is owed something, and by which way it goes. Bodies change: this is data."""

    id: Id = Field(pattern=ID, max_length=60)
    name: Name
    way: Sentence = ""


class Quorum(FromFile):
    """Which partners must be present, in person or by deputy, for a joint decision, and how many must agree."""

    present: tuple[Partner, ...] = PARTNERS
    agree: int = Field(default=3, ge=1, le=3)


class QuietHours(FromFile):
    """When no reminder is sent. A missed statutory date is sent all the same."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")

    def hold(self, moment: time) -> bool:
        """Whether a time of day in London lies in the quiet hours, which may run over midnight."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


class Choice(FromFile, Generic[V]):
    """What the partnership chose where the law leaves a choice, and where that choice is written down."""

    value: V
    source: Tidy = Field(min_length=1, max_length=1_000)


class RetentionClass(FromFile):
    """How long the text of a closed review is kept, in whole years from its closing, and where that is written down."""

    id: Id = Field(pattern=ID)
    words: Sentence = Field(min_length=1)
    years: int = Field(ge=0, le=100)
    source: Tidy = Field(min_length=1, max_length=1_000)


class Choices(FromFile):
    """The conventions on which a partnership decides. Each is printed in every explanation that it touches."""

    rapid_review_anchor: Choice[Literal["notification_sent", "became_aware"]]
    strict_clear_days: Choice[bool]
    day_zero: Choice[Literal["excluded", "included"]]


class Partnership(FromFile):
    """One safeguarding partnership, for children and adults alike."""

    name: Name
    example: bool = False
    people: tuple[Person, ...] = Field(min_length=1)
    agencies: tuple[Agency, ...] = Field(min_length=1)
    channels: tuple[SharedMailbox, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    quorum: Quorum = Quorum()
    ladder: tuple[Rung, ...] = Field(min_length=1)
    working_morning: TimeOfDay = time(9, 0)
    quiet_hours: QuietHours
    choices: Choices
    longest_extension: Choice[Annotated[int, Field(ge=0, le=250)]] = Choice(
        value=10, source="not said by the partnership's file: ten working days are this product's own"
    )
    """By how many working days in all a local date may be extended beyond the day it had first."""
    retention: tuple[RetentionClass, ...] = ()
    """The classes into which the text of a closed review may be put; until it is, it is on legal hold."""
    questions: tuple[LocalQuestion, ...] = Field(default=(), max_length=MOST_QUESTIONS)
    """What the partnership asks besides on the forms of steps."""

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values. The look-ups of the old ones do not come along."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("_by_id", "_by_role", "_agencies_by_id", "_timed", "_days", "agency_names"):
            copied.__dict__.pop(name, None)
        return copied

    @cached_property
    def _by_id(self) -> dict[Id, Person]:
        return {person.id: person for person in reversed(self.people)}

    @cached_property
    def _by_role(self) -> dict[str, tuple[Person, ...]]:
        roles = dict.fromkeys(role for person in self.people for role in person.roles)
        return {role: tuple(person for person in self.people if role in person.roles) for role in roles}

    @cached_property
    def _agencies_by_id(self) -> dict[Id, Agency]:
        return {agency.id: agency for agency in reversed(self.agencies)}

    @cached_property
    def agency_names(self) -> dict[Id, str]:
        """What each agency is called; where two are called the same, each with its id."""
        times = Counter(looks(agency.name) for agency in self.agencies)
        return {
            agency.id: agency.name if times[looks(agency.name)] == 1 else f"{agency.name} ({agency.id})"
            for agency in self.agencies
        }

    # ----------------------------------------------------------------------- on a day

    @cached_property
    def _timed(self) -> bool:
        everything: tuple[Period, ...] = (*self.people, *self.agencies)
        dated = any(one.since is not None or one.until is not None for one in everything)
        return dated or any(person.terms for person in self.people)

    @cached_property
    def _days(self) -> dict[date, Partnership]:
        return {}

    @property
    def whole(self) -> Partnership:
        """Everybody who was, is and will be: what names are looked up in."""
        return self

    def on(self, day: date) -> Partnership:
        """
        The partnership as it stands on a day (London): who serves on it, in which roles; which agencies there are.

        Where the file gives nobody a first or a last day that is the whole of it.
        """
        if not self._timed:
            return self
        if day not in self._days:
            if len(self._days) > MOST_DAYS:
                self._days.clear()
            self._days[day] = OnADay.of_the_whole(self, day)
        return self._days[day]

    def taken_over_by(self, agency_id: str) -> tuple[Agency, ...]:
        """The agencies there are now that do the work of one: itself, or those that it went into, however often."""
        found: dict[str, Agency] = {}
        left, seen = [agency_id], set[str]()
        while left:
            here = left.pop(0)
            if here in seen:
                continue
            seen.add(here)
            if here in self._agencies_by_id:
                found[here] = self._agencies_by_id[here]
                continue
            ended = self.agency_named(here)
            left += [*(ended.into if ended else ()), *(a.id for a in self.whole.agencies if here in a.formerly)]
        return tuple(found.values())

    def agency_named(self, agency_id: str) -> Agency | None:
        """An agency that is or was, for its name; None for one that the file does not know."""
        return self._agencies_by_id.get(agency_id)

    def is_agency(self, agency_id: str) -> bool:
        """Whether an id is that of an agency that is, was, or goes on under another id."""
        return self.agency_named(agency_id) is not None or bool(self.taken_over_by(agency_id))

    def ever(self, person_id: str) -> Person | None:
        """Somebody who is, was or will be here, for their name; None for one whom the file does not know."""
        return self._by_id.get(person_id)

    # ----------------------------------------------------------------------- who and what

    def holders(self, role: str) -> tuple[Person, ...]:
        """The people who hold a role, in the order of the file."""
        return self._by_role.get(role, ())

    def covering(self) -> tuple[Person, ...]:
        """Who hears what nobody else is there to hear: the business manager, or while the post is vacant her unit."""
        return next((found for role in COVERS if (found := self.holders(role))), ())

    def person(self, person_id: str) -> Person:
        """A person of the file. Raises KeyError."""
        return self._by_id[person_id]

    def known(self, person_id: str) -> Person | None:
        """A person of the file, or None."""
        return self._by_id.get(person_id)

    def agency(self, agency_id: str) -> Agency:
        """An agency of the file. Raises KeyError."""
        return self._agencies_by_id[agency_id]

    def recipient(self, recipient_id: str) -> Recipient:
        """A body outside the partnership. Raises KeyError."""
        for recipient in self.recipients:
            if recipient.id == recipient_id:
                return recipient
        raise KeyError(recipient_id)

    def asked_besides(self, step: str) -> tuple[LocalQuestion, ...]:
        """The partnership's own questions on the form of a step, in the order of the file."""
        return tuple(question for question in self.questions if question.step == step) if self.questions else ()

    def is_quiet(self, moment: time) -> bool:
        """Whether reminders are held at a time of day in London."""
        return self.quiet_hours.hold(moment)

    def deputies(self, person_id: str) -> tuple[Person, ...]:
        """Who may stand in for a person."""
        return tuple(person for person in self.people if person.deputy_for == person_id)


class OnADay(Partnership):
    """A partnership as it stands on one day: of its people those who serve on it, of its agencies those there are."""

    is_of: Partnership
    """The whole of it."""

    @classmethod
    def of_the_whole(cls, whole: Partnership, day: date) -> OnADay:
        """As it stands on a day (London). Not checked again: every part of it was."""
        serving = [(person, person.roles_on(day)) for person in whole.people]
        people = tuple(one.model_copy(update={"roles": roles, "terms": ()}) for one, roles in serving if roles)
        given = {name: getattr(whole, name) for name in Partnership.model_fields}
        there = tuple(agency for agency in whole.agencies if agency.holds(day))
        return cls.model_construct(**{**given, "people": people, "agencies": there, "is_of": whole})

    @property
    def whole(self) -> Partnership:
        """Everybody who was, is and will be."""
        return self.is_of

    def on(self, day: date) -> Partnership:
        """The whole of it on another day."""
        return self.is_of.on(day)

    def agency_named(self, agency_id: str) -> Agency | None:
        """An agency of the whole."""
        return self.is_of.agency_named(agency_id)

    def ever(self, person_id: str) -> Person | None:
        """Somebody of the whole."""
        return self.is_of.ever(person_id)

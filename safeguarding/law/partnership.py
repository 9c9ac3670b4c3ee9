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
from safeguarding.law.rung import Rung
from safeguarding.mailbox import Mailbox
from safeguarding.values import ID, FromFile, Key, Name, Sentence, Tidy

Partner = Literal["local_authority", "police", "integrated_care_board"]
PARTNERS: tuple[Partner, ...] = ("local_authority", "police", "integrated_care_board")
"""The three statutory safeguarding partners, equal in their duty."""

V = TypeVar("V")

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
Id = Key
SecretName = Annotated[str, StringConstraints(pattern=PART_OF_A_SETTING, max_length=60)]
"""The name under which the environment holds a secret; never the secret."""


class Away(FromFile):
    """The days on which somebody is away, first and last included."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("'to' is before 'from'")
        return self


Often = Literal["daily", "weekly", "none"]


class Person(FromFile):
    """Somebody who acts in the system. The same person may hold several roles."""

    id: Id = Field(pattern=ID, max_length=60)
    name: Name
    email: Mailbox | None = None
    roles: tuple[Key, ...] = Field(min_length=1)
    partner: Partner | None = None
    """For a lead, delegated or deputy partner: which of the three they speak for."""
    agency: Id | None = None
    teams: SecretName | None = None
    wants: Literal["email", "teams", "both"] = "email"
    deputy_for: Id | None = None
    authority: Sentence = ""
    """How the deputy's authority was recorded, so that it can be shown years later."""
    away: Away | None = None
    """While they are away their deputy hears in their place, and is told so."""
    digest: Often | None = None
    """How often they have a digest; if it is not said, their role says it."""

    def is_away(self, day: date) -> bool:
        """Whether they are marked away on a day (London)."""
        return self.away is not None and self.away.first <= day <= self.away.last


class Agency(FromFile):
    """A relevant agency: its safeguarding lead (the first to be chased) and its director (the second)."""

    id: Id = Field(pattern=ID, max_length=30)
    name: Name
    lead: Id
    director: Id


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
        for name in ("_by_id", "_by_role", "agency_names"):
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
    def agency_names(self) -> dict[Id, str]:
        """What each agency is called; where two are called the same, each with its id."""
        times = Counter(looks(agency.name) for agency in self.agencies)
        return {
            agency.id: agency.name if times[looks(agency.name)] == 1 else f"{agency.name} ({agency.id})"
            for agency in self.agencies
        }

    def holders(self, role: str) -> tuple[Person, ...]:
        """The people who hold a role, in the order of the file."""
        return self._by_role.get(role, ())

    def person(self, person_id: str) -> Person:
        """A person of the file. Raises KeyError."""
        return self._by_id[person_id]

    def known(self, person_id: str) -> Person | None:
        """A person of the file, or None."""
        return self._by_id.get(person_id)

    def agency(self, agency_id: str) -> Agency:
        """An agency of the file. Raises KeyError."""
        for agency in self.agencies:
            if agency.id == agency_id:
                return agency
        raise KeyError(agency_id)

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

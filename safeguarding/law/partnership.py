"""
The partnership's own file: its partners, people, agencies, channels, quorum, ladder and choices.

Everything that a partnership may change without a programmer, apart from the law. Secrets are named here and
kept elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable
from datetime import date, time
from functools import cached_property
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field

from safeguarding.as_typed import looks
from safeguarding.law.contact import Contact
from safeguarding.law.demanded_proof import MOST_DEMANDS, DemandedProof
from safeguarding.law.guidance import OwnGuidance
from safeguarding.law.local_question import MOST_QUESTIONS, LocalQuestion
from safeguarding.law.milestones import MILESTONES
from safeguarding.law.own_document import MOST_DOCUMENTS, OwnDocument
from safeguarding.law.own_length import MOST_LENGTHS, OwnLength
from safeguarding.law.own_milestone import MOST_MILESTONES, OWN, OwnMilestone
from safeguarding.law.partners import PARTNER_ROLES, TRACKS, WhoDecides
from safeguarding.law.period import Id, Period, TrackName
from safeguarding.law.person import Person, SecretName
from safeguarding.law.pseudonyms import Pseudonyms
from safeguarding.law.rung import Rung
from safeguarding.law.themes import MOST_THEMES, OwnTheme
from safeguarding.mailbox import Mailbox
from safeguarding.values import ID, FromFile, Key, Name, Sentence, Tidy

COVERS = ("business_manager", "business_unit")
"""Who hears where nobody else is there to hear: the first of these roles that somebody holds."""
MOST_DAYS = 40
"""Days of which it is remembered how the partnership stands on them."""

V = TypeVar("V")

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
    partner: Id | None = None
    """Of which partner it is a part, as social care is of a council; who speaks for that one is of the agency."""
    review: Key | None = None
    """Of an agency that takes part in one review only (another area's police): its reference. It has no director."""

    usually_asked: Annotated[tuple[TrackName, ...], Field(max_length=2)] = ()
    """On which tracks it is asked about most reviews, and so is ticked already where agencies are first asked."""

    def takes_part(self, review: str | None) -> bool:
        """Whether it may be asked in a review; of None, whether it may be asked in any."""
        return review is None or self.review in (None, review)


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


class Partnership(WhoDecides):
    """One safeguarding partnership, for children and adults alike."""

    name: Name
    example: bool = False
    people: tuple[Person, ...] = Field(min_length=1)
    agencies: tuple[Agency, ...] = Field(min_length=1)
    channels: tuple[SharedMailbox, ...] = ()
    recipients: tuple[Recipient, ...] = ()
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
    pseudonyms: Pseudonyms = Pseudonyms()
    """How the people of its reviews are spoken of."""
    lengths: tuple[OwnLength, ...] = Field(default=(), max_length=MOST_LENGTHS)
    """How long it gives for duties of which no source sets the time."""
    milestones: tuple[OwnMilestone, ...] = Field(default=(), max_length=MOST_MILESTONES)
    """Happenings of its own procedure, which its own steps may begin with and wait for."""
    themes: tuple[OwnTheme, ...] = Field(default=(), max_length=MOST_THEMES)
    """Themes of its own by which learning is coded, beside those that everybody has."""
    guidance: tuple[OwnGuidance, ...] = ()
    """What a stage is for, in its own words; of the others the program's own are shown."""
    documents: tuple[OwnDocument, ...] = Field(default=(), max_length=MOST_DOCUMENTS)
    """Its own procedures, policies and guidance: where each is kept and at which stages it is named."""
    contact: Contact = Contact()
    """How people outside reach it: for leaflets and digests."""
    questions: tuple[LocalQuestion, ...] = Field(default=(), max_length=MOST_QUESTIONS)
    """What the partnership asks besides on the forms of steps."""
    proof: tuple[DemandedProof, ...] = Field(default=(), max_length=MOST_DEMANDS)
    """The steps of which it wants it proved who signs."""

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
    def ids(self) -> frozenset[str]:
        """What the file calls its people and agencies: a word that is none of these names nobody."""
        return frozenset((*self._by_id, *self._agencies_by_id))

    @cached_property
    def agency_names(self) -> dict[Id, str]:
        """What each agency is called; where two are called the same, each with its id."""
        times = Counter(looks(agency.name) for agency in self.agencies)
        return {
            agency.id: agency.name if times[looks(agency.name)] == 1 else f"{agency.name} ({agency.id})"
            for agency in self.agencies
        }

    # ----------------------------------------------------------------------- on a day, on a track

    @cached_property
    def _timed(self) -> bool:
        everything: tuple[Period, ...] = (*self.people, *self.agencies)
        dated = any(one.since is not None or one.until is not None for one in everything)
        return dated or any(term.first or term.last for person in self.people for term in person.terms)

    @cached_property
    def _by_track(self) -> bool:
        """Whether the people of the two tracks differ."""
        some_on_one = any(len(partner.tracks) < len(TRACKS) for partner in self.partners)
        return some_on_one or any(term.track for person in self.people for term in person.terms)

    @cached_property
    def _views(self) -> dict[tuple[date | None, TrackName | None], Partnership]:
        return {}

    @cached_property
    def worked_out(self) -> dict[Hashable, Any]:
        """What was worked out of this file alone, by what was asked: who hears for a role, where they are reached."""
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
        return self.view(day, None)

    def for_track(self, track: TrackName) -> Partnership:
        """The partnership of one track: its people in the roles that they hold there."""
        return self.view(None, track)

    def view(self, day: date | None, track: TrackName | None) -> Partnership:
        """The partnership on a day (London) and of a track; of None it is not asked."""
        key = (day if self._timed else None, track if self._by_track else None)
        if key == (None, None):
            return self
        if key not in self._views:
            if len(self._views) > MOST_DAYS:
                self._views.clear()
            self._views[key] = View.of_the_whole(self, *key)
        return self._views[key]

    def roles_there(self, person: Person, track: TrackName | None) -> tuple[str, ...]:
        """The roles of somebody on a track: those of a partner only where their partner is one."""
        roles = person.roles_on(None, track)
        theirs = {partner.id: partner.tracks for partner in self.partners}
        if track is None or track in theirs.get(person.partner or "", TRACKS):
            return roles
        return tuple(role for role in roles if role not in PARTNER_ROLES)

    def takes_part(self, person: Person, review: str | None) -> bool:
        """Whether somebody may have to do with a review: not who is asked for an agency of another review only."""
        theirs = [self.agency_named(one) for one in (person.agency, *person.agencies) if one]
        return not theirs or any(agency is None or agency.takes_part(review) for agency in theirs)

    def speaks_for_a_council(self, person: Person) -> bool:
        """Whether somebody speaks for a local authority, of which a partnership may have two."""
        return any(one.kind == "local_authority" for one in self.partners if one.id == person.partner)

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
        if not agency_id:  # Of most dates no agency is the owner, and every page over all reviews asks of each.
            return False
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

    def own_milestone(self, name: str) -> OwnMilestone | None:
        """A milestone of its own by its id, or None."""
        return next((one for one in self.milestones if one.id == name), None)

    def milestone_words(self, name: str) -> str:
        """How a milestone is spoken of; of one that the file no longer names, by its id."""
        own = self.own_milestone(name) if name.startswith(OWN) else None
        return own.words if own else MILESTONES.get(name) or name.removeprefix(OWN).replace("_", " ")

    def is_quiet(self, moment: time) -> bool:
        """Whether reminders are held at a time of day in London."""
        return self.quiet_hours.hold(moment)

    def sharing_the_mailbox_of(self, person: Person) -> tuple[Person, ...]:
        """Who else reads somebody's mailbox, of those who serve on its day, on whichever track."""
        mine = (person.email or "").casefold()
        return tuple(
            one for one in self.people if mine and one.id != person.id and (one.email or "").casefold() == mine
        )

    def deputies(self, person_id: str) -> tuple[Person, ...]:
        """Who may stand in for a person."""
        return tuple(person for person in self.people if person.deputy_for == person_id)


class View(Partnership):
    """A partnership as it stands on one day, or on one track: of its people those who serve there."""

    is_of: Partnership
    """The whole of it."""
    day: date | None
    of_track: TrackName | None

    @classmethod
    def of_the_whole(cls, whole: Partnership, day: date | None, track: TrackName | None) -> View:
        """As it stands on a day (London), on a track. Not checked again: every part of it was."""
        found = ((one, one.as_on(day, track)) for one in whole.people)
        limited = ((was, now.model_copy(update={"roles": whole.roles_there(now, track)})) for was, now in found)
        people = tuple(was if now == was else now for was, now in limited if now.roles)
        given = {name: getattr(whole, name) for name in Partnership.model_fields}
        there = tuple(agency for agency in whole.agencies if day is None or agency.holds(day))
        return cls.model_construct(
            **{**given, "people": people, "agencies": there, "is_of": whole, "day": day, "of_track": track}
        )

    @property
    def whole(self) -> Partnership:
        """Everybody who was, is and will be."""
        return self.is_of

    def on(self, day: date) -> Partnership:
        """The whole of it on another day, of the same track."""
        return self.is_of.view(day, self.of_track)

    def for_track(self, track: TrackName) -> Partnership:
        """The same day's partnership of another track."""
        return self.is_of.view(self.day, track)

    def agency_named(self, agency_id: str) -> Agency | None:
        """An agency of the whole."""
        return self.is_of.agency_named(agency_id)

    def sharing_the_mailbox_of(self, person: Person) -> tuple[Person, ...]:
        """Of everybody who serves on the day, on the other track too."""
        if self.of_track is None:
            return super().sharing_the_mailbox_of(person)
        return self.is_of.view(self.day, None).sharing_the_mailbox_of(person)

    def ever(self, person_id: str) -> Person | None:
        """Somebody of the whole."""
        return self.is_of.ever(person_id)

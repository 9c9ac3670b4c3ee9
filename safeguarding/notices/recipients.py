"""
Who is told: the people behind a role, its shared mailbox, the owner of a duty; each over the channels they chose.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from safeguarding.law.partners import PARTNER_ROLES
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook
from safeguarding.law.rung import Rung
from safeguarding.notices.deputies import SHARED, channels_of, ways_to
from safeguarding.notices.notice import (
    Channel,
    NoticeDraft,
)
from safeguarding.notices.owed import Owed
from safeguarding.review.review import Review

NOBODY_ELSE = "business_manager"
"""Who hears a rung that has nobody to hear it: a ladder with a missing person must not fall silent."""

OF_AN_AGENCY = ("agency_lead", "agency_director")
"""The two posts of an agency."""

# --------------------------------------------------------------------------- who


class Addressee(NamedTuple):
    """A person, or the shared mailbox of a role, and the channels over which they want to hear."""

    id: str
    channels: tuple[Channel, ...]


def addressee(person: Person) -> Addressee:
    """A person with the channels of their choice."""
    return Addressee(person.id, channels_of(person))


BY_REVIEW = ("review_panel_chair", "lead_reviewer")
"""The roles in which, once somebody is appointed to a review, nobody else hears of it."""


class Appointed(NamedTuple):
    """Who chairs a review and who is its reviewer, by their ids; empty where nobody of the file is."""

    chair: str = ""
    reviewer: str = ""

    @classmethod
    def to(cls, review: Review | Owed) -> Appointed:
        """Those of a review, or of the review of a duty."""
        return cls(review.chair, review.reviewer)

    def holds(self, role: str) -> str:
        """The id of whoever was appointed in a role; empty for any other role."""
        return dict(zip(BY_REVIEW, self, strict=True)).get(role, "")


def people_of(
    role: str, agencies: Iterable[str], rulebook: Rulebook, appointed: Appointed | None = None
) -> tuple[Addressee, ...]:
    """
    The people behind a role, and the role's shared mailbox if it has one.

    Of the chair and the reviewer only whoever was appointed to the review, while they serve.

    «Agency lead» and «agency director» are those of the agencies concerned, not of all. Where a post is vacant, whoever
    covers it hears.
    """
    partnership = rulebook.partnership
    concerned = frozenset(agencies) if role in OF_AN_AGENCY else frozenset[str]()
    person = appointed.holds(role) if appointed is not None and role in BY_REVIEW else ""
    asked, known = ("people of", role, concerned, person), partnership.worked_out
    found: tuple[Addressee, ...] | None = known.get(asked)
    if found is None:
        if len(known) >= _MANY:
            known.clear()
        found = known[asked] = _people_of(role, concerned, person, partnership)
    return found


_MANY = 4096
"""Answers that are kept of one partnership's file: more than it has roles and agencies asked together in a year."""


def _people_of(role: str, concerned: Collection[str], person: str, partnership: Partnership) -> tuple[Addressee, ...]:
    if role in OF_AN_AGENCY:
        found = [one for agency in _in_order(concerned, partnership) for one in _of(role, agency, partnership)]
        return tuple(dict.fromkeys(addressee(one) for one in found))
    one = partnership.known(person) if person else None
    if one is not None and role in one.roles:  # Whose term is over may be here in another role, and hears as that.
        return (addressee(one),)
    people = [addressee(holder) for holder in partnership.holders(role)]
    for shared in partnership.channels:
        if shared.role == role:
            people.append(Addressee(f"{SHARED}{role}", ways_to(shared)))
    return tuple(dict.fromkeys((*people, *_for_a_vacancy(role, bool(people), partnership))))


def _in_order(concerned: Collection[str], partnership: Partnership) -> list[str]:
    """The agencies concerned that are or were in the file, in its order; then those that go on under another id."""
    known = [agency.id for agency in partnership.whole.agencies if agency.id in concerned]
    return [*known, *(one for one in sorted({*concerned} - {*known}) if partnership.taken_over_by(one))]


def _of(role: str, agency_id: str, partnership: Partnership) -> tuple[Person, ...]:
    """
    Who hears for an agency in one of its two posts: of those that took it over, where it has ended. The other post
    covers one that is vacant; where nobody is left, the business manager.
    """
    found: list[Person] = []
    agencies = partnership.taken_over_by(agency_id)
    if role == "agency_director" and agencies and all(agency.review for agency in agencies):
        return ()  # An agency of one review only has no director: whoever else is on the rung hears.
    for agency in agencies:
        posts = (agency.lead, agency.director) if role == "agency_lead" else (agency.director, agency.lead)
        found += [person for post in posts if post and (person := partnership.known(post)) is not None][:1]
    return tuple(found) or partnership.covering()


def _for_a_vacancy(role: str, held: bool, partnership: Partnership) -> Iterable[Addressee]:
    """Who covers a role that nobody holds; of the partners' roles, for each partner for whom nobody does."""
    if role not in ROLES or (role == NOBODY_ELSE and held):
        return []
    if role not in PARTNER_ROLES:
        return [] if held else [addressee(person) for person in partnership.covering()]
    spoken_for = {person.partner for person in partnership.holders(role)}
    found: list[Person] = []
    for partner in partnership.partners:
        if partner.id not in spoken_for and role != "deputy_partner":
            found += [p for other in PARTNER_ROLES for p in partnership.holders(other) if p.partner == partner.id]
    return [addressee(person) for person in found]


def ways_of(person: str, partnership: Partnership) -> tuple[str | None, str | None]:
    """The email address and the secret's name of the Teams workflow of a person, or of a role's shared mailbox."""
    asked, known = ("ways of", person), partnership.worked_out
    found: tuple[str | None, str | None] | None = known.get(asked)
    if found is None:
        found = known[asked] = _ways_of(person, partnership)
    return found


def _ways_of(person: str, partnership: Partnership) -> tuple[str | None, str | None]:
    if person.startswith(SHARED):
        role = person.removeprefix(SHARED)
        ways = ((shared.email, shared.teams) for shared in partnership.channels if shared.role == role)
        return next(ways, (None, None))
    known = partnership.known(person)
    return (known.email, known.teams) if known else (None, None)


def ways_out(people: Iterable[Addressee]) -> list[tuple[str, Channel]]:
    """Who is reached over which channel."""
    return [(person.id, channel) for person in people for channel in person.channels]


def once_a_place(drafts: Sequence[NoticeDraft], partnership: Partnership) -> list[NoticeDraft]:
    """
    The notices without a role's mailbox or Teams channel where one of the people told reads the same one for
    themselves, and without the same words to a second person who reads the same one: nobody is told a thing twice in
    one place. Asked last, when it is settled who stands in for whom.
    """
    kept: list[NoticeDraft] = []
    told_at: dict[str | None, list[NoticeDraft]] = {}
    shared = [draft for draft in drafts if draft.person.startswith(SHARED)]
    for draft in (*(one for one in drafts if not one.person.startswith(SHARED)), *shared) if shared else drafts:
        place = ways_of(draft.person, partnership)[draft.channel == "teams"]
        there = told_at.get(place)
        if there is None:
            told_at[place] = [draft]
        elif draft.person.startswith(SHARED) or (place and any(_same_words(draft, one) for one in there)):
            continue
        else:
            there.append(draft)
        kept.append(draft)
    return kept


def _same_words(one: NoticeDraft, other: NoticeDraft) -> bool:
    return (one.key, one.occasion, one.context) == (other.key, other.occasion, other.context)


def rung_people(owed: Owed, rung: Rung, rulebook: Rulebook) -> tuple[Addressee, ...]:
    """Everybody whom a rung calls, each once; the business manager if it calls nobody who exists."""
    rulebook = rulebook.for_track(owed.track.value)
    agencies = [owed.agency] if owed.agency else []
    found: dict[str, Addressee] = {}
    for role in rung.to:
        to = Appointed.to(owed)
        people = owners(owed, rulebook) if role == "owner" else people_of(role, agencies, rulebook, to)
        found.update((person.id, person) for person in people)
    return tuple(found.values()) or tuple(addressee(person) for person in rulebook.partnership.covering())


def owners(owed: Owed, rulebook: Rulebook) -> tuple[Addressee, ...]:
    """Who owes the duty: the owner of the action, the agency's lead, or whoever holds the rule's role on its track."""
    rulebook = rulebook.for_track(owed.track.value)
    if named := rulebook.partnership.known(owed.owner):
        return (addressee(named),)
    if owed.agency and (leads := people_of("agency_lead", [owed.agency], rulebook)):
        return leads
    return people_of(rulebook.rule(owed.rule).owner, [], rulebook, Appointed.to(owed))

"""
An agency that takes part in one review only: a health board of Wales, another area's police.

It is named in the partnership's own chain, beside the file, with the one person who is asked there. From then on it is
asked, chased and heard as any other, in that review alone. It has no director. Named again it has another contact.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from safeguarding.as_typed import looks, plain_id
from safeguarding.dates.london import london_date
from safeguarding.errors import TransitionRefused
from safeguarding.law.partnership import Agency, Partnership
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import not_theirs
from safeguarding.mailbox import Mailbox
from safeguarding.review import answers
from safeguarding.review.events import Actor, Event
from safeguarding.review.forms import Form, Ref
from safeguarding.review.step import MANAGERS
from safeguarding.values import Name

NAMED_FOR_ONE = "agency_named"
"""The kind of its line."""
NAME_AGENCY = "name_agency"
"""What naming one is called at every door."""
LONGEST = 24
"""Letters of an id that is made of a name, before a number."""


class AgencyOfOneReview(Form):
    """An agency of one review only, and who is asked there. It has no director, and stands in no file."""

    review: Ref = Field(title="Review", description="Its reference, such as CSPR-2026-003.", min_length=1)
    name: Name = Field(title="Agency", description="As letters call it, such as Powys Teaching Health Board.")
    contact: Name = Field(title="Who is asked there", description="The name of one person.")
    email: Mailbox = Field(title="Their email address", description="Every letter to this agency goes there.")


def name_agency(raw: dict[str, Any], actor: Actor, now: datetime, rulebook: Rulebook, sequence: int) -> Event:
    """The line that names one, or another contact of one. Raises TransitionRefused with every reason."""
    partnership = rulebook.on(london_date(now)).partnership
    filled = answers.read(AgencyOfOneReview, raw, None, rulebook)
    unmet = not_theirs(MANAGERS, actor, rulebook.on(london_date(now)))
    if isinstance(filled, list):
        raise TransitionRefused("the partnership", NAME_AGENCY, (*unmet, *filled))
    alike = [one for one in partnership.whole.agencies if looks(one.name) == looks(filled.name)]
    if of_all := [one.id for one in alike if one.review is None]:
        words = f"an agency of that name stands in the partnership's file: ask it by its id, {of_all[0]}"
        before = [one.id for one in alike if one.review is not None]
        unmet.append(f"{words}; write 'formerly: [{before[0]}]' at it, under which it was asked" if before else words)
    if unmet:
        raise TransitionRefused("the partnership", NAME_AGENCY, tuple(unmet))
    known = next((one.id for one in alike if one.review == filled.review), None)
    facts = {
        "review": filled.review,
        "agency": known or _free(plain_id(filled.name, "agency")[:LONGEST], partnership.whole),
        "name": filled.name,
        "contact": filled.contact,
        "email": filled.email,
    }
    title = "Agency of one review named"
    return Event(
        sequence=sequence, at=now, actor=actor, kind=NAMED_FOR_ONE, title=title, facts=facts, edition=rulebook.digest
    )


def _free(wanted: str, whole: Partnership) -> str:
    taken = {*(agency.id for agency in whole.agencies), *(person.id for person in whole.people)}
    found, number = wanted, 1
    while found in taken or _contact(found, 1) in taken:
        number += 1
        found = f"{wanted}_{number}"
    return found


def _contact(agency: str, number: int) -> str:
    return f"{agency}_contact" if number == 1 else f"{agency}_contact_{number}"


def with_agencies_of_one(partnership: Partnership, lines: Iterable[Event]) -> Partnership:
    """
    The partnership with the agencies that the lines of its chain name, each with who is asked there.

    Of several contacts the last is asked; the others stay, for the names in older lines. What the file has since given
    the same id to, or names under `formerly`, is the file's.
    """
    agencies: dict[str, Agency] = {}
    people: dict[str, list[Person]] = {}
    for line in (line for line in lines if line.kind == NAMED_FOR_ONE):
        said, so_far = line.facts, people.setdefault(line.facts["agency"], [])
        yesterday = london_date(line.at) - timedelta(days=1)
        so_far[:] = [*so_far[:-1], *(one.model_copy(update={"until": yesterday}) for one in so_far[-1:])]
        person = Person(
            id=_contact(said["agency"], len(so_far) + 1),
            name=said["contact"],
            email=said["email"],
            roles=("agency_lead",),
            agency=said["agency"],
        )
        so_far.append(person)
        named = Agency(id=said["agency"], name=said["name"], lead=person.id, review=said["review"])
        agencies[named.id] = named
    taken_over = {agency.id for agency in partnership.agencies}
    taken_over |= {old for agency in partnership.agencies for old in agency.formerly}
    added = [one for one in agencies.values() if one.id not in taken_over]
    # Who was asked stays known under their own name, also where the file has since taken the agency over.
    contacts = [person for each in people.values() for person in each if partnership.known(person.id) is None]
    if not added and not contacts:
        return partnership
    return partnership.model_copy(
        update={"people": (*partnership.people, *contacts), "agencies": (*partnership.agencies, *added)}
    )

"""
What a change of the partnership's file would do: who comes and goes, what is called otherwise, what open work needs.

An id that open work needs may not vanish, nor pass to another person or agency. So the file that the record last took
is set beside the new one, and what would harm is refused with what to write instead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from safeguarding.errors import Fault
from safeguarding.law.partners import DECIDING_ROLE
from safeguarding.law.partnership import Agency, Partnership
from safeguarding.law.person import Person
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook

LONGEST_SAID = 160
"""Letters of what a part of the file is and was; of a longer one it is said that it changes."""
MOST_NAMED = 3
"""Reviews that one fault names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class Needed:
    """What the record needs of the file, each with where: actions and the like of open reviews."""

    owners: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The people who own an action that is not done."""
    agencies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The agencies that are waited for, or have an action that is not done."""
    rules: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The rules by which a date runs."""
    any_review: bool = False
    """Whether there has been a review at all: before the first, a file may become another's altogether."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changes, what stands against it, and which agencies go on under a new id."""

    told: tuple[str, ...] = ()
    refused: tuple[Fault, ...] = ()
    goes_on: Mapping[str, str] = field(default_factory=dict)


def compare(before: Rulebook, after: Rulebook, needed: Needed, file: str, once: Mapping[str, Person]) -> Changes:
    """
    What is otherwise in the new file. `file` is what a fault calls it.

    `once` are people of still earlier files whose ids the last one did not have: an id that comes back is theirs.
    """
    old, new = before.partnership, after.partnership
    told = [*_people(old, new), *_agencies(old, new), *_rules(before, after), *_the_rest(old, new)]
    if not needed.any_review:
        return Changes(tuple(told))
    goes_on = {agency.id: to.id for agency, to in _renamed(old, new, needed)}
    told += [f"agency {a} goes on as {b}: what it owes is {b}'s from now on" for a, b in goes_on.items()]
    refused = [
        *_people_needed(old, new, needed, once),
        *_agencies_needed(old, new, needed, goes_on),
        *_rules_needed(before, after, needed),
    ]
    return Changes(tuple(told), tuple(Fault(file, key, problem) for key, problem in refused), goes_on)


# --------------------------------------------------------------------------- what changes


def _people(old: Partnership, new: Partnership) -> Iterator[str]:
    for person in old.people:
        now = new.known(person.id)
        if now is None:
            yield f"{person.name} ({person.id}) leaves the file"
        else:
            yield from _said(f"{person.name} ({person.id})", person, now)
    for person in new.people:
        if old.known(person.id) is None:
            yield f"{person.name} ({person.id}) is new: {', '.join(person.roles)}"


def _agencies(old: Partnership, new: Partnership) -> Iterator[str]:
    for agency in old.agencies:
        now = new.agency_named(agency.id)
        if now is None:
            yield f"agency {agency.name} ({agency.id}) leaves the file"
        else:
            yield from _said(f"agency {agency.name} ({agency.id})", agency, now)
    for agency in new.agencies:
        if old.agency_named(agency.id) is None:
            yield f"agency {agency.name} ({agency.id}) is new"


def _said(who: str, before: Person | Agency, after: Person | Agency) -> Iterator[str]:
    """What is otherwise of one of them; an address only that it is."""
    parts = []
    then, now = (one.model_dump(mode="json", by_alias=True) for one in (before, after))
    for key in then:
        if then[key] != now[key] and key != "terms":
            parts.append(key if key in ("email", "teams") else f"{key} is {_value(now[key])} (was {_value(then[key])})")
    if not parts and then != now:
        parts.append("the days of their roles")
    if parts:
        yield f"{who}: {'; '.join(parts)}"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value) or "nobody"
    if isinstance(value, dict):
        return " ".join(f"{key} {_value(one)}" for key, one in value.items() if one is not None)
    return "nothing" if value in (None, "") else str(value)


def _rules(before: Rulebook, after: Rulebook) -> Iterator[str]:
    then, now = ({rule.id: rule for rule in book.rules} for book in (before, after))
    for name in sorted({*then, *now}):
        if name not in now:
            yield f"the date {name} ({then[name].title}) is gone"
        elif name not in then:
            yield f"the date {name} ({now[name].title}) is new"
        elif then[name] != now[name]:
            yield f"the date {name} ({now[name].title}) is counted or told otherwise"


def _the_rest(old: Partnership, new: Partnership) -> Iterator[str]:
    then, now = (it.model_dump(mode="json", by_alias=True, exclude={"people", "agencies"}) for it in (old, new))
    for key in then:
        if then[key] != now[key]:
            said = f"is {_value(now[key])} (was {_value(then[key])})"
            yield f"{key.replace('_', ' ')} {said if len(said) <= LONGEST_SAID else 'changes'}"
    if gone := [track for track in old.tracks if track not in new.tracks]:
        yield f"reviews of {' and '.join(gone)} that are open go on to their end; no new one is opened"
    for track in new.tracks:
        role = DECIDING_ROLE.get(new.arrangement(track).decider)
        if role is not None and not new.holders(role):
            yield f"nobody is {ROLES[role]} ({role}), who decides about {track}: until somebody is, nothing is decided"


# --------------------------------------------------------------------------- what stands against it


def _people_needed(
    old: Partnership, new: Partnership, needed: Needed, once: Mapping[str, Person]
) -> Iterator[tuple[str, str]]:
    places = Counter(person.email or person.teams for person in old.people)
    shared = {place for place, many in places.items() if many > 1}
    for person in new.people:
        was = old.known(person.id) or once.get(person.id)
        if was is not None and _another(was, person, shared):
            yield (
                f"people[{person.id}].id",
                f"was {was.name} and would be {person.name}: is it somebody else, give them an id of their own and "
                f"keep {was.name} with 'until'; is it the same person under a new name, add 'formerly: [{was.name}]'",
            )
    for name, where in needed.owners.items():
        if new.known(name) is None and (was := old.known(name)) is not None:
            yield (
                f"people[{name}]",
                f"is gone, and {was.name} owns {_where(where)}: keep the entry with 'until', the last day, or hand "
                f"over first: safeguarding hand-over {name} SUCCESSOR",
            )


def _another(was: Person, now: Person, shared: Collection[Any]) -> bool:
    """
    Whether an id has passed to somebody else: another name, and no former one says why.

    A name of which a word stays (a marriage, a slip) is the same person's while their own address stays; a mailbox of
    several people says nothing of whose it is.
    """
    if was.name == now.name or was.name in now.formerly:
        return False
    place = was.email or was.teams
    stays = place is not None and place not in shared and place == (now.email or now.teams)
    return not (stays and _words(was.name) & _words(now.name))


def _words(name: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}", name.casefold()))


def _renamed(old: Partnership, new: Partnership, needed: Needed) -> Iterator[tuple[Agency, Agency]]:
    """Agencies whose id is gone while a new one has their name, or their lead and director: the same under a new id."""
    fresh = [agency for agency in new.agencies if old.agency_named(agency.id) is None]
    for name in needed.agencies:
        was = old.agency_named(name)
        if was is None or new.agency_named(name) is not None or any(name in agency.formerly for agency in new.agencies):
            continue
        posts = (was.lead, was.director)
        alike = [one for one in fresh if one.name == was.name or (all(posts) and posts == (one.lead, one.director))]
        if len(alike) == 1:
            yield was, alike[0]


def _agencies_needed(
    old: Partnership, new: Partnership, needed: Needed, goes_on: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    taken_over = {*goes_on, *(was for agency in new.agencies for was in agency.formerly)}
    for name, where in needed.agencies.items():
        was, now = old.agency_named(name), new.agency_named(name)
        if was is None or name in taken_over:
            continue
        if now is None:
            yield (
                f"agencies[{name}]",
                f"is gone, and {was.name} owes {_where(where)}: keep the entry with 'until' and, where others take "
                f"over, 'into: [their id]'; or write 'formerly: [{name}]' at the agency that it now is",
            )
        elif was.name != now.name and was.lead != now.lead and was.director != now.director:
            yield (
                f"agencies[{name}].id",
                f"was {was.name} and would be {now.name}, with another lead and director, and owes {_where(where)}: "
                f"is it another agency, give it an id of its own and end {was.name} with 'until' and 'into'; is it "
                f"the same, write 'formerly: [{name}]' at it",
            )


def _rules_needed(before: Rulebook, after: Rulebook, needed: Needed) -> Iterator[tuple[str, str]]:
    """Steps that this change would take from what runs; one that was gone already, and came back, asks for no more."""
    there, were = {rule.id for rule in after.rules}, {rule.id for rule in before.rules}
    for rule, where in needed.rules.items():
        if rule not in there and rule in were:
            yield f"local[{rule}]", f"is gone, and runs in {_where(where)}: keep it until they have ended"


def _where(where: Sequence[str]) -> str:
    more = f" and {len(where) - MOST_NAMED} more" if len(where) > MOST_NAMED else ""
    return f"{', '.join(where[:MOST_NAMED])}{more}"

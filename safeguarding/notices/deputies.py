"""
Who hears in the place of somebody who is away: whoever covers, their deputy, or the deputy of a deputy who is away too.

Where none of them is there, the business manager hears too; where her whole unit is away, its shared mailbox.

Applied to the notices that one event or one rung owes together, when they are written. Whoever stands in is told
for whom, by role and not by name. A role's shared mailbox is never away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from safeguarding.law.partnership import COVERS, Partnership, SharedMailbox
from safeguarding.law.person import Person
from safeguarding.law.roles import ROLES
from safeguarding.notices.notice import Channel, NoticeDraft, fitting

SHARED = "role:"
"""How the id of a role's shared mailbox or Teams channel begins. No person's id can hold a colon."""


def channels_of(person: Person) -> tuple[Channel, ...]:
    """The channels over which a person wants to hear."""
    return ("email", "teams") if person.wants == "both" else (person.wants,)


def ways_to(shared: SharedMailbox) -> tuple[Channel, ...]:
    """The channels over which the shared mailbox or Teams channel of a role is reached."""
    return (*(("email",) if shared.email else ()), *(("teams",) if shared.teams else ()))


def handed_over(drafts: Sequence[NoticeDraft], partnership: Partnership, today: date) -> list[NoticeDraft]:
    """
    The same notices, with those of people who are away on this day handed to whoever stands in for them.

    Whoever is told already of the same event hears once: of what the person who is away would have heard, if they
    are the deputy; of their own, with a word that somebody is away, if they only cover.
    """
    partnership = partnership.on(today)
    away = {person.id: person for person in partnership.people if person.away and person.is_away(today)}
    if not away or not any(draft.person in away for draft in drafts):
        return list(drafts)
    told = {(draft.person, draft.channel): draft for draft in drafts}
    for draft in drafts:
        if draft.person not in away:
            continue
        person = away[draft.person]
        deputies = stand_ins(person, partnership, today)
        if deputies:
            told.pop((draft.person, draft.channel), None)
        covering = deputies or _cover(person, partnership, away)
        for other in covering:
            _add(told, draft, other.id, channels_of(other), person, stands_in=bool(deputies))
        if not covering:  # The whole unit is away: what it reads together hears.
            for shared in (one for one in partnership.channels if one.role in COVERS):
                _add(told, draft, f"{SHARED}{shared.role}", ways_to(shared), person, stands_in=False)
    return list(told.values())


def stand_ins(person: Person, partnership: Partnership, today: date) -> list[Person]:
    """
    Who stands in for somebody on a day: the cover named for it; else their deputies; for those of them who are away
    too, theirs, however far that goes. Nobody where all of them are away, or stand in for each other.
    """
    seen, level = {person.id}, [person]
    while level:
        covers = [other for one in level for other in _named_cover(one, partnership, today)]
        deputies = [other for one in level for other in partnership.deputies(one.id)]
        for others in (covers, deputies):
            there = {other.id: other for other in others if other.id not in seen and not other.is_away(today)}
            if there:
                return list(there.values())
        level = [other for other in (*covers, *deputies) if other.id not in seen]
        seen |= {other.id for other in level}
    return []


def _named_cover(person: Person, partnership: Partnership, today: date) -> list[Person]:
    named = [away.cover for away in person.away if away.cover and away.holds(today)]
    return [other for one in named if (other := partnership.known(one)) is not None]


def _cover(person: Person, partnership: Partnership, away: dict[str, Person]) -> list[Person]:
    for role in COVERS:
        found = [other for other in partnership.holders(role) if other.id not in away and other.id != person.id]
        if found:
            return found
    return []


def _add(
    told: dict[tuple[str, Channel], NoticeDraft],
    draft: NoticeDraft,
    to: str,
    channels: Sequence[Channel],
    away: Person,
    stands_in: bool,
) -> None:
    words = role_words(away) + ("" if stands_in else ", who is away and has no deputy")
    for channel in channels:
        own = told.get((to, channel))
        before = own.context.get("in_place_of", "") if own else ""
        if words in before.split("; "):
            continue
        base = own if own is not None and (before or not stands_in) else draft
        for_whom = fitting(["; ".join(filter(None, (before, words)))]) or "several people who are away"
        facts = {**base.context, "in_place_of": for_whom}
        told[to, channel] = replace(base, person=to, channel=channel, context=facts)


def role_words(person: Person) -> str:
    """Who somebody is without their name: «the delegated safeguarding partner (police)»."""
    role = ROLES.get(person.roles[0], person.roles[0].replace("_", " "))
    which = person.partner or person.agency or ""
    return f"the {role} ({which.replace('_', ' ')})" if which else f"the {role}"

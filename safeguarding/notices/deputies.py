"""
Who hears in the place of somebody who is away: their deputy; where there is none, the business manager hears too.

Applied to the notices that one event or one rung owes together, when they are written. Whoever stands in is told
for whom, by role and not by name. A role's shared mailbox is never away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from safeguarding.law.partnership import Partnership, Person
from safeguarding.law.roles import ROLES
from safeguarding.notices.notice import Channel, NoticeDraft, fitting

COVERS = ("business_manager", "business_unit")
"""Who hears too when somebody is away and nobody stands in for them: the first of these roles that is there."""


def channels_of(person: Person) -> tuple[Channel, ...]:
    """The channels over which a person wants to hear."""
    return ("email", "teams") if person.wants == "both" else (person.wants,)


def handed_over(drafts: Sequence[NoticeDraft], partnership: Partnership, today: date) -> list[NoticeDraft]:
    """
    The same notices, with those of people who are away on this day handed to whoever stands in for them.

    Whoever is told already of the same event hears once: of what the person who is away would have heard, if they
    are the deputy; of their own, with a word that somebody is away, if they only cover.
    """
    away = {person.id: person for person in partnership.people if person.away and person.is_away(today)}
    if not any(draft.person in away for draft in drafts):
        return list(drafts)
    told = {(draft.person, draft.channel): draft for draft in drafts}
    for draft in drafts:
        if draft.person not in away:
            continue
        person = away[draft.person]
        deputies = [other for other in partnership.deputies(person.id) if other.id not in away]
        if deputies:
            told.pop((draft.person, draft.channel), None)
        for other in deputies or _cover(person, partnership, away):
            _add(told, draft, other, person, stands_in=bool(deputies))
    return list(told.values())


def _cover(person: Person, partnership: Partnership, away: dict[str, Person]) -> list[Person]:
    for role in COVERS:
        found = [other for other in partnership.holders(role) if other.id not in away and other.id != person.id]
        if found:
            return found
    return []


def _add(
    told: dict[tuple[str, Channel], NoticeDraft], draft: NoticeDraft, to: Person, away: Person, stands_in: bool
) -> None:
    words = role_words(away) + ("" if stands_in else ", who is away and has no deputy")
    for channel in channels_of(to):
        own = told.get((to.id, channel))
        before = own.context.get("in_place_of", "") if own else ""
        if words in before.split("; "):
            continue
        base = own if own is not None and (before or not stands_in) else draft
        for_whom = fitting(["; ".join(filter(None, (before, words)))]) or "several people who are away"
        facts = {**base.context, "in_place_of": for_whom}
        told[to.id, channel] = replace(base, person=to.id, channel=channel, context=facts)


def role_words(person: Person) -> str:
    """Who somebody is without their name: «the delegated safeguarding partner (police)»."""
    role = ROLES.get(person.roles[0], person.roles[0].replace("_", " "))
    which = person.partner or person.agency or ""
    return f"the {role} ({which.replace('_', ' ')})" if which else f"the {role}"

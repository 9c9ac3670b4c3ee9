"""
What stops nothing and somebody should know: a vacant post and who covers it, deputies in a circle, nobody there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from safeguarding.law.partnership import PARTNER_ROLES, PARTNERS, Partnership
from safeguarding.law.roles import ROLES
from safeguarding.notices.deputies import stand_ins
from safeguarding.notices.recipients import OF_AN_AGENCY


def warnings(partnership: Partnership, today: date) -> list[str]:
    """What stops nothing on a day and is to be known: posts that are vacant and who covers, deputies in a circle."""
    now = partnership.on(today)
    return [*_vacant_roles(now), *_vacant_posts(now), *_circles(now), *_without_cover(now, today)]


def _vacant_roles(now: Partnership) -> Iterator[str]:
    covering = ", ".join(person.name for person in now.covering()) or "nobody"
    for role, words in ROLES.items():
        holders = now.holders(role)
        if not holders and role not in OF_AN_AGENCY:
            yield f"vacant: {words} ({role}): {covering} hears instead"
        elif role in PARTNER_ROLES:
            spoken_for = {person.partner for person in holders}
            missing = [partner for partner in PARTNERS if partner not in spoken_for]
            yield from (
                f"vacant: {words} of the {_said(partner)}: {_instead(role, partner, now)}" for partner in missing
            )


def _instead(role: str, partner: str, now: Partnership) -> str:
    """Who hears where nobody holds a partner's role for one of the three."""
    if role == "deputy_partner":
        return "no deputy hears or decides"
    others = [one.name for one in now.people if one.partner == partner and set(one.roles) & set(PARTNER_ROLES)]
    return (
        f"{', '.join(others)} hears instead" if others else "nobody speaks for it, so nothing can be decided together"
    )


def _said(partner: str) -> str:
    return partner.replace("_", " ")


def _vacant_posts(now: Partnership) -> Iterator[str]:
    for agency in now.agencies:
        there = {key: now.known(getattr(agency, key) or "") for key in ("lead", "director")}
        for key, person in there.items():
            if person is None:
                other = next((one for one in there.values() if one is not None), None)
                who = other.name if other else ", ".join(one.name for one in now.covering())
                yield f"vacant: {key} of {agency.name} ({agency.id}): {who} hears instead"


def _circles(now: Partnership) -> Iterator[str]:
    """People who stand in for each other in a circle: while all of them are away nobody of them hears."""
    told: set[frozenset[str]] = set()
    for person in now.people:
        path, here = [person], person
        while here.deputy_for is not None and (following := now.known(here.deputy_for)) not in (None, *path):
            here = following  # type: ignore[assignment]  # None is among those left out
            path.append(here)
        if here.deputy_for == person.id and len(path) > 1 and (ids := frozenset(one.id for one in path)) not in told:
            told.add(ids)
            names = ", ".join(one.name for one in path)
            yield f"deputies in a circle: {names}: when all are away the business manager hears"


def _without_cover(now: Partnership, today: date) -> Iterator[str]:
    for person in now.people:
        if person.is_away(today) and not stand_ins(person, now, today):
            yield f"{person.name} is away and nobody of those who stand in is there: the business manager hears too"

"""
What stops nothing and somebody should know: a vacant post and who covers it, deputies in a circle, nobody there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from safeguarding.law.partners import DECIDING_ROLE, PARTNER_ROLES, Partner
from safeguarding.law.partnership import Partnership
from safeguarding.law.roles import ONE_TRACK, ROLES
from safeguarding.notices.deputies import stand_ins
from safeguarding.notices.recipients import OF_AN_AGENCY


def warnings(partnership: Partnership, today: date) -> list[str]:
    """What stops nothing on a day and is to be known: posts that are vacant and who covers, deputies in a circle."""
    now = partnership.on(today)
    return [*_vacant_roles(now), *_vacant_posts(now), *unforeseen(partnership, today)]


def unforeseen(partnership: Partnership, today: date) -> list[str]:
    """What is to be known beside the vacant posts: deputies in a circle, nobody there, a mailbox of several people."""
    now = partnership.on(today)
    return [*_circles(now), *_without_cover(now, today), *_quiet(now), *_shared_mailboxes(now)]


def _shared_mailboxes(now: Partnership) -> Iterator[str]:
    """Mailboxes of several people of whom one signs positions, or steps of which proof is demanded."""
    told: set[frozenset[str]] = set()
    for person in now.people:
        readers = (person, *now.sharing_the_mailbox_of(person))
        ids = frozenset(one.id for one in readers)
        if len(readers) == 1 or ids in told or not any(set(one.roles) & _SIGNING for one in readers):
            continue
        told.add(ids)
        yield (
            f"{', '.join(one.name for one in readers)} have one mailbox: a code that goes there does not prove who of "
            "them signs. With it they read, sign no position and no step of which proof is demanded, and set up no "
            "authenticator; give each an address of their own"
        )


_SIGNING = frozenset(
    {*PARTNER_ROLES, *DECIDING_ROLE.values(), "independent_chair", "business_manager", "business_unit"}
)
"""The roles whose signature it matters to know."""


def _quiet(now: Partnership) -> Iterator[str]:
    begin, end = now.quiet_hours.start, now.quiet_hours.end
    if begin == end:
        yield f"the quiet hours begin and end at {begin:%H:%M}: there are none, and a letter may leave at any hour"


def _vacant_roles(now: Partnership) -> Iterator[str]:
    covering = ", ".join(person.name for person in now.covering()) or "nobody"
    for role, words in ROLES.items():
        if role in OF_AN_AGENCY or ONE_TRACK.get(role, now.tracks[0]) not in now.tracks:
            continue
        holders = now.holders(role)
        if not holders:
            decides = [track for track in now.tracks if DECIDING_ROLE.get(now.arrangement(track).decider) == role]
            nothing = f"; and nothing can be decided about {decides[0]}" if decides else ""
            yield f"vacant: {words} ({role}): {covering} hears instead{nothing}"
        elif role in PARTNER_ROLES:
            yield from _not_spoken_for(role, now)


def _not_spoken_for(role: str, now: Partnership) -> Iterator[str]:
    """For which partner, and where the tracks differ on which of them, nobody holds a partner's role."""
    for partner in now.partners:
        tracks = [track for track in partner.tracks if track in now.tracks]
        bare = [
            track for track in tracks if not any(p.partner == partner.id for p in now.for_track(track).holders(role))
        ]
        if not bare or (not partner.statutory and role != "delegated_partner"):
            continue
        on = f" about {bare[0]}" if len(bare) < len(tracks) else ""
        whose = now.arrangement(bare[0]).name(partner.id)
        yield f"vacant: {ROLES[role]} of the {whose}{on}: {_instead(role, partner, now)}"


def _instead(role: str, partner: Partner, now: Partnership) -> str:
    """Who hears where nobody holds a partner's role for one of them."""
    if role == "deputy_partner":
        return "no deputy hears or decides"
    others = [one.name for one in now.people if one.partner == partner.id and set(one.roles) & set(PARTNER_ROLES)]
    if others:
        return f"{', '.join(others)} hears instead"
    joint = any(partner.id in now.arrangement(track).present for track in now.tracks)
    return "nobody speaks for it, so nothing can be decided together" if joint else "nobody speaks for it"


def _vacant_posts(now: Partnership) -> Iterator[str]:
    for agency in (one for one in now.agencies if one.review is None):
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

"""
Who sees a review, and who of those sees how the partners have signed before a decision stands: asked by the pages and
by the command line.

Whoever speaks for an agency, or was appointed from outside, sees the reviews that they have to do with; everybody else
who serves in the partnership sees every review of the tracks on which they serve.
"""

from __future__ import annotations

from collections.abc import Sequence

from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.review.concerned import Concerned
from safeguarding.review.proposals import answers_for
from safeguarding.review.states import Track
from safeguarding.review.whole_record import roles_on

ONLY_THEIR_OWN = frozenset({"agency_lead", "agency_director", "lead_reviewer", "review_panel_chair"})
"""The roles that alone let somebody see only what they were asked, own or were appointed to."""


def may_see(person: Person, review: Concerned, partnership: Partnership) -> bool:
    """Whether somebody may see a review. `partnership` is the one of today."""
    whole = roles_on(person, review.track, partnership) - ONLY_THEIR_OWN
    if whole and partnership.takes_part(person, review.reference):
        return True
    theirs = partnership.roles_there(person, review.track.value)
    return _has_to_do_with(person, review, partnership) if theirs else False


def _has_to_do_with(person: Person, review: Concerned, partnership: Partnership) -> bool:
    if person.id in (review.chair, review.reviewer, *review.owners):
        return True
    return any(serves(person, agency, partnership) for agency in review.agencies)


def serves(person: Person, agency: str, partnership: Partnership) -> bool:
    """Whether somebody speaks for an agency, or for one that took over its work."""
    return any(person.serves(one) for one in (agency, *(now.id for now in partnership.taken_over_by(agency))))


def may_see_positions(person: Person, asked: Sequence[str], track: Track, partnership: Partnership) -> bool:
    """
    Whether somebody may see how the partners have signed before a decision stands: the unit, and whoever speaks for one
    of those who are `asked`. `partnership` is the one of today.
    """
    there = partnership.for_track(track.value)
    now = there.known(person.id)
    return track in unit_of(person, partnership) or (now is not None and answers_for(now, asked, there) is not None)


def unit_of(person: Person, partnership: Partnership) -> frozenset[Track]:
    """The tracks on which somebody is of the unit, which looks after the list of who read what there."""
    if person in partnership.covering():
        return frozenset(Track)
    units = {"business_manager", "business_unit"}
    return frozenset(track for track in Track if units & roles_on(person, track, partnership))

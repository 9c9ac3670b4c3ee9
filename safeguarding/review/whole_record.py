"""
Who may read the whole record of a review, every sealed word of it included: the pages and the command line ask here.
"""

from __future__ import annotations

from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.law.roles import ONE_TRACK
from safeguarding.review.concerned import Concerned
from safeguarding.review.review import Review
from safeguarding.review.states import Track

READS_ALL = frozenset(
    {
        "business_manager",
        "business_unit",
        "delegated_partner",
        "deputy_partner",
        "lead_partner",
        "independent_chair",
        "local_authority_dcs",
        "sar_group_chair",
    }
)
"""The roles that read every sealed word of the reviews that they see."""


def roles_on(person: Person, track: Track, partnership: Partnership) -> set[str]:
    """The roles by which somebody has to do with every review of a track: none that belongs to the other track."""
    there = partnership.roles_there(person, track.value)
    return {role for role in there if ONE_TRACK.get(role, track) == track}


def reads_whole(person: Person, review: Review | Concerned, partnership: Partnership) -> bool:
    """Whether somebody may read all of a review: by a role on its track, or as appointed to it."""
    roles = roles_on(person, review.track, partnership)
    if roles & READS_ALL and partnership.takes_part(person, review.reference):
        return True
    return bool(roles) and person.id in (review.chair, review.reviewer)

"""
Who may see which review at the pages, and read which of its sealed words: the one place that says so.
Who may read all of a review, as the command line asks too, is in `safeguarding/review/whole_record.py`.

Whoever speaks for an agency, or was appointed from outside, sees the reviews that they have to do with; everybody else
who serves in the partnership sees every review of the tracks on which they serve. Of what is sealed the partners, their
deputies, the chair, the unit and whoever was appointed to a review read all; an agency reads what is written of its own
actions and its own returns; and nobody reads anything without its being noted. How the partners
have signed on a decision that does not stand yet is seen by them and by the unit.
"""

from __future__ import annotations

from collections.abc import Sequence

from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.review.concerned import Concerned
from safeguarding.review.proposals import answers_for
from safeguarding.review.review import Review
from safeguarding.review.states import Track
from safeguarding.review.whole_record import reads_whole, roles_on
from safeguarding.shown.sealed_words import SealedText

ONLY_THEIR_OWN = frozenset({"agency_lead", "agency_director", "lead_reviewer", "review_panel_chair"})
"""The roles that alone let somebody see only what they were asked, own or were appointed to."""

READS_ACTIONS = "learning_group"
"""The role that reads of a review what its actions say, which it is to spread, and no more."""
READS_OF_THE_FAMILY, OF_THE_FAMILY = "family_liaison", "family_note"
"""The role that reads what is written of the family's wishes, and the answer that holds them."""
READS_OF_PEOPLE_CHANGED = frozenset({"actions_handed_over"})
"""Kinds of line about several people's actions at once: theirs alone who read all, since they speak of a colleague."""


def may_see(person: Person, review: Concerned, partnership: Partnership) -> bool:
    """Whether somebody may see a review. `partnership` is the one of today."""
    whole = roles_on(person, review.track, partnership) - ONLY_THEIR_OWN
    if whole and partnership.takes_part(person, review.reference):
        return True
    serves = partnership.roles_there(person, review.track.value)
    return _has_to_do_with(person, review, partnership) if serves else False


def _has_to_do_with(person: Person, review: Concerned, partnership: Partnership) -> bool:
    if person.id in (review.chair, review.reviewer, *review.owners):
        return True
    return any(_serves(person, agency, partnership) for agency in review.agencies)


def may_read(person: Person, text: SealedText, review: Review, partnership: Partnership) -> bool:
    """Whether somebody who sees a review may read one of its sealed texts. `partnership` is the one of today."""
    roles = roles_on(person, review.track, partnership)
    takes_part = partnership.takes_part(person, review.reference)
    if reads_whole(person, review, partnership):
        return True
    if READS_OF_THE_FAMILY in roles and takes_part and text.name == OF_THE_FAMILY:
        return True
    if text.kind in READS_OF_PEOPLE_CHANGED:
        return False
    if text.about == "action":
        spreads = READS_ACTIONS in roles and takes_part
        mine = {one.id for one in review.actions if person.id == one.owner or _serves(person, one.agency, partnership)}
        return bool(roles) and (spreads or (bool(text.subjects) and set(text.subjects) <= mine))
    return bool(roles) and text.about == "agency" and all(_serves(person, one, partnership) for one in text.subjects)


def may_see_positions(person: Person, asked: Sequence[str], review: Review, partnership: Partnership) -> bool:
    """
    Whether somebody may see how the partners have signed before a decision stands: the unit, and whoever speaks for one
    of those who are `asked`. `partnership` is the one of today.
    """
    there = partnership.for_track(review.track.value)
    now = there.known(person.id)
    of_the_unit = review.track in unit_of(person, partnership)
    return of_the_unit or (now is not None and answers_for(now, asked, there) is not None)


def unit_of(person: Person, partnership: Partnership) -> frozenset[Track]:
    """The tracks on which somebody is of the unit, which looks after the list of who read what there."""
    if person in partnership.covering():
        return frozenset(Track)
    units = {"business_manager", "business_unit"}
    return frozenset(track for track in Track if units & roles_on(person, track, partnership))


def is_of_the_unit(person: Person, partnership: Partnership) -> bool:
    """Whether somebody is of the unit on at least one track."""
    return bool(unit_of(person, partnership))


def _serves(person: Person, agency: str, partnership: Partnership) -> bool:
    return any(person.serves(one) for one in (agency, *(now.id for now in partnership.taken_over_by(agency))))


def sees_every_review(person: Person, partnership: Partnership) -> bool:
    """Whether somebody sees every review of at least one track."""
    return any(roles_on(person, track, partnership) - ONLY_THEIR_OWN for track in Track)

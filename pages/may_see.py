"""
Who may read which of a review's sealed words at the pages. Who sees the review, and how the partners have signed on a
decision that does not stand yet, is in `safeguarding/review/who_sees.py`, and who may read all of it in
`safeguarding/review/whole_record.py`: the command line asks both too.

Of what is sealed the partners, their deputies, the chair, the unit and whoever was appointed to a review read all; an
agency reads what is written of its own actions and its own returns; and nobody reads anything without its being noted.
"""

from __future__ import annotations

from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.review.review import Review
from safeguarding.review.states import Track
from safeguarding.review.who_sees import ONLY_THEIR_OWN, serves, unit_of
from safeguarding.review.whole_record import reads_whole, roles_on
from safeguarding.shown.sealed_words import SealedText

READS_ACTIONS = "learning_group"
"""The role that reads of a review what its actions say, which it is to spread, and no more."""
READS_OF_THE_FAMILY, OF_THE_FAMILY = "family_liaison", "family_note"
"""The role that reads what is written of the family's wishes, and the answer that holds them."""
READS_OF_PEOPLE_CHANGED = frozenset({"actions_handed_over"})
"""Kinds of line about several people's actions at once: theirs alone who read all, since they speak of a colleague."""


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
        mine = {one.id for one in review.actions if person.id == one.owner or serves(person, one.agency, partnership)}
        return bool(roles) and (spreads or (bool(text.subjects) and set(text.subjects) <= mine))
    return bool(roles) and text.about == "agency" and all(serves(person, one, partnership) for one in text.subjects)


def is_of_the_unit(person: Person, partnership: Partnership) -> bool:
    """Whether somebody is of the unit on at least one track."""
    return bool(unit_of(person, partnership))


def sees_every_review(person: Person, partnership: Partnership) -> bool:
    """Whether somebody sees every review of at least one track."""
    return any(roles_on(person, track, partnership) - ONLY_THEIR_OWN for track in Track)

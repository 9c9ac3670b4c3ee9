"""
Until when at least what was published of a review stays on the public page, and whether it is there.

Of a child's review regulation 17 sets a year (C16). Of an adult's no source sets any: it is the partnership's own.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from safeguarding.errors import SafeguardingError
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.review import Review
from safeguarding.review.states import Track

YEAR, BY_LAW = "local.x.year_of_publication", "C16"
CHOICE = "publication_choice_made"
KEPT, ARCHIVED, TAKEN_DOWN = "kept_public", "moved_to_archive", "taken_down"
PUBLISHED = "published"

AfterItsYear = Literal["", "kept public", "moved to the archive", "taken down"]
CHOSEN: dict[str, AfterItsYear] = {
    KEPT: "kept public",
    ARCHIVED: "moved to the archive",
    TAKEN_DOWN: "taken down",
}
"""What was chosen, by the mark that says so."""


def public_until(review: Review, rulebook: Rulebook, on: date | None = None) -> date | None:
    """
    The last day of the year of what was published last, or on a day that is given; None where nothing was.

    Of a child's review that of C16; where its record is older than the rule, counted as it would have been.
    """
    published = on or review.happened(PUBLISHED)
    if published is None:
        return None
    rule = BY_LAW if review.track is Track.CHILDREN else YEAR
    rows = [duty for duty in review.duties if duty.rule == rule and duty.ended != "superseded"]
    for duty in reversed(rows):
        if duty.anchored_on == published:
            return duty.due_on
    return year_ends(review.track, published, rulebook)


def year_ends(track: Track, published: date, rulebook: Rulebook) -> date | None:
    """The last day of the year of what was published on a day; None before the law, or beyond the bank holidays."""
    rule = BY_LAW if track is Track.CHILDREN else YEAR
    try:
        return rulebook.rule(rule).due_on(published, rulebook.calendar)
    except SafeguardingError:
        return None


def after_its_year(review: Review) -> AfterItsYear:
    """What was chosen last of what was published last; nothing where nothing was chosen yet."""
    names = [mark.name for mark in review.marks]
    if PUBLISHED not in names:
        return ""
    last = len(names) - 1 - names[::-1].index(PUBLISHED)
    said = [CHOSEN[name] for name in names[last + 1 :] if name in CHOSEN]
    return said[-1] if said else ""


def is_public(review: Review) -> bool:
    """Whether something of it was published and has not been taken down since."""
    return review.happened(PUBLISHED) is not None and after_its_year(review) != "taken down"

"""
When what the public register shows changed: by the line of the ledger that changed it, whatever day that line is dated.

A day that was answered may lie before the one on which it was recorded, and what was taken back has no day of its own.
The moments at which lines were written only go on, so whoever reads by them misses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import NamedTuple

from safeguarding.dates.london import london_moment
from safeguarding.public_register.entry import WORDED, PublicEntry, public_entries
from safeguarding.registers.known import RecordKnown
from safeguarding.registers.lines import StandingLine, as_they_stand
from safeguarding.review.public_until import PUBLISHED
from safeguarding.review.wordings import in_force, wordings_of


class PublicChanges(NamedTuple):
    """When what is public changed last."""

    of: Mapping[str, datetime]
    """Of each publication, by its name in an address; also of those that are public no more."""

    @property
    def latest(self) -> datetime | None:
        """Of all of it; None where nothing was ever public."""
        return max(self.of.values(), default=None)


def changes_of(known: RecordKnown, today: date) -> PublicChanges:
    """When each publication that is or was public came, changed or went last, on a day (London)."""
    found: dict[str, datetime] = {}
    for reference in known.reviews:
        for slug, at in _of_a_review(known, reference, today):
            found[slug] = max(at, found.get(slug, at))
    return PublicChanges(found)


def _of_a_review(known: RecordKnown, reference: str, today: date) -> Iterator[tuple[str, datetime]]:
    """Of one review, line by line from its first publication on, what is shown otherwise after it than before it."""
    events = known.events.get(reference, ())
    alone = replace(known, reviews={reference: known.reviews[reference]})
    first = next((n for n, one in enumerate(events) if any(mark.name == PUBLISHED for mark in one.marks)), len(events))
    before: Mapping[str, PublicEntry] = {}
    for number in range(first, len(events)):
        lines = as_they_stand(events[: number + 1])
        shown = public_entries(replace(alone, lines={reference: lines}), today, _numbered(reference, lines))
        after = {one.slug: one for one in shown}
        for slug in {*before, *after}:
            if before.get(slug) != after.get(slug):
                yield slug, max([events[number].at, *_first_moment(after.get(slug))])
        before = after


def _numbered(reference: str, lines: Sequence[StandingLine]) -> dict[tuple[str, str], str]:
    """Of each item the line of its wording that may be shared, in the place of the words: those are sealed."""
    wordings = in_force(wordings_of(line.held for line in lines if line.event.kind in WORDED))
    return {(reference, item): str(one.line) for item, one in wordings.items()}


def _first_moment(entry: PublicEntry | None) -> Iterator[datetime]:
    """The first moment of the day of a publication: nothing of it changed before."""
    if entry is not None:
        yield london_moment(entry.published_on, time(0))

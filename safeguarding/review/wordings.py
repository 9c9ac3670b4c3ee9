"""
The wordings that may be shared of a review: what a person wrote for others to read, and another person approved.

Everything that leaves the record in words (the public register, a digest, the yearly account, a letter to whoever owns
an action) is one of these and nothing else. The words stay sealed; which of them is approved is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from safeguarding.review.events import Event, WordingsApproved, WordingsWithdrawn, WordingWritten
from safeguarding.review.review import Wording

WORDING = "wording"
"""The question whose answer is the wording, and so the name of its sealed text."""
OF_WORDINGS = WordingWritten | WordingsApproved | WordingsWithdrawn


def with_wording(wordings: tuple[Wording, ...], entry: OF_WORDINGS, event: Event) -> tuple[Wording, ...]:
    """The wordings of a review after one more entry of this line."""
    if isinstance(entry, WordingWritten):
        return (*wordings, Wording(id=entry.wording, item=entry.item, line=event.sequence, by=event.actor.person))
    if isinstance(entry, WordingsApproved):
        how = {"approved_by": event.actor.person, "approved_on": entry.on, "approved_at": event.sequence}
    else:
        how = {"withdrawn": True}
    return tuple(one.model_copy(update=how) if one.id in entry.wordings else one for one in wordings)


def wordings_of(events: Iterable[Event]) -> tuple[Wording, ...]:
    """The wordings of one review by the lines that stand, first to last; other lines may be left out."""
    found: tuple[Wording, ...] = ()
    for event in events:
        for entry in event.entries:
            if isinstance(entry, OF_WORDINGS):
                found = with_wording(found, entry, event)
    return found


def in_force(wordings: Iterable[Wording]) -> Mapping[str, Wording]:
    """
    Of each item the wording that may be shared: the one approved last, unless it was withdrawn.

    One that it replaced is not shared again by itself: it may have been replaced for a name that stands in it.
    """
    approved = [one for one in wordings if one.approved_by]
    latest = {one.item: one for one in sorted(approved, key=lambda one: (one.approved_at, one.line))}
    return {item: one for item, one in latest.items() if one.shareable}


def to_approve(wordings: Iterable[Wording]) -> list[Wording]:
    """Those that nobody has approved or withdrawn."""
    return [one for one in wordings if not one.approved_by and not one.withdrawn]

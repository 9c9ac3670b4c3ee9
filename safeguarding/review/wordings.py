"""
The wordings that may be shared of a review: what a person wrote for others to read, and another person approved.

Everything that leaves the record in words (the public register, a digest, the yearly account, a letter to whoever owns
an action) is one of these and nothing else. The words stay sealed; which of them is approved is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from safeguarding.review.entries_put_right import LineHeld
from safeguarding.review.events import Entry
from safeguarding.review.learning_entries import WordingsApproved, WordingsWithdrawn, WordingWritten
from safeguarding.review.learnt import Wording

WORDING = "wording"
"""The question whose answer is the wording, and so the name of its sealed text."""
OF_WORDINGS = WordingWritten | WordingsApproved | WordingsWithdrawn


def with_wording(wordings: tuple[Wording, ...], entry: OF_WORDINGS, line: LineHeld) -> tuple[Wording, ...]:
    """The wordings of a review after one more entry of this line."""
    if isinstance(entry, WordingWritten):
        made = Wording(id=entry.wording, item=entry.item, line=line.line, by=line.by, entered_by=line.entered_by)
        return (*wordings, made)
    if isinstance(entry, WordingsApproved):
        how = {"approved_by": line.by, "approved_on": entry.on, "approved_at": line.line}
    else:
        how = {"withdrawn": True}
    return tuple(one.model_copy(update=how) if one.id in entry.wordings else one for one in wordings)


def wordings_of(lines: Iterable[LineHeld]) -> tuple[Wording, ...]:
    """The wordings of one review by the lines that stand, first to last; other lines may be left out."""
    found: tuple[Wording, ...] = ()
    for line in lines:
        for entry in line.entries:
            if isinstance(entry, OF_WORDINGS):
                found = with_wording(found, entry, line)
    return found


def approved_anew(kept: Sequence[LineHeld], undone: Sequence[LineHeld]) -> frozenset[str]:
    """
    The wordings of these lines that are not approved any more, because those others are taken back.

    Where an approval or a withdrawal is taken back, nothing is shared of its item until somebody approves again: what
    had been approved before may have been replaced, or withdrawn, for a name that stands in it.
    """
    written = [one for line in (*kept, *undone) for one in line.entries if isinstance(one, WordingWritten)]
    item_of = {one.wording: one.item for one in written}
    judged = [one for line in undone for one in line.entries if isinstance(one, WordingsApproved | WordingsWithdrawn)]
    items = {item_of.get(wording) for one in judged for wording in one.wordings}
    return frozenset(wording for wording, item in item_of.items() if item in items)


def without_approval(lines: Sequence[LineHeld], wordings: Set[str]) -> tuple[LineHeld, ...]:
    """The same lines, by which none of these wordings is approved."""
    return tuple(_without(line, wordings) for line in lines) if wordings else (*lines,)


def _without(line: LineHeld, wordings: Set[str]) -> LineHeld:
    said, entries = (tuple(_not_of(wordings, every)) for every in (line.said, line.entries))
    return line._replace(said=said, entries=entries)


def _not_of(wordings: Set[str], entries: Iterable[Entry]) -> Iterator[Entry]:
    for entry in entries:
        if isinstance(entry, WordingsApproved):
            left = tuple(one for one in entry.wordings if one not in wordings)
            if left:
                yield entry.model_copy(update={"wordings": left})
        else:
            yield entry


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

"""
The positions that were signed on a proposed decision, and do not stand in the one that was taken afterwards.

Positions may be closed for nothing to be decided, or their round may end otherwise; where the same is decided later,
by what was minuted or by other positions, whoever reads that decision sees what was signed before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from safeguarding.dates.working_days import say
from safeguarding.review.as_arranged import POSITIONS
from safeguarding.review.events import TAKEN_BACK, Event, PositionSigned
from safeguarding.review.proposals import INSTEAD_OF, SIGNATURES

STANDS_FOR = {"agree": "agreed", "dissent": "dissented", "absent": "took no part"}
DECIDED = "decided"


class SignedBefore(NamedTuple):
    """A position that was signed on a proposal, and its line."""

    signed: PositionSigned
    line: int


def signed_before(events: Iterable[Event], decision: Event) -> list[SignedBefore]:
    """
    What was signed since the decision before this one and does not stand in it, the earliest first.

    What its own signer took back is left out, and a decision that was taken back ends nothing.
    """
    if decision.kind != DECIDED or POSITIONS not in decision.facts:
        return []
    earlier = [event for event in events if event.sequence < decision.sequence]
    undone = {line for event in earlier if event.kind == TAKEN_BACK for line in event.facts.get("lines", ())}
    found: list[SignedBefore] = []
    for event in earlier:
        if event.sequence in undone:
            continue
        if event.kind == DECIDED:
            found = []
        found += [SignedBefore(one, event.sequence) for one in event.entries if isinstance(one, PositionSigned)]
    standing = _lines_in(decision)
    return [one for one in found if one.line not in standing]


def _lines_in(decision: Event) -> set[int]:
    """The lines of the positions that a decision names, those included in whose place others were signed."""
    signatures = (decision.facts.get(SIGNATURES) or {}).values()
    return {line["line"] for one in signatures for line in (one, *one.get(INSTEAD_OF, ()))}


def in_words(before: Iterable[SignedBefore], partner: Callable[[str], str], name: Callable[[str], str]) -> list[str]:
    """A sentence that names each of them; nothing where there is none."""
    said = [
        f"{partner(one.of)} {STANDS_FOR[one.position]} ({name(one.person)}, {say(one.on)}, line {line})"
        for one, line in before
    ]
    words = "Signed before, on a proposed decision, and not part of this one"
    return [f"{words}: {'; '.join(said)}."] if said else []

"""
The lines of a review as somebody sees them: until a decision stands, that a position was signed, and not which.
"""

from __future__ import annotations

from collections.abc import Sequence

from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.review.events import Event, PositionsAsked, PositionSigned
from safeguarding.review.proposals import INSTEAD_OF, SIGNED
from safeguarding.review.states import State, Track
from safeguarding.review.who_sees import may_see_positions
from safeguarding.shown.signed_before import DECIDED
from safeguarding.stages.positions import CLOSE_POSITIONS, SIGN_POSITION


def asked_for_positions(events: Sequence[Event]) -> list[str]:
    """Whose positions were ever asked for, by their ids."""
    entries = (entry for event in events for entry in event.entries)
    return [*dict.fromkeys(of for entry in entries if isinstance(entry, PositionsAsked) for of in entry.of)]


def as_seen(
    person: Person, state: State, track: Track, events: Sequence[Event], partnership: Partnership
) -> Sequence[Event]:
    """The lines of a review in a state as somebody who sees the review may see them."""
    if state is not State.DECISION or may_see_positions(person, asked_for_positions(events), track, partnership):
        return events
    return veiled(events)


def veiled(events: Sequence[Event]) -> Sequence[Event]:
    """The lines with nothing of how anybody has signed since the last decision."""
    decided = max((event.sequence for event in events if event.kind == DECIDED), default=0)
    return [_unsaid(event) if event.sequence > decided else event for event in events]


def _unsaid(event: Event) -> Event:
    if event.kind not in (SIGN_POSITION.kind, CLOSE_POSITIONS.kind):
        return event
    facts = {name: fact for name, fact in event.facts.items() if name not in (SIGNED, INSTEAD_OF)}
    entries = tuple(entry for entry in event.entries if not isinstance(entry, PositionSigned))
    named = tuple(one for one in event.named if one.id == event.actor.person)
    return event.model_copy(update={"facts": facts, "entries": entries, "named": named, "sealed": {}})

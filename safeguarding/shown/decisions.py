"""
The decisions of a review, the latest first: on which day, by whom, what was found, each partner's position.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from safeguarding.day_answered import day_answered
from safeguarding.law.partnership import Partnership
from safeguarding.review.as_arranged import POSITIONS
from safeguarding.review.events import Event
from safeguarding.review.proof import how_known
from safeguarding.review.proposals import own_signature
from safeguarding.review.review import Review
from safeguarding.shown.decided import checked_words, decided_words
from safeguarding.shown.history.told import NOBODY
from safeguarding.shown.signed_before import in_words, signed_before

POSITION = {"agree": "Agrees", "dissent": "Dissents", "absent": "Absent"}


class DecisionShown(NamedTuple):
    """One decision: on which day, signed by whom, what was found, each partner's position."""

    line: int
    title: str
    on: date
    signed_by: str
    how: str
    found: Sequence[str]
    positions: Sequence[tuple[str, str, str, str]]
    """The partner, who spoke for it, the position, and how it was signed by whoever it is of."""
    dissent: bool
    came_to: str = ""
    """What was decided, in the words of its form; empty where a finding alone stands on the line."""
    checked: Sequence[str] = ()
    """How far the law behind what was found is checked."""


def decisions_of(events: Sequence[Event], review: Review, partnership: Partnership) -> list[DecisionShown]:
    """Every decision, the latest first: lines that hold the partners' positions or a finding by a legal test."""
    found = []
    for event in reversed(events):
        given, words = event.facts.get(POSITIONS) or {}, decided_words(event.facts)
        if not given and not words:
            continue
        called = partial(name_on, event, partnership=partnership)
        positions = [
            (
                partner_named(partner, partnership),
                name_on(event, str(one.get("person") or ""), partnership),
                POSITION.get(str(one.get("position")), str(one.get("position"))),
                own_signature(event.facts, partner, called),
            )
            for partner, one in given.items()
        ]
        day = day_answered(event, "decided_on", review.made_by(event.sequence))
        came_to = event.facts.get("outcome")
        before = in_words(signed_before(events, event), partial(partner_named, partnership=partnership), called)
        found.append(
            DecisionShown(
                event.sequence,
                event.title,
                day or event.at.date(),
                name_on(event, event.actor.person, partnership),
                how_known(event.actor),
                [*words, *before],
                positions,
                any(position == POSITION["dissent"] for _, _, position, _ in positions),
                came_to if given and isinstance(came_to, str) else "",
                checked_words(event.facts),
            )
        )
    return found


def partner_named(partner: str, partnership: Partnership) -> str:
    """A statutory partner by its name."""
    named = next((one for one in partnership.partners if one.id == partner), None)
    return named.name if named else partner.replace("_", " ")


def name_on(event: Event, person: str, partnership: Partnership) -> str:
    """What somebody was called on a line; of earlier programs' lines, what the file calls them now."""
    if person in NOBODY:
        return NOBODY[person]
    named = event.who(person) or partnership.ever(person)
    return named.name if named else person

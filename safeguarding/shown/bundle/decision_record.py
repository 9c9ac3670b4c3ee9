"""
A decision on a page of its own: who decided, when, on whose authority, by which provision, and who dissented.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safeguarding.dates.london import say_moment
from safeguarding.dates.working_days import say
from safeguarding.law.partnership import Partnership
from safeguarding.law.roles import ROLES
from safeguarding.review.as_arranged import POSITIONS
from safeguarding.review.events import Event
from safeguarding.review.proposals import authority_of
from safeguarding.review.review import Review
from safeguarding.shown.bundle.paper import heading, listed, paper, table, words
from safeguarding.shown.bundle.sealed_list import HEAD, SealedDigest
from safeguarding.shown.decisions import DecisionShown, name_on, partner_named


def decision_page(
    review: Review, one: DecisionShown, event: Event, partnership: Partnership, sealed: Sequence[SealedDigest]
) -> str:
    """The record of one decision. `sealed` are the sealed words of its line, by their digests."""
    came_to = (f"Decided: {one.came_to}.",) if one.came_to else ()
    return paper(
        f"{review.reference}: {one.title}, {say(one.on)}",
        words(
            f"{review.reference} ({review.pseudonym}). Line {one.line} of the record, hash-chained to the line before.",
            *came_to,
            f"Decided on {say(one.on)}; recorded on {say_moment(event.at)}.",
            f"Signed by {one.signed_by}{_as(event.actor.person, event)} ({one.how}).",
        ),
        heading("What was found, and by which provision"),
        listed(one.found) or words("This line holds no finding by a legal test."),
        listed(one.checked),
        heading("How each partner stood"),
        table(
            ("Partner", "Position", "By", "In what capacity, on what authority", "How it was signed"),
            _positions(event, one, partnership),
            "This line holds no positions of partners.",
        ),
        heading("What is sealed of it"),
        words("Reasons, and the reasons of a dissent, stay sealed. Each is named here with its digest."),
        table(HEAD, sealed, "Nothing."),
    )


def _positions(event: Event, one: DecisionShown, partnership: Partnership) -> Iterator[tuple[str, ...]]:
    given = event.facts.get(POSITIONS) or {}
    by_another = event.facts.get("recorded_for", ())
    for (partner, kept), (_, _, position, how) in zip(given.items(), one.positions, strict=True):
        person = str(kept.get("person") or "")
        known = partnership.ever(person)
        authority = authority_of(known) if known is not None else ""
        capacity = (
            f"{_as(person, event).removeprefix(', ')}{f'; on the authority of: {authority}' if authority else ''}"
        )
        signed = how or ("as recorded by the signer" if partner in by_another else "with the decision")
        yield partner_named(partner, partnership), position, name_on(event, person, partnership), capacity, signed


def _as(person: str, event: Event) -> str:
    """What somebody was on the day of the line."""
    named = event.who(person)
    roles = [ROLES.get(role, role) for role in named.roles] if named else []
    return f", {' and '.join(roles)}" if roles else ""

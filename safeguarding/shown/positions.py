"""
How far the positions on a proposed decision are: who has answered, who is waited for, what is to be done at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from safeguarding.dates.working_days import say
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.law.roles import ROLES
from safeguarding.review.proof import BY_SIGN_IN
from safeguarding.review.proposals import answers_for, in_the_place_of, is_replaced_by
from safeguarding.review.review import Proposal, Review
from safeguarding.shown.escaped import escaped

POSITION = {"agree": "Agrees", "dissent": "Dissents", "absent": "Takes no part"}


class PositionLine(NamedTuple):
    """One of those who were asked: who signed for them, how, on what authority; or that they are waited for."""

    of: str
    position: str
    """Empty while it is waited for."""
    by: str
    how: str
    line: int = 0
    """The line by which it was signed."""


def may_answer(person: Person, review: Review, partnership: Partnership) -> bool:
    """
    Whether somebody may sign a position on what is proposed: for a partner that is asked, or as whoever decides, unless
    somebody else has signed it already.
    """
    now = partnership.known(person.id)
    if now is None or review.proposal is None:
        return False
    of = answers_for(now, review.proposal.asked, partnership)
    signed = review.proposal.standing.get(of) if of is not None else None
    return of is not None and (signed is None or is_replaced_by(signed, now, partnership))


def _asked(person: Person, asked: Sequence[str], partnership: Partnership) -> bool:
    return answers_for(person, asked, partnership) is not None


def waits_for(person: Person, review: Review, partnership: Partnership) -> bool:
    """Whether a position of somebody's own is waited for. `partnership`: of the day and the track."""
    now = partnership.known(person.id)
    return now is not None and review.proposal is not None and _asked(now, review.proposal.waiting, partnership)


def how_far(proposal: Proposal, partnership: Partnership) -> list[PositionLine]:
    """Each who was asked, in the order of the partnership's file."""
    standing = proposal.standing
    rows = []
    for one in proposal.asked:
        signed = standing.get(one)
        if signed is None:
            again = any(before.of == one for before in proposal.signatures)
            rows.append(PositionLine(name_of(one, partnership), "", "", "to sign again" if again else ""))
            continue
        person = partnership.ever(signed.person)
        how = f"{say(signed.on)}, {BY_SIGN_IN.get(signed.proof, signed.proof)}"
        how = f"{how}, on the authority of: {signed.authority}" if signed.authority else how
        name = person.name if person is not None else signed.person
        earlier = (in_the_place_of(before.brief, _called(partnership)) for before in proposal.before(one))
        how = "; ".join([how, *earlier])
        rows.append(PositionLine(name_of(one, partnership), POSITION[signed.position], name, how, signed.line))
    return rows


def _called(partnership: Partnership) -> Callable[[str], str]:
    return lambda one: known.name if (known := partnership.ever(one)) is not None else one


def name_of(asked: str, partnership: Partnership) -> str:
    """What one of those who were asked is called: a partner, or the role of whoever decides."""
    named = next((one.name for one in partnership.partners if one.id == asked), None)
    return named or ROLES.get(asked, asked.replace("_", " "))


def on_the_card(review: Review, partnership: Partnership) -> list[str]:
    """How far it is, in words for a card: who has answered and who has not, and never how."""
    if review.proposal is None:
        return []
    asked, waiting = review.proposal.asked, review.proposal.waiting
    answered = _named((one for one in asked if one not in waiting), partnership)
    words = f"**Positions are being signed** on a decision that was proposed on {say(review.proposal.on)}."
    words += f" Answered: {answered or 'nobody yet'}."
    if waiting:
        words += f" Waited for: {_named(waiting, partnership)}. Each signs in at the people's pages."
    else:
        words += " All have answered, and it does not stand by it: *Close the positions*, and say what becomes of it."
    return [words]


def _named(asked: Iterable[str], partnership: Partnership) -> str:
    return ", ".join(escaped(name_of(one, partnership)) for one in asked)

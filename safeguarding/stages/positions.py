"""
Each partner signs their own position: a decision is proposed, whoever is asked signs at the pages, and it stands once
all have answered and enough agree. The unit may close the positions before, with reasons: for it to stand as it was
signed, or for nothing to be decided.

Entering every position for a meeting that was minuted stays as it is, in the decision itself.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, create_model

from safeguarding.law.partners import DECIDING_ROLE
from safeguarding.review.as_arranged import POSITIONS
from safeguarding.review.events import PositionsAsked, PositionsClosed, PositionSigned
from safeguarding.review.forms import Form, Sealed, SealedOptional
from safeguarding.review.proof import is_own, might_be_another, proof_of, unproved
from safeguarding.review.proposals import (
    DECIDED_ON,
    DONE_ONCE_DECIDED,
    INSTEAD_OF,
    SIGNED,
    answers_for,
    asked_of,
    authority_of,
    is_replaced_by,
)
from safeguarding.review.review import OwnSignature
from safeguarding.review.states import State
from safeguarding.review.step import BOTH, DECIDERS, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.adult_decision import DECIDE_ADULT_REVIEW
from safeguarding.stages.decision import DECIDE_REVIEW

STANDS, NOTHING = "the decision stands as it was signed", "nothing is decided"
PARTNERS = ("lead_partner", "delegated_partner")


def _proposed(decision: Step) -> type[Form]:
    """
    The form of a decision without the positions and its day, which the partners' own answers give, and without whatever
    is done once it stands.
    """
    fields: dict[str, Any] = {
        name: (info.rebuild_annotation(), info)
        for name, info in decision.form.model_fields.items()
        if name not in (DECIDED_ON, POSITIONS, *DONE_ONCE_DECIDED)
    }
    words = "What is proposed to the partners. Each of them signs a position on it, at the pages."
    made: type[Form] = create_model(f"Proposed{decision.form.__name__}", __base__=Form, __doc__=words, **fields)
    return made


def nothing_else_is_proposed(step: Attempt[Any]) -> Check:
    """One proposed decision at a time."""
    words = "positions are being signed on a proposed decision already: close them first"
    return Check(step.review.proposal is None, words)


def propose(step: Attempt[Any]) -> Outcome:
    """Nothing is decided: each partner of the track, and whoever decides, is asked for a position."""
    arrangement = step.rulebook.partnership.arrangement(step.review.track.value)
    decision = {"children": DECIDE_REVIEW, "adults": DECIDE_ADULT_REVIEW}[step.review.track.value]
    asked = PositionsAsked(step=decision.name, of=asked_of(arrangement), on=step.today)
    deciding = [DECIDING_ROLE[arrangement.decider]] if arrangement.decider in DECIDING_ROLE else []
    return Outcome(entries=(asked,), tells=(*PARTNERS, *deciding, "business_manager"))


def _proposing(name: str, button: str, decision: Step) -> Step:
    return Step(
        name=name,
        title="Decision proposed, positions asked for",
        button=button,
        tracks=decision.tracks,
        sources=frozenset({State.DECISION}),
        by=DECIDERS | MANAGERS,
        form=_proposed(decision),
        needs=(nothing_else_is_proposed,),
        does=propose,
        kind="decision_proposed",
        tells=(*PARTNERS, "business_manager"),
        on_card=False,
        proposes=decision.name,
        while_proposed=False,
    )


PROPOSE_REVIEW = _proposing("propose_review_decision", "Put a decision about a child to the partners", DECIDE_REVIEW)
PROPOSE_ADULT_REVIEW = _proposing(
    "propose_adult_decision", "Put a decision about an adult to the partners", DECIDE_ADULT_REVIEW
)


class OwnPosition(Form):
    """Your own position on what is proposed, signed by you. You may sign again while the others are still asked."""

    position: Literal["agree", "dissent", "absent"] = Field(
        title="Your position", description="Absent: you take no part, or nobody of your partner can."
    )
    reasons: SealedOptional = Field(
        default="", title="Reasons", description="Needed for a dissent or an absence. Sealed: they stay in the record."
    )


def a_decision_is_proposed(step: Attempt[Any]) -> Check:
    """There is something to sign."""
    return Check(step.review.proposal is not None, "no decision is proposed that waits for positions")


def it_is_signed_by_somebody_who_is_asked(step: Attempt[OwnPosition]) -> Check:
    """Whoever speaks for a partner that is asked signs for it, and nobody else."""
    return Check(step.review.proposal is None or _of(step) is not None, "your position is not asked for here")


def nobody_signs_over_somebody_else(step: Attempt[OwnPosition]) -> Check:
    """A position that somebody signed is replaced by them alone, or by the one for whom a deputy signed."""
    before, partnership = _before(step), step.rulebook.partnership
    person = partnership.known(step.actor.person)
    if before is None or person is None or is_replaced_by(before, person, partnership):
        return Check(True, "")
    signer = partnership.ever(before.person)
    words = (
        f"{signer.name if signer else before.person} has signed for this partner already, and nobody else signs in "
        "their place: if it is to change, they sign again, or the business unit closes the positions and asks for them "
        "again"
    )
    return Check(False, words)


def it_is_signed_in_person(step: Attempt[OwnPosition]) -> Check:
    """Nobody signs a position for somebody else."""
    words = "a position is signed by whoever it is of: sign in yourself at the people's pages, and sign it there"
    return Check(is_own(step.actor), words)


def it_is_proved_as_the_decision_demands(step: Attempt[OwnPosition]) -> Check:
    """As the partnership's file demands it of the decision; and in any case so that it is known who of several."""
    if step.review.proposal is None or not is_own(step.actor):
        return Check(True, "")
    partnership = step.rulebook.partnership
    short = unproved(step.review.proposal.step, step.actor, partnership) or might_be_another(step.actor, partnership)
    return Check(not short, " ".join(short))


def a_dissent_or_an_absence_has_reasons(step: Attempt[OwnPosition]) -> Check:
    """Whoever does not agree says why."""
    return Check(step.form.position == "agree" or bool(step.form.reasons), "give the reasons of your position")


def sign(step: Attempt[OwnPosition]) -> Outcome:
    """The position of one of those who are asked; that of before is kept on its line and counts no more."""
    person = step.rulebook.partnership.person(step.actor.person)
    of, authority = str(_of(step)), authority_of(person)
    signed = PositionSigned(
        of=of,
        person=person.id,
        position=step.form.position,
        proof=proof_of(step.actor),
        authority=authority,
        on=step.today,
    )
    before = _before(step)
    facts = {
        "of": of,
        **({"authority": authority} if authority else {}),
        **({INSTEAD_OF: before.brief} if before is not None else {}),
    }
    return Outcome(entries=(signed,), facts=facts)


def _before(step: Attempt[OwnPosition]) -> OwnSignature | None:
    """The position that stands already of the partner for whom somebody signs."""
    of = _of(step)
    return step.review.proposal.standing.get(of) if step.review.proposal is not None and of is not None else None


def _of(step: Attempt[OwnPosition]) -> str | None:
    person, proposal = step.rulebook.partnership.known(step.actor.person), step.review.proposal
    if person is None or proposal is None:
        return None
    return answers_for(person, proposal.asked, step.rulebook.partnership)


SIGN_POSITION = Step(
    name="sign_position",
    title="Position signed",
    button="Sign your position",
    tracks=BOTH,
    sources=frozenset({State.DECISION}),
    by=DECIDERS | frozenset(DECIDING_ROLE.values()),
    form=OwnPosition,
    needs=(
        a_decision_is_proposed,
        it_is_signed_by_somebody_who_is_asked,
        nobody_signs_over_somebody_else,
        it_is_signed_in_person,
        it_is_proved_as_the_decision_demands,
        a_dissent_or_an_absence_has_reasons,
    ),
    does=sign,
    kind="position_signed",
    tells=("business_manager",),
    on_card=False,
    while_proposed=True,
    own_sign_in=True,
    not_stale_by=frozenset({"position_signed"}),
)


class PositionsClosedEarly(Form):
    """No more positions are waited for. Whoever has not answered stands as such."""

    becomes: Literal["the decision stands as it was signed", "nothing is decided"] = Field(
        title="What becomes of it",
        description="It stands only if it is quorate and enough agree. Otherwise it may be proposed again.",
    )
    reasons: Sealed = Field(title="Why the positions are closed", description="Sealed: it stays in the record.")


def close(step: Attempt[PositionsClosedEarly]) -> Outcome:
    """Nobody is asked any more; whether the decision stands is said by the line after this one."""
    silent = list(step.review.proposal.waiting) if step.review.proposal is not None else []
    signed = [one.brief for one in step.review.proposal.standing.values()] if step.review.proposal is not None else []
    return Outcome(entries=(PositionsClosed(on=step.today),), facts={"not_answered": silent, SIGNED: signed})


CLOSE_POSITIONS = Step(
    name="close_positions",
    title="Positions closed",
    button="Close the positions",
    tracks=BOTH,
    sources=frozenset({State.DECISION}),
    by=MANAGERS,
    form=PositionsClosedEarly,
    needs=(a_decision_is_proposed,),
    does=close,
    kind="positions_closed",
    tells=(*PARTNERS, "business_manager"),
    on_card=False,
    while_proposed=True,
)

STEPS = (PROPOSE_REVIEW, PROPOSE_ADULT_REVIEW, SIGN_POSITION, CLOSE_POSITIONS)

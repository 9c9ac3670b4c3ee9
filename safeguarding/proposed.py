"""
A proposed decision that stands: everybody who was asked has signed, or the positions were closed for it to stand.

The line is that of the decision itself, as if all had been entered at once; it says besides who signed for themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from safeguarding.dates.london import london_date
from safeguarding.errors import TransitionRefused
from safeguarding.law.partners import DECIDING_ROLE, Arrangement
from safeguarding.law.period import TrackName
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import attempt
from safeguarding.review.as_arranged import as_arranged
from safeguarding.review.events import REFUSED, TAKEN_BACK, Actor, Event
from safeguarding.review.fold import fold
from safeguarding.review.local_questions import read_form
from safeguarding.review.proof import signed_in
from safeguarding.review.proposals import as_signed, signatures_of
from safeguarding.review.review import Proposal, Review
from safeguarding.review.states import Track
from safeguarding.stages import STEPS
from safeguarding.stages.positions import CLOSE_POSITIONS, SIGN_POSITION, STANDS

FOLLOWED = frozenset({SIGN_POSITION.kind, CLOSE_POSITIONS.kind})
"""The kinds of line that answer for a proposed decision: it may stand by the last of them."""
STAYS_UNDONE = frozenset({TAKEN_BACK, REFUSED})
"""The kinds of line by which none does that all have signed: somebody takes back what stood, or changes nothing."""
REASONS = "reasons"


def decision_after(
    review: Review,
    event: Event,
    lines: Callable[[], Sequence[Event]],
    rulebook: Rulebook,
    track_of: Callable[[str], Track | None] = lambda _: None,
) -> Event | None:
    """
    The decision that stands by a line which is about to be written after this review; None where none does.

    One that all have signed and that lacked something stands by the line that brings it: a reason, a report sent.
    `lines` gives the review's lines so far, unsealed. Raises TransitionRefused where the positions were closed for the
    decision to stand, and it cannot.
    """
    proposal = review.proposal
    if proposal is None or (event.kind not in FOLLOWED and (proposal.waiting or event.kind in STAYS_UNDONE)):
        return None
    closed = event.kind == CLOSE_POSITIONS.kind
    if closed and event.facts["becomes"] != STANDS:
        return None
    after = fold((event,), review)
    signed = proposal if closed else after.proposal
    if signed is None or (signed.waiting and not closed):
        return None
    if event.kind not in FOLLOWED and not why_it_does_not_stand(review, lines(), event.actor, event.at, rulebook):
        return None  # It lacked nothing before, and was taken back: what becomes of it is said when it is closed.
    try:
        return _decided(after, signed, [*lines(), event], event.actor, event.at, rulebook, track_of)
    except TransitionRefused as refused:
        if not closed:  # Somebody's own position is kept, whether or not the decision stands by it.
            return None
        raise TransitionRefused(refused.reference, CLOSE_POSITIONS.name, refused.unmet) from None


def why_it_does_not_stand(
    review: Review, lines: Sequence[Event], actor: Actor, now: datetime, rulebook: Rulebook
) -> tuple[str, ...]:
    """Why a proposed decision does not stand though everybody has answered, in words; nothing where it does."""
    if review.proposal is None or review.proposal.waiting:
        return ()
    try:
        _decided(review, review.proposal, lines, actor, now, rulebook, lambda _: None)
    except TransitionRefused as refused:
        return refused.unmet
    return ()


def _decided(
    review: Review,
    signed: Proposal,
    lines: Sequence[Event],
    actor: Actor,
    now: datetime,
    rulebook: Rulebook,
    track_of: Callable[[str], Track | None],
) -> Event:
    today = london_date(now)
    track: TrackName = review.track.value
    rulebook = rulebook.on(today).for_track(track)
    arrangement = rulebook.partnership.arrangement(track)
    if unmet := _silent(signed, arrangement):
        raise TransitionRefused(review.reference, signed.step, unmet)
    step = as_arranged(STEPS[signed.step], track, rulebook.partnership)
    proposed = next(line for line in lines if line.sequence == signed.line)
    reasons = {line.sequence: line.sealed.get(REASONS, "") for line in lines}
    raw = as_signed(proposed, signed, reasons, read_form(step, rulebook), today)
    decides = DECIDING_ROLE.get(arrangement.decider)
    if decides is not None:
        decider = signed.standing[decides]
        actor = signed_in(decider.person, decider.proof)
    bare: dict[str, Any] = signatures_of(signed)
    return attempt(review, signed.step, raw, actor, now, rulebook, None, None, track_of, bare)


def _silent(signed: Proposal, arrangement: Arrangement) -> tuple[str, ...]:
    """Who has to answer for the decision to stand, and has not or does not decide so."""
    unmet = []
    if arrangement.decider == "partners":
        names = [arrangement.name(one) for one in arrangement.present if one in signed.waiting]
        if names:
            unmet.append(f"not quorate: no position of the {' and the '.join(names)}, which must be present")
        return tuple(unmet)
    decides = DECIDING_ROLE[arrangement.decider]
    given = signed.standing.get(decides)
    if given is None or given.position != "agree":
        who = decides.replace("_", " ")
        unmet.append(f"the {who} decides, and {'has not signed' if given is None else 'does not decide so'}")
    return tuple(unmet)

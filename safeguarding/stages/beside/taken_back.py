"""
A step that was wrong is taken back: the review stands where it stood before, and both lines stay in the ledger.

A wrong date is corrected with its own form. This is for a step that ought not to have been taken: the wrong button, the
wrong review, an answer that was never given. What was recorded after it is taken back too, and is recorded again.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from safeguarding.dates.london import say_moment_briefly
from safeguarding.duties.taken_back import taken_back
from safeguarding.review.as_arranged import deciding_roles
from safeguarding.review.events import TAKEN_BACK
from safeguarding.review.forms import Form, From, Sealed
from safeguarding.review.review import MOST_TAKEN_BACK, Before, HistoryLine
from safeguarding.review.step import BOTH, DECIDERS, MANAGERS, OPEN_STATES, Attempt, Check, Outcome, Step
from safeguarding.stages.beside.in_hand import in_hand

WITH_WHAT_FOLLOWED = "take back what followed it too"


class TakenBack(Form):
    """A step was wrong. The review goes back to where it stood before it; nothing is erased."""

    line: Annotated[str, From("last steps")] = Field(
        default="",
        title="Which step",
        description="The number of its line. Empty: the last one. Of the dozen last ones any may be taken back.",
    )
    followed: Literal["nothing followed it", "take back what followed it too"] = Field(
        default="nothing followed it", title="What was recorded after it"
    )
    reason: Sealed = Field(title="What was wrong with it")


def _meant(step: Attempt[TakenBack]) -> Before | None:
    kept = step.review.before
    if not step.form.line:
        return kept[-1] if kept else None
    return next((one for one in kept if str(one.line) == step.form.line), None)


def _after(step: Attempt[TakenBack], before: Before) -> list[HistoryLine]:
    """The lines that are taken back with the one that is meant, that one first."""
    numbers = {one.line for one in step.review.before if one.line >= before.line}
    return [line for line in step.review.history if line.sequence in numbers]


def there_is_such_a_step(step: Attempt[TakenBack]) -> Check:
    """One of the last steps since it was opened; the referral itself is closed or withdrawn, and not taken back."""
    words = (
        "there is no such step that can be taken back: not the referral itself, which ends by a way out, a closing, "
        f"dates that were counted again, nor what came before them or more than {MOST_TAKEN_BACK} steps ago"
    )
    return Check(_meant(step) is not None, words)


def what_followed_is_taken_back_knowingly(step: Attempt[TakenBack]) -> Check:
    """What was recorded after the wrong step goes with it, and is said by name."""
    before = _meant(step)
    more = _after(step, before)[1:] if before else []
    named = "; ".join(f"{line.title} ({say_moment_briefly(line.at)})" for line in more)
    met = not more or step.form.followed == WITH_WHAT_FOLLOWED
    return Check(met, f"this was recorded after it and would be taken back too: {named}. Say so, then record it again")


def a_move_is_taken_back_by_who_decides_or_made_it(step: Attempt[TakenBack]) -> Check:
    """Where the review moved on, somebody who decides takes it back, or whoever signed all of it themselves."""
    before = _meant(step)
    if before is None or before.state is step.review.state:
        return Check(True, "")
    person = step.rulebook.partnership.known(step.actor.person)
    decides = person is not None and bool(deciding_roles(step.review, step.rulebook) & set(person.roles))
    own = {line.actor for line in _after(step, before)} == {step.actor.person}
    words = "the review moved on with it: it is taken back by a partner, or by whoever signed each of these steps"
    return Check(decides or own, words)


SIGNED, PROPOSED = "position_signed", "decision_proposed"


def a_signed_position_is_taken_back_by_its_signer_alone(step: Attempt[TakenBack]) -> Check:
    """Nobody takes away what a partner signed: neither their line, nor the proposal, nor a step before both."""
    before = _meant(step)
    lines = _after(step, before) if before else []
    signed = [line for line in lines if line.kind == SIGNED]
    if not signed:
        return Check(True, "")
    if any(line.kind == PROPOSED for line in lines):
        words = (
            "positions were signed on the proposed decision, so it is not taken back, nor what was recorded before it: "
            "close the positions, by which nothing is decided and what was signed stays"
        )
        return Check(False, words)
    others = dict.fromkeys(line.name or line.actor for line in signed if line.actor != step.actor.person)
    words = (
        f"a position that somebody signed is taken back by them alone: {', '.join(others)}. To decide otherwise, close "
        "the positions, by which what was signed stays"
    )
    return Check(not others, words)


def take_back(step: Attempt[TakenBack]) -> Outcome:
    """The state, the clocks and what was recorded, as they were before the line."""
    before = _meant(step)
    if before is None:
        raise ValueError("a step is looked for before it is taken back")
    lines = [line.sequence for line in _after(step, before)]
    rows = taken_back(step.review, before, step.today)
    to = None if before.state is step.review.state else before.state
    return Outcome(
        to=to,
        clocks=rows,
        facts={"line": before.line, "lines": lines},
        entries=tuple(in_hand(step.review, before, step.today)),
    )


TAKE_BACK = Step(
    name="take_back_step",
    title="Step taken back",
    button="Take back a wrong step",
    tracks=BOTH,
    sources=OPEN_STATES,
    leads_to=OPEN_STATES,
    by=MANAGERS | DECIDERS,
    form=TakenBack,
    needs=(
        there_is_such_a_step,
        what_followed_is_taken_back_knowingly,
        a_move_is_taken_back_by_who_decides_or_made_it,
        a_signed_position_is_taken_back_by_its_signer_alone,
    ),
    does=take_back,
    kind=TAKEN_BACK,
    tells=("business_manager", "business_unit", "delegated_partner", "lead_partner"),
    on_card=False,
)

STEPS = (TAKE_BACK,)

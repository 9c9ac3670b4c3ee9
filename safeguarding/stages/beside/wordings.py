"""
Wordings to share: one person writes what others may read of an item, and another approves it before it goes out.

The item's own words stay sealed and may name people. Beside them stands a wording for the public register, a digest,
the yearly account or a letter, which says what was learnt and nothing that points at anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from safeguarding.review.conditions import day_is_not_in_the_future, named_once
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Kept, Sealed
from safeguarding.review.learning_entries import WordingsApproved, WordingsWithdrawn, WordingWritten
from safeguarding.review.learnt import Wording
from safeguarding.review.step import ANY_STATE, BOTH, DECIDERS, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.review.whole_record import reads_whole

LONGEST_WORDING = 4_000
"""Characters of one wording: about two pages."""
MOST_AT_ONCE = 100
"""Wordings that one form may approve or withdraw."""

WRITTEN = "wording_written"
"""The kind of line that holds a wording."""

ToShare = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_WORDING), Kept()]


def _named(step: Attempt[Any]) -> list[Wording]:
    return [one for one in step.review.wordings if one.id in step.form.wordings]


def _after_the_writing(step: Attempt[Any], day: date) -> Check:
    written = {one.id: step.review.happened("wording_written", one.id) for one in _named(step)}
    late = [f"{number} was written on {on}" for number, on in written.items() if on is not None and day < on]
    return Check(not late, f"{day} is before it: {'; '.join(late)}")


class NewWording(Form):
    """What may be read of an item by people who do not see the review. It is shared only once it is approved."""

    item: Annotated[str, From("items to share")] = Field(
        title="Of what", description="The review as a whole has its summary; an action's wording goes to its owner."
    )
    wording: ToShare = Field(
        title="Wording that may be shared",
        description="No name, no exact day, no age, no place: nothing that points at anybody. Sealed until approved.",
    )


def add_wording(step: Attempt[NewWording]) -> Outcome:
    """Number the wording within its review. A number that was taken back is not used again: others may have read it."""
    written = [line for line in step.review.history if line.kind == WRITTEN]
    number = f"W{len(written) + 1:02d}"
    entry = WordingWritten(wording=number, item=step.form.item, on=step.today)
    mark = Mark(name="wording_written", on=step.today, subject=number)
    return Outcome(marks=(mark,), entries=(entry,), facts={"wording_id": number})


WRITE_WORDING = Step(
    name="write_wording",
    title="Wording written",
    button="Write a wording to share",
    tracks=BOTH,
    sources=ANY_STATE,
    by=MANAGERS | {"review_panel_chair", "learning_group"},
    form=NewWording,
    does=add_wording,
    kind=WRITTEN,
    marks=frozenset({"wording_written"}),
    on_card=False,
)


class WordingsApproval(Form):
    """Somebody who neither wrote them nor typed them in has read these wordings, and they may leave the record."""

    wordings: Annotated[
        tuple[Annotated[str, From("wordings to approve")], ...], Field(min_length=1, max_length=MOST_AT_ONCE)
    ] = Field(title="Wordings", description="Read each first: its words are shown. All that you choose are approved.")
    approved_on: date = Field(title="Approved on")


def they_wait_for_approval(step: Attempt[Any]) -> Check:
    """Each of them is neither approved nor withdrawn."""
    done = [f"{one.id} is {one.stands}" for one in _named(step) if one.approved_by or one.withdrawn]
    return Check(not done, "; ".join(done))


def somebody_else_wrote_them(step: Attempt[Any]) -> Check:
    """
    Nobody approves a wording that they wrote or typed in for a meeting, nor enters its approval from minutes: two
    people have read whatever leaves the record.
    """
    named, entering = step.actor.person, step.actor.entered_by
    hands = {"you": entering or named} | ({"who is named": named} if entering else {})
    why = [f"{who} {did}" for who, person in hands.items() for did in _had_a_hand(person, _named(step))]
    return Check(not why, f"{'; '.join(why)}: a wording is approved by somebody else")


def _had_a_hand(person: str, wordings: Sequence[Wording]) -> Iterator[str]:
    """What somebody did with some of these wordings, by their numbers."""
    if wrote := [one.id for one in wordings if one.by == person]:
        yield f"wrote {', '.join(wrote)}"
    if typed := [one.id for one in wordings if one.entered_by == person]:
        yield f"typed in {', '.join(typed)}"


def they_may_read_them(step: Attempt[WordingsApproval]) -> Check:
    """Whoever approves may read the record of the review: a chair who is not appointed to it sees none of its words."""
    person = step.rulebook.partnership.known(step.actor.person)
    met = person is None or reads_whole(person, step.review, step.rulebook.partnership)
    return Check(met, "wordings are approved by somebody who may read this review's sealed words")


def approved_after_they_were_written(step: Attempt[WordingsApproval]) -> Check:
    """None is approved before the day on which it was written."""
    return _after_the_writing(step, step.form.approved_on)


def approve_wordings(step: Attempt[WordingsApproval]) -> Outcome:
    """They may be shared; of an item with several the one approved last is."""
    form = step.form
    marks = [Mark(name="wording_approved", on=form.approved_on, subject=one) for one in form.wordings]
    return Outcome(marks=tuple(marks), entries=(WordingsApproved(wordings=form.wordings, on=form.approved_on),))


APPROVE_WORDINGS = Step(
    name="approve_wordings",
    title="Wordings approved",
    button="Approve wordings to share",
    tracks=BOTH,
    sources=ANY_STATE,
    by=MANAGERS | DECIDERS | {"review_panel_chair"},
    form=WordingsApproval,
    needs=(
        named_once("wordings"),
        they_wait_for_approval,
        somebody_else_wrote_them,
        they_may_read_them,
        day_is_not_in_the_future("approved_on"),
        approved_after_they_were_written,
    ),
    does=approve_wordings,
    kind="wordings_approved",
    reads_first=True,
    days={"approved_on": ("wording_approved",)},
    follows={"wording_approved": ("wording_written",)},
    marks=frozenset({"wording_approved"}),
    on_card=False,
)


class WordingsWithdrawal(Form):
    """These wordings may not be shared any more, or were not fit to be. What was shared before is not unsaid."""

    wordings: Annotated[
        tuple[Annotated[str, From("wordings that stand")], ...], Field(min_length=1, max_length=MOST_AT_ONCE)
    ] = Field(title="Wordings", description="The item has no words to share then, until others are approved.")
    withdrawn_on: date = Field(title="Withdrawn on")
    reason: Sealed = Field(title="Why")


def they_stand(step: Attempt[Any]) -> Check:
    """None of them was withdrawn before."""
    gone = [one.id for one in _named(step) if one.withdrawn]
    return Check(not gone, f"withdrawn already: {', '.join(gone)}")


def withdrawn_after_they_were_written(step: Attempt[WordingsWithdrawal]) -> Check:
    """None is withdrawn before the day on which it was written."""
    return _after_the_writing(step, step.form.withdrawn_on)


def withdraw_wordings(step: Attempt[WordingsWithdrawal]) -> Outcome:
    """From the next making on no register, digest, account or letter holds them."""
    form = step.form
    marks = [Mark(name="wording_withdrawn", on=form.withdrawn_on, subject=one) for one in form.wordings]
    return Outcome(marks=tuple(marks), entries=(WordingsWithdrawn(wordings=form.wordings, on=form.withdrawn_on),))


WITHDRAW_WORDINGS = Step(
    name="withdraw_wordings",
    title="Wordings withdrawn",
    button="Withdraw wordings",
    tracks=BOTH,
    sources=ANY_STATE,
    by=MANAGERS | DECIDERS | {"review_panel_chair"},
    form=WordingsWithdrawal,
    needs=(
        named_once("wordings"),
        they_stand,
        day_is_not_in_the_future("withdrawn_on"),
        withdrawn_after_they_were_written,
    ),
    does=withdraw_wordings,
    kind="wordings_withdrawn",
    days={"withdrawn_on": ("wording_withdrawn",)},
    follows={"wording_withdrawn": ("wording_written",)},
    marks=frozenset({"wording_withdrawn"}),
    on_card=False,
)

STEPS = (WRITE_WORDING, APPROVE_WORDINGS, WITHDRAW_WORDINGS)

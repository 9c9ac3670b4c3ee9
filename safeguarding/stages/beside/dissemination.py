"""
Who was told what was learnt: a report, a briefing, a digest goes to agencies, and each says that it read it.

Short forms, at any time and after closing too. What an agency owes is a word by the day that was named; it is chased
like any date of the partnership's own, and outlives the review.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from safeguarding.review.choices import agency_then
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future, named_once
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Ref, SealedOptional
from safeguarding.review.learning_entries import LearningRead, LearningShared
from safeguarding.review.shared_learning import answer_key, of_key
from safeguarding.review.step import ANY_STATE, BOTH, MANAGERS, Attempt, Check, Outcome, Step

MOST_AT_ONCE = 60
"""Agencies to which something is sent at once, and answers that are recorded at once."""
MOST_PEOPLE = 100_000
SHARES = MANAGERS | {"learning_group"}

SharedWhat = Literal["the report", "a briefing", "a digest", "a presentation", "something else"]
SharedHow = Literal["email", "meeting", "training", "newsletter or website", "another way"]
ReadHow = Literal["read", "discussed in team", "no reply wanted any more"]
NO_REPLY: ReadHow = "no reply wanted any more"


class NewSharing(Form):
    """What was learnt went to agencies. Each is asked to say by a day that it read or discussed it."""

    what: SharedWhat = Field(title="What was sent")
    document: Ref = Field(default="", title="Its reference", description="Such as BRIEFING/2026/3. Empty: it has none.")
    agencies: Annotated[tuple[Annotated[str, From("agencies")], ...], Field(min_length=1, max_length=MOST_AT_ONCE)] = (
        Field(title="To which agencies")
    )
    sent_on: date = Field(title="Sent on")
    how: SharedHow = Field(title="How")
    answer_by: date = Field(
        title="To be read or discussed by", description="Each agency's lead is reminded of it, also after the closing."
    )


def it_is_answered_after_it_is_sent(step: Attempt[NewSharing]) -> Check:
    """The day by which it is to be read does not lie before the day on which it was sent."""
    form = step.form
    return Check(
        form.answer_by >= form.sent_on, f"to be read by {form.answer_by}, before it was sent on {form.sent_on}"
    )


def share_learning(step: Attempt[NewSharing]) -> Outcome:
    """Number what was sent within its review, and start the date of each agency's answer."""
    form, number = step.form, f"D{len(step.review.shared) + 1:02d}"
    entry = LearningShared(
        sharing=number, what=form.what, agencies=form.agencies, on=form.sent_on, how=form.how, answer_by=form.answer_by
    )
    marks = tuple(
        Mark(name="learning_shared", on=form.sent_on, subject=answer_key(number, agency), due=form.answer_by)
        for agency in form.agencies
    )
    return Outcome(marks=marks, entries=(entry,), facts={"sharing": number})


SHARE_LEARNING = Step(
    name="share_learning",
    title="Learning shared",
    button="Share what was learnt",
    tracks=BOTH,
    sources=ANY_STATE,
    by=SHARES,
    form=NewSharing,
    needs=(
        named_once("agencies"),
        it_is_answered_after_it_is_sent,
        day_is_not_in_the_future("sent_on"),
        day_is_not_before("sent_on", "referral_received"),
    ),
    does=share_learning,
    kind="learning_shared",
    days={"sent_on": ("learning_shared",)},
    marks=frozenset({"learning_shared"}),
    on_card=False,
)


class SharingAnswered(Form):
    """Agencies say that they read what was sent, or discussed it; or nobody waits for their word any more."""

    answers: Annotated[
        tuple[Annotated[str, From("answers to what was shared")], ...], Field(min_length=1, max_length=MOST_AT_ONCE)
    ] = Field(title="Which agency, of what was sent", description="Several, where the same is true of each.")
    outcome: ReadHow = Field(title="What became of it")
    on: date = Field(title="On")
    people: int | None = Field(
        default=None, ge=1, le=MOST_PEOPLE, title="How many people", description="If it was counted."
    )
    where: SealedOptional = Field(default="", title="Where, or with whom")


def it_says_more_than_before(step: Attempt[SharingAnswered]) -> Check:
    """What an agency said already is not recorded again; and nobody is let off who answered."""
    said = step.form.outcome
    known = {answer_key(one.id, answer.agency): answer.outcome for one in step.review.shared for answer in one.answers}
    again = [
        key
        for key in step.form.answers
        if known.get(key) in (said, "discussed in team") or (key in known and said == NO_REPLY)
    ]
    words = ", ".join(f"{_named(key, step)} ({known[key]})" for key in again)
    return Check(not again, f"on record already: {words}")


def nobody_is_counted_of_no_reply(step: Attempt[SharingAnswered]) -> Check:
    """Where no reply is wanted any more nobody said that they read it, so there is nobody to count."""
    form = step.form
    words = f"«How many people» counts those who read or discussed it: leave it empty where it is «{NO_REPLY}»"
    return Check(form.outcome != NO_REPLY or form.people is None, words)


def it_was_sent_before(step: Attempt[SharingAnswered]) -> Check:
    """Nothing is read before it was sent."""
    sent = {key: step.review.happened("learning_shared", key) for key in step.form.answers}
    early = [f"{_named(key, step)}, sent on {on}" for key, on in sent.items() if on is not None and step.form.on < on]
    return Check(not early, f"{step.form.on} is before it: {'; '.join(early)}")


def _named(key: str, step: Attempt[Any]) -> str:
    number, agency = of_key(key)
    return f"{number} {agency_then(agency, step.review, step.rulebook)}"


def record_answers(step: Attempt[SharingAnswered]) -> Outcome:
    """Read or discussed meets what the agency owes; where no reply is wanted any more it falls away."""
    form = step.form
    name = "learning_reply_dropped" if form.outcome == NO_REPLY else "learning_read"
    marks = tuple(Mark(name=name, on=form.on, subject=key) for key in form.answers)
    entries = tuple(
        LearningRead(sharing=number, agency=agency, outcome=form.outcome, on=form.on, people=form.people)
        for number, agency in map(of_key, form.answers)
    )
    return Outcome(marks=marks, entries=entries)


RECORD_LEARNING_READ = Step(
    name="record_learning_read",
    title="Shared learning read",
    button="Record who read what was shared",
    tracks=BOTH,
    sources=ANY_STATE,
    by=SHARES,
    form=SharingAnswered,
    needs=(
        named_once("answers"),
        it_says_more_than_before,
        nobody_is_counted_of_no_reply,
        it_was_sent_before,
        day_is_not_in_the_future("on"),
        day_is_not_before("on", "referral_received"),
    ),
    does=record_answers,
    kind="learning_read",
    days={"on": ("learning_read", "learning_reply_dropped")},
    follows={"learning_read": ("learning_shared",), "learning_reply_dropped": ("learning_shared",)},
    marks=frozenset({"learning_read", "learning_reply_dropped"}),
    on_card=False,
)

STEPS = (SHARE_LEARNING, RECORD_LEARNING_READ)

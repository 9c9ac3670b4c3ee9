"""
A review that was carried in moves on: the partners say where it stands now, and since when.

The gates of law that it never passed are not asked of it. What happens from now on is held to the law of the day on
which it began: where regulation 16 of S.I. 2018/789 was in force, the report goes before anything is published; that
nothing is published the partners decide together, and it goes all the same (Children Act 2004 s.16F(3)(c)).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

from pydantic import Field

from safeguarding.dates.working_days import say
from safeguarding.duties.older_law import edition_for
from safeguarding.duties.started_and_settled import clocks
from safeguarding.review.advance_copy import copy_that_went, plans_the_full_report
from safeguarding.review.conditions import day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, SealedOptional, StillOwed, still_owed
from safeguarding.review.states import STAGE_OF, Stage, State, Track
from safeguarding.review.step import BOTH, Attempt, Check, Outcome, Step
from safeguarding.stages.carried_in import STANDS_AT
from safeguarding.stages.counted_from_publication import counted_from_publication
from safeguarding.stages.publish_nothing import PUBLISH_NOTHING

BECOMES: dict[str, tuple[State, str | None]] = {
    "the review is under way": (State.IN_REVIEW, "review_started"),
    "the report is drafted": (State.DRAFTING, None),
    "the report is accepted, publication is next": (State.PRE_PUBLICATION, "report_accepted"),
    "published": (State.PUBLISHED, "published"),
    "not published": (State.NOT_PUBLISHED, "decided_not_to_publish"),
    "action follow-up": (State.ACTION_FOLLOW_UP, "action_plan_agreed"),
    "closed": (State.CLOSED, "closed"),
}
"""Where a review that was carried in goes, and what has happened then."""


SENT = ("report_provided", "advance_copy_sent", "improvements_information_sent")
"""What is recorded besides of a child's review: what went before publication."""


class MovedOn(Form):
    """The partners say where a review that was carried in stands now. Gates of today's law are not asked of it."""

    becomes: Literal[tuple(BECOMES)] = Field(title="Where it stands now")  # type: ignore[valid-type]
    on: date = Field(title="Since", description="The day on which that was so.")
    report_sent_on: date | None = Field(
        default=None,
        title="If a child's review was published: its report sent to the Secretary of State and the Panel on",
        description="S.I. 2018/789 reg.16, of a review that began since it is in force; the report itself, also where "
        "only the improvements are published.",
    )
    note: SealedOptional = Field(default="", title="Why, and by whose decision")
    still_owed: tuple[StillOwed, ...] = still_owed()


def it_goes_on_and_not_back(step: Attempt[MovedOn]) -> Check:
    """To a later stage than the one in which it stands, or within it."""
    to, stages = STAGE_OF.get(BECOMES[step.form.becomes][0]), list(Stage)
    back = to is not None and stages.index(to) < stages.index(step.review.stage)
    return Check(not back and BECOMES[step.form.becomes][0] is not step.review.state, "it stands there, or further")


def it_did_not_stand_there_before_it_began(step: Attempt[MovedOn]) -> Check:
    """Nothing of it lies before the day on which it began."""
    began = (step.review.carried_in or {}).get("began_on")
    met = began is None or step.form.on >= date.fromisoformat(str(began))
    return Check(met, f"it began on {began}")


def closing_says_why(step: Attempt[MovedOn]) -> Check:
    """What is closed has a note: nobody else says why."""
    return Check(step.form.becomes != "closed" or bool(step.form.note), "say in the note why it is closed")


def _sent_before_publication(step: Attempt[MovedOn]) -> date | None:
    """By when all that is published had gone to both: as it is said here, or as it is on the record."""
    return step.form.report_sent_on or copy_that_went(step.review, plans_the_full_report(step.review))


def _regulation_16_is_its_law(step: Attempt[MovedOn]) -> bool:
    """Whether it is a child's review that began when the regulations were in force."""
    rule = step.rulebook.rule("C13b")
    child = step.review.track is Track.CHILDREN
    return child and edition_for(rule, step.review, step.form.on, str(rule.starts)) is not None


def what_became_of_the_report_is_said(step: Attempt[MovedOn]) -> Check:
    """Nobody goes past publication without a word: the report is owed to the two whatever is published of it."""
    form, review = step.form, step.review
    said = any(review.happened(name) for name in ("published", "decided_not_to_publish"))
    accepted = review.happened("report_accepted") is not None or review.state is State.PRE_PUBLICATION
    past = form.becomes == "action follow-up" or (form.becomes == "closed" and accepted)
    words = "say first whether it was published or not: the report is owed to the Secretary of State and the Panel"
    return Check(said or not past or not _regulation_16_is_its_law(step), words)


def that_nothing_is_published_is_decided_together(step: Attempt[MovedOn]) -> Check:
    """Section 16F(5) leaves that to the partners, with their reasons; the report is then owed to the two."""
    nothing = step.form.becomes == "not published" and _regulation_16_is_its_law(step)
    words = f"decide that with '{PUBLISH_NOTHING.button}' once publication is next: it asks for each partner's position"
    return Check(not nothing, words)


def the_report_went_before_publication(step: Attempt[MovedOn]) -> Check:
    """No later than seven days before, where the regulations were in force on the day on which the review began."""
    form, review = step.form, step.review
    if form.becomes != "published" or not _regulation_16_is_its_law(step):
        words = "it is said when the report went before publication, and that is not asked here"
        return Check(form.report_sent_on is None, words)
    rule = step.rulebook.rule("C13b" if plans_the_full_report(review) else "C14b")
    edition = edition_for(rule, review, form.on, str(rule.starts))
    sent, latest = _sent_before_publication(step), rule.due_on(form.on, step.calendar, edition=edition)
    if sent is None:
        words = (
            "say when the report went to the Secretary of State and the national Panel: by regulation 16 of "
            f"S.I. 2018/789 no later than {say(latest)}"
        )
        return Check(False, words)
    return Check(sent <= latest, f"the report went on {say(sent)}; by regulation 16 it had to go by {say(latest)}")


def move_on(step: Attempt[MovedOn]) -> Outcome:
    """Go there, with what has happened; the time for the copy before publication is counted back from that day."""
    form, review, child = step.form, step.review, step.review.track is Track.CHILDREN
    to, mark = BECOMES[form.becomes]
    if to is State.PRE_PUBLICATION and not child:
        to = State.PUBLICATION
    if to is not State.PUBLISHED:
        return Outcome(to=to, marks=() if mark is None else (Mark(name=mark, on=form.on),))
    full = plans_the_full_report(review)
    sent = [] if form.report_sent_on is None else ["report_provided", "advance_copy_sent"]
    sent += ["improvements_information_sent"] if sent and not full else []
    marks = (*(Mark(name=name, on=form.report_sent_on or form.on) for name in sent), Mark(name="published", on=form.on))
    made = Outcome(to=to if full or not child else State.PUBLISHED_IMPROVEMENTS_ONLY, marks=marks)
    counted = counted_from_publication(review, form.on, step.rulebook) if child else ()
    return replace(made, clocks=(*counted, *clocks(review, made, step.today, step.rulebook)))


MOVE_CARRIED_IN = Step(
    name="move_carried_in",
    title="Carried-in review moved on",
    button="Say where this carried-in review stands",
    tracks=BOTH,
    sources=frozenset(
        {
            *STANDS_AT.values(),
            State.PUBLICATION,
            *(to for to, _ in BECOMES.values() if to in STAGE_OF),
        }
    ),
    leads_to=frozenset({*(to for to, _ in BECOMES.values()), State.PUBLICATION, State.PUBLISHED_IMPROVEMENTS_ONLY}),
    by=frozenset({"delegated_partner", "lead_partner"}),
    form=MovedOn,
    needs=(
        it_goes_on_and_not_back,
        it_did_not_stand_there_before_it_began,
        closing_says_why,
        what_became_of_the_report_is_said,
        that_nothing_is_published_is_decided_together,
        the_report_went_before_publication,
        day_is_not_in_the_future("report_sent_on"),
        day_is_not_in_the_future("on"),
    ),
    does=move_on,
    kind="carried_in_moved",
    marks=frozenset({*(mark for _, mark in BECOMES.values() if mark is not None), *SENT}),
    days={
        "on": tuple(mark for _, mark in BECOMES.values() if mark is not None),
        "report_sent_on": SENT,
    },
    tells=("business_manager", "delegated_partner", "lead_partner"),
    decision=True,
    carried_in_only=True,
)

STEPS = (MOVE_CARRIED_IN,)

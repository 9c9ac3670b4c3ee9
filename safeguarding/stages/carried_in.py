"""
Reviews that began before this record, also under older law: carried in with what is known of them and what they owe.

One form, at the stage where the review stands; from there it moves on by the partners' word (`carried_in_moved`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from safeguarding.duties.older_law import DAYS
from safeguarding.duties.started_and_settled import clocks, start
from safeguarding.review.conditions import day_is_not_in_the_future
from safeguarding.review.events import ActionAdded, DutyStarted, Entry, Mark
from safeguarding.review.forms import Form, From, Ref, Sealed, SpokenOf
from safeguarding.review.states import State, Track
from safeguarding.review.step import BOTH, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.referral import a_pseudonym_is_chosen_only_where_the_partnership_chooses

EARLIEST = date(2015, 1, 1)
"""The first day on which a review may have begun that is carried in: before it there is no list of bank holidays."""

OF_ADULTS = "Care Act 2014 and its statutory guidance"
OF_CHILDREN = ("Working Together 2015 (serious case review)", "Working Together 2018")

STANDS_AT = {
    "commissioning": State.COMMISSIONING,
    "the review is under way": State.IN_REVIEW,
    "the report is drafted": State.DRAFTING,
    "publication": State.PRE_PUBLICATION,
    "action follow-up": State.ACTION_FOLLOW_UP,
}
"""Where a review may stand when it is carried in. For adults publication has a state of its own."""


class OpenDuty(Form):
    """One thing that an agency still owes: it is followed up as an action of the review."""

    agency: Annotated[str, From("agencies")] = Field(title="Agency")
    owner: Annotated[str, From("people")] = Field(title="Who owes it")
    due_on: date = Field(title="Due on", description="The day that was agreed, also if it has passed.")
    what: Sealed = Field(title="What is owed")


class CarriedIn(Form):
    """A review that began before this record is carried in, where it stands. What is not known stays empty."""

    track: Literal["children", "adults"] = Field(title="Track")
    began_on: date = Field(title="Began on", description="The day from which it ran, from 2015 on.")
    guidance: Literal[
        "Working Together 2015 (serious case review)",
        "Working Together 2018",
        "Care Act 2014 and its statutory guidance",
        "another, said in the summary",
    ] = Field(title="Under which guidance it began")
    stands_at: Literal[tuple(STANDS_AT)] = Field(title="Where it stands")  # type: ignore[valid-type]
    earlier_reference: Ref = Field(default="", title="Its reference before")
    decided_on: date | None = Field(default=None, title="A review was decided on", description="Empty: not known.")
    accepted_on: date | None = Field(default=None, title="The report was accepted on")
    published_on: date | None = Field(default=None, title="Published on")
    plan_agreed_on: date | None = Field(default=None, title="The action plan was agreed on")
    report_due_on: date | None = Field(
        default=None, title="The report is owed by", description="If it is still owed: it is chased from now on."
    )
    publication_due_on: date | None = Field(default=None, title="Publication is owed by")
    open_duties: tuple[OpenDuty, ...] = Field(default=(), title="What agencies still owe", max_length=100)
    summary: Sealed = Field(title="What is known, and what is not", description="Sealed: names belong here.")
    pseudonym: SpokenOf = Field(
        default="",
        title="How the person is spoken of",
        description="Only where your partnership chooses pseudonyms itself. Never a real name.",
    )


def it_began_from_2015_on(step: Attempt[CarriedIn]) -> Check:
    """Before 2015 there is no list of bank holidays by which anything could be counted."""
    return Check(step.form.began_on >= EARLIEST, f"a review that began before {EARLIEST} is not carried in")


def the_guidance_is_of_its_track(step: Attempt[CarriedIn]) -> Check:
    """A serious case review is a child's, a review under the Care Act an adult's."""
    other = OF_CHILDREN if step.form.track == "adults" else (OF_ADULTS,)
    return Check(step.form.guidance not in other, f"'{step.form.guidance}' is not of the track '{step.form.track}'")


def its_days_are_in_order(step: Attempt[CarriedIn]) -> Check:
    """None of its days lies before the day on which it began, or ahead."""
    days = {name: getattr(step.form, name) for name in DAYS}
    wrong = [
        f"{DAYS[name]} ({day}) {'is in the future' if day > step.today else 'lies before it began'}"
        for name, day in days.items()
        if day is not None and not step.form.began_on <= day <= step.today
    ]
    return Check(not wrong, "; ".join(wrong))


def what_is_done_is_not_owed(step: Attempt[CarriedIn]) -> Check:
    """A report that was accepted is not owed, nor a publication that there was."""
    form = step.form
    wrong = []
    if form.accepted_on is not None and form.report_due_on is not None:
        wrong.append("the report was accepted, and is said to be owed")
    if form.published_on is not None and form.publication_due_on is not None:
        wrong.append("it was published, and publication is said to be owed")
    return Check(not wrong, "; ".join(wrong))


MARKS = {
    "decided_on": "decided_to_initiate",
    "accepted_on": "report_accepted",
    "published_on": "published",
    "plan_agreed_on": "action_plan_agreed",
}
OWED = {"report_due_on": "carried_report_agreed", "publication_due_on": "carried_publication_agreed"}


def carry_in(step: Attempt[CarriedIn]) -> Outcome:
    """
    Open the review where it stands. What was done before starts no clock; what is owed runs to the day that is given.
    """
    form, today = step.form, step.today
    before = [Mark(name=mark, on=day) for name, mark in MARKS.items() if (day := getattr(form, name)) is not None]
    owed = [
        Mark(name=mark, on=today, due=day) for name, mark in OWED.items() if (day := getattr(form, name)) is not None
    ]
    entries: list[Entry] = []
    for number, duty in enumerate(form.open_duties, start=1):
        action = f"A{number:02d}"
        added = {"agency": duty.agency, "owner": duty.owner, "due_on": duty.due_on, "on": today}
        entries.append(ActionAdded(action=action, **added))
        owed.append(Mark(name="action_agreed", on=today, subject=action, due=duty.due_on))
    running = clocks(step.review, Outcome(marks=tuple(owed)), today, step.rulebook)
    running = (*running, *_monitored_from_now_on(step))
    marks = (*before, *owed, Mark(name="carried_in", on=today))
    return Outcome(to=_state(form.stands_at, form.track), marks=marks, entries=tuple(entries), clocks=running)


def _monitored_from_now_on(step: Attempt[CarriedIn]) -> Iterator[DutyStarted]:
    """
    A child's review that is under way is monitored at regular intervals from now on, where its law asks for that.

    S.I. 2018/789 reg.14(1): during the course of the review. When it was monitored before is not known.
    """
    if step.form.track != "children" or STANDS_AT[step.form.stands_at] not in (State.IN_REVIEW, State.DRAFTING):
        return
    begun = step.review.model_copy(update={"facts": {"carried_in": step.form.model_dump(mode="json")}})
    now = Mark(name="carried_in", on=step.today)
    for rule in step.rulebook.started_by("review_started", Track.CHILDREN):
        monitored = rule.settled_by == "quality_monitored"
        row = start(rule, now, begun, (), set(), step.rulebook) if monitored else None
        if row is not None:
            yield row


def _state(stands_at: str, track: str) -> State:
    state = STANDS_AT[stands_at]
    return State.PUBLICATION if state is State.PRE_PUBLICATION and track == "adults" else state


CARRY_IN = Step(
    name="carry_in",
    title="Carried in",
    button="Carry in a review that began before",
    tracks=BOTH,
    sources=frozenset(),
    leads_to=frozenset({*STANDS_AT.values(), State.PUBLICATION}),
    by=MANAGERS,
    form=CarriedIn,
    needs=(
        it_began_from_2015_on,
        the_guidance_is_of_its_track,
        its_days_are_in_order,
        what_is_done_is_not_owed,
        a_pseudonym_is_chosen_only_where_the_partnership_chooses,
        day_is_not_in_the_future("began_on"),
    ),
    does=carry_in,
    kind="carried_in",
    marks=frozenset({*MARKS.values(), *OWED.values(), "action_agreed", "carried_in"}),
    days={question: (mark,) for question, mark in MARKS.items()},
    tells=("business_manager", "business_unit", "delegated_partner"),
    on_card=False,
)

STEPS = (CARRY_IN,)

"""
Reviews that began before this record, also under older law: carried in with what is known of them and what they owe.

One form, at the stage where the review stands; from there it moves on by the partners' word (`carried_in_moved`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from safeguarding.duties.older_law import DAYS
from safeguarding.duties.started_and_settled import clocks, start
from safeguarding.review.conditions import day_is_not_in_the_future
from safeguarding.review.events import AgencyAnswered, AgencyAsked, DutyChange, DutyEnded, DutyStarted, Entry, Mark
from safeguarding.review.forms import Form, From, Ref, Sealed, SpokenOf
from safeguarding.review.learning_entries import ActionAdded, ActionMoved
from safeguarding.review.learnt import DONE_BEFORE
from safeguarding.review.review import Review
from safeguarding.review.states import State, Track
from safeguarding.review.step import BOTH, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.beside.agencies import ASKED
from safeguarding.stages.referral import a_pseudonym_is_chosen_only_where_the_partnership_chooses

EARLIEST = date(2015, 1, 1)
"""The first day on which a review may have begun that is carried in: before it there is no list of bank holidays."""

OF_ADULTS = "Care Act 2014 and its statutory guidance"
OF_2023 = "Working Together 2023"
OF_CHILDREN = ("Working Together 2015 (serious case review)", "Working Together 2018", OF_2023)

STANDS_AT = {
    "commissioning": State.COMMISSIONING,
    "the review is under way": State.IN_REVIEW,
    "the report is drafted": State.DRAFTING,
    "publication": State.PRE_PUBLICATION,
    "action follow-up": State.ACTION_FOLLOW_UP,
}
"""Where a review may stand whose partners say where it goes on. For adults publication has a state of its own."""

RAPID_REVIEW, CLOSED = "rapid review", "closed"
CARRIED_IN_AT = {RAPID_REVIEW: State.RAPID_REVIEW, **STANDS_AT, CLOSED: State.CLOSED}
"""Where a review may stand when it is carried in: before its decision, after it, or at its end."""


DAYS_BEFORE = {**DAYS, "notified_on": "the day of the notification", "closed_on": "the day on which it was closed"}
"""The days of a review that lie before it is carried in."""


class OpenDuty(Form):
    """One thing that an agency owes or owed: it is followed up as an action of the review, unless it is done."""

    agency: Annotated[str, From("agencies")] = Field(title="Agency")
    owner: Annotated[str, From("people")] = Field(title="Who owes it")
    due_on: date = Field(title="Due on", description="The day that was agreed, also if it has passed.")
    what: Sealed = Field(title="What is owed")
    done_on: date | None = Field(default=None, title="Done on", description="Empty: it is still owed.")


class AskedBefore(Form):
    """One request that was made to an agency before the review was carried in, and its answer if there was one."""

    agency: Annotated[str, From("agencies")] = Field(title="Agency")
    purpose: Literal["information", "report", "accuracy"] = Field(
        title="For", description="Information or chronology, a report, or a check of a draft."
    )
    asked_on: date = Field(title="Asked on")
    answered_on: date | None = Field(default=None, title="Answered on", description="Empty: it is still owed.")
    outcome: Literal["returned", "nil return", "refused"] | None = Field(default=None, title="How it was answered")


class CarriedIn(Form):
    """A review that began before this record is carried in, where it stands. What is not known stays empty."""

    track: Literal["children", "adults"] = Field(title="Track")
    began_on: date = Field(title="Began on", description="The day from which it ran, from 2015 on.")
    guidance: Literal[
        "Working Together 2015 (serious case review)",
        "Working Together 2018",
        "Working Together 2023",
        "Care Act 2014 and its statutory guidance",
        "another, said in the summary",
    ] = Field(title="Under which guidance it began")
    stands_at: Literal[tuple(CARRIED_IN_AT)] = Field(title="Where it stands")  # type: ignore[valid-type]
    earlier_reference: Ref = Field(default="", title="Its reference before")
    notified_on: date | None = Field(
        default=None,
        title="The notification was sent on",
        description="Of a child whose rapid review is under way: its days are counted from then.",
    )
    decided_on: date | None = Field(default=None, title="A review was decided on", description="Empty: not known.")
    accepted_on: date | None = Field(default=None, title="The report was accepted on")
    published_on: date | None = Field(default=None, title="Published on")
    plan_agreed_on: date | None = Field(default=None, title="The action plan was agreed on")
    closed_on: date | None = Field(default=None, title="Closed on", description="Of a review that is over.")
    report_due_on: date | None = Field(
        default=None, title="The report is owed by", description="If it is still owed: it is chased from now on."
    )
    publication_due_on: date | None = Field(default=None, title="Publication is owed by")
    open_duties: tuple[OpenDuty, ...] = Field(default=(), title="What agencies still owe", max_length=100)
    asked: tuple[AskedBefore, ...] = Field(default=(), title="What agencies were asked for", max_length=100)
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


def the_guidance_was_in_force(step: Attempt[CarriedIn]) -> Check:
    """Nothing began under Working Together 2023 before its day, which is that of its editions in the rulebook."""
    editions = (edition for rule in step.rulebook.rules for edition in rule.editions if edition.name == "WT2023")
    first = min((edition.from_day for edition in editions), default=EARLIEST)
    too_early = step.form.guidance == OF_2023 and step.form.began_on < first
    return Check(not too_early, f"'{OF_2023}' is in force from {first}: the review began before it")


def its_days_are_in_order(step: Attempt[CarriedIn]) -> Check:
    """None of its days lies before the day on which it began, or ahead."""
    days = {name: getattr(step.form, name) for name in DAYS_BEFORE}
    wrong = [
        f"{DAYS_BEFORE[name]} ({day}) {'is in the future' if day > step.today else 'lies before it began'}"
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


def it_stands_where_its_track_can(step: Attempt[CarriedIn]) -> Check:
    """A rapid review is a child's, and its days are counted from the notification; what is closed has its day."""
    form = step.form
    wrong = []
    if form.stands_at == RAPID_REVIEW and form.track != "children":
        wrong.append("a rapid review is a child's: an adult who is screened is opened as a referral")
    elif form.stands_at == RAPID_REVIEW and form.notified_on is None:
        wrong.append("say when the notification was sent: the days of the rapid review are counted from then")
    if (form.stands_at == CLOSED) is not (form.closed_on is not None):
        wrong.append("a review that is closed has the day on which it was closed, and no other has one")
    return Check(not wrong, "; ".join(wrong))


def what_was_done_has_its_days(step: Attempt[CarriedIn]) -> Check:
    """An action is not done, nor a request answered, ahead or before it was made; what is closed is owed by nobody."""
    form, wrong = step.form, []
    for number, duty in enumerate(form.open_duties, start=1):
        if duty.done_on is not None and not form.began_on <= duty.done_on <= step.today:
            wrong.append(f"what is owed, number {number}: it was done before the review began, or in the future")
        if form.stands_at == CLOSED and duty.done_on is None:
            wrong.append(f"what is owed, number {number}: the review is closed, so say when it was done")
    for number, one in enumerate(form.asked, start=1):
        if not form.began_on <= one.asked_on <= (one.answered_on or step.today) <= step.today:
            wrong.append(f"what was asked, number {number}: its days lie before the review began, ahead or in no order")
        if (one.answered_on is None) is not (one.outcome is None):
            wrong.append(f"what was asked, number {number}: an answer has its day, and how it was answered")
        if form.stands_at == CLOSED and one.answered_on is None:
            wrong.append(f"what was asked, number {number}: the review is closed, so say how it was answered")
    waiting = [(one.agency, one.purpose) for one in form.asked if one.answered_on is None]
    if len(set(waiting)) < len(waiting):
        wrong.append("an agency that has not answered was not asked for the same again: leave the second out")
    return Check(not wrong, "; ".join(wrong))


MARKS = {
    "decided_on": "decided_to_initiate",
    "accepted_on": "report_accepted",
    "published_on": "published",
    "plan_agreed_on": "action_plan_agreed",
    "closed_on": "closed",
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
    done: list[Entry] = []  # After all that was agreed: the words of an action are found by its place.
    for number, duty in enumerate(form.open_duties, start=1):
        action = f"A{number:02d}"
        added = {"agency": duty.agency, "owner": duty.owner, "due_on": duty.due_on, "on": today}
        entries.append(ActionAdded(action=action, **added))
        if duty.done_on is None:
            owed.append(Mark(name="action_agreed", on=today, subject=action, due=duty.due_on))
        else:
            done.append(ActionMoved(action=action, status=DONE_BEFORE, on=duty.done_on))
    entries += [*done, *_asked_and_answered(form)]
    running = clocks(step.review, Outcome(marks=tuple(owed)), today, step.rulebook)
    of_then, began = _counted_from_their_day(step)
    marks = (*before, *began, *owed, Mark(name="carried_in", on=today))
    running = (*of_then, *running, *_monitored_from_now_on(step))
    return Outcome(to=_state(form.stands_at, form.track), marks=marks, entries=tuple(entries), clocks=running)


def _asked_and_answered(form: CarriedIn) -> Iterator[Entry]:
    """Each request, and its answer, in the order of their days: an agency may have been asked again."""
    for one in sorted(form.asked, key=lambda asked: asked.asked_on):
        yield AgencyAsked(agency=one.agency, purpose=one.purpose, on=one.asked_on)
        if one.answered_on is not None and one.outcome is not None:
            answer = {"purpose": one.purpose, "outcome": one.outcome, "on": one.answered_on}
            yield AgencyAnswered(agency=one.agency, **answer)


def _counted_from_their_day(step: Attempt[CarriedIn]) -> tuple[tuple[DutyChange, ...], tuple[Mark, ...]]:
    """What still runs and began before: the days of a rapid review that is under way, and requests not answered."""
    form = step.form
    marks = [
        Mark(name=ASKED[one.purpose], on=one.asked_on, subject=one.agency)
        for one in form.asked
        if one.answered_on is None
    ]
    if form.stands_at == RAPID_REVIEW and form.notified_on is not None:
        marks.insert(0, Mark(name="notification_sent", on=form.notified_on))
    began = _as_begun(step)
    changes = clocks(began, Outcome(marks=tuple(marks)), step.today, step.rulebook)
    return tuple(_agencies_were_asked(changes, step)), tuple(marks)


def _agencies_were_asked(changes: Iterable[DutyChange], step: Attempt[CarriedIn]) -> Iterator[DutyChange]:
    """
    The same, with the duty to ask the agencies met on the day of the first request, also if all have answered.

    An answered request has no mark: it would begin what the agency owes anew. If the first lies before the day from
    which that duty is counted, it was done already, and does not begin.
    """
    sent = ASKED["information"]
    first = min((one.asked_on for one in step.form.asked if ASKED[one.purpose] == sent), default=None)
    for row in changes:
        rule = step.rulebook.rule(row.rule)
        if first is None or rule.settled_by != sent or rule.per_subject:
            yield row
        elif isinstance(row, DutyStarted) and first >= row.anchored_on:
            yield row
            yield DutyEnded(
                change="settled",
                rule=row.rule,
                subject=row.subject,
                occurrence=row.occurrence,
                on=first,
                why=f"{sent.replace('_', ' ')} on {first}",
            )


def _as_begun(step: Attempt[CarriedIn]) -> Review:
    """The review as what is counted of it sees it: begun on its own day, and so under the law of that day."""
    return step.review.model_copy(update={"facts": {"carried_in": step.form.model_dump(mode="json")}})


def _monitored_from_now_on(step: Attempt[CarriedIn]) -> Iterator[DutyStarted]:
    """
    A child's review that is under way is monitored at regular intervals from now on, where its law asks for that.

    S.I. 2018/789 reg.14(1): during the course of the review. When it was monitored before is not known.
    """
    if step.form.track != "children" or CARRIED_IN_AT[step.form.stands_at] not in (State.IN_REVIEW, State.DRAFTING):
        return
    begun = _as_begun(step)
    now = Mark(name="carried_in", on=step.today)
    for rule in step.rulebook.started_by("review_started", Track.CHILDREN):
        monitored = rule.settled_by == "quality_monitored"
        row = start(rule, now, begun, (), set(), step.rulebook) if monitored else None
        if row is not None:
            yield row


def _state(stands_at: str, track: str) -> State:
    state = CARRIED_IN_AT[stands_at]
    return State.PUBLICATION if state is State.PRE_PUBLICATION and track == "adults" else state


CARRY_IN = Step(
    name="carry_in",
    title="Carried in",
    button="Carry in a review that began before",
    tracks=BOTH,
    sources=frozenset(),
    leads_to=frozenset({*CARRIED_IN_AT.values(), State.PUBLICATION}),
    by=MANAGERS,
    form=CarriedIn,
    needs=(
        it_began_from_2015_on,
        the_guidance_is_of_its_track,
        the_guidance_was_in_force,
        its_days_are_in_order,
        what_is_done_is_not_owed,
        it_stands_where_its_track_can,
        what_was_done_has_its_days,
        a_pseudonym_is_chosen_only_where_the_partnership_chooses,
        day_is_not_in_the_future("began_on"),
    ),
    does=carry_in,
    kind="carried_in",
    marks=frozenset(
        {*MARKS.values(), *OWED.values(), *ASKED.values(), "notification_sent", "action_agreed", "carried_in"}
    ),
    days={**{question: (mark,) for question, mark in MARKS.items()}, "notified_on": ("notification_sent",)},
    tells=("business_manager", "business_unit", "delegated_partner"),
    on_card=False,
)

STEPS = (CARRY_IN,)

"""
Steps that are not the end of a stage: a return comes in, a meeting is held, a date was wrong.

Each is a short form of its own, open whenever the review is, and none moves the review on, save reopening.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from safeguarding.conditions import day_is_not_in_the_future, day_is_not_in_the_past
from safeguarding.corrections import corrected, corrected_marks, taken_up
from safeguarding.events import AgencyAnswered, AgencyAsked, DeferralMade, Mark, MeetingHeld
from safeguarding.forms import Form, From, Ref, Sealed, SealedOptional
from safeguarding.review import CLOSED_STATES, STAGE_OF, State, Track
from safeguarding.step import BOTH, DECIDERS, MANAGERS, OPEN_STATES, Check, Outcome, Step, Transition

WORKING_STATES = OPEN_STATES - {State.REFERRED, State.NOTIFICATION_DECISION, State.NOTIFICATION_SENT}
"""The open states in which agencies can have been asked for something."""

Purpose = Literal["information", "report", "accuracy"]

ASKED: dict[str, str] = {
    "information": "agency_request_sent",
    "report": "report_requested",
    "accuracy": "accuracy_requested",
}
ANSWERED: dict[str, str] = {
    "information": "agency_returned",
    "report": "report_returned",
    "accuracy": "accuracy_returned",
}

# --------------------------------------------------------------------------- agencies


class Ask(Form):
    """A written request to one or more agencies."""

    purpose: Purpose = Field(title="For", description="Information or chronology, a report, or a check of a draft.")
    agencies: tuple[Annotated[str, From("agencies")], ...] = Field(title="Agencies", min_length=1)
    asked_on: date = Field(title="Asked in writing on")


def nobody_is_asked_twice(step: Step[Ask]) -> Check:
    """An agency that has not yet answered is not asked for the same thing again; chase it instead."""
    waiting = set(step.review.waiting_on(step.form.purpose)) & set(step.form.agencies)
    return Check(not waiting, f"already asked and not yet answered: {', '.join(sorted(waiting))}")


def ask(step: Step[Ask]) -> Outcome:
    """One request, with its own date, to each agency."""
    form = step.form
    marks = tuple(Mark(name=ASKED[form.purpose], on=form.asked_on, subject=agency) for agency in form.agencies)
    entries = tuple(AgencyAsked(agency=agency, purpose=form.purpose, on=form.asked_on) for agency in form.agencies)
    return Outcome(marks=marks, entries=entries)


ASK_AGENCIES = Transition(
    name="ask_agencies",
    title="Agencies asked",
    button="Ask agencies",
    tracks=BOTH,
    sources=WORKING_STATES,
    by=MANAGERS,
    form=Ask,
    needs=(nobody_is_asked_twice, day_is_not_in_the_future("asked_on")),
    does=ask,
    kind="agencies_asked",
    marks=frozenset(ASKED.values()),
    tells=("agency_lead",),
    on_card=False,
)


class Answered(Form):
    """What an agency sent. A nil return («nothing known») is an answer; a refusal goes to the lead partners."""

    agency: Annotated[str, From("agencies")] = Field(title="Agency")
    purpose: Purpose = Field(title="For")
    outcome: Literal["returned", "nil return", "refused"] = Field(title="What came")
    on: date = Field(title="On")
    note: SealedOptional = Field(default="", title="Note", description="The return itself is kept elsewhere.")


def the_agency_was_asked(step: Step[Answered]) -> Check:
    """There is an open request to this agency for this."""
    form = step.form
    met = form.agency in step.review.waiting_on(form.purpose)
    waiting = ", ".join(step.review.waiting_on(form.purpose)) or "nobody"
    return Check(met, f"{form.agency} is not being waited for ({form.purpose}); waiting for: {waiting}")


def answer(step: Step[Answered]) -> Outcome:
    """Settle the agency's clock; a refusal ends it without being met, and is told to the lead partners."""
    form = step.form
    name = "agency_refused" if form.outcome == "refused" else ANSWERED[form.purpose]
    entry = AgencyAnswered(agency=form.agency, purpose=form.purpose, outcome=form.outcome, on=form.on)
    tells = ("business_manager", "lead_partner") if form.outcome == "refused" else ()
    return Outcome(marks=(Mark(name=name, on=form.on, subject=form.agency),), entries=(entry,), tells=tells)


RECORD_RETURN = Transition(
    name="record_return",
    title="Agency's return recorded",
    button="Record a return",
    tracks=BOTH,
    sources=WORKING_STATES,
    by=MANAGERS | {"agency_lead"},
    form=Answered,
    needs=(the_agency_was_asked, day_is_not_in_the_future("on")),
    does=answer,
    kind="return_recorded",
    marks=frozenset(ANSWERED.values()) | {"agency_refused"},
    on_card=False,
)

# --------------------------------------------------------------------------- meetings and things done


class Meeting(Form):
    """A meeting of the review was held."""

    meeting: Literal[
        "rapid review meeting",
        "review panel meeting",
        "practitioner event",
        "family meeting",
        "decision meeting",
    ] = Field(title="Meeting")
    on: date = Field(title="Held on")
    note: SealedOptional = Field(default="", title="Note")


MEETING_MARKS = {"rapid review meeting": "rapid_review_meeting_held", "review panel meeting": "panel_meeting_held"}


def hold(step: Step[Meeting]) -> Outcome:
    """Keep the meeting; it settles the step of the plan that it is."""
    form = step.form
    name = MEETING_MARKS.get(form.meeting, "meeting_held")
    return Outcome(marks=(Mark(name=name, on=form.on),), entries=(MeetingHeld(meeting=form.meeting, on=form.on),))


RECORD_MEETING = Transition(
    name="record_meeting",
    title="Meeting recorded",
    button="Record a meeting",
    tracks=BOTH,
    sources=OPEN_STATES,
    by=MANAGERS | {"review_panel_chair", "sar_group_chair"},
    form=Meeting,
    needs=(day_is_not_in_the_future("on"),),
    does=hold,
    kind="meeting_recorded",
    marks=frozenset({*MEETING_MARKS.values(), "meeting_held"}),
    on_card=False,
)

DONE: dict[str, str] = {
    "referral acknowledged": "referral_acknowledged",
    "partners notified": "partners_notified",
    "Secretary of State and Ofsted notified": "secretary_of_state_notified",
    "immediate safety action taken": "immediate_action_recorded",
    "progress of agencies checked": "progress_checked",
    "rapid review drafted and sent to partners": "rapid_review_drafted",
    "partners signed off the rapid review": "partners_signed_off",
    "rapid review and decision sent to the Panel": "rapid_review_sent",
    "the Panel replied": "panel_replied",
    "Panel, Ofsted and DfE told of the decision": "decision_told",
    "reviewer's name sent to the Panel": "reviewer_named",
    "recommendation made to the deciders": "recommendation_made",
    "referrer told of the outcome": "referrer_told",
    "time and quality monitored (reg. 14)": "quality_monitored",
    "written request made to the reviewer": "reviewer_request_made",
    "chronologies combined": "chronology_combined",
    "first draft received": "first_draft_received",
    "advance copy sent": "advance_copy_sent",
    "justification for not publishing sent": "justification_sent",
    "sent to the national repository or library": "repository_sent",
    "action plan agreed": "action_plan_agreed",
    "improvements audited": "improvements_audited",
    "deferral looked at again": "deferral_reviewed",
}
"""What the unit may record as done, and the mark it makes. Which clock that settles is the rulebook's business."""


class ThingDone(Form):
    """Something owed was done: it settles the clock that waits for it."""

    what: Literal[tuple(DONE)] = Field(title="What was done")  # type: ignore[valid-type]
    on: date = Field(title="On", description="The day it was sent or done, not the day it was recorded.")
    receipt: Ref = Field(default="", title="Reference of the letter or receipt")
    note: SealedOptional = Field(default="", title="Note")


def it_waits_for_its_time(step: Step[ThingDone]) -> Check:
    """What goes to the Panel with the decision exists first; an advance copy needs an accepted report."""
    earlier = {
        "rapid_review_sent": "rapid_review_completed",
        "advance_copy_sent": "report_accepted",
        "action_plan_agreed": "report_accepted",
    }
    needed = earlier.get(DONE[step.form.what])
    if needed is None:
        return Check(True, "")
    day = step.review.happened(needed)
    met = day is not None and day <= step.form.on
    return Check(met, f"'{step.form.what}' comes after {needed.replace('_', ' ')}{f' on {day}' if day else ''}")


def do_thing(step: Step[ThingDone]) -> Outcome:
    """Make the mark; of several that wait for the same thing, the one due soonest."""
    name = DONE[step.form.what]
    rules = {rule.id for rule in step.rulebook.settled_by(name, step.review.track) if rule.per_subject}
    owed = [duty.subject for duty in step.review.running() if duty.rule in rules]
    return Outcome(marks=(Mark(name=name, on=step.form.on, subject=next(iter(owed), "")),))


RECORD_DONE = Transition(
    name="record_done",
    title="Recorded as done",
    button="Record something done",
    tracks=BOTH,
    sources=OPEN_STATES,
    by=MANAGERS | {"local_authority_dcs", "delegated_partner", "review_panel_chair"},
    form=ThingDone,
    needs=(it_waits_for_its_time, day_is_not_in_the_future("on")),
    does=do_thing,
    kind="thing_done",
    marks=frozenset(DONE.values()),
    on_card=False,
)

# --------------------------------------------------------------------------- a date was wrong


class Correction(Form):
    """A date in the record is wrong. Both stay; whatever was counted from it is counted again."""

    what: Annotated[str, From("marks")] = Field(title="Which date", description="For example became_aware.")
    agency_or_action: Ref = Field(default="", title="Of which agency or action", description="If it is one's own.")
    correct_on: date = Field(title="The right date")
    reason: Sealed = Field(title="Why it was wrong, and how we know")


def there_is_such_a_date(step: Step[Correction]) -> Check:
    """The record holds a date of that name, and another one than the right one."""
    was = step.review.happened(step.form.what, step.form.agency_or_action or None)
    if was is None:
        return Check(False, f"the record holds no date for {step.form.what} {step.form.agency_or_action}".rstrip())
    return Check(was != step.form.correct_on, f"the record already says {was}")


def correct(step: Step[Correction]) -> Outcome:
    """Supersede every row that the wrong date anchored or settled."""
    form = step.form
    was = step.review.happened(form.what, form.agency_or_action or None)
    if was is None:
        raise ValueError("a correction is checked before it is made")
    rows = corrected(step.review, form.what, form.agency_or_action, was, form.correct_on, step.rulebook)
    marks = corrected_marks(step.review, form.what, form.agency_or_action, was, form.correct_on)
    return Outcome(marks=marks, clocks=rows, facts={"was": was.isoformat()})


CORRECT_DATE = Transition(
    name="correct_date",
    title="Date corrected",
    button="Correct a date",
    tracks=BOTH,
    sources=OPEN_STATES | CLOSED_STATES,
    by=MANAGERS,
    form=Correction,
    needs=(there_is_such_a_date, day_is_not_in_the_future("correct_on")),
    does=correct,
    kind="date_corrected",
    marks=frozenset({"*"}),
    tells=("business_manager", "delegated_partner"),
    on_card=False,
)

# --------------------------------------------------------------------------- a statutory date cannot be met


class DeferralRecord(Form):
    """A statutory date will not be, or was not, met. The date stands; the reasons and the new day stand beside it."""

    rule: Annotated[str, From("running duties")] = Field(title="Which duty", description="For example C12.")
    ground: Literal["criminal proceedings", "inquest", "agency information late", "reviewer", "other"] = Field(
        title="Ground"
    )
    reasons: Sealed = Field(title="Reasons, as sent")
    sent_to: tuple[Literal["national Panel", "Secretary of State", "Ofsted", "independent chair"], ...] = Field(
        title="Sent to", min_length=1
    )
    sent_on: date = Field(title="Sent on")
    expected_on: date = Field(title="Now expected on")
    review_on: date = Field(title="Look again on")


def it_is_a_duty_of_law_or_guidance(step: Step[DeferralRecord]) -> Check:
    """Only a statutory date needs a deferral; a local one is simply planned again."""
    rule = step.rulebook.rule(step.form.rule)
    return Check(rule.statutory, f"{rule.title} is a local date: plan it again instead")


def record_deferral(step: Step[DeferralRecord]) -> Outcome:
    """Keep the reasons; no clock moves."""
    form = step.form
    entry = DeferralMade(rule=form.rule, expected_on=form.expected_on, sent_to=form.sent_to, on=form.sent_on)
    mark = Mark(name="deferral_recorded", on=form.sent_on, subject=form.rule, due=form.review_on)
    return Outcome(marks=(mark,), entries=(entry,))


RECORD_DEFERRAL = Transition(
    name="record_deferral",
    title="Deferral recorded",
    button="Record a deferral",
    tracks=BOTH,
    sources=OPEN_STATES,
    by=DECIDERS,
    form=DeferralRecord,
    needs=(
        it_is_a_duty_of_law_or_guidance,
        day_is_not_in_the_future("sent_on"),
        day_is_not_in_the_past("review_on"),
    ),
    does=record_deferral,
    kind="deferral_recorded",
    marks=frozenset({"deferral_recorded"}),
    tells=("business_manager", "delegated_partner", "lead_partner"),
    decision=True,
    on_card=False,
)

# --------------------------------------------------------------------------- reopen, take down

ADULT_ONLY = frozenset({State.SCREENING, State.ACCEPTANCE, State.PUBLICATION, State.NOT_PUBLISHED})
SHARED = frozenset(
    {
        State.REFERRED,
        State.DECISION,
        State.COMMISSIONING,
        State.IN_REVIEW,
        State.DRAFTING,
        State.PUBLISHED,
        State.ACTION_FOLLOW_UP,
    }
)


def states_of(track: Track) -> frozenset[State]:
    """The open states of a track."""
    adults = SHARED | ADULT_ONLY
    return adults if track is Track.ADULTS else OPEN_STATES - ADULT_ONLY


class Reopening(Form):
    """A closed review opens again on new information. It is a new decision; the clocks keep their days."""

    decided_on: date = Field(title="Decided on")
    return_to: Literal[tuple(sorted(OPEN_STATES))] = Field(title="Back to")  # type: ignore[valid-type]
    reason: Sealed = Field(title="The new information")


def it_was_there_before(step: Step[Reopening]) -> Check:
    """A review goes back to a stage it has been in, on its own track."""
    state = State(step.form.return_to)
    met = state in states_of(step.review.track) and STAGE_OF[state] in step.review.entries
    been = ", ".join(stage.named(step.review.track) for stage in step.review.entries)
    return Check(met, f"this review was never at '{state.words}'; it has been in: {been}")


def reopen(step: Step[Reopening]) -> Outcome:
    """Back to where it was, with the clocks that closing cut off."""
    marks = (Mark(name="reopened", on=step.form.decided_on),)
    return Outcome(to=State(step.form.return_to), marks=marks, clocks=taken_up(step.review, step.rulebook))


REOPEN = Transition(
    name="reopen",
    title="Review reopened",
    button="Reopen",
    tracks=BOTH,
    sources=CLOSED_STATES,
    leads_to=OPEN_STATES,
    by=frozenset({"delegated_partner", "lead_partner"}),
    form=Reopening,
    needs=(it_was_there_before, day_is_not_in_the_future("decided_on")),
    does=reopen,
    kind="reopened",
    marks=frozenset({"reopened"}),
    tells=("business_manager", "business_unit", "delegated_partner", "lead_partner"),
    decision=True,
    on_card=False,
)


class TakeDown(Form):
    """The published text leaves the public page: after its year, or earlier by a recorded legal decision."""

    on: date = Field(title="Taken down on")
    legal_decision: Ref = Field(default="", title="Reference of the legal decision, if before the year is over")
    reason: Sealed = Field(title="Why")


def the_year_is_over(step: Step[TakeDown]) -> Check:
    """Published text stays public for at least a year; earlier only by a recorded legal decision."""
    until = [duty.due_on for duty in step.review.duties if duty.rule == "C16" and duty.running]
    met = not until or step.form.on >= until[0] or bool(step.form.legal_decision)
    words = f"it must stay public until {until[0] if until else ''}: an earlier take-down needs a legal decision"
    return Check(met, words)


def take_down(step: Step[TakeDown]) -> Outcome:
    """The register keeps the entry."""
    return Outcome(marks=(Mark(name="taken_down", on=step.form.on),))


TAKE_DOWN = Transition(
    name="take_down",
    title="Taken down",
    button="Take down",
    tracks=BOTH,
    sources=CLOSED_STATES | {State.PUBLISHED, State.PUBLISHED_IMPROVEMENTS_ONLY, State.ACTION_FOLLOW_UP},
    by=MANAGERS | {"lead_partner"},
    form=TakeDown,
    needs=(the_year_is_over, day_is_not_in_the_future("on")),
    does=take_down,
    kind="taken_down",
    marks=frozenset({"taken_down"}),
    tells=("business_manager",),
    on_card=False,
)

STEPS = (
    ASK_AGENCIES,
    RECORD_RETURN,
    RECORD_MEETING,
    RECORD_DONE,
    CORRECT_DATE,
    RECORD_DEFERRAL,
    REOPEN,
    TAKE_DOWN,
)

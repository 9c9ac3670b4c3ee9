"""
Rapid review (children) and screening (adults): gather what the agencies know.

A rapid review begins when the notification is sent to the national Panel, is due within fifteen working days
of that, and ends when its report is complete or the notification is withdrawn. Screening begins when the
referral is accepted and ends when every initial chronology is in, or the chair goes on without one.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from safeguarding.review.conditions import agency_names, day_is_not_before, day_is_not_in_the_future
from safeguarding.review.criteria import YES
from safeguarding.review.events import AgencyAnswered, Mark, MeetingHeld
from safeguarding.review.forms import Form, From, Limb, Ref, Sealed, SealedOptional, StillOwed, still_owed
from safeguarding.review.states import State
from safeguarding.review.step import ADULTS, CHILDREN, MANAGERS, Attempt, Check, Condition, Outcome, Step
from safeguarding.stages.beside.agencies import asked_as, requests_to
from safeguarding.stages.clocks_of_notices import CARE_LEAVER_DEATH, has_begun
from safeguarding.stages.found_before import DIED, on_record
from safeguarding.stages.notification import LOCAL_AUTHORITY, the_local_authority_decides

# --------------------------------------------------------------------------- begin


class RapidReviewOpened(Form):
    """Letters go out on working day one: which agencies are asked for a summary."""

    agencies: tuple[Annotated[str, From("agencies")], ...] = Field(title="Agencies asked for a summary", min_length=1)
    asked_on: date = Field(title="Asked on")
    immediate_action: Literal["none needed", "taken", "needed and not yet taken"] = Field(
        title="Immediate action for children's safety",
        description="Never waits for the report. If it is needed and not taken, the partners hear at once.",
    )
    immediate_action_note: SealedOptional = Field(default="", title="What was done or is needed")


def open_rapid_review(step: Attempt[RapidReviewOpened]) -> Outcome:
    """Ask each agency, and keep the safety question apart from the report."""
    form = step.form
    marks = [Mark(name="agency_request_sent", on=form.asked_on, subject=agency) for agency in form.agencies]
    if form.immediate_action == "needed and not yet taken":
        marks.append(Mark(name="safety_concern_known", on=form.asked_on))
    asked = requests_to(form.agencies, "information", form.asked_on)
    return Outcome(to=State.RAPID_REVIEW, marks=tuple(marks), entries=asked)


def the_panel_has_a_notification(step: Attempt[Any]) -> Check:
    """The rapid review is of what the Panel was notified of, and a notification that was withdrawn is none (s.16C)."""
    withdrawn = step.review.happened("notification_withdrawn")
    words = (
        f"the notification was withdrawn on {withdrawn}, and the national Panel has none: withdraw it here as well, "
        f"and reopen the case at '{State.NOTIFICATION_DECISION.words}', where it is decided again whom to notify"
    )
    return Check(step.review.notification_stands, words)


OPEN_RAPID_REVIEW = Step(
    name="open_rapid_review",
    title="Rapid review opened: agencies asked",
    button="Ask the agencies",
    tracks=CHILDREN,
    sources=frozenset({State.NOTIFICATION_SENT}),
    leads_to=frozenset({State.RAPID_REVIEW}),
    by=MANAGERS,
    form=RapidReviewOpened,
    needs=(
        the_panel_has_a_notification,
        day_is_not_in_the_future("asked_on"),
        day_is_not_before("asked_on", "notification_sent"),
    ),
    does=open_rapid_review,
    kind="rapid_review_opened",
    days={"asked_on": ("agency_request_sent", "safety_concern_known")},
    marks=frozenset({"agency_request_sent", "safety_concern_known"}),
    tells=("agency_lead", "delegated_partner"),
)

# --------------------------------------------------------------------------- conclude


class Missing(Form):
    """An agency whose information is missing, and why the review goes on without it."""

    agency: Annotated[str, From("agencies")] = Field(title="Agency")
    reason: Sealed = Field(title="Why the review goes on without it")


class RapidReviewCompleted(Form):
    """The report is complete: the four aims are met, and nothing is missing without a reason."""

    meeting_held_on: date = Field(title="Rapid review meeting held on")
    completed_on: date = Field(title="Report completed on")
    facts_gathered: Limb = Field(
        title="1. Facts gathered, as far as they can readily be established?",
        description="With the agencies' involvement and the key practice episodes.",
    )
    safety_discussed: Limb = Field(title="2. Immediate action for safety considered, learning shared?")
    improvements_considered: Limb = Field(
        title="3. Potential for identifying improvements considered?",
        description="Including how racism and other inequalities touched the child's experience.",
    )
    next_steps_considered: Limb = Field(title="4. Next steps considered, including a local review?")
    without: tuple[Missing, ...] = Field(default=(), title="Agencies still missing")


AIMS = ("facts_gathered", "safety_discussed", "improvements_considered", "next_steps_considered")
"""The four aims of a rapid review [V2]; all are needed before sign-off."""


def every_aim_is_met(step: Attempt[RapidReviewCompleted]) -> Check:
    """The four aims of a rapid review are each answered «yes»."""
    short = [
        str(type(step.form).model_fields[aim].title).rstrip("?")
        for aim in AIMS
        if getattr(step.form, aim).answer != "yes"
    ]
    return Check(not short, f"aims not met: {'; '.join(short)}")


def nothing_is_missing_without_a_reason(purpose: Literal["information", "report", "accuracy"]) -> Condition:
    """Every agency asked has answered (a nil return is an answer), or a reason is given for going on without it."""

    def every_agency_has_answered(step: Attempt[Any]) -> Check:
        excused = {one for missing in step.form.without for one in _meant(step, missing.agency, purpose)}
        silent = tuple(a for a in step.review.waiting_on(purpose) if a not in excused)
        return Check(
            not silent,
            f"still waiting for {agency_names(step, silent)}: record the return, or a reason for going on without",
        )

    return every_agency_has_answered


def _meant(step: Attempt[Any], agency: str, purpose: str) -> tuple[str, ...]:
    """The requests that an agency gone on without leaves open, also those to the agencies that it took over."""
    return asked_as(agency, purpose, step.review, step.rulebook)


def excused(
    step: Attempt[Any], purpose: Literal["information", "report", "accuracy"], on: date
) -> tuple[tuple[Mark, ...], tuple[AgencyAnswered, ...]]:
    """The agencies gone on without: their requests end as excused, and their clocks stop without being met."""
    names = list(dict.fromkeys(one for missing in step.form.without for one in _meant(step, missing.agency, purpose)))
    marks = tuple(Mark(name="agency_excused", on=on, subject=agency) for agency in names)
    answers = tuple(AgencyAnswered(agency=agency, purpose=purpose, outcome="excused", on=on) for agency in names)
    return marks, answers


def conclude_rapid_review(step: Attempt[RapidReviewCompleted]) -> Outcome:
    """The report is ready to decide on; it and the decision go to the Panel the same working day."""
    form = step.form
    marks, answers = excused(step, "information", form.completed_on)
    return Outcome(
        to=State.DECISION,
        marks=(
            Mark(name="rapid_review_meeting_held", on=form.meeting_held_on),
            *marks,
            Mark(name="rapid_review_completed", on=form.completed_on),
        ),
        entries=(MeetingHeld(meeting="rapid review meeting", on=form.meeting_held_on), *answers),
    )


CONCLUDE_RAPID_REVIEW = Step(
    name="conclude_rapid_review",
    title="Rapid review completed",
    button="Complete the rapid review",
    tracks=CHILDREN,
    sources=frozenset({State.RAPID_REVIEW}),
    leads_to=frozenset({State.DECISION}),
    by=MANAGERS,
    form=RapidReviewCompleted,
    needs=(
        nothing_is_missing_without_a_reason("information"),
        every_aim_is_met,
        day_is_not_in_the_future("completed_on"),
        day_is_not_in_the_future("meeting_held_on"),
        day_is_not_before("meeting_held_on", "notification_sent"),
        day_is_not_before("completed_on", "notification_sent"),
    ),
    does=conclude_rapid_review,
    kind="rapid_review_completed",
    days={
        "meeting_held_on": ("rapid_review_meeting_held",),
        "completed_on": ("rapid_review_completed", "agency_excused"),
    },
    marks=frozenset({"rapid_review_meeting_held", "rapid_review_completed", "agency_excused"}),
    tells=("delegated_partner", "lead_partner"),
)

# --------------------------------------------------------------------------- withdraw


class Withdrawal(Form):
    """The criteria for notifying turn out not to be met: the rapid review stops, and the Panel is told."""

    why: Literal[
        "no abuse or neglect", "no death or serious harm", "the person is an adult in law", "it is another area's case"
    ] = Field(
        title="What of the criteria is not met",
        description="Of an adult, or another area's case, whom to notify is then decided again: other duties are owed.",
    )
    known_on: date = Field(title="That was known on")
    care_leaver: Literal["yes", "no", "not known"] = Field(
        default="not known", title="If an adult: a care leaver aged 18 to 24?"
    )
    reason: Sealed = Field(title="Why the criteria are not met")
    panel_told_on: date = Field(title="National Panel told on")
    panel_reference: Ref = Field(default="", title="Reference of that letter")
    record_is_wrong: SealedOptional = Field(
        default="",
        title="If the record says that the person has died, and there was no death or serious harm: why it is wrong",
    )
    learning_route: Literal["learning request", "discretionary review considered", "none"] = Field(
        title="Learning route"
    )
    still_owed: tuple[StillOwed, ...] = still_owed()


DECIDED_AGAIN = ("the person is an adult in law", "it is another area's case")
"""Reasons for which a serious case stays one: it is decided again whom to notify before anything closes."""


def a_death_on_record_is_no_reason_to_withdraw(step: Attempt[Withdrawal]) -> Check:
    """That there was no death, against what was referred, assessed, decided or learnt, is an error of the record."""
    form = step.form
    died = form.why == "no death or serious harm" and on_record(step.review).get(DIED) == YES
    words = (
        "the record says that the person has died, and that is a death: if it was recorded in error, say why the "
        "record is wrong"
    )
    return Check(not died or bool(form.record_is_wrong), words)


def the_panel_was_told_once_it_was_known(step: Attempt[Withdrawal]) -> Check:
    """Of an adult in law: the test for an adult review runs from knowing it, which is not after the Panel was told."""
    form = step.form
    late = form.why == "the person is an adult in law" and form.known_on > form.panel_told_on
    words = (
        f"the Panel was told on {form.panel_told_on}, and it was known only on {form.known_on}: one of them is wrong"
    )
    return Check(not late, words)


def withdraw(step: Attempt[Withdrawal]) -> Outcome:
    """
    Stop the rapid review, its clock cancelled and not met. The case closes where there was no serious incident.

    An adult in law is tested for an adult review (Care Act 2014 s.44), and notice of a care leaver's death may be owed;
    another area's case is told there. Those clocks begin, and the decision is taken again: nobody falls between.
    """
    form = step.form
    marks = [Mark(name="notification_withdrawn", on=form.panel_told_on)]
    if form.why not in DECIDED_AGAIN:
        return Outcome(to=State.NOTIFICATION_WITHDRAWN, marks=tuple(marks))
    if form.why == "the person is an adult in law":
        marks.append(Mark(name="adult_in_law_known", on=form.known_on))
        died = on_record(step.review).get(DIED) == YES
        if died and form.care_leaver == "yes" and not has_begun(step.review, CARE_LEAVER_DEATH):
            marks.append(Mark(name=CARE_LEAVER_DEATH, on=form.known_on))
    on = form.panel_told_on
    waiting = step.review.waiting_on("information")
    marks += [Mark(name="agency_excused", on=on, subject=agency) for agency in waiting]
    answers = tuple(AgencyAnswered(agency=a, purpose="information", outcome="excused", on=on) for a in waiting)
    return Outcome(to=State.NOTIFICATION_DECISION, marks=tuple(marks), entries=answers)


WITHDRAW_NOTIFICATION = Step(
    name="withdraw_notification",
    title="Notification withdrawn",
    button="Withdraw the notification",
    tracks=CHILDREN,
    sources=frozenset({State.NOTIFICATION_SENT, State.RAPID_REVIEW, State.DECISION}),
    leads_to=frozenset({State.NOTIFICATION_WITHDRAWN, State.NOTIFICATION_DECISION}),
    by=LOCAL_AUTHORITY,
    by_the_council=True,
    form=Withdrawal,
    needs=(
        the_local_authority_decides,
        a_death_on_record_is_no_reason_to_withdraw,
        the_panel_was_told_once_it_was_known,
        day_is_not_in_the_future("panel_told_on"),
        day_is_not_before("panel_told_on", "notification_sent"),
        day_is_not_in_the_future("known_on"),
        day_is_not_before("known_on", "became_aware"),
    ),
    does=withdraw,
    kind="notification_withdrawn",
    days={
        "known_on": ("adult_in_law_known", CARE_LEAVER_DEATH),
        "panel_told_on": ("notification_withdrawn", "agency_excused"),
    },
    marks=frozenset({"notification_withdrawn", "adult_in_law_known", CARE_LEAVER_DEATH, "agency_excused"}),
    tells=("business_manager", "business_unit", "delegated_partner", "lead_partner"),
    decision=True,
    way_out=True,
)

# --------------------------------------------------------------------------- adults: screening


class ScreeningCompleted(Form):
    """Every initial chronology is in, or the chair goes on without one and says why."""

    completed_on: date = Field(title="Screening completed on")
    summary: Sealed = Field(title="What the chronologies show")
    without: tuple[Missing, ...] = Field(default=(), title="Chronologies still missing")


def complete_screening(step: Attempt[ScreeningCompleted]) -> Outcome:
    """Ready for the decision meeting."""
    on = step.form.completed_on
    marks, answers = excused(step, "information", on)
    complete = Mark(name="chronologies_complete", on=on)
    return Outcome(to=State.DECISION, marks=(*marks, complete), entries=answers)


COMPLETE_SCREENING = Step(
    name="complete_screening",
    title="Screening completed",
    button="Complete screening",
    tracks=ADULTS,
    sources=frozenset({State.SCREENING}),
    leads_to=frozenset({State.DECISION}),
    by=MANAGERS | {"sar_group_chair"},
    form=ScreeningCompleted,
    needs=(
        nothing_is_missing_without_a_reason("information"),
        day_is_not_in_the_future("completed_on"),
        day_is_not_before("completed_on", "screening_started"),
    ),
    does=complete_screening,
    kind="screening_completed",
    days={
        "completed_on": ("chronologies_complete", "agency_excused"),
    },
    marks=frozenset({"chronologies_complete", "agency_excused"}),
    tells=("delegated_partner", "sar_group_chair"),
)

STEPS = (OPEN_RAPID_REVIEW, CONCLUDE_RAPID_REVIEW, WITHDRAW_NOTIFICATION, COMPLETE_SCREENING)

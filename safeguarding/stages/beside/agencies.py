"""
What agencies are asked for and what comes of it: a request, its acknowledgement, a return, a nil return, a refusal.

Each is a short form of its own. An acknowledgement answers nothing: it is kept so that silence and «we are on it» can
be told apart, and the agency is waited for and chased as before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from safeguarding.law.rulebook import Rulebook
from safeguarding.review.choices import agency_then
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import AgencyAcknowledged, AgencyAnswered, AgencyAsked, Mark
from safeguarding.review.forms import Form, From, SealedOptional
from safeguarding.review.review import Review
from safeguarding.review.states import CLOSED_STATES, State
from safeguarding.review.step import BOTH, MANAGERS, OPEN_STATES, Attempt, Check, Outcome, Step
from safeguarding.review.words import own_life

WORKING_STATES = OPEN_STATES - {State.REFERRED, State.NOTIFICATION_DECISION, State.NOTIFICATION_SENT}
"""The open states in which agencies can have been asked for something."""

Purpose = Literal["information", "report", "accuracy"]

DAILY_LIFE = frozenset({"information", "report"})
"""
What an agency is asked for that should tell what it knew of the child's daily life, or of what the adult wanted: the
partnership's own standard. A check of a draft corrects facts.
"""

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


class Ask(Form):
    """
    A request to one or more agencies. One for information or a report asks also what the agency knew of the child's
    daily life, or of what the adult wanted.
    """

    purpose: Purpose = Field(title="For", description="Information or chronology, a report, or a check of a draft.")
    agencies: tuple[Annotated[str, From("agencies")], ...] = Field(title="Agencies", min_length=1)
    asked_on: date = Field(title="Asked on")


def nobody_is_asked_twice(step: Attempt[Ask]) -> Check:
    """An agency that has not yet answered is not asked for the same thing again; chase it instead."""
    waiting = set(step.review.waiting_on(step.form.purpose)) & set(step.form.agencies)
    named = ", ".join(sorted(agency_then(one, step.review, step.rulebook) for one in waiting))
    return Check(not waiting, f"already asked and not yet answered: {named}")


def requests_to(agencies: Iterable[str], purpose: Purpose, on: date) -> tuple[AgencyAsked, ...]:
    """One request to each agency, which asks for the person's own life too where it is for more than a check."""
    life = purpose in DAILY_LIFE
    return tuple(AgencyAsked(agency=agency, purpose=purpose, on=on, daily_life=life) for agency in agencies)


def ask(step: Attempt[Ask]) -> Outcome:
    """One request, with its own date, to each agency."""
    form = step.form
    marks = tuple(Mark(name=ASKED[form.purpose], on=form.asked_on, subject=agency) for agency in form.agencies)
    return Outcome(marks=marks, entries=requests_to(form.agencies, form.purpose, form.asked_on))


ASK_AGENCIES = Step(
    name="ask_agencies",
    title="Agencies asked",
    button="Ask agencies",
    tracks=BOTH,
    sources=WORKING_STATES,
    by=MANAGERS,
    form=Ask,
    needs=(
        nobody_is_asked_twice,
        day_is_not_in_the_future("asked_on"),
        day_is_not_before("asked_on", "referral_received"),
    ),
    does=ask,
    kind="agencies_asked",
    days={"asked_on": tuple(ASKED.values())},
    marks=frozenset(ASKED.values()),
    tells=("agency_lead",),
    on_card=False,
)


class Answered(Form):
    """What an agency sent. A nil return («nothing known») is an answer; a refusal goes to the lead partners."""

    agency: Annotated[str, From("agencies")] = Field(title="Agency")
    purpose: Purpose = Field(title="For")
    outcome: Literal["returned", "nil return", "refused"] = Field(title="What came")
    daily_life: Literal["yes", "no", "nothing known"] | None = Field(
        default=None,
        title="Does it tell of the child's daily life, or of what the adult wanted?",
        description="Of returned information or a report. «Nothing known»: the agency says that it knew nothing of it.",
    )
    on: date = Field(title="On")
    note: SealedOptional = Field(default="", title="Note", description="The return itself is kept elsewhere.")


def asked_as(agency: str, purpose: str, review: Review, rulebook: Rulebook) -> tuple[str, ...]:
    """
    Under which ids an agency is waited for: its own, or those of the agencies whose work it has taken over.

    One that left the file without a word is found by its name, as the review's lines have it.
    """
    waiting = review.waiting_on(purpose)
    if agency in waiting:
        return (agency,)
    mine = agency_then(agency, review, rulebook)
    return tuple(asked for asked in waiting if agency in _now(asked, mine, review, rulebook))


def _now(asked: str, name: str, review: Review, rulebook: Rulebook) -> set[str]:
    partnership = rulebook.partnership
    found = {agency.id for agency in partnership.taken_over_by(asked)}
    if partnership.agency_named(asked) is None and review.names.get(asked) == name:
        found |= {agency.id for agency in partnership.agencies if agency.name == name}
    return found


def the_agency_was_asked(step: Attempt[Answered] | Attempt[Acknowledged]) -> Check:
    """There is an open request to this agency for this, under the name that it has now or that it had then."""
    form, review, rulebook = step.form, step.review, step.rulebook
    asked = asked_as(form.agency, form.purpose, review, rulebook)
    mine = agency_then(form.agency, review, rulebook)
    if len(asked) > 1:
        names = " and ".join(f"{agency_then(one, review, rulebook)} ({one})" for one in asked)
        return Check(False, f"{mine} stands for several that were asked: choose which of them answered: {names}")
    waiting = ", ".join(agency_then(one, review, rulebook) for one in review.waiting_on(form.purpose)) or "nobody"
    return Check(bool(asked), f"{mine} is not being waited for ({form.purpose}); waiting for: {waiting}")


def a_return_tells_of_the_person(step: Attempt[Answered]) -> Check:
    """What was asked of the person's own life is answered; a request of before the question did not ask for it."""
    form = step.form
    meant = asked_as(form.agency, form.purpose, step.review, step.rulebook)
    asked = any(
        (one.purpose, one.outcome, one.daily_life) == (form.purpose, "waiting", "asked") and one.agency in meant
        for one in step.review.requests
    )
    silent = asked and form.outcome == "returned" and form.daily_life is None
    named, whose = agency_then(form.agency, step.review, step.rulebook), own_life(step.review.track)
    return Check(not silent, f"{named}: say whether the return tells of {whose}: yes, no, or nothing known")


def told_of_daily_life(form: Answered) -> Literal["", "yes", "no", "nothing known"]:
    """What a return says of the person's own life; nothing of a nil return, a refusal or a check of a draft."""
    tells = form.outcome == "returned" and form.purpose in DAILY_LIFE
    return form.daily_life or "" if tells else ""


def answer(step: Attempt[Answered]) -> Outcome:
    """Settle the agency's clock; a refusal ends it without being met, and is told to the lead partners."""
    form = step.form
    name = "agency_refused" if form.outcome == "refused" else ANSWERED[form.purpose]
    (agency,) = asked_as(form.agency, form.purpose, step.review, step.rulebook)
    told = told_of_daily_life(form)
    entry = AgencyAnswered(agency=agency, purpose=form.purpose, outcome=form.outcome, on=form.on, daily_life=told)
    tells = ("business_manager", "lead_partner") if form.outcome == "refused" else ()
    return Outcome(marks=(Mark(name=name, on=form.on, subject=agency),), entries=(entry,), tells=tells)


RECORD_RETURN = Step(
    name="record_return",
    title="Agency's return recorded",
    button="Record a return",
    tracks=BOTH,
    sources=WORKING_STATES | CLOSED_STATES,
    by=MANAGERS | {"agency_lead"},
    form=Answered,
    needs=(
        the_agency_was_asked,
        a_return_tells_of_the_person,
        day_is_not_in_the_future("on"),
        day_is_not_before("on", "referral_received"),
    ),
    does=answer,
    kind="return_recorded",
    days={"on": (*ANSWERED.values(), "agency_refused")},
    marks=frozenset(ANSWERED.values()) | {"agency_refused"},
    on_card=False,
)


class Acknowledged(Form):
    """An agency acknowledged a request. Its date stands, and so do the reminders."""

    agency: Annotated[str, From("agencies")] = Field(title="Agency")
    purpose: Purpose = Field(title="For")
    on: date = Field(title="Acknowledged on")


def it_was_asked_before_that(step: Attempt[Acknowledged]) -> Check:
    """Nobody acknowledges what was not yet asked."""
    form = step.form
    meant = asked_as(form.agency, form.purpose, step.review, step.rulebook)
    waiting = [r for r in step.review.requests if r.outcome == "waiting"]
    asked = [r.asked_on for r in waiting if r.agency in meant and r.purpose == form.purpose]
    met = not asked or form.on >= asked[-1]
    named = agency_then(form.agency, step.review, step.rulebook)
    return Check(met, f"{named} was asked on {asked[-1] if asked else ''}, after {form.on}")


def acknowledge(step: Attempt[Acknowledged]) -> Outcome:
    """Keep the day beside the request."""
    form = step.form
    (agency,) = asked_as(form.agency, form.purpose, step.review, step.rulebook)
    return Outcome(entries=(AgencyAcknowledged(agency=agency, purpose=form.purpose, on=form.on),))


ACKNOWLEDGE_REQUEST = Step(
    name="acknowledge_request",
    title="Request acknowledged",
    button="Record an acknowledgement",
    tracks=BOTH,
    sources=WORKING_STATES,
    by=MANAGERS | {"agency_lead"},
    form=Acknowledged,
    needs=(the_agency_was_asked, it_was_asked_before_that, day_is_not_in_the_future("on")),
    does=acknowledge,
    kind="request_acknowledged",
    on_card=False,
)

STEPS = (ASK_AGENCIES, RECORD_RETURN, ACKNOWLEDGE_REQUEST)

"""
Referral: somebody tells the partnership of a child or an adult.

Begins when the business manager receives the form. On the child track it ends when the local authority has
decided whether to notify the national Panel (s.16C) and, where it must, has sent the notification; on the
adult track when the referral is accepted for screening or returned as incomplete.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from safeguarding.review import criteria
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.criteria import NOTIFICATION, Finding, Result
from safeguarding.review.events import AgencyAsked, Mark
from safeguarding.review.forms import Form, From, Limb, Ref, Sealed, SealedOptional
from safeguarding.review.states import State
from safeguarding.review.step import ADULTS, BOTH, CHILDREN, MANAGERS, Attempt, Check, Outcome, Step

# --------------------------------------------------------------------------- a referral arrives


class Referral(Form):
    """A referral as it reached the business manager. Names go into the summary, which is sealed."""

    track: Literal["children", "adults"] = Field(
        title="Track", description="A child (practice review) or an adult (safeguarding adults review)."
    )
    received_on: date = Field(title="Received on", description="The day it reached the partnership.")
    referred_by: Literal["agency", "member of the public", "family", "councillor", "MP", "coroner", "other"] = Field(
        title="Referred by"
    )
    agency: Annotated[str, From("agencies")] | None = Field(
        default=None, title="Referring agency", description="If an agency referred."
    )
    concern: Literal[
        "death, abuse or neglect known or suspected",
        "serious harm, abuse or neglect known or suspected",
        "death of a looked-after child or care leaver",
        "death in a regulated setting or service",
        "serious abuse or neglect of an adult",
        "death of an adult, abuse or neglect suspected",
        "learning request",
    ] = Field(title="What is referred")
    summary: Sealed = Field(
        title="What is known so far", description="Sealed: stays in the record, in no message and no run."
    )


def an_agency_that_refers_is_named(step: Attempt[Referral]) -> Check:
    """A referral by an agency names the agency."""
    return Check(step.form.referred_by != "agency" or step.form.agency is not None, "which agency referred?")


def receive(step: Attempt[Referral]) -> Outcome:
    """Open the review: it starts at «referred»."""
    return Outcome(to=State.REFERRED, marks=(Mark(name="referral_received", on=step.form.received_on),))


OPEN_REFERRAL = Step(
    name="open_referral",
    title="Referral received",
    button="Open a referral",
    tracks=BOTH,
    sources=frozenset(),
    leads_to=frozenset({State.REFERRED}),
    by=MANAGERS,
    form=Referral,
    needs=(an_agency_that_refers_is_named, day_is_not_in_the_future("received_on")),
    does=receive,
    kind="referral_received",
    marks=frozenset({"referral_received"}),
    tells=("business_manager", "business_unit", "delegated_partner"),
    on_card=False,
)

# --------------------------------------------------------------------------- children: notify or not


class Awareness(Form):
    """When the local authority first knew. The five working days run from this day, not from the incident."""

    aware_on: date = Field(
        title="Local authority became aware on",
        description="The earliest day any officer of the local authority knew the facts. Guidance: notify "
        "within five working days of it. A weekend or holiday counts as day nought.",
    )
    incident: Literal["death", "serious harm", "other"] = Field(title="The child")
    looked_after: Literal["yes", "no", "not known"] = Field(title="Was the child looked after?")
    care_leaver: Literal["yes", "no", "not known"] = Field(title="Was this a care leaver aged 18 to 24?")
    acknowledged_on: date = Field(title="Referrer acknowledged on")


def assess(step: Attempt[Awareness]) -> Outcome:
    """Start the notification clocks that the facts call for."""
    form = step.form
    names = ["became_aware"]
    if form.incident == "death" and form.looked_after == criteria.YES:
        names.append("became_aware_looked_after_death")
    if form.incident == "death" and form.care_leaver == criteria.YES:
        names.append("became_aware_care_leaver_death")
    marks = [Mark(name=name, on=form.aware_on) for name in names]
    marks.append(Mark(name="referral_acknowledged", on=form.acknowledged_on))
    return Outcome(to=State.NOTIFICATION_DECISION, marks=tuple(marks))


ASSESS_NOTIFICATION = Step(
    name="assess_notification",
    title="Local authority aware: assess whether to notify",
    button="Assess",
    tracks=CHILDREN,
    sources=frozenset({State.REFERRED}),
    leads_to=frozenset({State.NOTIFICATION_DECISION}),
    by=MANAGERS | {"local_authority_dcs"},
    form=Awareness,
    needs=(
        day_is_not_in_the_future("aware_on"),
        day_is_not_in_the_future("acknowledged_on"),
        day_is_not_before("acknowledged_on", "referral_received"),
    ),
    does=assess,
    kind="awareness_recorded",
    marks=frozenset(
        {
            "became_aware",
            "became_aware_looked_after_death",
            "became_aware_care_leaver_death",
            "referral_acknowledged",
        }
    ),
    tells=("local_authority_dcs", "delegated_partner"),
)


class NotificationDecision(Form):
    """Section 16C, limb by limb. The duty is the local authority's; the partners' views are recorded."""

    abuse_or_neglect: Limb = Field(title="Is abuse or neglect known or suspected?")
    died: Limb = Field(title="Has the child died?")
    seriously_harmed: Limb = Field(
        title="Has the child been seriously harmed?",
        description="Includes serious or long-term impairment of mental health or development, and of "
        "physical health. Recovery does not rule it out.",
    )
    in_this_area: Limb = Field(title="Did it happen in this area?")
    in_another_english_area: Limb = Field(title="Did it happen in another English authority's area?")
    normally_resident_here: Limb = Field(title="Harmed outside England, and normally resident here?")
    looked_after: Limb = Field(title="Was the child looked after?")
    care_leaver: Limb = Field(title="Was this a care leaver aged 18 to 24?")
    decided_on: date = Field(title="Decided on")
    partners_agree: Literal["all agree", "one or more disagree", "not asked"] = Field(
        title="Do the three partners agree?",
        description="A disagreement is recorded. It does not stop the local authority notifying.",
    )
    disagreement: SealedOptional = Field(default="", title="Who disagrees, and why")


def notification_finding(form: NotificationDecision) -> Finding:
    """Decision table DT-1 on these answers."""
    return criteria.decide(
        NOTIFICATION,
        {
            "abuse_or_neglect": form.abuse_or_neglect.answer,
            "died": form.died.answer,
            "died_or_seriously_harmed": criteria.any_of(form.died.answer, form.seriously_harmed.answer),
            "in_this_area": form.in_this_area.answer,
            "in_another_english_area": form.in_another_english_area.answer,
            "normally_resident_here": form.normally_resident_here.answer,
            "looked_after": form.looked_after.answer,
            "care_leaver": form.care_leaver.answer,
        },
    )


def the_local_authority_decides(step: Attempt[Any]) -> Check:
    """The duty to notify is the local authority's: police and health are heard, and do not sign for it (s.16C)."""
    person = next((p for p in step.rulebook.partnership.people if p.id == step.actor.person), None)
    its_own = person is not None and (person.partner == "local_authority" or "local_authority_dcs" in person.roles)
    return Check(its_own, "the local authority decides whether to notify: somebody who speaks for it must sign")


def a_disagreement_is_told(step: Attempt[NotificationDecision]) -> Check:
    """Where partners disagree the record says who and why."""
    form = step.form
    told = form.partners_agree != "one or more disagree" or bool(form.disagreement)
    return Check(told, "say which partner disagrees, and why")


def decide_notification(step: Attempt[NotificationDecision]) -> Outcome:
    """Record the finding. No notification closes the case, into the decision register and local learning."""
    found = notification_finding(step.form)
    facts = {"result": found.result, "row": found.row, "basis": found.basis, "unknown": list(found.unknown)}
    if found.result is Result.ASK_FOR_INFORMATION:
        return Outcome(facts=facts, tells=("business_manager",))
    marks = (Mark(name="notification_decided", on=step.form.decided_on),)
    if found.result in (Result.NO_NOTIFICATION, Result.OTHER_AREA_NOTIFIES):
        return Outcome(to=State.NOT_SERIOUS_CASE, marks=marks, facts=facts)
    return Outcome(marks=marks, facts=facts)


DECIDE_NOTIFICATION = Step(
    name="decide_notification",
    title="Notification decided",
    button="Decide whether to notify",
    tracks=CHILDREN,
    sources=frozenset({State.NOTIFICATION_DECISION}),
    leads_to=frozenset({State.NOT_SERIOUS_CASE}),
    by=frozenset({"local_authority_dcs", "delegated_partner", "deputy_partner", "lead_partner"}),
    form=NotificationDecision,
    needs=(
        the_local_authority_decides,
        a_disagreement_is_told,
        day_is_not_in_the_future("decided_on"),
        day_is_not_before("decided_on", "became_aware"),
    ),
    does=decide_notification,
    kind="notification_decided",
    marks=frozenset({"notification_decided"}),
    tells=("business_manager", "business_unit", "delegated_partner", "local_authority_dcs"),
    decision=True,
)


class NotificationSent(Form):
    """The notification has left. The rapid review is counted from the day it was sent, not received."""

    sent_on: date = Field(title="Sent on", description="The day the system gave its receipt (London).")
    national_reference: Ref = Field(title="Reference on the receipt", min_length=1)
    partners_told_on: date | None = Field(default=None, title="The other partners told on")
    evidence: Literal["system receipt", "secure email, not bounced"] = Field(title="How we know it was sent")


def notification_was_decided(step: Attempt[NotificationSent]) -> Check:
    """There is a decision to notify, limb by limb, before there is a notification."""
    result = step.review.facts.get("notification_decided", {}).get("result")
    met = result in (Result.NOTIFY_PANEL, Result.NOTIFY_SECRETARY_OF_STATE)
    words = "decide first whether to notify, limb by limb"
    if result == Result.ASK_FOR_INFORMATION:
        words = "the decision to notify still waits for information: answer the limbs again"
    return Check(met, words)


def send_notification(step: Attempt[NotificationSent]) -> Outcome:
    """Settle the notification clocks; to the Panel it starts the rapid review, to the Secretary of State alone not."""
    form = step.form
    told = form.partners_told_on or form.sent_on
    state_told = Mark(name="secretary_of_state_notified", on=form.sent_on)
    if step.review.facts["notification_decided"]["result"] == Result.NOTIFY_SECRETARY_OF_STATE:
        return Outcome(to=State.NOT_SERIOUS_CASE, marks=(state_told, Mark(name="partners_notified", on=told)))
    sent = Mark(name="notification_sent", on=form.sent_on)
    marks = (sent, state_told, Mark(name="partners_notified", on=told))
    return Outcome(to=State.NOTIFICATION_SENT, marks=marks)


SEND_NOTIFICATION = Step(
    name="send_notification",
    title="Notification sent",
    button="Record it as sent",
    tracks=CHILDREN,
    sources=frozenset({State.NOTIFICATION_DECISION}),
    leads_to=frozenset({State.NOTIFICATION_SENT, State.NOT_SERIOUS_CASE}),
    by=MANAGERS | {"local_authority_dcs"},
    form=NotificationSent,
    needs=(
        notification_was_decided,
        day_is_not_in_the_future("sent_on"),
        day_is_not_before("sent_on", "became_aware"),
        day_is_not_in_the_future("partners_told_on"),
    ),
    does=send_notification,
    kind="notification_sent",
    marks=frozenset({"notification_sent", "secretary_of_state_notified", "partners_notified"}),
    tells=("business_manager", "business_unit", "delegated_partner"),
)


class NotSerious(Form):
    """The referral is plainly not of a serious incident. It still enters the decision register."""

    decided_on: date = Field(title="Decided on")
    reason: Sealed = Field(title="Why this is not a serious case")
    learning_route: Literal["learning request", "single-agency learning", "none"] = Field(title="Learning route")
    acknowledged_on: date = Field(title="Referrer told on")


def close_not_serious(step: Attempt[NotSerious]) -> Outcome:
    """Close into the decision register."""
    mark = Mark(name="referral_acknowledged", on=step.form.acknowledged_on)
    return Outcome(to=State.NOT_SERIOUS_CASE, marks=(mark,))


CLOSE_NOT_SERIOUS = Step(
    name="close_not_serious",
    title="Not a serious case",
    button="Not a serious case",
    tracks=CHILDREN,
    sources=frozenset({State.REFERRED}),
    leads_to=frozenset({State.NOT_SERIOUS_CASE}),
    by=frozenset({"local_authority_dcs", "delegated_partner", "deputy_partner", "lead_partner"}),
    form=NotSerious,
    needs=(
        the_local_authority_decides,
        day_is_not_in_the_future("decided_on"),
        day_is_not_in_the_future("acknowledged_on"),
    ),
    does=close_not_serious,
    kind="not_serious_case",
    marks=frozenset({"referral_acknowledged"}),
    tells=("business_manager", "delegated_partner"),
    decision=True,
    way_out=True,
)

# --------------------------------------------------------------------------- adults: accept or return


class Acceptance(Form):
    """The referral is complete: it is acknowledged, and agencies are asked for their initial chronologies."""

    acknowledged_on: date = Field(title="Referrer acknowledged on")
    accepted_on: date = Field(title="Accepted on")
    facts_known_on: date | None = Field(
        default=None,
        title="Facts of s.44(1) to (3) known on",
        description="If already known or suspected: the day the partnership knew.",
    )
    agencies: tuple[Annotated[str, From("agencies")], ...] = Field(
        title="Agencies asked for a chronology", min_length=1
    )
    asked_on: date = Field(title="Asked in writing on", description="Care Act 2014 s.45: the request is written.")


def accept(step: Attempt[Acceptance]) -> Outcome:
    """Begin screening, one written request to each agency."""
    form = step.form
    marks = [
        Mark(name="referral_acknowledged", on=form.acknowledged_on),
        Mark(name="screening_started", on=form.accepted_on),
    ]
    if form.facts_known_on is not None:
        marks.append(Mark(name="sar_facts_known", on=form.facts_known_on))
    marks += [Mark(name="agency_request_sent", on=form.asked_on, subject=agency) for agency in form.agencies]
    asked = tuple(AgencyAsked(agency=agency, purpose="information", on=form.asked_on) for agency in form.agencies)
    return Outcome(to=State.SCREENING, marks=tuple(marks), entries=asked)


ACCEPT_REFERRAL = Step(
    name="accept_referral",
    title="Referral accepted for screening",
    button="Accept",
    tracks=ADULTS,
    sources=frozenset({State.REFERRED}),
    leads_to=frozenset({State.SCREENING}),
    by=MANAGERS,
    form=Acceptance,
    needs=(
        day_is_not_in_the_future("acknowledged_on"),
        day_is_not_in_the_future("accepted_on"),
        day_is_not_in_the_future("asked_on"),
        day_is_not_in_the_future("facts_known_on"),
        day_is_not_before("acknowledged_on", "referral_received"),
        day_is_not_before("accepted_on", "referral_received"),
    ),
    does=accept,
    kind="referral_accepted",
    marks=frozenset({"referral_acknowledged", "screening_started", "sar_facts_known", "agency_request_sent"}),
    tells=("sar_group_chair", "delegated_partner"),
)


class Return(Form):
    """The referral lacks what screening needs and goes back to the referrer."""

    returned_on: date = Field(title="Returned on")
    missing: Sealed = Field(title="What is missing")


def give_back(step: Attempt[Any]) -> Outcome:
    """Close as returned; a complete referral reopens it."""
    return Outcome(to=State.RETURNED_INCOMPLETE, marks=(Mark(name="referral_acknowledged", on=step.form.returned_on),))


RETURN_REFERRAL = Step(
    name="return_referral",
    title="Referral returned as incomplete",
    button="Return as incomplete",
    tracks=ADULTS,
    sources=frozenset({State.REFERRED}),
    leads_to=frozenset({State.RETURNED_INCOMPLETE}),
    by=MANAGERS,
    form=Return,
    needs=(day_is_not_in_the_future("returned_on"), day_is_not_before("returned_on", "referral_received")),
    does=give_back,
    kind="referral_returned",
    marks=frozenset({"referral_acknowledged"}),
    tells=("business_manager",),
    way_out=True,
)

STEPS = (
    OPEN_REFERRAL,
    ASSESS_NOTIFICATION,
    DECIDE_NOTIFICATION,
    SEND_NOTIFICATION,
    CLOSE_NOT_SERIOUS,
    ACCEPT_REFERRAL,
    RETURN_REFERRAL,
)

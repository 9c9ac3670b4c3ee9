"""
Decision about a child: the three statutory partners decide together whether there is to be a review.

Local review, no review, or a referral for a national one, having regard to regulation 11 of S.I. 2018/789. Ends with a
review to commission, or with a closed case whose reasons stand in the register. Of an adult: `adult_decision`.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from safeguarding.duties.lateness import demand, without_a_reason
from safeguarding.review import criteria
from safeguarding.review.conditions import (
    JOINT_DECISION,
    DayFollowsAnother,
    day_is_not_before,
    day_is_not_in_the_future,
)
from safeguarding.review.criteria import NO, Finding, Result
from safeguarding.review.events import Mark, ReasonGiven
from safeguarding.review.forms import Form, Limb, Positions, Ref, Sealed, SealedOptional, StillOwed, still_owed
from safeguarding.review.legal_tests import LOCAL_REVIEW
from safeguarding.review.states import State
from safeguarding.review.step import CHILDREN, DECIDERS, Attempt, Check, Outcome, Step
from safeguarding.stages.discretionary import initiated
from safeguarding.stages.found_before import serious_on_record


class ReviewDecision(Form):
    """Section 16F and regulation 11, factor by factor, with the decision. Meeting one decides nothing by itself."""

    serious_case: Limb = Field(
        title="Is this a serious child safeguarding case?",
        description="Abuse or neglect known or suspected, and the child has died or been seriously harmed.",
    )
    not_serious_after_all: SealedOptional = Field(
        default="",
        title="If the decision to notify found a serious case, and this is none: what was found since",
        description="Children Act 2004 s.16B(9) says which case is serious. If what s.16C asks for is not so, the "
        "notification may be withdrawn instead.",
    )
    importance_to_area: Limb = Field(
        title="Does it raise issues of importance in relation to the area?",
        description="Children Act 2004 s.16F(1)(a). It is reviewed where the partners consider that appropriate.",
    )
    improvements: Limb = Field(
        title="Reg. 11(a): may it highlight improvements needed?",
        description="Including improvements identified before.",
    )
    recurrent_themes: Limb = Field(title="Reg. 11(b): recurrent themes?")
    joint_working: Limb = Field(
        title="Reg. 11(c): concern about two or more agencies working together?",
        description="Organisations count as agencies do.",
    )
    panel_view: Limb = Field(title="Reg. 11(d): has the national Panel said a local review may be more appropriate?")
    new_learning: Limb = Field(title="Is new learning likely?", description="Beyond what the rapid review captured.")
    outcome: Literal[
        "local review",
        "no local review: learning captured",
        "no local review: actions to follow up",
        "refer for national review",
    ] = Field(title="Decision")
    rationale: Sealed = Field(title="Rationale", description="In words that the national Panel will read. Sealed.")
    decided_on: date = Field(title="Decided on", description="The six months run from this day.")
    positions: Positions = Field(title="The three partners")
    sent_to_panel_on: date | None = Field(
        default=None,
        title="Report and decision sent to the Panel on",
        description="If already sent, with the decision. It is due the day the rapid review is.",
    )
    panel_reference: Ref = Field(default="", title="Reference of that dispatch")
    late_reason: SealedOptional = Field(
        default="",
        title="If the fifteen working days had passed: why",
        description="Asked for when day 15 was missed and the record does not say why.",
    )
    family_told: Literal["told", "to be told", "not to be told, reasons in the rationale"] = Field(title="The family")
    still_owed: tuple[StillOwed, ...] = still_owed()


OUTCOMES: dict[str, State] = {
    "local review": State.COMMISSIONING,
    "no local review: learning captured": State.CLOSED_RAPID_REVIEW_ONLY,
    "no local review: actions to follow up": State.ACTION_FOLLOW_UP,
    "refer for national review": State.NATIONAL_REFERRED,
}


def review_finding(form: ReviewDecision) -> Finding:
    """Decision table DT-2 on these answers."""
    factors = (form.improvements, form.recurrent_themes, form.joint_working, form.panel_view)
    return criteria.decide(
        LOCAL_REVIEW,
        {
            "serious_case": form.serious_case.answer,
            "importance_to_area": form.importance_to_area.answer,
            "any_criterion": criteria.any_of(*(factor.answer for factor in factors)),
            "new_learning": form.new_learning.answer,
        },
    )


def no_review_is_decided_only_on_what_is_known(step: Attempt[ReviewDecision]) -> Check:
    """A case is not ended while an answer that could change it is not known."""
    found = review_finding(step.form)
    ends = step.form.outcome.startswith("no local review")
    unknown = " and ".join(question.replace("_", " ") for question in found.unknown)
    return Check(
        not (ends and found.result is Result.ASK_FOR_INFORMATION),
        f"not known is not «no»: ask about {unknown} before deciding against a review",
    )


def a_notified_case_is_serious_unless_it_is_said_why_not(step: Attempt[ReviewDecision]) -> Check:
    """
    What was found on notifying meets the definition of s.16B(9): no answer given in passing undoes it.

    By it the duty to publish would end, and the six months with it.
    """
    form, serious = step.form, serious_on_record(step.review)
    if form.serious_case.answer != NO:
        words = (
            "it is said why this is no serious case, but whether it is one is not answered «no»: change one of the two"
        )
        return Check(not form.not_serious_after_all, words)
    words = (
        f"the notification to the national Panel stands, and the record says that {serious}: that is "
        "a serious child safeguarding case (Children Act 2004 s.16B(9)). Answer «yes», or say what was found since; or "
        "withdraw the notification, if what it was sent for is not so"
    )
    return Check(not serious or bool(form.not_serious_after_all), words)


def a_review_that_ends_here_has_gone_to_the_panel(step: Attempt[ReviewDecision]) -> Check:
    """The rapid review and the decision are sent before the case may close."""
    ends = OUTCOMES[step.form.outcome] is State.CLOSED_RAPID_REVIEW_ONLY
    sent = step.form.sent_to_panel_on is not None or step.review.happened("rapid_review_sent") is not None
    return Check(not ends or sent, "send the rapid review and the decision to the national Panel first")


def a_missed_day_15_has_its_reason(step: Attempt[Any]) -> Check:
    """A rapid review that went to the Panel late, or has not gone, says why: here, or beside the record before."""
    given = getattr(step.form, "late_reason", "")
    sent = getattr(step.form, "sent_to_panel_on", None)
    late = without_a_reason(step.review, step.today, sent)
    words = "; ".join(demand(duty, step.rulebook) for duty in late)
    return Check(not late or bool(given), f"{words} (here, or with 'Give the reason for a missed date')")


def decide_review(step: Attempt[ReviewDecision]) -> Outcome:
    """Record the decision; a decision to initiate starts the six months."""
    form = step.form
    to = OUTCOMES[form.outcome]
    marks = [Mark(name="decided", on=form.decided_on), Mark(name="partners_signed_off", on=form.decided_on)]
    if form.sent_to_panel_on is not None:
        marks.append(Mark(name="rapid_review_sent", on=form.sent_to_panel_on))
    found = review_finding(form)
    if to is State.COMMISSIONING:
        marks += initiated(form.decided_on, found.row)
    if to is State.ACTION_FOLLOW_UP:
        marks.append(Mark(name="action_plan_agreed", on=form.decided_on))
    entries: tuple[ReasonGiven, ...] = ()
    if form.late_reason:
        marks.append(Mark(name="reason_given", on=form.decided_on, subject="C05"))
        entries = (ReasonGiven(rule="C05", ground="told with the decision", on=form.decided_on),)
    return Outcome(to=to, marks=tuple(marks), entries=entries, facts={"finding": found.result, **found.facts})


DECIDE_REVIEW = Step(
    name="decide_review",
    title="Partners decided",
    button="Decide on the review",
    tracks=CHILDREN,
    sources=frozenset({State.DECISION}),
    leads_to=frozenset(OUTCOMES.values()),
    by=DECIDERS,
    form=ReviewDecision,
    needs=(
        a_notified_case_is_serious_unless_it_is_said_why_not,
        no_review_is_decided_only_on_what_is_known,
        a_review_that_ends_here_has_gone_to_the_panel,
        a_missed_day_15_has_its_reason,
        *JOINT_DECISION,
        day_is_not_in_the_future("decided_on"),
        day_is_not_in_the_future("sent_to_panel_on"),
        day_is_not_before("decided_on", "rapid_review_completed"),
        day_is_not_before("sent_to_panel_on", "rapid_review_completed"),
        DayFollowsAnother("sent_to_panel_on", "decided_on"),
    ),
    does=decide_review,
    kind="decided",
    days={
        "decided_on": (
            "decided",
            "partners_signed_off",
            "decided_to_initiate",
            "discretionary_review_decided",
            "action_plan_agreed",
            "reason_given",
        ),
        "sent_to_panel_on": ("rapid_review_sent",),
    },
    marks=frozenset(
        {
            "decided",
            "partners_signed_off",
            "rapid_review_sent",
            "decided_to_initiate",
            "discretionary_review_decided",
            "action_plan_agreed",
            "reason_given",
        }
    ),
    tells=("business_manager", "business_unit", "delegated_partner", "lead_partner", "agency_lead"),
    decision=True,
    while_proposed=False,
)


class PanelResponse(Form):
    """The national Panel's answer to a case referred for national review."""

    replied_on: date = Field(title="The Panel's letter is dated")
    panel_reference: Ref = Field(title="Reference of the letter", min_length=1)
    answer: Literal["the Panel leads a national review", "local review", "no local review"] = Field(
        title="What follows"
    )
    decided_on: date = Field(
        title="Decided on",
        description="The day of the partners' decision. If a local review follows the six months run from it, and not "
        "from the Panel's letter.",
    )
    rationale: Sealed = Field(title="Rationale")
    positions: Positions = Field(title="The three partners")
    still_owed: tuple[StillOwed, ...] = still_owed()


ANSWERS: dict[str, State] = {
    "the Panel leads a national review": State.NATIONAL_LED,
    "local review": State.COMMISSIONING,
    "no local review": State.CLOSED_RAPID_REVIEW_ONLY,
}


def the_rapid_review_has_gone_to_the_panel(step: Attempt[PanelResponse]) -> Check:
    """The Panel can only answer what it was sent."""
    sent = step.review.happened("rapid_review_sent") is not None
    return Check(sent, "record first when the rapid review was sent to the national Panel")


def hear_panel(step: Attempt[PanelResponse]) -> Outcome:
    """A new decision with its own clock; the earlier one stands beside it."""
    to = ANSWERS[step.form.answer]
    marks = [Mark(name="panel_replied", on=step.form.replied_on)]
    if to is State.COMMISSIONING:
        marks += initiated(step.form.decided_on, step.review.facts.get("decided", {}).get("row", ""))
    return Outcome(to=to, marks=tuple(marks))


RECORD_PANEL_RESPONSE = Step(
    name="record_panel_response",
    title="National Panel replied",
    button="Record the Panel's reply",
    tracks=CHILDREN,
    sources=frozenset({State.NATIONAL_REFERRED}),
    leads_to=frozenset(ANSWERS.values()),
    by=DECIDERS,
    form=PanelResponse,
    needs=(
        the_rapid_review_has_gone_to_the_panel,
        a_missed_day_15_has_its_reason,
        *JOINT_DECISION,
        day_is_not_in_the_future("replied_on"),
        day_is_not_in_the_future("decided_on"),
        day_is_not_before("replied_on", "rapid_review_sent"),
        day_is_not_before("decided_on", "decided"),
    ),
    does=hear_panel,
    kind="panel_replied",
    days={
        "replied_on": ("panel_replied",),
        "decided_on": ("decided_to_initiate", "discretionary_review_decided"),
    },
    marks=frozenset({"panel_replied", "decided_to_initiate", "discretionary_review_decided"}),
    tells=("business_manager", "delegated_partner", "lead_partner"),
    decision=True,
)

STEPS = (DECIDE_REVIEW, RECORD_PANEL_RESPONSE)

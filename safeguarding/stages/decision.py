"""
Decision: the three statutory partners decide together whether there is to be a review.

Children: local review, no review, or a referral for a national one, having regard to regulation 11 of S.I.
2018/789. Adults: section 44 of the Care Act 2014, limb by limb; where its conditions are met a review must be
arranged and only method and scope are open. Ends with a review to commission, or with a closed case whose
reasons stand in the register.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from safeguarding.duties.lateness import demand, without_a_reason
from safeguarding.review import criteria
from safeguarding.review.conditions import (
    JOINT_DECISION,
    day_is_not_before,
    day_is_not_in_the_future,
    dissent_and_absence_have_reasons,
    enough_partners_agree,
    every_partner_is_heard,
)
from safeguarding.review.criteria import Finding, Result
from safeguarding.review.events import Mark, ReasonGiven
from safeguarding.review.forms import Form, Limb, Positions, Ref, Sealed, SealedOptional, StillOwed, still_owed
from safeguarding.review.legal_tests import ADULT_REVIEW, LOCAL_REVIEW
from safeguarding.review.states import State
from safeguarding.review.step import ADULTS, CHILDREN, DECIDERS, Attempt, Check, Outcome, Step
from safeguarding.stages.discretionary import initiated

# --------------------------------------------------------------------------- children


class ReviewDecision(Form):
    """Section 16F and regulation 11, factor by factor, with the decision. Meeting one decides nothing by itself."""

    serious_case: Limb = Field(
        title="Is this a serious child safeguarding case?",
        description="Abuse or neglect known or suspected, and the child has died or been seriously harmed.",
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
        description="If already sent. It is due the day the rapid review is.",
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
    button="Decide",
    tracks=CHILDREN,
    sources=frozenset({State.DECISION}),
    leads_to=frozenset(OUTCOMES.values()),
    by=DECIDERS,
    form=ReviewDecision,
    needs=(
        no_review_is_decided_only_on_what_is_known,
        a_review_that_ends_here_has_gone_to_the_panel,
        a_missed_day_15_has_its_reason,
        *JOINT_DECISION,
        day_is_not_in_the_future("decided_on"),
        day_is_not_in_the_future("sent_to_panel_on"),
        day_is_not_before("decided_on", "rapid_review_completed"),
        day_is_not_before("sent_to_panel_on", "rapid_review_completed"),
    ),
    does=decide_review,
    kind="decided",
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
)


class PanelResponse(Form):
    """The national Panel's answer to a case referred for national review."""

    replied_on: date = Field(title="The Panel's letter is dated")
    panel_reference: Ref = Field(title="Reference of the letter", min_length=1)
    answer: Literal["the Panel leads a national review", "local review", "no local review"] = Field(
        title="What follows"
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
    on = step.form.replied_on
    to = ANSWERS[step.form.answer]
    marks = [Mark(name="panel_replied", on=on)]
    if to is State.COMMISSIONING:
        marks += initiated(on, step.review.facts.get("decided", {}).get("row", ""))
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
        day_is_not_before("replied_on", "rapid_review_sent"),
    ),
    does=hear_panel,
    kind="panel_replied",
    marks=frozenset({"panel_replied", "decided_to_initiate", "discretionary_review_decided"}),
    tells=("business_manager", "delegated_partner", "lead_partner"),
    decision=True,
)

# --------------------------------------------------------------------------- adults


class AdultReviewDecision(Form):
    """Section 44, limb by limb. Where the conditions are met, only method and scope are open."""

    adult: Limb = Field(title="Was the person 18 or over?", description="Section 44 speaks of an adult.")
    in_area: Limb = Field(title="Was the adult in the area of this safeguarding adults board?")
    needs: Limb = Field(
        title="Had the adult needs for care and support?",
        description="Whether or not the local authority was meeting any of the needs.",
    )
    concern: Limb = Field(title="Reasonable cause for concern about how partners worked together?")
    died: Limb = Field(
        title="Died, and death from abuse or neglect known or suspected?",
        description="Self-neglect counts. It need not have been known before the death.",
    )
    alive: Limb = Field(
        title="Alive, and serious abuse or neglect known or suspected?",
        description="Likely to have died but for an intervention, or lasting harm or loss of quality of life.",
    )
    outcome: Literal["mandatory review", "discretionary review", "other learning", "not met"] = Field(title="Decision")
    method: Literal[
        "standard", "SAR in Rapid Time", "thematic", "appreciative inquiry", "joint review", "not applicable"
    ] = Field(title="Method", description="A proportionate method is a choice; whether to review may not be.")
    rationale: Sealed = Field(title="Rationale")
    decided_on: date = Field(title="Decided on", description="The aim of six months runs from this day.")
    positions: Positions = Field(title="The three partners")
    referrer_told_on: date | None = Field(default=None, title="Referrer told on", description="Told either way.")
    chair_note: SealedOptional = Field(default="", title="Note of the chair")
    still_owed: tuple[StillOwed, ...] = still_owed()


ADULT_OUTCOMES: dict[str, State] = {
    "mandatory review": State.COMMISSIONING,
    "discretionary review": State.COMMISSIONING,
    "other learning": State.OTHER_LEARNING,
    "not met": State.NOT_MET,
}


def adult_finding(form: AdultReviewDecision) -> Finding:
    """Decision table DT-5 on these answers."""
    return criteria.decide(
        ADULT_REVIEW,
        {
            "adult": form.adult.answer,
            "in_area": form.in_area.answer,
            "needs": form.needs.answer,
            "concern": form.concern.answer,
            "died": form.died.answer,
            "alive": form.alive.answer,
        },
    )


def the_decision_is_what_section_44_allows(step: Attempt[AdultReviewDecision]) -> Check:
    """
    A mandatory review cannot be declined or called discretionary, and one that is not owed is not mandatory.

    Care Act 2014 s.44(1) says «must»; s.44(4) lets a review be arranged in any other case of such an adult.
    """
    found = adult_finding(step.form)
    chosen = step.form.outcome
    match found.result:
        case Result.MANDATORY:
            words = f"{found.provision} is met: the review is mandatory and cannot be declined; only the method is open"
            return Check(chosen == "mandatory review", words)
        case Result.NOT_A_SAR:
            return Check(
                chosen in ("not met", "other learning"),
                f"{found.provision}: {found.basis}, so not an adult review; signpost it",
            )
        case Result.ASK_FOR_INFORMATION:
            unknown = " and ".join(ADULT_REVIEW.asks[question] for question in found.unknown)
            return Check(False, f"not known: {unknown}. Ask for the information (s.45), then decide again")
        case _:
            return Check(chosen != "mandatory review", "the limbs answered do not make a review mandatory")


def nobody_is_dead_and_alive(step: Attempt[AdultReviewDecision]) -> Check:
    """Conditions 1 and 2 exclude each other: the adult has died (s.44(2)), or is still alive (s.44(3))."""
    both = step.form.died.answer == step.form.alive.answer == "yes"
    return Check(not both, "the answers contradict each other: the adult died, and is alive")


def enough_partners_agree_where_they_may_choose(step: Attempt[AdultReviewDecision]) -> Check:
    """As many partners agree as the partnership asks for, unless section 44 leaves them no choice to agree on."""
    if adult_finding(step.form).result is Result.MANDATORY:
        return Check(True, "")
    return enough_partners_agree(step)


def a_review_has_a_method(step: Attempt[AdultReviewDecision]) -> Check:
    """A review that is arranged says how it is to be done."""
    review = ADULT_OUTCOMES[step.form.outcome] is State.COMMISSIONING
    return Check(not review or step.form.method != "not applicable", "choose the method of the review")


def a_closed_referral_is_explained_to_the_referrer(step: Attempt[AdultReviewDecision]) -> Check:
    """Whoever referred is told before the case closes."""
    closes = ADULT_OUTCOMES[step.form.outcome] is not State.COMMISSIONING
    return Check(not closes or step.form.referrer_told_on is not None, "say when the referrer was told")


def decide_adult_review(step: Attempt[AdultReviewDecision]) -> Outcome:
    """Record the decision; a decision to initiate starts the aim of six months."""
    form = step.form
    to = ADULT_OUTCOMES[form.outcome]
    marks = [Mark(name="decided", on=form.decided_on)]
    if to is State.COMMISSIONING:
        marks.append(Mark(name="decided_to_initiate", on=form.decided_on))
    if form.referrer_told_on is not None:
        marks.append(Mark(name="referrer_told", on=form.referrer_told_on))
    found = adult_finding(form)
    return Outcome(to=to, marks=tuple(marks), facts={"finding": found.result, **found.facts})


DECIDE_ADULT_REVIEW = Step(
    name="decide_adult_review",
    title="Partners decided",
    button="Decide",
    tracks=ADULTS,
    sources=frozenset({State.DECISION}),
    leads_to=frozenset(ADULT_OUTCOMES.values()),
    by=DECIDERS,
    form=AdultReviewDecision,
    needs=(
        nobody_is_dead_and_alive,
        the_decision_is_what_section_44_allows,
        a_review_has_a_method,
        a_closed_referral_is_explained_to_the_referrer,
        every_partner_is_heard,
        enough_partners_agree_where_they_may_choose,
        dissent_and_absence_have_reasons,
        day_is_not_in_the_future("decided_on"),
        day_is_not_in_the_future("referrer_told_on"),
        day_is_not_before("decided_on", "chronologies_complete"),
        day_is_not_before("referrer_told_on", "chronologies_complete"),
    ),
    does=decide_adult_review,
    kind="decided",
    marks=frozenset({"decided", "decided_to_initiate", "referrer_told"}),
    tells=("business_manager", "business_unit", "delegated_partner", "lead_partner", "agency_lead"),
    decision=True,
)


class MoreInformation(Form):
    """Something is not known that the decision needs: back to screening, with the agencies asked again."""

    asked_on: date = Field(title="Asked on")
    question: Sealed = Field(title="What is not known, and whom you ask")


def ask_again(step: Attempt[MoreInformation]) -> Outcome:
    """Back to screening; nothing is decided."""
    return Outcome(to=State.SCREENING, marks=(Mark(name="screening_resumed", on=step.form.asked_on),))


ASK_FOR_INFORMATION = Step(
    name="ask_for_information",
    title="Back to screening for information",
    button="Ask for information",
    tracks=ADULTS,
    sources=frozenset({State.DECISION}),
    leads_to=frozenset({State.SCREENING}),
    by=DECIDERS | {"business_manager", "sar_group_chair"},
    form=MoreInformation,
    needs=(day_is_not_in_the_future("asked_on"),),
    does=ask_again,
    kind="information_asked",
    marks=frozenset({"screening_resumed"}),
    tells=("business_manager", "sar_group_chair"),
    way_out=True,
)

STEPS = (DECIDE_REVIEW, RECORD_PANEL_RESPONSE, DECIDE_ADULT_REVIEW, ASK_FOR_INFORMATION)

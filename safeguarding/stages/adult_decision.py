"""
Decision about an adult: the three statutory partners decide together whether there is to be a review.

Section 44 of the Care Act 2014, limb by limb; where its conditions are met a review must be arranged and only method
and scope are open. Ends with a review to commission, or with a closed case whose reasons stand in the register; of an
adult of another area with the board there told, which has the duty.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from safeguarding.review import criteria
from safeguarding.review.conditions import (
    DayFollowsAnother,
    child_referral_is_found,
    day_is_not_before,
    day_is_not_in_the_future,
    dissent_and_absence_have_reasons,
    enough_partners_agree,
    every_partner_is_heard,
)
from safeguarding.review.criteria import Finding, Result
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, Limb, Positions, Ref, Sealed, SealedOptional, StillOwed, still_owed
from safeguarding.review.legal_tests import ADULT_REVIEW
from safeguarding.review.states import State
from safeguarding.review.step import ADULTS, DECIDERS, Attempt, Check, Outcome, Step

OF_A_CHILD = "A child's case is assessed on the other track, where the national Panel may have to be notified (s.16C)."
"""What stands under the question for the reference of the referral on the children's track."""
CHILD_REFERRAL_ELSEWHERE = "If that referral is not on this record: where it is kept"
"""The title of the question beside it."""


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
    other_board: SealedOptional = Field(
        default="",
        title="If the adult was in another area: which Safeguarding Adults Board has the duty",
        description="Section 44 puts it on the board in whose area the adult was.",
    )
    other_board_told_on: date | None = Field(default=None, title="That board told on")
    child_referral: Ref = Field(
        default="",
        title="If the person was under 18: the reference of the referral of the child",
        description=OF_A_CHILD,
    )
    child_referral_elsewhere: SealedOptional = Field(default="", title=CHILD_REFERRAL_ELSEWHERE)
    outcome: Literal[
        "mandatory review", "discretionary review", "other learning", "not met", "another board's: referred on"
    ] = Field(title="Decision", description="Of an adult who was in another area: referred on, to the board there.")
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
    "another board's: referred on": State.REFERRED_ON,
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
        case Result.ANOTHER_BOARD:
            words = f"{found.provision}: {found.basis}. The referral is referred on, and is not «{chosen}» here"
            return Check(ADULT_OUTCOMES[chosen] is State.REFERRED_ON, words)
        case Result.NOT_A_SAR:
            return Check(
                chosen in ("not met", "other learning"),
                f"{found.provision}: {found.basis}, so not an adult review; signpost it",
            )
        case Result.ASK_FOR_INFORMATION:
            unknown = " and ".join(ADULT_REVIEW.asks[question] for question in found.unknown)
            return Check(False, f"not known: {unknown}. Ask for the information (s.45), then decide again")
        case _:
            if ADULT_OUTCOMES[chosen] is State.REFERRED_ON:
                return Check(False, "the adult was in this board's area: no other board has the duty")
            return Check(chosen != "mandatory review", "the limbs answered do not make a review mandatory")


def the_board_that_has_the_duty_is_told_and_recorded(step: Attempt[AdultReviewDecision]) -> Check:
    """A case of another area is told to the board there, which is on the record: nobody's duty falls between two."""
    form = step.form
    given = (("which board has the duty", form.other_board), ("when it was told", form.other_board_told_on))
    if adult_finding(form).result is not Result.ANOTHER_BOARD:
        said = [words for words, answer in given if answer]
        return Check(not said, f"it is said {' and '.join(said)}, and the limbs do not say that the case is another's")
    short = [words for words, answer in given if not answer]
    return Check(not short, f"the adult was in another area: say {' and '.join(short)}")


def a_child_is_referred_as_one(step: Attempt[AdultReviewDecision]) -> Check:
    """A person under 18 is referred on the children's track before the case closes here (Children Act 2004 s.16C)."""
    form = step.form
    child = form.adult.answer == "no"
    words = "the person was under 18: open the referral on the child track, and give its reference here"
    if not child or not (form.child_referral or form.child_referral_elsewhere):
        return Check(not child, words)
    return child_referral_is_found(step, form.child_referral, form.child_referral_elsewhere)


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
    if form.other_board_told_on is not None:
        marks += [Mark(name=name, on=form.other_board_told_on) for name in ("referred_on", "referral_closed")]
    if form.referrer_told_on is not None:
        marks.append(Mark(name="referrer_told", on=form.referrer_told_on))
    found = adult_finding(form)
    return Outcome(to=to, marks=tuple(marks), facts={"finding": found.result, **found.facts})


DECIDE_ADULT_REVIEW = Step(
    name="decide_adult_review",
    title="Partners decided",
    button="Decide on the review",
    tracks=ADULTS,
    sources=frozenset({State.DECISION}),
    leads_to=frozenset(ADULT_OUTCOMES.values()),
    by=DECIDERS,
    form=AdultReviewDecision,
    needs=(
        nobody_is_dead_and_alive,
        the_decision_is_what_section_44_allows,
        the_board_that_has_the_duty_is_told_and_recorded,
        a_child_is_referred_as_one,
        a_review_has_a_method,
        a_closed_referral_is_explained_to_the_referrer,
        every_partner_is_heard,
        enough_partners_agree_where_they_may_choose,
        dissent_and_absence_have_reasons,
        day_is_not_in_the_future("decided_on"),
        day_is_not_in_the_future("referrer_told_on"),
        day_is_not_in_the_future("other_board_told_on"),
        day_is_not_before("other_board_told_on", "referral_received"),
        day_is_not_before("decided_on", "chronologies_complete"),
        day_is_not_before("referrer_told_on", "chronologies_complete"),
        DayFollowsAnother("referrer_told_on", "decided_on"),
    ),
    once_it_stands=(a_closed_referral_is_explained_to_the_referrer,),
    does=decide_adult_review,
    kind="decided",
    days={
        "decided_on": ("decided", "decided_to_initiate"),
        "other_board_told_on": ("referred_on", "referral_closed"),
        "referrer_told_on": ("referrer_told",),
    },
    marks=frozenset({"decided", "decided_to_initiate", "referrer_told", "referred_on", "referral_closed"}),
    tells=("business_manager", "business_unit", "delegated_partner", "lead_partner", "agency_lead"),
    decision=True,
    while_proposed=False,
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
    days={
        "asked_on": ("screening_resumed",),
    },
    marks=frozenset({"screening_resumed"}),
    tells=("business_manager", "sar_group_chair"),
    way_out=True,
)

STEPS = (DECIDE_ADULT_REVIEW, ASK_FOR_INFORMATION)

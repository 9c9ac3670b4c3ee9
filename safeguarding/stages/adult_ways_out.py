"""
The ways out of an adult review: the referral is withdrawn or referred on, the review is discontinued, its publication
waits.

None of them is a way around section 44 of the Care Act 2014: where its facts are known or suspected a review must be
arranged, whoever takes a referral back and whoever else may look into it.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from safeguarding.review.conditions import (
    JOINT_DECISION,
    child_referral_is_found,
    day_is_not_before,
    day_is_not_in_the_future,
    day_is_not_in_the_past,
)
from safeguarding.review.criteria import Result
from safeguarding.review.events import DeferralMade, Mark
from safeguarding.review.forms import Form, Limb, Positions, Ref, Sealed, SealedOptional, StillOwed, still_owed
from safeguarding.review.holds import A_DAY, WaitsFor, hold_is_looked_at_within_a_year, it_waits_for_a_day_or_an_event
from safeguarding.review.states import State
from safeguarding.review.step import ADULTS, DECIDERS, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.adult_decision import CHILD_REFERRAL_ELSEWHERE

BEFORE_THE_DECISION = frozenset({State.REFERRED, State.SCREENING, State.DECISION})

# --------------------------------------------------------------------------- before the decision


class EndsBeforeTheDecision(Form):
    """What every way out before the decision asks."""

    section_44: Limb = Field(
        title="On what is known or suspected: must a review be arranged all the same?",
        description="Care Act 2014 s.44(1) to (3). It does not hang on the referral, nor on who else reviews.",
    )


class ReferralWithdrawn(EndsBeforeTheDecision):
    """Whoever referred takes the referral back, or it was made twice. The decision register keeps it."""

    because: Literal["the referrer takes it back", "the same adult was referred twice", "referred in error"] = Field(
        title="Because"
    )
    withdrawn_on: date = Field(title="Withdrawn on")
    same_as: Ref = Field(default="", title="If referred twice: reference of the other review")
    reason: Sealed = Field(title="Why, in their words")
    still_owed: tuple[StillOwed, ...] = still_owed()


class ReferredOn(EndsBeforeTheDecision):
    """The referral goes to a body whose matter it is, and ends here."""

    to: Literal[
        "another safeguarding adults board",
        "the child track: the person is under 18",
        "the community safety partnership, for a domestic abuse related death review",
        "the programme that reviews deaths of people with a learning disability",
        "an NHS patient safety investigation",
        "another body",
    ] = Field(title="Referred to")
    whom: SealedOptional = Field(default="", title="Which board or body, and how it is reached")
    told_on: date = Field(title="That body was told on")
    reference: Ref = Field(default="", title="Reference of their acceptance, or of the referral on the child track")
    child_referral_elsewhere: SealedOptional = Field(default="", title=CHILD_REFERRAL_ELSEWHERE)
    referrer_told_on: date = Field(title="Referrer told on")
    reason: Sealed = Field(title="Why it is theirs")
    still_owed: tuple[StillOwed, ...] = still_owed()


def section_44_does_not_ask_for_a_review(step: Attempt[Any]) -> Check:
    """A duty that is there is decided; one that may be there is asked about. Neither goes away with the referral."""
    answer = step.form.section_44.answer
    if answer == "yes":
        return Check(False, "section 44 asks for a review: decide it, limb by limb, and tell others beside it")
    words = "whether section 44 asks for a review is not known: ask for the information (s.45), then decide"
    return Check(answer == "no", words)


def no_facts_of_section_44_are_on_record(step: Attempt[Any]) -> Check:
    """The record may already say since when the facts of section 44 were known."""
    known = step.review.happened("sar_facts_known")
    words = (
        f"the record says that the facts of section 44 were known on {known}: decide it, as 'not met' if they were not"
    )
    return Check(known is None, words)


def whom_it_goes_to_is_on_the_record(step: Attempt[ReferredOn]) -> Check:
    """Another board, or another body, is named: nobody's duty falls between two."""
    nameless = step.form.to in ("another safeguarding adults board", "another body") and not step.form.whom
    return Check(not nameless, f"say which it is, and how it is reached: {step.form.to}")


def a_child_is_referred_as_one(step: Attempt[ReferredOn]) -> Check:
    """What goes to the child track is a referral there: the national Panel may have to be notified (s.16C)."""
    form = step.form
    child = form.to == "the child track: the person is under 18"
    if not child or not (form.reference or form.child_referral_elsewhere):
        return Check(not child, "open the referral on the child track, and give its reference here")
    return child_referral_is_found(step, form.reference, form.child_referral_elsewhere)


def a_second_referral_names_the_first(step: Attempt[ReferralWithdrawn]) -> Check:
    """Where the adult was referred twice the other review is named, so that either finds the other."""
    twice = step.form.because == "the same adult was referred twice"
    return Check(not twice or bool(step.form.same_as), "give the reference of the review that goes on")


def withdraw(step: Attempt[ReferralWithdrawn]) -> Outcome:
    """Close; nothing was decided."""
    return Outcome(to=State.REFERRAL_WITHDRAWN, marks=(Mark(name="referral_closed", on=step.form.withdrawn_on),))


def refer_on(step: Attempt[ReferredOn]) -> Outcome:
    """Close here; it goes on elsewhere."""
    form = step.form
    marks = (
        Mark(name="referred_on", on=form.told_on),
        Mark(name="referrer_told", on=form.referrer_told_on),
        Mark(name="referral_closed", on=form.told_on),
    )
    return Outcome(to=State.REFERRED_ON, marks=marks)


WITHDRAW_REFERRAL = Step(
    name="withdraw_referral",
    title="Referral withdrawn",
    button="Withdraw the referral",
    tracks=ADULTS,
    sources=BEFORE_THE_DECISION,
    leads_to=frozenset({State.REFERRAL_WITHDRAWN}),
    by=MANAGERS | {"delegated_partner", "sar_group_chair"},
    form=ReferralWithdrawn,
    needs=(
        section_44_does_not_ask_for_a_review,
        no_facts_of_section_44_are_on_record,
        a_second_referral_names_the_first,
        day_is_not_in_the_future("withdrawn_on"),
        day_is_not_before("withdrawn_on", "referral_received"),
    ),
    does=withdraw,
    kind="referral_withdrawn",
    days={
        "withdrawn_on": ("referral_closed",),
    },
    marks=frozenset({"referral_closed"}),
    tells=("business_manager", "delegated_partner", "sar_group_chair"),
    way_out=True,
)

REFER_ON = Step(
    name="refer_on",
    title="Referred on",
    button="Refer on",
    tracks=ADULTS,
    sources=BEFORE_THE_DECISION,
    leads_to=frozenset({State.REFERRED_ON}),
    by=DECIDERS | {"business_manager", "sar_group_chair"},
    form=ReferredOn,
    needs=(
        section_44_does_not_ask_for_a_review,
        no_facts_of_section_44_are_on_record,
        whom_it_goes_to_is_on_the_record,
        a_child_is_referred_as_one,
        day_is_not_in_the_future("told_on"),
        day_is_not_in_the_future("referrer_told_on"),
        day_is_not_before("told_on", "referral_received"),
    ),
    does=refer_on,
    kind="referred_on",
    days={
        "told_on": ("referred_on", "referral_closed"),
        "referrer_told_on": ("referrer_told",),
    },
    marks=frozenset({"referred_on", "referrer_told", "referral_closed"}),
    tells=("business_manager", "delegated_partner", "sar_group_chair"),
    decision=True,
    way_out=True,
)

# --------------------------------------------------------------------------- a review that stops


class AdultDiscontinuation(Form):
    """The partners stop an adult review that they began. What was learnt is kept; the annual report names it."""

    because: Literal[
        "the facts of section 44 turned out not to be met",
        "another review looks into the same",
        "nothing more is to be learnt",
    ] = Field(title="Because", description="A review that was found mandatory stops only for the first.")
    decided_on: date = Field(title="Decided on")
    rationale: Sealed = Field(title="Why the review stops")
    positions: Positions = Field(title="The three partners")
    told: Literal["told", "nobody to tell", "not to be told, reasons in the rationale"] = Field(
        title="The adult, or the family"
    )
    learning: SealedOptional = Field(default="", title="Learning kept")
    still_owed: tuple[StillOwed, ...] = still_owed()


def a_mandatory_review_does_not_stop_by_choice(step: Attempt[AdultDiscontinuation]) -> Check:
    """Care Act 2014 s.44(1): a board «must» arrange it. It ends unfinished only where its facts were not there."""
    mandatory = step.review.facts.get("decided", {}).get("finding") == Result.MANDATORY
    met = not mandatory or step.form.because == "the facts of section 44 turned out not to be met"
    words = "section 44 was found to ask for this review: it stops only if its facts turned out not to be met"
    return Check(met, words)


def discontinue_adult(step: Attempt[AdultDiscontinuation]) -> Outcome:
    """End without a report."""
    return Outcome(to=State.DISCONTINUED, marks=(Mark(name="discontinued", on=step.form.decided_on),))


DISCONTINUE_ADULT = Step(
    name="discontinue_adult_review",
    title="Review discontinued",
    button="Discontinue the review",
    tracks=ADULTS,
    sources=frozenset({State.COMMISSIONING, State.IN_REVIEW, State.DRAFTING}),
    leads_to=frozenset({State.DISCONTINUED}),
    by=DECIDERS,
    form=AdultDiscontinuation,
    needs=(
        a_mandatory_review_does_not_stop_by_choice,
        *JOINT_DECISION,
        day_is_not_in_the_future("decided_on"),
        day_is_not_before("decided_on", "decided_to_initiate"),
    ),
    does=discontinue_adult,
    kind="discontinued",
    days={
        "decided_on": ("discontinued",),
    },
    marks=frozenset({"discontinued"}),
    tells=("business_manager", "lead_partner", "delegated_partner", "review_panel_chair", "agency_lead"),
    decision=True,
    way_out=True,
)

# --------------------------------------------------------------------------- publication waits


class AdultPublicationDeferred(Form):
    """Publication of an adult review waits. What is learnt is acted on meanwhile; the wait is looked at again."""

    decided_on: date = Field(title="Decided on")
    ground: Literal["criminal proceedings", "inquest", "welfare of the adult or the family", "other"] = Field(
        title="Ground"
    )
    reasons: Sealed = Field(title="Reasons")
    waits_for: WaitsFor = Field(default=A_DAY, title="It waits for")
    event: SealedOptional = Field(default="", title="If for another event: which")
    expected_on: date | None = Field(
        default=None,
        title="Publication now expected on",
        description="Needed where it waits for a day. Empty where nobody knows when the event comes.",
    )
    review_on: date = Field(title="Look again on", description="A deferral is looked at again on a day.")
    family: Literal["told", "to be told", "nobody to tell"] = Field(title="The adult, or the family")


def it_is_looked_at_before_it_is_expected(step: Attempt[AdultPublicationDeferred]) -> Check:
    """The wait is looked at again on a day to come, and no later than publication is expected, if a day is."""
    form = step.form
    met = step.today < form.review_on and (form.expected_on is None or form.review_on <= form.expected_on)
    not_after = f", not after {form.expected_on}" if form.expected_on else ""
    words = f"look again on {form.review_on}: give a day after {step.today}{not_after}"
    return Check(met, words)


def defer_adult(step: Attempt[AdultPublicationDeferred]) -> Outcome:
    """The reasons stand beside the report; the day to look again is chased."""
    form = step.form
    entry = DeferralMade(rule="A09", expected_on=form.expected_on, sent_to=(), on=form.decided_on)
    marks = (
        Mark(name="publication_deferred", on=form.decided_on),
        Mark(name="deferral_recorded", on=form.decided_on, subject="A09", due=form.review_on),
    )
    return Outcome(to=State.PUBLICATION_DEFERRED, marks=marks, entries=(entry,))


DEFER_ADULT_PUBLICATION = Step(
    name="defer_adult_publication",
    title="Publication deferred",
    button="Defer publication",
    tracks=ADULTS,
    sources=frozenset({State.PUBLICATION, State.PUBLICATION_DEFERRED}),
    leads_to=frozenset({State.PUBLICATION_DEFERRED}),
    by=DECIDERS,
    form=AdultPublicationDeferred,
    needs=(
        it_waits_for_a_day_or_an_event,
        it_is_looked_at_before_it_is_expected,
        hold_is_looked_at_within_a_year("review_on"),
        day_is_not_in_the_future("decided_on"),
        day_is_not_in_the_past("expected_on"),
        day_is_not_before("decided_on", "report_accepted"),
    ),
    does=defer_adult,
    kind="publication_deferred",
    days={
        "decided_on": ("publication_deferred", "deferral_recorded"),
    },
    marks=frozenset({"publication_deferred", "deferral_recorded"}),
    tells=("business_manager", "delegated_partner", "lead_partner", "agency_lead", "family_liaison"),
    decision=True,
    way_out=True,
)

STEPS = (WITHDRAW_REFERRAL, REFER_ON, DISCONTINUE_ADULT, DEFER_ADULT_PUBLICATION)

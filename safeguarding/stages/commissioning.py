"""
Commissioning: terms of reference, a reviewer, a chair, and the letters that tell everybody.

Begins with the decision to initiate, from which the six months run. Ends when terms of reference are agreed
and a suitable reviewer is appointed, or (children) when the review is discontinued. Each may be recorded by itself on
its own day (`commission_parts`); the step that begins the review asks for what is still missing.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from safeguarding.review.conditions import JOINT_DECISION, day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Limb, Positions, Ref, Sealed, SealedOptional, StillOwed, still_owed
from safeguarding.review.legal_tests import REVIEWER
from safeguarding.review.states import State, Track
from safeguarding.review.step import ADULTS, CHILDREN, DECIDERS, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.commission_parts import (
    DAILY_LIFE_TITLE,
    DAILY_LIFE_WORDS,
    TERMS_WORDS,
    CoronerTold,
    CriminalContact,
    Method,
    asked_once,
    chair_may_chair,
    period_runs_forward,
    recorded_before,
)
from safeguarding.stages.reviewer import reviewer_is_suitable

UNLESS = "Not asked for again where it was recorded by itself."


def _if_not_yet(title: str, words: str = "") -> Any:
    """A question of a part: empty where the part was recorded by itself."""
    return Field(default=None, title=title, description=f"{words} {UNLESS}".strip())


class Commission(Form):
    """What is commissioned: the terms, the scope, the reviewer considered quality by quality, the chair."""

    reviewer: SealedOptional = Field(
        default="", title="Lead reviewer", description=f"Named in the published report. {UNLESS}"
    )
    reviewer_in_file: Annotated[str, From("reviewers")] | None = Field(
        default=None,
        title="Who of the partnership's people that is",
        description="Of those who hold the role only they hear of this review then. Empty, if they are none of them.",
    )
    appointed_on: date | None = _if_not_yet("Reviewer appointed on")
    knowledge_of_reviews: Limb | None = _if_not_yet(
        "Knowledge and practice of reviews, with practitioners and families?"
    )
    knowledge_of_research: Limb | None = _if_not_yet("Knowledge of relevant research?")
    sees_complex_circumstances: Limb | None = _if_not_yet("Recognises complex circumstances?")
    avoids_hindsight: Limb | None = _if_not_yet("Views practice as it was at the time, not by hindsight?")
    communicates: Limb | None = _if_not_yet("Communicates findings effectively?")
    conflict_of_interest: Limb | None = _if_not_yet(
        "Any real or perceived conflict of interest?",
        "No connection with the case or with the organisations under review.",
    )
    terms_agreed_on: date | None = _if_not_yet("Terms of reference agreed on")
    scope_from: date | None = _if_not_yet("Period under review from")
    scope_to: date | None = _if_not_yet("Period under review to")
    method: Method | None = _if_not_yet("Method")
    terms: SealedOptional = Field(default="", title="Terms of reference", description=f"{TERMS_WORDS} {UNLESS}")
    daily_life: SealedOptional = Field(default="", title=DAILY_LIFE_TITLE, description=f"{DAILY_LIFE_WORDS} {UNLESS}")
    chair: Annotated[str, From("people")] | None = _if_not_yet("Chair of the review panel")
    criminal_contact: CriminalContact | None = _if_not_yet("Senior investigating officer and CPS")
    coroner_told: CoronerTold | None = _if_not_yet("Coroner")


class ChildCommission(Commission):
    """A local child safeguarding practice review, commissioned."""

    decision_told_on: date | None = Field(
        default=None,
        title="Panel, Ofsted and DfE told of the decision on",
        description="As soon as decided, if not yet recorded; text of the guidance not yet checked.",
    )
    reviewer_named_on: date | None = Field(
        default=None,
        title="Panel, Ofsted and DfE told the reviewer's name on",
        description="As soon as appointed. Left open it stays owed; text of the guidance not yet checked.",
    )


class AdultCommission(Commission):
    """A Safeguarding Adults Review, commissioned."""

    letters_sent_on: date | None = _if_not_yet("Letters to heads of agencies sent on")
    consent: Literal["the adult consents", "advice on public interest recorded", "the adult has died"] = Field(
        title="Consent or capacity", description="A living adult consents, or advice is recorded."
    )
    advocate: Literal[
        "arranged", "not needed", "the adult has died", "not yet: the review begins as a matter of urgency"
    ] = Field(
        title="Independent advocate",
        description="Care Act 2014 s.68: for a living adult who would have substantial difficulty in being involved "
        "and has nobody appropriate. An urgent review may begin first; the advocate is then still owed.",
    )
    urgency: SealedOptional = Field(default="", title="If the review begins first: why it is urgent")
    no_advocate: SealedOptional = Field(
        default="", title="If no advocate is needed: why", description="Who supports the adult, or why nobody need."
    )
    died_since: date | None = Field(default=None, title="If the adult has died since the decision: on")


def the_panel_was_told_of_the_decision(step: Attempt[ChildCommission]) -> Check:
    """The Panel, Ofsted and the Department know that there is to be a review; the reviewer's name may follow."""
    told = step.form.decision_told_on or step.review.happened("decision_told")
    return Check(told is not None, "say when the Panel, Ofsted and DfE were told of the decision")


def the_advocate_is_settled(step: Attempt[AdultCommission]) -> Check:
    """A living adult has an advocate or a reason that none is needed; beginning first needs its urgency (s.68(6))."""
    form = step.form
    died = form.consent == "the adult has died"
    if died is not (form.advocate == "the adult has died"):
        return Check(False, "consent and the advocate's question contradict each other: has the adult died?")
    short = []
    if form.advocate.startswith("not yet") and not form.urgency:
        short.append("why the review is so urgent that it begins without an advocate")
    if form.advocate == "not needed" and not form.no_advocate:
        short.append("why no independent advocate is needed (s.68)")
    return Check(not short, f"say {' and '.join(short)}")


def the_adult_is_as_the_decision_says(step: Attempt[AdultCommission]) -> Check:
    """
    Whoever was alive at the decision is so here, unless the day of death since is given; whoever had died has died.

    Section 68 asks for an advocate of a living adult, so an answer here must not make the duty vanish.
    """
    decided = step.review.facts.get("decided", {})
    died, alive = (decided.get(limb, {}).get("answer") == "yes" for limb in ("died", "alive"))
    form = step.form
    here = form.consent == "the adult has died"
    if alive and here and form.died_since is None:
        return Check(
            False,
            "the decision says that the adult is alive, and here the adult has died: if that happened since, give the "
            "day; if one of the two is wrong, put it right",
        )
    if died and not here:
        return Check(False, "the decision says that the adult has died, and here the adult is alive: which is wrong?")
    return Check(here or form.died_since is None, "a day of death is given of an adult who is alive here")


def the_reviewer_is_suitable(step: Attempt[Commission]) -> Check:
    """Of a reviewer who is appointed here every quality is considered; of one recorded before they were."""
    considered = all(getattr(step.form, name) is not None for name in REVIEWER.rows[1].when)
    return reviewer_is_suitable(step) if considered else Check(True, "")


def commission(step: Attempt[Commission]) -> Outcome:
    """Begin the review: monitoring at regular intervals (reg. 14) runs from here on the child track."""
    form, review = step.form, step.review
    given = (("terms_of_reference_agreed", form.terms_agreed_on), ("reviewer_appointed", form.appointed_on))
    marks = [Mark(name=name, on=on) for name, on in given if on is not None]
    began = max(day for name, on in given if (day := on or review.happened(name)) is not None)
    if isinstance(form, ChildCommission):
        told = (("decision_told", form.decision_told_on), ("reviewer_named", form.reviewer_named_on))
        marks += [Mark(name=name, on=on) for name, on in told if on is not None]
    marks.append(Mark(name="review_started", on=began))
    if isinstance(form, AdultCommission):
        settled = {"arranged": "advocate_arranged", "not needed": "advocate_not_needed"}
        urgent = "review_begun_without_advocate" if form.advocate.startswith("not yet") else ""
        if name := settled.get(form.advocate, urgent):
            marks.append(Mark(name=name, on=began))
    before = {name: said for name, said in recorded_before(review).items() if name in type(form).model_fields}
    return Outcome(to=State.IN_REVIEW, marks=tuple(marks), facts=before)


NEEDS = (
    the_reviewer_is_suitable,
    period_runs_forward,
    chair_may_chair,
    day_is_not_in_the_future("terms_agreed_on"),
    day_is_not_in_the_future("appointed_on"),
    day_is_not_before("terms_agreed_on", "decided_to_initiate"),
    day_is_not_before("appointed_on", "decided_to_initiate"),
)


CHILD_NEEDS = (
    the_panel_was_told_of_the_decision,
    day_is_not_in_the_future("decision_told_on"),
    day_is_not_in_the_future("reviewer_named_on"),
)
ADULT_NEEDS = (
    the_advocate_is_settled,
    the_adult_is_as_the_decision_says,
    day_is_not_in_the_future("letters_sent_on"),
    day_is_not_in_the_future("died_since"),
    day_is_not_before("died_since", "decided_to_initiate"),
)
ADULT_MARKS = frozenset({"advocate_arranged", "advocate_not_needed", "review_begun_without_advocate"})


def _commission(track: Track, form: type[Commission]) -> Step:
    child = track is Track.CHILDREN
    both = () if child else ADULT_MARKS  # The advocate of an adult: dated by the later of the two days, as the start.
    return Step(
        name="commission_review" if child else "commission_adult_review",
        title="Review commissioned",
        button="Commission the review",
        tracks=CHILDREN if child else ADULTS,
        sources=frozenset({State.COMMISSIONING}),
        leads_to=frozenset({State.IN_REVIEW}),
        by=MANAGERS | {"delegated_partner"},
        form=form,
        needs=(*asked_once(form), *NEEDS, *(CHILD_NEEDS if child else ADULT_NEEDS)),
        does=commission,
        kind="commissioned",
        days={
            "terms_agreed_on": ("terms_of_reference_agreed", "review_started", *both),
            "appointed_on": ("reviewer_appointed", "review_started", *both),
            **({"decision_told_on": ("decision_told",), "reviewer_named_on": ("reviewer_named",)} if child else {}),
        },
        marks=frozenset({"terms_of_reference_agreed", "reviewer_appointed", "review_started"})
        | (frozenset({"decision_told", "reviewer_named"}) if child else ADULT_MARKS),
        tells=("delegated_partner", "agency_lead", "review_panel_chair", "family_liaison"),
    )


COMMISSION_REVIEW = _commission(Track.CHILDREN, ChildCommission)
COMMISSION_ADULT_REVIEW = _commission(Track.ADULTS, AdultCommission)


class Discontinuation(Form):
    """The partners stop together a review that they began together. The reasons stand in the register."""

    decided_on: date = Field(title="Decided on")
    rationale: Sealed = Field(title="Why the review stops")
    positions: Positions = Field(title="The three partners")
    panel_told_on: date = Field(title="National Panel told on")
    panel_reference: Ref = Field(default="", title="Reference of that letter")
    learning: SealedOptional = Field(default="", title="Learning kept")
    still_owed: tuple[StillOwed, ...] = still_owed()


def discontinue(step: Attempt[Discontinuation]) -> Outcome:
    """End without a report."""
    return Outcome(to=State.DISCONTINUED, marks=(Mark(name="discontinued", on=step.form.decided_on),))


DISCONTINUE = Step(
    name="discontinue_review",
    title="Review discontinued",
    button="Discontinue the review",
    tracks=CHILDREN,
    sources=frozenset({State.COMMISSIONING, State.IN_REVIEW}),
    leads_to=frozenset({State.DISCONTINUED}),
    by=DECIDERS,
    form=Discontinuation,
    needs=(
        *JOINT_DECISION,
        day_is_not_in_the_future("decided_on"),
        day_is_not_in_the_future("panel_told_on"),
        day_is_not_before("decided_on", "decided_to_initiate"),
    ),
    does=discontinue,
    kind="discontinued",
    days={
        "decided_on": ("discontinued",),
    },
    marks=frozenset({"discontinued"}),
    tells=("business_manager", "lead_partner", "delegated_partner", "review_panel_chair"),
    decision=True,
    way_out=True,
)

STEPS = (COMMISSION_REVIEW, COMMISSION_ADULT_REVIEW, DISCONTINUE)

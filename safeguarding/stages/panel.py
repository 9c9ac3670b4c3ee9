"""
Panel: the review itself, from the first panel meeting to an accepted report.

Begins when terms are agreed. Agencies report, practitioners and family are heard, drafts are checked for
accuracy. Ends when the partners accept the report. The national Panel is somebody else: this is the panel
of one review.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from safeguarding.review.conditions import JOINT_DECISION, day_is_not_before, day_is_not_in_the_future, day_is_to_come
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, Limb, Positions, Sealed, SealedOptional
from safeguarding.review.states import State
from safeguarding.review.step import ADULTS, BOTH, CHILDREN, DECIDERS, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.review.words import own_life
from safeguarding.stages.own_life import ACCEPTED, DRAFT, SAYS_WHERE, conclusions_speak_of_the_person
from safeguarding.stages.publish_nothing import nothing_marks
from safeguarding.stages.rapid_review import Missing, excused, nothing_is_missing_without_a_reason
from safeguarding.stages.reviewer import there_is_a_reviewer

# --------------------------------------------------------------------------- in review -> drafting


class AnalysisCompleted(Form):
    """Everything asked for has come, practitioners and family have been heard: drafting begins."""

    completed_on: date = Field(title="Analysis completed on")
    practitioners: Literal["heard", "offered, declined"] = Field(title="Practitioners")
    family: Literal["heard", "offered, declined", "not approached, on police or legal advice", "nobody to ask"] = Field(
        title="Family or the adult"
    )
    family_note: SealedOptional = Field(default="", title="Their wishes, and how they were asked")
    without: tuple[Missing, ...] = Field(default=(), title="Agency reports still missing")


def begin_drafting(step: Attempt[AnalysisCompleted]) -> Outcome:
    """The lead reviewer writes."""
    marks, answers = excused(step, "report", step.form.completed_on)
    done = Mark(name="analysis_completed", on=step.form.completed_on)
    return Outcome(to=State.DRAFTING, marks=(*marks, done), entries=answers)


BEGIN_DRAFTING = Step(
    name="begin_drafting",
    title="Analysis complete, drafting begun",
    button="Begin drafting",
    tracks=BOTH,
    sources=frozenset({State.IN_REVIEW}),
    leads_to=frozenset({State.DRAFTING}),
    by=MANAGERS | {"review_panel_chair", "lead_reviewer"},
    form=AnalysisCompleted,
    needs=(
        there_is_a_reviewer,
        nothing_is_missing_without_a_reason("report"),
        day_is_not_in_the_future("completed_on"),
        day_is_not_before("completed_on", "review_started"),
    ),
    does=begin_drafting,
    kind="drafting_begun",
    days={
        "completed_on": ("analysis_completed", "agency_excused"),
    },
    marks=frozenset({"analysis_completed", "agency_excused"}),
    tells=("review_panel_chair", "lead_reviewer"),
)


class Back(Form):
    """Back to an earlier point of the same review."""

    decided_on: date = Field(title="Decided on")
    reason: Sealed = Field(title="Why")


def _back(
    name: str, title: str, button: str, source: State, to: State, kind: str, *, adults_only: bool = False
) -> Step:
    """A step that goes back: the clocks run on, since going back is nobody's ground for more time."""

    def go_back(step: Attempt[Back]) -> Outcome:
        return Outcome(to=to, marks=(Mark(name=kind, on=step.form.decided_on),))

    children_only = source is State.SIGN_OFF
    return Step(
        name=name,
        title=title,
        button=button,
        way_out=True,
        tracks=ADULTS if adults_only else CHILDREN if children_only else BOTH,
        sources=frozenset({source}),
        leads_to=frozenset({to}),
        by=MANAGERS | {"review_panel_chair", "delegated_partner"},
        form=Back,
        needs=(day_is_not_in_the_future("decided_on"),),
        does=go_back,
        kind=kind,
        days={"decided_on": (kind,)},
        marks=frozenset({kind}),
        tells=("review_panel_chair", "lead_reviewer", "delegated_partner"),
    )


RESCOPE = _back("rescope_review", "Re-scoped", "Change the scope", State.IN_REVIEW, State.COMMISSIONING, "rescoped")
RETURN_TO_REVIEW = _back(
    "return_to_review",
    "Returned to the panel",
    "Send back to the panel",
    State.DRAFTING,
    State.IN_REVIEW,
    "returned_to_review",
)
RETURN_TO_DRAFTING = _back(
    "return_to_drafting",
    "Returned to drafting",
    "Send back to drafting",
    State.SIGN_OFF,
    State.DRAFTING,
    "returned_to_drafting",
)
RETURN_ADULT_DRAFT = _back(
    "return_adult_draft",
    "Returned to drafting",
    "Send back to drafting",
    State.ACCEPTANCE,
    State.DRAFTING,
    "returned_to_drafting",
    adults_only=True,
)

# --------------------------------------------------------------------------- drafting -> sign-off


class FinalDraft(Form):
    """
    The final draft: every agency could correct facts, lawyers and the anonymity check have been through it.

    It says where the report has the child's daily life, or the adult's wishes: what the review is about.
    """

    completed_on: date = Field(title="Final draft ready on")
    accuracy_offered: Limb = Field(title="Had every agency the chance to correct facts?")
    legal_check: Literal["done", "not done"] = Field(title="Legal check")
    anonymity_check: Literal["done", "not done"] = Field(
        title="Anonymity check", description="No exact dates, places, schools or rare facts that identify."
    )
    daily_life: Sealed = Field(
        title="Where does the report have the child's daily life, or what the adult wanted?",
        description="Chapter and pages. A draft that does not have it cannot go to the partners.",
    )
    disputes: SealedOptional = Field(default="", title="Disputes about fact, and how they were settled")
    without: tuple[Missing, ...] = Field(default=(), title="Accuracy returns still missing")


def draft_is_checked(step: Attempt[FinalDraft]) -> Check:
    """Accuracy offered to every agency, legal check done, anonymity check done."""
    form = step.form
    short = []
    if form.accuracy_offered.answer != "yes":
        short.append("every agency has had the chance to correct facts")
    if form.legal_check != "done":
        short.append("the legal check")
    if form.anonymity_check != "done":
        short.append("the anonymity check")
    return Check(not short, f"the draft still lacks: {', '.join(short)}")


def draft_says_where(step: Attempt[FinalDraft]) -> Check:
    """Where the draft has the person's own life is a place that can be opened: a stop or a dash is none."""
    met = any(sign.isalnum() for sign in step.form.daily_life)
    return Check(met, f"say where the draft has {own_life(step.review.track)} by its chapter, heading or page")


def submit_draft(step: Attempt[FinalDraft]) -> Outcome:
    """To the partners."""
    marks, answers = excused(step, "accuracy", step.form.completed_on)
    child = step.review.track.value == "children"
    drafted = Mark(name="final_draft_ready", on=step.form.completed_on)
    first = Mark(name="first_draft_received", on=step.form.completed_on)
    new = (first,) if step.review.happened("first_draft_received") is None else ()
    to = State.SIGN_OFF if child else State.ACCEPTANCE
    return Outcome(to=to, marks=(*marks, *new, drafted), entries=answers, facts={SAYS_WHERE: "yes"})


SUBMIT_DRAFT = Step(
    name="submit_draft",
    title="Final draft submitted",
    button="Submit the draft",
    tracks=BOTH,
    sources=frozenset({State.DRAFTING}),
    leads_to=frozenset({State.SIGN_OFF, State.ACCEPTANCE}),
    by=MANAGERS | {"review_panel_chair", "lead_reviewer"},
    form=FinalDraft,
    needs=(
        there_is_a_reviewer,
        nothing_is_missing_without_a_reason("accuracy"),
        draft_is_checked,
        draft_says_where,
        day_is_not_in_the_future("completed_on"),
        day_is_not_before("completed_on", "review_started"),
    ),
    does=submit_draft,
    kind=DRAFT,
    days={
        "completed_on": ("first_draft_received", "final_draft_ready", "agency_excused"),
    },
    marks=frozenset({"final_draft_ready", "first_draft_received", "agency_excused"}),
    tells=("delegated_partner", "lead_partner", "review_panel_chair"),
)

# --------------------------------------------------------------------------- sign-off


class Signed(Form):
    """The partners accept the report. Every recommendation says what is required of whom, by when."""

    accepted_on: date = Field(title="Accepted on")
    recommendations: int = Field(title="Number of recommendations", ge=0, le=99)
    every_recommendation_owned: Limb = Field(title="Has each an owner and a date?")
    systemic_analysis: Limb = Field(title="Does it say why: the underlying, systemic reasons?")
    daily_life: SealedOptional = Field(
        default="",
        title="Where do its conclusions speak of the child's daily life, or of what the adult wanted?",
        description="Chapter and pages of the conclusions and recommendations. Needed where the draft was asked for it "
        "too. The partnership's own standard, not the law's.",
    )
    positions: Positions = Field(title="The three partners")


class ReportSigned(Signed):
    """A child report: what it must include (regulation 15), what is published, and the planned day."""

    improvements_summary: Limb = Field(
        title="Does it summarise the improvements recommended?",
        description="S.I. 2018/789 reg.15(a): those to be made by persons in the area.",
    )
    systemic_analysis: Limb = Field(
        title="Does it analyse the systemic or underlying reasons?",
        description="S.I. 2018/789 reg.15(b): why actions were taken or not taken in what the report covers.",
    )
    publish: Literal["the full report", "information about the improvements only", "nothing"] = Field(
        title="To be published"
    )
    justification: SealedOptional = Field(
        default="",
        title="If not the full report: why publishing it would be inappropriate",
        description="Sent to the national Panel and the Secretary of State.",
    )
    no_information: SealedOptional = Field(
        default="",
        title="If nothing: why no information about the improvements is appropriate to publish",
        description="Section 16F(5): whatever of it they consider appropriate to publish, they must publish.",
    )
    planned_on: date | None = Field(
        default=None,
        title="Planned publication day, unless nothing is published",
        description="The report goes to the Secretary of State and the Panel first; by when is shown with the plan.",
    )


class FindingsAccepted(Signed):
    """An adult report: findings not to be implemented need their reasons, which the annual report must give."""

    not_implemented: int = Field(title="Findings that will not be implemented", ge=0, le=99)
    reasons: SealedOptional = Field(
        default="", title="Reasons for each of them", description="Care Act 2014 Sch.2 para 4(1)(g)."
    )


def report_is_complete(step: Attempt[Signed]) -> Check:
    """Every recommendation has an owner and a date, and the report says why; a child's has what regulation 15 asks."""
    form = step.form
    short = []
    if form.every_recommendation_owned.answer != "yes":
        short.append("an owner and a date for every recommendation")
    if form.systemic_analysis.answer != "yes":
        short.append("the underlying, systemic reasons")
    if isinstance(form, ReportSigned) and form.improvements_summary.answer != "yes":
        short.append("a summary of the improvements recommended (reg.15(a))")
    return Check(not short, f"the report still lacks: {' and '.join(short)}")


def withholding_is_justified(step: Attempt[ReportSigned]) -> Check:
    """A report that is not published in full has its justification; publishing nothing has one for that as well."""
    form = step.form
    short = []
    if form.publish != "the full report" and not form.justification:
        short.append("why publishing the full report would be inappropriate")
    if form.publish == "nothing" and not form.no_information:
        short.append("why no information about the improvements is appropriate to publish")
    return Check(not short, f"say {', and '.join(short)}")


def what_is_published_has_its_day(step: Attempt[ReportSigned]) -> Check:
    """There is a planned day where something is published, and none where nothing is."""
    day = step.form.planned_on
    if step.form.publish == "nothing":
        return Check(day is None, "nothing is published, so there is no day of publication to plan")
    return Check(day is not None, "planned publication (no day given) is not to come")


def unimplemented_findings_have_reasons(step: Attempt[FindingsAccepted]) -> Check:
    """A finding that will not be implemented has its reasons."""
    form = step.form
    return Check(not form.not_implemented or bool(form.reasons), "reasons are needed for findings not implemented")


def sign_report(step: Attempt[ReportSigned]) -> Outcome:
    """Accept, and start the count back from the planned day; or record that nothing is published, on the day of it."""
    form = step.form
    accepted = Mark(name="report_accepted", on=form.accepted_on)
    if form.planned_on is None:
        return Outcome(to=State.NOT_PUBLISHED, marks=(accepted, *nothing_marks(form.accepted_on, sent=None)))
    plan = "full" if form.publish == "the full report" else "improvements_only"
    planned = Mark(name=f"publication_planned_{plan}", on=form.planned_on)
    if plan == "full":
        return Outcome(to=State.PRE_PUBLICATION, marks=(accepted, planned))
    decided = Mark(name="decided_not_to_publish", on=form.accepted_on)
    return Outcome(to=State.PRE_PUBLICATION, marks=(accepted, planned, decided))


SIGN_REPORT = Step(
    name="sign_report",
    title="Report accepted",
    button="Accept the report",
    tracks=CHILDREN,
    sources=frozenset({State.SIGN_OFF}),
    leads_to=frozenset({State.PRE_PUBLICATION, State.NOT_PUBLISHED}),
    by=DECIDERS,
    form=ReportSigned,
    needs=(
        there_is_a_reviewer,
        report_is_complete,
        conclusions_speak_of_the_person,
        withholding_is_justified,
        what_is_published_has_its_day,
        day_is_to_come("planned_on", "planned publication"),
        *JOINT_DECISION,
        day_is_not_in_the_future("accepted_on"),
        day_is_not_before("accepted_on", "final_draft_ready"),
    ),
    does=sign_report,
    kind=ACCEPTED,
    days={
        "accepted_on": ("report_accepted", "decided_not_to_publish", "decided_to_publish_nothing"),
        "planned_on": ("publication_planned_full", "publication_planned_improvements_only"),
    },
    marks=frozenset(
        {
            "report_accepted",
            "publication_planned_full",
            "publication_planned_improvements_only",
            "decided_not_to_publish",
            "decided_to_publish_nothing",
            "report_provided",
        }
    ),
    tells=("business_manager", "delegated_partner", "lead_partner", "review_panel_chair", "agency_lead"),
    decision=True,
)


def accept_findings(step: Attempt[FindingsAccepted]) -> Outcome:
    """Accept; the aim of six months is settled by this."""
    return Outcome(to=State.PUBLICATION, marks=(Mark(name="report_accepted", on=step.form.accepted_on),))


ACCEPT_FINDINGS = Step(
    name="accept_findings",
    title="Findings accepted",
    button="Accept the findings",
    tracks=ADULTS,
    sources=frozenset({State.ACCEPTANCE}),
    leads_to=frozenset({State.PUBLICATION}),
    by=DECIDERS,
    form=FindingsAccepted,
    needs=(
        report_is_complete,
        conclusions_speak_of_the_person,
        unimplemented_findings_have_reasons,
        *JOINT_DECISION,
        day_is_not_in_the_future("accepted_on"),
        day_is_not_before("accepted_on", "final_draft_ready"),
    ),
    does=accept_findings,
    kind=ACCEPTED,
    days={
        "accepted_on": ("report_accepted",),
    },
    marks=frozenset({"report_accepted"}),
    tells=("business_manager", "delegated_partner", "lead_partner", "review_panel_chair", "agency_lead"),
    decision=True,
)

STEPS = (
    BEGIN_DRAFTING,
    RESCOPE,
    SUBMIT_DRAFT,
    RETURN_TO_REVIEW,
    SIGN_REPORT,
    RETURN_TO_DRAFTING,
    ACCEPT_FINDINGS,
    RETURN_ADULT_DRAFT,
)

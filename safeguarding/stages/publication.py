"""
Publication: the report, or what may be said of the improvements, is made public.

Children: the Secretary of State and the national Panel have the report seven days before (regulation 16), and by
guidance Ofsted too, seven working days before; both days are counted and the earlier binds (`report_sent`). Nothing is
published late-sent, the day moves instead. The partners may publish nothing, and the report goes to both all the same.
Adults: whether, what and for how long to publish are decisions. Ends when the action plan is agreed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Literal

from pydantic import Field

from safeguarding.duties.started_and_settled import clocks
from safeguarding.review.advance_copy import copy_that_went, latest_copy, plans_the_full_report
from safeguarding.review.conditions import (
    DayFollowsAnother,
    day_is_not_before,
    day_is_not_in_the_future,
    day_is_to_come,
)
from safeguarding.review.events import DeferralMade, Mark
from safeguarding.review.forms import Form, Limb, Ref, Sealed, SealedOptional, WebAddress
from safeguarding.review.holds import (
    A_DAY,
    WaitsFor,
    hold_is_looked_at_within_a_year,
    it_waits_for_a_day_or_an_event,
    looked_at,
)
from safeguarding.review.states import State
from safeguarding.review.step import ADULTS, BOTH, CHILDREN, DECIDERS, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.counted_from_publication import counted_from_publication
from safeguarding.stages.discretionary import six_months_of
from safeguarding.stages.report_sent import is_met, met_on
from safeguarding.stages.reviewer import there_is_a_reviewer

# --------------------------------------------------------------------------- children: publish


class Published(Form):
    """What was put on the public page. It stays there for at least a year."""

    published_on: date = Field(title="Published on")
    reviewer_named: Literal["yes", "no"] = Field(title="Is the reviewer named in it?")
    text_unchanged: Literal["yes", "no"] = Field(title="Is the text the one sent in advance?")
    family_shown: Literal["shown first", "offered, declined", "nobody to show"] = Field(title="The family")
    public_address: Ref = Field(default="", title="Reference of the public page")
    report_at: WebAddress = Field(
        default="", title="Web address of what was published", description="The public register links to it."
    )


def advance_copy_went_in_time(step: Attempt[Published]) -> Check:
    """
    The advance copy that the present plan needs left on or before its day, counted back from publication itself.

    A gate, not a reminder: if it was late the planned day moves; nothing is sent late and published anyway. What went
    for another plan, or of an earlier text, is not this copy: the gate of the plan as it stands is met, or it is not.
    The first copy that met it counts: another sent afterwards, out of courtesy, makes it no later.
    """
    full = plans_the_full_report(step.review)
    sent = met_on(step.review, "C13b" if full else "C14b")
    went = copy_that_went(step.review, full)
    if sent is None and went is not None:
        return Check(False, f"the copy that went on {went} was too late for the planned day: plan the day again")
    if sent is None:
        what = "the report" if full else "the report and the information about the improvements"
        other = step.review.happened("advance_copy_sent")
        earlier = f"; what went on {other} was for another plan or of an earlier text" if other else ""
        return Check(
            False, f"the advance copy has not been sent ({what}, to the Secretary of State and the Panel){earlier}"
        )
    latest, both = latest_copy(full, step.form.published_on, step.rulebook)
    words = (
        f"the advance copy went on {sent}; for {step.form.published_on} it had to go by {latest} ({both}): move the day"
    )
    return Check(sent <= latest, words)


def justification_has_gone(step: Attempt[Published]) -> Check:
    """If the full report is withheld, the Panel and the Secretary of State have the justification of that decision."""
    withheld = not plans_the_full_report(step.review)
    sent = step.review.happened("justification_sent") is not None and is_met(step.review, "C15")
    return Check(not withheld or sent, "record first when the justification for not publishing was sent")


def a_second_publication_is_planned(step: Attempt[Published]) -> Check:
    """What was published before and is published again has a day planned for that, to which its gates are counted."""
    marks = [mark.name for mark in step.review.marks]
    last = len(marks) - marks[::-1].index("published") if "published" in marks else 0
    planned = any(name.startswith("publication_planned_") for name in marks[last:])
    words = f"it was published on {step.review.happened('published')}: plan the day on which it is published again"
    return Check(not last or planned, words)


def reviewer_is_named(step: Attempt[Published]) -> Check:
    """The reviewer's name is in what is published."""
    return Check(step.form.reviewer_named == "yes", "the report must name the reviewer")


def text_is_the_one_sent(step: Attempt[Published]) -> Check:
    """What is published is what was sent; a material change is sent again and counted again."""
    return Check(step.form.text_unchanged == "yes", "the text changed: send it again, and count again")


def publish(step: Attempt[Published]) -> Outcome:
    """Live: the year of availability begins, and the time for the advance copy is counted back from this very day."""
    full, on = plans_the_full_report(step.review), step.form.published_on
    to = State.PUBLISHED if full else State.PUBLISHED_IMPROVEMENTS_ONLY
    made = Outcome(to=to, marks=(Mark(name="published", on=on),))
    moved = clocks(step.review, made, step.today, step.rulebook)
    return replace(made, clocks=(*moved, *counted_from_publication(step.review, on, step.rulebook)))


PUBLISH = Step(
    name="publish",
    title="Published",
    button="Publish",
    tracks=CHILDREN,
    sources=frozenset({State.PRE_PUBLICATION}),
    leads_to=frozenset({State.PUBLISHED, State.PUBLISHED_IMPROVEMENTS_ONLY}),
    by=MANAGERS,
    form=Published,
    needs=(
        there_is_a_reviewer,
        a_second_publication_is_planned,
        advance_copy_went_in_time,
        justification_has_gone,
        reviewer_is_named,
        text_is_the_one_sent,
        day_is_not_in_the_future("published_on"),
        day_is_not_before("published_on", "report_accepted"),
    ),
    does=publish,
    kind="published",
    days={
        "published_on": ("published",),
    },
    marks=frozenset({"published"}),
    tells=("delegated_partner", "lead_partner", "agency_lead", "family_liaison", "learning_group"),
)


class PublicationDeferred(Form):
    """Publication waits for a trial, an inquest or somebody's welfare. The six months run on."""

    decided_on: date = Field(title="Decided on")
    ground: Literal["criminal proceedings", "inquest", "welfare of a child or adult", "other"] = Field(title="Ground")
    reasons: Sealed = Field(title="Reasons, as sent")
    sent_on: date = Field(title="Reasons sent to the Panel and the Secretary of State on")
    waits_for: WaitsFor = Field(default=A_DAY, title="It waits for")
    event: SealedOptional = Field(default="", title="If for another event: which")
    expected_on: date | None = Field(
        default=None,
        title="Publication now expected on",
        description="Needed where it waits for a day. Empty where nobody knows when the event comes.",
    )
    review_on: date = Field(title="Look again on", description="A deferral is looked at again on a day.")


def reasons_go_before_the_date_passes(step: Attempt[PublicationDeferred]) -> Check:
    """Reasons are sent before the six months are up; afterwards only a deferral after the fact can be recorded."""
    due = [duty.due_on for duty in step.review.running(six_months_of(step.review))]
    late = bool(due) and step.form.sent_on > due[0]
    words = f"the six months ended on {due[0] if due else ''}: record a deferral (it shows as late), then plan a day"
    return Check(not late, words)


def defer(step: Attempt[PublicationDeferred]) -> Outcome:
    """The date stands and stays visible; the reasons stand beside it."""
    form = step.form
    rule = six_months_of(step.review)
    entry = DeferralMade(
        rule=rule, expected_on=form.expected_on, sent_to=("national_panel", "secretary_of_state"), on=form.sent_on
    )
    marks = (
        Mark(name="publication_deferred", on=form.decided_on),
        Mark(name="deferral_recorded", on=form.sent_on, subject=rule, due=form.review_on),
    )
    return Outcome(to=State.PUBLICATION_DEFERRED, marks=marks, entries=(entry,))


DEFER_PUBLICATION = Step(
    name="defer_publication",
    title="Publication deferred",
    button="Defer publication",
    tracks=CHILDREN,
    sources=frozenset({State.PRE_PUBLICATION, State.PUBLICATION_DEFERRED}),
    leads_to=frozenset({State.PUBLICATION_DEFERRED}),
    by=frozenset({"lead_partner"}),
    form=PublicationDeferred,
    needs=(
        reasons_go_before_the_date_passes,
        it_waits_for_a_day_or_an_event,
        day_is_to_come("expected_on", "publication expected on"),
        day_is_to_come("review_on", "the day to look again"),
        hold_is_looked_at_within_a_year("review_on"),
        day_is_not_in_the_future("decided_on"),
        day_is_not_in_the_future("sent_on"),
        day_is_not_before("decided_on", "report_accepted"),
    ),
    does=defer,
    kind="publication_deferred",
    days={
        "decided_on": ("publication_deferred",),
        "sent_on": ("deferral_recorded",),
    },
    marks=frozenset({"publication_deferred", "deferral_recorded"}),
    tells=("business_manager", "delegated_partner", "lead_partner", "review_panel_chair", "family_liaison"),
    decision=True,
    way_out=True,
)

# --------------------------------------------------------------------------- adults: what and how


class AdultPublication(Form):
    """Whether, what and for how long: decisions of the partnership, with their reasons."""

    decided_on: date = Field(title="Decided on")
    what: Literal["the full report", "an executive summary", "nothing"] = Field(title="What is published")
    reasons: SealedOptional = Field(default="", title="Reasons, if nothing is published")
    published_on: date | None = Field(default=None, title="Published on")
    family_shown: Literal["shown first", "offered, declined", "nobody to show"] = Field(title="Adult or family")
    anonymity: Limb = Field(title="Is it as anonymous as possible?")
    legal_check: Literal["done", "not done"] = Field(title="Legal check")
    reviewer_named: Literal["yes", "no", "not said"] = Field(
        default="not said",
        title="Is the reviewer named in it?",
        description="The public register names a reviewer of your file who is named there, and nobody else.",
    )
    report_at: WebAddress = Field(
        default="", title="Web address of what was published", description="The public register links to it."
    )


def _nothing_is_published(form: AdultPublication) -> Check:
    """Of nothing there are reasons, and no day or address of a publication."""
    short = [] if form.reasons else ["say why nothing is published"]
    if form.published_on is not None:
        short.append(f"nothing is published, and a day of publication is given ({form.published_on}): leave it empty")
    if form.report_at:
        short.append("nothing is published, and a web address of it is given: leave it empty")
    return Check(not short, "; ".join(short))


def adult_report_may_be_published(step: Attempt[AdultPublication]) -> Check:
    """What is published has its day, its legal check and its anonymity check; what is not has reasons."""
    form = step.form
    if form.what == "nothing":
        return _nothing_is_published(form)
    short = []
    if form.published_on is None:
        short.append("the day of publication")
    if form.anonymity.answer != "yes":
        short.append("the anonymity check")
    if form.legal_check != "done":
        short.append("the legal check")
    return Check(not short, f"before publishing: {', '.join(short)}")


def decide_publication(step: Attempt[AdultPublication]) -> Outcome:
    """Published, or not, with reasons."""
    form = step.form
    if form.what == "nothing" or form.published_on is None:
        mark = Mark(name="decided_not_to_publish", on=form.decided_on)
        return Outcome(to=State.NOT_PUBLISHED, marks=(mark, *looked_at(step.review, step.today)))
    decided = Mark(name="publication_decided", on=form.decided_on)
    marks = (decided, Mark(name="published", on=form.published_on), *looked_at(step.review, step.today))
    return Outcome(to=State.PUBLISHED, marks=marks)


DECIDE_PUBLICATION = Step(
    name="decide_publication",
    title="Publication decided",
    button="Decide on publication",
    tracks=ADULTS,
    sources=frozenset({State.PUBLICATION, State.PUBLICATION_DEFERRED}),
    leads_to=frozenset({State.PUBLISHED, State.NOT_PUBLISHED}),
    by=DECIDERS,
    form=AdultPublication,
    needs=(
        adult_report_may_be_published,
        day_is_not_in_the_future("decided_on"),
        day_is_not_in_the_future("published_on"),
        day_is_not_before("decided_on", "report_accepted"),
        day_is_not_before("published_on", "report_accepted"),
        DayFollowsAnother("published_on", "decided_on", "nothing is published before that is decided"),
    ),
    does=decide_publication,
    kind="publication_decided",
    days={
        "decided_on": ("publication_decided", "decided_not_to_publish"),
        "published_on": ("published",),
    },
    marks=frozenset({"publication_decided", "published", "decided_not_to_publish", "deferral_reviewed"}),
    tells=("business_manager", "delegated_partner", "lead_partner", "agency_lead", "family_liaison", "learning_group"),
    decision=True,
)

# --------------------------------------------------------------------------- the action plan


class ActionPlan(Form):
    """The plan that follows up the recommendations. Its actions are added one by one, each with owner and date."""

    agreed_on: date = Field(title="Plan agreed on")
    impact: Sealed = Field(title="How will we know it has worked?", description="The change expected, designed now.")


def plan_has_an_action(step: Attempt[ActionPlan]) -> Check:
    """There is at least one action, or the accepted report made no recommendation."""
    made = step.review.facts.get("report_accepted", {}).get("recommendations", 0)
    return Check(bool(step.review.actions) or not made, "add the actions first: none has been recorded")


def the_report_has_gone_where_nothing_is_published(step: Attempt[ActionPlan]) -> Check:
    """A child's report that nobody publishes is with the Secretary of State and the Panel first (s.16F(3)(c))."""
    owed = step.review.happened("decided_to_publish_nothing") is not None and step.review.live("C22")
    words = (
        "send the report to the Secretary of State and the national Panel first: it is owed though nothing is published"
    )
    return Check(not owed, words)


def agree_plan(step: Attempt[Any]) -> Outcome:
    """Follow-up begins; improvements are audited at intervals."""
    return Outcome(to=State.ACTION_FOLLOW_UP, marks=(Mark(name="action_plan_agreed", on=step.form.agreed_on),))


AGREE_ACTION_PLAN = Step(
    name="agree_action_plan",
    title="Action plan agreed",
    button="Agree the action plan",
    tracks=BOTH,
    sources=frozenset({State.PUBLISHED, State.PUBLISHED_IMPROVEMENTS_ONLY, State.NOT_PUBLISHED}),
    leads_to=frozenset({State.ACTION_FOLLOW_UP}),
    by=MANAGERS | {"delegated_partner"},
    form=ActionPlan,
    needs=(
        plan_has_an_action,
        the_report_has_gone_where_nothing_is_published,
        day_is_not_in_the_future("agreed_on"),
        day_is_not_before("agreed_on", "report_accepted"),
    ),
    does=agree_plan,
    kind="action_plan_agreed",
    days={
        "agreed_on": ("action_plan_agreed",),
    },
    marks=frozenset({"action_plan_agreed"}),
    tells=("delegated_partner", "agency_lead", "learning_group"),
)

STEPS = (PUBLISH, DEFER_PUBLICATION, DECIDE_PUBLICATION, AGREE_ACTION_PLAN)

"""
What a review teaches, item by item: a lesson, a finding, a recommendation, and what becomes of the recommendation.

Short forms, from the referral on and after closing too: what was learnt is acted on at once and does not wait for the
end. Each says from which earlier items it comes; an action says which recommendation it is for.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future, named_once
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Sealed, SealedOptional
from safeguarding.review.learning_entries import (
    FindingRecorded,
    LessonRecorded,
    RecommendationDecided,
    RecommendationRecorded,
)
from safeguarding.review.step import ANY_STATE, BOTH, DECIDERS, MANAGERS, Attempt, Check, Outcome, Step

MOST_AT_ONCE = 40
"""Themes, lessons or findings that one item may name."""

Themes = Annotated[tuple[Annotated[str, From("themes")], ...], Field(min_length=1, max_length=MOST_AT_ONCE)]
THEMES_TITLE = "Themes"


# --------------------------------------------------------------------------- lesson and finding


class NewLesson(Form):
    """A lesson: what was learnt, on which day, about which themes. It can be acted on at once."""

    themes: Themes = Field(title=THEMES_TITLE)
    on: date = Field(title="Learnt on")
    what: Sealed = Field(title="What was learnt")


def add_lesson(step: Attempt[NewLesson]) -> Outcome:
    """Number the lesson within its review."""
    form, number = step.form, f"L{len(step.review.lessons) + 1:02d}"
    entry = LessonRecorded(lesson=number, themes=form.themes, on=form.on)
    mark = Mark(name="lesson_recorded", on=form.on, subject=number)
    return Outcome(marks=(mark,), entries=(entry,), facts={"lesson": number})


RECORD_LESSON = Step(
    name="record_lesson",
    title="Lesson recorded",
    button="Record a lesson",
    tracks=BOTH,
    sources=ANY_STATE,
    by=MANAGERS,
    form=NewLesson,
    needs=(
        named_once("themes"),
        day_is_not_in_the_future("on"),
        day_is_not_before("on", "referral_received"),
    ),
    does=add_lesson,
    kind="lesson_recorded",
    days={"on": ("lesson_recorded",)},
    marks=frozenset({"lesson_recorded"}),
    on_card=False,
)


class NewFinding(Form):
    """A finding: what the review found, and from which lessons it comes."""

    lessons: Annotated[tuple[Annotated[str, From("lessons")], ...], Field(max_length=MOST_AT_ONCE)] = Field(
        default=(), title="From which lessons", description="None, where it comes from no lesson recorded before."
    )
    themes: Themes = Field(title=THEMES_TITLE)
    on: date = Field(title="Found on")
    what: Sealed = Field(title="What was found")


def add_finding(step: Attempt[NewFinding]) -> Outcome:
    """Number the finding within its review."""
    form, number = step.form, f"F{len(step.review.findings) + 1:02d}"
    entry = FindingRecorded(finding=number, lessons=form.lessons, themes=form.themes, on=form.on)
    mark = Mark(name="finding_recorded", on=form.on, subject=number)
    return Outcome(marks=(mark,), entries=(entry,), facts={"finding": number})


RECORD_FINDING = Step(
    name="record_finding",
    title="Finding recorded",
    button="Record a finding",
    tracks=BOTH,
    sources=ANY_STATE,
    by=MANAGERS,
    form=NewFinding,
    needs=(
        named_once("lessons", "themes"),
        day_is_not_in_the_future("on"),
        day_is_not_before("on", "referral_received"),
    ),
    does=add_finding,
    kind="finding_recorded",
    days={"on": ("finding_recorded",)},
    marks=frozenset({"finding_recorded"}),
    on_card=False,
)

# --------------------------------------------------------------------------- recommendation


class NewRecommendation(Form):
    """A recommendation: what is recommended to whom, and from which findings it comes."""

    agency: Annotated[str, From("agencies")] | None = Field(
        default=None,
        title="To which agency",
        description="Empty where it is made to the partnership itself or to a body outside it: say to whom below.",
    )
    findings: Annotated[tuple[Annotated[str, From("findings")], ...], Field(max_length=MOST_AT_ONCE)] = Field(
        default=(), title="From which findings", description="None, where it comes from no finding recorded before."
    )
    themes: Themes = Field(title=THEMES_TITLE)
    on: date = Field(title="Recommended on")
    due_on: date | None = Field(
        default=None, title="To be done by", description="If a day was named. Nobody is chased by it, but by an action."
    )
    what: Sealed = Field(title="What is recommended")
    to_whom: SealedOptional = Field(default="", title="To whom, if to no agency of the list")


def it_says_to_whom(step: Attempt[NewRecommendation]) -> Check:
    """A recommendation is made to an agency of the list, or to somebody who is named in words."""
    said = step.form.agency is not None or bool(step.form.to_whom)
    return Check(said, "say to whom it is made: an agency of the list, or in words")


def it_is_to_be_done_after_it_is_made(step: Attempt[NewRecommendation]) -> Check:
    """The day by which it is to be done follows the day on which it was made."""
    due_on = step.form.due_on
    return Check(due_on is None or due_on >= step.form.on, "the recommendation is to be done before it was made")


def add_recommendation(step: Attempt[NewRecommendation]) -> Outcome:
    """Number the recommendation within its review."""
    form, number = step.form, f"R{len(step.review.recommendations) + 1:02d}"
    entry = RecommendationRecorded(
        recommendation=number,
        agency=form.agency or "",
        findings=form.findings,
        themes=form.themes,
        due_on=form.due_on,
        on=form.on,
    )
    mark = Mark(name="recommendation_recorded", on=form.on, subject=number)
    return Outcome(marks=(mark,), entries=(entry,), facts={"recommendation": number})


RECORD_RECOMMENDATION = Step(
    name="record_recommendation",
    title="Recommendation recorded",
    button="Record a recommendation",
    tracks=BOTH,
    sources=ANY_STATE,
    by=MANAGERS,
    form=NewRecommendation,
    needs=(
        named_once("findings", "themes"),
        it_says_to_whom,
        it_is_to_be_done_after_it_is_made,
        day_is_not_in_the_future("on"),
        day_is_not_before("on", "referral_received"),
    ),
    does=add_recommendation,
    kind="recommendation_recorded",
    days={"on": ("recommendation_recorded",)},
    marks=frozenset({"recommendation_recorded"}),
    on_card=False,
)


class RecommendationDecision(Form):
    """What the partners decided on a recommendation. Of one that is not implemented the reasons are kept."""

    recommendation: Annotated[str, From("recommendations")] = Field(title="Recommendation")
    decision: Literal["accepted", "will not be implemented"] = Field(title="Decision")
    decided_on: date = Field(title="Decided on")
    reasons: SealedOptional = Field(
        default="",
        title="Reasons",
        description="Needed where it will not be implemented: about an adult the yearly report gives them "
        "(Care Act 2014, Schedule 2, paragraph 4(1)(g)).",
    )


def not_implementing_has_reasons(step: Attempt[RecommendationDecision]) -> Check:
    """What will not be implemented says why."""
    refused = step.form.decision == "will not be implemented"
    return Check(not refused or bool(step.form.reasons), "say why the recommendation will not be implemented")


def what_is_refused_has_no_open_action(step: Attempt[RecommendationDecision]) -> Check:
    """What will not be implemented has no action that is still to be done."""
    form = step.form
    if form.decision == "accepted":
        return Check(True, "")
    left = [one.id for one in step.review.actions if one.recommendation == form.recommendation and not one.done]
    verb = "is" if len(left) == 1 else "are"
    words = f"{', '.join(left)} {verb} for {form.recommendation} and {verb} not done: withdraw what is given up first"
    return Check(not left, words)


def it_was_not_decided_so_before(step: Attempt[RecommendationDecision]) -> Check:
    """A recommendation is decided again only where the decision is another one."""
    form = step.form
    known = next(one for one in step.review.recommendations if one.id == form.recommendation)
    return Check(known.decision != form.decision, f"{known.id} is decided so already: {known.decision}")


def it_is_decided_after_it_is_made(step: Attempt[RecommendationDecision]) -> Check:
    """No recommendation is decided on before the day on which it was made."""
    form = step.form
    made = step.review.happened("recommendation_recorded", form.recommendation)
    met = made is None or form.decided_on >= made
    return Check(met, f"«Decided on»: {form.decided_on} is before {made}, when {form.recommendation} was made")


def decide_recommendation(step: Attempt[RecommendationDecision]) -> Outcome:
    """Keep what was decided; an earlier decision stays in the history."""
    form = step.form
    entry = RecommendationDecided(recommendation=form.recommendation, decision=form.decision, on=form.decided_on)
    mark = Mark(name="recommendation_decided", on=form.decided_on, subject=form.recommendation)
    return Outcome(marks=(mark,), entries=(entry,))


DECIDE_RECOMMENDATION = Step(
    name="decide_recommendation",
    title="Recommendation decided",
    button="Decide on a recommendation",
    tracks=BOTH,
    sources=ANY_STATE,
    by=DECIDERS,
    form=RecommendationDecision,
    needs=(
        not_implementing_has_reasons,
        what_is_refused_has_no_open_action,
        it_was_not_decided_so_before,
        it_is_decided_after_it_is_made,
        day_is_not_in_the_future("decided_on"),
        day_is_not_before("decided_on", "referral_received"),
    ),
    does=decide_recommendation,
    kind="recommendation_decided",
    days={"decided_on": ("recommendation_decided",)},
    follows={"recommendation_decided": ("recommendation_recorded",)},
    marks=frozenset({"recommendation_decided"}),
    on_card=False,
)

STEPS = (RECORD_LESSON, RECORD_FINDING, RECORD_RECOMMENDATION, DECIDE_RECOMMENDATION)

"""
Quality markers: the partnership looks at its own review, marker by marker, at any time.

Advisory: nothing waits for an answer and nothing is barred by one. Several markers are answered at once, each with its
reasons; a later answer stands in the place of an earlier one, which stays in the history.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, create_model

from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, Sealed
from safeguarding.review.learning_entries import QualityMarkersAssessed
from safeguarding.review.quality_markers import LISTS, MarkerList
from safeguarding.review.states import Track
from safeguarding.review.step import ADULTS, ANY_STATE, CHILDREN, MANAGERS, Attempt, Check, Outcome, Step

ASSESSED = "quality_markers_assessed"
"""The kind of the line by which markers are assessed, and its mark."""


class MarkerAnswer(Form):
    """What was found of one marker, and why."""

    answer: Literal["met", "partly", "not yet", "not applicable"] = Field(title="Answer")
    why: Sealed = Field(title="Why", description="What it was seen by. Sealed: it stays in the record.")


class Assessed(Form):
    """How the review stands by the quality markers. Leave empty what is not looked at now. Nothing waits for it."""

    on: date = Field(title="Assessed on")

    def answers(self) -> dict[str, Literal["met", "partly", "not yet", "not applicable"]]:
        """The answer of each marker that was looked at, by its id, in the order of the list."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: said.answer for name, said in given.items() if isinstance(said, MarkerAnswer)}


def _form(name: str, of: MarkerList) -> type[Assessed]:
    """The form of a track: a question for each marker of its list."""
    questions: dict[str, Any] = {
        one.id: (MarkerAnswer | None, Field(default=None, title=one.words)) for one in of.markers
    }
    made: type[Assessed] = create_model(name, __base__=Assessed, __doc__=Assessed.__doc__, **questions)
    return made


def something_is_assessed(step: Attempt[Assessed]) -> Check:
    """At least one marker has an answer."""
    return Check(bool(step.form.answers()), "no marker has an answer: say of at least one how the review stands")


def assess(step: Attempt[Assessed]) -> Outcome:
    """Number the assessment within its review, and keep what was found."""
    known = {mark.subject for mark in step.review.marks if mark.name == ASSESSED}
    number = f"Q{len(known) + 1:02d}"
    entry = QualityMarkersAssessed(assessment=number, answers=step.form.answers(), on=step.form.on)
    mark = Mark(name=ASSESSED, on=step.form.on, subject=number)
    return Outcome(marks=(mark,), entries=(entry,), facts={"assessment": number})


def _assess(track: Track) -> Step:
    child = track is Track.CHILDREN
    return Step(
        name="assess_quality_markers" if child else "assess_adult_quality_markers",
        title="Quality markers assessed",
        button="Assess the quality markers",
        tracks=CHILDREN if child else ADULTS,
        sources=ANY_STATE,
        by=MANAGERS | {"review_panel_chair", "lead_reviewer"},
        form=_form("ChildQualityMarkers" if child else "AdultQualityMarkers", LISTS[track]),
        needs=(
            something_is_assessed,
            day_is_not_in_the_future("on"),
            day_is_not_before("on", "referral_received"),
        ),
        does=assess,
        kind=ASSESSED,
        days={"on": (ASSESSED,)},
        marks=frozenset({ASSESSED}),
        on_card=False,
    )


STEPS = (_assess(Track.CHILDREN), _assess(Track.ADULTS))

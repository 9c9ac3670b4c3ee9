"""What is supposed equals what is done: for any step of a review on any day, and for any day put right."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import hypothesis.strategies as st
from driver.tries import tries
from hypothesis import assume, given

import config
from safeguarding.errors import TransitionRefused
from safeguarding.questions.supposed import Supposed
from safeguarding.questions.what_if import WhatIf, events_of, what_if
from safeguarding.review.review import Review

RULEBOOK = config.load()

CHILD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("open_referral", {}),
    ("assess_notification", {}),
    ("decide_notification", {}),
    ("send_notification", {}),
    ("open_rapid_review", {}),
    ("conclude_rapid_review", {}),
    ("record_done", {"what": "rapid review and decision sent to the Panel"}),
    ("decide_review", {}),
    ("commission_review", {}),
    ("begin_drafting", {}),
    ("submit_draft", {}),
    ("sign_report", {}),
    ("send_report", {}),
    ("publish", {}),
)
ADULT: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "open_referral",
        {
            "track": "adults",
            "agency": "hospital_trust",
            "concern": "death of an adult, abuse or neglect suspected",
        },
    ),
    ("accept_referral", {}),
    ("complete_screening", {}),
    ("record_done", {"what": "recommendation made to the deciders"}),
    ("decide_adult_review", {}),
    ("commission_adult_review", {}),
    ("begin_drafting", {}),
    ("submit_draft", {}),
    ("accept_findings", {}),
    ("decide_publication", {}),
)
PATHS = {"children": CHILD, "adults": ADULT}

FIRST_DAYS = st.dates(date(2024, 1, 2), date(2026, 6, 30))
GAPS = st.lists(st.integers(0, 25), min_size=len(CHILD), max_size=len(CHILD))


def walked(walking: Any, track: str, steps: int, first: date, gaps: list[int]) -> tuple[Any, date]:
    """A review so many steps along its usual way, and the day of the last; what the record refuses is not asked."""
    walk, day = walking(RULEBOOK, track), first
    for (step, answers), gap in zip(PATHS[track][:steps], gaps, strict=False):
        day += timedelta(days=gap)
        try:
            walk.take(step, day, **answers)
        except TransitionRefused:
            assume(False)
    return walk, day


def owed(review: Review) -> dict[Any, date]:
    """Every date of a review that has not ended, guards among them, as the record has it."""
    return {duty.key: duty.due_on for duty in review.duties if not duty.ended}


def supposed_owed(found: WhatIf) -> dict[Any, date | None]:
    """The same, as a supposition answers it."""
    ended = (": met", ": no longer owed", ": ended")
    return {
        (line.rule, line.subject, line.occurrence): line.then_due
        for line in found.lines
        if line.then_due is not None and not any(words in line.then_words for words in ended)
    }


@tries(40)
@given(st.sampled_from(sorted(PATHS)), st.integers(2, len(CHILD)), FIRST_DAYS, GAPS)
def test_supposing_what_a_step_marks_gives_the_dates_of_taking_it(
    walking: Any, track: str, steps: int, first: date, gaps: list[int]
) -> None:
    """Any step of the usual way, of either track, on any day: the same dates start, move and end."""
    walk, day = walked(walking, track, min(steps, len(PATHS[track])), first, gaps)
    *earlier, last = walk.events
    walk.events = earlier
    before = walk.review
    known = (*events_of(before.track, RULEBOOK), "decided")
    supposed = [Supposed(event=m.name, on=m.on, subject=m.subject) for m in last.marks if m.name in known]

    found = what_if(before, supposed, RULEBOOK, day)

    walk.events = [*earlier, last]
    assert owed(walk.review) == supposed_owed(found)


@tries(40)
@given(st.sampled_from(sorted(PATHS)), st.integers(3, len(CHILD)), FIRST_DAYS, GAPS, st.integers(-20, 20), st.data())
def test_supposing_another_day_gives_the_dates_of_correcting_it(
    walking: Any, track: str, steps: int, first: date, gaps: list[int], shift: int, data: st.DataObject
) -> None:
    """Whatever the record holds is supposed to have been on another day: the dates are those of the correction."""
    walk, day = walked(walking, track, min(steps, len(PATHS[track])), first, gaps)
    review = walk.review
    mark = data.draw(st.sampled_from([m for m in review.marks if m.name in events_of(review.track, RULEBOOK)]))
    other = mark.on + timedelta(days=shift)
    supposed = Supposed(event=mark.name, on=other, subject=mark.subject)
    found = what_if(review, [supposed], RULEBOOK, day)
    assume(found.readings[0].how == "corrected")

    try:
        walk.take("correct_date", max(day, other), what=mark.name, agency_or_action=mark.subject, correct_on=other)
    except TransitionRefused:
        assume(False)

    assert owed(walk.review) == supposed_owed(found)

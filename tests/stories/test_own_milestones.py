"""Happenings of a partnership's own procedure: recorded by a day, and what its own steps begin with and wait for."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from driver.partnership import own_step, with_local

import config
from config import RulebookInvalid
from safeguarding.errors import TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.plan import plan_of
from safeguarding.questions.supposed import Supposed
from safeguarding.questions.what_if import what_if
from tasks.record import board

MILESTONES = [
    {"id": "own.huddle_held", "words": "the huddle was held", "track": "children"},
    {"id": "own.panel_day", "words": "the planned day of the panel", "planned": True},
    {"id": "own.council_told", "words": "the council was told", "track": "adults"},
]
HUDDLE = own_step("local.c.huddle", 3, starts="notification_sent", settled_by="own.huddle_held")
MINUTES = own_step(
    "local.c.minutes",
    2,
    starts="own.huddle_held",
    settled_by="progress_checked",
    ends=["rapid_review_sent", "notification_withdrawn"],
)
PAPERS = own_step(
    "local.c.papers",
    5,
    title="Papers for the panel",
    starts="own.panel_day",
    settled_by="rapid_review_drafted",
    counts={"unit": "working_days", "direction": "backward"},
)


@pytest.fixture
def rulebook(tmp_path: Path) -> Rulebook:
    """The example partnership with milestones and three steps of its own."""
    return config.load(with_local(tmp_path, [HUDDLE, MINUTES, PAPERS], milestones=MILESTONES))


@pytest.fixture
def case(partnership):
    """A child review whose notification went on Friday 27 November 2026, agencies asked on the Monday."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    return case.on(date(2026, 11, 27)).take("send_notification").on(date(2026, 11, 30)).take("open_rapid_review")


def reached(case, milestone: str, on: date):
    """The milestone is recorded on the day of the story."""
    return case.take("record_own_milestone", milestone=milestone, on=on)


def test_a_milestone_of_our_own_settles_one_step_and_starts_another(case) -> None:
    """The huddle of Wednesday 2 December: its own step is met, and the minutes are owed two working days from it."""
    assert date(2026, 12, 2) == case.due("local.c.huddle")
    reached(case.on(date(2026, 12, 2)), "own.huddle_held", date(2026, 12, 2))

    assert "settled" == case.duty("local.c.huddle").ended
    minutes = case.duty("local.c.minutes")
    assert ("own.huddle_held", date(2026, 12, 4)) == (minutes.anchor, minutes.due_on)
    words = " ".join(case.explained("local.c.minutes")[0].words)
    assert "Counted from Wed 2 Dec 2026: the huddle was held. Recorded by" in words
    plan = plan_of(case.review, case.records.rulebook, case.today)
    assert {"the huddle was held"} == {line.because for line in plan.lines if line.rule == "local.c.minutes"}
    assert any("minutes" in row.owed for row in board.board(case.records.engine, case.records.rulebook, case.today))


def test_a_planned_day_lies_ahead_and_is_counted_back_from(case) -> None:
    """The panel is planned for 16 December: its papers five working days before; planned anew, so are they."""
    reached(case, "own.panel_day", date(2026, 12, 16))
    assert date(2026, 12, 9) == case.due("local.c.papers")
    reached(case.on(date(2026, 12, 1)), "own.panel_day", date(2026, 12, 17))
    assert date(2026, 12, 10) == case.due("local.c.papers")
    words = " ".join(case.explained("local.c.papers")[0].words)
    assert "Counted back from Thu 17 Dec 2026: the planned day of the panel" in words


def test_what_happened_does_not_lie_ahead(case) -> None:
    """A huddle that is to be held next week was not held; the refusal says how a planned day is written."""
    with pytest.raises(
        TransitionRefused, match="is in the future: today is Mon 30 Nov 2026, and the file does not call it"
    ):
        reached(case, "own.huddle_held", date(2026, 12, 7))


def test_a_milestone_of_the_other_track_is_refused(case) -> None:
    """The council is told of adult reviews only, by this procedure; and a name that the file does not have is none."""
    with pytest.raises(TransitionRefused):
        reached(case, "own.council_told", date(2026, 11, 30))
    with pytest.raises(TransitionRefused):
        reached(case, "own.nothing", date(2026, 11, 30))


def test_what_if_the_huddle_is_held_later(case) -> None:
    """Asked before it is held: its own words, and the minutes that would follow."""
    found = what_if(
        case.review, [Supposed(event="own.huddle_held", on=date(2026, 12, 3))], case.records.rulebook, case.today
    )
    assert "Supposing that the huddle was held on Thu 3 Dec 2026." in found.words
    assert {date(2026, 12, 7)} == {line.then_due for line in found.lines if line.rule == "local.c.minutes"}


def test_a_wrong_day_is_put_right_like_any_other(case) -> None:
    """Held on the first, not on the second: the minutes are counted again, and both days stay."""
    reached(case.on(date(2026, 12, 2)), "own.huddle_held", date(2026, 12, 2))
    case.take("correct_date", what="own.huddle_held", correct_on=date(2026, 12, 1), reason="The minutes say so.")
    assert date(2026, 12, 3) == case.due("local.c.minutes")


def test_the_record_keeps_how_it_was_spoken_of(case) -> None:
    """The file may change its words: the line says what they were, and of a name that is gone the id is read."""
    reached(case, "own.huddle_held", date(2026, 11, 30))
    (line,) = [event for event in case.records.events(case.reference) if event.kind == "own_milestone_recorded"]
    assert "the huddle was held" == line.facts["words"]
    assert "huddle held" == config.load().milestone_words("own.huddle_held")


# --------------------------------------------------------------------------- in the file


def faults(path: Path, local: list[dict[str, Any]], milestones: list[dict[str, Any]]) -> dict[str, str]:
    """What is wrong with it, by key."""
    with pytest.raises(RulebookInvalid) as caught:
        config.load(with_local(path, local, milestones=milestones))
    return {fault.key: fault.problem for fault in caught.value.faults}


def test_every_slip_with_a_milestone_is_named_at_once(tmp_path: Path) -> None:
    """One that is not there, of the other track, misspelt without its prefix, given twice, badly written."""
    wrong = [
        own_step("local.c.one", 1, starts="notification_sent", settled_by="own.hudle_held"),
        own_step("local.c.two", 1, starts="own.council_told", settled_by="own.huddle_held"),
        own_step("local.c.three", 1, starts="huddle_held", settled_by="progress_checked"),
    ]
    found = faults(tmp_path, wrong, [*MILESTONES, MILESTONES[0]])

    assert {
        "local[local.c.one].settled_by",
        "local[local.c.two].starts",
        "local[local.c.three].starts",
        "milestones[own.huddle_held].id",
    } == set(found)
    assert "perhaps own.huddle_held" in found["local[local.c.one].settled_by"]
    assert "is a milestone of adults only, and the step is of children" in found["local[local.c.two].starts"]
    assert "begins with 'own.'" in found["local[local.c.three].starts"]
    named = faults(tmp_path, [], [{"id": "huddle_held", "words": "the huddle was held"}, {"id": "own.x", "words": " "}])
    assert {"milestones[huddle_held].id", "milestones[own.x].words"} == set(named)
    assert "such as own.huddle_held" in named["milestones[huddle_held].id"]

"""Quality markers: the partnership looks at its own review, marker by marker; nothing waits for it."""

from __future__ import annotations

from datetime import date

import pytest

from safeguarding.errors import TransitionRefused
from safeguarding.law.citation import Confidence
from safeguarding.review.quality_markers import ADULTS, CHILDREN, LISTS
from safeguarding.review.states import State, Track
from safeguarding.shown.history.told import history
from safeguarding.shown.quality import latest_answers, quality_of
from safeguarding.stages import STEPS

SECRET = "Somebody of the invented school was not told."
SETTING_UP, RUNNING = "Setting up the review", "Running the review"


@pytest.fixture
def child(partnership):
    """A child review in drafting: set up, and its analysis complete."""
    case = partnership.hears_of(date(2026, 2, 9)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").on(date(2026, 2, 27)).take("conclude_rapid_review")
    case.on(date(2026, 3, 2)).take("decide_review").later(10).take("commission_review")
    return case.later(10).take("begin_drafting").on(date(2026, 5, 4))


@pytest.fixture
def adult(partnership):
    """An adult review that has been commissioned."""
    about = {"agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
    case = partnership.hears_of(date(2026, 3, 2), track="adults", **about)
    case.take("accept_referral").later(10).take("complete_screening").take("decide_adult_review").later(14)
    return case.take("commission_adult_review").later(5)


def said(answer: str) -> dict[str, str]:
    """An answer to a marker, and why."""
    return {"answer": answer, "why": SECRET}


def test_each_list_is_as_it_was_published() -> None:
    """Fifteen of an adult review and eighteen of a child's, numbered through, each list with source and tag."""
    assert [(15, "Action and impact"), (18, "Implementation and evaluation")] == [
        (last.number, last.title) for last in (list(of.markers)[-1] for of in (ADULTS, CHILDREN))
    ]
    for track, of in LISTS.items():
        ids = [one.id for one in of.markers]
        assert len(ids) == len(set(ids)), track
        assert [*range(1, len(ids) + 1)] == [one.number for one in of.markers]
        assert Confidence.V is of.confidence
        assert of.address.startswith("https://www.scie.org.uk/safeguarding/")


def test_several_are_answered_at_once(adult) -> None:
    """Each with its own answer; what is left empty stays as it was, and the words why are sealed."""
    before = adult.review.state
    adult.take("assess_adult_quality_markers", sar_01=said("met"), sar_04=None, sar_05=said("not applicable"))
    found = {marker: one.answer for marker, one in latest_answers(adult.review).items() if one.answer}
    assert {"sar_01": "met", "sar_05": "not applicable"} == found
    assert [one.id for one in ADULTS.markers] == [*latest_answers(adult.review)]
    assert before == adult.review.state
    line = adult.records.events(adult.reference, unseal=True)[-1]
    assert {"sar_01.why", "sar_05.why"} == set(line.sealed)
    told = history(adult.review, [line], adult.records.rulebook)[-1].sentence
    assert "Quality markers were assessed" in told
    assert "Referral: met; Commissioning: not applicable" in told
    assert SECRET not in told


def test_a_later_answer_stands_in_the_place_of_an_earlier(child) -> None:
    """With its own day, also where that is put right afterwards; taken back, the earlier stands again."""
    child.take("assess_quality_markers", scr_01=said("not yet"), scr_04=None)
    first = child.today
    child.later(7).take("assess_quality_markers", scr_01=said("met"), scr_04=None)
    assert ("met", child.today) == latest_answers(child.review)["scr_01"][1:]
    child.take("take_back_step")
    assert ("not yet", first) == latest_answers(child.review)["scr_01"][1:]
    right = {"what": "quality_markers_assessed", "agency_or_action": "Q01", "correct_on": date(2026, 5, 1)}
    child.take("correct_date", **right)
    assert ("not yet", date(2026, 5, 1)) == latest_answers(child.review)["scr_01"][1:]


def test_it_names_what_was_not_looked_at_at_the_gates_that_are_reached(child) -> None:
    """Set up and analysed, and not yet accepted: the first two groups are due, and one answer is one less."""
    child.take("assess_quality_markers", scr_01=said("met"), scr_04=None)
    shown = quality_of(child.review)
    assert [SETTING_UP, RUNNING] == [one.gate.title for one in shown.gates]
    setting_up, running = shown.gates
    assert [2, 3, 4, 5] == [one.number for one in setting_up.waiting]
    assert [*range(6, 14)] == [one.number for one in running.waiting]
    assert ["Referral"] == [one.marker.title for one in setting_up.answered]


def test_one_may_be_looked_at_before_its_gate_and_after_the_end(adult) -> None:
    """An assessment is bound to no stage; a gate that was not reached asks for nothing."""
    adult.take("assess_adult_quality_markers", sar_01=None, sar_04=None, sar_15=said("not yet"))
    outputs = quality_of(adult.review).gates[-1]
    assert "Outputs, action and impact" == outputs.gate.title
    assert () == outputs.waiting
    step = STEPS["assess_adult_quality_markers"]
    assert State.CLOSED in step.sources


def test_nothing_is_barred_by_it(child) -> None:
    """A review that meets no marker goes on to the partners all the same."""
    child.take("assess_quality_markers", scr_01=said("not yet"), scr_04=said("not yet"))
    child.take("submit_draft").take("sign_report")
    assert child.review.happened("report_accepted") is not None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scr_01": None, "scr_04": None}, "no marker has an answer"),
        ({"on": date(2030, 1, 1)}, "is in the future"),
        ({"scr_01": {"answer": "met", "why": ""}}, "1. Referral: Why: is needed"),
        ({"scr_01": {"answer": "perfect", "why": "x"}}, "1. Referral: Answer: choose one of the answers offered"),
    ],
)
def test_an_assessment_that_says_nothing_is_refused(child, changes: dict[str, object], words: str) -> None:
    """In words, and nothing is recorded."""
    with pytest.raises(TransitionRefused, match=words):
        child.take("assess_quality_markers", **changes)
    assert () == child.review.quality_markers


def test_a_track_has_its_own_list(adult) -> None:
    """The markers of a child's review are no step of an adult's."""
    assert Track.ADULTS is adult.review.track
    with pytest.raises(TransitionRefused, match="is not a step of this track"):
        adult.take("assess_quality_markers")

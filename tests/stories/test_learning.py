"""What a review teaches is kept item by item: lesson, finding, recommendation, action, each linked with the others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from driver.registers import rows, sound

from safeguarding.errors import TransitionRefused
from safeguarding.shown.history.told import told
from safeguarding.shown.learning import learning_of
from safeguarding.shown.sealed_words import sealed_texts

SECRET = "Ottoline was not at home"


@pytest.fixture
def decided(case):
    """A child review that was decided on Wednesday 16 December 2026."""
    return case.on(date(2026, 12, 1)).take("conclude_rapid_review").take("decide_review")


def learnt(case):
    """Two lessons, a finding from both, and two recommendations from it."""
    case.take("record_lesson", themes=["neglect"], what=SECRET).take("record_lesson", themes=["was_not_brought"])
    case.take("record_finding", lessons=["L01", "L02"], themes=["neglect"])
    case.take("record_recommendation", findings=["F01"], themes=["neglect", "information_sharing"])
    return case.take("record_recommendation", agency=None, to_whom="An invented inspectorate", findings=["F01"])


def said(case) -> str:
    """What the last line of the history says."""
    event = case.records.events(case.reference)[-1]
    return told(event, case.review, case.records.rulebook).sentence


def test_from_lesson_to_action(decided) -> None:
    """One recommendation is accepted and has its action; the other will not be implemented, and the record says why."""
    case = learnt(decided)
    case.take("decide_recommendation", recommendation="R01", decision="accepted")
    refused = {"recommendation": "R02", "decision": "will not be implemented", "reasons": "It is done already."}
    case.take("decide_recommendation", **refused)
    assert "Recommendation R02 will not be implemented" in said(case)
    case.take("add_action", recommendation="R01")
    assert "for recommendation R01" in said(case)

    review = case.review
    assert [("L01", ("neglect",)), ("L02", ("was_not_brought",))] == [(one.id, one.themes) for one in review.lessons]
    assert [("F01", ("L01", "L02"))] == [(one.id, one.lessons) for one in review.findings]
    assert [("R01", ("F01",), "accepted"), ("R02", ("F01",), "will not be implemented")] == [
        (one.id, one.findings, one.decision) for one in review.recommendations
    ]
    assert [("A01", "R01")] == [(one.id, one.recommendation) for one in review.actions]
    events = case.records.events(case.reference)
    assert SECRET not in "".join(event.model_dump_json(exclude={"sealed"}) for event in events)
    about = {text.subjects for event in events for text in sealed_texts(event) if text.about == "learning"}
    assert {("L01",), ("L02",), ("F01",), ("R01",), ("R02",)} == about


def test_a_lesson_need_not_wait(case) -> None:
    """A rapid review is not over, and a lesson is on record; so on a referral, of a child and of an adult."""
    assert [("L01", ("neglect",))] == [
        (one.id, one.themes) for one in case.take("record_lesson", themes=["neglect"]).review.lessons
    ]
    assert "Lesson L01 was learnt" in said(case) and "themes: Neglect" in said(case)


def test_not_implementing_says_why_and_nothing_is_decided_twice(decided) -> None:
    """Without a reason it is refused; once accepted it is not accepted again, and may be decided otherwise."""
    case = learnt(decided)
    with pytest.raises(TransitionRefused, match="say why the recommendation will not be implemented"):
        case.take("decide_recommendation", recommendation="R01", decision="will not be implemented")
    case.take("decide_recommendation", recommendation="R01", decision="accepted")
    with pytest.raises(TransitionRefused, match="R01 is decided so already: accepted"):
        case.take("decide_recommendation", recommendation="R01", decision="accepted")
    other = {"decision": "will not be implemented", "reasons": "The service ended."}
    case.take("decide_recommendation", recommendation="R01", **other)
    assert "will not be implemented" == case.review.recommendations[0].decision


@pytest.mark.parametrize(
    ("step", "given", "words"),
    [
        ("record_lesson", {"themes": []}, "at least one is needed"),
        ("record_lesson", {"themes": ["neglect", "neglect"]}, "chosen more than once: Themes"),
        ("record_lesson", {"themes": ["nonsense"]}, "choose one of"),
        ("record_finding", {"lessons": ["L07"]}, "choose one of L01, L02"),
        ("record_recommendation", {"agency": None}, "say to whom it is made"),
        ("record_recommendation", {"due_on": date(2026, 11, 1)}, "to be done before it was made"),
        ("record_recommendation", {"findings": ["F01", "F01"]}, "chosen more than once: From which findings"),
        ("decide_recommendation", {"recommendation": "R09"}, "choose one of R01, R02"),
        ("decide_recommendation", {"decided_on": date(2026, 11, 30)}, "when R01 was made"),
        ("add_action", {"recommendation": "R09"}, "choose one of R01, R02"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(decided, step, given, words) -> None:
    """An item that is not there, a theme twice, a recommendation to nobody, a day out of order."""
    case = learnt(decided)
    with pytest.raises(TransitionRefused) as refused:
        case.take(step, **given)
    assert words in str(refused.value)


def test_what_was_recorded_by_mistake_is_taken_back(decided) -> None:
    """The second lesson belonged to another review: the review has one, and the next is L02 again."""
    case = decided.take("record_lesson").take("record_lesson")
    case.take("take_back_step")
    assert ["L01"] == [one.id for one in case.review.lessons]
    case.take("record_lesson", themes=["voice"])
    assert [("L02", ("voice",))] == [(one.id, one.themes) for one in case.review.lessons[1:]]


def test_the_day_of_a_lesson_is_put_right(decided) -> None:
    """It was learnt a day before: that day counts, and the record keeps both; a recommendation is decided after it is
    made, also when its day is put right."""
    case = learnt(decided)
    learnt_on = case.review.happened("lesson_recorded", "L01")
    before = learnt_on - timedelta(days=1)
    case.take("correct_date", what="lesson_recorded", agency_or_action="L01", correct_on=before)
    assert before == case.review.happened("lesson_recorded", "L01")
    case.take("decide_recommendation", recommendation="R01")
    wrong = {"what": "recommendation_decided", "agency_or_action": "R01", "correct_on": before}
    with pytest.raises(TransitionRefused):
        case.take("correct_date", **wrong)


def test_who_may(decided) -> None:
    """The unit records; whether a recommendation is implemented the partners decide, and nobody of the unit."""
    case = learnt(decided)
    with pytest.raises(TransitionRefused):
        case.take("decide_recommendation", by="alex_example", recommendation="R01")
    with pytest.raises(TransitionRefused):
        case.take("record_lesson", by="casey_lead")


def test_the_links_are_read_both_ways(decided) -> None:
    """From the lesson over finding and recommendation to the action, and back; before and after the review ended."""
    case = learnt(decided).take("add_action", recommendation="R01")
    learning = learning_of(case.review, case.records.rulebook)
    lesson, other = learning.lessons
    assert (("F01",), ["A01"]) == (lesson.led_to, [action.number for action in lesson.actions])
    assert "An action was agreed before the review ended: A01" == lesson.acted_on == other.acted_on
    (finding,) = learning.findings
    assert (("L01", "L02"), ("R01", "R02")) == (finding.came_from, finding.led_to)
    first, second = learning.recommendations
    assert (("F01",), "not decided yet", ["A01"]) == (
        first.came_from,
        first.decision,
        [a.number for a in first.actions],
    )
    assert ("to whom is sealed", "No action has been agreed for it") == (second.to, second.acted_on)


def test_what_was_agreed_after_the_end_says_so(case) -> None:
    """A review is withdrawn after its decision, and an action for its recommendation is agreed only then."""
    case.on(date(2026, 12, 1)).take("conclude_rapid_review").take("decide_review")
    learnt(case).take("discontinue_review").take("add_action", recommendation="R01")
    assert not case.review.open
    lesson = learning_of(case.review, case.records.rulebook).lessons[0]
    assert "An action was agreed after the review had ended: A01" == lesson.acted_on


def test_the_register_of_recommendations(decided) -> None:
    """Whom each is made to, what was decided, which actions answer it, and whether they are done: no sealed word."""
    case = learnt(decided).take("add_action", recommendation="R01").take("add_action", recommendation="R01")
    case.take("decide_recommendation", recommendation="R01")

    def register() -> list[tuple[object, ...]]:
        assert sound(case.records, case.today)
        return [
            (one.recommendation, one.agency, one.themes, one.findings, one.decision, one.actions, one.done)
            for one in rows(case.records, "recommendations", case.today)
        ]

    schools = ("R01", "Schools and early years", "Neglect; Information sharing", "F01", "accepted", "A01; A02")
    other = ("R02", "", "Was not brought; Information sharing", "F01", "not decided", "", False)
    assert [(*schools, False), other] == register()
    case.take("update_action", action="A01", note="Seen.")
    assert [(*schools, False), other] == register(), "the second action is still owed"
    case.take("update_action", action="A02", status="withdrawn", note="It is another's.")
    assert [(*schools, True), other] == register()
    assert "inspectorate" not in str(rows(case.records, "recommendations", case.today))


def test_the_register_has_days_as_they_were_put_right(decided) -> None:
    """A decision that is taken back is none, and a day that is put right is the one that counts."""
    case = learnt(decided).take("decide_recommendation", recommendation="R01").take("take_back_step")
    before = case.review.happened("recommendation_recorded", "R02") - timedelta(days=1)
    case.take("correct_date", what="recommendation_recorded", agency_or_action="R02", correct_on=before)
    assert sound(case.records, case.today)
    first, second = rows(case.records, "recommendations", case.today)
    assert ("not decided", None, before) == (first.decision, first.decided_on, second.made_on)

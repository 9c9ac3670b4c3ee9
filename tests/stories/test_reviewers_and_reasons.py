"""A reviewer leaves and another comes; monitoring finds something wanting; day 15 is missed and says why."""

from __future__ import annotations

from datetime import date

import pytest

from flows.demo.invented import no, yes
from safeguarding.errors import TransitionRefused
from safeguarding.questions.explain_date import DutyNotStarted
from safeguarding.shown.card import description

BY_DAY_15 = "was due on Fri 18 Dec 2026"


@pytest.fixture
def in_review(case):
    """The review of the Friday notification, commissioned on 5 January 2027, with its reviewer."""
    case.on(date(2026, 12, 11)).take("conclude_rapid_review").on(date(2026, 12, 14)).take("decide_review")
    return case.on(date(2027, 1, 5)).take("commission_review")


def test_a_review_is_commissioned_part_by_part(case) -> None:
    """
    Terms in week two, a reviewer in week three, the chair with the rest: each is dated on its own day, is said once,
    and the review begins on the later of the two days. Taken back, a part is asked for again.
    """
    case.on(date(2026, 12, 11)).take("conclude_rapid_review").on(date(2026, 12, 14)).take("decide_review")
    case.on(date(2026, 12, 22)).take("agree_terms")
    with pytest.raises(TransitionRefused, match="this was recorded before"):
        case.take("agree_terms")
    case.take("take_back_step")
    assert case.review.happened("terms_of_reference_agreed") is None
    case.take("agree_terms").on(date(2027, 1, 5)).take("appoint_first_reviewer")
    assert "pat_specimen" == case.review.reviewer
    with pytest.raises(TransitionRefused, match="real or perceived conflict of interest") as twice:
        case.take("appoint_first_reviewer", conflict_of_interest=yes())
    assert "this was recorded before" in str(twice.value)
    with pytest.raises(TransitionRefused) as refused:
        case.take("commission_review", appointed_on=date(2027, 1, 5), chair=None, coroner_told=None)
    for words in (
        "Reviewer appointed on: was recorded before by itself, so leave it empty here",
        "Chair of the review panel: is needed",
        "Coroner: is needed",
    ):
        assert words in str(refused.value)
    case.on(date(2027, 1, 7)).take("commission_review")
    review = case.review
    days = [(mark.name, mark.on) for mark in review.marks if mark.name in ("reviewer_appointed", "review_started")]
    assert [("reviewer_appointed", date(2027, 1, 5)), ("review_started", date(2027, 1, 5))] == days
    assert ("nico_specimen", "systems", "2026-12-22") == (
        review.chair,
        review.facts["commissioned"]["method"],
        review.facts["commissioned"]["terms_agreed_on"],
    )
    assert [] == case.records.verify(case.reference)


def test_a_reviewer_is_removed_and_replaced(in_review) -> None:
    """
    A tie with an agency comes out in February. The partners remove the reviewer (reg.13) and set the day for another:
    nothing goes on without one, the day is chased, and the new name is owed to the Panel as the first was.
    """
    case = in_review.on(date(2027, 2, 8))
    with pytest.raises(TransitionRefused, match="the review has its reviewer: remove that one first"):
        case.take("appoint_reviewer")
    case.take("remove_reviewer", another_by=date(2027, 2, 26))
    assert date(2027, 2, 26) == case.due("C26")
    with pytest.raises(TransitionRefused, match="removed already"):
        case.take("remove_reviewer")
    with pytest.raises(TransitionRefused, match="the reviewer was removed: appoint another first"):
        case.take("begin_drafting")

    case.on(date(2027, 3, 1)).sweep()
    assert [] != case.misses("C26")
    with pytest.raises(TransitionRefused, match="real or perceived conflict of interest"):
        case.take("appoint_reviewer", conflict_of_interest=yes())
    case.take("appoint_reviewer")
    assert "settled" == case.duty("C26").ended
    assert case.duty("C08b").running
    case.take("record_done", what="reviewer's name sent to the Panel").take("begin_drafting")
    assert "drafting" == case.review.state
    assert [] == case.records.verify(case.reference)


def test_the_day_a_reviewer_was_removed_is_put_right(in_review) -> None:
    """Recorded as the 8th, removed on the 5th: the agreed day stands, both days of the removal are kept."""
    case = in_review.on(date(2027, 2, 8)).take("remove_reviewer", another_by=date(2027, 2, 26)).later(1)
    case.take("correct_date", what="reviewer_removed", correct_on=date(2027, 2, 5))
    assert (date(2027, 2, 5), date(2027, 2, 26)) == (case.duty("C26").anchored_on, case.due("C26"))
    with pytest.raises(TransitionRefused, match="appoint another first"):
        case.take("begin_drafting")


def test_a_reviewer_is_removed_until_publication_and_not_after(in_review) -> None:
    """With the report accepted and the day planned it is possible, and stops publication; afterwards it is not."""
    case = in_review.later(30).take("begin_drafting").later(20).take("submit_draft").later(10)
    case.take("sign_report").take("send_report").take("remove_reviewer").later(28)
    with pytest.raises(TransitionRefused, match="appoint another first"):
        case.take("publish")
    case.take("appoint_reviewer").take("publish")
    with pytest.raises(TransitionRefused, match="cannot be taken"):
        case.take("remove_reviewer")


def test_the_reviewer_is_asked_in_writing_and_the_record_holds_the_letter(in_review) -> None:
    """
    Reg.14(3): a request to the reviewer is made in writing. Recorded with its reference, it is the milestone that C11
    names, with its day; nothing becomes owed, for the regulation sets a manner and no time.
    """
    case, rule = in_review.later(3), in_review.records.rulebook.rule("C11")
    running = case.review.running()
    case.take("record_done", what="written request made to the reviewer", receipt="EX-LET-14")
    assert (rule.starts, case.today) == (case.review.marks[-1].name, case.review.marks[-1].on)
    assert "EX-LET-14" == case.records.events(case.reference)[-1].facts["receipt"]
    assert running == case.review.running()
    with pytest.raises(DutyNotStarted, match="has no clock"):
        case.explained("C11")


def test_a_report_that_does_not_name_its_reviewer_is_not_published(in_review) -> None:
    """C17, by guidance: the answer «no» stands in the way of publication, and alone; named, the report goes out."""
    case = in_review.later(30).take("begin_drafting").later(20).take("submit_draft").later(10)
    case.take("sign_report").take("send_report").later(28)
    with pytest.raises(TransitionRefused) as refused:
        case.take("publish", reviewer_named="no")
    assert ("the report must name the reviewer",) == refused.value.unmet
    assert "pre_publication" == case.review.state
    case.take("publish")
    assert "published" == case.review.state


def test_progress_that_is_not_satisfactory_is_taken_up(in_review) -> None:
    """The partners must ensure progress and quality (s.16F(3)(b)): what lacks says what they do, and they hear it."""
    case = in_review.later(20)
    with pytest.raises(TransitionRefused, match="they must ensure both"):
        case.take("monitor_review", progress="not satisfactory")
    before = case.due("C10")
    case.take("monitor_review", progress="not satisfactory", what_follows="A second reviewer joins.")
    assert case.due("C10") > before
    assert "dana_sample" in case.told("step_told")


def test_a_missed_day_15_demands_its_reason(case) -> None:
    """
    Complete on the 17th, decided on 21 December: day 15 was the 18th. The decision is refused until it says why; the
    reason goes on record with it, and the date stays missed.
    """
    case.on(date(2026, 12, 17)).take("conclude_rapid_review").on(date(2026, 12, 21))
    with pytest.raises(TransitionRefused, match=BY_DAY_15):
        case.take("decide_review", late_reason="")
    assert "Reason owed" in description(case.review, case.today, case.records.rulebook)

    case.take("decide_review", late_reason="One file came on the 17th.")
    assert ["C05"] == [reason.rule for reason in case.review.reasons]
    assert (date(2026, 12, 18), date(2026, 12, 21)) == (case.due("C05"), case.duty("C05").ended_on)
    assert "Reason owed" not in description(case.review, case.today, case.records.rulebook)


def test_the_reason_for_day_15_is_given_after_the_event(case) -> None:
    """
    Decided in time, sent late: nobody could say why while the letter went. The reason is given afterwards, on its own
    form, and until then the review does not close.
    """
    case.on(date(2026, 12, 16)).take("conclude_rapid_review")
    follow_up = {"new_learning": no(), "outcome": "no local review: actions to follow up", "sent_to_panel_on": None}
    case.take("decide_review", **follow_up)
    case.on(date(2026, 12, 22)).take("record_done", what="rapid review and decision sent to the Panel")
    assert "settled" == case.duty("C05").ended
    with pytest.raises(TransitionRefused, match=f"{BY_DAY_15} and met on Tue 22 Dec 2026: say why"):
        case.take("close_review")

    with pytest.raises(TransitionRefused, match="was not missed"):
        case.take("give_reason", rule="C01")
    case.take("give_reason", rule="C05", sent_to=["national Panel"])
    assert ("C05", "agency information late", ("national Panel",)) == (
        case.review.reasons[0].rule,
        case.review.reasons[0].ground,
        case.review.reasons[0].sent_to,
    )
    case.take("close_review")
    case.take("give_reason", rule="C05", ground="other", reasons="More came to light.")
    assert 2 == len(case.review.reasons)
    assert [] == case.records.verify(case.reference)


def test_a_deferral_told_before_the_day_is_reason_enough(case) -> None:
    """Reasons went to the Panel before day 15: nothing more is demanded when it passes."""
    case.on(date(2026, 12, 17)).take("conclude_rapid_review")
    case.take("record_deferral", by="dana_sample", rule="C05")
    case.on(date(2026, 12, 21)).take("decide_review", late_reason="")
    assert () == case.review.reasons

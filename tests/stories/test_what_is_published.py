"""What is made public of a review, and to whom the report goes before: the improvements only, or nothing at all."""

from __future__ import annotations

from datetime import date

import pytest

from flows.demo.invented import all_agree, no
from safeguarding.errors import TransitionRefused
from safeguarding.review.states import State
from safeguarding.shown.card import description
from safeguarding.shown.history.told import history
from safeguarding.stages.panel import ReportSigned

IMPROVEMENTS = {
    "publish": "information about the improvements only",
    "justification": "The report would lead to a surviving child.",
}
NOTHING = {
    "publish": "nothing",
    "justification": "The report would lead to a surviving child.",
    "no_information": "The improvements cannot be told without the case.",
    "planned_on": None,
}
BOTH = ["Secretary of State", "national Panel"]


@pytest.fixture
def drafted(partnership):
    """A child review decided on 2 March 2026, its final draft with the partners on Monday 4 May 2026."""
    case = partnership.hears_of(date(2026, 2, 9)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").on(date(2026, 2, 27)).take("conclude_rapid_review")
    case.on(date(2026, 3, 2)).take("decide_review").later(10).take("commission_review")
    return case.later(10).take("begin_drafting").on(date(2026, 5, 4)).take("submit_draft")


def test_guidance_is_not_met_while_ofsted_has_nothing(drafted) -> None:
    """
    The report goes to the Secretary of State and the Panel: regulation 16 is met (C13b), the guidance that asks for
    Ofsted as well (C13) is not. The card and the explanation say so; publishing is not barred; Ofsted's copy follows.
    """
    case = drafted.take("sign_report", planned_on=date(2026, 7, 8))
    with pytest.raises(TransitionRefused, match="owed to the Secretary of State and the national Panel as well"):
        case.take("send_report", to=["Ofsted"])
    case.take("send_report", to=BOTH)
    assert ("", "settled") == (case.duty("C13").ended, case.duty("C13b").ended)
    assert "**Ofsted not sent: the Secretary of State and the national Panel" in description(
        case.review, case.today, case.records.rulebook
    )
    assert any(line.startswith("Ofsted not sent") for line in case.explained("C13")[0].words)

    case.on(date(2026, 7, 8)).take("publish")
    assert "" == case.duty("C13").ended
    case.take("record_done", what="advance copy sent to Ofsted")
    assert ("settled", date(2026, 7, 8)) == (case.duty("C13").ended, case.duty("C13").ended_on)


def test_ofsteds_copy_may_follow_alone(drafted) -> None:
    """The day after the others'; and a plan for a later day keeps all three as sent, each on its day."""
    case = drafted.take("sign_report", planned_on=date(2026, 7, 8)).take("send_report", to=BOTH).later(1)
    sent = case.today
    case.take("send_report", to=["Ofsted"])
    assert ("settled", sent) == (case.duty("C13").ended, case.duty("C13").ended_on)
    case.take("plan_publication", planned_on=date(2026, 7, 15))
    assert ("settled", sent) == (case.duty("C13").ended, case.duty("C13").ended_on)
    assert "settled" == case.duty("C13b").ended


def test_a_report_has_what_regulation_15_asks_of_it(drafted) -> None:
    """A summary of the improvements and an analysis of the reasons: the form cites each, and neither may lack."""
    with pytest.raises(TransitionRefused) as refused:
        drafted.take("sign_report", improvements_summary=no(), systemic_analysis=no())
    assert "a summary of the improvements recommended (reg.15(a))" in str(refused.value)
    assert "the underlying, systemic reasons" in str(refused.value)
    fields = ReportSigned.model_fields
    asked = [fields[name].description or "" for name in ("improvements_summary", "systemic_analysis")]
    assert ["S.I. 2018/789 reg.15(a)", "S.I. 2018/789 reg.15(b)"] == [words.partition(":")[0] for words in asked]


def test_improvements_only_takes_the_full_report_to_both_first(drafted) -> None:
    """
    Only information about the improvements is published, on Friday 29 May 2026. Regulation 16(2) asks for a copy of the
    report and the information, to the Secretary of State and the Panel: neither half, and neither of the two, may lack.
    """
    case = drafted.take("sign_report", **IMPROVEMENTS, planned_on=date(2026, 5, 29))
    assert date(2026, 5, 4) == case.review.happened("decided_not_to_publish"), (
        "the day of deciding, not the planned one"
    )
    assert date(2026, 5, 19) == case.due("C14")

    case.on(date(2026, 5, 18))
    with pytest.raises(TransitionRefused) as refused:
        case.take("send_report", to=["national Panel", "Ofsted"], what=["the information about the improvements"])
    assert "owed to the Secretary of State as well" in str(refused.value)
    assert "lacks the report" in str(refused.value)
    with pytest.raises(TransitionRefused, match="lacks the information about the improvements"):
        case.take("send_report", to=BOTH, what=["the report"])

    case.take("send_report", to=BOTH, what=["the report", "the information about the improvements"])
    assert ("settled", date(2026, 5, 18)) == (case.duty("C14b").ended, case.duty("C14b").ended_on)
    assert BOTH == case.records.events(case.reference)[-1].facts["to"]
    with pytest.raises(TransitionRefused, match="the justification"):
        case.on(date(2026, 5, 29)).take("publish")

    case.take("record_done", what="justification for not publishing sent").take("publish")
    assert State.PUBLISHED_IMPROVEMENTS_ONLY == case.review.state
    assert [] == case.records.verify(case.reference)


def test_the_full_report_is_not_sent_to_the_panel_alone(drafted) -> None:
    """Regulation 16(1) names two: what went to the Panel and Ofsted has not met it, and nothing is published on it."""
    case = drafted.take("sign_report", planned_on=date(2026, 5, 29))
    with pytest.raises(TransitionRefused, match="owed to the Secretary of State as well"):
        case.take("send_report", to=["national Panel", "Ofsted"])
    assert case.duty("C13").running
    case.take("send_report", to=BOTH, what=["the report"])
    assert "settled" == case.duty("C13b").ended


def test_a_late_copy_publishes_nothing_and_the_day_moves(drafted) -> None:
    """Sent four days before, it is too late for the day: another day is planned, for which the same copy is in time."""
    case = drafted.take("sign_report", **IMPROVEMENTS, planned_on=date(2026, 5, 29))
    case.on(date(2026, 5, 25)).take("send_report").on(date(2026, 5, 29))
    with pytest.raises(TransitionRefused, match="move the day"):
        case.take("publish")
    case.take("plan_publication", publish=IMPROVEMENTS["publish"], planned_on=date(2026, 6, 8))
    assert "settled" == case.duty("C14").ended
    case.on(date(2026, 6, 8)).take("publish")
    assert State.PUBLISHED_IMPROVEMENTS_ONLY == case.review.state


def test_nothing_is_published_and_the_report_goes_all_the_same(drafted) -> None:
    """
    The partners publish nothing, and say why of both halves. The decision has its own day; the six months end with it;
    the report is owed to the Secretary of State and the Panel, overdue the day after, and before any action plan.
    """
    with pytest.raises(TransitionRefused, match="why no information about the improvements is appropriate"):
        drafted.take("sign_report", **{**NOTHING, "no_information": ""})
    with pytest.raises(TransitionRefused, match="there is no day of publication to plan"):
        drafted.take("sign_report", **{**NOTHING, "planned_on": date(2026, 5, 29)})
    case = drafted.take("sign_report", **NOTHING)

    assert State.NOT_PUBLISHED == case.review.state
    assert date(2026, 5, 4) == case.review.happened("decided_to_publish_nothing")
    assert ("cancelled", "") == (case.duty("C12").ended, case.duty("C22").ended)
    assert [] == [duty.rule for duty in case.review.duties if duty.rule in ("C13", "C14", "C16")]
    assert "Send the report, though nothing is published" in description(case.review, case.today, case.records.rulebook)

    case.on(date(2026, 5, 6)).sweep()
    assert [] != case.misses("C22")
    case.take("add_action")
    with pytest.raises(TransitionRefused, match="owed though nothing is published"):
        case.take("agree_action_plan")
    case.take("send_report", to=BOTH, what=["the report"])
    assert "settled" == case.duty("C22").ended
    case.take("agree_action_plan").later(30).take("update_action").take("close_review")
    assert State.CLOSED == case.review.state
    assert [] == case.records.verify(case.reference)


def test_publication_is_given_up_after_the_report_has_gone(drafted) -> None:
    """The report went in advance; then the partners publish nothing. It has been provided, and is not owed twice."""
    case = drafted.take("sign_report", planned_on=date(2026, 5, 29))
    case.on(date(2026, 5, 12)).take("send_report").on(date(2026, 5, 20)).take("publish_nothing")

    assert (State.NOT_PUBLISHED, "settled") == (case.review.state, case.duty("C22").ended)
    assert date(2026, 5, 12) == case.duty("C22").ended_on
    assert "cancelled" == case.duty("C12").ended
    case.take("add_action").take("agree_action_plan")


def test_a_decision_to_publish_nothing_is_taken_back(drafted) -> None:
    """
    Publication is planned after all: the six months are owed again, to the day they always had, and the gate is
    counted from the new day. Nothing gave anybody more time.
    """
    case = drafted.take("sign_report", planned_on=date(2026, 5, 29))
    due = case.due("C12")
    case.later(1).take("publish_nothing").later(7).take("plan_publication", planned_on=date(2026, 6, 30))

    assert State.PRE_PUBLICATION == case.review.state
    assert (due, "") == (case.due("C12"), case.duty("C12").ended)
    assert ["publication is planned after all"] == [d.why for d in case.review.duties if d.rule == "C12" and d.why][-1:]
    assert "cancelled" == case.duty("C22").ended
    assert date(2026, 6, 19) == case.due("C13")
    running = [(duty.rule, duty.subject) for duty in case.review.live()]
    assert len(running) == len(set(running))


def test_the_day_of_that_decision_was_wrong(drafted) -> None:
    """Decided on the Monday, recorded as of the Tuesday: the report was owed from the Monday; both days are kept."""
    case = drafted.later(1).take("sign_report", **NOTHING).later(1)
    case.take("correct_date", what="decided_to_publish_nothing", correct_on=date(2026, 5, 4))
    assert (date(2026, 5, 4), date(2026, 5, 5)) == (case.duty("C22").anchored_on, case.due("C22"))


def test_no_longer_the_full_report_has_its_day_of_deciding(drafted) -> None:
    """When a plan turns to the improvements only, the partners say when they decided that."""
    case = drafted.take("sign_report", planned_on=date(2026, 5, 29)).on(date(2026, 5, 11))
    with pytest.raises(TransitionRefused, match="on which day the partners decided not to publish the report"):
        case.take("plan_publication", publish=IMPROVEMENTS["publish"])
    only = {"publish": IMPROVEMENTS["publish"], "decided_on": date(2026, 5, 8), "positions": all_agree()}
    case.take("plan_publication", **only)
    assert date(2026, 5, 8) == case.review.happened("decided_not_to_publish")


def test_what_went_for_the_full_report_does_not_open_the_gate_of_the_improvements(drafted) -> None:
    """
    The report went for a full publication; then only the improvements are to be published, and the information about
    them never went. Regulation 16(2) asks for both: publishing is refused, and its gates run, until both have gone.
    """
    case = drafted.take("sign_report", planned_on=date(2026, 5, 29)).on(date(2026, 5, 11)).take("send_report", to=BOTH)
    only = {"publish": IMPROVEMENTS["publish"], "decided_on": date(2026, 5, 12), "positions": all_agree()}
    case.on(date(2026, 5, 12)).take("plan_publication", planned_on=date(2026, 6, 12), **only)
    case.take("record_done", what="justification for not publishing sent")
    assert ("", "") == (case.duty("C14").ended, case.duty("C14b").ended)

    with pytest.raises(TransitionRefused, match="the report and the information about the improvements"):
        case.on(date(2026, 6, 12)).take("publish")
    case.take("plan_publication", planned_on=date(2026, 6, 30), publish=only["publish"]).take("send_report", to=BOTH)
    assert ("", "settled") == (case.duty("C14").ended, case.duty("C14b").ended)
    case.on(date(2026, 6, 30)).take("publish")
    assert State.PUBLISHED_IMPROVEMENTS_ONLY == case.review.state


def test_a_changed_text_goes_again_however_often_the_day_moves(drafted) -> None:
    """
    Sent in time, then the text changed: the copy of the old text opens nothing, also not after the day moved once more
    with «no, unchanged since». The new text goes, and is counted on its own day.
    """
    case = drafted.take("sign_report", planned_on=date(2026, 5, 29)).on(date(2026, 5, 11)).take("send_report", to=BOTH)
    case.take("plan_publication", planned_on=date(2026, 6, 12), text_changed="yes")
    with pytest.raises(
        TransitionRefused, match="what went on Mon 11 May 2026 was for another plan or of an earlier text"
    ):
        case.on(date(2026, 6, 12)).take("publish")
    case.take("plan_publication", planned_on=date(2026, 6, 26), text_changed="no")
    assert ("", "") == (case.duty("C13").ended, case.duty("C13b").ended)

    case.on(date(2026, 6, 15)).take("send_report", to=BOTH).on(date(2026, 6, 26)).take("publish")
    assert date(2026, 6, 15) == case.duty("C13b").ended_on
    assert State.PUBLISHED == case.review.state


def test_a_copy_too_late_for_one_day_is_in_time_for_a_later_one(drafted) -> None:
    """Moved to a day for which the copy was too late, and then to a later one: the same text has gone, and counts."""
    case = drafted.take("sign_report", planned_on=date(2026, 6, 30)).on(date(2026, 5, 25)).take("send_report", to=BOTH)
    case.take("plan_publication", planned_on=date(2026, 5, 29))
    assert case.duty("C13").running
    case.take("plan_publication", planned_on=date(2026, 6, 12))
    assert ("settled", date(2026, 5, 25)) == (case.duty("C13b").ended, case.duty("C13b").ended_on)


def test_the_justification_of_one_decision_is_none_of_the_next(drafted) -> None:
    """Improvements only, justified; then the full report; then improvements only again: that needs its own reasons."""
    case = drafted.take("sign_report", **IMPROVEMENTS, planned_on=date(2026, 6, 26)).take("send_report")
    case.later(1).take("plan_publication", planned_on=date(2026, 6, 29), publish=IMPROVEMENTS["publish"])
    assert "settled" == case.duty("C15").ended, "a moved day leaves the reasons sent"

    case.later(1).take("plan_publication", planned_on=date(2026, 6, 29))
    only = {"publish": IMPROVEMENTS["publish"], "decided_on": case.today, "positions": all_agree()}
    case.take("plan_publication", planned_on=date(2026, 6, 30), **only)
    assert "settled" == case.duty("C14").ended, "the report and the information went, and are the same"
    with pytest.raises(TransitionRefused, match="when the justification for not publishing was sent"):
        case.on(date(2026, 6, 30)).take("publish")


def test_a_day_moved_with_the_positions_left_empty_is_told(drafted) -> None:
    """Only the day moves, so nobody's position is asked for: the line tells of none, and its page is there."""
    case = drafted.take("sign_report", planned_on=date(2026, 5, 29))
    case.take("plan_publication", planned_on=date(2026, 6, 30), positions=None)
    events = case.records.events(case.reference)
    assert events[-1].facts["positions"] is None
    last = history(case.review, events, case.records.rulebook)[-1]
    assert "Tue 30 Jun 2026" in last.sentence
    assert not [words for words in last.further if "agreed" in words]


def test_a_second_publication_is_planned_and_its_copy_goes_like_the_first(drafted) -> None:
    """
    Published, followed up, closed, and opened again for another text: the copy of the first publication opens nothing.
    A day is planned, the new text goes to both, and only then is it published again.
    """
    case = drafted.take("sign_report", planned_on=date(2026, 5, 29)).on(date(2026, 5, 11)).take("send_report", to=BOTH)
    case.on(date(2026, 5, 29)).take("publish").take("add_action").take("agree_action_plan").take("update_action")
    case.later(30).take("close_review").later(30).take("reopen", return_to="pre_publication")
    with pytest.raises(
        TransitionRefused, match="published on Fri 29 May 2026: plan the day on which it is published again"
    ):
        case.take("publish")
    case.take("plan_publication", planned_on=date(2026, 8, 31), text_changed="yes")
    with pytest.raises(TransitionRefused, match="the advance copy has not been sent"):
        case.take("publish")
    case.on(date(2026, 8, 3)).take("send_report", to=BOTH).on(date(2026, 8, 31)).take("publish")
    assert date(2026, 8, 31) == case.review.happened("published")


def test_the_report_that_went_is_not_the_one_written_since(drafted) -> None:
    """
    Sent, then taken back into drafting and accepted anew with nothing to be published: the report as it now is has gone
    to nobody, and is owed to both.
    """
    case = drafted.take("sign_report", planned_on=date(2026, 5, 29)).on(date(2026, 5, 11)).take("send_report", to=BOTH)
    case.take("publish_nothing")
    assert "settled" == case.duty("C22").ended
    case.take("add_action").take("agree_action_plan").later(30).take("update_action").take("close_review")
    case.later(5).take("reopen", return_to="sign_off").take("sign_report", **NOTHING)
    assert "" == case.duty("C22").ended


def test_a_corrected_day_sends_no_changed_text_again(drafted) -> None:
    """
    The copy went, then the text changed. Putting right on which day that copy went makes it no copy of the new text,
    on any mark of it; nor can it have gone before the report was accepted.
    """
    case = drafted.take("sign_report", planned_on=date(2026, 7, 8)).on(date(2026, 5, 11)).take("send_report")
    case.on(date(2026, 6, 20)).take("plan_publication", planned_on=date(2026, 7, 15), text_changed="yes")
    with pytest.raises(TransitionRefused, match="would be before report accepted on Mon 4 May 2026"):
        case.take("correct_date", what="advance_copy_sent", correct_on=date(2026, 1, 1))
    for what in ("report_provided", "advance_copy_sent", "advance_copy_sent_to_all"):
        case.take("correct_date", what=what, correct_on=date(2026, 5, 12))
    case.on(date(2026, 7, 1)).take("plan_publication", planned_on=date(2026, 7, 16))
    assert ("", "") == (case.duty("C13").ended, case.duty("C13b").ended)
    with pytest.raises(TransitionRefused, match="the advance copy has not been sent"):
        case.on(date(2026, 7, 16)).take("publish")


def test_a_corrected_day_brings_no_earlier_plan_back(drafted) -> None:
    """The full report was planned, then the improvements only: the day of the first plan put right changes no plan."""
    case = drafted.take("sign_report", planned_on=date(2026, 7, 8)).take("send_report", what=["the report"])
    only = {"publish": IMPROVEMENTS["publish"], "decided_on": case.today, "positions": all_agree()}
    case.later(1).take("plan_publication", planned_on=date(2026, 7, 15), **only)
    case.on(date(2026, 7, 14)).take("correct_date", what="publication_planned_full", correct_on=date(2026, 7, 9))
    assert "" == case.duty("C14").ended
    with pytest.raises(TransitionRefused, match="the report and the information about the improvements"):
        case.on(date(2026, 7, 15)).take("publish")


def test_a_corrected_day_plans_no_second_publication(drafted) -> None:
    """Published, closed and reopened: the first plan's day put right is no plan of a second publication."""
    case = drafted.take("sign_report", planned_on=date(2026, 5, 29)).on(date(2026, 5, 11)).take("send_report", to=BOTH)
    case.on(date(2026, 5, 29)).take("publish").take("add_action").take("agree_action_plan").take("update_action")
    case.later(30).take("close_review").later(30).take("reopen", return_to="pre_publication")
    case.take("correct_date", what="publication_planned_full", correct_on=date(2026, 5, 30))
    with pytest.raises(TransitionRefused, match="plan the day on which it is published again"):
        case.take("publish")
    assert [] == case.records.verify(case.reference)


def test_ofsteds_copy_is_that_of_the_plan_and_a_justification_follows_its_decision(drafted) -> None:
    """
    The report went for a full publication; then only the improvements are published, and the information never went:
    nothing can have gone to Ofsted that meets the guidance. Nor was a decision justified before it was taken.
    """
    case = drafted.take("sign_report", planned_on=date(2026, 7, 8)).on(date(2026, 5, 11))
    case.take("send_report", to=BOTH, what=["the report"])
    with pytest.raises(TransitionRefused, match="'justification for not publishing sent' comes after decided not to"):
        case.take("record_done", what="justification for not publishing sent")
    only = {"publish": IMPROVEMENTS["publish"], "decided_on": date(2026, 5, 11), "positions": all_agree()}
    case.take("plan_publication", planned_on=date(2026, 7, 15), **only)
    with pytest.raises(TransitionRefused, match="has not been sent: the report and the information about the impro"):
        case.take("record_done", what="advance copy sent to Ofsted")
    with pytest.raises(TransitionRefused, match="comes after decided not to publish on Mon 11 May 2026"):
        case.take("record_done", what="justification for not publishing sent", on=date(2026, 5, 8))
    both = ["the report", "the information about the improvements"]
    with pytest.raises(
        TransitionRefused, match="the justification cannot go before that was decided on Mon 11 May 2026"
    ):
        case.take("send_report", what=[*both, "the justification for not publishing"], sent_on=date(2026, 5, 8))
    assert ("", "") == (case.duty("C14").ended, case.duty("C15").ended)
    case.take("send_report", to=BOTH, what=both).take("record_done", what="advance copy sent to Ofsted")
    assert "settled" == case.duty("C14").ended


def test_the_decision_and_the_name_are_told_on_days_of_their_own(partnership) -> None:
    """The Panel heard of the decision at once; the reviewer's name follows, is chased, and is recorded when it goes."""
    case = partnership.hears_of(date(2026, 2, 9)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").on(date(2026, 2, 27)).take("conclude_rapid_review")
    case.on(date(2026, 3, 2)).take("decide_review").later(14)
    with pytest.raises(TransitionRefused, match="told of the decision"):
        case.take("commission_review", decision_told_on=None, reviewer_named_on=None)
    case.take("commission_review", decision_told_on=date(2026, 3, 3), reviewer_named_on=None)

    assert ("settled", date(2026, 3, 3)) == (case.duty("C08").ended, case.duty("C08").ended_on)
    assert case.duty("C08b").running
    case.later(2).take("record_done", what="reviewer's name sent to the Panel")
    assert "settled" == case.duty("C08b").ended


ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "serious abuse or neglect of an adult"}
ALIVE = {"died": {"answer": "no", "reason": "Alive."}, "alive": {"answer": "yes", "reason": "Lasting harm."}}


@pytest.fixture
def living_adult(partnership):
    """A mandatory review of a living adult, decided on 16 March 2026."""
    case = partnership.hears_of(date(2026, 3, 2), **ADULT).take("accept_referral").later(10).take("complete_screening")
    return case.on(date(2026, 3, 16)).take("decide_adult_review", **ALIVE, positions=all_agree())


def test_an_urgent_review_begins_before_its_advocate_who_stays_owed(living_adult) -> None:
    """
    Section 68 bites where there is to be a review, and section 68(6) lets an urgent one begin first. It says why; the
    advocate is then chased from that day, until one is arranged.
    """
    urgent = {"consent": "the adult consents", "advocate": "not yet: the review begins as a matter of urgency"}
    with pytest.raises(TransitionRefused, match="why the review is so urgent"):
        living_adult.take("commission_adult_review", **urgent)
    living_adult.take("commission_adult_review", **urgent, urgency="The home is still open.")
    assert date(2026, 3, 16) == living_adult.due("A06b")

    living_adult.later(2).sweep()
    assert [] != living_adult.misses("A06b")
    living_adult.take("record_done", what="independent advocate arranged")
    assert "settled" == living_adult.duty("A06b").ended


def test_nobody_is_dead_for_one_question_and_alive_for_the_next(living_adult) -> None:
    """Consent of a living adult and «the adult has died» contradict each other."""
    with pytest.raises(TransitionRefused, match="contradict each other: has the adult died"):
        living_adult.take("commission_adult_review", consent="the adult consents")


def test_a_copy_that_was_too_late_for_the_plan_is_said_to_be_that(drafted) -> None:
    """Nothing is published, and the report went; then a day is planned for which that was too late."""
    drafted.take("sign_report", **NOTHING).take("send_report", to=BOTH, what=["the report"])
    drafted.take("plan_publication", publish="the full report", planned_on=date(2026, 5, 12)).on(date(2026, 5, 12))
    with pytest.raises(
        TransitionRefused, match="the copy that went on Mon 4 May 2026 was too late for the planned day: pl"
    ):
        drafted.take("publish")
    drafted.take("plan_publication", publish="the full report", planned_on=date(2026, 5, 29)).on(date(2026, 5, 29))
    assert State.PUBLISHED == drafted.take("publish").review.state

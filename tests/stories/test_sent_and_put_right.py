"""A report that went in time stays sent: whatever is sent again, and whichever day is put right afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from flows.demo.answers import answer, signer
from flows.demo.invented import all_agree
from safeguarding.dates.working_days import say
from safeguarding.duties.lateness import missed
from safeguarding.errors import TransitionRefused
from safeguarding.lifecycle import attempt
from safeguarding.review.fold import fold
from safeguarding.review.states import State
from safeguarding.stages import STEPS

ONLY = "information about the improvements only"
NOTHING = {
    "publish": "nothing",
    "justification": "The report would lead to a surviving child.",
    "no_information": "The improvements cannot be told without the case.",
    "planned_on": None,
}


@pytest.fixture
def drafted(partnership):
    """A child review decided on 2 March 2026, its final draft with the partners on Monday 4 May 2026."""
    case = partnership.hears_of(date(2026, 2, 9)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").on(date(2026, 2, 27)).take("conclude_rapid_review")
    case.on(date(2026, 3, 2)).take("decide_review").later(10).take("commission_review")
    return case.later(10).take("begin_drafting").on(date(2026, 5, 4)).take("submit_draft")


@pytest.fixture
def sent(drafted):
    """To be published on Tuesday 30 June 2026, and sent to all three on 12 May, seven weeks before."""
    case = drafted.later(1).take("sign_report", planned_on=date(2026, 6, 30))
    return case.on(date(2026, 5, 12)).take("send_report")


def test_a_second_copy_out_of_courtesy_closes_no_gate(sent) -> None:
    """The day before publication the Panel is sent the same text once more: the first copy was in time, and counts."""
    sent.on(date(2026, 6, 29)).take("send_report")
    assert ("settled", date(2026, 5, 12)) == (sent.duty("C13b").ended, sent.duty("C13b").ended_on)
    sent.on(date(2026, 6, 30)).take("publish")
    assert State.PUBLISHED == sent.review.state


def test_a_second_copy_is_no_later_for_another_day_either(sent) -> None:
    """The day moves by two days after the courtesy copy: what went on 12 May meets the new gates, Ofsted's too."""
    sent.on(date(2026, 6, 29)).take("send_report").take("plan_publication", planned_on=date(2026, 7, 2))
    gates = [(sent.duty(rule).ended, sent.duty(rule).ended_on) for rule in ("C13", "C13b")]
    assert [("settled", date(2026, 5, 12))] * 2 == gates
    sent.on(date(2026, 7, 2)).take("publish")
    assert State.PUBLISHED == sent.review.state


def test_a_late_first_copy_is_late_however_often_it_goes(drafted) -> None:
    """Of two copies that both went too late, neither opens the gate: the day moves."""
    case = drafted.take("sign_report", planned_on=date(2026, 5, 29)).on(date(2026, 5, 25)).take("send_report")
    case.on(date(2026, 5, 28)).take("send_report").on(date(2026, 5, 29))
    with pytest.raises(
        TransitionRefused, match="the advance copy went on Mon 25 May 2026; for Fri 29 May 2026 it had to go by"
    ):
        case.take("publish")


def test_the_day_of_acceptance_put_right_keeps_the_copy_sent(sent) -> None:
    """
    Accepted on Monday 4 May and not on the 5th, found out after the copies went: they are of that report, for the day
    as planned, for another day, and where nothing is published in the end.
    """
    sent.take("correct_date", what="report_accepted", correct_on=date(2026, 5, 4))
    sent.take("plan_publication", planned_on=date(2026, 6, 26))
    assert ("settled", date(2026, 5, 12)) == (sent.duty("C13b").ended, sent.duty("C13b").ended_on)
    sent.later(1).take("publish_nothing")
    assert ("settled", date(2026, 5, 12)) == (sent.duty("C22").ended, sent.duty("C22").ended_on)


def test_publish_nothing_put_right_and_taken_back_owes_the_six_months_again(drafted) -> None:
    """
    Decided on Monday 4 May, recorded as of the 5th, and taken back by a plan: the six months, which that decision had
    ended, are owed again to the day they always had, and the review is published.
    """
    due = drafted.due("C12")
    case = drafted.later(1).take("sign_report", **NOTHING).later(1)
    case.take("correct_date", what="report_accepted", correct_on=date(2026, 5, 4))
    case.take("correct_date", what="decided_to_publish_nothing", correct_on=date(2026, 5, 4))
    ended = case.duty("C12")
    assert ("cancelled", date(2026, 5, 4)) == (ended.ended, ended.ended_on), "it ended on the right day too"
    assert "no longer owed: decided to publish nothing on 2026-05-04" == ended.why

    case.later(7).take("plan_publication", planned_on=date(2026, 6, 30))
    assert (due, "") == (case.due("C12"), case.duty("C12").ended)
    case.take("send_report").on(date(2026, 6, 30)).take("publish")
    assert ("settled", State.PUBLISHED) == (case.duty("C12").ended, case.review.state)
    assert [] == case.records.verify(case.reference)


def test_publish_nothing_put_right_leads_to_the_improvements_alone(drafted) -> None:
    """
    Publish nothing, its day put right, then the improvements only: the gates and the justification of that plan are
    owed and can be met, and nothing stands in the way of publishing.
    """
    case = drafted.take("sign_report", **NOTHING).later(2)
    for what in ("decided_not_to_publish", "decided_to_publish_nothing"):
        case.take("correct_date", what=what, correct_on=date(2026, 5, 5))
    case.take("plan_publication", planned_on=date(2026, 6, 30), publish=ONLY, positions=all_agree())
    assert ["", "", "", ""] == [case.duty(rule).ended for rule in ("C12", "C14", "C14b", "C15")]
    case.take("send_report").on(date(2026, 6, 30)).take("publish")
    assert State.PUBLISHED_IMPROVEMENTS_ONLY == case.review.state


def test_to_turn_to_the_improvements_is_decided_by_the_three_and_kept(sent) -> None:
    """
    The plan turns from the full report to the improvements: without a position of each partner, or with a dissent that
    says nothing, it is refused; who agreed and who did not is kept, as at the acceptance. A moved day asks for nobody.
    """
    turn = {"planned_on": date(2026, 7, 7), "publish": ONLY, "decided_on": date(2026, 5, 12)}
    with pytest.raises(TransitionRefused, match="decided by the three partners: give the position of each"):
        sent.take("plan_publication", **turn)
    silent = {**all_agree(), "police": {**all_agree()["police"], "position": "dissent"}}
    with pytest.raises(TransitionRefused, match="reasons are needed for the position of the police"):
        sent.take("plan_publication", **turn, positions=silent)
    sent.take("plan_publication", **turn, positions=all_agree())
    kept = sent.records.events(sent.reference)[-1].facts["positions"]
    assert {"agree"} == {one["position"] for one in kept.values()}
    untouched = {partner: {"person": None, "position": None, "reasons": ""} for partner in all_agree()}
    sent.take("plan_publication", planned_on=date(2026, 7, 14), publish=ONLY, positions=untouched)


def test_a_reopened_review_of_which_nothing_was_published_owes_them_when_it_is_planned(drafted) -> None:
    """Closed with nothing published, opened again before publication, and a day planned: the six months are owed."""
    case = drafted.take("sign_report", **NOTHING).take("send_report", what=["the report"]).take("add_action")
    case.take("agree_action_plan").take("update_action").later(10).take("close_review")
    case.later(5).take("reopen", return_to="pre_publication").take("plan_publication", planned_on=date(2026, 6, 30))
    assert "" == case.duty("C12").ended


def test_a_day_is_put_right_only_to_one_that_its_step_would_have_taken(sent) -> None:
    """
    Whatever the step: the decision is not put before the rapid review that it decides on, nor that review after the
    decision; what happened is not to come. A planned day may be, though not on the day on which it was planned.
    """
    for what, on, words in (
        (
            "decided",
            date(2026, 2, 26),
            "decided on Thu 26 Feb 2026 would be before rapid review completed on Fri 27 Feb 2026",
        ),
        (
            "rapid_review_completed",
            date(2026, 3, 3),
            "decided on Mon 2 Mar 2026 would be before rapid review completed on",
        ),
        ("terms_of_reference_agreed", date(2026, 3, 1), "would be before decided to initiate on Mon 2 Mar 2026"),
        (
            "final_draft_ready",
            date(2026, 5, 6),
            "report accepted on Tue 5 May 2026 would be before final draft ready on",
        ),
        ("report_accepted", date(2026, 6, 1), "Mon 1 Jun 2026 is in the future: today is Tue 12 May 2026"),
        ("publication_planned_full", date(2026, 5, 5), "was not to come on Tue 5 May 2026, when that was recorded"),
    ):
        with pytest.raises(TransitionRefused, match=words):
            sent.take("correct_date", what=what, correct_on=on)
    sent.take("correct_date", what="publication_planned_full", correct_on=date(2026, 7, 1))
    assert date(2026, 6, 24) == sent.due("C13b")


def test_a_second_publication_is_not_put_before_its_copy_nor_a_reopening_before_the_closing(sent) -> None:
    """Published on 30 June with a copy of 12 May: not on the 13th of May, for which that copy had been too late."""
    case = sent.on(date(2026, 6, 30)).take("publish")
    with pytest.raises(
        TransitionRefused, match="the advance copy went on Tue 12 May 2026; for Wed 13 May 2026 it had to go by"
    ):
        case.take("correct_date", what="published", correct_on=date(2026, 5, 13))
    case.take("add_action").take("agree_action_plan").take("update_action").later(30).take("close_review").later(30)
    case.take("reopen", return_to="pre_publication")
    with pytest.raises(TransitionRefused, match="reopened on Wed 29 Jul 2026, before it closed on Thu 30 Jul 2026"):
        case.take("correct_date", what="reopened", correct_on=date(2026, 7, 29))
    opened = case.review.happened("reopened")
    with pytest.raises(TransitionRefused, match=f"after it was reopened on {say(opened)}"):
        case.later(5).take("correct_date", what="closed", correct_on=opened + timedelta(days=1))
    case.take("correct_date", what="closed", correct_on=opened)


# --------------------------------------------------------------------------- counted from publication itself


def test_once_published_the_copy_is_judged_by_that_very_day(drafted) -> None:
    """
    Planned for 28 May and sent on the 26th, too late for that day; published on 4 June, nine days after the copy. The
    regulation asks for seven days before the date of publication: it was met, and nothing is late.
    """
    case = drafted.later(1).take("sign_report", planned_on=date(2026, 5, 28)).on(date(2026, 5, 26)).take("send_report")
    (made,) = case.explained("C13b")
    assert "was due Thu 21 May 2026; met on Tue 26 May 2026, too late for the planned day" in made.words[0]
    case.on(date(2026, 6, 4)).take("publish")
    row = case.duty("C13b")
    assert ("published", date(2026, 6, 4), date(2026, 5, 28)) == (row.anchor, row.anchored_on, row.due_on)
    assert ("settled", date(2026, 5, 26)) == (row.ended, row.ended_on)
    (made,) = case.explained("C13b")
    assert "too late" not in made.words[0] and "LATE" not in made.words[0]
    assert () == tuple(duty for duty in missed(case.review, case.today) if duty.rule in ("C13", "C13b"))
    assert [] == list(case.records.verify())


def test_the_day_of_publication_put_right_moves_what_is_counted_back_from_it(sent) -> None:
    """Published on 30 June; it was the 22nd: the copy of 12 May had to go by the 15th, and went in time."""
    case = (
        sent.on(date(2026, 6, 30)).take("publish").take("correct_date", what="published", correct_on=date(2026, 6, 22))
    )
    assert (date(2026, 6, 15), date(2026, 5, 12)) == (case.due("C13b"), case.duty("C13b").ended_on)
    assert [] == list(case.records.verify())


def test_a_record_of_an_earlier_program_is_counted_from_publication_when_its_day_is_put_right(sent) -> None:
    """Its gates were counted from the planned day: the correction of the day of publication counts them from that."""
    case = sent.on(date(2026, 6, 30)).take("publish")
    planned = {"anchor": "publication_planned_full", "anchored_on": date(2026, 6, 25), "due_on": date(2026, 6, 18)}
    rows = [
        d.model_copy(update=planned) if (d.rule, d.anchor) == ("C13b", "published") else d for d in case.review.duties
    ]
    review = case.review.model_copy(update={"duties": tuple(rows)})
    raw = answer("correct_date", review, case.today, what="published", correct_on=date(2026, 6, 29))
    line = attempt(review, "correct_date", raw, signer(STEPS["correct_date"].by), case.at, case.records.rulebook)
    row = [duty for duty in fold([line], review).duties if duty.rule == "C13b"][-1]
    assert ("published", date(2026, 6, 29), date(2026, 6, 22)) == (row.anchor, row.anchored_on, row.due_on)
    assert ("settled", date(2026, 5, 12)) == (row.ended, row.ended_on)


@pytest.mark.parametrize("what", ["advance_copy_sent", "improvements_information_sent"])
def test_no_part_of_the_copy_is_put_after_the_day_on_which_it_had_to_go(drafted, what: str) -> None:
    """The improvements are published: neither the report nor the information about them went three days before."""
    justified = {"publish": ONLY, "justification": "The report would lead to a surviving child."}
    case = drafted.later(1).take("sign_report", planned_on=date(2026, 6, 30), **justified)
    case.on(date(2026, 5, 12)).take("send_report").on(date(2026, 6, 22)).take("publish")
    with pytest.raises(
        TransitionRefused, match="the advance copy went on Fri 19 Jun 2026; for Mon 22 Jun 2026 it had to go by"
    ):
        case.take("correct_date", what=what, correct_on=date(2026, 6, 19))
    case.take("correct_date", what=what, correct_on=date(2026, 5, 13))
    assert date(2026, 6, 15) == case.due("C14b")

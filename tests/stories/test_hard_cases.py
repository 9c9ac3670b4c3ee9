"""The cases that go wrong, end early, or are asked about years later."""

from datetime import date

import pytest

from flows.demo.invented import all_agree, no, police_dissent_by_deputy, yes
from safeguarding.errors import TransitionRefused
from safeguarding.notices.ladder import Ladders
from safeguarding.notices.notice import Occasion
from safeguarding.notices.step_notices import notices_for
from safeguarding.review.events import UNKNOWN, Actor
from safeguarding.review.states import State


@pytest.fixture
def at_rapid_review(partnership):
    """A child review whose notification went on Friday 27 November 2026, agencies asked on the Monday."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    return case.on(date(2026, 11, 27)).take("send_notification").on(date(2026, 11, 30)).take("open_rapid_review")


@pytest.fixture
def at_decision(at_rapid_review):
    """The same, with the rapid review complete on 16 December."""
    return at_rapid_review.on(date(2026, 12, 16)).take("conclude_rapid_review")


def test_a_looked_after_childs_death_without_suspected_abuse_starts_no_rapid_review(partnership) -> None:
    """The Secretary of State and Ofsted are told within five working days; the Panel's clock never starts (T20)."""
    case = partnership.hears_of(date(2026, 11, 20))
    case.take("assess_notification", incident="death", looked_after="yes")
    assert date(2026, 11, 27) == case.due("C03")

    case.take("decide_notification", abuse_or_neglect=no(), died=yes(), seriously_harmed=no(), looked_after=yes())
    with pytest.raises(TransitionRefused, match="parents and holders of parental responsibility"):
        case.later(3).take("send_notification")
    case.take("send_notification", parents_told_on=case.today)

    assert State.NOT_SERIOUS_CASE == case.review.state
    assert ("settled", "settled") == (case.duty("C03").ended, case.duty("C03b").ended)
    assert [] == [duty for duty in case.review.duties if duty.rule == "C05"]


def test_a_withdrawn_notification_cancels_the_clock_and_does_not_call_it_met(at_rapid_review) -> None:
    """The criteria turn out not to be met: the Panel is told, and C05 falls away unmet (T19)."""
    at_rapid_review.later(2).take("withdraw_notification")

    assert "cancelled" == at_rapid_review.duty("C05").ended
    assert State.NOTIFICATION_WITHDRAWN == at_rapid_review.review.state
    assert () == at_rapid_review.review.running()


def test_a_decision_on_not_known_cannot_end_a_child_case(at_decision) -> None:
    """One factor of regulation 11 is not known: a review may still be begun, but the case may not be closed."""
    unknown = {"answer": "not known", "reason": "The police file is awaited."}
    nothing = {"improvements": no(), "recurrent_themes": no(), "joint_working": unknown, "panel_view": no()}
    with pytest.raises(TransitionRefused, match="not known is not «no»: ask about any criterion"):
        at_decision.take("decide_review", outcome="no local review: learning captured", **nothing)

    at_decision.take("decide_review", outcome="local review", **nothing)
    assert "commissioning" == at_decision.review.state


def test_two_agree_and_a_deputy_dissents(at_decision) -> None:
    """The dissent, its reasons and who spoke are on the record; the decision stands, as this partnership agreed."""
    at_decision.take("decide_review", positions=police_dissent_by_deputy())

    line = at_decision.records.events(at_decision.reference, unseal=True)[-1]
    assert "kelly_sample" == line.facts["positions"]["police"]["person"]
    assert "dissent" == line.facts["positions"]["police"]["position"]
    assert "The learning is already in hand." == line.sealed["positions.police.reasons"]


def test_an_absent_partner_without_a_deputy_makes_the_decision_inquorate(at_decision) -> None:
    """Everything that stands in the way is said at once: nobody for the police, and no reasons for the absence."""
    absent = {**all_agree(), "police": {"person": "harper_sample", "position": "absent"}}
    with pytest.raises(TransitionRefused) as refused:
        at_decision.take("decide_review", positions=absent)

    assert "not quorate: police absent" in str(refused.value)
    assert "reasons are needed for the position of the police" in str(refused.value)


def test_nobody_may_speak_for_a_partner_that_is_not_theirs(at_decision) -> None:
    """The delegate of the council cannot give the position of the police."""
    wrong = {**all_agree(), "police": {"person": "glenn_sample", "position": "agree"}}
    with pytest.raises(TransitionRefused, match="Police: Who spoke: choose one of"):
        at_decision.take("decide_review", positions=wrong)


def test_a_step_is_refused_to_whoever_holds_no_role_for_it(at_decision) -> None:
    """The business unit records and does not decide; a stranger is told that they are not in the file."""
    with pytest.raises(TransitionRefused, match="Billie Example may not take this step"):
        at_decision.take("decide_review", by="billie_example")
    with pytest.raises(TransitionRefused, match="the signer is not in the partnership's file") as refused:
        at_decision.take("decide_review", by="nobody_here")
    assert "nobody_here" not in str(refused.value)
    assert "glenn_sample" in str(refused.value), "who may sign is said"
    assert UNKNOWN == at_decision.records.events(at_decision.reference)[-1].actor.person


def test_a_minuted_decision_needs_its_minute(at_decision) -> None:
    """How we know who decided is part of the decision."""
    actor = Actor.model_validate({"person": "glenn_sample", "attestation": "minuted"})
    with pytest.raises(TransitionRefused, match="needs the reference of the minute"):
        at_decision.records.attempt(at_decision.reference, "decide_review", {}, actor, at_decision.at)


def test_a_stale_form_is_refused_and_says_what_changed(at_rapid_review) -> None:
    """A manager looked at version 5; meanwhile a return came in. The form is refused, naming the change."""
    seen = at_rapid_review.review.version
    at_rapid_review.take("record_return")
    with pytest.raises(
        TransitionRefused, match="changed while this form was open: Agency's return recorded"
    ) as refused:
        at_rapid_review.take("conclude_rapid_review", made_on=seen)
    assert "_example" not in str(refused.value)


def test_a_refusal_does_not_make_the_next_answer_stale(at_rapid_review) -> None:
    """The card that was refused waits under a later version; its answer is as good as the first."""
    seen = at_rapid_review.review.version
    with pytest.raises(TransitionRefused):
        at_rapid_review.take("conclude_rapid_review", made_on=seen, facts_gathered=no())
    at_rapid_review.take("conclude_rapid_review", made_on=seen)
    assert "decision" == at_rapid_review.review.state


def test_a_corrected_awareness_date_moves_the_clock_and_keeps_both(partnership) -> None:
    """
    The authority knew on the 18th, not on the 20th (T32). The due date moves from the 27th to the 25th; the old row
    stays, superseded, with the reason.
    """
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").later(1)
    case.take("correct_date", what="became_aware", correct_on=date(2026, 11, 18))

    rows = [(d.due_on, d.ended) for d in case.review.duties if d.rule == "C01"]
    assert [(date(2026, 11, 27), "superseded"), (date(2026, 11, 25), "")] == rows


def test_a_correction_after_the_fact_shows_that_a_settled_duty_was_late(partnership) -> None:
    """The notification was met on its last day, by the wrong date; by the right one it was late, and says so."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    case.on(date(2026, 11, 27)).take("send_notification")
    case.take("correct_date", what="became_aware", correct_on=date(2026, 11, 18))

    row = case.duty("C01")
    assert ("settled", date(2026, 11, 27), date(2026, 11, 25)) == (row.ended, row.ended_on, row.due_on)


def test_a_deferral_never_moves_the_date(at_decision) -> None:
    """Reasons are sent and a new day is expected; the six months end when they end."""
    at_decision.take("decide_review").later(30)
    before = at_decision.due("C12")
    at_decision.take("record_deferral", by="dana_sample")

    assert before == at_decision.due("C12")
    assert at_decision.duty("C12").running
    assert ["C12"] == [deferral.rule for deferral in at_decision.review.deferrals]


def test_a_local_date_is_not_deferred_but_planned_again(at_rapid_review) -> None:
    """A deferral is a letter to the Panel about the law; a local step has nobody to write to."""
    with pytest.raises(TransitionRefused, match="is a local date"):
        at_rapid_review.take("record_deferral", rule="local.c.rapid_review_meeting", by="dana_sample")


def test_a_reopened_review_takes_up_its_clocks_on_their_own_days(at_rapid_review) -> None:
    """Withdrawn in error: the rapid review goes on, due on the day it was always due."""
    due = at_rapid_review.due("C05")
    at_rapid_review.later(2).take("withdraw_notification").later(1)
    at_rapid_review.take("reopen", return_to="rapid_review", because="it was closed in error")

    assert (due, "") == (at_rapid_review.due("C05"), at_rapid_review.duty("C05").ended)
    assert 2 == at_rapid_review.review.entry


def test_a_review_cannot_be_reopened_where_it_never_was(at_rapid_review) -> None:
    """A case that never reached publication does not start again there."""
    at_rapid_review.take("withdraw_notification")
    with pytest.raises(TransitionRefused, match="was never at 'published'"):
        at_rapid_review.take("reopen", return_to="published")


def test_nobody_verifies_their_own_agencys_action(partnership) -> None:
    """The school's lead cannot verify the school's action, and a mere assertion verifies nothing."""
    case = partnership.hears_of(date(2026, 2, 2)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").take("conclude_rapid_review").take("decide_review")
    case.take("add_action")

    with pytest.raises(TransitionRefused) as refused:
        case.take("update_action", by="jules_lead", grade="assertion")
    assert "A01 is verified by somebody else: the signer owns it and is of its agency" in str(refused.value)
    assert "needs better evidence" in str(refused.value)


def test_an_early_take_down_needs_a_legal_decision(partnership) -> None:
    """Published text stays for at least a year; 29 February rounds up to 1 March (T17)."""
    case = partnership.hears_of(date(2027, 9, 1)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").take("conclude_rapid_review").take("decide_review")
    case.later(10).take("commission_review").later(10).take("begin_drafting").later(10).take("submit_draft")
    case.take("sign_report", planned_on=date(2028, 2, 29)).take("send_report")
    case.on(date(2028, 2, 29)).take("publish")
    assert date(2029, 3, 1) == case.due("C16")

    case.on(date(2028, 12, 1))
    with pytest.raises(TransitionRefused, match="must stay public until Thu 1 Mar 2029"):
        case.take("take_down", legal_decision="")
    case.take("take_down", legal_decision="EX-LEGAL-1")
    assert "cancelled" == case.duty("C16").ended, "a year cut short is not a year that was met"
    told = " ".join(words for one in case.explained("C16") for words in one.words)
    assert "ended early by legal decision EX-LEGAL-1" in told


def test_an_unfilled_form_names_every_question_and_repeats_no_answer(at_decision) -> None:
    """Bad input is refused in words, all of it at once, and what was typed is not echoed."""
    actor = Actor(person="glenn_sample")
    raw = {"outcome": "Jane Invented must not appear", "decided_on": "next week", "colour": "blue"}
    with pytest.raises(TransitionRefused) as refused:
        at_decision.records.attempt(at_decision.reference, "decide_review", raw, actor, at_decision.at)

    told = str(refused.value)
    assert "Decision: choose one of the answers offered" in told
    assert "Decided on: give a date, such as 2026-12-18" in told
    assert "Rationale: is needed" in told
    assert "1 answer belongs to no question of this form, whose questions are: serious_case," in told
    assert "colour" not in told
    assert "Jane" not in told


def test_the_duty_to_notify_is_the_local_authoritys(partnership) -> None:
    """The police delegate is heard on whether to notify, and cannot sign the decision."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification")
    with pytest.raises(TransitionRefused, match="somebody who speaks for it must sign"):
        case.take("decide_notification", by="harper_sample")
    case.take("decide_notification", by="sam_sample")


def test_a_disagreement_of_the_partners_does_not_stop_a_notification(partnership) -> None:
    """It is recorded, with who disagrees and why; the local authority notifies all the same."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification")
    with pytest.raises(TransitionRefused, match="say which partner disagrees"):
        case.take("decide_notification", partners_agree="one or more disagree")
    case.take("decide_notification", partners_agree="one or more disagree", disagreement="Health: no harm is seen.")
    case.take("send_notification")
    assert State.NOTIFICATION_SENT == case.review.state


def test_no_vote_declines_a_mandatory_adult_review(partnership) -> None:
    """Two of three partners dissent from a review that section 44 demands: it is arranged, and the dissent recorded."""
    adult = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
    case = partnership.hears_of(date(2026, 3, 2), **adult).take("accept_referral").later(10).take("complete_screening")
    dissent = {"position": "dissent", "reasons": "The cost."}
    two_dissent = {
        **all_agree(),
        "police": {"person": "harper_sample", **dissent},
        "integrated_care_board": {"person": "indy_sample", **dissent},
    }
    discretionary = {"concern": no(), "outcome": "discretionary review"}
    with pytest.raises(TransitionRefused, match="only 1 of three partners agree"):
        case.take("decide_adult_review", positions=two_dissent, **discretionary)
    case.take("decide_adult_review", positions=two_dissent)
    assert State.COMMISSIONING == case.review.state


def test_a_deferral_of_an_adult_review_is_looked_at_again(partnership) -> None:
    """The look settles the date set for it, whichever duty was deferred."""
    adult = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
    case = partnership.hears_of(date(2026, 3, 2), **adult).take("accept_referral").later(10)
    case.take("complete_screening").take("decide_adult_review").take("record_deferral", by="dana_sample")
    assert case.duty("local.x.deferral_review", "A02").running

    case.later(60).take("record_done", what="deferral looked at again")
    assert "settled" == case.duty("local.x.deferral_review", "A02").ended


def test_one_signer_who_records_three_partners_is_marked_so(at_decision) -> None:
    """The record says for whom the signer spoke, and the letters say who signed and how that is known."""
    at_decision.take("decide_review", by="glenn_sample")
    review, before = at_decision.records.read(at_decision.reference), at_decision.review
    line = at_decision.records.events(at_decision.reference)[-1]
    assert ["police", "integrated_care_board"] == line.facts["recorded_for"]
    assert {"glenn_sample"} != {given["person"] for given in line.facts["positions"].values()}

    told = notices_for(line, before, review, at_decision.records.rulebook)
    said = {one.context["signed"] for one in told if one.occasion is Occasion.DECISION_MADE}
    assert {
        "the delegated safeguarding partner (local authority); declared on the form, with no minute or paper behind "
        "it; the signer recorded the position of: police, integrated care board"
    } == said


def test_six_months_may_end_after_the_bank_holidays_and_people_are_reminded(at_decision) -> None:
    """Decided in September 2028: the six months end in March 2029, with reminders before it, on weekdays."""
    at_decision.on(date(2026, 12, 17)).take("record_done", what="rapid review and decision sent to the Panel")
    at_decision.on(date(2028, 9, 20)).take("decide_review")
    duty, book = at_decision.duty("C12"), at_decision.records.rulebook
    assert (date(2029, 3, 20), date(2028, 12, 31)) == (duty.due_on, book.calendar.last)
    rungs = Ladders(book)(duty.rule, duty.anchored_on, duty.due_on)
    beyond = [moment for _, moment in rungs if moment.date() > book.calendar.last]
    assert beyond and all(moment.weekday() < 5 for moment in beyond if moment.hour)


@pytest.mark.parametrize(("track", "day"), [("adults", 20), ("children", 29)])
def test_a_referral_near_the_end_of_the_bank_holidays_is_refused_in_words(partnership, track: str, day: int) -> None:
    """
    The list ends on 31 December 2028. About an adult the first dates lie beyond it from the 20th at the latest, about a
    child from the 29th: which date cannot be counted and what to do, as a reason.
    """
    with pytest.raises(TransitionRefused) as refused:
        partnership.hears_of(date(2028, 12, day), track=track)
    assert "a date that follows from it cannot be worked out" in str(refused.value)
    assert "safeguarding calendar import FILE" in str(refused.value)


def test_nought_is_an_answer(partnership) -> None:
    """An adult report is accepted and none of its findings is left out: the number nought is taken, and kept."""
    adult = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
    case = partnership.hears_of(date(2026, 3, 2), **adult)
    steps = ("accept_referral", "complete_screening", "decide_adult_review", "commission_adult_review")
    for step in (*steps, "begin_drafting", "submit_draft"):
        case.later(2).take(step)
    case.later(2).take("accept_findings", not_implemented=0)
    assert 0 == case.records.events(case.reference)[-1].facts["not_implemented"]

"""The partnership's own process on a real calendar: a school, a rapid review to plan, a hospital."""

from datetime import date

import pytest
from driver.looks import beside_the_looks

from flows.demo.invented import no, not_known, yes
from safeguarding.errors import TransitionRefused
from safeguarding.review.states import State
from safeguarding.shown.history.told import history

ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}


def test_a_school_refers_a_child_at_ten_to_five_on_maundy_thursday(partnership) -> None:
    """
    The referral comes at 16:50 on 2 April 2026 and the authority knows the same evening. Good Friday and Easter
    Monday do not count: five working days end on Monday the 13th, not on Thursday the 9th.
    """
    case = partnership.hears_of(date(2026, 4, 2), 16, 50)
    case.on(date(2026, 4, 2), 18).take("assess_notification", aware_on=date(2026, 4, 2))

    assert date(2026, 4, 13) == case.due("C01")
    assert date(2026, 4, 13) == case.due("C02")
    told = case.told("referral_received")
    assert {"alex_example", "role:business_unit", "glenn_sample"} <= told, "the unit, once, in the place it shares"


def test_awareness_on_a_weekend_gives_the_same_day_as_on_the_friday(partnership) -> None:
    """Friday 20, Saturday 21 and Sunday 22 November 2026 all give Friday 27 (T04): no office hours, day nought."""
    due = set()
    for day in (20, 21, 22):
        case = partnership.hears_of(date(2026, 11, 20)).on(date(2026, 11, 23))
        case.take("assess_notification", aware_on=date(2026, 11, day))
        due.add(case.due("C01"))

    assert {date(2026, 11, 27)} == due


def test_a_rapid_review_runs_to_the_working_day_plan_of_a_real_partnership(partnership) -> None:
    """
    Sent on Friday 27 November 2026: letters on Monday, a check on Friday 4 December, summaries by the 9th, meeting
    on the 11th, draft by the 15th, sign-off by the 17th, and the report to the Panel by Friday the 18th.
    """
    case = partnership.hears_of(date(2026, 11, 20))
    case.take("assess_notification").on(date(2026, 11, 24)).take("decide_notification")
    case.on(date(2026, 11, 27)).take("send_notification")

    assert date(2026, 11, 30) == case.due("local.c.agency_request_out")
    assert date(2026, 12, 4) == case.due("local.c.progress_check")
    assert date(2026, 12, 11) == case.due("local.c.rapid_review_meeting")
    assert date(2026, 12, 15) == case.due("local.c.rr_draft_to_partners")
    assert date(2026, 12, 17) == case.due("local.c.partner_signoff")
    assert date(2026, 12, 18) == case.due("C05")

    case.on(date(2026, 11, 30)).take("open_rapid_review")
    assert date(2026, 12, 9) == case.due("local.c.agency_summary_return", "police")
    assert "settled" == case.duty("local.c.agency_request_out").ended


def test_two_agencies_are_silent_and_the_review_cannot_leave_without_a_reason(partnership) -> None:
    """Every agency asked has answered, or somebody says why the review goes on without it; all of it said at once."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    case.on(date(2026, 11, 27)).take("send_notification").on(date(2026, 11, 30)).take("open_rapid_review")
    for agency, outcome in (("childrens_social_care", "returned"), ("general_practice", "nil return")):
        case.take("record_return", agency=agency, outcome=outcome, on=date(2026, 11, 30))
    case.on(date(2026, 12, 11))

    with pytest.raises(TransitionRefused) as refused:
        case.take("conclude_rapid_review", without=[], safety_discussed=no())

    told = str(refused.value)
    assert "Schools and early years and Exampleshire Police" in told
    assert "2. Immediate action" in told
    assert "rapid_review" == case.review.state
    assert refused.value.unmet == case.review.refusal.unmet

    reason = "Its file is with the coroner."
    case.take("conclude_rapid_review", without=[{"agency": a, "reason": reason} for a in ("police", "education")])
    assert "decision" == case.review.state
    assert "cancelled" == case.duty("local.c.agency_summary_return", "police").ended
    assert "excused" == next(r.outcome for r in case.review.requests if r.agency == "police")


def test_a_child_review_from_referral_to_closure(partnership) -> None:
    """Through all seven stages; the six months run from the decision, and the copies left in time for publication."""
    case = partnership.hears_of(date(2026, 2, 2)).take("assess_notification").take("decide_notification")
    case.later(1).take("send_notification").later(1).take("open_rapid_review").later(9)
    case.take("conclude_rapid_review").take("decide_review")
    assert date(2026, 8, 13) == case.due("C12")
    assert "settled" == case.duty("C05").ended

    case.later(14).take("commission_review").later(7).take("begin_drafting").later(30).take("submit_draft")
    case.later(7).take("sign_report", planned_on=date(2026, 5, 29))
    assert date(2026, 5, 19) == case.due("C13")

    case.on(date(2026, 5, 20)).take("send_report")
    with pytest.raises(
        TransitionRefused, match=r"had to go by Tue 19 May 2026 \(.*regulations: Fri 22 May 2026\): move the day"
    ):
        case.on(date(2026, 5, 29)).take("publish")

    case.on(date(2026, 6, 1)).take("publish")
    assert date(2027, 6, 1) == case.due("C16")
    case.take("add_action").take("agree_action_plan")
    with pytest.raises(TransitionRefused, match="actions not yet verified: A01"):
        case.later(30).take("close_review")
    case.take("update_action").take("close_review")

    assert State.CLOSED == case.review.state
    assert ["local.x.year_of_publication"] == beside_the_looks(case.review.running())
    assert ["C16", "local.x.year_of_publication"] == beside_the_looks(
        duty for duty in case.review.duties if duty.running
    )
    assert [] == case.records.verify(case.reference)


def test_a_hospital_refers_an_adult_whose_review_is_mandatory(partnership) -> None:
    """
    Needs, concern and a death from suspected neglect: section 44(1) and (2). The partners may choose the method and
    nothing else, and the aim of six months runs from the day they decide.
    """
    case = partnership.hears_of(date(2026, 3, 2), **ADULT).later(1).take("accept_referral")
    assert date(2026, 3, 17) == case.due("A04", "hospital_trust")
    case.later(10).take("complete_screening").later(3)

    with pytest.raises(TransitionRefused, match="mandatory and cannot be declined"):
        case.take("decide_adult_review", outcome="not met", method="not applicable")
    with pytest.raises(TransitionRefused, match="mandatory and cannot be declined"):
        case.take("decide_adult_review", outcome="discretionary review")

    case.take("decide_adult_review")
    assert date(2026, 9, 16) == case.due("A02")
    assert "commissioning" == case.review.stage
    assert {"glenn_sample", "harper_sample", "indy_sample"} <= case.told("decision_made")


def test_a_limb_that_is_not_known_asks_and_never_closes(partnership) -> None:
    """Nobody knows yet whether the adult had needs: the case goes back for information, whatever outcome was chosen."""
    case = partnership.hears_of(date(2026, 3, 2), **ADULT).take("accept_referral").later(10)
    case.take("complete_screening")

    for outcome in ("not met", "other learning", "discretionary review", "mandatory review"):
        with pytest.raises(TransitionRefused, match="not known: the adult had needs for care and support"):
            case.take("decide_adult_review", outcome=outcome, needs=not_known())

    case.take("ask_for_information").later(5).take("complete_screening").take("decide_adult_review", needs=yes())
    assert "commissioning" == case.review.state


def test_an_adult_review_from_referral_to_closure(partnership) -> None:
    """Through all seven stages of the adult track."""
    case = partnership.hears_of(date(2026, 3, 2), **ADULT).take("accept_referral").later(10)
    for step, days in (
        ("complete_screening", 3),
        ("decide_adult_review", 14),
        ("commission_adult_review", 40),
        ("begin_drafting", 20),
        ("submit_draft", 7),
        ("accept_findings", 7),
        ("decide_publication", 1),
        ("add_action", 1),
        ("agree_action_plan", 60),
        ("update_action", 1),
        ("close_review", 0),
    ):
        case.take(step).later(days)

    assert State.CLOSED == case.review.state
    assert ["local.x.year_of_publication"] == beside_the_looks(case.review.running())
    assert "settled" == case.duty("A02").ended


def test_nought_is_an_answer(partnership) -> None:
    """
    The report of an adult review makes no recommendation, and no finding is left undone: nought is recorded as nought,
    needs no reasons, is said in the history, and the plan needs no action. One finding left undone needs its reasons.
    """
    case = partnership.hears_of(date(2026, 3, 2), **ADULT).take("accept_referral").later(10)
    for step, days in (
        ("complete_screening", 3),
        ("decide_adult_review", 14),
        ("commission_adult_review", 40),
        ("begin_drafting", 20),
        ("submit_draft", 7),
    ):
        case.take(step).later(days)
    with pytest.raises(TransitionRefused, match="reasons are needed for findings not implemented"):
        case.take("accept_findings", recommendations=0, not_implemented=1)
    case.take("accept_findings", recommendations=0, not_implemented=0)
    facts = case.records.events(case.reference)[-1].facts
    assert (0, 0) == (facts["recommendations"], facts["not_implemented"])
    line = history(case.review, case.records.events(case.reference), case.records.rulebook)[-1]
    assert "with 0 recommendations;" in line.sentence, line
    case.later(7).take("decide_publication").take("agree_action_plan")
    assert () == case.review.actions
    case.later(60).take("close_review")
    assert State.CLOSED == case.review.state

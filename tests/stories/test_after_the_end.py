"""After the end: closing names what is owed, a closed review takes what comes, a reopened one begins sanely."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from driver.looks import beside_the_looks
from driver.registers import rows, sound

from flows.demo.invented import no
from safeguarding.errors import TransitionRefused
from safeguarding.review.states import State
from safeguarding.shown.sealed_words import sealed_texts
from tasks.record import board
from tasks.store import queries

CARRIED = "carried on after the closing"
ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}


@pytest.fixture
def followed_up(partnership):
    """A child review that was published, its only action verified, on Monday 1 June 2026. Little beside is recorded."""
    case = partnership.hears_of(date(2026, 1, 12)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").later(7).take("conclude_rapid_review")
    case.later(1).take("decide_review").later(14).take("commission_review").later(30).take("begin_drafting")
    case.later(20).take("submit_draft").later(7).take("sign_report", planned_on=date(2026, 5, 20)).take("send_report")
    case.on(date(2026, 5, 20)).take("publish").take("add_action").take("agree_action_plan")
    return case.on(date(2026, 6, 1)).take("update_action")


@pytest.fixture
def rapid_review_only(case):
    """A child case that ended with its rapid review: the draft was never recorded, the Panel's reply is waited for."""
    case.on(date(2026, 12, 16)).take("conclude_rapid_review")
    nothing_new = {"new_learning": no(), "outcome": "no local review: learning captured"}
    return case.later(1).take("decide_review", **nothing_new)


def standing_of(case, rule: str) -> str:
    """How the board has a duty of the case today."""
    rows = board.board(case.records.engine, case.records.rulebook, case.today)
    return next(row.standing.words for row in rows if (row.reference, row.rule) == (case.reference, rule))


def test_closing_names_everything_that_is_still_owed(followed_up) -> None:
    """
    The repository and the audit of the improvements, each by name and day, all at once. That the Panel's reply is
    expected is asked no more: it ended when the report was accepted.
    """
    with pytest.raises(TransitionRefused) as refused:
        followed_up.take("close_review", still_owed=[], impact="too early to say")
    said = str(refused.value)
    assert "Send the report to the NSPCC repository (C18), due Thu 28 May 2026" in said
    assert "Audit the improvements (C20)" in said
    assert "local.c.panel_reply_expected" not in said
    assert followed_up.duty("local.c.panel_reply_expected").why.startswith("no longer owed: report accepted on ")
    assert "carried on after the closing, or is dropped and why" in said
    assert "on which day the impact is looked at again" in said
    assert State.ACTION_FOLLOW_UP == followed_up.review.state


def test_each_is_done_carried_on_or_dropped(followed_up) -> None:
    """Sent on the 27th, audited further, a deferral looked at no more and why: as the record then says of each."""
    followed_up.take("record_deferral", rule="C20")
    owed = [
        {"what": "C18", "becomes": "done", "on": date(2026, 5, 27)},
        {"what": "C20", "becomes": CARRIED},
        {"what": "everything_else", "becomes": "dropped", "reason": "It was looked at today."},
    ]
    case = followed_up.take("close_review", still_owed=owed)

    assert State.CLOSED == case.review.state
    assert ("settled", date(2026, 5, 27)) == (case.duty("C18").ended, case.duty("C18").ended_on)
    assert date(2026, 5, 27) == case.review.happened("repository_sent")
    assert case.duty("C20").running
    dropped = [duty.rule for duty in case.review.duties if (duty.ended, duty.ended_on) == ("cancelled", case.today)]
    assert ["local.x.deferral_review"] == dropped
    line = case.records.events(case.reference, unseal=True)[-1]
    assert "It was looked at today." == line.sealed["still_owed.2.reason"]


def test_what_is_said_wrongly_of_it_is_refused_with_what_is_right(followed_up) -> None:
    """Something that nobody owes; then done on no day, moved and dropped without a reason: all of it at once."""
    followed_up.take("add_action")
    owed = [
        {"what": "C18", "becomes": "done"},
        {"what": "C20", "becomes": CARRIED, "on": date(2026, 12, 1)},
        {"what": "local.x.action_done", "becomes": "dropped"},
        {"what": "C16", "becomes": "dropped", "reason": "None."},
    ]
    with pytest.raises(TransitionRefused, match="What: choose one of"):
        followed_up.take("close_review", still_owed=owed)
    owed.pop()
    with pytest.raises(TransitionRefused) as refused:
        followed_up.take("close_review", still_owed=owed)
    said = str(refused.value)
    assert "(C18), due Thu 28 May 2026: say on which day it was done" in said
    assert "(C20), due Thu 20 Aug 2026: say why it is moved to another day" in said
    assert "Action done and verified (A02), due" in said and "local." not in said and "say why it is dropped" in said


def test_a_date_that_becomes_known_only_after_closing_is_recorded(followed_up) -> None:
    """Closed with all of it dropped; weeks later the repository, an audit and the Panel's reply are known (case 30)."""
    case = followed_up.take("close_review").later(40)
    done = {
        "sent to the national repository or library": "repository_sent",
        "improvements audited": "improvements_audited",
        "the Panel replied": "panel_replied",
    }
    for what, mark in done.items():
        case.take("record_done", what=what)
        assert case.today == case.review.happened(mark)
    with case.records.engine.connect() as connection:
        row = next(row for row in queries.list_reviews(connection) if row.reference == case.reference)
    assert not row.open
    assert ["local.x.year_of_publication"] == beside_the_looks(case.review.running())


def test_a_closed_review_takes_nothing_of_a_stage_that_is_over(followed_up) -> None:
    """A draft of the rapid review is not recorded on a closed review, and what it takes is said."""
    case = followed_up.take("close_review").later(3)
    with pytest.raises(TransitionRefused, match="it still takes: the Panel replied"):
        case.take("record_done", what="rapid review drafted and sent to partners")


def test_what_is_carried_on_is_chased_on_a_closed_review(followed_up) -> None:
    """The quarterly audit goes up its ladder, stands on the board, is settled, and is owed again from that day."""
    carried = [{"what": "everything_else", "becomes": CARRIED}]
    case = followed_up.take("close_review", still_owed=carried)
    due = case.due("C20")
    case.on(due + timedelta(days=10)).sweep()

    assert [] != case.misses("C20")
    assert standing_of(case, "C20").startswith("overdue")
    case.take("record_done", what="improvements audited")
    assert due < case.due("C20")
    assert case.duty("C20").running and State.CLOSED == case.review.state


def test_the_impact_is_looked_at_on_its_day_after_closing(followed_up) -> None:
    """Too early to say in June: owed in December, chased, looked at, and owed once more where it is still too early."""
    day = date(2026, 12, 1)
    case = followed_up.take("close_review", impact="too early to say", impact_check_on=day)
    assert day == case.due("local.x.impact_check")
    case.on(date(2026, 12, 3)).sweep()
    assert [] != case.misses("local.x.impact_check")

    with pytest.raises(TransitionRefused, match="on which day, still to come"):
        case.take("record_impact", impact="too early to say")
    case.take("record_impact", impact="too early to say", again_on=date(2027, 3, 1))
    assert date(2027, 3, 1) == case.due("local.x.impact_check")
    case.on(date(2027, 3, 1)).take("record_impact")
    assert "settled" == case.duty("local.x.impact_check").ended


def test_an_action_is_embedded_and_another_one_agreed_after_closing(followed_up) -> None:
    """Verified before the closing, embedded after it; a new action of the Panel's reply is owed and chased."""
    case = followed_up.take("close_review").later(100)
    case.take("update_action", action="A01", status="embedded", grade="data")
    assert "embedded" == case.review.actions[0].status
    case.take("record_done", what="the Panel replied").take("add_action", due_on=case.today + timedelta(days=30))
    assert case.duty("local.x.action_done", "A02").running
    case.later(40).take("update_action", action="A02")
    assert ["local.x.year_of_publication"] == beside_the_looks(case.review.running())


def test_reopened_after_a_year_nobody_hears_of_hundreds_of_days_late(rapid_review_only) -> None:
    """
    Case 70. The draft to the partners was never recorded and ended with the review. A year later new information comes:
    what was met stays met, what the rapid review owes is counted from the new day, and nobody is told it is late.
    """
    case = rapid_review_only
    sent = case.duty("C05")
    case.on(date(2027, 12, 16)).take("reopen", return_to="rapid_review")
    case.sweep()

    assert ("settled", sent.due_on) == (case.duty("C05").ended, case.due("C05"))
    assert set() == case.told("due_missed")
    late = [duty for duty in case.review.live() if duty.due_on < case.today]
    assert [] == late
    again = case.duty("local.c.panel_reply_expected")
    assert ("reopened", case.today, "") == (again.anchor, again.anchored_on, again.ended)
    assert date(2028, 1, 4) == again.due_on


def test_a_step_of_a_stage_that_is_over_does_not_come_back(followed_up) -> None:
    """Back to the action plan: no reply of the Panel from the decision, no audit of a year ago, the audit from now."""
    case = followed_up.take("close_review").on(date(2027, 6, 1)).take("reopen", return_to="action_follow_up")
    assert {"C20", "local.x.year_of_publication"} == {*beside_the_looks(case.review.live())}
    assert date(2027, 9, 1) == case.due("C20")


def test_no_notice_to_the_panel_comes_back_that_was_decided_not_to_be_owed(partnership) -> None:
    """C01 ended by the decision that it is not owed: reopened on new information, only another decision begins it."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification")
    case.take("decide_notification", abuse_or_neglect=no(), died=no(), seriously_harmed=no())
    assert State.NOT_SERIOUS_CASE == case.review.state
    case.later(60).take("reopen", return_to="notification_decision")
    assert [] == [duty.rule for duty in case.review.live("C01")]


def test_closed_in_error_the_dates_of_the_law_are_on_their_own_days(case) -> None:
    """Withdrawn by mistake: the fifteen working days were never rightly stopped."""
    due = case.due("C05")
    case.take("withdraw_notification").later(30).take(
        "reopen", return_to="rapid_review", because="it was closed in error"
    )
    assert (due, "") == (case.due("C05"), case.duty("C05").ended)


def test_an_agreed_day_that_has_passed_is_asked_for_again(partnership) -> None:
    """A review discontinued with an action open: reopened a year later, the action has a day again, and not the old."""
    case = partnership.hears_of(date(2026, 1, 12)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").later(7).take("conclude_rapid_review")
    case.take("decide_review").take("add_action", due_on=date(2026, 4, 1))
    kept = [{"what": "local.x.action_done", "becomes": CARRIED}, *_rest()]
    other = case.later(7).take("discontinue_review", still_owed=kept)
    assert other.duty("local.x.action_done", "A01").running
    other.on(date(2026, 4, 2)).take("update_action", action="A01", status="withdrawn", grade="none")
    assert () == other.review.running()


def test_what_was_carried_on_is_not_late_when_the_review_opens_again(partnership) -> None:
    """
    Discontinued with an action and the Panel's reply carried on. Reopened a year later on new information: the action's
    new day is asked for by name, both begin from the new day, and no letter speaks of a day of the year before.
    """
    case = partnership.hears_of(date(2026, 1, 12)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").later(7).take("conclude_rapid_review")
    case.take("decide_review").take("add_action", due_on=date(2026, 4, 1))
    kept = [{"what": rule, "becomes": CARRIED} for rule in ("local.x.action_done", "local.c.panel_reply_expected")]
    case.later(7).take("discontinue_review", still_owed=[*kept, *_rest()])
    case.on(date(2027, 2, 1)).sweep()
    already = case.told("due_missed")

    with pytest.raises(TransitionRefused, match=r"the agreed day of these has passed: .*A01\. Give a new day"):
        case.take("reopen", return_to="decision")
    case.take("reopen", return_to="decision", agreed_day=date(2027, 3, 1))
    case.sweep()

    assert date(2027, 3, 1) == case.due("local.x.action_done", "A01")
    assert "reopened" == case.duty("local.c.panel_reply_expected").anchor
    assert [] == [duty for duty in case.review.live() if duty.due_on < case.today]
    assert already == case.told("due_missed")


def _action(case):
    """The first action of a review as the register has it: its day, the first one, and how often it moved."""
    (row,) = (one for one in rows(case.records, "actions", case.today) if one.reference == case.reference)
    assert sound(case.records, case.today)
    return row.due_on, row.first_due_on, row.postponed


@pytest.fixture
def acting(partnership):
    """A child's review that is decided on, with an action agreed for 1 April 2026."""
    case = partnership.hears_of(date(2026, 1, 12)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").later(7).take("conclude_rapid_review")
    return case.take("decide_review").take("add_action", due_on=date(2026, 4, 1))


def test_the_day_of_an_action_is_that_of_its_clock_when_the_review_opens_again(acting) -> None:
    """Cut off by the closing, it is agreed anew for 1 March 2027: the register has that day, and is not late by the old
    one. Who may read the reason of the reopening is not changed by it: whoever owns the action still may not."""
    kept = [{"what": "local.x.action_done", "becomes": CARRIED}, *_rest()]
    case = acting.later(7).take("discontinue_review", still_owed=kept)
    case.on(date(2027, 2, 1)).take("reopen", return_to="decision", agreed_day=date(2027, 3, 1))
    assert (date(2027, 3, 1), date(2026, 4, 1), 1) == _action(case)
    assert case.review.actions[0].due_on == case.due("local.x.action_done", "A01")
    (reason,) = sealed_texts(case.records.events(case.reference, unseal=True)[-1])
    assert ("review", ()) == (reason.about, reason.subjects)


def test_the_day_of_an_action_that_is_carried_on_to_another_day(acting) -> None:
    """Whoever closes gives the action until June: the register says June, and so does the clock."""
    moved = {"on": date(2026, 6, 1), "reason": "The training is in May."}
    kept = [{"what": "local.x.action_done", "becomes": CARRIED, **moved}, *_rest()]
    acting.later(7).take("discontinue_review", still_owed=kept)
    assert (date(2026, 6, 1), date(2026, 4, 1), 1) == _action(acting)


def test_the_day_of_an_action_that_stood_still(acting) -> None:
    """Suspended for two weeks and resumed, it is due later, in the register too. Taken back, it stands as before."""
    named = {"duty": "local.x.action_done", "agency_or_action": "A01"}
    acting.take("suspend_deadline", **named).later(14).take("resume_deadline", **named)
    resumed = acting.due("local.x.action_done", "A01")
    assert resumed > date(2026, 4, 1)
    assert (resumed, date(2026, 4, 1), 1) == _action(acting)
    acting.take("take_back_step")
    assert (date(2026, 4, 1), date(2026, 4, 1), 0) == _action(acting)


def _rest():
    return [{"what": "everything_else", "becomes": "dropped", "reason": "It ends with the review."}]


def test_a_dropped_action_is_withdrawn_and_nobody_waits_for_an_agency(partnership) -> None:
    """Discontinued with everything dropped: the action reads withdrawn, the agencies asked are waited for no more."""
    case = partnership.hears_of(date(2026, 1, 12)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").later(7).take("conclude_rapid_review")
    case.take("decide_review").take("add_action").take("commission_review").take("ask_agencies")
    case.later(7).take("discontinue_review")
    assert "withdrawn" == case.review.actions[0].status
    assert () == case.review.waiting_on("report")
    assert () == case.review.running()


def test_an_adult_review_sends_its_report_to_the_library_after_closing(partnership) -> None:
    """The same on the adult track: A10 is carried on, and met after the closing."""
    case = partnership.hears_of(date(2026, 3, 2), **ADULT).take("accept_referral").later(10)
    for step, days in (
        ("complete_screening", 3),
        ("decide_adult_review", 14),
        ("commission_adult_review", 40),
        ("begin_drafting", 20),
        ("submit_draft", 7),
        ("accept_findings", 7),
        ("decide_publication", 1),
        ("agree_action_plan", 2),
    ):
        if step == "agree_action_plan":
            case.take("add_action").take("update_action", action="A01")
        case.take(step).later(days)
    case.take("close_review", still_owed=[{"what": "A10", "becomes": CARRIED}])
    case.later(3).take("record_done", what="sent to the national repository or library")
    assert "settled" == case.duty("A10").ended

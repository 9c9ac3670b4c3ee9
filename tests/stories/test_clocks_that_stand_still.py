"""The police ask to wait: a local date that stands still, what is left of it, and the law that it cannot pass."""

from datetime import date

import pytest
from sqlalchemy import select

from safeguarding.duties.bounds import held_to_the_law
from safeguarding.duties.recounting import recounts
from safeguarding.duties.superseding import again
from safeguarding.duties.suspension import time_suspended
from safeguarding.errors import TransitionRefused
from safeguarding.questions.supposed import Supposed
from safeguarding.questions.what_if import what_if
from tasks.record import board
from tasks.store import outbox
from tasks.store.tables import deadlines as dates
from tasks.store.tables import notice_facts, notices

MEETING = "local.c.rapid_review_meeting"
SUMMARY = "local.c.agency_summary_return"


def test_the_police_ask_to_wait_and_only_the_date_concerned_stands_still(partnership, records) -> None:
    """
    On 15 December the police ask that their summary wait for an interview: 6 working days are left. Its reminders
    stop, the board says until when, everything else runs on; resumed on the 22nd it has 6 working days still, and
    Christmas Day, Boxing Day's Monday and New Year's Day are none of them.
    """
    case = partnership.hears_of(date(2026, 12, 4)).take("assess_notification").take("decide_notification")
    case.on(date(2026, 12, 11)).take("send_notification").on(date(2026, 12, 14)).take("open_rapid_review")
    case.on(date(2026, 12, 15)).take(
        "suspend_deadline", duty=SUMMARY, agency_or_action="police", look_again_on=date(2026, 12, 18)
    )

    assert {"casey_lead"} <= case.told("deadline_suspended")
    others = {duty.subject for duty in case.review.running(SUMMARY)}
    assert {"childrens_social_care", "education", "general_practice"} == others
    assert not climbs(case, SUMMARY, "police")
    shown = board.board(records.engine, records.rulebook, case.today)
    last = shown[-1].cells()
    assert "suspended until looked at on Fri 18 Dec 2026" == last["Standing"]
    assert ("not counted", 6) == (last["Due"], last["Working days left"])
    assert date(2026, 12, 18) == case.due("local.x.suspension_review", "agency_summary_return:police")

    case.on(date(2026, 12, 18)).take(
        "keep_suspended", duty=SUMMARY, agency_or_action="police", look_again_on=date(2026, 12, 22)
    )
    case.on(date(2026, 12, 22)).take("resume_deadline", duty=SUMMARY, agency_or_action="police")

    assert date(2027, 1, 4) == case.due(SUMMARY, "police")
    assert climbs(case, SUMMARY, "police")
    (made,) = case.explained(SUMMARY, "police")
    assert 6 == sum(step.counted for step in made.remainder.steps)
    assert (
        5 == made.suspended_working_days == time_suspended(case.duty(SUMMARY, "police"), case.today, calendar(case))[0]
    )
    assert "Suspended in all for 5 working days (7 calendar days)." in made.words
    assert [date(2026, 12, 23)] * 3 + [date(2027, 1, 4)] == [row.due_on for row in made.rows]
    assert (0, ()) == (made.not_given_back, case.review.suspended())


def test_a_suspended_date_goes_on_no_further_than_the_law_that_it_serves(case) -> None:
    """
    The police's summary had 6 working days left on 1 December. Going on on the 14th they would end on the 22nd; the
    rapid review is due at the Panel on the 18th, and so is the summary: 2 working days cannot be given back.
    """
    case.on(date(2026, 12, 1)).take(
        "suspend_deadline", duty=SUMMARY, agency_or_action="police", look_again_on=date(2026, 12, 14)
    )
    supposed = [Supposed(event="deadline_resumed", subject="agency_summary_return:police", on=date(2026, 12, 14))]
    asked = what_if(case.review, supposed, case.records.rulebook, case.today)

    case.on(date(2026, 12, 14)).take("resume_deadline", duty=SUMMARY, agency_or_action="police")

    assert (date(2026, 12, 18), case.due("C05")) == (case.due(SUMMARY, "police"), case.due(SUMMARY, "police"))
    assert date(2026, 12, 18) == next(line.then_due for line in asked.lines if line.subject == "police")
    cap = case.duty(SUMMARY, "police").stops[-1].cap
    assert ("C05", date(2026, 12, 18), date(2026, 12, 22)) == (cap.rule, cap.on, cap.instead_of)
    (made,) = case.explained(SUMMARY, "police")
    assert "due Fri 18 Dec 2026, 4 working days left; CAPPED at the date of C05" in made.words[0]
    assert any(
        "That would be Tue 22 Dec 2026, after Rapid review to the national Panel (C05), due Fri 18 Dec 2026. CAPPED at "
        "Fri 18 Dec 2026: local policy can never stretch a statutory limit. Of what was left, 2 working days could not "
        "be given back." == line
        for line in made.words
    )
    total = "Suspended in all for 9 working days (13 calendar days); the date being capped, 2 working days of what was"
    assert any(line.startswith(total) for line in made.words)
    assert "capped at 2026-12-18 by C05" in made.rows[-2].why
    assert not any("another list of bank holidays" in line for line in made.words)
    assert made == type(made).model_validate_json(made.model_dump_json())


def test_a_date_resumed_after_the_law_has_passed_is_overdue_and_alerts_at_once(case) -> None:
    """Resumed on 21 December, three days after the rapid review was due: nothing is given back, and it is told."""
    case.on(date(2026, 12, 1)).take(
        "suspend_deadline", duty=SUMMARY, agency_or_action="police", look_again_on=date(2026, 12, 21)
    )
    case.on(date(2026, 12, 21)).take("resume_deadline", duty=SUMMARY, agency_or_action="police")

    (made,) = case.explained(SUMMARY, "police")
    assert (date(2026, 12, 18), 6) == (case.due(SUMMARY, "police"), made.not_given_back)
    assert {case.at} == {row.not_before for row in case.misses(SUMMARY) if "casey_lead" == row.person}


def test_what_a_cap_holds_moves_when_the_law_moves(case) -> None:
    """
    Capped at the 18th; then the notification is found to have gone on 30 November, and the rapid review is due on the
    21st. The meeting is capped there; and an extra bank holiday would move both to the 22nd. Counted by another
    edition the rapid review alone moves, and what it holds with it: on or after the 29th nothing holds the meeting.
    """
    case.on(date(2026, 12, 1)).take(
        "suspend_deadline", duty=MEETING, agency_or_action="", look_again_on=date(2026, 12, 14)
    )
    case.on(date(2026, 12, 14)).take("resume_deadline", duty=MEETING, agency_or_action="")
    assert date(2026, 12, 18) == case.due(MEETING)

    case.take("correct_date", what="notification_sent", correct_on=date(2026, 11, 30))
    assert [date(2026, 12, 21)] * 2 == [case.due("C05"), case.due(MEETING)]
    assert () == recounts(case.review, case.records.rulebook)

    earlier = case.with_holiday(date(2026, 12, 17))
    moving = {move.rule: move.due_now for move in recounts(case.review, earlier.rulebook)}
    assert [date(2026, 12, 22)] * 2 == [moving["C05"], moving[MEETING]]

    review, (law,) = case.review, case.review.running("C05")
    for day, held in ((date(2026, 12, 23), date(2026, 12, 23)), (date(2027, 1, 8), date(2026, 12, 29))):
        (row,) = held_to_the_law(review, [again(law, "another edition", due_on=day)], case.records.rulebook)
        assert (MEETING, held, f"C05, which it serves, is now due on {day}") == (row.rule, row.due_on, row.replaces)
    assert row.stops[-1].cap is None


def calendar(case):
    """The bank holidays of the record."""
    return case.records.rulebook.calendar


def climbs(case, rule: str, subject: str) -> bool:
    """Whether the latest row of a duty has a rung to come."""
    started = case.duty(rule, subject).started_at
    query = select(dates.c.next_rung_at).where(
        dates.c.reference == case.reference,
        dates.c.rule == rule,
        dates.c.subject == subject,
        dates.c.started_at == started,
    )
    with case.records.engine.connect() as connection:
        return connection.execute(query).scalar_one() is not None


def test_a_suspended_date_is_not_chased_and_its_review_date_is(case) -> None:
    """A month goes by: nobody is reminded of the police's summary, and the manager is of looking at it again."""
    case.on(date(2026, 12, 1)).take(
        "suspend_deadline", duty=SUMMARY, agency_or_action="police", look_again_on=date(2026, 12, 15)
    )
    case.on(date(2026, 12, 23)).sweep()
    query = outbox.FULL.where(notice_facts.c.reference == case.reference, notices.c.occasion == "due_missed")
    with case.records.engine.connect() as connection:
        told = {row.context["owed"] for row in connection.execute(query)}
    assert not any("Exampleshire Police" in words and words.startswith("Agency summary") for words in told)
    assert "Look at the suspension again: agency summary return, Exampleshire Police" in told


def test_a_date_of_the_law_cannot_be_suspended_and_the_refusal_says_what_can_be_done(case) -> None:
    """A trial is listed: the six months and the fifteen days run on, and a deferral is offered."""
    with pytest.raises(TransitionRefused) as refused:
        case.take("suspend_deadline", duty="C05", agency_or_action="")

    assert "statutory guidance and cannot be suspended" in str(refused.value)
    assert "'Record a deferral'" in str(refused.value)
    assert case.duty("C05").running


def test_a_date_that_was_missed_is_not_saved_by_suspending_it(case) -> None:
    """The check was due on 4 December; on the 7th it is overdue, and stays so."""
    case.on(date(2026, 12, 7))
    with pytest.raises(
        TransitionRefused, match="it was due on Fri 4 Dec 2026, before Mon 7 Dec 2026: it stays overdue"
    ):
        case.take("suspend_deadline", duty="local.c.progress_check", agency_or_action="")


def test_a_date_owed_by_several_is_suspended_for_one_of_them(case) -> None:
    """Four agencies owe a summary: which is meant has to be said, and one that owes none is named."""
    with pytest.raises(TransitionRefused, match=r"is owed by several: say which of .*Exampleshire Police"):
        case.take("suspend_deadline", duty=SUMMARY, agency_or_action="")
    with pytest.raises(TransitionRefused, match="nothing is owed by Housing"):
        case.take("suspend_deadline", duty=SUMMARY, agency_or_action="housing")


def test_what_is_done_while_it_is_suspended_is_done(case) -> None:
    """The police send their summary after all: the clock is settled, and nothing is left to look at."""
    case.take("suspend_deadline", duty=SUMMARY, agency_or_action="police", look_again_on=date(2026, 12, 15))
    case.on(date(2026, 12, 3)).take("record_return", agency="police", purpose="information")

    assert "settled" == case.duty(SUMMARY, "police").ended
    look = case.duty("local.x.suspension_review", "agency_summary_return:police")
    assert ("cancelled", "no longer owed: what was suspended no longer is") == (look.ended, look.why)


def test_a_closed_review_has_no_suspended_clock_and_a_reopened_one_has_it_again(case) -> None:
    """Withdrawn in error while a date was suspended: reopened, it is suspended still, to be looked at on its day."""
    case.take("suspend_deadline", duty=MEETING, agency_or_action="", look_again_on=date(2026, 12, 15))
    case.take("withdraw_notification")
    assert () == case.review.suspended()

    case.later(1).take("reopen", return_to="rapid_review", because="it was closed in error")

    assert [MEETING] == [duty.rule for duty in case.review.suspended()]
    assert date(2026, 12, 15) == case.due("local.x.suspension_review", "rapid_review_meeting")


def test_the_wrong_day_of_a_suspension_is_put_right(case) -> None:
    """It was the 2nd and not the 1st on which the police asked: one working day fewer is left, and all rows stay."""
    case.on(date(2026, 12, 4)).take(
        "suspend_deadline",
        duty=MEETING,
        agency_or_action="",
        suspended_on=date(2026, 12, 1),
        look_again_on=date(2026, 12, 15),
    )
    assert 8 == case.duty(MEETING).stops[-1].left

    case.take(
        "correct_date",
        what="deadline_suspended",
        agency_or_action="rapid_review_meeting",
        correct_on=date(2026, 12, 2),
    )

    assert 7 == case.duty(MEETING).stops[-1].left
    case.on(date(2026, 12, 7)).take("resume_deadline", duty=MEETING, agency_or_action="")
    assert date(2026, 12, 16) == case.due(MEETING)

"""A day that is put right holds wherever it is read: in the review, the registers, the account of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from driver.registers import rows, sound
from driver.taught import child_review, take

from safeguarding.dates.working_days import say
from safeguarding.duties.retention import kept_until
from safeguarding.errors import TransitionRefused
from safeguarding.review.events import Actor
from safeguarding.review.states import Track
from safeguarding.search.known import ReviewHead, known_of
from safeguarding.shown.blocks import blocks_of
from safeguarding.shown.decisions import decisions_of
from safeguarding.shown.notification_sheet import notification_sheet
from safeguarding.shown.where_it_stands import where_it_stands
from safeguarding.shown.wordings import wordings_listed
from safeguarding.yearly.period import TwelveMonths
from tasks.record.erasing import decide_retention
from tasks.yearly.reading import AccountAsked, read_account

ADULT = {"track": "adults", "agency": "hospital_trust"}


@pytest.fixture
def verified(partnership):
    """An adults' review whose action A01 was verified on Wednesday 1 April 2026, by what was typed."""
    case = partnership.hears_of(date(2026, 3, 2), **ADULT).take("record_lesson")
    case.take("record_recommendation", findings=[], themes=["voice"]).take("add_action", recommendation="R01")
    return case.on(date(2026, 4, 1)).take("update_action", action="A01")


def put_right(case, what: str, on: date, subject: str = ""):
    """The day of something that happened is put right."""
    return case.take("correct_date", what=what, agency_or_action=subject, correct_on=on)


def action_row(case):
    """The first action as the register has it."""
    (row,) = rows(case.records, "actions", case.today)
    return row


def test_the_day_of_a_verification(verified) -> None:
    """It was verified on the day before, in March: the register says so, and so does the table behind it."""
    put_right(verified, "action_verified", date(2026, 3, 31), "A01")
    assert date(2026, 3, 31) == verified.review.actions[0].moved_on == action_row(verified).moved_on
    assert sound(verified.records, verified.today)


def test_the_year_in_which_an_action_is_counted(verified) -> None:
    """Verified in April it was open in the year that began then; verified in March it was done before, and is none."""
    asked = AccountAsked(track=Track.ADULTS, period=TwelveMonths.beginning(2026))

    def open_in_the_year() -> int:
        return read_account(verified.records, asked, verified.today).figures["actions"].number or 0

    assert 1 == open_in_the_year()
    put_right(verified, "action_verified", date(2026, 3, 31), "A01")
    assert 0 == open_in_the_year()


def test_an_action_whose_day_is_moved_after_the_year_was_open_in_it(verified) -> None:
    """Agreed in the year and given a later day a week after it: it stays counted, and not one that was agreed then."""
    asked = AccountAsked(track=Track.ADULTS, period=TwelveMonths.beginning(2026))
    verified.take("add_action", recommendation="R01", due_on=date(2027, 4, 20))

    def open_in_the_year() -> int:
        return read_account(verified.records, asked, verified.today).figures["actions"].number or 0

    assert 2 == open_in_the_year()
    case = verified.on(date(2027, 4, 6))
    case.take("change_action", by="glenn_sample", action="A02", due_on=date(2027, 4, 27), agreed_on=case.today)
    assert 2 == open_in_the_year()
    case.take("add_action", recommendation="R01")
    assert 2 == open_in_the_year(), "agreed in the year after it"
    put_right(case, "action_agreed", date(2027, 3, 30), "A03")
    assert 3 == open_in_the_year(), "and yet it had been agreed in the year"
    case.take("take_back_step")
    assert 2 == open_in_the_year()


def test_an_action_is_open_until_it_is_verified_and_no_longer(verified) -> None:
    """Embedded in May, it was done before the year where it was verified in March, and in it where in April."""
    asked = AccountAsked(track=Track.ADULTS, period=TwelveMonths.beginning(2026))
    verified.on(date(2026, 5, 5)).take("update_action", action="A01", status="embedded", grade="data")

    def open_in_the_year() -> int:
        return read_account(verified.records, asked, verified.today).figures["actions"].number or 0

    assert 1 == open_in_the_year()
    put_right(verified, "action_verified", date(2026, 3, 31), "A01")
    assert 0 == open_in_the_year()


def test_the_day_of_a_look_at_the_impact(verified) -> None:
    """One audit met two looks. Each of its two days is put right; then the look has the right day everywhere."""
    case = verified.on(date(2026, 10, 5)).take("check_action_impact")
    marks = ("action_impact_seen_at_3_months", "action_impact_seen_at_6_months")
    assert {date(2026, 10, 5)} == {case.review.happened(mark, "A01") for mark in marks}
    put_right(case, marks[0], date(2026, 10, 2), "A01")
    assert {date(2026, 10, 2)} == {case.review.happened(mark, "A01") for mark in marks}, "it was one look"
    assert date(2026, 10, 2) == case.review.actions[0].impact_on == action_row(case).impact_on
    assert sound(case.records, case.today)


def test_of_two_actions_looked_at_together_one_had_another_day(verified) -> None:
    """A01 and A02 were looked at by one form; A02 was looked at the day before. A01 keeps its day."""
    case = verified.take("add_action", recommendation="R01").take("update_action", action="A02")
    case.on(date(2026, 7, 1)).take("check_action_impact", actions=["A01", "A02"])
    put_right(case, "action_impact_seen_at_3_months", date(2026, 6, 30), "A02")
    assert [date(2026, 7, 1), date(2026, 6, 30)] == [one.impact_on for one in case.review.actions]


def test_what_was_taken_back_has_its_day_no_more(verified) -> None:
    """The correction was the error: it is taken back, and the day that was typed first holds again."""
    put_right(verified, "action_verified", date(2026, 3, 31), "A01").take("take_back_step")
    assert date(2026, 4, 1) == verified.review.actions[0].moved_on == action_row(verified).moved_on


def test_a_day_that_is_put_right_twice(verified) -> None:
    """The last correction is the one that holds."""
    for on in (date(2026, 3, 31), date(2026, 3, 30)):
        put_right(verified, "action_verified", on, "A01")
    assert date(2026, 3, 30) == verified.review.actions[0].moved_on


def test_a_later_status_keeps_its_own_day(verified) -> None:
    """Verified and embedded on one day; the verification was the day before. The last change of status was today's."""
    verified.take("update_action", action="A01", status="embedded", grade="audit or feedback")
    put_right(verified, "action_verified", date(2026, 3, 31), "A01")
    assert date(2026, 4, 1) == verified.review.actions[0].moved_on


def test_the_day_of_a_sharing_and_of_an_answer(verified) -> None:
    """Two agencies had it, one of them a day earlier; then the other too. The police read it a day earlier as well."""
    case = verified.take("share_learning", answer_by=date(2026, 6, 1)).later(3)
    case.take("record_learning_read", answers=["D01:police"])
    first, second = [key.removeprefix("D01:") for key in ("D01:police", "D01:education")]
    assert {first, second} == set(case.review.shared[0].agencies)
    put_right(case, "learning_shared", date(2026, 3, 31), "D01:police")
    sent = {row.agency: row.sent_on for row in rows(case.records, "dissemination", case.today)}
    assert {date(2026, 3, 31), date(2026, 4, 1)} == set(sent.values())
    put_right(case, "learning_shared", date(2026, 3, 31), "D01:education")
    assert date(2026, 3, 31) == case.review.shared[0].on
    put_right(case, "learning_read", date(2026, 4, 3), "D01:police")
    assert date(2026, 4, 3) == case.review.shared[0].answers[0].on
    assert sound(case.records, case.today)


def test_the_day_of_an_approval(verified) -> None:
    """Of two wordings approved together one was approved the day before."""
    for item in ("L01", "R01"):
        verified.take("write_wording", by="alex_example", item=item)
    case = verified.later(2).take("approve_wordings", by="glenn_sample", wordings=["W01", "W02"])
    put_right(case, "wording_approved", case.today - timedelta(days=1), "W01")
    assert [case.today, case.today - timedelta(days=1)] == [
        one.approved_on for one in wordings_listed(case.review, case.records.rulebook.partnership)
    ]
    assert [case.today - timedelta(days=1), case.today] == [one.approved_on for one in case.review.wordings]


def test_the_day_of_a_request_and_of_its_answer(case) -> None:
    """Asked a day earlier and answered a day earlier: the register of requests counts from the right days."""
    agency = case.review.requests[0].agency
    asked = case.review.requests[0].asked_on
    case.later(3).take("record_return", agency=agency)
    put_right(case, "agency_returned", case.today - timedelta(days=1), agency)
    put_right(case, "agency_request_sent", asked - timedelta(days=1), agency)
    mine = next(one for one in case.review.requests if one.agency == agency)
    assert (asked - timedelta(days=1), case.today - timedelta(days=1)) == (mine.asked_on, mine.on)
    assert sound(case.records, case.today)


def test_the_day_of_a_closing(partnership) -> None:
    """Closed on 30 March, recorded on 5 April, put right to 29 March: page, register, search and retention say so."""
    records = partnership.records
    reference, moment = child_review(records, datetime(2026, 1, 6, 10, tzinfo=UTC))
    moment += timedelta(days=1)
    take(records, reference, "agree_action_plan", moment)
    take(records, reference, "update_action", moment)
    moment = datetime(2027, 4, 5, 10, tzinfo=UTC)
    take(records, reference, "close_review", moment, closed_on="2027-03-30", impact_check_on="2027-09-01")
    decide_retention(records, reference, "reviewed", Actor(person="alex_example"), "morgan_specimen", moment)
    for day in (date(2027, 3, 30), date(2027, 3, 29)):
        if day != records.read(reference).happened("closed"):
            take(records, reference, "correct_date", moment, what="closed", agency_or_action="", correct_on=str(day))
        (row,) = rows(records, "reviews", moment.date())
        assert (day, day) == (row.closed_on, row.stage_since)
        head = ReviewHead(*(getattr(records.read(reference), name) for name in ReviewHead._fields))
        found = known_of(head, records.events(reference), records.rulebook)
        assert found.closed is not None and day == found.closed.on
        assert kept_until(records.read(reference), records.rulebook.partnership) == day.replace(year=day.year + 25)
        assert say(day) in where_it_stands(records.read(reference), records.rulebook, moment.date())
        assert sound(records, moment.date())


def test_two_alike_on_one_day_are_put_right_together(case) -> None:
    """Two meetings are on record for one day, which was wrong: both have the right one, in every place."""
    for _ in range(2):
        case.take("record_meeting", meeting="family meeting")
    put_right(case, "meeting_held", case.today - timedelta(days=1))
    days = [mark.on for mark in case.review.marks if mark.name == "meeting_held"]
    assert [case.today - timedelta(days=1)] * 2 == days == [one.on for one in case.review.meetings]


def test_the_day_on_which_reasons_were_given(case) -> None:
    """The register of deferrals has the day as it was put right."""
    case.later(40).take("give_reason")
    (given,) = rows(case.records, "deferrals", case.today)
    put_right(case, "reason_given", case.today - timedelta(days=1), given.rule)
    (given,) = rows(case.records, "deferrals", case.today)
    assert case.today - timedelta(days=1) == given.recorded_on == case.review.reasons[0].on


def test_the_day_of_a_decision_on_the_page(case) -> None:
    """Decided a day earlier: the page of the review and its bundle say so, as the register does."""
    case.take("conclude_rapid_review").later(2).take("decide_review")
    put_right(case, "decided", case.today - timedelta(days=1))
    shown = decisions_of(case.records.events(case.reference), case.review, case.records.rulebook.partnership)
    assert case.today - timedelta(days=1) == shown[0].on


def test_the_days_on_the_notification_sheet(partnership) -> None:
    """Aware, referred, decided and sent, each put right: the sheet has the days from which its own duties count."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    case.on(date(2026, 11, 27)).take("send_notification")
    right = {
        "became_aware": date(2026, 11, 18),
        "referral_received": date(2026, 11, 19),
        "notification_decided": date(2026, 11, 23),
        "notification_sent": date(2026, 11, 26),
    }
    for what, on in right.items():
        put_right(case, what, on)
    sheet = notification_sheet(case.review, case.records.rulebook, case.today)
    rows = {row[0]: row[1] for block in blocks_of(sheet) if block["kind"] == "table" for row in block["rows"]}
    assert say(right["became_aware"]) == rows["Local authority became aware on"]
    assert say(right["referral_received"]) == rows["Referral received on"]
    assert say(right["notification_decided"]) == rows["Whether to notify was decided on"]
    assert rows["Sent on; the reference on the receipt"].startswith(say(right["notification_sent"]))


def test_a_review_is_reopened_from_the_day_on_which_it_closed(partnership) -> None:
    """Closed on 30 March by its form, recorded on 5 April: it may be opened again by a decision of 2 April."""
    records = partnership.records
    reference, moment = child_review(records, datetime(2026, 1, 6, 10, tzinfo=UTC))
    for step in ("agree_action_plan", "update_action"):
        take(records, reference, step, moment + timedelta(days=1))
    moment = datetime(2027, 4, 5, 10, tzinfo=UTC)
    take(records, reference, "close_review", moment, closed_on="2027-03-30", impact_check_on="2027-09-01")
    with pytest.raises(TransitionRefused, match="before it closed on Tue 30 Mar 2027"):
        take(records, reference, "reopen", moment, decided_on="2027-03-29")
    take(records, reference, "reopen", moment, decided_on="2027-04-02")
    assert records.read(reference).open

"""Plans: forward from the day a clock starts, back from the day it must be done, off every day that does not count."""

from __future__ import annotations

from datetime import date

import pytest

from safeguarding.dates.counting import Kind
from safeguarding.errors import HorizonPassed, LawNotFound
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.plan import NothingToPlan, latest_beginning, plan_from, plan_until
from safeguarding.questions.plan_lines import Plan, PlanLine

TODAY = date(2026, 11, 23)

WORKED = {
    # statutory.md 7.4: working days 1, 5, 8, 10, 12, 14 and 15, and the copy to the unit on day 0
    date(2026, 11, 27): "2026-11-30 2026-12-04 2026-12-09 2026-12-11 2026-12-15 2026-12-17 2026-12-18",
    date(2026, 12, 18): "2026-12-21 2026-12-29 2027-01-04 2027-01-06 2027-01-08 2027-01-12 2027-01-13",
}
STEPS = ("agency_request_out", "progress_check", "agency_summary_return", "rapid_review_meeting")
STEPS += ("rr_draft_to_partners", "partner_signoff", "rr_to_panel")


def line(plan: Plan, rule: str) -> PlanLine:
    """The first line of a rule."""
    return next(found for found in plan.lines if found.rule == rule)


def worked(plan: Plan) -> list[str]:
    """The days of the worked calendar, from a plan."""
    return [line(plan, f"local.c.{step}").plan_on.isoformat() for step in STEPS]


@pytest.mark.parametrize("sent", WORKED)
def test_the_worked_rapid_reviews_come_out_exactly(sent: date, rulebook: Rulebook) -> None:
    """Forward from the notification, with the working days that the reference numbers them by."""
    plan = plan_from("C05", sent, rulebook, TODAY)

    assert WORKED[sent].split() == worked(plan)
    assert [1, 5, 8, 10, 12, 14, 15] == [line(plan, f"local.c.{step}").number for step in STEPS]
    assert line(plan, "C05").plan_on == line(plan, "local.c.rr_to_panel").plan_on
    assert sent == line(plan, "local.c.sin_copy_to_business_unit").plan_on


@pytest.mark.parametrize("sent", WORKED)
def test_planned_back_from_the_end_they_come_out_the_same(sent: date, rulebook: Rulebook) -> None:
    """From the statutory day, the latest beginning that keeps it is the day of the worked calendar."""
    end = date.fromisoformat(WORKED[sent].split()[-1])
    plan = plan_until("C05", end, rulebook, TODAY)

    assert sent == plan.begins_on
    assert WORKED[sent].split() == worked(plan)


def test_an_end_on_a_day_that_does_not_count_is_planned_back_to_the_day_before(rulebook: Rulebook) -> None:
    """Due by Boxing Day at the latest means by Christmas Eve: a step counted back goes earlier and never later."""
    boxing_day, christmas_eve = date(2026, 12, 26), date(2026, 12, 24)
    plan = plan_until("C05", boxing_day, rulebook, TODAY)

    assert christmas_eve == line(plan, "C05").plan_on
    assert plan == plan_until("C05", christmas_eve, rulebook, TODAY)


def test_the_room_before_the_statutory_day_is_shown(rulebook: Rulebook) -> None:
    """Five working days between the meeting and the Panel's day; the last line of the plan has none."""
    plan = plan_from("C05", date(2026, 12, 18), rulebook, TODAY)

    meeting = line(plan, "local.c.rapid_review_meeting")
    assert ("C05", 5, "5 working days before «Rapid review to the national Panel»") == (
        meeting.bound,
        meeting.slack,
        meeting.slack_words,
    )
    assert "on the day of «Rapid review to the national Panel»" == line(plan, "local.c.rr_to_panel").slack_words
    assert None is line(plan, "C05").slack


def test_awareness_leads_to_the_notification_and_on_to_the_panel(rulebook: Rulebook) -> None:
    """The full chain from Friday 20 November 2026: notify by the 27th, the Panel by 18 December."""
    plan = plan_from("C01", date(2026, 11, 20), rulebook, TODAY)

    assert date(2026, 11, 27) == line(plan, "C01").plan_on
    assert (date(2026, 11, 27), date(2026, 12, 18)) == (line(plan, "C05").anchored_on, line(plan, "C05").plan_on)
    assert not line(plan, "C05").recorded
    assert "(planned)" in line(plan, "C05").because
    assert date(2027, 1, 6) == line(plan, "local.c.panel_reply_expected").plan_on


def test_six_months_carry_every_local_step_of_a_review(rulebook: Rulebook) -> None:
    """
    Decided on 28 August 2026. The limit is a Sunday, so the plan aims for the Friday and counts the advance copy
    back from there; four months end on a holiday, so the draft is planned for Christmas Eve.
    """
    plan = plan_from("C12", date(2026, 8, 28), rulebook, TODAY)

    assert (date(2027, 2, 28), date(2027, 2, 26)) == (line(plan, "C12").due_on, line(plan, "C12").plan_on)
    assert date(2027, 2, 17) == line(plan, "C13").plan_on
    draft = line(plan, "local.x.first_draft")
    assert (date(2026, 12, 28), date(2026, 12, 24)) == (draft.due_on, draft.plan_on)
    assert date(2027, 1, 12) == line(plan, "local.x.factual_accuracy").plan_on
    meetings = [found.plan_on for found in plan.lines if found.rule == "local.x.panel_meeting_cycle"]
    assert [
        date(2026, 10, 19),
        date(2026, 11, 16),
        date(2026, 12, 14),
        date(2027, 1, 14),
        date(2027, 2, 11),
    ] == meetings


def test_every_local_value_of_the_reference_is_in_some_plan(rulebook: Rulebook) -> None:
    """Section 2.4, but for what happens before a review exists, has no day, or hangs on a day agreed later."""
    plans = [
        plan_from(rule, date(2026, 9, 1), rulebook, TODAY)
        for rule in ("local.c.referral_to_partner_huddle", "C01", "C12", "local.a.referral_ack", "A02")
    ]
    found = {planned.rule for plan in plans for planned in plan.lines}
    never = {"agency_internal_qa", "rapid_time_sar", "action_done", "action_update_cycle"}
    never |= {"deferral_review", "suspension_review", "impact_check", "carried_report", "carried_publication"}
    never |= {"year_of_publication", "learning_read"}  # of what comes after a review
    never |= {"action_impact_3", "action_impact_6", "action_impact_12", "action_impact_again"}
    local = {rule.id for rule in rulebook.rules if rule.id.startswith("local.")}
    assert set() == {rule for rule in local - found if rule.split(".")[2] not in never}


@pytest.mark.parametrize("rule", ["C01", "C05", "C12", "A02", "local.a.referral_ack", "C13"])
@pytest.mark.parametrize("day", [date(2026, 12, 23), date(2026, 12, 26), date(2027, 3, 25), date(2028, 2, 29)])
def test_no_step_is_planned_on_a_day_that_does_not_count(rule: str, day: date, rulebook: Rulebook) -> None:
    """Over Christmas, Easter and a leap day: each step on a working day, and never after the day it is due."""
    plan = plan_from(rule, day, rulebook, TODAY)

    assert [] == [planned for planned in plan.lines if not rulebook.calendar.is_working_day(planned.plan_on)]
    assert [] == [planned for planned in plan.lines if planned.plan_on > planned.due_on]
    assert [] == [planned for planned in plan.lines if planned.kind is Kind.MINIMUM]
    assert sorted(planned.plan_on for planned in plan.lines) == [planned.plan_on for planned in plan.lines]


@pytest.mark.parametrize("rule", ["C01", "C05", "C12", "A02"])
@pytest.mark.parametrize("end", [date(2026, 12, 25), date(2027, 1, 4), date(2027, 4, 30), date(2028, 2, 29)])
def test_the_latest_beginning_keeps_the_end_and_the_next_working_day_would_not(
    rule: str, end: date, rulebook: Rulebook
) -> None:
    """It is the latest there is."""
    found = rulebook.rule(rule)
    begins = latest_beginning(found, end, rulebook)
    later = [
        day
        for day in (date.fromordinal(begins.toordinal() + more) for more in range(1, 12))
        if rulebook.calendar.is_working_day(day)
    ]
    assert found.due_on(begins, rulebook.calendar) <= end < found.due_on(later[0], rulebook.calendar)


def test_what_cannot_be_planned_says_so(rulebook: Rulebook) -> None:
    """A duty without a day, a rule that is none, a day without law, and one beyond the bank holidays."""
    with pytest.raises(NothingToPlan, match="A01 starts no plan"):
        plan_from("A01", date(2026, 11, 23), rulebook, TODAY)
    with pytest.raises(NothingToPlan, match="C13 starts no plan"):
        plan_until("C13", date(2026, 11, 23), rulebook, TODAY)
    with pytest.raises(LawNotFound):
        plan_from("C99", date(2026, 11, 23), rulebook, TODAY)
    with pytest.raises(LawNotFound):
        plan_from("C05", date(2018, 7, 3), rulebook, TODAY)
    with pytest.raises(HorizonPassed):
        plan_from("C05", date(2028, 12, 20), rulebook, TODAY)
    assert date(2029, 5, 1) == plan_from("C12", date(2028, 11, 1), rulebook, TODAY).ends_on

"""
Dates worked out by hand, from the list of bank holidays and a wall calendar, before any program was asked.

Each has its own sentence. The same date must come from the rule, from the explanation, from its day-by-day count
and, where a step of a review starts the clock, from the row that the step writes into the record.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest

from safeguarding.dates.working_days import say
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.explain_date import explained
from safeguarding.questions.explain_rule import describe_due
from safeguarding.questions.supposed import Supposed
from safeguarding.questions.what_if import what_if


class Case(NamedTuple):
    """One date by hand: the rule, the day counted from, the answer, its sentence, and the hour if it matters."""

    rule: str
    anchor: str
    expected: str
    sentence: str
    hour: str = "10:00"


CASES = [
    # ------------------------------------------------------------------ Easter
    Case("local.c.referral_to_partner_huddle", "2026-04-02", "2026-04-07", "referred on Maundy Thursday", "16:50"),
    Case("C01", "2026-04-02", "2026-04-13", "aware on Maundy Thursday: Good Friday and Easter Monday do not count"),
    Case("C01", "2026-04-03", "2026-04-13", "aware on Good Friday: the same"),
    Case("C01", "2026-04-05", "2026-04-13", "aware on Easter Sunday: the same"),
    Case("C01", "2026-04-06", "2026-04-13", "aware on Easter Monday: the same"),
    Case("C01", "2026-04-07", "2026-04-14", "aware on the Tuesday after Easter: one day more"),
    Case("C05", "2026-04-01", "2026-04-24", "notified on the Wednesday before Easter"),
    Case("C05", "2026-04-02", "2026-04-27", "notified on Maundy Thursday, a whole weekend later"),
    Case("local.c.rapid_review_meeting", "2026-04-02", "2026-04-20", "working day 10 of that rapid review"),
    Case("C13", "2026-04-08", "2026-03-26", "published on the Wednesday after Easter: the copy goes before it"),
    Case("A04", "2027-03-18", "2027-04-05", "asked a week before an early Easter"),
    # ------------------------------------------------------------------ Christmas and the New Year
    Case("C01", "2026-12-24", "2027-01-05", "aware on Christmas Eve"),
    Case("C01", "2026-12-26", "2027-01-05", "aware on Boxing Day, a Saturday whose Monday stands in for it"),
    Case("C01", "2025-12-26", "2026-01-05", "aware on Boxing Day, a Friday and itself the holiday"),
    Case("C01", "2026-12-31", "2027-01-08", "aware on New Year's Eve"),
    Case("C01", "2027-01-01", "2027-01-08", "aware on New Year's Day"),
    Case("C02", "2027-12-23", "2028-01-04", "two substitutes, and a third for the New Year"),
    Case("C05", "2026-12-10", "2027-01-05", "notified two weeks before Christmas"),
    Case("C05", "2026-12-12", "2027-01-06", "notified on a Saturday by the duty officer"),
    Case("C05", "2026-12-24", "2027-01-19", "notified on Christmas Eve"),
    Case("C05", "2027-12-13", "2028-01-06", "three substitutes inside one rapid review"),
    Case("local.c.agency_request_out", "2026-12-18", "2026-12-21", "letters, working day 1 of the Christmas plan"),
    Case("local.c.progress_check", "2026-12-18", "2026-12-29", "progress, working day 5 of the Christmas plan"),
    Case("local.c.agency_summary_return", "2026-12-18", "2027-01-04", "summaries, working day 8"),
    Case("local.c.rapid_review_meeting", "2026-12-18", "2027-01-06", "the meeting, working day 10"),
    Case("local.c.rr_draft_to_partners", "2026-12-18", "2027-01-08", "the draft, working day 12"),
    Case("local.c.partner_signoff", "2026-12-18", "2027-01-12", "sign-off, working day 14"),
    Case("C05", "2026-12-18", "2027-01-13", "to the Panel, working day 15 of the Christmas plan"),
    Case("C13", "2027-01-04", "2026-12-21", "published on the first working day of the year"),
    Case("C13", "2027-01-05", "2026-12-22", "published on the second working day of the year"),
    Case("C18", "2026-12-23", "2027-01-04", "published on the last Wednesday before Christmas, and sent on"),
    Case("C08", "2026-12-26", "2026-12-29", "decided on Boxing Day: told on the next working day, a Tuesday"),
    Case("C04", "2026-12-22", "2026-12-31", "a care leaver's death known in the week before Christmas"),
    Case("local.c.panel_reply_expected", "2026-12-11", "2026-12-29", "the Panel's reply, ten working days on"),
    Case("local.x.action_plan", "2026-12-24", "2027-01-26", "accepted on Christmas Eve, twenty working days"),
    Case("local.x.factual_accuracy", "2026-12-21", "2027-01-07", "a draft sent out for checking before Christmas"),
    Case("local.a.outcome_to_referrer", "2026-12-18", "2026-12-29", "an adult decision a week before Christmas"),
    Case("local.a.recommendation_to_decider", "2026-12-31", "2027-01-08", "recommended on New Year's Eve"),
    Case("local.a.decision_meeting", "2026-11-23", "2026-12-30", "25 working days end between the holidays"),
    Case("C10", "2026-12-02", "2027-01-04", "monitoring falls due on the first working day of the year"),
    Case("local.x.panel_meeting_cycle", "2026-11-30", "2026-12-30", "the panel's twenty days end at Christmas"),
    Case("A10", "2026-12-18", "2027-01-06", "an adult report sent to the library over the New Year"),
    Case("C09", "2026-12-18", "2026-12-28", "ten calendar days: the substitute holiday is counted like any other"),
    Case("N01", "2027-01-04", "2026-12-09", "the Panel's own fifteen days before the first working day of the year"),
    # ------------------------------------------------------------------ clocks, midnights, weekends
    Case("C01", "2026-03-29", "2026-04-07", "aware in the night the clocks go forward", "00:30"),
    Case("C01", "2026-10-25", "2026-10-30", "aware in the hour that comes twice", "01:30"),
    Case("C01", "2026-07-01", "2026-07-08", "aware at half past midnight, still June by the world's clock", "00:30"),
    Case("C01", "2026-06-30", "2026-07-07", "aware a minute before that midnight", "23:59"),
    Case("C01", "2026-11-21", "2026-11-27", "aware on a Saturday: the same answer as on the Friday"),
    Case("C07", "2026-12-11", "2026-12-11", "a rapid review completed on a Friday leaves that day"),
    Case("C07", "2026-12-13", "2026-12-14", "one completed on a Sunday leaves on the Monday"),
    Case("C08b", "2026-12-02", "2026-12-02", "a reviewer is appointed and named on the same day"),
    # ------------------------------------------------------------------ May, August, and holidays nobody could compute
    Case("C01", "2026-04-30", "2026-05-08", "aware on the Thursday before the early May holiday"),
    Case("C03", "2026-05-03", "2026-05-11", "a looked-after child's death known on that Sunday"),
    Case("C05", "2026-04-27", "2026-05-19", "a rapid review over the early May holiday"),
    Case("C05", "2026-05-11", "2026-06-02", "a rapid review over the spring holiday"),
    Case("C13", "2026-05-29", "2026-05-19", "counted back over the spring holiday"),
    Case("C01", "2026-08-28", "2026-09-07", "aware on the Friday before the August holiday"),
    Case("C15", "2026-09-01", "2026-08-20", "published on the Tuesday after the August holiday: the justification"),
    Case("local.x.terms_of_reference", "2026-08-28", "2026-09-21", "terms agreed three weeks after that Friday"),
    Case("C01", "2020-05-04", "2020-05-12", "2020: the early May holiday was moved to Friday the 8th"),
    Case("C01", "2022-05-30", "2022-06-08", "2022: the spring holiday was moved to June, with a jubilee beside it"),
    Case("C01", "2022-09-15", "2022-09-23", "2022: a state funeral on a Monday"),
    Case("C01", "2023-04-28", "2023-05-09", "2023: two Mondays running, the second for a coronation"),
    # ------------------------------------------------------------------ leap years and months' ends
    Case("C01", "2028-02-29", "2028-03-07", "aware on 29 February"),
    Case("C01", "2020-02-24", "2020-03-02", "over a 29 February that is a Saturday"),
    Case("C05", "2028-02-17", "2028-03-09", "a rapid review with a 29 February in it"),
    Case("C13", "2028-03-09", "2028-02-29", "counted back to 29 February"),
    Case("C16", "2028-02-29", "2029-03-01", "published on 29 February: a year is not over before 1 March"),
    Case("C16", "2026-12-16", "2027-12-16", "a plain year on the public page"),
    Case("C12", "2028-02-29", "2028-08-29", "decided on 29 February"),
    Case("C12", "2027-08-31", "2028-02-29", "six months clamp to 29 February"),
    Case("C12", "2026-08-31", "2027-02-28", "six months clamp to 28 February, a Sunday"),
    Case("C12", "2026-08-28", "2027-02-28", "six months reach the same Sunday unclamped"),
    Case("C12", "2026-02-28", "2026-08-28", "a month's end does not stick"),
    Case("C12", "2026-06-25", "2026-12-25", "six months end on Christmas Day, and nothing extends them"),
    Case("A02", "2026-09-30", "2027-03-30", "an adult review's aim of six months"),
    Case("A02", "2026-10-31", "2027-04-30", "the same from a 31st"),
    Case("local.x.first_draft", "2026-10-31", "2027-02-28", "four months from a 31st end in February"),
    Case("C20", "2026-11-30", "2027-02-28", "three months from 30 November"),
    Case("C19", "2027-03-31", "2028-03-31", "twelve months from a year's end"),
    # ------------------------------------------------------------------ editions, and days without any holiday
    Case("C01", "2023-12-14", "2023-12-21", "the last day of the 2018 text"),
    Case("C01", "2023-12-15", "2023-12-22", "the first day of the 2023 text"),
    Case("C05", "2026-11-02", "2026-11-23", "a plain rapid review"),
    Case("C05", "2026-11-27", "2026-12-18", "notified on the last day after awareness on 20 November"),
    Case("C13", "2026-12-17", "2026-12-08", "a plain week and a half before a Thursday"),
    Case("C14", "2026-10-12", "2026-10-01", "the improvements only, seven working days before a Monday"),
    Case("A04", "2026-11-27", "2026-12-11", "an agency asked under section 45"),
    Case("local.a.referral_ack", "2026-12-18", "2026-12-21", "an adult referral on a Friday"),
    Case("local.a.initial_chronology_return", "2026-11-24", "2026-12-15", "chronologies, fifteen working days"),
    Case("local.x.reviewer_appointed", "2026-11-09", "2026-12-21", "a reviewer within thirty working days"),
    Case("local.x.imr_return", "2026-11-02", "2026-12-14", "an agency's report within thirty working days"),
]


def test_there_are_at_least_sixty_and_no_two_are_the_same() -> None:
    """Each case stands for itself, with a sentence of its own."""
    assert len(STORED) >= 60, "so many are stored, explained and supposed alike"
    assert len(CASES) == len({(case.rule, case.anchor) for case in CASES}) == len({case.sentence for case in CASES})


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule} {case.anchor} {case.sentence}" for case in CASES])
def test_the_rule_and_its_explanation_agree_with_the_date_worked_by_hand(case: Case, rulebook: Rulebook) -> None:
    """`due`, `explain` and the day-by-day count inside the explanation."""
    anchor, expected = date.fromisoformat(case.anchor), date.fromisoformat(case.expected)
    told = describe_due(case.rule, anchor, rulebook)

    assert expected == rulebook.rule(case.rule).due_on(anchor, rulebook.calendar)
    assert expected == told.due_on
    counts = rulebook.rule(case.rule).counts_on(anchor)
    if counts.length:
        counted = [step for step in told.steps if step.counted]
        assert counts.length == len(counted)
        assert expected == counted[-1].day


# --------------------------------------------------------------------------- what the record holds


CHILD = ("open_referral", "assess_notification", "decide_notification", "send_notification", "open_rapid_review")
DECIDED = (*CHILD, "conclude_rapid_review", "decide_review")
ACCEPTED = (*DECIDED, "commission_review", "begin_drafting", "submit_draft")
ADULT_CONCERN = {
    "track": "adults",
    "agency": "hospital_trust",
    "concern": "death of an adult, abuse or neglect suspected",
}

Starts = Callable[[Any, date, date, str], object]
"""How a rule's clock is started: the walk, a day well before, the day that matters and its hour."""


def referral(walk: Any, _: date, on: date, hour: str) -> object:
    """A referral is received."""
    more = ADULT_CONCERN if walk.track == "adults" else {}
    return walk.take("open_referral", on, hour, **more)


def aware(walk: Any, before: date, on: date, hour: str) -> object:
    """The local authority becomes aware."""
    return walk.take("open_referral", before).take("assess_notification", on, hour)


def death_known(whose: str) -> Starts:
    """It becomes aware of the death of a looked-after child or of a care leaver."""

    def known(walk: Any, before: date, on: date, hour: str) -> object:
        more = {"incident": "death", whose: "yes", "under_18": "no" if whose == "care_leaver" else "yes"}
        return walk.take("open_referral", before).take("assess_notification", on, hour, **more)

    return known


def notified(walk: Any, before: date, on: date, hour: str) -> object:
    """The notification is sent."""
    return walk.child(before, *CHILD[:3]).take("send_notification", on, hour)


def agencies_asked(walk: Any, before: date, on: date, hour: str) -> object:
    """The agencies are asked on the day of the notification, from which their dates are counted."""
    return walk.child(before, *CHILD[:3]).take("send_notification", on, hour).take("open_rapid_review", on, "17:00")


def completed(walk: Any, before: date, on: date, hour: str) -> object:
    """The rapid review is completed."""
    return walk.child(before, *CHILD).take("conclude_rapid_review", on, hour)


def sent(walk: Any, before: date, on: date, hour: str) -> object:
    """The rapid review is sent to the Panel."""
    walk.child(before, *CHILD, "conclude_rapid_review")
    return walk.take("record_done", on, hour, what="rapid review and decision sent to the Panel")


def decided(walk: Any, before: date, on: date, hour: str) -> object:
    """The partners decide to initiate a review."""
    if walk.track == "adults":
        screened(walk, before, before, hour)
        walk.take("complete_screening", before, "17:00")
        return walk.take("decide_adult_review", on, hour, referrer_told_on=None)
    return walk.child(before, *DECIDED[:-1]).take("decide_review", on, hour)


def commissioned(walk: Any, before: date, on: date, hour: str) -> object:
    """The review begins and its reviewer is appointed."""
    return walk.child(before, *DECIDED).take("commission_review", on, hour)


def accepted(walk: Any, before: date, on: date, hour: str) -> object:
    """The report is accepted."""
    return walk.child(before, *ACCEPTED).take("sign_report", on, hour, planned_on=on + timedelta(days=60))


def planned_full(walk: Any, before: date, on: date, _: str) -> object:
    """The full report is to be published on the day."""
    return walk.child(before, *ACCEPTED).take("sign_report", before, planned_on=on)


def planned_improvements(walk: Any, before: date, on: date, _: str) -> object:
    """The improvements only are to be published on the day."""
    only = {"publish": "information about the improvements only", "justification": "It would harm a child."}
    return walk.child(before, *ACCEPTED).take("sign_report", before, planned_on=on, **only)


def published(walk: Any, before: date, on: date, hour: str) -> object:
    """It is published."""
    if walk.track == "adults":
        decided(walk, before, before, hour)
        for step in ("commission_adult_review", "begin_drafting", "submit_draft", "accept_findings"):
            walk.take(step, before, "18:00")
        return walk.take("decide_publication", on, hour)
    planned_full(walk, before, on, hour)
    return walk.take("send_report", before).take("publish", on, hour)


def plan_agreed(walk: Any, before: date, on: date, hour: str) -> object:
    """The action plan is agreed."""
    accepted(walk, before, before, hour)
    return walk.take("record_done", on, hour, what="action plan agreed")


def asked_for(purpose: str) -> Starts:
    """Agencies are asked for a report, or to check a draft."""

    def asked(walk: Any, before: date, on: date, hour: str) -> object:
        walk.child(before, *DECIDED, "commission_review")
        return walk.take("ask_agencies", on, hour, purpose=purpose)

    return asked


def screened(walk: Any, before: date, on: date, hour: str) -> object:
    """An adult referral is accepted, screening begins and agencies are asked."""
    return walk.take("open_referral", before, **ADULT_CONCERN).take("accept_referral", on, hour)


def recommended(walk: Any, before: date, on: date, hour: str) -> object:
    """The group recommends."""
    screened(walk, before, before, hour)
    walk.take("complete_screening", before, "17:00")
    return walk.take("record_done", on, hour, what="recommendation made to the deciders")


STARTS: dict[str, Starts] = {
    "local.c.referral_to_partner_huddle": referral,
    "C01": aware,
    "C02": aware,
    "C03": death_known("looked_after"),
    "C04": death_known("care_leaver"),
    "C05": notified,
    "local.c.agency_request_out": notified,
    "local.c.progress_check": notified,
    "local.c.rapid_review_meeting": notified,
    "local.c.rr_draft_to_partners": notified,
    "local.c.partner_signoff": notified,
    "local.c.agency_summary_return": agencies_asked,
    "C07": completed,
    "local.c.panel_reply_expected": sent,
    "C08": decided,
    "C08b": commissioned,
    "C12": decided,
    "local.x.terms_of_reference": decided,
    "local.x.reviewer_appointed": decided,
    "local.x.first_draft": decided,
    "C10": commissioned,
    "local.x.panel_meeting_cycle": commissioned,
    "C13": planned_full,
    "C14": planned_improvements,
    "C15": planned_improvements,
    "C16": published,
    "C18": published,
    "C20": plan_agreed,
    "A10": published,
    "A02": decided,
    "A04": screened,
    "local.a.referral_ack": referral,
    "local.a.decision_meeting": referral,
    "local.a.initial_chronology_return": screened,
    "local.a.recommendation_to_decider": recommended,
    "local.a.outcome_to_referrer": decided,
    "local.x.imr_return": asked_for("report"),
    "local.x.factual_accuracy": asked_for("accuracy"),
    "local.x.action_plan": accepted,
}
NEVER_STORED = {"C09", "C19", "N01"}
"""Shown and cited, with no clock of any review."""

STORED = [case for case in CASES if case.rule not in NEVER_STORED]


@pytest.mark.parametrize("case", STORED, ids=[f"{case.rule} {case.anchor} {case.sentence}" for case in STORED])
def test_the_row_that_a_step_writes_agrees_with_the_date_worked_by_hand(
    case: Case, rulebook: Rulebook, walking: Any
) -> None:
    """The step is taken at the hour of the case, and the record holds the same day."""
    anchor = date.fromisoformat(case.anchor)
    track = "adults" if case.rule.startswith(("A", "local.a")) else "children"
    walk = walking(rulebook, track)
    STARTS[case.rule](walk, anchor - timedelta(days=70), anchor, case.hour)

    assert walk.review is not None
    rows = [duty for duty in walk.review.duties if duty.rule == case.rule and duty.anchored_on == anchor]
    assert {date.fromisoformat(case.expected)} == {duty.due_on for duty in rows}
    for duty in rows:
        told = explained(walk.review, walk.events, duty, rulebook, anchor)
        assert (duty.due_on, duty.due_on) == (told.due_on, told.working.due_on)
        assert say(duty.due_on) in told.words[0] and say(anchor) in told.words[2]


@pytest.mark.parametrize("case", STORED, ids=[f"{case.rule} {case.anchor} {case.sentence}" for case in STORED])
def test_asked_what_if_the_record_would_give_the_date_worked_by_hand(
    case: Case, rulebook: Rulebook, walking: Any
) -> None:
    """The record has the clock starting a week earlier; supposed to start on the day of the case, it answers so."""
    anchor, earlier = date.fromisoformat(case.anchor), date.fromisoformat(case.anchor) - timedelta(days=7)
    track = "adults" if case.rule.startswith(("A", "local.a")) else "children"
    walk = walking(rulebook, track)
    STARTS[case.rule](walk, earlier - timedelta(days=70), earlier, case.hour)
    review = walk.review
    assert review is not None
    started = next(duty for duty in review.duties if duty.rule == case.rule)
    subject = next((mark.subject for mark in review.marks if mark.name == started.anchor), "")

    supposed = Supposed(event=started.anchor, on=anchor, subject=subject)
    found = what_if(review, [supposed], rulebook, anchor)

    subjects = (started.subject, subject) if subject else (started.subject,)
    answers = {line.then_due for line in found.lines if line.rule == case.rule and line.subject in subjects}
    assert {date.fromisoformat(case.expected)} == answers


def test_every_rule_that_a_case_stores_has_a_way_to_start() -> None:
    """No case is left out of the record by forgetting how its clock begins."""
    assert {case.rule for case in CASES} == set(STARTS) | NEVER_STORED

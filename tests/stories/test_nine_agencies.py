"""
Nine agencies are asked for their summaries and two are silent: chased on working mornings, first the agency's named
lead and then its director, until the stage is released. The mail really leaves, and one address is refused.
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from flows.demo.post_catcher import Catcher
from safeguarding.dates.london import LONDON
from safeguarding.errors import TransitionRefused
from safeguarding.review.states import State
from safeguarding.shown.agency_answers import requests_of
from safeguarding.shown.card import description
from tasks.post import delivery_report
from tasks.post.deliver import GAPS, deliver_pending
from tasks.record.board import board
from tasks.record.sweep import sweep
from tasks.store import agency_requests
from tasks.store.tables import notices

AGENCIES = (
    "childrens_social_care",
    "police",
    "integrated_care_board",
    "hospital_trust",
    "mental_health_trust",
    "general_practice",
    "education",
    "probation_service",
    "housing",
)
SILENT = ("education", "housing")
"""Schools have acknowledged the request; housing has said nothing at all."""


class Post:
    """The partnership's post, caught."""

    sender = "reviews@exampleshire.example"
    sender_name = "Exampleshire Safeguarding Partnership"
    at_once = False

    def __init__(self, catcher: Catcher) -> None:
        self.catcher = catcher
        self.mail_url = catcher.mail_url

    def secret(self, name: str) -> str:
        """A Teams workflow."""
        return self.catcher.teams_url(name)

    def letters(self, to: str, about: str) -> list[tuple[str, str]]:
        """The subject and the words of every letter to an address that mentions something."""
        found = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in self.catcher.letters()]
        read = [(str(m["To"]), str(m["Subject"]), m.get_body(("plain",)).get_content()) for m in found]
        return [(subject, words) for address, subject, words in read if address == to and about in words]


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    """A post office that really listens."""
    with Catcher(tmp_path / "caught") as catcher:
        yield Post(catcher)


@pytest.fixture
def asked(partnership: Any) -> Any:
    """Notified on Friday 27 November 2026; nine agencies asked on the Monday, in one step; due on Wednesday 9th."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    case.on(date(2026, 11, 27)).take("send_notification").on(date(2026, 11, 30))
    return case.take("open_rapid_review", agencies=list(AGENCIES))


def days_pass(case: Any, post: Post, until: date) -> None:
    """Every quarter of an hour that matters: the sweep and the sender run at nine and at ten past, every day."""
    day = case.today
    while day <= until:
        for hour, minute in ((0, 5), (9, 0), (9, 10), (18, 30)):
            moment = datetime.combine(day, time(hour, minute), LONDON)
            if moment >= case.at:
                sweep(case.records.engine, case.records.rulebook, moment)
                deliver_pending(case.records.engine, case.records.rulebook, post, moment, "sender")
        day += timedelta(days=1)
    case.on(until, 19)


def chased(case: Any, person: str) -> list[tuple[str, date]]:
    """The reminders and alarms about the agencies' summaries that a person was sent, with the day they left."""
    query = (
        select(notices.c.occasion, notices.c.delivered_at)
        .where(
            notices.c.person == person,
            notices.c.key.like("%local.c.agency_summary_return:%"),
            notices.c.status == "delivered",
        )
        .order_by(notices.c.delivered_at)
    )
    with case.records.engine.connect() as connection:
        return [(row.occasion, row.delivered_at.astimezone(LONDON).date()) for row in connection.execute(query)]


def states(case: Any) -> dict[str, str]:
    """How each agency's request stands today."""
    return {r.agency: r.state(case.today) for r in requests_of(case.review, case.records.rulebook)}


def test_nine_are_asked_at_once_and_each_has_a_state_of_its_own(asked: Any) -> None:
    """Requested, acknowledged, returned and a nil return; acknowledging settles nothing, and is not done twice over."""
    assert set(AGENCIES) == {request.agency for request in asked.review.requests}
    assert {date(2026, 12, 9)} == {asked.due("local.c.agency_summary_return", agency) for agency in AGENCIES}
    asked.on(date(2026, 12, 1)).take("acknowledge_request", agency="education")
    asked.take("record_return", agency="police", outcome="returned")
    asked.take("record_return", agency="probation_service", outcome="nil return")

    found = states(asked)
    assert ("acknowledged", "returned", "nil return", "requested") == tuple(
        found[agency] for agency in ("education", "police", "probation_service", "housing")
    )
    assert "" == asked.duty("local.c.agency_summary_return", "education").ended
    assert "education" in asked.review.waiting_on("information")
    with pytest.raises(
        TransitionRefused,
        match=r"Exampleshire Police is not being waited for .*; waiting for: .*Schools and early years",
    ):
        asked.take("acknowledge_request", agency="police")
    with pytest.raises(TransitionRefused, match="Housing was asked on Mon 30 Nov 2026, after Fri 27 Nov 2026"):
        asked.take("acknowledge_request", agency="housing", on=date(2026, 11, 27))


def test_each_lead_is_asked_for_their_own_with_their_own_date(asked: Any, post: Post) -> None:
    """One letter each, of their own agency's summary and its day; the partners hear that agencies were asked."""
    deliver_pending(asked.records.engine, asked.records.rulebook, post, asked.at, "sender")
    ((subject, words),) = post.letters("lane@housing.example", "CSPR-2026-001")
    assert "CSPR-2026-001 · Rapid review · you are asked · due Wed 9 Dec 2026" == subject
    assert "Agency summary for the rapid review: Housing" in words
    assert {"glenn_sample", "harper_sample", "indy_sample"} <= asked.told("step_told")
    assert {"jules_lead", "lane_lead", "casey_lead"} <= asked.told("agency_asked")
    assert not asked.told("step_told") & asked.told("agency_asked")


def test_an_acknowledgement_may_be_recorded_by_the_agency_s_own_lead(asked: Any) -> None:
    """It is they who know; the record says who did."""
    asked.on(date(2026, 12, 1)).take("acknowledge_request", agency="housing", by="lane_lead")
    assert "lane_lead" == asked.review.history[-1].actor
    asked.records.rebuild()
    assert "acknowledged" == states(asked)["housing"]


def test_an_acknowledgement_after_the_day_moves_nothing(asked: Any) -> None:
    """
    The summaries were due on Wednesday the 9th. On the 11th Housing says that it has the request: it is late by the day
    it was asked for, and not from its latest message; it is chased on, and its director hears when they would have.
    """
    asked.on(date(2026, 12, 11)).sweep()
    before = len(chased_for(asked, "housing"))
    asked.take("acknowledge_request", agency="housing")
    duty = asked.duty("local.c.agency_summary_return", "housing")
    assert (date(2026, 12, 9), True) == (duty.due_on, duty.running)
    assert "late" == states(asked)["housing"]
    assert "Late: " in (page := description(asked.review, asked.today, asked.records.rulebook))
    assert "Housing" in page.partition("Late: ")[2].partition("\n")[0]
    asked.on(date(2026, 12, 14), 10).sweep()
    assert ("due_missed", "logan_director") in chased_for(asked, "housing")[before:]


def chased_for(case: Any, agency: str) -> list[tuple[str, str]]:
    """Who was written to about the summary of an agency, and why, in the order of writing."""
    query = select(notices.c.occasion, notices.c.person).where(
        notices.c.key.like(f"%local.c.agency_summary_return:{agency}:%")
    )
    with case.records.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(notices.c.id))]


def test_two_agencies_are_silent_at_day_eight(asked: Any, post: Post) -> None:
    """
    Seven answer; schools have acknowledged and housing is silent. Each lead is reminded on working mornings, hears
    on the first working day after the date that it has passed, and on the third the director does. Housing's lead
    has an address that the mail server refuses: the manager has that as a message of its own, over Teams. The board
    and the league show both; the stage is released when one sends and the other is gone on without, for a reason.
    """
    case = asked
    post.catcher.temper.mail_answers["lane@housing.example"] = "550 5.1.1 no such mailbox"
    case.on(date(2026, 12, 1)).take("acknowledge_request", agency="education")
    for agency in set(AGENCIES) - {*SILENT}:
        case.take("record_return", agency=agency, outcome="nil return" if agency == "police" else "returned")

    days_pass(case, post, date(2026, 12, 16))

    days = [date(2026, 12, day) for day in (2, 4, 8)]
    assert [*(("reminder", day) for day in days), ("due_missed", date(2026, 12, 10))] == chased(case, "jules_lead")
    assert [("due_missed", date(2026, 12, 14))] == chased(case, "jordan_director")
    assert [] == chased(case, "lane_lead"), "nothing reached them"
    assert [("due_missed", date(2026, 12, 14))] == chased(case, "logan_director")
    assert [] == chased(case, "casey_lead"), "the police answered on the first of December"
    assert "late" == states(case)["education"] == states(case)["housing"]
    page = description(case.review, case.today, case.records.rulebook)
    assert "no return yet from Schools and early years, Housing" in page
    assert "Late: Schools and early years, Housing." in page

    failures = [message for message in delivery_report.report(case.records.engine) if message.given_up]
    assert {"lane_lead"} == {message.person for message in failures}
    assert {"the mail server refused the address or the letter (answer 550)"} == {m.why for m in failures}
    with case.records.engine.connect() as connection:
        told = select(notices.c.person, notices.c.channel, notices.c.status)
        alarms = connection.execute(told.where(notices.c.occasion == "delivery_failed")).all()
    assert {("alex_example", "teams", "delivered")} == {tuple(row) for row in alarms}
    assert len(failures) == len(alarms), "each failed message raised its own alarm"

    rows = [row for row in board(case.records.engine, case.records.rulebook, case.today) if "summary" in row.owed]
    assert {"Schools and early years", "Housing"} == {row.waiting_on for row in rows}
    lines = agency_requests.agency_league(case.records.engine, case.records.rulebook, case.today)
    league = {line.agency: line for line in lines}
    assert ("education", "housing") == tuple(sorted(a for a, line in league.items() if line.late))
    police = league["police"]
    assert (1, 1, 1.0) == (police.asked, police.nil, police.median_working_days)
    assert {"education", "housing"} == {line.agency for line in list(league.values())[:2]}, "the late ones first"

    with pytest.raises(TransitionRefused, match="still waiting for Schools and early years and Housing"):
        case.take("conclude_rapid_review", without=[])
    case.take("record_return", agency="education", outcome="returned")
    case.take("conclude_rapid_review", without=[{"agency": "housing", "reason": "Its files are being moved."}])
    assert State.DECISION == case.review.state
    assert ("returned", "excused") == tuple(states(case)[agency] for agency in SILENT)

    before = len(chased(case, "jules_lead")) + len(chased(case, "logan_director"))
    days_pass(case, post, date(2026, 12, 23))
    assert before == len(chased(case, "jules_lead")) + len(chased(case, "logan_director")), "the work is done"


def test_a_letter_that_is_put_off_is_no_alarm(asked: Any, post: Post) -> None:
    """The schools' mail server greylists: the request is tried again after a minute, arrives, and nobody is alarmed."""
    post.catcher.temper.mail_answers["jules@schools.example"] = "451 4.7.1 try again later"
    deliver_pending(asked.records.engine, asked.records.rulebook, post, asked.at, "sender")
    waiting = [m for m in delivery_report.report(asked.records.engine) if m.person == "jules_lead"]
    assert waiting and not any(message.given_up for message in waiting)
    assert [] == delivery_report.blocked(asked.records.engine), "one letter that waits is no channel that is down"

    post.catcher.temper.mail_answers.clear()
    deliver_pending(asked.records.engine, asked.records.rulebook, post, asked.at + 2 * GAPS[0], "sender")
    assert [] == delivery_report.report(asked.records.engine)


def test_the_answer_to_the_same_question_twice_has_its_own_day(asked: Any) -> None:
    """The draft is checked twice by the same agency: each request stands by its own date and its own answer."""
    asked.on(date(2026, 12, 1))
    for agency in AGENCIES:
        asked.take("record_return", agency=agency)
    asked.on(date(2026, 12, 2)).take("ask_agencies", purpose="information", agencies=["police"])
    police = [r for r in requests_of(asked.review, asked.records.rulebook) if r.agency == "police"]
    assert ["returned", "waiting"] == [request.outcome for request in police]
    assert [date(2026, 12, 9), date(2026, 12, 9)] == [request.due_on for request in police]
    found = agency_requests.asked_since(asked.records.engine, asked.records.rulebook, date(2026, 1, 1))
    alone = [request._replace(daily_life="") for request in police]  # What a return tells of is read of one review.
    assert alone == [request for request in found if request.agency == "police"]

"""Reviews that began before this record: carried in with what is known and owed, and closed like others."""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from functools import partial
from typing import Any

import pytest

from flows.demo.answers import answer, signer
from safeguarding.dates.london import LONDON
from safeguarding.duties.older_law import carried_in_words
from safeguarding.errors import TransitionRefused
from safeguarding.lifecycle import attempt, steps_of
from safeguarding.questions.plan import plan_of
from safeguarding.review.states import State
from safeguarding.shown import card, diary
from safeguarding.shown.sealed_words import sealed_texts
from safeguarding.stages import STEPS
from tasks.record import board
from tasks.record.new_reviews import MovesIn
from tasks.record.transactions import SubmittedBefore

TODAY = date(2026, 11, 23)
ADULT = {
    "track": "adults",
    "guidance": "Care Act 2014 and its statutory guidance",
    "began_on": date(2019, 5, 6),
    "stands_at": "the review is under way",
    "published_on": None,
    "open_duties": [],
}


NOTHING_SINCE = {"stands_at": "the review is under way", "published_on": None, "open_duties": []}


@pytest.fixture
def carried(partnership):
    """Carry in a review with the example's answers and these changes."""

    return partial(partnership.carries_in, TODAY)


def test_a_serious_case_review_of_2016_stands_on_the_board_with_what_it_owes(carried) -> None:
    """At action follow-up, one action owed by the police: on the board, in its plan, told; its lead is its owner."""
    case = carried()
    review, book = case.review, case.records.rulebook

    assert State.ACTION_FOLLOW_UP is review.state
    assert [("local.x.action_done", "A01", date(2026, 12, 23))] == [
        (d.rule, d.subject, d.due_on) for d in review.live()
    ]
    rows = [row for row in board.board(case.records.engine, book, TODAY) if row.reference == case.reference]
    assert ["Action done and verified: A01 (Exampleshire Police)"] == [row.owed for row in rows]
    assert "glenn_sample" in case.told("step_told")
    assert set() == case.told("referral_received")
    assert ["local.x.action_done"] == [line.rule for line in plan_of(review, book, TODAY).lines]
    assert () == tuple(case.records.verify())


def test_nothing_of_later_law_is_counted_for_it(carried) -> None:
    """Decided in 2016, published now: no six months and no year in public by the regulations of 2018."""
    case = carried(stands_at="publication", published_on=None, decided_on=date(2016, 6, 1), open_duties=[])
    case.take("move_carried_in", becomes="published", on=date(2026, 11, 20), note="")

    assert State.PUBLISHED is case.review.state
    assert [] == [duty.rule for duty in case.review.duties if not duty.rule.startswith("local.")]


def test_what_the_law_asked_on_the_day_it_began_is_counted_by_that_text(carried) -> None:
    """Begun in 2019 under Working Together 2018 and published now: a year in public, by the edition of 2018."""
    case = carried(
        guidance="Working Together 2018", began_on=date(2019, 2, 1), stands_at="publication", published_on=None
    )
    case.take("move_carried_in", becomes="published", on=date(2026, 11, 20), report_sent_on=date(2026, 11, 13), note="")

    year = case.duty("C16")
    assert ("SI2018/789", date(2027, 11, 20), True) == (year.edition, year.due_on, year.guard)


OF_2024 = {
    "guidance": "another, said in the summary",
    "began_on": date(2024, 2, 1),
    "stands_at": "publication",
    "accepted_on": date(2026, 11, 2),
    "published_on": None,
    "open_duties": [],
}


def test_a_review_of_2024_began_under_the_guidance_of_then_and_is_counted_by_it(carried) -> None:
    """From its first day on; what is counted of it is counted by the edition of that name."""
    case = carried(**AT_RAPID_REVIEW | {"guidance": "Working Together 2023"})
    assert "WT2023" == case.duty("C05").edition
    assert any("under: Working Together 2023" in line for line in carried_in_words(case.review))
    first = carried(guidance="Working Together 2023", began_on=date(2023, 12, 15), **NOTHING_SINCE)
    assert State.IN_REVIEW is first.review.state


def test_what_is_published_now_went_before_by_the_law_of_its_day(carried) -> None:
    """
    A child's review of 2024, published after it was carried in: regulation 16 was in force, so the report went to the
    Secretary of State and the Panel seven days before. It is asked; too late is refused; a planned gate is met by it.
    """
    case = carried(**OF_2024)
    planned = {"publish": "the full report", "planned_on": date(2026, 12, 10), "text_changed": "no"}
    case.take("plan_publication", **planned)
    published = {"becomes": "published", "on": TODAY, "note": ""}
    with pytest.raises(TransitionRefused, match=r"by regulation 16 of .* no later than Mon 16 Nov 2026"):
        case.take("move_carried_in", **published)
    with pytest.raises(TransitionRefused, match="went on Tue 17 Nov 2026; by regulation 16 it had to go by Mon 16 Nov"):
        case.take("move_carried_in", **published, report_sent_on=date(2026, 11, 17))
    case.take("move_carried_in", **published, report_sent_on=date(2026, 11, 16))
    gate = case.duty("C13b")
    assert (date(2026, 11, 16), "settled", date(2026, 11, 16)) == (gate.due_on, gate.ended, gate.ended_on)
    assert () == tuple(case.records.verify())


def test_nobody_goes_past_publication_without_a_word(carried) -> None:
    """To follow-up, closed or «not published» in one step: the report would be owed to nobody (s.16F(3)(c))."""
    case = carried(**OF_2024)
    for becomes in ("action follow-up", "closed"):
        with pytest.raises(TransitionRefused, match="say first whether it was published or not: the report is owed"):
            case.take("move_carried_in", becomes=becomes, note="It is long over.")
    with pytest.raises(TransitionRefused, match="decide that with 'Publish nothing' once publication is next"):
        case.take("move_carried_in", becomes="not published", note="")
    case.take("publish_nothing")
    with pytest.raises(TransitionRefused, match="is still owed, and does not end with the review"):
        case.take("move_carried_in", becomes="closed", note="It is long over.")


@pytest.mark.parametrize(("began", "monitored"), [(date(2024, 2, 1), True), (date(2016, 3, 1), False)])
def test_what_is_under_way_is_monitored_from_now_on(carried, began: date, monitored: bool) -> None:
    """Regulation 14: at regular intervals during the course of the review, of one that began when it was in force."""
    of_then = {**OF_2024, "began_on": began, "accepted_on": None}
    case = carried(**{**of_then, "stands_at": "the review is under way"})
    assert [date(2026, 12, 21)] * monitored == [duty.due_on for duty in case.review.live("C10")]
    case = carried(**{**of_then, "stands_at": "commissioning"})
    case.take("move_carried_in", becomes="the review is under way", on=date(2026, 11, 20), note="")
    assert [date(2026, 12, 18)] * monitored == [duty.due_on for duty in case.review.live("C10")]


def test_a_request_of_today_is_owed_by_todays_law(carried) -> None:
    """A coroner who writes now is answered within the days of the regulations, whenever the review began."""
    case = carried()
    case.take("record_coroners_report")
    assert [duty for duty in case.review.live() if duty.rule in ("C25", "A11")]


AT_RAPID_REVIEW = {
    "guidance": "another, said in the summary",
    "began_on": date(2026, 11, 9),
    "stands_at": "rapid review",
    "notified_on": date(2026, 11, 16),
    "published_on": None,
    "open_duties": [],
    "asked": [
        {
            "agency": "police",
            "purpose": "information",
            "asked_on": date(2026, 11, 17),
            "answered_on": date(2026, 11, 19),
            "outcome": "returned",
        },
        {"agency": "housing", "purpose": "information", "asked_on": date(2026, 11, 17)},
    ],
}


def test_a_rapid_review_under_way_is_owed_by_its_own_days_and_goes_on_as_others_do(carried) -> None:
    """Fifteen working days from the notification of 16 November; housing is waited for; then it is decided."""
    case = carried(**AT_RAPID_REVIEW)
    assert (State.RAPID_REVIEW, date(2026, 12, 7)) == (case.review.state, case.due("C05"))
    assert ["housing"] == list(case.review.waiting_on("information"))
    case.take("record_return", agency="housing", purpose="information", outcome="returned", on=TODAY)
    case.take("conclude_rapid_review").take("decide_review")
    assert (State.COMMISSIONING, "settled") == (case.review.state, case.duty("C05").ended)
    assert () == tuple(case.records.verify())


@pytest.mark.parametrize(
    ("police", "housing", "met"),
    [
        ({"asked_on": date(2026, 11, 17), "answered_on": date(2026, 11, 19), "outcome": "returned"}, None, 17),
        ({"asked_on": date(2026, 11, 17), "answered_on": date(2026, 11, 19), "outcome": "returned"}, 18, 17),
        ({"asked_on": date(2026, 11, 12), "answered_on": date(2026, 11, 19), "outcome": "refused"}, 18, None),
        ({"asked_on": date(2026, 11, 12)}, None, None),
    ],
)
def test_agencies_that_were_asked_before_are_not_asked_for_again(carried, police, housing, met) -> None:
    """Met on the day of the first request, answered or not; one before the notification has nothing begin."""
    asked = [{"agency": "police", "purpose": "information", **police}]
    if housing:
        asked.append({"agency": "housing", "purpose": "information", "asked_on": date(2026, 11, housing)})
    case = carried(**AT_RAPID_REVIEW | {"asked": asked})
    assert [] == [duty.rule for duty in case.review.live() if duty.rule == "local.c.agency_request_out"]
    ended = [duty.ended_on for duty in case.review.duties if duty.rule == "local.c.agency_request_out"]
    assert ([date(2026, 11, met)] if met else []) == ended
    waiting = [one["agency"] for one in asked if "answered_on" not in one]
    assert waiting == list(case.review.waiting_on("information"))
    nobody = carried(**AT_RAPID_REVIEW | {"asked": []})
    assert ["local.c.agency_request_out"] == [d.rule for d in nobody.review.live() if d.rule.endswith("request_out")]


def test_the_words_of_each_action_are_its_own_though_one_was_done(carried) -> None:
    """The first is done, the second owed: each sealed text is about its own action."""
    one = {"agency": "police", "owner": "casey_lead", "due_on": date(2026, 6, 1), "what": "Audit."}
    case = carried(open_duties=[{**one, "done_on": date(2026, 5, 1)}, {**one, "what": "Train."}])
    (line,) = case.records.events(case.reference)
    about = {text.name: text.subjects for text in sealed_texts(line) if text.about == "action"}
    assert {"open_duties.0.what": ("A01",), "open_duties.1.what": ("A02",)} == about
    assert ["A02"] == [duty.subject for duty in case.review.live("local.x.action_done")]


def test_what_is_over_is_carried_in_closed_and_owes_nothing(carried) -> None:
    """Closed in 2021, one action done long ago: no clock runs, and it is opened again like others."""
    done = {"agency": "police", "owner": "casey_lead", "due_on": date(2018, 6, 1), "what": "Audit."}
    case = carried(stands_at="closed", closed_on=date(2021, 3, 2), open_duties=[{**done, "done_on": date(2018, 5, 1)}])
    review = case.review
    assert (State.CLOSED, (), ["done before"]) == (review.state, review.live(), [one.status for one in review.actions])
    case.later(1).take("reopen", reason="A new court judgment.", return_to="action_follow_up")
    assert case.review.open
    assert () == tuple(case.records.verify())


def test_several_are_taken_over_together_or_not_at_all(partnership) -> None:
    """The second is refused, or was taken over before: the first is not there either; without it both come in."""
    records, at, by = partnership.records, datetime(2026, 11, 23, 10, tzinfo=LONDON), signer(STEPS["carry_in"].by)
    good = MovesIn(answer("carry_in", None, TODAY), "moving-in.xlsx", "one")
    wrong = MovesIn(answer("carry_in", None, TODAY, began_on=date(2013, 3, 1)), "moving-in.xlsx", "two")
    with pytest.raises(TransitionRefused, match="a review that began before Thu 1 Jan 2015 is not carried in"):
        records.take_over([good, wrong], by, at)
    assert ([], []) == (list(records.list()), list(records.verify()))
    (first,) = records.take_over([good], by, at)
    other = MovesIn(answer("carry_in", None, TODAY), "moving-in.xlsx", "three")
    with pytest.raises(SubmittedBefore):
        records.take_over([other, good], by, at)
    (second,) = records.take_over([other], by, at)
    assert ["CSPR-2026-001", "CSPR-2026-002"] == [one.review.reference for one in (first, second)]
    assert (0, 0, TODAY) == (first.notices, second.notices, first.review.entered_on)
    assert () == tuple(records.verify())


def test_what_is_known_and_what_is_not_is_said(carried) -> None:
    """Since when, under what, its old reference, each day that nobody knows; the card without the reference."""
    case = carried()
    said = " ".join(carried_in_words(case.review))

    assert "it began on Tue 1 Mar 2016, before this record, under: Working Together 2015 (serious case review)" in said
    assert "Its reference before: SCR 2016/1." in said
    assert (
        "Not known: the day on which a review was decided; the day on which the report was accepted; the day on" in said
    )
    shown = card.description(case.review, TODAY, case.records.rulebook)
    assert "Carried in: it began on Tue 1 Mar 2016" in shown
    assert "SCR 2016/1" not in shown


def test_the_report_and_publication_that_are_owed_are_chased_to_their_days(carried) -> None:
    """An adult review under way: its report by the day agreed before, overdue at once; met when it is accepted."""
    case = carried(**ADULT, report_due_on=date(2026, 11, 2), publication_due_on=date(2027, 2, 1))
    assert date(2026, 11, 2) == case.due("local.x.carried_report")
    (row,) = [
        r for r in board.board(case.records.engine, case.records.rulebook, TODAY) if "Complete the report" in r.owed
    ]
    assert "overdue" in row.standing.words

    case.take("move_carried_in", becomes="the report is accepted, publication is next", on=TODAY, note="")
    assert ("settled", State.PUBLICATION) == (case.duty("local.x.carried_report").ended, case.review.state)
    case.take("move_carried_in", becomes="published", on=TODAY, note="")
    assert "settled" == case.duty("local.x.carried_publication").ended


def test_it_closes_like_others_and_names_what_is_still_owed(carried) -> None:
    """An action is open: the closing asks what becomes of it, and then closes; an older review is in the list."""
    case = carried()
    with pytest.raises(TransitionRefused, match="still owed when it closes"):
        case.take("move_carried_in", still_owed=[])
    case.take("move_carried_in")
    assert State.CLOSED is case.review.state
    case.later(1).take("reopen", reason="A new court judgment.", return_to="action_follow_up")
    assert case.review.open


def test_no_other_review_is_moved_on_so(partnership) -> None:
    """One that was opened here has the gates of the law."""
    case = partnership.hears_of(TODAY)
    with pytest.raises(TransitionRefused):
        case.take("move_carried_in")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"began_on": date(2014, 12, 31)}, "a review that began before Thu 1 Jan 2015 is not carried in"),
        ({"began_on": date(2027, 1, 1)}, "in the future"),
        ({"track": "adults"}, "is not of the track 'adults'"),
        (
            {"guidance": "Working Together 2023", "began_on": date(2023, 12, 14)},
            "'Working Together 2023' is in force from Fri 15 Dec 2023: the review began before it",
        ),
        ({**ADULT, "guidance": "Working Together 2023"}, "is not of the track 'adults'"),
        ({"decided_on": date(2016, 2, 1)}, "lies before it began"),
        ({"accepted_on": date(2027, 2, 1)}, "is in the future"),
        ({"publication_due_on": date(2027, 2, 1)}, "it was published, and publication is said to be owed"),
        ({"pseudonym": "Hazel"}, "pseudonyms are given out"),
        ({"stands_at": "rapid review"}, "say when the notification was sent"),
        ({**ADULT, "stands_at": "rapid review"}, "a rapid review is a child's"),
        ({"stands_at": "closed"}, "a review that is closed has the day on which it was closed"),
        ({"stands_at": "closed", "closed_on": date(2021, 3, 2)}, "the review is closed, so say when it was done"),
        ({"closed_on": date(2021, 3, 2)}, "and no other has one"),
        (
            {"asked": [{"agency": "police", "purpose": "report", "asked_on": date(2015, 1, 2)}]},
            "what was asked, number 1: its days lie before the review began",
        ),
    ],
)
def test_what_cannot_be_is_refused(carried, changes: dict[str, Any], words: str) -> None:
    """Each by its reason, and nothing is opened."""
    with pytest.raises(TransitionRefused, match=words) as refused:
        carried(**changes)
    assert str(refused.value).startswith("a review carried in")


def test_a_duty_of_ours_of_that_day_may_have_passed_long_ago(carried) -> None:
    """Owed since 2017: it is overdue by its working days, counted by the list of bank holidays of then."""
    long_ago = {"agency": "police", "owner": "casey_lead", "due_on": date(2017, 6, 30), "what": "The audit."}
    case = carried(open_duties=[long_ago])
    (row,) = [
        r for r in board.board(case.records.engine, case.records.rulebook, TODAY) if r.reference == case.reference
    ]
    assert (date(2017, 6, 30), True) == (row.due_on, row.standing.words.startswith("overdue by 2"))
    case.sweep()
    assert case.told("due_missed")


STAGES = ("commissioning", "the review is under way", "the report is drafted", "publication", "action follow-up")
OF_A_TRACK = {
    "children": {"open_duties": [], "published_on": None},
    "adults": {**ADULT},
}


@pytest.mark.parametrize("track", ["children", "adults"])
@pytest.mark.parametrize("stands_at", STAGES)
def test_wherever_it_stands_every_step_is_taken_or_refused_in_words(carried, track: str, stands_at: str) -> None:
    """It has no earlier line of a decision or a commission: no step trips over that, and every page of it is made."""
    case = carried(**{**OF_A_TRACK[track], "stands_at": stands_at})
    book, review = case.records.rulebook, case.review
    assert card.description(review, TODAY, book)
    assert card.card_name(review, TODAY, book).startswith(case.reference)
    assert diary.entries(review, book) == ()
    assert plan_of(review, book, TODAY).lines == ()
    for step in steps_of(review):
        raw = answer(step.name, review, TODAY)
        with contextlib.suppress(TransitionRefused):
            attempt(review, step.name, raw, signer(step.by), case.at, book)


def test_at_its_rapid_review_every_step_is_taken_or_refused_in_words(carried) -> None:
    """The same of one that has no line of a notification, though it has its day."""
    case = carried(**AT_RAPID_REVIEW)
    assert card.description(case.review, TODAY, case.records.rulebook)
    assert plan_of(case.review, case.records.rulebook, TODAY).lines
    for step in steps_of(case.review):
        raw = answer(step.name, case.review, TODAY)
        with contextlib.suppress(TransitionRefused):
            attempt(case.review, step.name, raw, signer(step.by), case.at, case.records.rulebook)

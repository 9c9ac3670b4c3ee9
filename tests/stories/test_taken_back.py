"""A step that ought not to have been taken is taken back, and the record says so for good."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from safeguarding.errors import TransitionRefused
from safeguarding.review.states import State
from tasks.post.no_longer import OF_A_RUNG
from tasks.store import outbox
from tasks.store.tables import actions, notice_facts, notices, register, requests

MORE = {"followed": "take back what followed it too"}


def count(case, table) -> int:
    """How many rows of a table are of this case."""
    with case.records.engine.connect() as connection:
        return len(connection.execute(table.select().where(table.c.reference == case.reference)).all())


def sound(case) -> bool:
    """Whether the ledger verifies, and the tables are what it makes."""
    return [] == list(case.records.verify())


def test_the_wrong_conclusion_is_taken_back(case) -> None:
    """Concluded for the wrong child: the agencies are waited for again, the clocks run on their own days."""
    due, waiting = case.due("C05"), case.review.waiting_on()
    summaries = case.due("local.c.agency_summary_return", "police")
    case.on(date(2026, 12, 3)).take("conclude_rapid_review")
    assert State.DECISION == case.review.state

    case.later(1).take("take_back_step")
    assert State.RAPID_REVIEW == case.review.state
    assert waiting == case.review.waiting_on()
    assert (due, "") == (case.due("C05"), case.duty("C05").ended)
    assert (summaries, "") == (
        case.due("local.c.agency_summary_return", "police"),
        case.duty("local.c.agency_summary_return", "police").ended,
    )
    titles = [line.title for line in case.review.history[-2:]]
    assert ["Rapid review completed", "Step taken back"] == titles or "Step taken back" == titles[-1]
    assert sound(case)
    case.take("conclude_rapid_review")
    assert State.DECISION == case.review.state


def test_what_a_wrong_step_began_is_owed_no_more(case) -> None:
    """Decided wrongly: the six months begin with the next decision, not with the one that was taken back."""
    case.on(date(2026, 12, 3)).take("conclude_rapid_review").take("decide_review")
    assert case.duty("C12").running
    case.later(1).take("take_back_step", by="glenn_sample")
    assert ("cancelled", State.DECISION) == (case.duty("C12").ended, case.review.state)
    assert case.duty("C05").running, "the dispatch that the decision recorded is taken back with it"
    case.later(2).take("decide_review")
    assert date(2027, 6, 6) == case.due("C12")
    assert sound(case)


def test_what_followed_is_named_before_it_goes_too(case) -> None:
    """An older step: everything recorded since is named, goes with it, and leaves the tables too."""
    version = case.review.version
    case.take("ask_agencies", agencies=["housing"], purpose="information").take("record_return", agency="police")
    asked = count(case, requests)
    with pytest.raises(TransitionRefused, match="this was recorded after it and would be taken back too: Agency's"):
        case.take("take_back_step", line=str(version + 1))
    case.take("take_back_step", line=str(version + 1), **MORE)
    assert "police" in case.review.waiting_on()
    assert "housing" not in case.review.waiting_on()
    assert asked - 1 == count(case, requests)
    assert sound(case)


def test_an_action_of_the_wrong_review_goes_from_the_table(case) -> None:
    """Added to the wrong review: it is chased by nobody, and its number is given again."""
    case.on(date(2026, 12, 3)).take("conclude_rapid_review").take("decide_review").take("add_action")
    case.take("take_back_step")
    assert 0 == count(case, actions)
    assert "cancelled" == case.duty("local.x.action_done", "A01").ended
    case.take("add_action")
    assert case.duty("local.x.action_done", "A01").running
    assert sound(case)


def test_a_register_entry_of_a_step_that_was_wrong_goes_too(case) -> None:
    """The register of decisions holds no decision that was taken back."""

    def entry():
        with case.records.engine.connect() as connection:
            return connection.execute(register.select().where(register.c.reference == case.reference)).one()

    case.on(date(2026, 12, 3)).take("conclude_rapid_review")
    before = entry()
    case.later(1).take("decide_review")
    assert before != entry()
    case.take("take_back_step", by="glenn_sample")
    assert before == entry()
    assert sound(case)


def test_a_correction_that_was_wrong_is_taken_back(case) -> None:
    """The day of a notification that was met is put right, wrongly: what was met is met on the day it was."""
    case.take("correct_date", what="became_aware", correct_on=date(2026, 11, 17))
    assert date(2026, 11, 24) == case.due("C01")
    case.take("take_back_step")
    row = case.duty("C01")
    assert (date(2026, 11, 27), "settled", date(2026, 11, 27)) == (row.due_on, row.ended, row.ended_on)
    assert date(2026, 11, 20) == case.review.happened("became_aware")
    assert sound(case)


@pytest.fixture
def sent_late(partnership):
    """A child's report accepted on 26 May 2026, to be published on 23 June, and sent on the 19th: three days late."""
    case = partnership.hears_of(date(2026, 3, 2)).take("assess_notification").take("decide_notification")
    case.on(date(2026, 3, 4)).take("send_notification").on(date(2026, 3, 5)).take("open_rapid_review")
    case.on(date(2026, 3, 20)).take("conclude_rapid_review").take("decide_review")
    case.on(date(2026, 3, 27)).take("commission_review").on(date(2026, 4, 26)).take("begin_drafting")
    case.on(date(2026, 5, 16)).take("submit_draft").on(date(2026, 5, 26)).take("sign_report")
    return case.on(date(2026, 6, 19)).take("send_report")


def clocks_of(case) -> dict[tuple[str, str, int], tuple]:
    """Every clock as it counts: its anchor, its day, how it ended, when and why. Not by which lines."""
    return {d.key: (d.anchor, d.anchored_on, d.due_on, d.stops, d.ended, d.ended_on, d.why) for d in case.review.duties}


def test_a_late_copy_is_late_again_when_its_correction_is_taken_back(sent_late) -> None:
    """
    The day of the advance copy is put right to eleven days earlier, and that was wrong: the copy went on 19 June
    again, and nothing is published on the 23rd (regulation 16: seven days before, the 16th).
    """
    sent_late.on(date(2026, 6, 22)).take("correct_date", what="advance_copy_sent", correct_on=date(2026, 6, 8))
    sent_late.take("take_back_step")
    row = sent_late.duty("C13b")
    assert ("settled", date(2026, 6, 19), "advance copy sent on 2026-06-19") == (row.ended, row.ended_on, row.why)
    with pytest.raises(TransitionRefused, match="went on Fri 19 Jun 2026; for Tue 23 Jun 2026 it had to go by"):
        sent_late.on(date(2026, 6, 23)).take("publish")
    assert sound(sent_late)


def test_every_clock_stands_as_before_whatever_day_was_put_right_and_taken_back(sent_late) -> None:
    """Each day on the record is put right, earlier and later, and each correction that is taken is taken back."""
    sent_late.later(1)
    stood, taken = clocks_of(sent_late), set()
    for name in {mark.name for mark in sent_late.review.marks}:
        for days in (-2, 1):
            right = sent_late.review.happened(name) + timedelta(days=days)
            with suppress(TransitionRefused):
                sent_late.take("correct_date", what=name, correct_on=right)
                taken.add(name)
                sent_late.take("take_back_step")
                assert stood == clocks_of(sent_late), name
    assert {"notification_sent", "partners_notified", "advance_copy_sent", "decision_told"} <= taken
    assert sound(sent_late)


def test_a_move_is_taken_back_by_who_decides_or_by_who_made_it(case) -> None:
    """The unit does not undo the partners' decision; its own wrong press it may."""
    case.on(date(2026, 12, 3)).take("conclude_rapid_review", by="alex_example")
    with pytest.raises(TransitionRefused, match="the review moved on with it"):
        case.take("take_back_step", by="billie_example")
    case.take("take_back_step", by="alex_example")
    assert State.RAPID_REVIEW == case.review.state


def test_the_referral_and_a_closing_are_not_taken_back(partnership) -> None:
    """The one ends by a way out, the other is opened again."""
    case = partnership.hears_of(date(2026, 11, 20), concern="learning request")
    with pytest.raises(TransitionRefused, match="no such step that can be taken back"):
        case.take("take_back_step")
    case.take("close_not_serious")
    with pytest.raises(TransitionRefused, match="cannot be taken"):
        case.take("take_back_step")


def test_the_partners_hear_that_a_step_was_taken_back(case) -> None:
    """Whoever had a letter of the wrong step has one that it was taken back."""
    case.on(date(2026, 12, 3)).take("conclude_rapid_review").later(1).take("take_back_step")
    query_told = case.told("step_told") | case.told("due_superseded") | case.told("decision_made")
    assert {"glenn_sample", "dana_sample"} <= query_told


def all_letters_left(case) -> None:
    """The postman has been: every letter written so far was taken."""
    with case.records.engine.begin() as connection:
        connection.execute(update(notices).values(status="delivered", delivered_at=case.at))


def told_twice(case) -> list[tuple[str, ...]]:
    """Whom the ladder told the same of the same date more than once over one channel."""
    query = outbox.FULL.where(notice_facts.c.reference == case.reference, notices.c.occasion.in_(OF_A_RUNG))
    with case.records.engine.connect() as connection:
        rows = connection.execute(query).all()
    said = Counter((row.person, row.channel, *(p for n, p in enumerate(row.key.split(":")) if n != 4)) for row in rows)
    return [which for which, times in said.items() if times > 1]


def test_nobody_hears_again_of_a_day_that_a_step_taken_back_had_missed(case) -> None:
    """
    The summaries were late, everybody was told, and the letters left. The rapid review was concluded by mistake, and
    that is taken back: the clocks have their days again, nobody is told a second time, and the next rung comes.
    """
    case.on(case.due("local.c.agency_summary_return", "police") + timedelta(days=2), 18).sweep()
    before = len(case.misses("local.c.agency_summary_return"))
    all_letters_left(case)
    case.take("conclude_rapid_review").sweep()
    all_letters_left(case)
    case.take("take_back_step").sweep()

    assert before > 0
    assert before == len(case.misses("local.c.agency_summary_return"))
    assert [] == told_twice(case)
    assert sound(case)
    case.later(7).sweep()
    assert before < len(case.misses("local.c.agency_summary_return"))
    assert [] == told_twice(case)
    case.records.rebuild()
    case.sweep()
    assert [] == told_twice(case)
    assert sound(case)


def test_a_letter_that_had_not_left_is_written_again(case) -> None:
    """The mail was away when the step was taken by mistake: its letters go with it, so the rung fires again."""
    case.on(case.due("local.c.agency_summary_return", "police") + timedelta(days=2), 18).sweep()
    case.take("conclude_rapid_review").take("take_back_step").sweep()
    assert [] != told_twice(case)
    assert sound(case)

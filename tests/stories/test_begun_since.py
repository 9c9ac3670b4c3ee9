"""What was verified or published by an earlier version has its looks and its year begun where they are to come."""

from __future__ import annotations

from datetime import date

import pytest
from driver.registers import sound

from safeguarding.duties.begun_since import begun_since
from safeguarding.errors import TransitionRefused
from safeguarding.review.events import Actor, DutyStarted
from safeguarding.review.fold import fold
from safeguarding.review.impact import LOOK_RULES
from safeguarding.review.public_until import YEAR
from safeguarding.shown.history.told import told
from tasks.record import begun_since as begun

ALEX = Actor(person="alex_example")
LOOKS = ("local.x.action_impact_3", "local.x.action_impact_6", "local.x.action_impact_12")


@pytest.fixture
def earlier(monkeypatch):
    """The version before: it starts no look and no choice after a year."""

    def without(real):
        def clocks(review, outcome, today, rulebook):
            kept = real(review, outcome, today, rulebook)
            return tuple(row for row in kept if row.rule not in {*LOOK_RULES, YEAR})

        return clocks

    import safeguarding.lifecycle

    monkeypatch.setattr("safeguarding.lifecycle.clocks", without(safeguarding.lifecycle.clocks))
    return monkeypatch


@pytest.fixture
def case(earlier, partnership):
    """An adults' report published on 29 March 2027; its action was verified on 1 June 2027. Then comes this version."""
    adult = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
    case = partnership.hears_of(date(2026, 11, 2), **adult).take("accept_referral").later(10)
    case.take("complete_screening").take("decide_adult_review").later(10).take("commission_adult_review")
    case.later(10).take("begin_drafting").later(10).take("submit_draft")
    case.on(date(2027, 3, 1)).take("accept_findings").on(date(2027, 3, 29)).take("decide_publication")
    case.on(date(2027, 5, 4)).take("add_action").on(date(2027, 6, 1)).take("update_action")
    earlier.undo()
    assert not [duty for duty in case.review.duties if duty.rule in {*LOOK_RULES, YEAR}]
    return case


def begins(case) -> list[tuple[str, str, date]]:
    """What would begin of a review on the day of the story."""
    rows = begun_since(case.review, case.today, case.records.rulebook)
    return [(row.rule, row.subject, row.due_on) for row in rows]


def test_what_is_still_to_come_begins_and_nothing_is_late(case) -> None:
    """
    Four months after: the look at three months has passed and does not begin; those at six and twelve do, and so does
    the choice after the year. Each is met by its own form afterwards, and nothing begins twice.
    """
    case.on(date(2027, 10, 4))
    dates = [(LOOKS[1], "A01", date(2027, 12, 1)), (YEAR, "", date(2028, 3, 29)), (LOOKS[2], "A01", date(2028, 6, 1))]
    assert dates == begins(case) and [case.reference] == [*begun.to_begin(case.records, case.at)]
    (taken,) = begun.begin(case.records, [case.reference], ALEX, case.at)
    assert "Dates were begun" in told(taken.event, case.review, case.records.rulebook).sentence
    assert [on for _, _, on in dates] == [case.due(rule, subject) for rule, subject, _ in dates]
    assert [] == begins(case) and {} == begun.to_begin(case.records, case.at)
    case.on(date(2027, 12, 1)).take("check_action_impact")
    assert "settled" == case.duty(LOOKS[1], "A01").ended
    assert case.review == fold(case.records.events(case.reference)) and sound(case.records, case.today)
    assert [] == list(case.records.verify())


def test_what_was_begun_and_taken_back_is_begun_again(case) -> None:
    """A lesson was recorded by mistake, then the dates were begun: they go with the lesson, and are begun once more."""
    case.on(date(2027, 10, 4)).take("record_lesson")
    wrong, dates = case.review.version, begins(case)
    begun.begin(case.records, [case.reference], ALEX, case.at)
    followed = "take back what followed it too"
    case.take("take_back_step", by="glenn_sample", line=str(wrong), followed=followed)
    assert 3 == len(dates) and dates == begins(case)
    begun.begin(case.records, [case.reference], ALEX, case.at)
    assert [on for _, _, on in dates] == [case.due(rule, subject) for rule, subject, _ in dates]
    assert [] == begins(case) == list(case.records.verify()) and sound(case.records, case.today)


def test_a_look_that_was_agreed_leaves_the_three_to_begin(case) -> None:
    """It was too early to say, and is looked at again in November; the looks at six and twelve months begin as well."""
    case.on(date(2027, 10, 4)).take("check_action_impact", outcome="too early to say", again_on=date(2027, 11, 1))
    assert [LOOKS[1], LOOKS[2]] == [rule for rule, _, _ in begins(case) if rule != YEAR]


def test_a_look_that_is_still_to_come_once_its_day_is_put_right_begins(case) -> None:
    """Those at six and twelve months were begun; the verification was on 1 September: that at three is to come."""
    case.on(date(2027, 10, 4))
    begun.begin(case.records, [case.reference], ALEX, case.at)
    case.take("correct_date", what="action_verified", agency_or_action="A01", correct_on=date(2027, 9, 1))
    assert [(LOOKS[0], "A01", date(2027, 12, 1))] == begins(case)
    begun.begin(case.records, [case.reference], ALEX, case.at)
    looks = [date(2027, 12, 1), date(2028, 3, 1), date(2028, 9, 1)]
    assert looks == [case.due(rule, "A01") for rule in LOOKS] and [] == begins(case)
    assert [] == list(case.records.verify()) and sound(case.records, case.today)


def test_what_was_met_or_ended_does_not_begin_again(case) -> None:
    """Begun and met, then ended by reopening the action, then begun by its verification: never begun beside that."""
    case.on(date(2027, 10, 4))
    begun.begin(case.records, [case.reference], ALEX, case.at)
    case.on(date(2027, 12, 1)).take("check_action_impact")
    assert [] == begins(case)
    case.take("update_action", by="glenn_sample", action="A01", status="reopened", grade="none", evidence="")
    assert [] == begins(case)
    case.later(1).take("update_action", action="A01")
    assert [] == begins(case)


def test_who_has_them_begun(case) -> None:
    """The unit; a partner is refused, which is recorded, and so is beginning it a second time."""
    case.on(date(2027, 10, 4))
    with pytest.raises(TransitionRefused, match="business"):
        begun.begin(case.records, [case.reference], Actor(person="glenn_sample"), case.at)
    begun.begin(case.records, [case.reference], ALEX, case.at)
    with pytest.raises(TransitionRefused, match="nothing is left to begin"):
        begun.begin(case.records, [case.reference], ALEX, case.at)


def test_what_has_been_chosen_or_is_over_does_not_begin(case) -> None:
    """Taken down, the publication owes no choice; two years on, nothing of the action is to come."""
    case.on(date(2027, 10, 4)).take("take_down", legal_decision="SAB/2027/9")
    assert [LOOKS[1], LOOKS[2]] == [rule for rule, _, _ in begins(case)]
    case.on(date(2029, 6, 4))
    assert [] == begins(case)


def test_a_review_of_this_version_has_nothing_to_begin(partnership) -> None:
    """Its looks began when its action was verified, and are not begun again after they were met."""
    case = partnership.hears_of(date(2026, 9, 7)).take("record_lesson").take("record_recommendation", findings=[])
    case.take("add_action", recommendation="R01").on(date(2026, 10, 1)).take("update_action")
    assert [] == begins(case)
    assert all(isinstance(row, DutyStarted) for row in begun_since(case.review, case.today, case.records.rulebook))

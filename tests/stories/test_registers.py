"""The registers of known stories: each row says what is so, and every way of reading the record gives the same rows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from driver.registers import rows, sound

from flows.demo.answers import answer, signer
from flows.demo.invented import no, police_dissent_by_deputy
from safeguarding.duties.lateness import missed
from safeguarding.law.rulebook import Rulebook
from safeguarding.registers.filters import PAST_12_MONTHS, Narrowed, choices, fitting, narrowed
from safeguarding.registers.publications import past_12_months
from safeguarding.registers.registers import REGISTERS
from safeguarding.stages import STEPS

ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
BOTH = ["Secretary of State", "national Panel"]


@pytest.fixture
def decided(case):
    """A rapid review concluded on Thursday 3 December 2026; the police's deputy dissents from the decision."""
    case.on(date(2026, 12, 3)).take("conclude_rapid_review")
    return case.on(date(2026, 12, 4)).take("decide_review", positions=police_dissent_by_deputy())


@pytest.fixture
def published(partnership):
    """A child review decided on 2 March 2026 and published whole on 8 July 2026."""
    case = partnership.hears_of(date(2026, 2, 9)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").on(date(2026, 2, 27)).take("conclude_rapid_review")
    case.on(date(2026, 3, 2)).take("decide_review").later(10).take("commission_review")
    case.later(10).take("begin_drafting").on(date(2026, 5, 4)).take("submit_draft")
    case.take("sign_report", planned_on=date(2026, 7, 8)).take("send_report", to=BOTH)
    return case.on(date(2026, 7, 8)).take("publish")


def test_who_decided_on_whose_authority_and_who_dissented(decided) -> None:
    """A dissent by a deputy: the decision is the partners', signed by one; the police are named, not quoted."""
    *_, row = rows(decided.records, "decisions", decided.today)

    assert ("Partners decided", "local review", "commissioning", "met") == (
        row.decision,
        row.outcome,
        row.state,
        row.criteria,
    )
    assert (date(2026, 12, 4), "the safeguarding partners together") == (row.decided_on, row.decided_by)
    assert ("Glenn Sample", "delegated safeguarding partner", "Local authority") == (
        row.signed_by,
        row.signed_as,
        row.signed_for,
    )
    assert "s.16F" in row.authority
    assert (True, "Police", "Police", "") == (row.dissent, row.dissented, row.by_deputy, row.absent)
    assert sound(decided.records, decided.today)


def test_a_case_without_a_review_has_its_learning_route(partnership) -> None:
    """No serious case, and single-agency learning: it is in the register as what it is."""
    child = partnership.hears_of(date(2026, 11, 20), concern="learning request")
    child.take("close_not_serious", learning_route="single-agency learning")
    (row,) = rows(child.records, "decisions", child.today)

    assert ("not met", "single-agency learning", "not serious case") == (row.criteria, row.learning_route, row.state)
    assert sound(child.records, child.today)


def test_an_adults_conditions_that_are_not_met(partnership) -> None:
    """The adult had no needs for care and support: s.44 gives no review, and other learning is its route."""
    adult = (
        partnership.hears_of(date(2026, 11, 2), **ADULT).take("accept_referral").later(10).take("complete_screening")
    )
    adult.take("decide_adult_review", needs=no(), outcome="other learning", method="not applicable")
    row = rows(adult.records, "decisions", adult.today)[-1]

    assert ("other learning", "learning in another way") == (row.outcome, row.learning_route)
    assert "not met" == row.criteria
    assert sound(adult.records, adult.today)


def test_a_decision_that_was_taken_back_is_none(decided) -> None:
    """The wrong step has no row; the decision that was then taken has one, on its own day."""
    decided.later(3).take("take_back_step", by="glenn_sample")
    assert [] == [
        row for row in rows(decided.records, "decisions", decided.today) if row.decision == "Partners decided"
    ]

    decided.later(1).take("decide_review")
    found = [row for row in rows(decided.records, "decisions", decided.today) if row.decision == "Partners decided"]
    assert [(date(2026, 12, 8), False)] == [(row.decided_on, row.dissent) for row in found]
    assert sound(decided.records, decided.today)


def test_a_day_that_was_put_right_is_the_one_in_the_register(decided) -> None:
    """Decided on the 3rd, and not on the 4th: the register says the 3rd."""
    decided.later(3).take("correct_date", what="decided", agency_or_action="", correct_on=date(2026, 12, 3))
    row = rows(decided.records, "decisions", decided.today)[-1]

    assert date(2026, 12, 3) == row.decided_on
    assert sound(decided.records, decided.today)


def test_published_in_the_past_twelve_months(published) -> None:
    """Published on 8 July 2026: within twelve months up to 7 July 2027, and not on the 8th."""
    (row,) = rows(published.records, "publications", date(2027, 7, 7))
    assert (date(2026, 7, 8), True, "public", "the full report") == (
        row.published_on,
        row.past_12_months,
        row.state,
        row.what,
    )
    (row,) = rows(published.records, "publications", date(2027, 7, 8))
    assert not row.past_12_months
    assert sound(published.records, published.today)


@pytest.mark.parametrize(
    ("on", "today", "within"),
    [
        (date(2023, 3, 1), date(2024, 2, 29), True),
        (date(2023, 2, 28), date(2024, 2, 29), False),
        (date(2024, 2, 29), date(2025, 2, 28), True),
        (date(2024, 2, 28), date(2025, 2, 28), False),
        (date(2025, 3, 1), date(2025, 2, 28), False),
        (None, date(2025, 2, 28), False),
    ],
    ids=["leap day", "the day before", "from a leap day", "a year before", "tomorrow", "never"],
)
def test_twelve_months_up_to_a_day(on: date | None, today: date, within: bool) -> None:
    """The day of a year before is out, the day itself is in, also about 29 February."""
    assert within is past_12_months(on, today)


def test_what_was_taken_down_and_sent_to_the_repository(published) -> None:
    """Each stands with its day beside the publication, which stays in the register."""
    published.later(5).take("record_done", what="sent to the national repository or library")
    sent = published.today
    published.on(date(2027, 7, 12)).take("take_down")
    (row,) = rows(published.records, "publications", published.today)

    assert (sent, date(2027, 7, 12), "taken down") == (row.repository_on, row.taken_down_on, row.state)
    assert sound(published.records, published.today)


def test_nothing_is_published(partnership) -> None:
    """The partners publish nothing: a row says so on the day of that decision, and is none of the past 12 months."""
    case = partnership.hears_of(date(2026, 2, 9)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").on(date(2026, 2, 27)).take("conclude_rapid_review")
    case.on(date(2026, 3, 2)).take("decide_review").later(10).take("commission_review")
    case.later(10).take("begin_drafting").on(date(2026, 5, 4)).take("submit_draft")
    nothing = {"publish": "nothing", "justification": "A.", "no_information": "B.", "planned_on": None}
    case.take("sign_report", **nothing)
    (row,) = rows(case.records, "publications", case.today)

    assert ("nothing", "not published", date(2026, 5, 4), None, False) == (
        row.what,
        row.state,
        row.decided_on,
        row.published_on,
        row.past_12_months,
    )
    case.later(3).take("plan_publication", planned_on=date(2026, 7, 8), publish="the full report", text_changed="no")
    assert [] == rows(case.records, "publications", case.today), "a plan made afterwards takes it back"
    assert sound(case.records, case.today)


def test_how_late_each_date_was(case) -> None:
    """Day 15 is Friday 18 December 2026: on Tuesday the 22nd it is overdue by two working days, by four others."""
    row = next(row for row in rows(case.records, "timeliness", date(2026, 12, 22)) if row.rule == "C05")
    assert ("overdue", 2, 4, True, 2026) == (
        row.state,
        row.late_working_days,
        row.late_calendar_days,
        row.law,
        row.year,
    )
    row = next(row for row in rows(case.records, "timeliness", date(2026, 12, 18)) if row.rule == "C05")
    assert ("running", 0, 0) == (row.state, row.late_working_days, row.late_calendar_days)
    sent = next(row for row in rows(case.records, "timeliness", date(2026, 12, 22)) if row.rule == "C01")
    assert ("met", date(2026, 11, 27), 0) == (sent.state, sent.met_on, sent.late_working_days)
    assert sound(case.records, date(2026, 12, 22))


def test_breaches_are_what_the_record_calls_missed(case) -> None:
    """Every date that `missed` names has a row and no other; the law's own are told from the partnership's."""
    today = date(2027, 1, 4)
    named = {(one.rule, one.due_on) for one in missed(case.review, today)}
    found = rows(case.records, "breaches", today)

    assert named == {(row.rule, row.due_on) for row in found}
    assert len(found) == len(missed(case.review, today))
    assert {"C05"} <= {row.rule for row in found if row.law}
    assert all(row.rule.startswith("local.") or not row.law for row in found if not row.law)


def test_a_duty_of_guidance_whose_day_was_chosen_here_says_both(case) -> None:
    """C07: guidance asks for it, and no source sets its day: it is no step of the partnership's own."""
    case.on(date(2026, 12, 3)).take("conclude_rapid_review")
    row = next(row for row in rows(case.records, "timeliness", date(2026, 12, 22)) if row.rule == "C07")
    assert (False, "duty: statutory guidance; time: a design default") == (row.law, row.set_by)
    own = next(row for row in rows(case.records, "timeliness", date(2026, 12, 22)) if row.rule.startswith("local."))
    assert "the partnership itself" == own.set_by


def test_why_a_date_was_missed(case) -> None:
    """Day 15 passes, and its reason is given afterwards: the breach says on which ground, never in which words."""
    case.on(date(2026, 12, 22)).take(
        "give_reason", rule="C05", ground="our own delay", reasons="A named person was ill."
    )
    breach = next(row for row in rows(case.records, "breaches", case.today) if row.rule == "C05")
    (why,) = rows(case.records, "deferrals", case.today)

    assert (False, True, "our own delay") == (breach.deferred, breach.reason_given, breach.reason_ground)
    assert ("C05", "reason given after the event", "our own delay") == (why.rule, why.state, why.ground)
    assert "ill" not in str(breach) + str(why)
    assert sound(case.records, case.today)


def test_how_agencies_answered(case) -> None:
    """Asked on Monday 30 November, due on 9 December: one nil return in time, one late by two days, two silent."""
    case.take("record_return", agency="police", outcome="nil return", on=date(2026, 11, 30))
    case.on(date(2026, 12, 11)).take("record_return", agency="education", outcome="returned", on=date(2026, 12, 11))
    found = {row.agency: row for row in rows(case.records, "requests", date(2026, 12, 14))}
    police, school = found["Exampleshire Police"], found["Schools and early years"]

    assert (True, True, False, 0, 0) == (
        police.returned,
        police.nil_return,
        police.late,
        police.late_working_days,
        police.days_taken,
    )
    assert (True, False, True, 2, 9) == (
        school.returned,
        school.nil_return,
        school.late,
        school.late_working_days,
        school.days_taken,
    )
    assert ("late", False, None, 3) == (
        found["General practice"].state,
        found["General practice"].returned,
        found["General practice"].ended_on,
        found["General practice"].late_working_days,
    )
    case.take("conclude_rapid_review")
    after = {row.agency: row for row in rows(case.records, "requests", case.today)}
    assert after["General practice"].gone_on_without
    assert sound(case.records, case.today)


def test_every_step_of_the_stories_gives_the_same_registers(partnership) -> None:
    """Two whole reviews, a date put right and a review carried in: the tables and the whole ledger say the same."""
    child = partnership.hears_of(date(2026, 2, 9)).take("assess_notification").take("decide_notification")
    child.take("send_notification").take("open_rapid_review").on(date(2026, 2, 27)).take("conclude_rapid_review")
    child.take("correct_date", what="rapid_review_completed", agency_or_action="", correct_on=date(2026, 2, 26))
    partnership.carries_in(date(2026, 3, 1))
    adult = partnership.hears_of(date(2026, 3, 2), **ADULT)
    adult.take("accept_referral").later(10).take("complete_screening")

    assert sound(child.records, date(2026, 9, 1))


def test_a_number_is_the_length_of_the_list_behind_it(partnership) -> None:
    """Of two reviews, one a child's: each filter leaves the rows that fit, and none that was not there to choose."""
    first = partnership.hears_of(date(2026, 2, 9))
    partnership.hears_of(date(2025, 3, 2), **ADULT)
    register, today = REGISTERS["reviews"], date(2026, 12, 1)
    found = rows(first.records, "reviews", today)

    assert [2025, 2026] == sorted(row.year for row in found)
    assert ["adults", "children"] == choices(found, "track")
    for to, left in (
        (Narrowed(track="children"), 1),
        (Narrowed(when="2025"), 1),
        (Narrowed(when=PAST_12_MONTHS), 1),
        (Narrowed(track="adults", when="2026"), 0),
        (Narrowed(state="open"), 2),
    ):
        assert left == len(narrowed(found, register, to, today))
    typed = Narrowed(track="<b>", when="x' OR 1=1", state="=1+1", agency="police")
    assert Narrowed() == fitting(typed, found, register), "what is no choice narrows nothing"
    assert Narrowed(track="adults", when="2025") == fitting(Narrowed(track="adults", when="2025"), found, register)


def test_every_column_says_what_it_means() -> None:
    """Each field of each row is a column with a meaning and a unit; each register has the columns it is narrowed by."""
    for register in REGISTERS.values():
        names = [one.name for one in register.columns]
        assert [*register.row._fields] == names, register.name
        assert all(one.meaning.endswith(".") and one.unit for one in register.columns), register.name
        assert {"reference", "track", "year", register.day, register.state} <= {*names}, register.name
        assert not register.agency or register.agency in names


def test_no_sealed_word_is_in_any_column(partnership, rulebook: Rulebook) -> None:
    """A word planted in every sealed answer of a review is in no cell of any register."""
    case = partnership.hears_of(date(2026, 2, 9), summary="Canary Sparrow").take("assess_notification")
    case.take("decide_notification").take("send_notification").take("open_rapid_review")
    case.on(date(2026, 2, 27)).take("conclude_rapid_review").on(date(2026, 3, 2))
    raw = answer("decide_review", case.review, case.today, rationale="Canary Sparrow")
    raw["positions"] = {
        **raw["positions"],
        "police": {"person": "kelly_sample", "position": "dissent", "reasons": "Canary Sparrow"},
    }
    raw["improvements"] = {"answer": "yes", "reason": "Canary Sparrow"}
    case.records.attempt(case.reference, "decide_review", raw, signer(STEPS["decide_review"].by), case.at)
    case.later(1).take("record_deferral", rule="C12", reasons="Canary Sparrow")
    for register in REGISTERS.values():
        for row in rows(case.records, register.name, case.today + timedelta(days=400)):
            assert "Canary" not in str(row) and "sealed" not in str(row), register.name

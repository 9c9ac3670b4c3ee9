"""What if, at the gates: a copy that went too late to publish, a publication taken down within its year."""

from datetime import date

import pytest

from safeguarding.errors import TransitionRefused
from safeguarding.questions.supposed import Supposed
from safeguarding.questions.what_if import what_if

CHILD = ("open_rapid_review", "conclude_rapid_review", "decide_review", "commission_review", "begin_drafting")


@pytest.fixture
def accepted(partnership):
    """A child review whose report was accepted on Monday 2 November 2026, planned to be out on Thursday 17 December."""
    case = partnership.hears_of(date(2026, 5, 1)).take("assess_notification").take("decide_notification")
    case.take("send_notification")
    for step in CHILD:
        case.later(1).take(step)
    case.later(1).take("submit_draft")
    return case.on(date(2026, 11, 2)).take("sign_report", planned_on=date(2026, 12, 17))


def supposing(case, **days: date):
    """The review's dates under these suppositions."""
    supposed = [Supposed(event=event, on=on) for event, on in days.items()]
    return what_if(case.review, supposed, case.records.rulebook, case.today)


def of_kind(found, kind: str):
    """The clashes of a kind that the supposition brings about."""
    return [clash for clash in found.clashes if clash.kind == kind and clash.new]


def test_the_gate_and_its_day_are_among_the_lines(accepted) -> None:
    """Planned for 17 December, the copy is owed by the 8th; supposed for the 10th of December, by the 1st."""
    found = supposing(accepted, publication_planned_full=date(2026, 12, 10))

    (line,) = [line for line in found.lines if line.rule == "C13"]
    assert (date(2026, 12, 8), date(2026, 12, 1)) == (line.now_due, line.then_due)


def test_publishing_through_the_gate_is_a_clash_for_the_reason_of_the_refusal(accepted) -> None:
    """The copy went on 9 December: publishing on the 17th would be refused, on the 18th it would not."""
    accepted.on(date(2026, 12, 9)).take("send_report")
    accepted.on(date(2026, 12, 17))

    (clash,) = of_kind(supposing(accepted, published=date(2026, 12, 17)), "gate broken")

    assert ("C13", date(2026, 12, 17)) == (clash.rule, clash.on)
    assert "had to be met by Tue 8 Dec 2026, and it would go on Wed 9 Dec 2026" in clash.words
    with pytest.raises(
        TransitionRefused, match=r"it had to go by Tue 8 Dec 2026 \(.*regulations: Thu 10 Dec 2026\): move the day"
    ):
        accepted.take("publish", published_on=date(2026, 12, 17))
    assert [] == of_kind(supposing(accepted, published=date(2026, 12, 18)), "gate broken")
    accepted.on(date(2026, 12, 18)).take("publish", published_on=date(2026, 12, 18))


def test_nothing_sent_is_a_clash_and_a_supposed_sending_mends_it(accepted) -> None:
    """Neither the copy nor anything else has gone: the gate says so, until its sending is supposed as well."""
    clashes = of_kind(supposing(accepted, published=date(2026, 12, 17)), "gate broken")
    assert ["C13", "C13b"] == [clash.rule for clash in clashes]
    assert all("it is not known that the advance copies were sent" in clash.words for clash in clashes)

    both = supposing(accepted, published=date(2026, 12, 17), advance_copy_sent=date(2026, 12, 8))
    assert [] == of_kind(both, "gate broken")


def test_the_improvements_alone_wait_for_their_copy_and_for_the_reasons(accepted) -> None:
    """If only the improvements are to be published, the gates are C14, C14b and C15."""
    found = supposing(accepted, publication_planned_improvements_only=date(2026, 12, 17), published=date(2026, 12, 17))
    assert {"C14", "C14b", "C15"} == {clash.rule for clash in of_kind(found, "gate broken")}


def test_publication_before_the_report_is_accepted_is_a_clash(accepted) -> None:
    """Supposed for a day in October, publication would come before the report it publishes."""
    rules = {clash.rule for clash in of_kind(supposing(accepted, published=date(2026, 10, 20)), "gate broken")}
    assert {"C13", "C13b", "report_accepted"} == rules


def test_the_year_on_the_public_page_is_a_line_and_ending_it_early_a_clash(accepted) -> None:
    """
    Published on 17 December 2026 it may be taken down from 17 December 2027: a guard, which nobody owes and nothing
    may break. Taken down in June it is a clash, as the record would refuse it; a year on it is none.
    """
    accepted.on(date(2026, 12, 8)).take("send_report")
    before = supposing(accepted, published=date(2026, 12, 17))
    assert ("not owed", "may end from Fri 17 Dec 2027") == words_of(before, "C16")

    accepted.on(date(2026, 12, 17)).take("publish")
    early = supposing(accepted, taken_down=date(2027, 6, 1))

    assert (
        "may end from Fri 17 Dec 2027",
        "not before Fri 17 Dec 2027: ended on Tue 1 Jun 2027, TOO EARLY",
    ) == words_of(early, "C16")
    (clash,) = of_kind(early, "before its day")
    assert ("C16", clash) == (clash.rule, early.first_clash)
    assert "unless a legal decision is recorded" in clash.words
    with pytest.raises(TransitionRefused, match="it must stay public until Fri 17 Dec 2027"):
        accepted.on(date(2027, 6, 1)).take("take_down", legal_decision="")
    assert [] == of_kind(supposing(accepted, taken_down=date(2027, 12, 17)), "before its day")


def test_another_day_of_publication_moves_the_year(accepted) -> None:
    """Put right from 17 to 18 December, the year ends a day later; nothing of it is late."""
    accepted.on(date(2026, 12, 8)).take("send_report")
    accepted.on(date(2026, 12, 17)).take("publish").on(date(2026, 12, 18))

    found = supposing(accepted, published=date(2026, 12, 18))

    assert ("may end from Fri 17 Dec 2027", "may end from Sat 18 Dec 2027") == words_of(found, "C16")


def words_of(found, rule: str) -> tuple[str, str]:
    """How a duty stands now and then."""
    (line,) = [line for line in found.lines if line.rule == rule]
    return line.now_words, line.then_words
